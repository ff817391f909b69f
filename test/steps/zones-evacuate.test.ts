// Moving zones away: targets, batches, what is tried again, and the way back.
import { expect } from 'chai';
import { hostName, zoneName } from '../../src/model/ids.ts';
import type { Migration } from '../../src/model/plan.ts';
import { type Json, trusted } from '../../src/text/json.ts';
import type { Facts } from '../../src/model/facts.ts';
import { Fleet } from './fleet.ts';
import { Controller, RUN } from './perform.ts';

/** The seed's host, closed by this run: three running kernel zones, an installed one, a native one, two detached. */
function closed(): Controller {
  const fleet = new Fleet();
  fleet
    .add('nacaozumbi')
    .zone('evac1')
    .zone('evac2')
    .zone('evac3')
    .zone('evac4', { state: 'installed' })
    .zone('tzone1', { brand: 'solaris' })
    .zone('on-fixes', { state: 'configured' });
  fleet.add('bjork');
  fleet.add('haukur');
  fleet.host('nacaozumbi').maintenance = { user: 'root', date: '2026-11-20 22:00', message: `x run ${RUN}` };
  return new Controller(fleet);
}

const planned = ['evac1', 'evac2', 'evac3'].map(zone => ({ zone, to: 'bjork' }));
const evacuations = (admin: Controller) =>
  admin.fleet.host('nacaozumbi').did.filter(line => line.startsWith('sysadm evacuate'));

describe('zones.target', () => {
  it('makes every effective target what the plan says, and takes it from zones that stay', async () => {
    const admin = closed();
    const home = admin.fleet.host('nacaozumbi');
    home.zone('evac4', { state: 'installed', target: 'ssh://root@haukur' });
    const end = await admin.perform('zones.target', { moves: planned });
    expect(end.outcome).to.equal('changed');
    expect(['evac1', 'evac4', 'tzone1'].map(zone => home.zones.get(zone)?.refreshed)).to.deep.equal([
      'ssh://root@bjork',
      null,
      null,
    ]);
    expect((await admin.perform('zones.target', { moves: planned })).outcome).to.equal('unchanged');
  });

  it('puts former values back when undone', async () => {
    const admin = closed();
    const home = admin.fleet.host('nacaozumbi');
    home.zone('evac4', { state: 'installed', target: 'ssh://root@haukur' });
    const { undo } = await admin.perform('zones.target', { moves: planned });
    await admin.undo(undo);
    expect(['evac1', 'evac4'].map(zone => home.zones.get(zone)?.refreshed)).to.deep.equal([null, 'ssh://root@haukur']);
  });

  it('refuses a service-wide default, which would send zones that stay', async () => {
    const admin = closed();
    admin.fleet.host('nacaozumbi').defaultTarget = 'ssh://root@haukur';
    const end = await admin.perform('zones.target', { moves: planned });
    expect(end.outcome).to.equal('failed');
    expect(end.why).to.include('delprop evacuation/target');
  });

  it('sets a value again that was set but not refreshed before a cut', async () => {
    const admin = closed();
    admin.fleet.fault('nacaozumbi', /svcadm refresh/, 'lost before');
    expect((await admin.perform('zones.target', { moves: planned })).outcome).to.equal('failed');
    expect((await admin.perform('zones.target', { moves: planned })).outcome).to.equal('changed');
    expect(admin.fleet.host('nacaozumbi').zones.get('evac1')?.refreshed).to.equal('ssh://root@bjork');
  });

  it('gets its moves from the plan when it is born, those of its own host only', () => {
    const migration = (zone: string, from: string): Migration => ({
      zone: zoneName(zone),
      from: hostName(from),
      to: hostName('bjork'),
      bytes: 4 * 2 ** 30,
      why: '',
      others: [],
      stays: false,
    });
    const args = closed().args(
      'zones.target',
      {},
      { migrations: [migration('evac1', 'nacaozumbi'), migration('x', 'haukur')] },
    );
    expect(args['moves']).to.deep.equal([{ zone: 'evac1', to: 'bjork', gib: 4 }]);
  });
});

describe('zones.evacuate', () => {
  it('tells of a zone that an earlier run shut down behind the closed door that it ran before, and of no other', async () => {
    const was = async (prepare: (admin: Controller) => void): Promise<Json | undefined> => {
      const admin = closed();
      admin.fleet.host('nacaozumbi').zone('tzone1', { brand: 'solaris', state: 'installed' });
      prepare(admin);
      const end = await admin.perform('zones.evacuate', { moves: [] });
      const stayed = trusted<{ zone: string; was: string }[]>(end.result?.['stayed'] ?? null);
      return stayed.find(({ zone }) => zone === 'tzone1')?.was;
    };
    expect(await was(admin => admin.stayed('tzone1', 'nacaozumbi'))).to.equal('running');
    expect(await was(() => undefined)).to.equal('installed');
    const opened = await was(admin => {
      admin.stayed('tzone1', 'nacaozumbi').fleet.host('nacaozumbi').maintenance = null;
    });
    expect(opened, 'whoever opened the host meanwhile may have shut it down').to.equal('installed');
  });

  it('sends the planned zones and tells which moved and which stayed, as they were', async () => {
    const admin = closed();
    const end = await admin.perform('zones.evacuate', { moves: planned });
    expect(end.outcome).to.equal('changed');
    expect(end.result?.['migrated']).to.deep.equal(
      ['evac1', 'evac2', 'evac3'].map(zone => ({ zone, from: 'nacaozumbi', to: 'bjork', was: 'running' })),
    );
    expect(end.result?.['stayed']).to.deep.equal([
      { zone: 'evac4', was: 'installed' },
      { zone: 'tzone1', was: 'running' },
    ]);
    expect(admin.fleet.host('bjork').states()).to.deep.equal({ evac1: 'running', evac2: 'running', evac3: 'running' });
  });

  it('is judged by where the zones are, not by an exit status', async () => {
    const admin = closed();
    // The native zone that stays makes sysadm report a failure: the planned zones are away all the same.
    const end = await admin.perform('zones.evacuate', { moves: planned });
    expect(end.outcome).to.equal('changed');
    const lying = closed();
    lying.fleet.fault(
      'nacaozumbi',
      /sysadm evacuate -v/,
      { code: 0, out: 'sysadm: evacuation completed successfully.\n' },
      9,
    );
    expect((await lying.perform('zones.evacuate', { moves: planned })).outcome).to.equal('failed');
  });

  it('sends a batch at a time by giving targets to that batch only', async () => {
    const admin = closed();
    await admin.perform('zones.evacuate', { moves: planned, batch: 2 });
    expect(evacuations(admin)).to.have.length(2);
    expect(
      admin.fleet
        .host('nacaozumbi')
        .record?.filter(row => row.state === 'EVACUATED')
        .map(row => row.zone),
    ).to.have.members(['evac1', 'evac2', 'evac3']);
  });

  it('changes nothing the second time', async () => {
    const admin = closed();
    await admin.perform('zones.evacuate', { moves: planned });
    const did = evacuations(admin).length;
    expect((await admin.perform('zones.evacuate', { moves: planned })).outcome).to.equal('unchanged');
    expect(evacuations(admin)).to.have.length(did);
  });

  it('tries a zone that failed once more at the same destination', async () => {
    const admin = closed();
    admin.fleet.failing.set('evac2>bjork', 1);
    const end = await admin.perform('zones.evacuate', { moves: planned });
    expect([end.outcome, evacuations(admin).length]).to.deep.equal(['changed', 2]);
  });

  it('then takes another destination, if the plan names one', async () => {
    const admin = closed();
    admin.fleet.failing.set('evac2>bjork', 9);
    const end = await admin.perform('zones.evacuate', {
      moves: planned,
      retry: { same_destination: 1, other_destination: 1, wait: '30s' },
      alternatives: [{ zone: 'evac2', to: ['haukur'] }],
    });
    expect(end.outcome).to.equal('changed');
    expect(admin.fleet.host('haukur').states()).to.deep.equal({ evac2: 'running' });
    expect(admin.memory.away.find(one => one.zone === 'evac2')?.at).to.equal('haukur');
  });

  it('fails with the reason, and its result knows what did move', async () => {
    const admin = closed();
    admin.fleet.failing.set('evac2>bjork', 9);
    const end = await admin.perform('zones.evacuate', { moves: planned });
    expect(end.outcome).to.equal('failed');
    expect(end.why).to.include('evac2 is here, running (sysadm says: not enough memory)');
    expect(end.result?.['migrated']).to.have.length(2);
    expect(end.undo?.is).to.equal('steps');
  });

  it('sends nothing to a destination that somebody closed meanwhile', async () => {
    const admin = closed();
    admin.fleet.host('bjork').maintenance = { user: 'jdoe', date: '2026-11-20 23:00', message: 'DIMM swap' };
    const end = await admin.perform('zones.evacuate', { moves: planned });
    expect(JSON.stringify(admin.told)).to.include('bjork is closed by jdoe');
    expect(end.outcome).to.equal('failed');
    expect(evacuations(admin)).to.deep.equal([]);
  });

  it('refuses a zone that went down since it was planned to move live', async () => {
    const admin = closed();
    admin.fleet.host('nacaozumbi').zone('evac2', { state: 'installed' });
    const end = await admin.perform('zones.evacuate', { moves: planned });
    expect([end.outcome, evacuations(admin)]).to.deep.equal(['failed', []]);
    expect(end.why).to.include('evac2 was planned to move running, and is installed');
  });

  it('refuses a host that is open', async () => {
    const admin = closed();
    admin.fleet.host('nacaozumbi').maintenance = null;
    expect((await admin.perform('zones.evacuate', { moves: planned })).why).to.include('maintenance.begin');
  });

  for (const how of ['lost before', 'lost after'] as const) {
    it(`looks where the zones are after a cut (${how}), and goes on`, async () => {
      const admin = closed();
      admin.fleet.fault('nacaozumbi', /sysadm evacuate -v/, how);
      const end = await admin.perform('zones.evacuate', { moves: planned });
      expect([end.outcome, admin.memory.away.length]).to.deep.equal(['changed', 3]);
    });
  }

  it('waits for zones that are between two hosts and kills nothing', async () => {
    const admin = closed();
    const [home, there] = [admin.fleet.host('nacaozumbi'), admin.fleet.host('bjork')];
    home.zone('evac1', { aux: 'migrating-out' });
    there.zone('evac1', { aux: 'migrating-in' });
    expect((await admin.check('zones.evacuate', { moves: planned })).is).to.equal('no-answer');
    expect(home.did).to.deep.equal([]);
  });

  for (const [where, states] of [
    ['on both hosts', ['installed', 'installed']],
    ['on neither host', ['configured', 'configured']],
  ] as const) {
    it(`can't tell, and touches nothing, when a zone is ${where}`, async () => {
      const admin = closed();
      admin.fleet.host('nacaozumbi').zone('evac1', { state: states[0] });
      admin.fleet.host('bjork').zone('evac1', { state: states[1] });
      expect((await admin.check('zones.evacuate', { moves: planned })).is).to.equal('no-answer');
    });
  }

  it('shuts native zones down first when told to, and remembers that they ran', async () => {
    const admin = closed();
    const facts = trusted<Facts>((await admin.perform('facts', {})).result?.['facts'] ?? null);
    const end = await admin.perform('zones.evacuate', { moves: planned, native: 'stop' }, 'nacaozumbi', { facts });
    expect(end.result?.['stayed']).to.deep.include({ zone: 'tzone1', was: 'running' });
    expect(admin.fleet.host('nacaozumbi').zones.get('tzone1')?.state).to.equal('installed');
  });

  it('shuts a native zone down, or leaves it up, as the inventory says of it, whatever holds for the others', async () => {
    const standing = async (native: 'stop' | 'stay', ruled: 'stop' | 'stay') => {
      const admin = closed();
      const staying = [{ zone: zoneName('tzone1'), host: hostName('nacaozumbi'), why: 'native', ruled }];
      await admin.perform('zones.evacuate', { moves: planned, native }, 'nacaozumbi', { staying });
      return admin.fleet.host('nacaozumbi').zones.get('tzone1')?.state;
    };
    expect(await standing('stay', 'stop')).to.equal('installed');
    expect(await standing('stop', 'stay')).to.equal('running');
  });

  it('starts no further batch when the operator wants it to stop', async () => {
    const admin = closed();
    admin.stop = true;
    await admin.perform('zones.evacuate', { moves: planned });
    expect(evacuations(admin)).to.deep.equal([]);
  });

  it('tries each migration one by one for a dry run, and moves nothing', async () => {
    const admin = closed();
    await admin.perform('zones.evacuate', { moves: planned, dry_run: true });
    expect(admin.fleet.host('nacaozumbi').did.every(line => line.includes('migrate -n'))).to.equal(true);
    expect(admin.memory.away).to.deep.equal([]);
  });

  it('has nothing to try when no zone is to move', async () => {
    expect((await closed().check('zones.evacuate', { moves: [], dry_run: true })).is).to.equal('done');
  });

  it('waits for a dry run whose line was cut, and then tries again', async () => {
    const admin = closed();
    const home = admin.fleet.host('nacaozumbi');
    home.atWork = ['4711 /usr/sbin/zoneadm -z evac1 migrate -n -t auto ssh://root@bjork'];
    admin.fleet.host('bjork').zone('evac1', { aux: 'migrating-in' });
    admin.fleet.after(10 * 60_000, () => {
      home.atWork = [];
      admin.fleet.host('bjork').zones.delete('evac1');
    });
    const doer = admin.doer(hostName('nacaozumbi'), 'zones.evacuate');
    const args = admin.args('zones.evacuate', { moves: planned, dry_run: true });
    const applied = await admin.step('zones.evacuate').apply(args, {}, doer);
    expect(applied.is, JSON.stringify(applied)).to.equal('applied');
    expect(home.did.length).to.equal(3);
  });

  it('tries nothing where an earlier dry run left its receiver, and names it', async () => {
    const admin = closed();
    admin.fleet.host('nacaozumbi').atWork = ['4712 /usr/sbin/zoneadm -z evac2 migrate -n -t auto ssh://root@bjork'];
    admin.fleet.host('bjork').zone('evac1', { aux: 'migrating-in' });
    const end = await admin.perform('zones.evacuate', { moves: planned, dry_run: true });
    expect(end.why).to.include('evac1 is running/migrating-in on bjork, left behind');
    expect(admin.fleet.host('nacaozumbi').did).to.deep.equal([]);
  });

  it('is undone by bringing home whatever did leave, after the host is open again', async () => {
    const admin = closed();
    admin.fleet.failing.set('evac2>bjork', 9);
    const { undo } = await admin.perform('zones.evacuate', { moves: planned });
    for (const name of ['zones.evacuate', 'zones.target']) {
      expect(admin.step(name).undoNeeds, name).to.include('maintenance.begin');
    }
    expect((await admin.undo(undo))[0]?.why).to.include('maintenance.end');
    await admin.perform('maintenance.end', {});
    expect((await admin.undo(undo)).map(end => end.outcome)).to.deep.equal(['changed', 'unchanged']);
    expect(admin.fleet.host('nacaozumbi').states()).to.include({
      evac1: 'running',
      evac2: 'running',
      evac3: 'running',
    });
    expect(admin.memory.away).to.deep.equal([]);
  });
});
