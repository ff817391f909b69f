// What preflight refuses before the first change, under which name, and which of it an operator may waive.
import { expect } from 'chai';
import type { Facts } from '../../src/model/facts.ts';
import { runId } from '../../src/model/ids.ts';
import { trusted } from '../../src/text/json.ts';
import { loadProgram } from '../../src/load/playbook/playbook.ts';
import { catalogue } from '../../src/steps/catalogue.ts';
import { fleet, memoryFiles } from '../load/kit.ts';
import { Fleet, GIB } from './fleet.ts';
import { Controller, RUN } from './perform.ts';

function controller(): Controller {
  const fleet = new Fleet();
  fleet.add('nacaozumbi').zone('evac1').zone('evac2');
  fleet.add('bjork');
  return new Controller(fleet);
}

const MOVES = [{ zone: 'evac1', to: 'bjork' }];
const MOVE = { scope: 'move', pairs: 'planned', moves: MOVES };
const home = (admin: Controller) => admin.fleet.host('nacaozumbi');
const there = (admin: Controller) => admin.fleet.host('bjork');

describe('preflight', () => {
  it('lets a fit host pass', async () => {
    for (const args of [{ scope: 'update' }, MOVE, { scope: 'return', pairs: 'record' }]) {
      const end = await controller().perform('preflight', args);
      expect([end.outcome, end.why]).to.deep.equal(['unchanged', `fit: ${args.scope}`]);
    }
  });

  it('of several hosts tells of each', async () => {
    const all = { scope: 'update', hosts: ['nacaozumbi', 'bjork'] };
    const fit = await controller().perform('preflight', all);
    expect([fit.outcome, fit.why]).to.deep.equal(['unchanged', 'fit: update']);
    const admin = controller();
    home(admin).rad = 'maintenance';
    there(admin).root = false;
    const end = await admin.perform('preflight', all);
    expect(end.outcome).to.equal('refused');
    expect(end.why).to.contain('[rad] nacaozumbi: RAD is maintenance').and.to.contain('[rights] bjork: user');
  });

  for (const [check, what, spoil, args, says] of [
    [
      'system',
      'another system',
      (c: Controller) => (home(c).release = '11.3.36.10.0'),
      MOVE,
      'not Oracle Solaris 11.4 (says 5.11 11.3.36.10.0)',
    ],
    [
      'rights',
      'missing rights',
      (c: Controller) => (home(c).root = false),
      MOVE,
      '"Zone Migration" (zoneadm migrate), "Zone Configuration" (zonecfg); usermod -P +"Maintenance and Repair,Zone Migration,Zone Configuration" jdoe',
    ],
    [
      'rights',
      'missing rights for pkg',
      (c: Controller) => (home(c).root = false),
      { scope: 'update' },
      'lacks profile "Software Installation"',
    ],
    [
      'rad',
      'RAD down',
      (c: Controller) => (home(c).rad = 'maintenance'),
      MOVE,
      "RAD is maintenance, sysadm can't be asked",
    ],
    [
      'maintenance-window',
      "another's maintenance",
      (c: Controller) => (home(c).maintenance = { user: 'jdoe', date: '2026-11-20 22:00', message: 'DIMM' }),
      MOVE,
      'closed by jdoe since 2026-11-20 22:00: DIMM',
    ],
    [
      'maintenance-window',
      'a closed destination',
      (c: Controller) => (there(c).maintenance = { user: 'jdoe', date: '2026-11-20 22:00', message: 'DIMM' }),
      MOVE,
      'bjork: closed by jdoe',
    ],
    [
      'evacuation-record',
      'an old record',
      (c: Controller) =>
        (home(c).record = [{ zone: 'evac9', state: 'EVACUATED', destination: 'ssh://root@bjork', error: '' }]),
      MOVE,
      'sysadm still lists evac9 as EVACUATED to ssh://root@bjork',
    ],
    [
      'zones-of-others',
      'a guest',
      (c: Controller) => c.away('evac2', 'bjork', 'nacaozumbi'),
      MOVE,
      'holds evac2 of bjork; bring it home first',
    ],
    [
      'zone-states',
      'a zone half way',
      (c: Controller) => home(c).zone('evac2', { state: 'unavailable' }),
      MOVE,
      'zone evac2 is unavailable',
    ],
    [
      'zone-states',
      'a suspended zone',
      (c: Controller) => home(c).zone('evac2', { state: 'installed', aux: 'suspended' }),
      MOVE,
      'zone evac2 is installed/suspended',
    ],
    [
      'zone-twice',
      'a zone up twice',
      (c: Controller) => there(c).zone('evac1', { state: 'installed' }),
      MOVE,
      'zone evac1 is running on nacaozumbi and installed on bjork',
    ],
    [
      'zones-movable',
      'local storage',
      (c: Controller) => home(c).zone('evac1', { storage: 'dev:/dev/zvol/dsk/rpool/x' }),
      MOVE,
      'dev:/dev/zvol/dsk/rpool/x',
    ],
    [
      'default-target',
      'a service-wide target',
      (c: Controller) => (home(c).defaultTarget = 'ssh://root@haukur'),
      MOVE,
      'the service default sends every zone',
    ],
    [
      'next-boot',
      'another next boot',
      (c: Controller) => other(c),
      { scope: 'update' },
      'other will boot next, not the running s11.4.80',
    ],
    [
      'newer-system',
      'a newer host',
      () => undefined,
      { scope: 'update', entire: '11.4-11.4.70' },
      'is newer (11.4.80.0.1.189.2), would be a downgrade',
    ],
    [
      'peer-login',
      'a host key that is missing here',
      (c: Controller) => home(c).strangers.push('bjork'),
      MOVE,
      'nacaozumbi -> bjork as root: Host key verification failed.',
    ],
    [
      'peer-login',
      'a host key that is missing there',
      (c: Controller) => there(c).strangers.push('nacaozumbi'),
      MOVE,
      'bjork -> nacaozumbi as root',
    ],
    [
      'processors',
      'another family',
      (c: Controller) => (there(c).arch = 'sparc'),
      MOVE,
      'bjork is sparc, nacaozumbi is i386',
    ],
    [
      'zone-configuration',
      'other storage under its name',
      (c: Controller) => there(c).zone('evac1', { state: 'configured', storage: 'iscsi://saison/luname.naa.1' }),
      MOVE,
      'evac1 exists on bjork with other storage',
    ],
    [
      'memory',
      'too little memory',
      (c: Controller) => (there(c).freeGiB = 1),
      MOVE,
      'needs 4.5 GiB, bjork can give 2 GiB',
    ],
  ] as const) {
    it(`refuses ${what} (${check})`, async () => {
      const admin = controller();
      spoil(admin);
      const end = await admin.perform('preflight', args);
      expect(end.outcome).to.equal('refused');
      expect(end.why).to.include(`[${check}] `).and.include(says);
    });
  }

  it('tells everything at once', async () => {
    const admin = controller();
    home(admin).rad = 'maintenance';
    there(admin).arch = 'sparc';
    const { why } = await admin.perform('preflight', MOVE);
    expect(why).to.include('[rad] ').and.include('[maintenance-window] ').and.include('[processors] ');
  });

  it('lets pass what may be waived, with its reason, and nothing else', async () => {
    const admin = controller();
    home(admin).zone('evac2', { state: 'unavailable' });
    const waive = [{ check: 'zone-states', reason: 'ticket 4711' }];
    const end = await admin.perform('preflight', { ...MOVE, waive });
    expect([end.outcome, end.result?.['waived']]).to.deep.equal([
      'unchanged',
      [{ check: 'zone-states', text: 'nacaozumbi: zone evac2 is unavailable', reason: 'ticket 4711' }],
    ]);
    home(admin).rad = 'maintenance';
    expect((await admin.perform('preflight', { ...MOVE, waive })).outcome).to.equal('refused');
  });

  it('takes no other name, and tells the nearest of those that may be waived', async () => {
    const files = {
      'site.yml': `- hosts: all
  tasks:
    - preflight: { scope: move, waive: [{ check: zone-state, reason: ticket 4711 }] }
    - preflight: { scope: move, waive: [{ check: rad, reason: ticket 4711 }] }
`,
    };
    const { diagnostics } = await loadProgram({
      ...{ files: memoryFiles(files), catalogue, playbooks: ['site.yml'], extra: {}, limit: null, tags: [] },
      ...{ skipTags: [], inventory: await fleet() },
    });
    expect(diagnostics.map(({ code, message, help }) => [code, message, ...help])).to.deep.equal([
      [
        'bad-argument',
        '"waive.0.check" must be one of evacuation-record, zones-of-others, zone-states, newer-system',
        'did you mean "zone-states"?',
      ],
      ['bad-argument', '"waive.0.check" must be one of evacuation-record, zones-of-others, zone-states, newer-system'],
    ]);
  });

  it('lets our own window pass for moves, but builds nothing on what a dead run left closed', async () => {
    const admin = controller();
    home(admin).maintenance = { user: 'root', date: '2026-11-20 22:00', message: `x run ${RUN}` };
    expect((await admin.perform('preflight', MOVE)).outcome).to.equal('unchanged');
    admin.memory.windows[RUN] = 'ended';
    expect((await admin.perform('preflight', { scope: 'update' })).why).to.include('resume it first');
  });

  /** As the host is born with it, once the whole fleet was observed. */
  async function observed(admin: Controller, reserve: Readonly<Record<string, number>> = {}) {
    const fleet: Record<string, Facts> = {};
    for (const host of admin.fleet.names)
      fleet[host] = trusted<Facts>((await admin.perform('facts', {}, host)).result?.['facts'] ?? null);
    const facts = fleet['nacaozumbi'] ?? null;
    return { facts, fleet, reserveBytes: (host: string) => reserve[host] ?? null };
  }

  for (const [what, name, storage, state, refused] of [
    ['is up there too', 'evac2', 'same', 'installed', true],
    ['is up there under another name', 'other', 'same', 'running', true],
    ['is a mere configuration there', 'evac2', 'same', 'configured', false],
    ['is an old index entry there', 'evac2', 'same', 'unavailable', false],
    ['shares nothing but the name with one there', 'evac2', 'iscsi://saison/luname.naa.1', 'running', false],
  ] as const) {
    it(`looks through the whole fleet: a zone that stays and ${what}, on a host that takes none (zone-twice)`, async () => {
      const admin = controller();
      const own = home(admin).zones.get('evac2')?.storage ?? '';
      admin.fleet
        .add('haukur')
        .zone(name, { state, storage: storage === 'same' ? own.toUpperCase().replace('ISCSI', 'iscsi') : storage });
      const end = await admin.perform('preflight', MOVE, 'nacaozumbi', await observed(admin));
      expect(end.outcome, end.why).to.equal(refused ? 'refused' : 'unchanged');
      if (refused)
        expect(end.why)
          .to.include('[zone-twice] zone evac2 is running on nacaozumbi and')
          .and.include(`${state} on haukur`);
    });
  }

  it('asks anew a host that had the zone up when the fleet was observed (zone-twice)', async () => {
    const admin = controller();
    const haukur = admin.fleet.add('haukur').zone('evac2');
    const before = await observed(admin);
    haukur.zone('evac2', { state: 'configured' });
    expect((await admin.perform('preflight', MOVE, 'nacaozumbi', before)).outcome).to.equal('unchanged');
    haukur.zone('evac2');
    expect((await admin.perform('preflight', MOVE, 'nacaozumbi', before)).why)
      .to.include('[zone-twice] ')
      .and.include('haukur');
  });

  it('leaves a destination what its inventory says it keeps for itself (memory)', async () => {
    const admin = controller();
    const all = 252 * GIB;
    expect((await admin.perform('preflight', MOVE, 'nacaozumbi', await observed(admin))).outcome).to.equal('unchanged');
    const end = await admin.perform('preflight', MOVE, 'nacaozumbi', await observed(admin, { bjork: all }));
    expect(end.why).to.include('[memory] evac1 -> bjork: needs 4.5 GiB, bjork can give 4 GiB');
    const own = await observed(admin, { nacaozumbi: all });
    expect((await admin.perform('preflight', MOVE, 'nacaozumbi', own)).outcome).to.equal('unchanged');
  });

  it('refuses an open host whose zones an earlier run left away, and lets pass one that is still closed by us', async () => {
    const admin = controller();
    home(admin).zone('evac1', { state: 'configured' });
    there(admin).zone('evac1');
    home(admin).record = [{ zone: 'evac1', state: 'EVACUATED', destination: 'ssh://root@bjork', error: '' }];
    admin.away('evac1', 'nacaozumbi', 'bjork', { run: runId('99999999') });
    const open = await admin.perform('preflight', { scope: 'move' });
    expect([open.outcome, open.why]).to.deep.equal([
      'refused',
      '[evacuation-record] nacaozumbi: evac1 is on bjork since run 99999999; bring it home first (zones.return, as in return.yml)',
    ]);
    home(admin).maintenance = { user: 'root', date: '2026-11-20 22:00', message: 'x run 99999999' };
    admin.memory.windows['99999999'] = 'ended';
    expect((await admin.perform('preflight', { scope: 'move' })).outcome).to.equal('unchanged');
  });

  it('looks at the way home from where the zones are', async () => {
    const admin = controller().away('evac3', 'nacaozumbi', 'bjork');
    there(admin).zone('evac3', { ramGiB: 64 });
    home(admin).freeGiB = 8;
    const end = await admin.perform('preflight', { scope: 'return', pairs: 'record' });
    expect(end.why).to.include('[memory] evac3 -> nacaozumbi: needs 67.5 GiB');
  });

  it('asks again, and refuses nothing, when the host itself is silent', async () => {
    const admin = controller();
    home(admin).up = false;
    expect((await admin.check('preflight', MOVE)).is).to.equal('no-answer');
  });
});

function other(admin: Controller): void {
  const be = home(admin).bes.get('s11.4.80');
  if (be === undefined) return;
  be.flags = 'N';
  home(admin).bes.set('other', { ...be, flags: 'R', uuid: 'be-x', mountpoint: '' });
}
