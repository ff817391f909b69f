// The steps for boot environments: build, boot, prove, keep, destroy; and their way back.
import { expect } from 'chai';
import type { BirthContext } from '../../src/model/step.ts';
import type { Facts } from '../../src/model/facts.ts';
import { trusted } from '../../src/text/json.ts';
import { Fleet, type MemoryHost } from './fleet.ts';
import { Controller, RUN } from './perform.ts';

const NEW = 's11.4.81-w48';
const LEVEL = '11.4-11.4.81.0.1.193.1';
const UPDATE = { be_name: NEW, packages: [`entire@${LEVEL}`, '*'] };

function controller(): Controller {
  const fleet = new Fleet();
  fleet.add('nacaozumbi');
  return new Controller(fleet);
}

const hostOf = (admin: Controller): MemoryHost => admin.fleet.host('nacaozumbi');

/** NEW is built and doesn't run. */
function built(): Controller {
  const admin = controller();
  const created = Math.floor(admin.fleet.time / 1000) - 60;
  hostOf(admin).bes.set(NEW, { uuid: 'be-81', flags: '', mountpoint: '', policy: 'static', created, entire: LEVEL });
  hostOf(admin).history.push(['Succeeded', NEW]);
  return admin;
}

async function born(admin: Controller): Promise<Partial<BirthContext>> {
  return { facts: trusted<Facts>((await admin.perform('facts', {})).result?.['facts'] ?? null) };
}

const flags = (admin: Controller) => Object.fromEntries([...hostOf(admin).bes].map(([name, be]) => [name, be.flags]));
const updates = (admin: Controller) => hostOf(admin).did.filter(line => line.startsWith('pkg update'));

describe('be.update', () => {
  it('builds the new boot environment and does not activate it', async () => {
    const admin = controller();
    const end = await admin.perform('be.update', UPDATE);
    expect([end.outcome, end.result]).to.deep.equal([
      'changed',
      { be: NEW, built: true, pending: true, installed: '11.4-11.4.80.0.1.189.2' },
    ]);
    expect(flags(admin)).to.deep.equal({ 's11.4.80': 'NR', [NEW]: '' });
  });

  it('is pending, not changed, when the build was done in the afternoon', async () => {
    const end = await built().perform('be.update', UPDATE);
    expect([end.outcome, end.result?.['built'], end.result?.['pending']]).to.deep.equal(['unchanged', false, true]);
  });

  it('leaves a newer host as it is, unless a downgrade is allowed', async () => {
    const older = { ...UPDATE, packages: ['entire@11.4-11.4.70.0.1.1.1'] };
    const admin = controller();
    const end = await admin.perform('be.update', older);
    expect([end.outcome, end.why, end.result?.['pending']]).to.deep.equal([
      'unchanged',
      'already newer: 11.4-11.4.80.0.1.189.2',
      false,
    ]);
    expect((await admin.perform('be.update', { ...older, allow_downgrade: true })).outcome).to.equal('changed');
  });

  it('has nothing to do when the level runs already, named in full or in part', async () => {
    for (const level of ['11.4-11.4.80.0.1.189.2', '11.4-11.4.80', '11.4.80']) {
      const end = await controller().perform('be.update', { ...UPDATE, packages: [`entire@${level}`] });
      expect([end.outcome, end.result?.['pending']]).to.deep.equal(['unchanged', false]);
    }
  });

  it('asks pkg what is newest when no level is named', async () => {
    const admin = controller();
    hostOf(admin).pkgOffers = '11.4-11.4.80.0.1.189.2';
    const end = await admin.perform('be.update', { be_name: NEW, packages: ['*'] });
    expect([end.outcome, updates(admin)]).to.deep.equal(['unchanged', []]);
  });

  it('refuses a name in use that is not the very update wanted', async () => {
    const admin = built();
    hostOf(admin).history.length = 0;
    const end = await admin.perform('be.update', UPDATE);
    expect([end.outcome, updates(admin)]).to.deep.equal(['failed', []]);
    expect(end.why).to.include(`the name ${NEW} is in use`);
  });

  it('waits 60, 120 and 300 s while pkg is locked, then fails', async () => {
    const admin = controller();
    const { fleet } = admin;
    hostOf(admin).pkgStatuses.push(7, 7, 0);
    const started = fleet.time;
    expect((await admin.perform('be.update', UPDATE)).outcome).to.equal('changed');
    expect(fleet.time - started).to.equal(180_000);
    const busy = controller();
    hostOf(busy).pkgStatuses.push(7, 7, 7, 7);
    const end = await busy.perform('be.update', UPDATE);
    expect([end.outcome, updates(busy).length]).to.deep.equal(['failed', 4]);
    expect(end.why).to.include('another pkg is at work');
  });

  it('names the command to run when pkg itself is out of date', async () => {
    const admin = controller();
    hostOf(admin).pkgStatuses.push(10);
    expect((await admin.perform('be.update', UPDATE)).why).to.include('pkg install pkg:/package/pkg');
  });

  it('clears away the mounted clone of a failed update', async () => {
    const admin = controller();
    hostOf(admin).pkgStatuses.push(1);
    expect((await admin.perform('be.update', UPDATE)).outcome).to.equal('failed');
    expect(Object.keys(flags(admin))).to.deep.equal(['s11.4.80']);
  });

  it('clears away what a dead run left mounted, and builds anew; never one that may have been booted', async () => {
    const admin = built();
    Object.assign(hostOf(admin).bes.get(NEW) ?? {}, { mountpoint: '/tmp/tmpAbCdEf' });
    expect((await admin.perform('be.update', UPDATE)).outcome).to.equal('changed');
    const old = built();
    Object.assign(hostOf(old).bes.get(NEW) ?? {}, { mountpoint: '/mnt', created: hostOf(old).bootTime - 60 });
    expect((await old.perform('be.update', UPDATE)).outcome).to.equal('failed');
    expect(Object.keys(flags(old))).to.include(NEW);
  });

  it('looks after a cut whether it is still at work, and does not start a second one', async () => {
    const admin = controller();
    const host = hostOf(admin);
    host.atWork = [`4711 /usr/bin/python /usr/bin/pkg update --accept --be-name ${NEW} entire`];
    expect((await admin.check('be.update', UPDATE)).is).to.equal('no-answer');
    admin.fleet.fault('nacaozumbi', /pkg update --accept/, 'lost after');
    host.atWork = [];
    const end = await admin.perform('be.update', UPDATE);
    expect([end.outcome, updates(admin).length]).to.deep.equal(['changed', 1]);
  });

  it('repeats an update that a cut kept from starting', async () => {
    const admin = controller();
    admin.fleet.fault('nacaozumbi', /pkg update --accept/, 'lost before');
    expect((await admin.perform('be.update', UPDATE)).outcome).to.equal('changed');
  });

  it('is undone by destroying what it built', async () => {
    const admin = controller();
    const { undo } = await admin.perform('be.update', UPDATE);
    await admin.undo(undo);
    expect(flags(admin)).to.deep.equal({ 's11.4.80': 'NR' });
  });

  it('puts right what boots next before it destroys', async () => {
    const admin = controller();
    const { undo } = await admin.perform('be.update', UPDATE);
    await admin.perform('be.activate', { be_name: NEW });
    await admin.undo(undo);
    expect(flags(admin)).to.deep.equal({ 's11.4.80': 'NR' });
  });

  it('foresees what it would do, so that later steps can be planned', async () => {
    const { facts = null } = await born(controller());
    const step = controller().step('be.update');
    const seen = step.foresee(step.args().parse(UPDATE), facts);
    expect(seen.is === 'change' && seen.result['pending']).to.equal(true);
    const boot = controller().step('be.boot');
    expect(boot.foresee(boot.args().parse({ be_name: NEW }), seen.is === 'change' ? seen.facts : null).is).to.equal(
      'change',
    );
  });
});

describe('be.destroy', () => {
  it('leaves a boot environment that was ever active, when it is the undo of a build', async () => {
    const admin = controller();
    const { undo } = await admin.perform('be.update', UPDATE);
    admin.fleet.pass(60_000);
    await admin.perform('be.boot', { be_name: NEW });
    admin.fleet.pass(60_000);
    await admin.perform('be.boot', { be_name: 's11.4.80' });
    const [end] = await admin.undo(undo);
    expect([end?.outcome, end?.result?.['left']]).to.deep.equal(['unchanged', true]);
    expect(Object.keys(flags(admin))).to.include(NEW);
  });

  it('never destroys what runs or boots next', async () => {
    expect((await built().perform('be.destroy', { be_name: 's11.4.80' })).outcome).to.equal('failed');
  });
});

describe('be.boot', () => {
  it('activates, reboots, and believes it after a minute in the new boot', async () => {
    const admin = built();
    const end = await admin.perform('be.boot', { be_name: NEW }, 'nacaozumbi', await born(admin));
    expect([end.outcome, end.result?.['be'], end.result?.['from']]).to.deep.equal(['changed', NEW, 's11.4.80']);
    expect(flags(admin)).to.deep.equal({ 's11.4.80': '', [NEW]: 'NR' });
    expect(admin.fleet.time / 1000 - hostOf(admin).bootTime).to.be.at.least(60);
    expect((await admin.perform('be.boot', { be_name: NEW })).outcome).to.equal('unchanged');
  });

  it('goes back by booting the old one', async () => {
    const admin = built();
    const { undo } = await admin.perform('be.boot', { be_name: NEW }, 'nacaozumbi', await born(admin));
    expect((await admin.undo(undo)).map(end => end.outcome)).to.deep.equal(['changed', 'unchanged']);
    expect(flags(admin)).to.deep.equal({ 's11.4.80': 'NR', [NEW]: '' });
  });

  for (const [what, unwell, outcomes] of [
    ['is well in the old one', {}, ['changed', 'unchanged']],
    ['is unwell there', { after: 'svc:/network/ntp:default' }, ['changed', 'failed']],
    ['was unwell before', { before: 'svc:/network/ntp:default' }, ['changed', 'unchanged']],
  ] as const) {
    it(`going back ends at a gate while zones are away: a host that ${what}`, async () => {
      const admin = built().away('evac1', 'nacaozumbi', 'bjork');
      hostOf(admin).zone('evac1', { state: 'configured' });
      admin.fleet.add('bjork').zone('evac1');
      if ('before' in unwell) hostOf(admin).services.push(['maintenance', unwell.before]);
      const { undo } = await admin.perform('be.boot', { be_name: NEW }, 'nacaozumbi', await born(admin));
      if ('after' in unwell) hostOf(admin).services.push(['maintenance', unwell.after]);
      expect((await admin.undo(undo)).map(end => end.outcome)).to.deep.equal(outcomes);
    });
  }

  it('going back asks no gate when no zone waits for the host: there is nothing to keep from it', async () => {
    const admin = built();
    const { undo } = await admin.perform('be.boot', { be_name: NEW }, 'nacaozumbi', await born(admin));
    hostOf(admin).services.push(['maintenance', 'svc:/network/ntp:default']);
    expect((await admin.undo(undo)).map(end => end.outcome)).to.deep.equal(['changed', 'unchanged']);
  });

  it('only activates what runs already but would not boot next', async () => {
    const admin = built();
    await admin.perform('be.activate', { be_name: NEW });
    const end = await admin.perform('be.boot', { be_name: 's11.4.80' });
    expect([end.outcome, hostOf(admin).did.includes('shutdown -y -g 0 -i 6')]).to.deep.equal(['changed', false]);
  });

  it('takes an old boot that still answers SSH for no reboot', async () => {
    const admin = built();
    admin.fleet.fault('nacaozumbi', /shutdown/, { code: 0, out: 'Shutdown started.\n' }, 9);
    const end = await admin.perform('be.boot', { be_name: NEW, timeout: '10m' }, 'nacaozumbi', await born(admin));
    expect(end.outcome).to.equal('failed');
    expect(end.why).to.include('the old boot still answers after 10m');
  });

  it('came back in the old one by itself: activates that one and reboots no second time', async () => {
    const admin = built();
    hostOf(admin).nextBoot = { be: 's11.4.80' };
    const end = await admin.perform('be.boot', { be_name: NEW }, 'nacaozumbi', await born(admin));
    expect(end.outcome).to.equal('failed');
    expect(end.why).to.include('came back in s11.4.80 by itself; s11.4.80 is activated again');
    expect(flags(admin)).to.deep.equal({ 's11.4.80': 'NR', [NEW]: '' });
    expect(hostOf(admin).did.filter(line => line.startsWith('shutdown'))).to.have.length(1);
  });

  it('knows after a crash that the host came back in the old one, and does not reboot it again', async () => {
    const admin = built();
    const context = await born(admin);
    await admin.perform('be.activate', { be_name: NEW });
    hostOf(admin).bootTime = Math.floor(admin.fleet.time / 1000);
    const end = await admin.perform('be.boot', { be_name: NEW }, 'nacaozumbi', context);
    expect(end.why).to.include('came back in s11.4.80 by itself');
    expect(hostOf(admin).did.some(line => line.startsWith('shutdown'))).to.equal(false);
  });

  it('stays unknown when the host never comes back', async () => {
    const admin = built();
    hostOf(admin).nextBoot = { never: true };
    const end = await admin.perform('be.boot', { be_name: NEW }, 'nacaozumbi', await born(admin));
    expect(end.outcome).to.equal('unknown');
  });

  it('fails when the new one comes up sick', async () => {
    const admin = built();
    hostOf(admin).nextBoot = { multiUser: 'offline*' };
    const end = await admin.perform('be.boot', { be_name: NEW, timeout: '15m' }, 'nacaozumbi', await born(admin));
    expect(end.why).to.include('multi-user-server is offline*');
    expect(end.undo?.is).to.equal('steps');
  });

  it('is a barrier when zones that share the kernel run in the new one as soon as it boots', async () => {
    const admin = built();
    hostOf(admin).zone('tzone1', { brand: 'solaris' });
    expect((await admin.perform('be.boot', { be_name: NEW }, 'nacaozumbi', await born(admin))).undo?.is).to.equal(
      'barrier',
    );
    const accepted = built();
    hostOf(accepted).zone('tzone1', { brand: 'solaris' });
    const args = { be_name: NEW, accept_loss: ['tzone1'] };
    expect((await accepted.perform('be.boot', args, 'nacaozumbi', await born(accepted))).undo?.is).to.equal('steps');
  });

  it('does not go back over what a native zone wrote in the new one', async () => {
    const admin = built();
    hostOf(admin).zone('tzone1', { brand: 'solaris', state: 'installed' });
    hostOf(admin).maintenance = { user: 'root', date: '2026-11-20 22:00', message: `x run ${RUN}` };
    const { undo } = await admin.perform('be.boot', { be_name: NEW }, 'nacaozumbi', await born(admin));
    hostOf(admin).zone('tzone1', { brand: 'solaris' });
    const [end] = await admin.undo(undo);
    expect([end?.outcome, end?.why]).to.satisfy(
      (found: string[]) => found[0] === 'failed' && found[1]?.includes('tzone1 ran'),
    );
  });

  it('believes no boot that is followed by another one', async () => {
    const admin = built();
    admin.fleet.after(150_000, () => {
      hostOf(admin).bootTime = Math.floor(admin.fleet.time / 1000);
    });
    await admin.perform('be.boot', { be_name: NEW }, 'nacaozumbi', await born(admin));
    expect(admin.fleet.time / 1000 - hostOf(admin).bootTime).to.be.at.least(60);
  });
});

describe('host.reboot', () => {
  it('is not put back, but nothing before it is before the host passes a gate, while zones are away', async () => {
    const admin = controller().away('evac1', 'nacaozumbi', 'bjork');
    hostOf(admin).zone('evac1', { state: 'configured' });
    admin.fleet.add('bjork').zone('evac1');
    const { undo } = await admin.perform('host.reboot', {}, 'nacaozumbi', await born(admin));
    hostOf(admin).services.push(['maintenance', 'svc:/network/ntp:default']);
    expect((await admin.undo(undo)).map(end => end.outcome)).to.deep.equal(['failed']);
  });

  it('reboots once, and knows its own boot after a crash', async () => {
    const admin = controller();
    const context = await born(admin);
    expect((await admin.perform('host.reboot', {}, 'nacaozumbi', context)).outcome).to.equal('changed');
    expect((await admin.perform('host.reboot', {}, 'nacaozumbi', context)).outcome).to.equal('unchanged');
    expect(hostOf(admin).did).to.deep.equal(['shutdown -y -g 0 -i 6']);
  });

  it('refuses when another boot environment would boot', async () => {
    const admin = built();
    await admin.perform('be.activate', { be_name: NEW });
    expect((await admin.perform('host.reboot', {}, 'nacaozumbi', await born(admin))).why).to.include('use be.boot');
  });

  it('host.wait waits until the host is up', async () => {
    const admin = controller();
    hostOf(admin).up = false;
    admin.fleet.after(60_000, () => (hostOf(admin).up = true));
    expect((await admin.perform('host.wait', {})).outcome).to.equal('unchanged');
  });
});

describe('be.keep, be.create, be.activate', () => {
  it('keep the way back bootable, and put the policy back', async () => {
    const admin = controller();
    const { undo } = await admin.perform('be.keep', {});
    expect(hostOf(admin).bes.get('s11.4.80')?.policy).to.equal('static,noevict');
    await admin.undo(undo);
    expect(hostOf(admin).bes.get('s11.4.80')?.policy).to.equal('static');
  });

  it('are undone', async () => {
    const admin = built();
    const created = await admin.perform('be.create', { be_name: 'try' });
    const activated = await admin.perform('be.activate', { be_name: NEW });
    await admin.undo(activated.undo);
    await admin.undo(created.undo);
    expect(flags(admin)).to.deep.equal({ 's11.4.80': 'NR', [NEW]: '' });
  });
});
