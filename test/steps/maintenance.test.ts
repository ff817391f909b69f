// Closing and opening a host: never on a guess, and never over another's window.
import { expect } from 'chai';
import { hostName, runId } from '../../src/model/ids.ts';
import { Fleet } from './fleet.ts';
import { Controller, RUN } from './perform.ts';

const MESSAGE = 'updating to new build';

function fleet(): Fleet {
  const all = new Fleet();
  all.add('nacaozumbi').zone('evac1').zone('evac2').zone('tzone1', { brand: 'solaris', state: 'installed' });
  all.add('bjork');
  return all;
}

/** evac1 is on bjork, the host closed by this run, its own record listing it. */
function emptied(): Controller {
  const all = fleet();
  all.host('nacaozumbi').zone('evac1', { state: 'configured' });
  all.host('nacaozumbi').maintenance = { user: 'root', date: '2026-11-20 22:00', message: `${MESSAGE} run ${RUN}` };
  all.host('nacaozumbi').record = [{ zone: 'evac1', state: 'EVACUATED', destination: 'ssh://root@bjork', error: '' }];
  all.host('bjork').zone('evac1');
  return new Controller(all).away('evac1', 'nacaozumbi', 'bjork');
}

describe('maintenance.begin', () => {
  it('closes an open host and signs the message with its run', async () => {
    const admin = new Controller(fleet());
    const end = await admin.perform('maintenance.begin', { message: MESSAGE });
    expect([end.outcome, end.result?.['closed_with']]).to.deep.equal(['changed', `${MESSAGE} run ${RUN}`]);
    expect(admin.fleet.host('nacaozumbi').maintenance?.message).to.equal(`${MESSAGE} run ${RUN}`);
  });

  it('changes nothing the second time', async () => {
    const admin = new Controller(fleet());
    await admin.perform('maintenance.begin', { message: MESSAGE });
    expect((await admin.perform('maintenance.begin', { message: MESSAGE })).outcome).to.equal('unchanged');
    expect(admin.fleet.host('nacaozumbi').did.length).to.equal(1);
  });

  it('is undone by opening the host', async () => {
    const admin = new Controller(fleet());
    const { undo } = await admin.perform('maintenance.begin', { message: MESSAGE });
    expect((await admin.undo(undo)).map(end => end.outcome)).to.deep.equal(['changed']);
    expect(admin.fleet.host('nacaozumbi').maintenance).to.equal(null);
  });

  it('takes over the window of a run that is over', async () => {
    const admin = emptied();
    const later = new Controller(admin.fleet, runId('99999999'));
    later.memory.windows[RUN] = 'ended';
    const end = await later.perform('maintenance.begin', { message: 'again' });
    expect([end.outcome, end.result?.['taken_over']]).to.deep.equal(['unchanged', RUN]);
  });

  for (const [whose, message, window, says] of [
    ["another admin's", 'DIMM swap', undefined, 'closed by root since 2026-11-20 22:00: DIMM swap'],
    ['a run started elsewhere', 'x run 12345678', undefined, 'has no journal here'],
    ['a run that is going on', 'x run 12345678', 'going-on', 'is going on right now'],
    ["a run whose journal can't be read", 'x run 12345678', 'unread', "is here and can't be read"],
  ] as const) {
    it(`refuses the window of ${whose}`, async () => {
      const admin = new Controller(fleet());
      admin.fleet.host('nacaozumbi').maintenance = { user: 'root', date: '2026-11-20 22:00', message };
      if (window !== undefined) admin.memory.windows['12345678'] = window;
      const end = await admin.perform('maintenance.begin', { message: MESSAGE });
      expect(end.outcome).to.equal('failed');
      expect(end.why).to.include(says);
    });
  }

  it('takes RAD down for unknown, not for open', async () => {
    const admin = new Controller(fleet());
    admin.fleet.host('nacaozumbi').rad = 'maintenance';
    const found = await admin.check('maintenance.begin', { message: MESSAGE });
    expect(found.is).to.equal('no-answer');
    expect(admin.fleet.host('nacaozumbi').did).to.deep.equal([]);
  });

  it('never runs while a row of an evacuation record is unaccounted for', async () => {
    const admin = new Controller(emptied().fleet);
    admin.fleet.host('nacaozumbi').maintenance = null;
    const end = await admin.perform('maintenance.begin', { message: MESSAGE });
    expect(end.outcome).to.equal('failed');
    expect(end.why).to.include('sysadm still lists evac1 as EVACUATED to ssh://root@bjork');
    expect(admin.fleet.host('nacaozumbi').did).to.deep.equal([]);
  });

  it('may start over a record whose zones are home again; it keeps the rows', async () => {
    const all = emptied().fleet;
    const home = all.host('nacaozumbi').zone('evac1');
    all.host('bjork').zone('evac1', { state: 'configured' });
    home.maintenance = null;
    home.record = [
      ...(home.record ?? []),
      { zone: 'evac2', state: 'FAILED', destination: 'ssh://root@bjork', error: 'x' },
    ];
    const end = await new Controller(all).perform('maintenance.begin', { message: MESSAGE });
    expect(end.outcome).to.equal('changed');
    expect(end.result?.['rows']).to.have.length(2);
  });

  it('never starts again while a zone that an earlier run sent away is away: sysadm would forget where it is', async () => {
    const all = emptied().fleet;
    all.host('nacaozumbi').maintenance = null;
    const admin = new Controller(all).away('evac1', 'nacaozumbi', 'bjork', { run: runId('99999999') });
    const end = await admin.perform('maintenance.begin', { message: MESSAGE });
    expect([end.outcome, all.host('nacaozumbi').did, all.host('nacaozumbi').record?.length]).to.deep.equal([
      'failed',
      [],
      1,
    ]);
    expect(end.why).to.include('evac1 is on bjork since run 99999999').and.include('bring it home first');
  });

  for (const [what, here, there, outcome] of [
    ['runs at home again', 'running', 'configured', 'changed'],
    ['is installed at home again and a mere configuration there', 'installed', 'configured', 'changed'],
    ['is installed at home and runs there', 'installed', 'running', 'failed'],
  ] as const) {
    it(`asks the hosts, not the journal alone: a zone that was brought home by hand and ${what}: ${outcome}`, async () => {
      const all = emptied().fleet;
      all.host('nacaozumbi').maintenance = null;
      all.host('nacaozumbi').zone('evac1', { state: here });
      all.host('bjork').zone('evac1', { state: there });
      const admin = new Controller(all).away('evac1', 'nacaozumbi', 'bjork', { run: runId('99999999') });
      expect((await admin.perform('maintenance.begin', { message: MESSAGE })).outcome).to.equal(outcome);
    });
  }

  it('cannot tell while the host is silent that the journal has the zone on', async () => {
    const all = emptied().fleet;
    all.host('nacaozumbi').maintenance = null;
    all.host('bjork').up = false;
    const admin = new Controller(all).away('evac1', 'nacaozumbi', 'bjork', { run: runId('99999999') });
    expect((await admin.check('maintenance.begin', { message: MESSAGE })).is).to.equal('no-answer');
    expect(all.host('nacaozumbi').did).to.deep.equal([]);
  });

  it('never starts again while zones of this very run are away', async () => {
    const admin = emptied();
    admin.fleet.host('nacaozumbi').maintenance = null;
    const end = await admin.perform('maintenance.begin', { message: MESSAGE });
    expect([end.outcome, admin.fleet.host('nacaozumbi').did]).to.deep.equal(['failed', []]);
  });

  for (const [what, hosts, outcome] of [
    ['may speak of this host', ['bjork', 'nacaozumbi'], 'failed'],
    ['may speak of any host', null, 'failed'],
    ['speaks of others alone', ['bjork'], 'changed'],
  ] as const) {
    it(`a journal that can't be read and ${what}: closing it ${outcome}`, async () => {
      const admin = new Controller(fleet());
      const hostsOfRun = hosts === null ? null : hosts.map(hostName);
      const folder = '/var/lib/zoneferry/runs/99999999';
      admin.memory.unread.push({ run: runId('99999999'), why: 'line 12 is damaged', folder, hosts: hostsOfRun });
      const end = await admin.perform('maintenance.begin', { message: MESSAGE });
      expect(end.outcome).to.equal(outcome);
      if (outcome === 'changed') return;
      expect(admin.fleet.host('nacaozumbi').did).to.deep.equal([]);
      expect(end.why).to.include("run 99999999 can't be read (line 12 is damaged)").and.include(`move ${folder} aside`);
      const fit = await admin.perform('preflight', { scope: 'update' });
      expect([fit.outcome, fit.why]).to.satisfy(
        ([is, why]: string[]) =>
          is === 'refused' && why?.includes('[evacuation-record] nacaozumbi: the journal of run 99999999'),
      );
    });
  }

  it("refuses a host that holds another host's zone", async () => {
    const admin = emptied();
    const end = await admin.perform('maintenance.begin', { message: MESSAGE }, 'bjork');
    expect(end.outcome).to.equal('failed');
    expect(end.why).to.include('holds evac1 of nacaozumbi');
  });

  it('refuses while somebody is evacuating the host', async () => {
    const admin = new Controller(fleet());
    admin.fleet.host('nacaozumbi').inProgress = true;
    expect((await admin.perform('maintenance.begin', { message: MESSAGE })).outcome).to.equal('failed');
  });

  for (const how of ['lost before', 'lost after'] as const) {
    it(`knows after a cut (${how}) whether the host was closed`, async () => {
      const admin = new Controller(fleet());
      admin.fleet.fault('nacaozumbi', /maintain -s/, how);
      const end = await admin.perform('maintenance.begin', { message: MESSAGE });
      expect(end.outcome).to.equal(how === 'lost after' ? 'changed' : 'failed');
    });
  }

  it('takes no message that sysadm could not print between its separators', () => {
    const admin = new Controller(fleet());
    expect(() => admin.args('maintenance.begin', { message: 'a: b' })).to.throw();
    expect(() => admin.args('maintenance.begin', { message: 'a\nb' })).to.throw();
  });
});

describe('maintenance.end', () => {
  it('opens a host whose zones are all where the journal says', async () => {
    const admin = emptied();
    const end = await admin.perform('maintenance.end', {});
    expect(end.outcome).to.equal('changed');
    expect(end.undo?.is).to.equal('barrier');
  });

  it('is undone by closing the host again when no zone is away', async () => {
    const admin = new Controller(fleet());
    await admin.perform('maintenance.begin', { message: MESSAGE });
    const { undo } = await admin.perform('maintenance.end', {});
    await admin.undo(undo);
    expect(admin.fleet.host('nacaozumbi').maintenance?.message).to.equal(`${MESSAGE} run ${RUN}`);
  });

  for (const [what, spoil, says] of [
    [
      'shows here as unavailable',
      (c: Controller) => c.fleet.host('nacaozumbi').zone('evac1', { state: 'unavailable' }),
      'unavailable here',
    ],
    [
      'shows here as installed',
      (c: Controller) => c.fleet.host('nacaozumbi').zone('evac1', { state: 'installed' }),
      'installed here',
    ],
    [
      'is down over there',
      (c: Controller) => c.fleet.host('bjork').zone('evac1', { state: 'installed' }),
      'installed on bjork, expected running',
    ],
    [
      'is still moving',
      (c: Controller) => c.fleet.host('bjork').zone('evac1', { aux: 'migrating-in' }),
      'migrating-in on bjork',
    ],
    [
      'vanished from its destination',
      (c: Controller) => c.fleet.host('bjork').zones.delete('evac1'),
      'absent on bjork',
    ],
  ] as const) {
    it(`keeps the host closed when a zone that is away ${what}`, async () => {
      const admin = emptied();
      spoil(admin);
      const end = await admin.perform('maintenance.end', {});
      expect(end.outcome).to.equal('failed');
      expect(end.why).to.include(says);
      expect(admin.fleet.host('nacaozumbi').did).to.deep.equal([]);
    });
  }

  it("takes a zone that is unavailable here only when the operator says the host's list is stale", async () => {
    const admin = emptied();
    admin.fleet.host('nacaozumbi').zone('evac1', { state: 'unavailable' });
    expect((await admin.perform('maintenance.end', { stale_index: 'accept' })).outcome).to.equal('changed');
  });

  it('looks also for zones that only sysadm knows to be away', async () => {
    const admin = new Controller(emptied().fleet);
    admin.fleet.host('bjork').zone('evac1', { state: 'installed' });
    const end = await admin.perform('maintenance.end', {});
    expect([end.outcome, end.why]).to.satisfy(
      ([outcome, why]: string[]) => outcome === 'failed' && why?.includes('on bjork'),
    );
  });

  it('keeps the host closed while a destination is silent', async () => {
    const admin = emptied();
    admin.fleet.host('bjork').up = false;
    expect((await admin.check('maintenance.end', {})).is).to.equal('no-answer');
  });

  it('refuses a window that is not ours', async () => {
    const admin = new Controller(fleet());
    admin.fleet.host('nacaozumbi').maintenance = { user: 'jdoe', date: '2026-11-20 22:00', message: 'DIMM swap' };
    const end = await admin.perform('maintenance.end', {});
    expect([end.outcome, admin.fleet.host('nacaozumbi').maintenance?.user]).to.deep.equal(['failed', 'jdoe']);
  });

  it('has nothing to do on an open host', async () => {
    expect((await new Controller(fleet()).perform('maintenance.end', {})).outcome).to.equal('unchanged');
  });
});
