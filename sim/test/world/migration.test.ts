// What a zone and two hosts go through while it moves, and while a host boots.
import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { activeBe } from '../../world/fleet.ts';
import type { Fleet } from '../../world/fleet.ts';
import { makeFleet } from '../../world/make.ts';
import { move, prepare } from '../../world/migration.ts';
import { powerCut, shutDown } from '../../world/power.ts';
import { hostsOf, worldProblems, zonesDown } from '../../world/problems.ts';
import { readFleet } from '../../world/read.ts';
import { jumpingClock } from '../../os/clock.ts';
import type { Clock } from '../../os/program.ts';

/** The day of the seed story. */
const START = Date.UTC(2018, 1, 2, 1, 10);
const seedText = readFileSync(new URL('../../../clusters/seed.yaml', import.meta.url), 'utf8');

function world(): { fleet: Fleet; clock: Clock; problems: string[] } {
  const clock = jumpingClock(START);
  const fleet = makeFleet(readFleet(seedText), clock);
  const problems: string[] = [];
  fleet.onChange((f, t) => problems.push(...worldProblems(f).map(p => `${t.what}: ${p}`)));
  return { fleet, clock, problems };
}

async function migrate(fleet: Fleet, zone: string): Promise<string> {
  const from = fleet.host('nacaozumbi');
  const request = { zone, from, uri: 'ssh://root@bjork', user: 'root', overwrite: false };
  const prepared = await prepare(fleet, { ...request, wanted: () => true, say: () => undefined });
  if (prepared.is === 'failed') return `${prepared.operation}: ${prepared.text}`;
  const failure = await move(fleet, prepared);
  return failure === null ? 'moved' : `${failure.operation}: ${failure.text}`;
}

describe('a migration', () => {
  it('leaves the zone configured at the source and running at the destination, and at no moment on two hosts', async () => {
    const { fleet, problems } = world();
    expect(await migrate(fleet, 'evac1')).to.equal('moved');
    expect(activeBe(fleet.host('nacaozumbi')).index.get('evac1')?.state).to.equal('configured');
    expect(fleet.host('bjork').live.get('evac1')).to.include({ id: 57, state: 'running', aux: 'none' });
    expect(problems).to.deep.equal([]);
  });

  it('takes the memory at both ends while it runs', async () => {
    const { fleet } = world();
    const seen: string[] = [];
    fleet.onChange(f => {
      const aux = (host: string): string => f.host(host).live.get('evac1')?.aux ?? '-';
      seen.push(`${aux('nacaozumbi')} ${aux('bjork')}`);
    });
    await migrate(fleet, 'evac1');
    expect([...new Set(seen)]).to.deep.equal(['none migrating-in', 'migrating-out migrating-in', '- none']);
  });

  for (const at of [1, 4, 6, 20]) {
    it(`keeps the zone whole on exactly one host when the destination loses power ${at} s into it`, async () => {
      const { fleet, clock, problems } = world();
      const moving = migrate(fleet, 'evac1');
      await clock.sleep(at * 1000);
      powerCut(fleet, fleet.host('bjork'));
      await moving;
      await clock.sleep(600_000);
      expect(hostsOf(fleet, 'evac1')).to.have.length(1);
      expect(problems).to.deep.equal([]);
    });

    it(`keeps the zone whole on exactly one host when the source loses power ${at} s into it`, async () => {
      const { fleet, clock, problems } = world();
      const moving = migrate(fleet, 'evac1');
      await clock.sleep(at * 1000);
      powerCut(fleet, fleet.host('nacaozumbi'));
      await moving;
      await clock.sleep(600_000);
      expect(hostsOf(fleet, 'evac1')).to.have.length(1);
      expect(problems).to.deep.equal([]);
    });
  }

  it('is refused by a destination in maintenance', async () => {
    const { fleet } = world();
    fleet.fault('bjork', 'target-in-maintenance');
    expect(await migrate(fleet, 'evac1')).to.equal('ATTACH: attach prevented due to system maintenance: see sysadm(8)');
  });

  for (const [fault, answer] of [
    ['out-of-memory', /^BOOT: not enough memory/],
    ['rad-down', /^CONNECT: .*RAD on bjork/],
    ['target-unreachable', /^CONNECT: .*timed out/],
    ['auth-failure', /^CONNECT: .*Permission denied/],
    ['storage-missing', /^ATTACH: storage iscsi/],
    ['config-mismatch', /^CONFIG_CHECK: .*capped-memory:physical/],
  ] as const) {
    it(`fails with ${fault} and leaves the zone where it ran`, async () => {
      const { fleet } = world();
      fleet.fault('bjork', fault, { zone: 'evac1' });
      expect(await migrate(fleet, 'evac1')).to.match(answer);
      expect(fleet.host('nacaozumbi').live.get('evac1')).to.include({ id: 83, aux: 'none' });
      expect(fleet.host('bjork').live.has('evac1')).to.equal(false);
    });
  }
});

describe('a reboot', () => {
  it('takes the zones down with the host and boots those that ask for it', async () => {
    const { fleet, clock } = world();
    const host = fleet.host('nacaozumbi');
    const before = host.bootedAt;
    shutDown(fleet, host, { graceful: true, to: 'reboot' });
    await clock.sleep(5_000);
    expect(host).to.include({ power: 'stopping', port: 'open' });
    await clock.sleep(20_000);
    expect(host).to.include({ power: 'booting', port: 'closed' });
    await clock.sleep(120_000);
    expect(host).to.include({ power: 'up', port: 'open', boots: 1 });
    expect(host.bootedAt).to.be.greaterThan(before);
    expect(zonesDown(fleet)).to.deep.equal(['evac1', 'evac2', 'evac3']);
  });

  it('has sshd answering before multi-user-server is online', async () => {
    const { fleet, clock } = world();
    const host = fleet.host('bjork');
    const seen: string[] = [];
    fleet.onChange(() =>
      seen.push(`${host.port} ${host.services.get('svc:/milestone/multi-user-server:default')?.state ?? '-'}`),
    );
    shutDown(fleet, host, { graceful: true, to: 'reboot' });
    await clock.sleep(300_000);
    expect([...new Set(seen)]).to.deep.equal(['open offline', 'closed -', 'closed offline', 'open online']);
  });
});

describe('two migrations of one zone at once', () => {
  it('move it once', async () => {
    const { fleet, problems } = world();
    const answers = await Promise.all([migrate(fleet, 'evac1'), migrate(fleet, 'evac1'), migrate(fleet, 'evac1')]);
    expect(answers.filter(a => a === 'moved')).to.have.length(1);
    expect(problems).to.deep.equal([]);
  });

  it('move a halted one once', async () => {
    const { fleet, problems } = world();
    const answers = await Promise.all([migrate(fleet, 'evac4'), migrate(fleet, 'evac4')]);
    expect(answers.filter(a => a === 'moved')).to.have.length(1);
    expect(hostsOf(fleet, 'evac4')).to.deep.equal(['bjork']);
    expect(problems).to.deep.equal([]);
  });
});
