// The doors of a lab follow its world: a host that goes down closes its port and cuts who is there, and it opens again
// with whatever host key the boot brought.
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { expect } from 'chai';
import type { Client } from 'ssh2';
import { Lab } from '../../lab/lab.ts';
import { putMachines } from '../../lab/machines.ts';
import type { ManualClock } from '../../os/clock.ts';
import { manualClock } from '../../os/clock.ts';
import { makeKeyPair, parseKey } from '../../ssh/keys.ts';
import type { Fleet } from '../../world/fleet.ts';
import { generateFleet } from '../../world/generate.ts';
import { makeFleet } from '../../world/make.ts';
import { shutDown } from '../../world/power.ts';
import { connected, failure, freePort, run } from '../ssh/rig.ts';

const SHUTDOWN_MS = 15_000;
const BOOT_MS = 600_000;

describe('doors of the lab', () => {
  const key = makeKeyPair('tester');
  let clock: ManualClock;
  let fleet: Fleet;
  let lab: Lab;
  const clients: Client[] = [];

  beforeEach(async () => {
    clock = manualClock(1.5e12);
    fleet = makeFleet(generateFleet({ hosts: 2, zones: 2, seed: 1 }), clock);
    putMachines(fleet);
    const firstPort = Math.min(await freePort(), 31_000);
    const complain = (): void => {};
    lab = await Lab.start({ fleet, key: parseKey(key.publicText), remembered: new Map(), firstPort, complain });
  });
  afterEach(() => {
    for (const client of clients.splice(0)) client.destroy();
    lab.close();
  });

  const login = async (host: string, seen?: string[]): Promise<Client> => {
    const client = await connected({
      host: '127.0.0.1',
      port: lab.ports.get(host) ?? 0,
      username: 'root',
      privateKey: key.privateText,
      hostVerifier: (raw: Buffer) => (seen?.push(createHash('sha256').update(raw).digest('hex')) ?? 0) >= 0,
    });
    clients.push(client);
    return client;
  };
  const goDown = async (): Promise<void> => {
    shutDown(fleet, fleet.host('zh01'), { graceful: true, to: 'reboot' });
    await clock.advance(SHUTDOWN_MS);
  };

  it('a host that goes down cuts its connections, idle ones too, and refuses new ones; others notice nothing', async () => {
    const [idle, busy, other] = [await login('zh01'), await login('zh01'), await login('zh02')];
    const cut = Promise.all([once(idle, 'close'), once(busy, 'close')]);
    const lost = run(busy, 'sleep 100000');
    expect((await run(other, 'true')).status).to.equal(0);
    await goDown();
    await cut;
    expect(await lost).to.include({ status: undefined, signal: undefined });
    expect(await failure(login('zh01'))).to.have.property('code', 'ECONNREFUSED');
    expect((await run(other, 'true')).status).to.equal(0);
  });

  it('still answers in the first seconds of a shutdown', async () => {
    shutDown(fleet, fleet.host('zh01'), { graceful: true, to: 'reboot' });
    await clock.advance(1000);
    expect((await run(await login('zh01'), 'echo still here')).out).to.equal('still here\n');
  });

  it('opens on the same port after the boot, with the same host key', async () => {
    const keys: string[] = [];
    await login('zh01', keys);
    await goDown();
    await clock.advance(BOOT_MS);
    expect((await run(await login('zh01', keys), 'true')).status).to.equal(0);
    expect(keys[0]).to.equal(keys[1]);
  });

  it('shows another host key after a boot with that fault', async () => {
    const keys: string[] = [];
    await login('zh01', keys);
    fleet.fault('zh01', 'host-key-changed');
    await goDown();
    await clock.advance(BOOT_MS);
    await login('zh01', keys);
    expect(keys[0]).to.not.equal(keys[1]);
  });

  it('stays shut when the host never comes back', async () => {
    fleet.fault('zh01', 'host-stays-down');
    await goDown();
    await clock.advance(BOOT_MS);
    expect(await failure(login('zh01'))).to.have.property('code', 'ECONNREFUSED');
  });

  it('a fault that cuts the line takes the connection, and the port stays open', async () => {
    fleet.fault('zh01', 'zoneadm-list-lost-before');
    expect(await run(await login('zh01'), 'zoneadm list')).to.include({ status: undefined, out: '' });
    expect((await run(await login('zh01'), 'zoneadm list')).status).to.equal(0);
  });

  it('gives every host a port of its own and its line in known_hosts', () => {
    const lines = lab.knownHosts().trimEnd().split('\n');
    expect(lines.map(line => line.split(' ')[0])).to.deep.equal(
      [...lab.ports.values()].map(port => `[127.0.0.1]:${port}`),
    );
    expect(new Set(lines).size).to.equal(2);
  });
});
