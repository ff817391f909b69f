// A gate opens after good looks in a row, and stays shut with a reason.
import { expect } from 'chai';
import { trusted } from '../../src/text/json.ts';
import type { Facts } from '../../src/model/facts.ts';
import { Fleet } from './fleet.ts';
import { Controller, RUN } from './perform.ts';

function controller(): Controller {
  const fleet = new Fleet();
  fleet.add('nacaozumbi').zone('evac1').zone('tzone1', { brand: 'solaris', state: 'installed' });
  fleet.add('bjork');
  return new Controller(fleet);
}

/** evac1 runs on bjork, the host is closed. */
function emptied(): Controller {
  const admin = controller().away('evac1', 'nacaozumbi', 'bjork');
  const { fleet } = admin;
  fleet.host('nacaozumbi').zone('evac1', { state: 'configured' });
  fleet.host('nacaozumbi').maintenance = { user: 'root', date: '2026-11-20 22:00', message: `x run ${RUN}` };
  fleet.host('bjork').zone('evac1');
  return admin;
}

const gate = (checks: string[], more = {}) => ({ checks, within: '1m', every: '10s', ...more });

describe('facts', () => {
  it('reads the host anew, and the result is the facts', async () => {
    const end = await controller().perform('facts', {});
    const facts = trusted<Facts>(end.result?.['facts'] ?? null);
    expect(facts.unreadable).to.deep.equal([]);
    expect(facts.maintenance).to.deep.equal({ is: 'open' });
    expect(facts.zones.is === 'known' && facts.zones.value.map(zone => zone.name)).to.deep.equal(['evac1', 'tzone1']);
  });
});

describe('gate', () => {
  it('opens after as many good looks in a row as asked for', async () => {
    const admin = controller();
    const started = admin.fleet.time;
    const end = await admin.perform('gate', gate(['services', 'pools', 'rad'], { consecutive: 3 }));
    expect([end.outcome, end.result?.['looks'], admin.fleet.time - started]).to.deep.equal(['unchanged', 3, 20_000]);
  });

  it('counts from the start again after a bad look', async () => {
    const admin = controller();
    admin.fleet.host('nacaozumbi').services = [['maintenance', 'svc:/network/ntp:default']];
    admin.fleet.after(15_000, () => (admin.fleet.host('nacaozumbi').services = []));
    const end = await admin.perform('gate', gate(['services'], { consecutive: 2 }));
    expect([end.outcome, end.result?.['looks']]).to.deep.equal(['unchanged', 4]);
  });

  it('finishes a row of good looks that began in time, however slowly the host answers', async () => {
    const admin = controller();
    const end = await admin.perform('gate', gate(['pools'], { consecutive: 3, within: '15s' }));
    expect([end.outcome, end.result?.['looks']]).to.deep.equal(['unchanged', 3]);
  });

  it('stays shut with the reason when the host is sick until the end', async () => {
    const admin = controller();
    admin.fleet.host('nacaozumbi').pool = 'DEGRADED';
    const end = await admin.perform('gate', gate(['pools']));
    expect(end.outcome).to.equal('failed');
    expect(end.why).to.include('nacaozumbi: pool rpool DEGRADED');
  });

  it('takes no answer neither for healthy nor for sick', async () => {
    const admin = controller();
    admin.fleet.host('nacaozumbi').up = false;
    expect((await admin.check('gate', gate(['services']))).is).to.equal('no-answer');
    admin.fleet.host('nacaozumbi').up = true;
    admin.fleet.host('nacaozumbi').rad = 'maintenance';
    expect((await admin.check('gate', gate(['closed_by_us']))).is).to.equal('no-answer');
  });

  it('asks nothing of services that were unwell before', async () => {
    const admin = controller();
    admin.fleet.host('nacaozumbi').services = [['maintenance', 'svc:/site/old:default']];
    const { result } = await admin.perform('facts', {});
    const facts = trusted<Facts>(result?.['facts'] ?? null);
    const end = await admin.perform('gate', gate(['services'], { consecutive: 1 }), 'nacaozumbi', { facts });
    expect(end.outcome).to.equal('unchanged');
  });

  it('finds a zone accounted for when it is a mere configuration here and up over there', async () => {
    const admin = emptied();
    const checks = ['zones_accounted', 'zones_running', 'closed_by_us', 'no_running_kz', 'no_migrations_in_flight'];
    expect((await admin.perform('gate', gate(checks, { consecutive: 1 }))).outcome).to.equal('unchanged');
    admin.fleet.host('nacaozumbi').zone('evac1', { state: 'installed' });
    const end = await admin.perform('gate', gate(checks, { consecutive: 1 }));
    expect(end.why).to.include('evac1 is installed here, expected configured');
  });

  it('looks at the destinations when told to', async () => {
    const admin = emptied();
    const args = gate(['zones_running', 'memory_floor'], { on: 'destinations', consecutive: 1 });
    const end = await admin.perform('gate', args);
    expect([end.outcome, end.result?.['hosts']]).to.deep.equal(['unchanged', ['bjork']]);
    admin.fleet.host('bjork').zone('evac1', { state: 'installed' });
    expect((await admin.perform('gate', args)).why).to.include('evac1 is installed on bjork, expected running');
  });

  it('wants every zone that ran to run', async () => {
    const admin = controller();
    const { result } = await admin.perform('facts', {});
    const facts = trusted<Facts>(result?.['facts'] ?? null);
    admin.fleet.host('nacaozumbi').zone('evac1', { state: 'installed' });
    const end = await admin.perform('gate', gate(['zones_running']), 'nacaozumbi', { facts });
    expect(end.why).to.include('zone evac1 is installed, expected running');
  });

  for (const [check, spoil, says] of [
    ['no_running_kz', () => undefined, 'kernel zone evac1 is running'],
    ['closed_by_us', () => undefined, 'the host is open'],
    [
      'no_migrations_in_flight',
      (c: Controller) => (c.fleet.host('nacaozumbi').inProgress = true),
      'sysadm is evacuating',
    ],
    ['nobody_at_work', (c: Controller) => (c.fleet.host('nacaozumbi').atWork = ['4711 pkg update']), '4711 pkg update'],
    ['memory_floor', (c: Controller) => (c.fleet.host('nacaozumbi').freeGiB = 0), '1 GiB free, expected 2 GiB'],
    ['rad', (c: Controller) => (c.fleet.host('nacaozumbi').rad = 'offline'), 'RAD is offline'],
  ] as const) {
    it(`tells what is wrong: ${check}`, async () => {
      const admin = controller();
      spoil(admin);
      const end = await admin.perform('gate', gate([check], { consecutive: 1, floor: '2G' }));
      expect([end.outcome, end.why]).to.satisfy((found: string[]) => found[0] === 'failed' && found[1]?.includes(says));
    });
  }
});
