// Programs, scripts and waiting, on a simulated Solaris host and with this machine's own sh.
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { expect } from 'chai';
import { BOTH_ENDS, type FarEnd } from './far-end.ts';

for (const [where, make] of BOTH_ENDS) {
  describe(`programs on ${where}`, function () {
    this.timeout(60_000);
    let end: FarEnd;
    beforeEach(() => {
      end = make();
    });
    afterEach(() => end.close());
    const at = (name: string): string => `${end.root}/${name}`;

    it('creates takes a pattern, and a path seen from the folder it runs in', async () => {
      await end.sh('mkdir "with blank"; printf x > "with blank/done.log"');
      const run = async (args: Parameters<FarEnd['perform']>[1]) =>
        (await end.perform('command', { argv: ['/usr/bin/touch', at('ran')], ...args })).outcome;
      expect(await run({ creates: at('with blank/*.log') })).to.equal('unchanged');
      expect(await run({ creates: at('with blank/*.err') })).to.equal('changed');
      expect(await run({ creates: 'done.log', chdir: at('with blank') })).to.equal('unchanged');
      expect(await run({ removes: 'done.log', chdir: at('with blank') })).to.equal('changed');
      expect(await run({ removes: at('none*') })).to.equal('unchanged');
    });

    it('any of several guards is enough', async () => {
      await end.sh('printf x > here');
      const guards = { creates: at('none'), removes: at('here'), unless: 'false' };
      expect((await end.perform('shell', { cmd: 'true', ...guards })).outcome).to.equal('changed');
      expect((await end.perform('shell', { cmd: 'true', ...guards, unless: 'true' })).outcome).to.equal('unchanged');
    });

    it('a guarded command that fails gives its status and its words', async () => {
      const { outcome, result } = await end.perform('shell', { cmd: 'echo no >&2; exit 3', creates: at('none') });
      expect(outcome).to.equal('failed');
      expect(result).to.include({ rc: 3, stderr: 'no', changed: true });
    });

    it('standard input ends with a line end unless that is unwished', async () => {
      const out = async (args: Parameters<FarEnd['perform']>[1]) =>
        (await end.perform('shell', { cmd: 'od -An -tx1', ...args })).result['stdout'];
      expect(await out({ stdin: 'a' })).to.match(/61 0a/);
      expect(await out({ stdin: 'a', stdin_add_newline: false })).to.match(/61\s*$/);
    });

    it('a script runs with its words, in its folder, with what its first line says, and is gone afterwards', async () => {
      end.local.set('a script.sh', Buffer.from('echo "$1|$2|$#"; pwd; cat; echo $0 > ran\n'));
      end.local.set('tool', Buffer.from('#!/usr/bin/awk -f\nBEGIN { print "awk " ARGV[1]; exit 4 }\n'));
      await end.sh('mkdir dir');
      const first = await end.perform('script', { cmd: `'a script.sh' 'x y' "*"`, chdir: at('dir') });
      expect(first.result).to.deep.include({ rc: 0, stdout_lines: ['x y|*|2', at('dir')] });
      expect(first.undo).to.include({ is: 'left' });
      const path = (await end.sh('cat dir/ran')).trim();
      expect(await end.sh(`[ -e ${path} ] || echo gone`)).to.equal('gone\n');
      const second = await end.perform('script', { cmd: 'tool one' });
      expect(second).to.include({ outcome: 'failed' });
      expect(second.result).to.include({ rc: 4, stdout: 'awk one' });
      const third = await end.perform('script', { cmd: 'none.sh' });
      expect(third).to.include({ outcome: 'blocked', why: 'no such file beside the playbook: none.sh' });
    });

    it('a script that only reads is run when it is looked at', async () => {
      end.local.set('look.sh', Buffer.from('echo seen\n'));
      const { outcome, result } = await end.perform('script', { cmd: 'look.sh', reads: true, executable: '/bin/sh' });
      expect(outcome).to.equal('unchanged');
      expect(result).to.include({ stdout: 'seen' });
    });

    it('only a part of a script is never run', async () => {
      end.local.set('long.sh', Buffer.from('echo one > one\necho two > two\n'));
      end.onceInstead((line, stdin, exec) => exec(line, stdin.subarray(0, 20)));
      const { outcome, result } = await end.perform('script', { cmd: 'long.sh', chdir: end.root });
      expect(outcome).to.equal('failed');
      expect(result['stderr']).to.equal('only a part of the script arrived');
      expect(await end.sh('ls -A')).to.equal('');
    });

    describe('wait_for', () => {
      const wait = (args: Parameters<FarEnd['perform']>[1]) =>
        end.perform('wait_for', { timeout: '10s', sleep: '2s', ...args });

      it('looks until the path is there or gone, and gives up in host time', async () => {
        expect(await wait({ path: at('x') })).to.deep.include({
          outcome: 'blocked',
          why: `not after 10s: ${at('x')} is there`,
        });
        expect(await wait({ path: at('x'), msg: 'no lock came' })).to.include({ why: 'no lock came' });
        await end.sh('printf x > x');
        expect((await wait({ path: at('x'), delay: '3s' })).result).to.include({ elapsed: 3, state: 'started' });
        expect(await wait({ path: at('x'), state: 'absent' })).to.include({ outcome: 'blocked' });
        expect(await wait({ path: at('y'), state: 'absent' })).to.include({ outcome: 'unchanged' });
      });

      it('looks for a text in a file, as it is or as an expression that sees lines', async () => {
        await end.sh("printf 'state: done\\nrest\\n' > log");
        expect(await wait({ path: at('log'), search: 'e: d' })).to.include({ outcome: 'unchanged' });
        expect(await wait({ path: at('log'), search_regex: '^state: (done|failed)$' })).to.include({
          outcome: 'unchanged',
        });
        expect(await wait({ path: at('log'), search_regex: '^done' })).to.include({ outcome: 'blocked' });
        expect(await wait({ path: at('log'), search_regex: '^done', state: 'absent' })).to.include({
          outcome: 'unchanged',
        });
        expect(await wait({ path: at('none'), search: 'x' })).to.include({ outcome: 'blocked' });
        await end.sh('echo aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab > slow');
        const slow = await wait({ path: at('slow'), search_regex: '^(a+)+$' });
        expect([slow.outcome, slow.why]).to.satisfy(
          ([is, why]: string[]) => is === 'blocked' && why?.includes('takes too long'),
        );
      });

      it('tries a port', async () => {
        if (where === 'a simulated Solaris host') {
          expect(await wait({ port: 22, host: 'bjork' })).to.include({ outcome: 'unchanged' });
          expect(await wait({ port: 22 })).to.include({ outcome: 'unchanged' });
          expect(await wait({ port: 23, host: 'bjork', state: 'stopped' })).to.include({ outcome: 'unchanged' });
          const gone = await wait({ port: 22, host: 'nobody', state: 'stopped' });
          expect(gone).to.include({ outcome: 'blocked' });
          expect(gone.why).to.equal("not after 10s: port 22 of nobody doesn't answer; nobody can't be resolved there");
          expect((await wait({ port: 22, host: 'nobody' })).why).to.equal('not after 10s: port 22 of nobody answers');
          return;
        }
        const server = createServer().listen(0, '127.0.0.1');
        await once(server, 'listening');
        const { port } = server.address() as AddressInfo;
        expect(await wait({ port })).to.include({ outcome: 'unchanged' });
        server.close();
        await once(server, 'close');
        expect(await wait({ port, state: 'stopped' })).to.include({ outcome: 'unchanged' });
        expect((await wait({ port })).why).to.equal(`not after 10s: port ${port} of 127.0.0.1 answers`);
        expect(await wait({ port, host: 'localhost', state: 'stopped' })).to.include({ outcome: 'unchanged' });
        const nobody = await wait({ port, host: 'nobody.invalid', state: 'stopped' });
        expect(nobody.why).to.match(/nobody\.invalid can't be resolved there$/);
      });
    });
  });
}
