// What a host refuses to a step for files leaves the old file, and nothing beside it.
import { execFileSync } from 'node:child_process';
import { expect } from 'chai';
import { type FarEnd, realEnd, strangerEnd } from './far-end.ts';

describe('what a host refuses to a step for files', function () {
  this.timeout(60_000);
  let end: FarEnd;
  afterEach(() => end.close());
  const at = (name: string): string => `${end.root}/${name}`;

  it('a disk that takes no more leaves the old file, and nothing beside it', async () => {
    end = realEnd();
    await end.sh('printf old > file');
    end.onceInstead((line, stdin, exec) => exec(`ulimit -f 0; ${line}`, stdin));
    const done = await end.perform('copy', { dest: at('file'), content: 'x'.repeat(10_000) });
    expect(done).to.include({ outcome: 'failed' });
    expect(done.why).to.match(/^write .*file: /);
    expect(await end.sh('cat file; ls -A')).to.equal('oldfile\n');
  });

  describe('without the rights', () => {
    before(function () {
      if (process.getuid?.() !== 0) this.skip();
    });

    it('says what may not be read, searched or written', async () => {
      end = strangerEnd();
      await end.sh('mkdir locked theirs; printf x > locked/file; printf secret > secret; printf y > theirs/file');
      execFileSync('/bin/sh', [
        '-c',
        `cd ${end.root} && chown 0 secret locked theirs theirs/file && chmod 600 secret && chmod 700 locked && chmod 755 theirs`,
      ]);
      const why = async (name: string, args: Parameters<FarEnd['perform']>[1]) => {
        const done = await end.perform(name, args);
        expect(done.outcome, done.why).to.be.oneOf(['blocked', 'failed']);
        return done.why;
      };
      const become = 'by this user: become one that may';
      expect(await why('copy', { dest: at('secret'), content: 'x' })).to.equal(
        `${at('secret')} may not be read ${become}`,
      );
      expect(await why('lineinfile', { path: at('secret'), line: 'x' })).to.equal(
        `${at('secret')} may not be read ${become}`,
      );
      expect(await why('fetch', { src: at('secret'), dest: 'out' })).to.equal(
        `${at('secret')} may not be read ${become}`,
      );
      for (const name of ['copy', 'stat', 'file', 'fetch'])
        expect(
          await why(name, {
            ...(name === 'copy' ? { dest: at('locked/file'), content: 'x' } : {}),
            ...(name === 'fetch' ? { src: at('locked/file'), dest: 'out' } : {}),
            ...(name === 'stat' || name === 'file' ? { path: at('locked/file') } : {}),
          }),
        ).to.equal(`${at('locked')} may not be searched ${become}`);
      expect(await why('copy', { dest: at('theirs/file'), content: 'x' })).to.match(/^write .*Permission denied/);
      expect(await why('file', { path: at('theirs/file'), state: 'absent' })).to.match(/^remove .*Permission denied/);
      expect(await why('file', { path: at('theirs/new'), state: 'directory' })).to.match(/^make .*Permission denied/);
      expect(await why('file', { path: at('theirs/file'), mode: '0600' })).to.match(/^change .*not permitted/);
    });
  });
});
