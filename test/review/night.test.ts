// What happens between a look and the change that rests on it, on a night on which others are at work too: each host
// is a little fleet in memory, and each step must look again at what its change could hurt.
import { expect } from 'chai';
import type { Facts } from '../../src/model/facts.ts';
import { hostName, runId, zoneName } from '../../src/model/ids.ts';
import type { BirthContext } from '../../src/model/step.ts';
import * as evacuate from '../../src/solaris/sysadm-evacuate.ts';
import { relayed } from '../../src/steps/sysadm-talk.ts';
import { trusted } from '../../src/text/json.ts';
import { Fleet, type MemoryHost } from '../steps/fleet.ts';
import { Controller, RUN } from '../steps/perform.ts';

const NEW = 's11.4.81-w48';
const OURS = { user: 'root', date: '2026-11-20 22:00', message: `x run ${RUN}` };

function night(): Controller {
  const fleet = new Fleet();
  fleet.add('nacaozumbi');
  fleet.add('bjork');
  fleet.add('haukur');
  return new Controller(fleet);
}

const home = (admin: Controller): MemoryHost => admin.fleet.host('nacaozumbi');

function built(admin: Controller): Controller {
  const created = Math.floor(admin.fleet.time / 1000) - 60;
  const level = '11.4-11.4.81.0.1.193.1';
  home(admin).bes.set(NEW, { uuid: 'be-81', flags: '', mountpoint: '', policy: 'static', created, entire: level });
  return admin;
}

async function born(admin: Controller): Promise<Partial<BirthContext>> {
  return { facts: trusted<Facts>((await admin.perform('facts', {})).result?.['facts'] ?? null) };
}

const did = (admin: Controller, word: string, host = 'nacaozumbi') =>
  admin.fleet.host(host).did.filter(line => line.includes(word));

describe('a reboot that is taken up hours later', () => {
  it('is refused while a kernel zone runs there: the gate before it was passed by another night', async () => {
    for (const [step, args] of [
      ['be.boot', { be_name: NEW }],
      ['host.reboot', {}],
    ] as const) {
      const admin = built(night());
      const context = await born(admin);
      home(admin).zone('evac1');
      const end = await admin.perform(step, args, 'nacaozumbi', context);
      expect([end.outcome, did(admin, 'shutdown')]).to.deep.equal(['failed', []]);
      expect(end.why).to.include('evac1');
    }
  });

  it('takes kernel zones down with the host only when the playbook says so; native ones go with it', async () => {
    const admin = built(night());
    home(admin).zone('evac1').zone('tzone1', { brand: 'solaris' });
    const end = await admin.perform('host.reboot', { kernel_zones: 'go_down' }, 'nacaozumbi', await born(admin));
    expect(end.outcome).to.equal('changed');
  });

  it('is not ordered again when the host came back in the old system and that one is activated already', async () => {
    const admin = built(night());
    const context = await born(admin);
    home(admin).bootTime = Math.floor(admin.fleet.time / 1000) - 600;
    const end = await admin.perform('be.boot', { be_name: NEW }, 'nacaozumbi', context);
    expect([end.outcome, did(admin, 'shutdown')]).to.deep.equal(['failed', []]);
    expect(end.why).to.include('booted since');
  });
});

describe('an evacuation that is taken up hours later', () => {
  const moves = [{ zone: 'evac1', to: 'bjork' }];

  it('sends nothing while somebody has set a default that sends other zones along', async () => {
    const admin = night();
    home(admin).maintenance = OURS;
    home(admin).zone('evac1').zone('pinned');
    home(admin).defaultTarget = 'ssh://root@haukur';
    const end = await admin.perform('zones.evacuate', { moves });
    expect(end.outcome).to.equal('failed');
    expect(admin.fleet.host('haukur').states()).to.deep.equal({});
    expect(did(admin, 'sysadm evacuate')).to.deep.equal([]);
  });
});

describe('a zone that is away', () => {
  it('is never booted at home, though the boot environment shows an old copy of it as installed', async () => {
    const admin = night().away('evac1', 'nacaozumbi', 'bjork');
    home(admin).zone('evac1', { state: 'installed' });
    admin.fleet.host('bjork').zone('evac1');
    const end = await admin.perform('zone.boot', { zone: 'evac1' });
    expect([end.outcome, did(admin, 'boot')]).to.deep.equal(['failed', []]);
    expect(end.why).to.include('bjork');
  });

  it('is not started among those that stayed, whatever an older run remembers', async () => {
    const admin = night().away('evac1', 'nacaozumbi', 'bjork').stayed('evac1', 'nacaozumbi');
    home(admin).zone('evac1', { state: 'installed' });
    admin.fleet.host('bjork').zone('evac1');
    const end = await admin.perform('zones.start_stayed', {});
    expect([end.outcome, did(admin, 'boot')]).to.deep.equal(['failed', []]);
  });

  it('in a record that no journal knows is not at home because an old copy shows as unavailable', async () => {
    const admin = night();
    home(admin).zone('evac1', { state: 'unavailable' });
    home(admin).record = [{ zone: 'evac1', state: 'EVACUATED', destination: 'ssh://root@bjork', error: '' }];
    const end = await admin.perform('maintenance.begin', { message: 'x' });
    expect([end.outcome, did(admin, 'maintain')]).to.deep.equal(['failed', []]);
  });
});

describe('the undo of a closing', () => {
  it('opens no window of another run, which closed the host in between', async () => {
    const admin = night();
    const { undo } = await admin.perform('maintenance.begin', { message: 'x' });
    admin.memory.windows['9999aaaa'] = 'ended';
    home(admin).maintenance = { ...OURS, message: `DIMM swap run ${runId('9999aaaa')}` };
    const [end] = await admin.undo(undo);
    expect([end?.outcome, home(admin).maintenance?.message]).to.deep.equal(['failed', 'DIMM swap run 9999aaaa']);
  });
});

describe('a stop in the middle of a migration', () => {
  it('leaves the command alone and only waits to hear so, since no sleep lasts any more', async () => {
    const admin = night();
    admin.stop = true;
    let sleeps = 0;
    const left = {
      is: 'no',
      refusal: { is: 'lost', command: 'sysadm', status: 'left alone', out: '', err: '' },
    } as const;
    let leave = (): void => undefined;
    const leaving = new Promise<typeof left>(resolve => (leave = () => resolve(left)));
    const doer = {
      ...admin.doer(hostName('nacaozumbi'), 'zones.evacuate'),
      do: () => leaving,
      sleep: async () => {
        sleeps += 1;
        if (sleeps > 100) throw new Error('it spins');
        if (sleeps === 1) setImmediate(leave);
      },
    };
    const watch = { budgetMs: 3_600_000, zones: ['evac1'] };
    const answer = await relayed(doer, evacuate.evacuate({ all: false, overwrite: false }), watch);
    expect([answer.is, sleeps]).to.deep.equal(['no', 1]);
  });
});

describe('targets that could not be put back', () => {
  it('stay in the ledger, so that the next return puts them back', async () => {
    const admin = night();
    home(admin).zone('evac1', { target: 'ssh://root@bjork' });
    const former = { zone: zoneName('evac1'), host: hostName('nacaozumbi'), target: 'ssh://root@haukur' };
    admin.memory.formerTargets.push(former);
    admin.fleet.fault('nacaozumbi', /svccfg/, { code: 1, err: 'svccfg: Permission denied.' }, 9);
    expect((await admin.perform('zones.return', {})).outcome).to.equal('failed');
    expect(admin.memory.formerTargets).to.deep.equal([former]);
  });
});

describe('an evacuation that shut native zones down', () => {
  it('boots them again when it is undone', async () => {
    const admin = night();
    home(admin).maintenance = OURS;
    home(admin).zone('evac1').zone('tzone1', { brand: 'solaris' });
    const { undo } = await admin.perform('zones.evacuate', { moves: [{ zone: 'evac1', to: 'bjork' }], native: 'stop' });
    expect(home(admin).states()).to.deep.equal({ evac1: 'configured', tzone1: 'installed' });
    home(admin).maintenance = null;
    await admin.undo(undo);
    expect(home(admin).states()).to.deep.equal({ evac1: 'running', tzone1: 'running' });
  });
});
