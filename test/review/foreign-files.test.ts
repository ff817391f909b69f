// The way back of a task that wrote a file, when somebody else was at that path meanwhile: theirs is neither removed nor
// overwritten, it is told; and what is ours goes back as before.
import { expect } from 'chai';
import { catalogue } from '../../src/steps/catalogue.ts';
import { trusted, type JsonObject } from '../../src/text/json.ts';
import type { Undo } from '../../src/model/action.ts';
import { BOTH_ENDS, type FarEnd } from '../steps/far-end.ts';

type Case = readonly [what: string, before: string, step: string, args: (at: (name: string) => string) => JsonObject];

const CASES: readonly Case[] = [
  ['a file that was made', ':', 'copy', at => ({ dest: at('f'), content: 'ours' })],
  ['a file that was replaced', 'printf old > f', 'copy', at => ({ dest: at('f'), content: 'ours' })],
  ['a line that was added', 'printf "a\\n" > f', 'lineinfile', at => ({ path: at('f'), line: 'b' })],
  ['a file that a line made', ':', 'lineinfile', at => ({ path: at('f'), line: 'b', create: true })],
  ['an empty file', ':', 'file', at => ({ path: at('f'), state: 'touch' })],
  ['a link', 'printf 1 > one', 'file', at => ({ path: at('f'), state: 'link', src: 'one' })],
  ['a hard link', 'printf 1 > one', 'file', at => ({ path: at('f'), state: 'hard', src: at('one') })],
  ['a file that was removed', 'printf old > f', 'file', at => ({ path: at('f'), state: 'absent' })],
  ['a link that was removed', 'ln -s nowhere f', 'file', at => ({ path: at('f'), state: 'absent' })],
];

for (const [where, make] of BOTH_ENDS) {
  describe(`a rollback on ${where}, after somebody else was there`, function () {
    this.timeout(60_000);
    let end: FarEnd;
    beforeEach(() => {
      end = make();
    });
    afterEach(() => end.close());
    const at = (name: string): string => `${end.root}/${name}`;

    /** What the undo says it leaves alone. */
    async function left(undo: Undo): Promise<string> {
      const [one] = undo.is === 'steps' ? undo.steps : [];
      const step = catalogue.get(one?.step ?? '');
      if (!one || !step) throw new Error('no undo');
      const seen = await step.check(one.args, end.doer);
      if (seen.is !== 'done') throw new Error(JSON.stringify(seen));
      return trusted<string>(step.result(one.args, seen.seen, seen.seen, null)['left'] ?? '');
    }

    for (const [what, before, step, args] of CASES)
      for (const [who, theirs] of [
        ['a file', 'rm -f f; printf theirs > f'],
        ['a link', 'rm -f f; ln -s theirs f'],
        ['a directory', 'rm -f f; mkdir f'],
      ] as const)
        it(`leaves ${who} of theirs where ${what} was ours`, async () => {
          await end.sh(before);
          const { undo, outcome } = await end.perform(step, args(at));
          expect(outcome).to.equal('changed');
          await end.sh(theirs);
          const seen = await end.sh('ls -ld f; cat f 2>/dev/null || :');
          expect(await end.undo(undo)).to.deep.equal(['unchanged']);
          expect(await end.sh('ls -ld f; cat f 2>/dev/null || :')).to.equal(seen);
          expect(await left(undo)).to.equal(`${at('f')} stays as it is: somebody else changed it since`);
        });

    it("brings an old content back where nothing lies any more: that is nobody's", async () => {
      await end.sh('printf old > f');
      const { undo } = await end.perform('copy', { dest: at('f'), content: 'ours' });
      await end.sh('rm f');
      expect(await end.undo(undo)).to.deep.equal(['changed']);
      expect(await end.sh('cat f')).to.equal('old');
      expect(await left(undo)).to.equal('');
    });

    it('puts back the mode of a file alone when only that was changed, whatever was written into it since', async () => {
      await end.sh('printf same > f; chmod 640 f');
      const { undo } = await end.perform('copy', { dest: at('f'), content: 'same', mode: '0600' });
      await end.sh('printf more >> f');
      expect(await end.undo(undo)).to.deep.equal(['changed']);
      expect(await end.sh("cat f; ls -l f | awk '{print $1}'")).to.match(/^samemore-rw-r-----/);
    });

    it('goes back through two changes of one file, the newer one first', async () => {
      await end.sh('printf "a\\n" > f');
      const first = await end.perform('lineinfile', { path: at('f'), line: 'b' });
      const second = await end.perform('copy', { dest: at('f'), content: 'ours' });
      expect(await end.undo(second.undo)).to.deep.equal(['changed']);
      expect(await end.undo(first.undo)).to.deep.equal(['changed']);
      expect(await end.sh('cat f')).to.equal('a\n');
    });

    it('looks again before it removes: somebody may be faster', async () => {
      const { undo } = await end.perform('copy', { dest: at('f'), content: 'ours' });
      const [one] = undo.is === 'steps' ? undo.steps : [];
      const step = catalogue.get('copy');
      if (!one || !step) throw new Error('no undo');
      const seen = await step.check(one.args, end.doer);
      await end.sh('printf theirs > f');
      await step.apply(one.args, seen.is === 'todo' ? seen.seen : {}, end.doer);
      expect(await end.sh('cat f')).to.equal('theirs');
    });

    it('goes back unguarded by the words of a journal that was written before there was a guard', async () => {
      await end.sh('printf theirs > f');
      const args = { dest: at('f'), restore: { is: 'absent' } };
      expect(await end.undo({ is: 'steps', steps: [{ step: trusted('copy'), args }] })).to.deep.equal(['changed']);
    });
  });
}
