// The lab as an operator has it: a process with ports, files and a socket, that leaves nothing behind.
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { expect } from 'chai';
import type { Client, ConnectConfig } from 'ssh2';
import { parse } from 'yaml';
import { isAlive, readRecord } from '../../lab/record.ts';
import { connected, run } from '../ssh/rig.ts';

const PROGRAM = fileURLToPath(new URL('../../main.ts', import.meta.url));
const LOADER = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;

interface Ran {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

interface HostWords {
  readonly address: string;
  readonly port: number;
  readonly user: string;
  readonly identity_file: string;
}

describe('lab', function () {
  // Up to seven programs one after the other: twelve seconds on two processors that have ten others to serve.
  this.timeout(120_000);
  let base: string;
  let dir: string;
  const started: ChildProcess[] = [];
  const clients: Client[] = [];

  const start = (...words: readonly string[]): ChildProcess => {
    const stdio = ['ignore', 'pipe', 'pipe', 'ipc'] as const;
    const child = spawn(process.execPath, ['--import', LOADER, PROGRAM, ...words], { stdio: [...stdio] });
    started.push(child);
    return child;
  };
  const lab = async (...words: readonly string[]): Promise<Ran> => {
    const child = start(...words);
    const text = { out: '', err: '' };
    child.stdout?.on('data', (piece: Buffer) => (text.out += piece.toString()));
    child.stderr?.on('data', (piece: Buffer) => (text.err += piece.toString()));
    const [status] = (await once(child, 'close')) as [number | null];
    return { status, ...text };
  };
  const up = async (...words: readonly string[]): Promise<ChildProcess> => {
    const child = start('up', '--dir', dir, ...words);
    await once(child, 'message');
    return child;
  };
  const inventory = (): Record<string, HostWords> =>
    parse(readFileSync(join(dir, 'inventory.yml'), 'utf8')).zonehosts.hosts;
  const reach = (name: string): ConnectConfig => {
    const host = inventory()[name] as HostWords;
    const privateKey = readFileSync(join(dir, host.identity_file));
    return { host: host.address, port: host.port, username: host.user, privateKey };
  };
  const login = async (name: string): Promise<Client> => {
    const client = await connected(reach(name));
    clients.push(client);
    return client;
  };
  const answers = (port: number): Promise<boolean> =>
    new Promise(resolve => {
      const socket = createConnection(port, '127.0.0.1', () => resolve(true));
      socket.on('error', () => resolve(false));
      socket.on('connect', () => socket.destroy());
    });

  beforeEach(() => {
    base = mkdtempSync(join(tmpdir(), 'zf-lab-'));
    dir = join(base, 'lab');
  });
  afterEach(async () => {
    for (const client of clients.splice(0)) client.destroy();
    await lab('down', '--dir', dir);
    for (const child of started.splice(0)) child.kill();
    rmSync(base, { recursive: true, force: true });
  });

  it('up writes what a runner needs, and every host of the inventory lets it in', async () => {
    await up('--fleet', 'seed', '--speed', '20');
    expect(statSync(join(dir, 'id_ed25519')).mode & 0o777).to.equal(0o600);
    expect(Object.keys(inventory())).to.deep.equal(['nacaozumbi', 'bjork']);
    const known = readFileSync(join(dir, 'known_hosts'), 'utf8');
    for (const name of ['nacaozumbi', 'bjork']) {
      expect(inventory()[name]).to.include({ user: 'root', known_hosts: 'known_hosts', time_scale: 20 });
      expect(known).to.contain(`[127.0.0.1]:${inventory()[name]?.port} ssh-ed25519 `);
      expect(await run(await login(name), 'echo here; exit 3')).to.include({ out: 'here\n', status: 3 });
    }
  });

  it('world tells the true state of every host and zone', async () => {
    await up('--hosts', '2', '--zones', '5');
    const { out } = await lab('world', '--dir', dir);
    const { hosts } = JSON.parse(out) as { hosts: { name: string; up: boolean; boots: number; zones: unknown[] }[] };
    expect(hosts.map(host => host.name)).to.deep.equal(Object.keys(inventory()));
    expect(hosts.flatMap(host => host.zones)).to.have.lengthOf(5);
    expect(hosts[0]).to.include({ up: true, boots: 0, maintenance: null });
  });

  it('down closes every port, ends the process and removes what the lab wrote', async () => {
    const child = await up('--hosts', '2', '--zones', '1');
    const ports = Object.values(inventory()).map(host => host.port);
    const ended = once(child, 'exit');
    writeFileSync(join(dir, 'notes'), 'mine');
    expect(await lab('down', '--dir', dir)).to.include({ status: 0 });
    expect(await Promise.all(ports.map(answers))).to.deep.equal([false, false]);
    expect((await ended)[0]).to.equal(0);
    expect(readdirSync(dir)).to.deep.equal(['notes']);
  });

  it('up over a running lab is refused, and the running one goes on', async () => {
    await up('--hosts', '1', '--zones', '0');
    const second = await lab('up', '--dir', dir, '--hosts', '1');
    expect(second.status).to.equal(2);
    expect(second.err).to.contain('already runs').and.contain('lab down --dir');
    expect((await lab('world', '--dir', dir)).status).to.equal(0);
  });

  it('up in the folder of a lab that was killed takes its place and its ports', async () => {
    const child = await up('--hosts', '2', '--zones', '0');
    const before = inventory();
    const exit = once(child, 'exit');
    child.kill('SIGKILL');
    await exit;
    expect((await lab('world', '--dir', dir)).err).to.contain('no lab runs');
    await up('--hosts', '2', '--zones', '0');
    expect(inventory()).to.deep.equal(before);
  });

  it('ends with the one who started it, unless it was detached', async () => {
    const child = await up('--hosts', '1', '--zones', '0');
    const exit = once(child, 'exit');
    child.disconnect();
    expect((await exit)[0]).to.equal(0);

    const detached = await lab('up', '--dir', dir, '--hosts', '1', '--zones', '0', '--detach');
    expect(detached).to.include({ status: 0, err: '' });
    expect(detached.out).to.match(/^lab ready$/m);
    const record = readRecord(dir);
    expect(record !== null && isAlive(record)).to.equal(true);
    expect((await lab('down', '--dir', dir)).out).to.contain('is down');
    expect(record !== null && isAlive(record)).to.equal(false);
    expect(existsSync(dir)).to.equal(false);
  });

  it('works in a folder so deep that no socket could lie there', async () => {
    dir = join(dir, 'deep'.repeat(30));
    await up('--hosts', '1', '--zones', '0');
    expect((await lab('world', '--dir', dir)).status).to.equal(0);
    const socket = readRecord(dir)?.socket ?? '';
    expect(existsSync(socket)).to.equal(true);
    await lab('down', '--dir', dir);
    expect(existsSync(socket)).to.equal(false);
  });

  it('says which host or fault it does not know', async () => {
    await up('--hosts', '1', '--zones', '0');
    const [name = ''] = Object.keys(inventory());
    expect((await lab('fault', 'nobody', 'host-stays-down', '--dir', dir)).err).to.contain(name);
    const wrong = await lab('fault', name, 'no-such-fault', '--dir', dir);
    expect([wrong.status, wrong.err]).to.deep.equal([
      2,
      'zoneferry lab: no fault no-such-fault; `lab faults` lists them\n',
    ]);
    expect(await lab('fault', name, 'host-stays-down', '--dir', dir)).to.include({ status: 0 });
    expect((await lab('faults')).out).to.match(/^host-stays-down +\S/m);
  });

  it('says it in one line when its folder cannot be made', async () => {
    const file = join(dir, '..', 'file');
    writeFileSync(file, '');
    for (const more of [[], ['--detach']]) {
      const { status, err } = await lab('up', '--dir', join(file, 'lab'), '--hosts', '1', ...more);
      expect(status).to.equal(2);
      expect(err).to.match(/^zoneferry lab: .*file.*\n$/);
    }
  });

  it('names the file and the place of each mistake in a fleet file', async () => {
    const file = join(dir, '..', 'bad.yaml');
    writeFileSync(file, 'hosts: { a: { memory: lots } }\n');
    for (const more of [[], ['--detach']]) {
      const { status, err } = await lab('up', '--dir', dir, '--fleet', file, ...more);
      expect(status).to.equal(2);
      expect(err).to.contain(`${file}: fleet.hosts.a.memory`);
    }
  });
});
