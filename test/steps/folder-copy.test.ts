// The copy of a folder, on a simulated Solaris host and by the shells there are here: ksh93 is /bin/sh of Solaris.
import { spawnSync } from 'node:child_process';
import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { expect } from 'chai';
import type { JsonObject } from '../../src/text/json.ts';
import { BOTH_ENDS, type FarEnd, shellEnd } from './far-end.ts';

/** Beside this machine's own, which is dash on Debian. */
const SHELLS = ['ksh93', 'bash --posix', 'mksh'].filter(
  words => spawnSync(words.split(' ')[0] ?? '', ['-c', 'true']).status === 0,
);
const ENDS = [...BOTH_ENDS, ...SHELLS.map(words => [words, () => shellEnd(words)] as const)];

const SNAPSHOT = `find . | sort | while read f; do
ls -ldn "$f" | awk '{ print $1, $3, $4 }'; echo "$f"
[ -h "$f" ] || [ ! -f "$f" ] || od -An -tx1 "$f"
done`;

/** The same of this machine's disk, without a program for each file. */
function walk(path: string, name = '.'): string {
  const { mode, uid, gid } = lstatSync(path);
  const kind = mode & 0o170000;
  const inside =
    kind === 0o040000
      ? readdirSync(path)
          .sort()
          .map(one => walk(`${path}/${one}`, `${name}/${one}`))
      : [];
  const content =
    kind === 0o100000 ? readFileSync(path).toString('base64') : kind === 0o120000 ? readlinkSync(path) : '';
  const letters = [8, 7, 6, 5, 4, 3, 2, 1, 0].map(n => ((mode >> n) & 1 ? 'rwx'[(8 - n) % 3] : '-')).join('');
  const letter = kind === 0o040000 ? 'd' : kind === 0o120000 ? 'l' : '-';
  return [`${letter}${letters} ${uid} ${gid}\n${name}\n${content}`, ...inside].join('\n');
}

const FILES: Readonly<Record<string, string>> = {
  '/main.cf': 'main\n',
  '/d/one': 'one\n',
  '/d/e/two': 'two\n',
  '/empty': '',
};
const FOLDERS = ['/d', '/d/e', '/nothing'];

for (const [where, make] of ENDS) {
  describe(`the copy of a folder by ${where}`, function () {
    this.timeout(60_000);
    let end: FarEnd;
    beforeEach(() => {
      end = make();
    });
    afterEach(() => end.close());
    const at = (name: string): string => `${end.root}/${name}`;
    const snapshot = async (): Promise<string> => {
      if (where === BOTH_ENDS[0][0]) return end.sh(SNAPSHOT);
      await end.sh('true');
      return walk(end.root);
    };

    /** The arguments of a folder `conf` with these files, as the loader makes them. */
    function folder(files: Readonly<Record<string, string | Uint8Array>>, more: JsonObject = {}, folders = FOLDERS) {
      for (const [name, content] of Object.entries(files)) end.local.set(`conf${name}`, Buffer.from(content));
      return { src: 'conf/', dest: at('app'), tree: { folders, files: Object.keys(files) }, ...more };
    }

    /** Does it, does it again without effect, takes it back to what was, and takes it back again without effect. */
    async function roundTrip(args: JsonObject) {
      const before = await snapshot();
      const first = await end.perform('copy', args);
      expect(first, JSON.stringify(first)).to.include({ outcome: 'changed' });
      const made = await snapshot();
      const second = await end.perform('copy', args);
      expect(second, JSON.stringify(second)).to.include({ outcome: 'unchanged' });
      expect(await snapshot()).to.equal(made);
      const undone = await end.undo(first.undo);
      expect(await snapshot(), undone.join()).to.equal(before);
      expect(await end.undo(first.undo)).to.not.include('changed');
      return { ...first, made };
    }

    it('makes its folders and files, with those above them, and the undo takes all of it away', async () => {
      const { made, result } = await roundTrip(folder(FILES, { dest: at('a/b/app') }));
      expect(made).to.contain('./a/b/app/d/e/two').and.to.contain('./a/b/app/nothing');
      expect(made).to.match(/-rw-r--r-- \d+ \d+\n\.\/a\/b\/app\/main\.cf/);
      expect(result['files']).to.have.length(4);
    });

    it('writes only what differs, keeps its mode and owner, and leaves what else is there', async () => {
      await end.sh(
        'mkdir -p app/d; printf "main\\n" > app/main.cf; printf old > app/d/one; chmod 604 app/d/one; touch app/other',
      );
      const { made, result } = await roundTrip(folder(FILES));
      expect(made).to.match(/-rw----r-- \d+ \d+\n\.\/app\/d\/one/);
      expect(result['files']).to.deep.equal([at('app/d/one'), at('app/d/e/two'), at('app/empty')]);
    });

    it('gives files and folders the modes that are asked for', async () => {
      await end.sh('mkdir -p app/d; chmod 700 app app/d; printf one > app/d/one; printf "main\\n" > app/main.cf');
      const { made } = await roundTrip(folder(FILES, { mode: '0750', directory_mode: '0711' }));
      expect(made).to.match(/-rwxr-x--- \d+ \d+\n\.\/app\/main\.cf/);
      expect(made).to.match(/drwx--x--x \d+ \d+\n\.\/app\/d\n/);
      expect(made).to.match(/drwx--x--x \d+ \d+\n\.\/app\/d\/e\n/);
      expect(made).to.match(/drwx------ \d+ \d+\n\.\/app\n/);
    });

    it('carries any bytes, in files of many sizes', async () => {
      const pattern = Uint8Array.from({ length: 256 }, (_, n) => (n * 7) % 256);
      const bytes = (size: number) => Buffer.alloc(size, pattern);
      const sizes = [0, 1, 511, 512, 513, 4096, 70_000, 1_048_576, 1_048_577];
      await end.sh('mkdir app; printf "\\000\\001" > app/size-4096');
      await roundTrip(folder(Object.fromEntries(sizes.map(size => [`/size-${size}`, bytes(size)])), {}, []));
    });

    it('takes any name as it is', async () => {
      const names = [
        '/with blanks',
        '/-rf',
        '/a\nb',
        "/quote'd",
        '/$HOME',
        '/ünïcode',
        '/*',
        '/back\\slash',
        '/trail\n',
      ];
      const files = Object.fromEntries(names.map(name => [name, `in ${name}`]));
      await end.perform('copy', folder(Object.fromEntries(names.slice(0, 5).map(name => [name, 'old'])), {}, []));
      await roundTrip(folder(files, { mode: '0600' }, ['/-d e\nf']));
    });

    // Shells that no host has as its /bin/sh: what the scripts are made of has been seen by now.
    if (['bash --posix', 'mksh'].includes(where)) return;

    it('a link at the place of a file stays, and what it leads to is replaced; one to a folder is that folder', async () => {
      await end.sh('mkdir app real; printf real > file; ln -s ../file app/main.cf; ln -s ../real app/d');
      const { made } = await roundTrip(folder(FILES));
      expect(made)
        .to.match(/l\S+ \d+ \d+\n\.\/app\/main\.cf/)
        .and.to.contain('./real/e/two');
    });

    it('says all that is in the way before anything is changed', async () => {
      await end.sh('mkdir -p app/main.cf; touch app/d; ln -s nowhere app/nothing');
      const before = await snapshot();
      const told = await end.perform('copy', folder(FILES));
      expect(await snapshot()).to.equal(before);
      expect(told.outcome).to.equal('blocked');
      expect(told.why).to.equal(
        `${at('app/d')} is an ordinary file, and a directory should be there, ` +
          `${at('app/d')} is no directory, ${at('app/nothing')} is a symbolic link that leads to no directory`,
      );
      await end.sh('rm -r app/d app/nothing');
      expect((await end.perform('copy', folder(FILES))).why).to.equal(
        `${at('app/main.cf')} is a directory, and a file should be there`,
      );
    });

    it('a stream that is cut renames nothing, and what is left of it goes with the next try', async () => {
      await end.sh('mkdir -p app/d/e app/nothing; printf old > app/main.cf');
      const before = await snapshot();
      end.onceInstead((line, stdin, exec) => exec(line, stdin.subarray(0, 6)));
      const cut = await end.perform('copy', folder(FILES));
      expect(cut.outcome).to.equal('failed');
      expect(cut.why).to.contain('only a part of the content arrived');
      expect(await snapshot()).to.equal(before);
      expect(await end.perform('copy', folder(FILES))).to.include({ outcome: 'changed' });
    });

    it('leaves alone what somebody else wrote since, and takes back the rest', async () => {
      await end.sh('mkdir -p app/d; printf old > app/d/one');
      const { undo } = await end.perform('copy', folder(FILES));
      await end.sh('printf theirs > app/main.cf; printf theirs > app/nothing/more');
      expect(await end.undo(undo)).to.deep.equal(['changed']);
      expect(await end.sh('find . -type f | sort')).to.equal('./app/d/one\n./app/main.cf\n./app/nothing/more\n');
      expect(await end.sh('cat app/d/one app/main.cf')).to.equal('oldtheirs');
      expect(await end.undo(undo)).to.deep.equal(['unchanged']);
    });

    it('broken off between two folders it is finished by a second try, or taken back with what it left', async () => {
      await end.sh('mkdir app; printf old > app/main.cf');
      const before = await snapshot();
      const breakOff = (): void =>
        end.onceInstead((line, stdin, exec) =>
          exec(line.replace('mv -f', '[ $g -lt 2 ] || exit 9; mv -f').replace('work drop', ':'), stdin),
        );
      breakOff();
      const { outcome, undo } = await end.perform('copy', folder(FILES));
      expect(outcome).to.equal('failed');
      const broken = await snapshot();
      expect(broken).to.contain('.zoneferry-').and.to.contain('./app/main.cf').and.to.not.contain('./app/d/one');
      const second = await end.perform('copy', folder(FILES));
      expect(second.result['files']).to.have.length(3);
      expect(await snapshot()).to.not.contain('.zoneferry-');
      expect(await end.undo(second.undo)).to.deep.equal(['changed']);
      breakOff();
      await end.perform('copy', folder(FILES));
      expect(await end.undo(undo)).to.deep.equal(['changed']);
      expect(await snapshot()).to.equal(before);
    });

    it('leaves what is there with "force: no", and a file that a program refuses', async () => {
      await end.sh('mkdir app; printf old > app/main.cf');
      const first = await end.perform('copy', folder(FILES, { force: false }));
      expect(first.result['files']).to.have.length(3);
      expect(await end.sh('cat app/main.cf')).to.equal('old');
      const refused = await end.perform('copy', folder({ '/main.cf': 'bad' }, { validate: 'grep good %s' }, []));
      expect(refused.why).to.contain('validate: the new content was refused');
      const { made } = await roundTrip(folder({ '/main.cf': 'good' }, { validate: 'grep good %s', backup: true }, []));
      expect(made).to.match(/main\.cf\.\S+~/);
    });
  });
}

describe('the copy of a folder', function () {
  this.timeout(60_000);

  it('of more files than one command takes goes in several', async () => {
    const end = shellEnd('dash');
    const names = Array.from({ length: 450 }, (_, n) => `/a folder with a name/${'x'.repeat(60)} ${n}`);
    for (const name of names) end.local.set(`conf${name}`, Buffer.from(name));
    const args = { src: 'conf/', dest: `${end.root}/app`, tree: { folders: ['/a folder with a name'], files: names } };
    const lines: number[] = [];
    end.instead(line => {
      lines.push(line.length);
      return null;
    });
    const { outcome, undo } = await end.perform('copy', args);
    expect([outcome, await end.sh('ls app/* | wc -l | tr -d " "')]).to.deep.equal(['changed', '450\n']);
    expect(Math.max(...lines)).to.be.lessThan(33_000);
    expect(await end.perform('copy', args)).to.include({ outcome: 'unchanged' });
    expect([await end.undo(undo), await end.sh('ls -A')]).to.deep.equal([['changed'], '']);
    end.close();
  });

  it('works where no program tells a digest', async () => {
    const end = shellEnd('dash', line =>
      line.replaceAll('command -v digest', 'false').replaceAll('command -v sha256sum', 'false'),
    );
    await end.sh('mkdir app; printf old > app/a');
    for (const name of ['a', 'b']) end.local.set(`conf/${name}`, Buffer.from(`in ${name}`));
    const args = { src: 'conf/', dest: `${end.root}/app`, tree: { folders: [], files: ['/a', '/b'] } };
    end.onceInstead((line, stdin, exec) => exec(line, stdin.subarray(0, 6)));
    expect((await end.perform('copy', args)).why).to.contain('only a part of the content arrived');
    const { outcome, undo } = await end.perform('copy', args);
    expect([outcome, await end.sh('cat app/a app/b')]).to.deep.equal(['changed', 'in ain b']);
    expect(await end.perform('copy', args)).to.include({ outcome: 'unchanged' });
    expect([await end.undo(undo), await end.sh('cat app/*')]).to.deep.equal([['changed'], 'old']);
    end.close();
  });
});
