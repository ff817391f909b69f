// Laws of the kernel under any script: whoever is killed, whenever, no end of a pipe stays open; a script's end leaves
// nothing; and a script means what a real shell makes of it.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { settle } from '../../os/breath.ts';
import { manualClock } from '../../os/clock.ts';
import { labHost, START, say, start } from '../os/lab-host.ts';

const word = fc.constantFrom(
  'a',
  'b c',
  '$x',
  '"$x"',
  '"$@"',
  '$#',
  "'q  r'",
  '${y-d}',
  '${x%b}',
  '$((1+2))',
  '$(echo s; echo t)',
  '"$(echo u  v)"',
  '${x:+w}',
  '*',
  '\\$',
  '$?',
  '""',
  '${#x}',
  '"${x}y"',
  '${1}',
);
const name = fc.constantFrom('x', 'y', 'z');

const assignment = fc.tuple(name, word).map(([n, w]) => `${n}=${w.includes(' ') && !/["'(]/.test(w) ? `"${w}"` : w}`);
const simple = fc.oneof(
  fc.array(word, { maxLength: 4 }).map(words => `printf '[%s]\\n' ${words.join(' ')}`),
  fc.array(word, { maxLength: 3 }).map(words => `echo ${words.filter(w => w !== '\\$').join(' ')}`),
  assignment,
  fc.constantFrom(
    'true',
    'false',
    ':',
    'read z',
    'set -- p "q r"',
    'cat',
    'shift 2>/dev/null || :',
    'cd .',
    'exit 3',
    'test -n "$x"',
    '[ "$x" = a ]',
    'unset y',
    'return 2>/dev/null || :',
  ),
);

const { script } = fc.letrec<{ script: string; command: string }>(tie => ({
  script: fc.array(tie('command'), { minLength: 1, maxLength: 4 }).map(commands => commands.join('\n')),
  command: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    { weight: 5, arbitrary: simple },
    { weight: 1, arbitrary: fc.tuple(tie('command'), tie('command')).map(([a, b]) => `{ ${a}\n} && { ${b}\n}`) },
    { weight: 1, arbitrary: fc.tuple(tie('command'), tie('command')).map(([a, b]) => `{ ${a}\n} || { ${b}\n}`) },
    { weight: 1, arbitrary: tie('command').map(a => `( ${a}\n)`) },
    {
      weight: 1,
      arbitrary: fc.tuple(tie('command'), tie('command')).map(([a, b]) => `{ ${a}\n} | { cat >/dev/null; ${b}\n}`),
    },
    {
      weight: 1,
      arbitrary: fc
        .tuple(tie('script'), tie('script'), tie('script'))
        .map(([a, b, c]) => `if ${a}\nthen ${b}\nelse ${c}\nfi`),
    },
    {
      weight: 1,
      arbitrary: fc.tuple(name, word, tie('script')).map(([n, w, a]) => `for ${n} in ${w} 1; do ${a}\ndone`),
    },
    {
      weight: 1,
      arbitrary: fc
        .tuple(word, tie('script'))
        .map(([w, a]) => `case ${w.replace('b c', '"b c"')} in a*) ${a}\n;; [0-9]) echo digit;; *) echo other;; esac`),
    },
    { weight: 1, arbitrary: tie('script').map(a => `f() { ${a}\n}; f one 'two three'; echo $?`) },
    { weight: 1, arbitrary: tie('script').map(a => `x=$( ${a}\n)\necho "$?$x"`) },
    { weight: 1, arbitrary: fc.tuple(word, tie('command')).map(([w, a]) => `cat <<E\n<${w}>\nE\n${a}`) },
    { weight: 1, arbitrary: tie('command').map(a => `{ ${a}\n} >f 2>/dev/null; read -r l <f; echo "$l"`) },
    { weight: 1, arbitrary: tie('command').map(a => `(set -e; ${a}\necho end); echo $?`) },
    { weight: 1, arbitrary: tie('command').map(a => `{ ${a}\n} & wait; echo w`) },
  ),
}));

const RUNS = Number(process.env['SHELL_RUNS'] ?? '150');

describe('laws of the shell', function () {
  this.timeout(60_000);

  for (const shell of ['/bin/sh', '/usr/bin/bash']) {
    it(`every script ends and leaves no process and no pipe (${shell})`, async () => {
      await fc.assert(
        fc.asyncProperty(script, async text => {
          const host = labHost({ shell });
          await say(host, text, 'in\n');
          expect([host.processes(), host.openPipeEnds()]).to.deep.equal([[], 0]);
        }),
        { numRuns: RUNS },
      );
    });
  }

  it('killing any process at any step leaves no open pipe end and no waiting timer', async () => {
    const body =
      'yes | head -2000 | while read x; do echo $x; done | (sleep 1; cat) | tail -1; x=$(sleep 2 | cat); sleep 3 & wait';
    await fc.assert(
      fc.asyncProperty(fc.nat(6), fc.nat(3000), fc.constantFrom('KILL', 'TERM', 'PIPE'), async (who, when, signal) => {
        const clock = manualClock(START);
        const host = labHost({ clock, shell: '/bin/sh' });
        const { said } = start(host, body);
        await clock.advance(when);
        const victim = host.processes()[who];
        if (victim !== undefined) host.kill(victim.pid, signal);
        await clock.runUntilIdle();
        await said;
        expect([host.processes(), host.openPipeEnds()]).to.deep.equal([[], 0]);
        expect(clock.now() - START, 'nothing is left to wait for').to.be.at.most(7000);
      }),
      { numRuns: 60 },
    );
  });

  it('an endless loop of builtins ends with its process', async () => {
    const host = labHost();
    const { said } = start(host, 'while :; do :; done');
    await new Promise(resolve => setImmediate(resolve));
    host.halt();
    expect((await said).status).to.equal('gone');
    // would never settle while the loop still ran
    await settle();
  });

  for (const [path, shell] of [
    ['/usr/bin/dash', '/usr/bin/dash'],
    ['/usr/bin/bash', '/usr/bin/bash'],
  ] as const) {
    it(`a script says what the real ${path} says`, async function () {
      if (!existsSync(path)) {
        console.log(`      skipped: no ${path} on this machine`);
        this.skip();
      }
      await fc.assert(
        fc.asyncProperty(script, async text => {
          // bash 5.2 itself reads these wrongly: a here-document in a substitution loses a blank
          fc.pre(path !== '/usr/bin/bash' || !/\$\( [^]*<<E/.test(text));
          const dir = mkdtempSync(join(tmpdir(), 'zoneferry-shell-'));
          const real = spawnSync(path, ['-c', text], {
            cwd: dir,
            input: 'in\n',
            env: { PATH: '/usr/bin:/bin', LC_ALL: 'C' },
          });
          rmSync(dir, { recursive: true });
          const said = await say(labHost({ shell }), `mkdir /tmp/d; cd /tmp/d; set --\n${text}`, 'in\n');
          expect({ out: said.out, status: said.status }).to.deep.equal({
            out: real.stdout.toString(),
            status: real.status,
          });
        }),
        { numRuns: RUNS },
      );
    });
  }
});
