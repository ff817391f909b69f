// Bringing zones home: by sysadm, or zone by zone where the record is gone.
import { expect } from 'chai';
import { hostName, zoneName } from '../../src/model/ids.ts';
import type { Facts } from '../../src/model/facts.ts';
import { trusted } from '../../src/text/json.ts';
import { Fleet } from './fleet.ts';
import { Controller, RUN } from './perform.ts';

/** evac1 and evac2 are on bjork in the journal and in sysadm's record; the host is open again. */
function abroad(): Controller {
  const fleet = new Fleet();
  const home = fleet.add('nacaozumbi').zone('evac1', { state: 'configured' }).zone('evac2', { state: 'configured' });
  fleet.add('bjork').zone('evac1').zone('evac2');
  home.record = ['evac1', 'evac2'].map(zone => ({
    zone,
    state: 'EVACUATED',
    destination: 'ssh://root@bjork',
    error: '',
  }));
  return new Controller(fleet).away('evac1', 'nacaozumbi', 'bjork').away('evac2', 'nacaozumbi', 'bjork');
}

describe('zones.return', () => {
  it("brings every recorded zone home by sysadm's own return", async () => {
    const admin = abroad();
    const end = await admin.perform('zones.return', {});
    expect([end.outcome, admin.memory.away]).to.deep.equal(['changed', []]);
    expect(admin.fleet.host('nacaozumbi').did).to.deep.equal(['sysadm evacuate -r -v']);
    expect(end.result?.['migrated']).to.deep.include({
      zone: 'evac1',
      from: 'bjork',
      to: 'nacaozumbi',
      was: 'running',
    });
  });

  it('is a barrier: a zone that came home stays', async () => {
    expect((await abroad().perform('zones.return', {})).undo?.is).to.equal('barrier');
  });

  it("comes zone by zone from the destination when the host's record is gone", async () => {
    const admin = abroad();
    admin.fleet.host('nacaozumbi').record = null;
    expect((await admin.perform('zones.return', {})).outcome).to.equal('changed');
    expect(admin.fleet.host('bjork').did).to.deep.equal([
      'zoneadm -z evac1 migrate -t auto ssh://root@nacaozumbi',
      'zoneadm -z evac2 migrate -t auto ssh://root@nacaozumbi',
    ]);
  });

  it('tries again what failed, then fails with the zone where it runs; it never closes the host', async () => {
    const admin = abroad();
    admin.fleet.failing.set('evac2>nacaozumbi', 9);
    const end = await admin.perform('zones.return', { retry: { same_destination: 1, wait: '60s' } });
    expect(end.outcome).to.equal('failed');
    expect(end.why).to.include('evac2 is on bjork, running (sysadm says: not enough memory)');
    expect(admin.memory.away.map(one => one.zone)).to.deep.equal(['evac2']);
    expect(admin.fleet.host('nacaozumbi').maintenance).to.equal(null);
    expect(admin.fleet.host('bjork').states()['evac2']).to.equal('running');
  });

  it('brings a zone that went down over there with -a', async () => {
    const admin = abroad();
    admin.fleet.host('bjork').zone('evac2', { state: 'installed' });
    admin.memory.away = admin.memory.away.map(one => ({ ...one, was: one.zone === 'evac2' ? 'installed' : 'running' }));
    await admin.perform('zones.return', {});
    expect(admin.fleet.host('nacaozumbi').did[0]).to.equal('sysadm evacuate -r -a -v');
  });

  it('refuses while the host is closed', async () => {
    const admin = abroad();
    admin.fleet.host('nacaozumbi').maintenance = { user: 'root', date: '2026-11-20 22:00', message: `x run ${RUN}` };
    const end = await admin.perform('zones.return', {});
    expect([end.outcome, end.why]).to.deep.equal([
      'failed',
      'nacaozumbi: the host is closed; no zone can come in before maintenance.end',
    ]);
  });

  for (const how of ['lost before', 'lost after'] as const) {
    it(`looks where the zones are after a cut (${how})`, async () => {
      const admin = abroad();
      admin.fleet.fault('nacaozumbi', /evacuate -r/, how);
      expect((await admin.perform('zones.return', {})).outcome).to.equal('changed');
    });
  }

  it('puts the targets of before back when the last zone is home', async () => {
    const admin = abroad();
    const target = 'ssh://root@haukur';
    admin.memory.formerTargets.push({ zone: zoneName('evac1'), host: hostName('nacaozumbi'), target });
    const end = await admin.perform('zones.return', {});
    expect(admin.fleet.host('nacaozumbi').zones.get('evac1')?.refreshed).to.equal(target);
    expect([end.result?.['restored_targets'], admin.memory.formerTargets]).to.deep.equal([['evac1'], []]);
  });

  it('has nothing to do when nobody is away', async () => {
    const fleet = new Fleet();
    fleet.add('nacaozumbi').zone('evac1');
    expect((await new Controller(fleet).perform('zones.return', {})).outcome).to.equal('unchanged');
  });

  it('refuses a record that names a host outside of the run', async () => {
    const admin = abroad();
    admin.memory.away = [];
    admin.fleet
      .host('nacaozumbi')
      .record?.splice(0, 1, { zone: 'evac1', state: 'EVACUATED', destination: 'ssh://root@elsewhere', error: '' });
    expect((await admin.perform('zones.return', {})).why).to.include(
      'ssh://root@elsewhere, which is no host of this run',
    );
  });
});

describe('zones.start_stayed', () => {
  function stayed(): Controller {
    const fleet = new Fleet();
    fleet
      .add('nacaozumbi')
      .zone('tzone1', { brand: 'solaris', state: 'installed', failedBoot: true })
      .zone('tzone2', { state: 'installed' });
    return new Controller(fleet).stayed('tzone1', 'nacaozumbi').stayed('tzone2', 'nacaozumbi', 'installed');
  }

  it('clears and boots the zones that stayed and ran, and no other', async () => {
    const admin = stayed();
    const end = await admin.perform('zones.start_stayed', {});
    expect([end.outcome, end.result?.['started']]).to.deep.equal(['changed', ['tzone1']]);
    expect(admin.fleet.host('nacaozumbi').states()).to.deep.equal({ tzone1: 'running', tzone2: 'installed' });
  });

  it('refuses while the host is closed', async () => {
    const admin = stayed();
    admin.fleet.host('nacaozumbi').maintenance = { user: 'root', date: '2026-11-20 22:00', message: `x run ${RUN}` };
    expect((await admin.perform('zones.start_stayed', {})).why).to.include('boots no zone before maintenance.end');
  });
});

describe('zone.shutdown, zone.boot', () => {
  it('shuts down the zones that stayed, remembers them, and boots them when undone', async () => {
    const fleet = new Fleet();
    fleet.add('nacaozumbi').zone('tzone1', { brand: 'solaris' }).zone('guest');
    fleet.add('bjork').zone('guest', { state: 'configured' });
    const admin = new Controller(fleet).away('guest', 'bjork', 'nacaozumbi');
    const end = await admin.perform('zone.shutdown', { zones: 'stayed' });
    expect([end.outcome, end.result?.['stayed']]).to.deep.equal(['changed', [{ zone: 'tzone1', was: 'running' }]]);
    expect(fleet.host('nacaozumbi').states()).to.deep.equal({ tzone1: 'installed', guest: 'running' });
    await admin.undo(end.undo);
    expect(fleet.host('nacaozumbi').states()['tzone1']).to.equal('running');
  });

  it('never boots a zone that is a mere configuration here', async () => {
    const fleet = new Fleet();
    fleet.add('nacaozumbi').zone('evac1', { state: 'configured' });
    expect((await new Controller(fleet).perform('zone.boot', { zone: 'evac1' })).why).to.include(
      'evac1 is configured here',
    );
  });
});

describe('zone.attach, zone.detach', () => {
  it('let go of a zone and take it back', async () => {
    const fleet = new Fleet();
    fleet.add('nacaozumbi').zone('evac4', { state: 'installed' });
    const admin = new Controller(fleet);
    const end = await admin.perform('zone.detach', { zone: 'evac4' });
    expect(fleet.host('nacaozumbi').states()).to.deep.equal({ evac4: 'configured' });
    await admin.undo(end.undo);
    expect(fleet.host('nacaozumbi').states()).to.deep.equal({ evac4: 'installed' });
  });

  it('never attach a zone that runs elsewhere', async () => {
    const admin = abroad();
    const end = await admin.perform('zone.attach', { zone: 'evac1' });
    expect([end.outcome, admin.fleet.host('nacaozumbi').did]).to.deep.equal(['failed', []]);
  });
});

describe('zones.migrate', () => {
  it('moves one zone, and back when undone', async () => {
    const fleet = new Fleet();
    fleet.add('nacaozumbi').zone('evac1');
    fleet.add('bjork');
    const admin = new Controller(fleet);
    const end = await admin.perform('zones.migrate', { zone: 'evac1', to: 'bjork' }, 'nacaozumbi', {});
    expect([end.outcome, fleet.host('bjork').states()]).to.deep.equal(['changed', { evac1: 'running' }]);
    await admin.undo(end.undo);
    expect(fleet.host('nacaozumbi').states()).to.deep.equal({ evac1: 'running' });
  });
});

describe('zones.return of a play that says return: stay', () => {
  const migration = (zone: string, stays: boolean) => ({
    ...{ zone: zoneName(zone), from: hostName('nacaozumbi'), to: hostName('bjork') },
    ...{ bytes: 0, why: '', others: [], stays },
  });

  it('leaves the zones where they are, touches nothing, and tells the journal that they stay', async () => {
    const admin = abroad();
    const end = await admin.perform('zones.return', { return: 'stay' });
    expect([end.outcome, end.why, end.undo]).to.deep.equal([
      'unchanged',
      'evac1 stays on bjork; evac2 stays on bjork',
      null,
    ]);
    expect(end.result?.['stays']).to.deep.equal([
      { zone: 'evac1', at: 'bjork' },
      { zone: 'evac2', at: 'bjork' },
    ]);
    expect(admin.fleet.host('nacaozumbi').did).to.deep.equal([]);
    expect(admin.memory.away).to.deep.equal([]);
  });

  it('says of no zone that it stays where only half of it arrived', async () => {
    for (const state of ['unavailable', 'incomplete'] as const) {
      const admin = abroad();
      admin.fleet.host('bjork').zone('evac2', { state });
      const end = await admin.perform('zones.return', { return: 'stay' });
      expect(end.outcome, state).to.equal('failed');
      expect(end.why).to.include(`evac2 is ${state} on bjork`);
      expect(admin.memory.away.map(one => one.zone)).to.deep.equal(['evac1', 'evac2']);
    }
  });

  it('brings home one by one those that the plan wants home, since sysadm would bring all', async () => {
    const admin = abroad();
    const context = { migrations: [migration('evac1', true), migration('evac2', false)] };
    const end = await admin.perform('zones.return', {}, 'nacaozumbi', context);
    expect(end.outcome).to.equal('changed');
    expect(end.result?.['stays']).to.deep.equal([{ zone: 'evac1', at: 'bjork' }]);
    expect(admin.fleet.host('nacaozumbi').did).to.deep.equal([]);
    expect(admin.fleet.host('bjork').did).to.deep.equal(['zoneadm -z evac2 migrate -t auto ssh://root@nacaozumbi']);
  });

  it('heeds what the inventory says of a zone that an earlier run left away', async () => {
    const admin = abroad();
    const { facts } = (await admin.perform('facts', {})).result ?? {};
    const context = {
      facts: trusted<Facts>(facts ?? null),
      returns: (zone: string) => (zone === 'evac2' ? ('home' as const) : null),
    };
    const end = await admin.perform('zones.return', { return: 'stay' }, 'nacaozumbi', context);
    expect(end.result?.['stays']).to.deep.equal([{ zone: 'evac1', at: 'bjork' }]);
    expect(admin.fleet.host('nacaozumbi').states()).to.deep.include({ evac1: 'configured', evac2: 'running' });
  });

  it('says of no zone that it stays while the host is closed: opening it looks where each of them is', async () => {
    const admin = abroad();
    admin.fleet.host('nacaozumbi').maintenance = { user: 'root', date: '2026-11-20 22:00', message: `x run ${RUN}` };
    const end = await admin.perform('zones.return', { return: 'stay' });
    expect([end.outcome, end.why]).to.deep.equal([
      'failed',
      'nacaozumbi: the host is closed; nothing says that zones stay away before maintenance.end',
    ]);
    expect(admin.memory.away.map(one => one.zone)).to.deep.equal(['evac1', 'evac2']);
  });

  it('later finds nothing to bring home, whatever sysadm still lists', async () => {
    const admin = abroad();
    await admin.perform('zones.return', { return: 'stay' });
    expect((await admin.perform('zones.return', {})).outcome).to.equal('unchanged');
    expect(admin.fleet.host('bjork').did).to.deep.equal([]);
  });

  it('as the undo of an evacuation brings home what it names, whatever the play says', async () => {
    const admin = abroad();
    const zones = ['evac1', 'evac2'].map(zone => ({ zone, at: 'bjork' }));
    const end = await admin.perform('zones.return', { which: 'named', zones, return: 'stay' });
    expect(end.outcome).to.equal('changed');
    expect(admin.fleet.host('nacaozumbi').states()).to.deep.include({ evac1: 'running', evac2: 'running' });
  });

  it('lets the next campaign close the host: the rows of zones that stay are accounted for', async () => {
    const admin = abroad();
    const before = await admin.perform('maintenance.begin', { message: 'next month' });
    expect(before.why).to.contain('starting again would make sysadm forget it');
    await admin.perform('zones.return', { return: 'stay' });
    const next = await admin.perform('maintenance.begin', { message: 'next month' });
    expect([next.outcome, next.why]).to.deep.equal(['changed', next.why]);
    expect(next.result?.['rows']).to.have.length(2);
  });

  it('doesn’t account for a row that sends the zone somewhere else than the journal knows', async () => {
    const admin = abroad();
    await admin.perform('zones.return', { return: 'stay' });
    admin.memory.stays = admin.memory.stays.map(one => ({ ...one, at: hostName('elsewhere') }));
    expect((await admin.perform('maintenance.begin', { message: 'next month' })).outcome).to.equal('failed');
  });

  it('leaves the host where the zones are free to be closed: they are at home there', async () => {
    const admin = abroad();
    const first = await admin.perform('maintenance.begin', { message: 'x' }, 'bjork');
    expect(first.why).to.contain('bring it home first');
    await admin.perform('zones.return', { return: 'stay' });
    expect((await admin.perform('maintenance.begin', { message: 'x' }, 'bjork')).outcome).to.equal('changed');
  });

  it('has a gate look for its zones where they stay', async () => {
    const admin = abroad();
    await admin.perform('zones.return', { return: 'stay' });
    const gate = { checks: ['zones_running'], ran: ['evac1', 'evac2'], consecutive: 1 };
    expect((await admin.check('gate', gate)).is).to.equal('done');
    admin.fleet.host('bjork').zone('evac2', { state: 'installed' });
    expect((await admin.check('gate', gate)).is).not.to.equal('done');
  });
});
