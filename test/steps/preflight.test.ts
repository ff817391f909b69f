import { expect } from 'chai';
import type { Facts } from '../../src/model/facts.ts';
import { runId } from '../../src/model/ids.ts';
import { trusted } from '../../src/text/json.ts';
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

  for (const [row, what, spoil, args, says] of [
    [
      1,
      'another system',
      (c: Controller) => (home(c).release = '11.3.36.10.0'),
      MOVE,
      'not Oracle Solaris 11.4 (says 5.11 11.3.36.10.0)',
    ],
    [2, 'missing rights', (c: Controller) => (home(c).root = false), MOVE, 'user jdoe lacks profile "Zone Migration"'],
    [
      2,
      'missing rights for pkg',
      (c: Controller) => (home(c).root = false),
      { scope: 'update' },
      'lacks profile "Software Installation"',
    ],
    [
      3,
      'RAD down',
      (c: Controller) => (home(c).rad = 'maintenance'),
      MOVE,
      "RAD is maintenance, sysadm can't be asked",
    ],
    [
      4,
      "another's maintenance",
      (c: Controller) => (home(c).maintenance = { user: 'jdoe', date: '2026-11-20 22:00', message: 'DIMM' }),
      MOVE,
      'closed by jdoe since 2026-11-20 22:00: DIMM',
    ],
    [
      4,
      'a closed destination',
      (c: Controller) => (there(c).maintenance = { user: 'jdoe', date: '2026-11-20 22:00', message: 'DIMM' }),
      MOVE,
      'bjork: closed by jdoe',
    ],
    [
      5,
      'an old record',
      (c: Controller) =>
        (home(c).record = [{ zone: 'evac9', state: 'EVACUATED', destination: 'ssh://root@bjork', error: '' }]),
      MOVE,
      'sysadm still lists evac9 as EVACUATED to ssh://root@bjork',
    ],
    [
      6,
      'a guest',
      (c: Controller) => c.away('evac2', 'bjork', 'nacaozumbi'),
      MOVE,
      'holds evac2 of bjork; bring it home first',
    ],
    [
      7,
      'a zone half way',
      (c: Controller) => home(c).zone('evac2', { state: 'unavailable' }),
      MOVE,
      'zone evac2 is unavailable',
    ],
    [
      7,
      'a suspended zone',
      (c: Controller) => home(c).zone('evac2', { state: 'installed', aux: 'suspended' }),
      MOVE,
      'zone evac2 is installed/suspended',
    ],
    [
      8,
      'a zone up twice',
      (c: Controller) => there(c).zone('evac1', { state: 'installed' }),
      MOVE,
      'zone evac1 is running on nacaozumbi and installed on bjork',
    ],
    [
      9,
      'local storage',
      (c: Controller) => home(c).zone('evac1', { storage: 'dev:/dev/zvol/dsk/rpool/x' }),
      MOVE,
      'dev:/dev/zvol/dsk/rpool/x',
    ],
    [
      12,
      'a service-wide target',
      (c: Controller) => (home(c).defaultTarget = 'ssh://root@haukur'),
      MOVE,
      'the service default sends every zone',
    ],
    [
      17,
      'another next boot',
      (c: Controller) => other(c),
      { scope: 'update' },
      'other will boot next, not the running s11.4.80',
    ],
    [
      20,
      'a newer host',
      () => undefined,
      { scope: 'update', entire: '11.4-11.4.70' },
      'is newer (11.4.80.0.1.189.2), would be a downgrade',
    ],
    [
      33,
      'a host key that is missing here',
      (c: Controller) => home(c).strangers.push('bjork'),
      MOVE,
      'nacaozumbi -> bjork as root: Host key verification failed.',
    ],
    [
      33,
      'a host key that is missing there',
      (c: Controller) => there(c).strangers.push('nacaozumbi'),
      MOVE,
      'bjork -> nacaozumbi as root',
    ],
    [36, 'another family', (c: Controller) => (there(c).arch = 'sparc'), MOVE, 'bjork is sparc, nacaozumbi is i386'],
    [
      40,
      'other storage under its name',
      (c: Controller) => there(c).zone('evac1', { state: 'configured', storage: 'iscsi://saison/luname.naa.1' }),
      MOVE,
      'evac1 exists on bjork with other storage',
    ],
    [41, 'too little memory', (c: Controller) => (there(c).freeGiB = 1), MOVE, 'needs 4.5 GiB, bjork can give 2 GiB'],
  ] as const) {
    it(`refuses ${what} (row ${row})`, async () => {
      const admin = controller();
      spoil(admin);
      const end = await admin.perform('preflight', args);
      expect(end.outcome).to.equal('refused');
      expect(end.why).to.include(`[${row}] `).and.include(says);
    });
  }

  it('tells everything at once', async () => {
    const admin = controller();
    home(admin).rad = 'maintenance';
    there(admin).arch = 'sparc';
    const { why } = await admin.perform('preflight', MOVE);
    expect(why).to.include('[3] ').and.include('[4] ').and.include('[36] ');
  });

  it('lets pass what may be waived, with its reason, and nothing else', async () => {
    const admin = controller();
    home(admin).zone('evac2', { state: 'unavailable' });
    const waive = [7, 3].map(row => ({ row, reason: 'ticket 4711' }));
    const end = await admin.perform('preflight', { ...MOVE, waive });
    expect([end.outcome, end.result?.['waived']]).to.deep.equal([
      'unchanged',
      [{ row: 7, text: 'nacaozumbi: zone evac2 is unavailable', reason: 'ticket 4711' }],
    ]);
    home(admin).rad = 'maintenance';
    expect((await admin.perform('preflight', { ...MOVE, waive })).outcome).to.equal('refused');
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
    it(`looks through the whole fleet: a zone that stays and ${what}, on a host that takes none (row 8)`, async () => {
      const admin = controller();
      const own = home(admin).zones.get('evac2')?.storage ?? '';
      admin.fleet
        .add('haukur')
        .zone(name, { state, storage: storage === 'same' ? own.toUpperCase().replace('ISCSI', 'iscsi') : storage });
      const end = await admin.perform('preflight', MOVE, 'nacaozumbi', await observed(admin));
      expect(end.outcome, end.why).to.equal(refused ? 'refused' : 'unchanged');
      if (refused)
        expect(end.why).to.include('[8] zone evac2 is running on nacaozumbi and').and.include(`${state} on haukur`);
    });
  }

  it('asks anew a host that had the zone up when the fleet was observed (row 8)', async () => {
    const admin = controller();
    const haukur = admin.fleet.add('haukur').zone('evac2');
    const before = await observed(admin);
    haukur.zone('evac2', { state: 'configured' });
    expect((await admin.perform('preflight', MOVE, 'nacaozumbi', before)).outcome).to.equal('unchanged');
    haukur.zone('evac2');
    expect((await admin.perform('preflight', MOVE, 'nacaozumbi', before)).why)
      .to.include('[8] ')
      .and.include('haukur');
  });

  it('leaves a destination what its inventory says it keeps for itself (row 41)', async () => {
    const admin = controller();
    const all = 252 * GIB;
    expect((await admin.perform('preflight', MOVE, 'nacaozumbi', await observed(admin))).outcome).to.equal('unchanged');
    const end = await admin.perform('preflight', MOVE, 'nacaozumbi', await observed(admin, { bjork: all }));
    expect(end.why).to.include('[41] evac1 -> bjork: needs 4.5 GiB, bjork can give 4 GiB');
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
      '[5] nacaozumbi: evac1 is on bjork since run 99999999; bring it home first (zones.return, as in return.yml)',
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
    expect(end.why).to.include('[41] evac3 -> nacaozumbi: needs 67.5 GiB');
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
