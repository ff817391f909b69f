// The steps for ordinary work through a real OpenSSH server and this machine's own programs, as the login and through
// su: to a user of the test, since what the machine's own users wrote for their shells may take long, and speak.
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { type FarEnd, hostEnd } from '../steps/far-end.ts';
import { account } from './account.ts';
import { freshServers } from './sshd.ts';

const TREE = { folders: ["/it's"], files: ["/it's/$HOME `id`", '/-plain', '/é\n'] };

const PICTURE = "ls -lA | awk '{ print $1, $3, $5, $9 }'; cat *";

for (const method of ['none', 'su'] as const) {
  describe(`steps over a real OpenSSH server, become: ${method}`, function () {
    // Hundreds of commands, each with a session and a shell of its own: that takes what the machine takes.
    this.timeout(300_000);
    const servers = freshServers();
    const user = method === 'none' ? '' : account().user;

    async function start(): Promise<FarEnd> {
      const { connection, folder } = await servers.start();
      chmodSync(folder, 0o755);
      return hostEnd(servers.reach(connection), join(folder, 't'), { method, user });
    }

    it('write, change, link and remove, and everything goes back', async () => {
      const end = await start();
      const at = (name: string): string => join(end.root, name);
      await end.sh('printf "a=1\\nb=2\\n" > "it\'s a file"; chmod 640 "it\'s a file"');
      if (user !== '') await end.sh(`chown -R ${user}: .`);
      const before = await end.sh(PICTURE);
      const work: readonly (readonly [string, Parameters<FarEnd['perform']>[1]])[] = [
        ['file', { path: at('etc/app'), state: 'directory', mode: '0750' }],
        ['copy', { dest: at('etc/app/conf'), content: '$HOME `id` \'"\\ é\n', mode: 'u=rw,go=' }],
        ['lineinfile', { path: at("it's a file"), regexp: '^b=', line: 'b=3' }],
        ['file', { path: at('now'), state: 'link', src: 'etc/app' }],
        ['copy', { dest: at('now/conf'), src: 'blob' }],
        ['copy', { dest: at('tree'), src: 'some/', mode: '0604', directory_mode: '0711', tree: TREE }],
      ];
      for (const name of TREE.files) end.local.set(`some${name}`, Buffer.from(`in ${name}`));
      end.local.set(
        'blob',
        Uint8Array.from({ length: 700_000 }, (_, n) => (n * 31) % 256),
      );
      const undos = [];
      for (const [name, args] of work) {
        const done = await end.perform(name, args);
        expect(done, JSON.stringify(done)).to.include({ outcome: 'changed' });
        undos.unshift(done.undo);
        expect(await end.perform(name, args)).to.include({ outcome: 'unchanged' });
      }
      const stat = (await end.perform('stat', { path: at('etc/app/conf') })).result['stat'];
      expect(stat).to.include({ mode: '0600', size: 700_000 });
      await end.perform('fetch', { src: at('now/conf'), dest: 'blob', flat: true });
      expect(Buffer.from(end.fetched.get('blob') ?? []).equals(Buffer.from(end.local.get('blob') ?? []))).to.equal(
        true,
      );
      for (const undo of undos) await end.undo(undo);
      expect(await end.sh(PICTURE)).to.equal(before);
    });

    it('a script arrives whole and runs', async () => {
      const end = await start();
      end.local.set('tool.sh', Buffer.from('#!/bin/sh\nprintf "%s|" "$@"; exit 3\n'));
      const { outcome, result } = await end.perform('script', { cmd: "tool.sh 'two words' \"it's\"" });
      expect(outcome).to.equal('failed');
      expect(result).to.include({ rc: 3, stdout: "two words|it's|" });
    });

    it('wait_for sees the port of the server itself', async () => {
      const end = await start();
      expect(await end.perform('wait_for', { port: 1, state: 'stopped', timeout: '2s' })).to.include({
        outcome: 'unchanged',
      });
    });
  });
}
