// A whole run by sudo, its password from the inventory: afterwards no byte of it is in anything the run wrote or said.
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { here, type Said } from '../cli/stage.ts';
import { freshServers } from './sshd.ts';
import { sudoer } from './sudoer.ts';

/** What stands in all files below a folder. */
function everything(folder: string): string {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map(name => join(folder, name))
    .filter(path => statSync(path).isFile())
    .map(path => `${path}\n${readFileSync(path, 'latin1')}`)
    .join('\n');
}

describe('a run by sudo', function () {
  this.timeout(60_000);
  const servers = freshServers();
  const joan = sudoer();

  async function zf(password: string, words: readonly string[], tasks: string): Promise<Said & { state: string }> {
    const folder = servers.folder();
    const { address, port, identityFiles, knownHosts, user } = joan.at(await servers.start());
    const host = [
      `address: ${address}, port: ${port}, user: ${user}, become_method: sudo`,
      `identity_file: ${identityFiles?.[0]}, known_hosts: ${knownHosts?.[0]}`,
      `ansible_become_password: ${JSON.stringify(password)}`,
    ];
    const [inventory, book] = [join(folder, 'hosts.yml'), join(folder, 'book.yml')];
    writeFileSync(inventory, `all: { hosts: { bjork: { ${host.join(', ')} } } }\n`);
    writeFileSync(book, `- { hosts: bjork, gather_facts: no, tasks: [ ${tasks} ] }\n`);
    const state = join(folder, 'state');
    const env = { ...process.env, ZONEFERRY_STATE: state, CI: '1' };
    return { ...(await here([...words, '-i', inventory, book], env)), state };
  }

  it('gets its rights, and leaves no byte of the password, though the host itself says it', async () => {
    joan.may('ALL=(ALL) ALL');
    const secret = join(servers.folder(), 'secret');
    writeFileSync(secret, joan.password);
    const tasks = `{ name: who, command: "id -un" }, { name: say, command: "cat ${secret}" }`;
    const run = await zf(joan.password, ['run', '--yes', '--json', '-v'], tasks);
    expect(run.code, run.err).to.equal(0);
    const left = everything(run.state);
    expect(left).to.contain('root').and.contain('journal.jsonl').and.contain('plan.json');
    for (const text of [run.out, run.err, left]) {
      expect(text).to.not.contain(joan.password);
      expect(text).to.not.contain(JSON.stringify(joan.password).slice(1, -1));
    }
  });

  it('with a wrong password touches nothing and says why', async () => {
    joan.may('ALL=(ALL) ALL');
    const run = await zf('mist', ['run', '--yes'], '{ name: who, command: "touch /root/never" }');
    expect(run.code, run.err).to.not.equal(0);
    expect(run.out + run.err).to.contain('wrong become password');
    expect(everything(run.state)).to.not.contain('mist');
  });

  it('-K with nobody to be asked is told before anything is touched', async () => {
    const run = await zf('mist', ['run', '--yes', '-K'], '{ name: who, command: id }');
    expect(run.code).to.equal(2);
    expect(run.err).to.contain('-K asks for a password, and nobody is here to be asked');
  });
});
