// Modes and owners, as chmod and chown read them.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { modeAfter, ownerWords } from '../../src/steps/attributes.ts';

const WISHES = ['u+x', 'go=', 'a+X', 'u=rw,g=r,o=', 'ug+s', 'u-s', '+t', 'o-rwx,g+w', 'a=rx', 'u+rw-x', '0640', '4755'];
const BEFORE = [0o644, 0o755, 0o600, 0o4711, 0o1777, 0o000];

describe('modes in letters', () => {
  it('are what chmod makes of them, for files and for directories', () => {
    const dir = mkdtempSync(join(tmpdir(), 'zf-modes-'));
    try {
      // A file and a directory for each wish and mode: as few programs as that takes, since each takes its time.
      const text = `umask 0; cd "$1"; shift
before='${BEFORE.map(mode => mode.toString(8)).join(' ')}'
for w; do for b in $before; do folders="$folders $w.$b.d"; : > "$w.$b.f"; done; done
mkdir $folders
for b in $before; do chmod $b -- *.$b.[fd]; done
for w; do chmod -- "$w" "$w".*; done
ls -ld -- *.[fd]`;
      const lines = execFileSync('/bin/sh', ['-c', text, 'sh', dir, ...WISHES], { encoding: 'utf8' })
        .trim()
        .split('\n');
      expect(lines.length).to.equal(WISHES.length * BEFORE.length * 2);
      for (const line of lines) {
        const letters = line.slice(1, 10);
        const [wish = '', before = '', path = ''] = line.slice(line.lastIndexOf(' ') + 1).split('.');
        // What the digits before left of a directory's set-ID bits is its own affair.
        if (path === 'd' && (before === '4711' || wish.includes('s') || /^\d/.test(wish))) continue;
        expect(drawn(modeAfter(wish, Number.parseInt(before, 8), path === 'd')), line).to.equal(letters);
      }
    } finally {
      rmSync(dir, { recursive: true, force: true });
    }
  });
});

function drawn(mode: number): string {
  const letters = [...'rwxrwxrwx'].map((letter, at) => ((mode & (0o400 >> at)) === 0 ? '-' : letter));
  const special = (at: number, bit: number, set: string): void => {
    if ((mode & bit) !== 0) letters[at] = letters[at] === 'x' ? set : set.toUpperCase();
  };
  special(2, 0o4000, 's');
  special(5, 0o2000, 's');
  special(8, 0o1000, 't');
  return letters.join('');
}

describe('owners', () => {
  it('are written as chown takes them', () => {
    expect(ownerWords('oracle', null)).to.equal('oracle');
    expect(ownerWords(null, 'dba')).to.equal(':dba');
    expect(ownerWords('oracle', 'dba')).to.equal('oracle:dba');
    expect(ownerWords(null, null)).to.equal('');
  });
});
