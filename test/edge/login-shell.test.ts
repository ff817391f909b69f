// A line that starts /bin/sh, read by a /bin/sh that is there already: it must do what the one it saves would have done.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { expect } from 'chai';
import fc from 'fast-check';
import { byThisShell, forAnyShell } from '../../src/edge/ssh/login-shell.ts';
import { commandLine, quoteWord } from '../../src/text/shell.ts';

const nobody = { method: 'none', user: '' } as const;
const lineOf = (...argv: readonly string[]): string => commandLine(argv, nobody);

/** What can be there of the shells that stand at /bin/sh somewhere. */
const SHELLS = [['/bin/sh'], ['/usr/bin/ksh93'], ['/usr/bin/mksh'], ['/usr/bin/bash', '--posix']].filter(
  ([program = '']) => existsSync(program),
);

const word = fc
  .array(fc.constantFrom("'", '"', '\\', '$', '`', '!', '\n', ' ', ';', '&', '|', '~', '#', '*', '-', 'x', '=', 'é'))
  .map(letters => letters.join(''));

describe('a line that has /bin/sh read a text', () => {
  for (const [program = '', ...options] of SHELLS) {
    const said = (line: string) => spawnSync(program, [...options, '-c', line], { encoding: 'utf8' });

    it(`is read by ${program} itself, with the same words`, () => {
      fc.assert(
        fc.property(fc.array(word, { maxLength: 3 }), words => {
          const line = byThisShell(lineOf('/bin/sh', '-c', `printf '[%s]' "$@"; echo $# $LC_ALL`, 'sh', ...words));
          expect(said(line ?? '').stdout).to.equal(
            `${words.map(one => `[${one}]`).join('') || '[]'}${words.length} C\n`,
          );
        }),
        { numRuns: 20 },
      );
    });

    it(`ends in ${program} with the status of the text, also of one that can't be read`, () => {
      for (const text of ['exit 7', 'false', 'set -e; false; echo no', "echo 'open", 'exec false', 'trap "exit 3" 0'])
        expect(said(byThisShell(lineOf('/bin/sh', '-c', text)) ?? '').status === 0, text).to.equal(false);
      expect(said(byThisShell(lineOf('/bin/sh', '-c', 'exit 7')) ?? '').status).to.equal(7);
    });

    it(`tells the programs it starts from ${program} which language to speak`, () => {
      expect(said(byThisShell(lineOf('/bin/sh', '-c', 'env')) ?? '').stdout).to.include('LC_ALL=C\n');
    });
  }

  it('is left as it is where anything else stands in it', () => {
    const text = quoteWord('echo x');
    for (const line of [
      ...['LC_ALL=C /usr/bin/true', `LC_ALL=C LANG=de /bin/sh -c ${text}`, `LC_ALL=C /bin/sh -c ${text}; reboot`],
      ...[`LC_ALL=C /bin/sh -c ${text} > f`, `LC_ALL=C /bin/sh -c ${text} sh $x`, `LC_ALL=C /bin/sh -c ${text} sh "a"`],
      ...[`LC_ALL=C /usr/bin/pfexec /bin/sh -c ${text}`, 'LC_ALL=C /bin/sh -c', "LC_ALL=C /bin/sh -c 'open"],
    ])
      expect(byThisShell(line), line).to.equal(null);
  });

  it('reaches /bin/sh through a login shell that is another', () => {
    const line = lineOf('/bin/sh', '-c', 'echo "$1!"\nexit 4', 'sh', "it's");
    const ran = spawnSync('/bin/sh', ['-c', forAnyShell(line)], { encoding: 'utf8' });
    expect([ran.status, ran.stdout]).to.deep.equal([4, "it's!\n"]);
  });
});
