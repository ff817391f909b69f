// The steps for files, on a simulated Solaris host and with this machine's own sh.
import { expect } from 'chai';
import { BOTH_ENDS, type FarEnd } from './far-end.ts';

const SNAPSHOT =
  'for f in * .[!.]*; do [ -e "$f" ] || [ -h "$f" ] || continue; ls -ld "$f" | awk \'{print $1, $3, $4}\'; echo "$f"; [ ! -f "$f" ] || od -An -tx1 "$f"; done';

for (const [where, make] of BOTH_ENDS) {
  describe(`files on ${where}`, function () {
    this.timeout(60_000);
    let end: FarEnd;
    beforeEach(() => {
      end = make();
    });
    afterEach(() => end.close());
    const at = (name: string): string => `${end.root}/${name}`;
    const snapshot = (): Promise<string> => end.sh(SNAPSHOT);

    /** Does it, does it again without effect, takes it back to what was, and takes it back again without effect. */
    async function roundTrip(name: string, args: Parameters<FarEnd['perform']>[1]) {
      const before = await snapshot();
      const first = await end.perform(name, args);
      expect(first, JSON.stringify(first)).to.include({ outcome: 'changed' });
      const made = await snapshot();
      const second = await end.perform(name, args);
      expect(second, JSON.stringify(second)).to.include({ outcome: 'unchanged' });
      expect(await snapshot()).to.equal(made);
      const undone = await end.undo(first.undo);
      expect(await snapshot(), undone.join()).to.equal(before);
      expect(await end.undo(first.undo)).to.not.include('changed');
      return { ...first, made };
    }

    describe('copy', () => {
      it('replaces a file and keeps owner and mode when nothing is said', async () => {
        await end.sh('printf "old\\n" > motd; chmod 640 motd');
        const { made, result } = await roundTrip('copy', { dest: at('motd'), content: 'new\n' });
        expect(made).to.match(/^-rw-r-----/);
        expect(result).to.include({ dest: at('motd'), mode: '0640', size: 4, backup_file: '' });
        expect(end.diffs[0]).to.equal(`--- ${at('motd')}\n+++ ${at('motd')}\n@@ -1,1 +1,1 @@\n-old\n+new`);
      });

      it('makes a file with mode 0644, and the undo removes it', async () => {
        const { made } = await roundTrip('copy', { dest: at('new'), content: '' });
        expect(made).to.match(/^-rw-r--r--/);
      });

      it('carries any bytes', async () => {
        end.local.set(
          'blob',
          Uint8Array.from({ length: 1000 }, (_, n) => (n * 7) % 256),
        );
        await end.sh('printf "\\000\\001\\002" > blob');
        await roundTrip('copy', { dest: at('blob'), src: 'blob', mode: '0600' });
        expect(end.diffs[0]).to.contain('not text').and.to.contain('3 B, sha256');
      });

      it("says that a file isn't beside the playbook, and touches nothing", async () => {
        const done = await end.perform('copy', { dest: at('new'), src: 'nowhere' });
        expect(done.outcome).to.equal('blocked');
        expect(done.why).to.match(/^no such file beside the playbook: nowhere/);
        expect(await end.sh('ls -A')).to.equal('');
      });

      it('puts a file into a directory that ends with a slash, and says so of one that does not', async () => {
        end.local.set('conf/ntp.conf', Buffer.from('server a\n'));
        await end.sh('mkdir etc');
        const said = await end.perform('copy', { dest: at('etc'), src: 'conf/ntp.conf' });
        expect(said).to.include({ outcome: 'blocked', why: `${at('etc')} is a directory: name the file in it` });
        expect(await end.perform('copy', { dest: at('etc/'), src: 'conf/ntp.conf' })).to.include({
          outcome: 'changed',
        });
        expect(await end.sh('cat etc/ntp.conf')).to.equal('server a\n');
      });

      for (const name of ['with blanks in it', '-rf', 'a\nb', "quote'd", '$HOME', 'ünïcode', '*', 'back\\slash'])
        it(`takes the name ${JSON.stringify(name)} as it is`, async () => {
          await end.perform('copy', { dest: at(name), content: 'old' });
          await roundTrip('copy', { dest: at(name), content: 'new' });
        });

      it('leaves a link and replaces what it leads to', async () => {
        await end.sh('mkdir real; printf old > real/file; ln -s real/file link; ln -s link second');
        const done = await end.perform('copy', { dest: at('second'), content: 'new' });
        expect(done.outcome).to.equal('changed');
        expect(await end.sh('cat real/file; [ -h link ] && [ -h second ] && echo links')).to.equal('newlinks\n');
        await end.undo(done.undo);
        expect(await end.sh('cat real/file; [ -h second ] && echo link')).to.equal('oldlink\n');
      });

      it('says of a broken link, a circle of links, a missing directory and a file on the way what is wrong', async () => {
        await end.sh('ln -s nowhere broken; ln -s b a; ln -s a b; printf x > plain');
        const why = async (name: string) => (await end.perform('copy', { dest: at(name), content: 'x' })).why;
        expect(await why('broken')).to.equal(
          `${at('broken')} is a symbolic link to ${at('nowhere')}, which isn't there`,
        );
        expect(await why('a')).to.match(/is a symbolic link that leads back to itself$/);
        expect(await why('no/such/file')).to.equal(
          `the directory ${at('no/such')} isn't there: make it with "file: { path: ${at('no/such')}, state: directory }"`,
        );
        expect(await why('plain/file')).to.equal(`${at('plain')} is no directory`);
      });

      it('changes the mode alone when the content is right, and takes letters for it', async () => {
        await end.sh('printf same > file; chmod 644 file');
        const { made } = await roundTrip('copy', { dest: at('file'), content: 'same', mode: 'u+x,go=' });
        expect(made).to.match(/^-rwx------/);
        expect(end.diffs[0]).to.equal(`${at('file')}: mode 0644 -> 0700`);
      });

      it('gives it to whom the task says, and back', async () => {
        if (where !== 'a simulated Solaris host' && process.getuid?.() !== 0) return;
        await end.sh('printf old > file; chown 1:1 file');
        const { made, result } = await roundTrip('copy', { dest: at('file'), content: 'new', owner: '2' });
        expect(made).to.match(/^-rw-r--r-- \S+ \S+/);
        expect(result['mode']).to.equal('0644');
      });

      it('without force it leaves what is there, and makes what is not', async () => {
        await end.sh('printf old > file');
        const left = await end.perform('copy', { dest: at('file'), content: 'new', force: false });
        expect(left).to.include({ outcome: 'unchanged', why: `${at('file')} is there` });
        await roundTrip('copy', { dest: at('other'), content: 'new', force: false });
      });

      it('copies from the host itself', async () => {
        await end.sh('printf "from here" > src');
        await roundTrip('copy', { dest: at('dest'), src: at('src'), remote_src: true });
        const none = await end.perform('copy', { dest: at('dest'), src: at('none'), remote_src: true });
        expect(none).to.include({ outcome: 'blocked', why: `src: ${at('none')} isn't there` });
      });

      it('a backup lies beside the file and goes with the undo', async () => {
        await end.sh('printf old > file');
        const { made, result } = await roundTrip('copy', { dest: at('file'), content: 'new', backup: true });
        expect(made).to.contain('~');
        expect(result['backup_file']).to.match(/file\.0a1b7f3a-[0-9a-f]{8}~$/);
      });

      it('content that its validation refuses never counts', async () => {
        await end.sh('printf old > file');
        const given = { dest: at('file'), content: 'bad', validate: 'grep good %s' };
        const done = await end.perform('copy', given);
        expect(done).to.include({ outcome: 'failed' });
        expect(done.why).to.contain('validate: the new content was refused with status 1');
        expect(await end.sh('cat file; ls -A')).to.equal('oldfile\n');
        await roundTrip('copy', { ...given, content: 'good' });
      });

      it('a connection cut in the middle of the content leaves the old file', async () => {
        await end.sh('printf old > file');
        end.onceInstead((line, stdin, exec) => exec(line, stdin.subarray(0, 3)));
        const done = await end.perform('copy', { dest: at('file'), content: 'all of it' });
        expect(done.why).to.contain('only a part of the content arrived');
        expect(await end.sh('cat file; ls -A')).to.equal('oldfile\n');
      });

      it('large content is compared by its digest and not shown', async () => {
        end.local.set('large', Buffer.alloc(400 * 1024, 'zone\n'));
        await end.perform('copy', { dest: at('large'), content: 'small' });
        await roundTrip('copy', { dest: at('large'), src: 'large' });
        end.local.set('large', Buffer.alloc(1500 * 1024, 'evac1\n'));
        await end.perform('copy', { dest: at('large'), src: 'large' });
        end.local.set('large', Buffer.alloc(300 * 1024, 'evac2\n'));
        await roundTrip('copy', { dest: at('large'), src: 'large' });
        expect(end.diffs.at(-1)).to.contain('too large to show').and.to.contain('1.5 MiB');
      });
    });

    describe('file', () => {
      it('makes a directory and those above it, with the mode for each, and takes them away again', async () => {
        const { made } = await roundTrip('file', { path: at('a/b/c'), state: 'directory', mode: '0750' });
        expect(made).to.match(/^drwxr-x---.*\na\n/);
        await end.perform('file', { path: at('a/b/c'), state: 'directory', mode: '0750' });
        expect(await end.sh("ls -ld a a/b a/b/c | awk '{print $1}'")).to.equal('drwxr-x---\n'.repeat(3));
      });

      it('leaves a directory of ours in which somebody put something', async () => {
        const { undo } = await end.perform('file', { path: at('a/b'), state: 'directory' });
        await end.sh('printf x > a/file');
        expect(await end.undo(undo)).to.deep.equal(['changed']);
        expect(await end.sh('ls -A a')).to.equal('file\n');
        expect(await end.undo(undo)).to.deep.equal(['unchanged']);
      });

      it('sets mode and owner of what is there, of a file or a directory, and puts them back', async () => {
        await end.sh('mkdir dir; printf x > file; chmod 755 dir; chmod 4711 file');
        await roundTrip('file', { path: at('dir'), mode: 'go=' });
        await roundTrip('file', { path: at('file'), mode: 'u-s,o+r', state: 'file' });
        expect(end.diffs).to.deep.equal([`${at('dir')}: mode 0755 -> 0700`, `${at('file')}: mode 4711 -> 0715`]);
        const none = await end.perform('file', { path: at('none'), state: 'file' });
        expect(none).to.include({ outcome: 'blocked', why: `${at('none')} isn't there` });
        const folder = await end.perform('file', { path: at('dir'), state: 'file' });
        expect(folder.why).to.equal(`${at('dir')} is a directory, not an ordinary file`);
      });

      it('removes a file, a link, an empty directory, and brings each back', async () => {
        await end.sh('printf "\\000\\001" > file; chmod 604 file; ln -s nowhere link; mkdir dir; chmod 701 dir');
        for (const name of ['file', 'link', 'dir']) await roundTrip('file', { path: at(name), state: 'absent' });
      });

      it('a directory with something in it goes only when that is said, and then for good', async () => {
        await end.sh('mkdir dir; printf x > dir/one; printf y > dir/.two');
        const no = await end.perform('file', { path: at('dir'), state: 'absent' });
        expect(no.outcome).to.equal('blocked');
        expect(no.why).to.match(/isn't empty \(2\): "recurse: yes"/);
        const done = await end.perform('file', { path: at('dir'), state: 'absent', recurse: true });
        expect(done.outcome).to.equal('changed');
        expect(done.undo).to.include({ is: 'left' });
        expect(await end.sh('ls -A')).to.equal('');
      });

      it('makes a link, changes where it leads, and takes the place of a file only when forced', async () => {
        await end.sh('printf 1 > one; printf 2 > two; mkdir dir; printf x > plain');
        await roundTrip('file', { path: at('link'), state: 'link', src: 'one' });
        await end.sh('ln -s one link');
        const { made } = await roundTrip('file', { path: at('link'), state: 'link', src: at('two') });
        expect(made).to.contain('lrwxrwxrwx');
        await end.sh('rm link; ln -s dir link');
        await roundTrip('file', { path: at('link'), state: 'link', src: 'one' });
        const why = async (args: Parameters<FarEnd['perform']>[1]) =>
          (await end.perform('file', { state: 'link', ...args })).why;
        expect(await why({ path: at('new'), src: 'nowhere' })).to.match(/^src: .*nowhere isn't there: "force: yes"/);
        expect(await why({ path: at('plain'), src: 'one' })).to.match(/is an ordinary file: "force: yes"/);
        expect(await why({ path: at('dir'), src: 'one', force: true })).to.match(/is a directory: nothing is put/);
        await roundTrip('file', { path: at('plain'), state: 'link', src: 'nowhere', force: true });
      });

      it('makes a hard link to a file, and to nothing else', async () => {
        await end.sh('printf 1 > one; mkdir dir');
        await roundTrip('file', { path: at('hard'), state: 'hard', src: at('one') });
        const dir = await end.perform('file', { path: at('hard'), state: 'hard', src: at('dir') });
        expect(dir.why).to.match(/is a directory, which can't have a hard link/);
      });

      it('touch makes an empty file, and leaves one that is there', async () => {
        await roundTrip('file', { path: at('new'), state: 'touch', mode: '0600' });
        await end.sh('printf x > old');
        expect(await end.perform('file', { path: at('old'), state: 'touch' })).to.include({ outcome: 'unchanged' });
      });
    });

    describe('lineinfile', () => {
      const given = 'one\ntwo=2\nthree';

      it('replaces the line that matches, and keeps every other byte', async () => {
        await end.sh(`printf '\\344\\r\\n${'# x'}\\r\\ntwo=2\\r\\n' > file; chmod 640 file`);
        const { result } = await roundTrip('lineinfile', { path: at('file'), regexp: '^two=', line: 'two=3' });
        expect(result).to.include({ msg: 'line replaced', mode: '0640' });
        expect(end.diffs[0]).to.contain('file');
      });

      for (const [claim, args, after] of [
        ['adds a line at the end, which gets its end first', { line: 'four' }, 'one\ntwo=2\nthree\nfour\n'],
        ['adds a line at the beginning', { line: 'zero', insertbefore: 'BOF' }, 'zero\none\ntwo=2\nthree'],
        ['adds a line after another', { line: 'x', insertafter: '^one' }, 'one\nx\ntwo=2\nthree'],
        ['adds a line before another', { line: 'x', insertbefore: '^two' }, 'one\nx\ntwo=2\nthree'],
        [
          'fills in what was found',
          { regexp: '^(?P<k>\\w+)=(\\d)', line: '\\g<k>=\\2\\2', backrefs: true },
          'one\ntwo=22\nthree',
        ],
        ['takes lines away', { regexp: '^t', state: 'absent' }, 'one\n'],
        ['finds a line by a text in it', { search_string: '=', line: 'two' }, 'one\ntwo\nthree'],
      ] as const)
        it(claim, async () => {
          await end.sh(`printf '%s' '${given}' > file`);
          const first = await end.perform('lineinfile', { path: at('file'), ...args });
          expect(await end.sh('cat file')).to.equal(after);
          expect(first.outcome).to.equal('changed');
          if (!('backrefs' in args)) {
            const again = await end.perform('lineinfile', { path: at('file'), ...args });
            expect(again.outcome).to.equal('unchanged');
          }
          await end.undo(first.undo);
          expect(await end.sh('cat file')).to.equal(given);
        });

      it('makes the file only when it may, and touches nothing that is not text or takes for ever to search', async () => {
        const given = { path: at('new'), line: 'x' };
        expect(await end.perform('lineinfile', given)).to.include({
          outcome: 'blocked',
          why: `${at('new')} isn't there: "create: yes" makes it`,
        });
        await roundTrip('lineinfile', { ...given, create: true });
        await end.sh('printf "a\\000b" > blob');
        expect((await end.perform('lineinfile', { ...given, path: at('blob') })).why).to.match(/isn't text/);
        await end.sh('echo aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab > slow');
        const slow = { path: at('slow'), line: 'x', regexp: '^(a+)+$' };
        expect((await end.perform('lineinfile', slow)).why).to.match(/regular expression takes too long on .*slow/);
        const gone = { path: at('none'), line: 'x', state: 'absent' } as const;
        expect(await end.perform('lineinfile', gone)).to.include({ outcome: 'unchanged' });
      });
    });

    describe('stat', () => {
      const stat = async (args: Parameters<FarEnd['perform']>[1]) =>
        (await end.perform('stat', args)).result['stat'] as Record<string, unknown>;

      it('tells what lies there under the names of Ansible', async () => {
        await end.sh('printf x > file; chmod 640 file; mkdir dir; ln -s file link');
        expect(await stat({ path: at('file') })).to.include({
          ...{ exists: true, isreg: true, isdir: false, islnk: false, mode: '0640', size: 1, pw_name: 'root' },
          checksum: '2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881',
        });
        expect(await stat({ path: at('dir') })).to.include({ isdir: true, isreg: false });
        expect(await stat({ path: at('link') })).to.include({ islnk: true, lnk_target: 'file' });
        expect(await stat({ path: at('link'), follow: true })).to.include({ islnk: false, isreg: true });
        expect(await stat({ path: at('none') })).to.deep.equal({ exists: false, path: at('none') });
        if (where === 'a simulated Solaris host')
          expect((await stat({ path: at('file') }))['mtime']).to.be.closeTo(
            Date.parse('2026-03-06T20:00:00Z') / 1000,
            600,
          );
      });
    });

    describe('fetch', () => {
      it('brings a file to a folder of its host, once, and leaves the host as it is', async () => {
        await end.sh('printf "\\000zones" > log');
        const before = await snapshot();
        const first = await end.perform('fetch', { src: at('log'), dest: 'out' });
        const dest = `out/nacaozumbi${at('log')}`;
        expect(first).to.include({ outcome: 'changed' });
        expect(first.result).to.include({ dest, size: 6, changed: true });
        expect(Buffer.from(end.fetched.get(dest) ?? []).toString()).to.equal('\0zones');
        expect(first.undo).to.deep.equal({ is: 'nothing' });
        expect(await end.perform('fetch', { src: at('log'), dest: 'out' })).to.include({ outcome: 'unchanged' });
        expect(await snapshot()).to.equal(before);
      });

      it('with flat the name is given, or a folder', async () => {
        await end.sh('printf x > log');
        await end.perform('fetch', { src: at('log'), dest: '/tmp/one.log', flat: true });
        await end.perform('fetch', { src: at('log'), dest: 'logs/', flat: true });
        expect([...end.fetched.keys()]).to.deep.equal(['/tmp/one.log', 'logs/log']);
      });

      it('says what is missing, or passes it over, and what cannot be written here', async () => {
        await end.sh('mkdir dir; printf x > log');
        const why = async (args: Parameters<FarEnd['perform']>[1]) =>
          (await end.perform('fetch', { dest: 'out', ...args })).why;
        expect(await why({ src: at('none') })).to.equal(`${at('none')} isn't there`);
        expect(await why({ src: at('dir') })).to.equal(`${at('dir')} is a directory, not an ordinary file`);
        expect(await why({ src: at('log'), dest: '/proc' })).to.contain('no room there');
        const passed = await end.perform('fetch', { src: at('none'), dest: 'out', fail_on_missing: false });
        expect(passed).to.include({ outcome: 'unchanged' });
        expect(passed.result).to.include({ msg: `${at('none')} isn't there` });
      });
    });
  });
}
