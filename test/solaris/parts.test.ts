// Several commands in one exec: each part whole, or not there.
import { spawnSync } from 'node:child_process';
import { expect } from 'chai';
import fc from 'fast-check';
import type { Finished } from '../../src/model/command.ts';
import { markFor, partsOf, scriptOf } from '../../src/solaris/parts.ts';

const MARK = markFor('parts');
const shells = ['sh', 'dash', 'bash', 'ksh', 'ksh93', 'mksh'].filter(
  name => spawnSync(name, ['-c', ':'], { stdio: 'ignore' }).status === 0,
);

function run(shell: string, argvs: readonly (readonly string[])[]): ReadonlyMap<string, Finished> {
  const script = scriptOf(
    MARK,
    argvs.map((argv, i) => ({ name: `part ${i}`, argv })),
  );
  const { stdout, stderr, status } = spawnSync(shell, ['-c', script], { encoding: 'utf8', input: 'not for them\n' });
  return partsOf(MARK, { is: 'exited', code: status ?? -1, out: stdout, err: stderr });
}

describe('several commands in one exec', function () {
  // A hundred processes for the texts of one shell, on whatever machine.
  this.timeout(60_000);

  for (const shell of shells) {
    it(`${shell} keeps each one's output, errors and status apart`, () => {
      const parts = run(shell, [
        ['sh', '-c', 'echo out; echo err >&2; exit 3'],
        ['printf', 'no newline'],
        ['true'],
        ['cat'],
        ['/no/such/program'],
      ]);
      expect(parts.get('part 0')).to.deep.equal({ is: 'exited', code: 3, out: 'out\n', err: 'err\n' });
      expect(parts.get('part 1')).to.deep.equal({ is: 'exited', code: 0, out: 'no newline', err: '' });
      expect(parts.get('part 2')).to.deep.equal({ is: 'exited', code: 0, out: '', err: '' });
      expect(parts.get('part 3'), 'reads nothing from the script').to.deep.equal({
        is: 'exited',
        code: 0,
        out: '',
        err: '',
      });
      expect(parts.get('part 4')).to.include({ is: 'exited', code: 127, out: '' });
    });

    it(`${shell} gives back any text to the byte`, () => {
      const text = fc
        .string({ unit: 'binary' })
        .filter(one => !one.includes('\0') && Buffer.from(one).toString() === one);
      fc.assert(
        fc.property(fc.array(text, { minLength: 1, maxLength: 4 }), texts => {
          const parts = run(
            shell,
            texts.map(one => ['printf', '%s', one]),
          );
          expect(texts.map((_, i) => parts.get(`part ${i}`)?.out)).to.deep.equal(texts);
        }),
        { numRuns: 25 },
      );
    });

    it(`${shell} shows a part that was killed as no success`, () => {
      const killed = run(shell, [['sh', '-c', 'kill -TERM $$']]).get('part 0');
      expect(killed?.is === 'signalled' || (killed?.is === 'exited' && killed.code === 143)).to.equal(true);
    });
  }

  it('has no part that was cut off on either stream', () => {
    const out = `${MARK} begin a\nx\n\n${MARK} end 0 a\n${MARK} begin b\nhalf`;
    const err = `${MARK} begin a\n\n${MARK} end 0 a\n`;
    const parts = partsOf(MARK, { is: 'exited', code: 0, out, err });
    expect([...parts.keys()]).to.deep.equal(['a']);
    expect(partsOf(MARK, { is: 'exited', code: 0, out, err: '' }).size).to.equal(0);
  });

  it('bears any mixture of markers and text, and never makes up a part', () => {
    const line = fc.constantFrom(`${MARK} begin a`, `${MARK} end 0 a`, `${MARK} end 7 b`, `${MARK} begin b`, '', 'x');
    const stream = fc.array(line, { maxLength: 12 }).map(lines => lines.join('\n'));
    fc.assert(
      fc.property(stream, stream, (out, err) => {
        for (const [name, part] of partsOf(MARK, { is: 'exited', code: 0, out, err })) {
          expect(out).to.contain(`${MARK} begin ${name}`).and.contain(part.out);
          expect(err).to.contain(`${MARK} begin ${name}`).and.contain(part.err);
        }
      }),
    );
  });

  it('is one line, its marker among the first words', () => {
    const script = scriptOf(MARK, [{ name: 'a', argv: ['/bin/true'] }]);
    expect(script)
      .to.match(new RegExp(`^zf=${MARK}; `))
      .and.not.contain('\n');
  });
});
