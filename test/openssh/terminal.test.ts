// What is asked at a real terminal: the passphrase of a sealed key and the password for sudo. Both are typed there, and
// nothing of them is seen.
import { type ChildProcess, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { quoteArgv } from '../../src/text/shell.ts';
import { newKeyFile } from './keys.ts';
import { freshServers, type Sshd } from './sshd.ts';
import { sudoer } from './sudoer.ts';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

describe('at a terminal', function () {
  this.timeout(300_000);
  const servers = freshServers();
  const joan = sudoer();
  const started: ChildProcess[] = [];
  afterEach(() => started.splice(0).forEach(child => child.kill('SIGKILL')));

  /** The program in a terminal of its own, which types each answer when it is asked for. */
  function atTerminal(words: readonly string[], answers: readonly (readonly [RegExp, string])[]) {
    const line = quoteArgv([process.execPath, '--import', 'tsx', join(root, 'bin/zoneferry.js'), ...words]);
    const { CI: _, ...own } = process.env;
    const env = { ...own, ZONEFERRY_STATE: join(servers.folder(), 'state'), TERM: 'xterm' };
    const child = spawn('script', ['-qec', line, '/dev/null'], { cwd: root, env, stdio: ['pipe', 'pipe', 'inherit'] });
    started.push(child);
    let [seen, from] = ['', 0];
    const left = [...answers];
    child.stdout.on('data', (piece: Buffer) => {
      seen += piece.toString();
      const [next] = left;
      if (next === undefined || !next[0].test(seen.slice(from))) return;
      left.shift();
      from = seen.length;
      child.stdin.write(`${next[1]}\r`);
    });
    return new Promise<{ code: number | null; seen: string }>(done => child.on('close', code => done({ code, seen })));
  }

  function files(server: Sshd, host: string): readonly string[] {
    const folder = servers.folder();
    const [inventory, book] = [join(folder, 'hosts.yml'), join(folder, 'book.yml')];
    const { address, port } = server;
    const known = `known_hosts: ${server.knownHosts}, ssh_config: none`;
    writeFileSync(inventory, `all: { hosts: { bjork: { address: ${address}, port: ${port}, ${known}, ${host} } } }\n`);
    writeFileSync(
      book,
      '- { hosts: bjork, gather_facts: no, tasks: [ { name: who, command: id -un, register: x } ] }\n',
    );
    return ['run', '--yes', '-v', '-i', inventory, book];
  }

  it('the passphrase of a key is typed once, and not seen', async () => {
    const server = await servers.start();
    const key = newKeyFile(join(servers.folder(), 'sealed'), 'ed25519', 'open sesame 7');
    server.authorize(key.public);
    const words = files(server, `identity_file: ${key.path}, user: ${server.connection.user}`);
    const { code, seen } = await atTerminal(words, [[/assphrase/, 'open sesame 7']]);
    expect(code, seen).to.equal(0);
    expect(seen).to.not.contain('open sesame');
    expect(seen.match(/assphrase/g), seen).to.have.length(1);
  });

  it('-K asks for the password for sudo, and it is not seen', async () => {
    joan.may('ALL=(ALL) ALL');
    const server = await servers.start();
    const { user, identityFiles } = joan.at(server);
    const words = files(server, `identity_file: ${identityFiles?.[0]}, user: ${user}, become_method: sudo`);
    const { code, seen } = await atTerminal([...words, '-K'], [[/assword/, joan.password]]);
    expect(code, seen).to.equal(0);
    expect(seen).to.contain('root').and.not.contain(joan.password);
  });
});
