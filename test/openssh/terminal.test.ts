// What is asked at a real terminal: the passphrase of a sealed key and the password for sudo, of which nothing is seen;
// and the yes between two waves, while the run is on the screen.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { openStage, type Stage } from '../cli/stage.ts';
import { CTRL_C, ENTER, freshTerminals, type Keys } from './at-terminal.ts';
import { newKeyFile } from './keys.ts';
import { freshServers, type Sshd } from './sshd.ts';
import { sudoer } from './sudoer.ts';

describe('at a terminal', function () {
  this.timeout(300_000);
  const servers = freshServers();
  const joan = sudoer();
  const terminals = freshTerminals();
  const atTerminal = (words: readonly string[], keys: Keys) =>
    terminals.start(words, join(servers.folder(), 'state'), keys);

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
    const { code, seen } = await atTerminal(words, [[/assphrase/, `open sesame 7${ENTER}`]]);
    expect(code, seen).to.equal(0);
    expect(seen).to.not.contain('open sesame');
    expect(seen.match(/assphrase/g), seen).to.have.length(1);
  });

  it('-K asks for the password for sudo, and it is not seen', async () => {
    joan.may('ALL=(ALL) ALL');
    const server = await servers.start();
    const { user, identityFiles } = joan.at(server);
    const words = files(server, `identity_file: ${identityFiles?.[0]}, user: ${user}, become_method: sudo`);
    const { code, seen } = await atTerminal([...words, '-K'], [[/assword/, `${joan.password}${ENTER}`]]);
    expect(code, seen).to.equal(0);
    expect(seen).to.contain('root').and.not.contain(joan.password);
  });
});

describe('a play with approve at a terminal', function () {
  this.timeout(300_000);
  const terminals = freshTerminals();
  let stage: Stage;
  before(async () => {
    stage = await openStage('--fleet', 'seed', '--speed', '60');
  });
  after(() => stage.close());

  const YES = `y${ENTER}`;
  /** @param typed at the question. */
  function rolled(name: string, typed: string, ...more: readonly string[]) {
    const tasks = `[ { shell: "sleep 1; touch /tmp/${name}" } ]`;
    const book = stage.write(
      `${name}.yml`,
      `- name: Roll\n  hosts: nacaozumbi:bjork\n  serial: 1\n  approve: first_wave\n  gather_facts: no\n  tasks: ${tasks}\n`,
    );
    const keys: Keys = [
      [/carry it out\? \[y\/N\] /, `${YES}${YES}`],
      [/go on\? \[y\/N\] /, typed],
    ];
    const words = ['run', '-i', stage.inventory, book, ...more];
    return terminals.start(words, join(stage.dir, 'state'), keys);
  }
  const lastRun = async (): Promise<string> => (await stage.zf(['runs'])).out.split('\n')[1]?.split(' ')[0] ?? '';

  it('asks there, and a yes typed after the question lets the same run go on', async () => {
    const { code, seen } = await rolled('yes', YES);
    expect(code, seen).to.equal(0);
    expect(seen).to.contain('wave 1 of "Roll" is over');
    expect(seen.match(/go on\? \[y\/N\]/g), seen).to.have.length(1);
    const journal = (await stage.zf(['show', await lastRun(), '--json'])).out;
    expect(journal).to.match(/"type":"answered".*"answer":"yes"/);
  });

  for (const [name, typed] of [
    ['no', ENTER],
    ['interrupt', CTRL_C],
    ['end', '\u0004'],
  ] as const)
    it(`stops as without a terminal after ${name}: exit 7, and resume is the yes`, async () => {
      const { code, seen } = await rolled(name, typed);
      expect(code, seen).to.equal(7);
      expect(seen).to.match(/to say it,\s+zoneferry resume/);
      expect(seen).to.not.contain('stopping');
      const again = await stage.zf(['resume', await lastRun(), '--yes']);
      expect(again.code, again.err).to.equal(0);
    });

  it('asks nobody with --yes', async () => {
    const { code, seen } = await rolled('unasked', YES, '--yes');
    expect(code, seen).to.equal(7);
    expect(seen).to.not.contain('go on?');
  });
});
