// Quoting for a shell, and the whole line that is sent.
import { execFileSync, spawnSync } from 'node:child_process';
import { expect } from 'chai';
import fc from 'fast-check';
import { type Becoming, commandLine, isForSudo, quoteArgv, quoteWord } from '../../src/text/shell.ts';

const shells = ['sh', 'dash', 'bash', 'ksh', 'ksh93'].filter(
  name => spawnSync(name, ['-c', ':'], { stdio: 'ignore' }).status === 0,
);

// A word as a shell can hold one: any text but NUL and halves of surrogate pairs.
const word = fc
  .oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom("'", "'\\''", '\n', '', ' ', '$(x)', '`x`', '!1', '~', 'a=b', '-n', '\\'),
  )
  .filter(text => Buffer.from(text).toString() === text && !text.includes('\0'));

/** What each shell hands to a program, every argument framed, so that blanks and newlines count. */
function seenBy(shell: string, line: string): string {
  return execFileSync(shell, ['-c', line], { encoding: 'utf8' });
}

describe('quoting for a shell', () => {
  it('leaves plain words bare and wraps all others', () => {
    expect(quoteArgv(['/usr/sbin/zoneadm', '-z', 'evac1', 'list', '-p'])).to.equal(
      '/usr/sbin/zoneadm -z evac1 list -p',
    );
    expect(quoteWord('')).to.equal("''");
    expect(quoteWord("it's")).to.equal(`'it'\\''s'`);
    expect(quoteWord('A=b')).to.equal("'A=b'");
  });

  it('has no way to say NUL', () => {
    expect(() => quoteWord('a\0b')).to.throw('NUL');
  });

  for (const shell of shells)
    it(`${shell} reads back each argument as it was`, function () {
      // A hundred real shells, on however busy a machine.
      this.timeout(180_000);
      fc.assert(
        fc.property(fc.array(word, { minLength: 1, maxLength: 8 }), words => {
          const line = `for w in ${quoteArgv(words)}; do printf '%s|' "$w"; done`;
          expect(seenBy(shell, line)).to.equal(words.map(w => `${w}|`).join(''));
        }),
        { numRuns: 60 },
      );
    });

  it('a quoted line survives being quoted again', () => {
    fc.assert(
      fc.property(word, text => {
        expect(seenBy('sh', `sh -c ${quoteWord(`printf %s ${quoteWord(text)}`)}`)).to.equal(text);
      }),
      { numRuns: 60 },
    );
  });
});

describe('the line that is sent', () => {
  const argv = ['/usr/sbin/sysadm', 'maintain', '-s', '-m', 'new build'];
  const as = (method: Becoming['method']): Becoming => ({ method, user: 'root' });

  it('fixes the locale in front of everything', () => {
    expect(commandLine(argv, as('none'))).to.equal("LC_ALL=C /usr/sbin/sysadm maintain -s -m 'new build'");
  });

  it('borrows rights without ever asking for a password', () => {
    expect(commandLine(argv, as('pfexec'))).to.equal(
      "LC_ALL=C /usr/bin/pfexec /usr/sbin/sysadm maintain -s -m 'new build'",
    );
  });

  it('has sudo say when the command begins, and ask for a password in words of ours', () => {
    const line = commandLine(argv, as('sudo'));
    expect(line).to.match(/^LC_ALL=C \/usr\/bin\/sudo -S -p '\[zoneferry: [^']*' -u root \/bin\/sh -c /);
    expect(line).to.match(/ sh \/usr\/sbin\/sysadm maintain -s -m 'new build'$/);
    expect(isForSudo(line)).to.equal(true);
    expect(isForSudo(commandLine(argv, as('pfexec')))).to.equal(false);
  });

  it('gives su one word that holds the whole line', () => {
    expect(commandLine(['/usr/bin/echo', 'a b'], as('su'))).to.equal(
      `LC_ALL=C /usr/bin/su root -c 'LC_ALL=C /usr/bin/echo '\\''a b'\\'''`,
    );
  });

  it('hands variables to the command itself, whoever it runs as', () => {
    const env = { WAY: 'there and back' };
    expect(commandLine(['/bin/x'], as('pfexec'), env)).to.equal("LC_ALL=C WAY='there and back' /usr/bin/pfexec /bin/x");
    expect(commandLine(['/bin/x'], as('sudo'), env)).to.match(/ sh \/usr\/bin\/env WAY='there and back' \/bin\/x$/);
    expect(() => commandLine(['/bin/x'], as('none'), { 'A B': '' })).to.throw('name of a variable');
  });
});
