// The whole page of a plan, as an operator reads it: of few hosts zone by zone, of many in a minute.
import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import type { Facts } from '../../src/model/facts.ts';
import { known } from '../../src/model/facts.ts';
import type { Plan } from '../../src/model/plan.ts';
import { figuresOf } from '../../src/plan/figures/figures.ts';
import { NO_LIMITS } from '../../src/model/move-limits.ts';
import { noRule } from '../../src/model/zone-rule.ts';
import { paceOf } from '../../src/plan/figures/pace.ts';
import { NOTHING_SEEN } from '../../src/plan/figures/seen.ts';
import { planText } from '../../src/report/plan-text.ts';
import { widthOf } from '../../src/text/width.ts';
import { planned, shipped } from '../plan/shipped-plan.ts';
import { GiB, host, zone } from '../plan/world.ts';
import { dateText } from '../../src/text/moment.ts';
import { golden } from './golden.ts';

const SIZES = [4, 8, 16, 6, 12];

/** Every third host has a native zone, too. */
function fleet(hosts: number, zones: number): readonly Facts[] {
  const pool = { name: 'rpool', sizeBytes: 200 * GiB, freeBytes: 60 * GiB, capacityPercent: 70, health: 'ONLINE' };
  return Array.from({ length: hosts }, (_, h) => {
    const own = Array.from({ length: zones }, (__, z) =>
      zone({ name: `evac${h + 1}-${z + 1}`, gib: SIZES[(h + z) % SIZES.length] ?? 4 }),
    );
    const native = h % 3 === 0 ? [zone({ name: `native${h + 1}`, brand: 'solaris' })] : [];
    const name = `host${String(h + 1).padStart(2, '0')}`;
    const system = { name: 'old', uuid: '', flags: 'NR', mountpoint: '/', policy: [], created: 0 };
    const be = { active: 'old', next: 'old', names: [{ ...system, spaceBytes: (6 + (h % 3)) * 2 ** 30 }] };
    return { ...host(name, [...own, ...native], { gib: 96 }), pools: known([pool]), be: known(be) };
  });
}

async function planOf(facts: readonly Facts[], waves = 'serial: 1'): Promise<Plan> {
  const said = readFileSync(shipped('rolling-upgrade'), 'utf8').replace('serial: 1', waves);
  const made = await planned([shipped('said')], facts, { [shipped('said')]: said });
  if (made.is !== 'plan') throw new Error(JSON.stringify(made));
  const owners = [
    { ...noRule('evac*'), contact: 'evacuees@example.com' },
    { ...noRule('evac1-1'), contact: 'Jo (night desk 4711)' },
  ];
  return { ...made.plan, zoneRules: owners, at: Date.UTC(2026, 10, 21, 1, 0, 0), playbooks: ['rolling-upgrade.yml'] };
}

function page(plan: Plan, columns: number, verbose = false): string {
  const pace = paceOf({
    said: () => ({ linkBytesPerSecond: null, dirtyBytesPerSecond: null }),
    hosts: Object.values(plan.hosts).map(one => one.name),
    ...{ seen: NOTHING_SEEN, cpuClass: () => null, limits: NO_LIMITS },
  });
  const figures = figuresOf({ plan, pace, reserveBytes: () => null });
  const timeZone = 'Europe/Berlin';
  return planText(plan, { columns, made: dateText(plan.at, timeZone), timeZone, verbose }, figures);
}

/** The steps are told elsewhere. */
const figuresPart = (text: string): string => text.slice(0, text.indexOf('\nSteps:'));

describe('the page of a plan', () => {
  it('tells waves, room, who is down, the point of no return, disk and bounds, at any width', async () => {
    const plan = await planOf(fleet(3, 2));
    for (const columns of [100, 80, 60]) {
      const text = page(plan, columns);
      golden(`plan-page-${columns}`, figuresPart(text));
      for (const line of text.split('\n')) expect(widthOf(line), line).to.be.at.most(columns);
    }
  });

  it('of many hosts can be read in a minute; verbose tells every zone', async function () {
    this.timeout(60_000);
    const plan = await planOf(fleet(26, 3));
    const text = page(plan, 100);
    golden('plan-page-26-hosts', figuresPart(text));
    expect(text.split('\n').length).to.be.below(145);
    expect(page(plan, 100, true)).to.contain('evac26-3');
  });

  it('with a window says when each wave begins, and the latest start that still fits', async () => {
    const plan = await planOf(fleet(3, 2));
    const window = { from: 22 * 60, to: 23 * 60 + 50, timezone: 'Europe/Berlin', drainMs: 10 * 60_000 };
    const plays = plan.program.plays.map(play => ({ ...play, window }));
    golden(
      'plan-page-window',
      figuresPart(page({ ...plan, program: { ...plan.program, plays } }, 100)).split('\n\nMemory')[0] ?? '',
    );
  });

  for (const way of ['home', 'stay'])
    it(`of few waves with many hosts each, return: ${way}, tells once what is the same for many, at any width`, async function () {
      this.timeout(60_000);
      const plan = await planOf(fleet(30, 3), `waves: auto\n  return: ${way}`);
      for (const columns of [140, 100, 80, 60]) {
        const text = page(plan, columns);
        expect(text.split('\n').length, `lines at ${columns}`).to.be.below(columns < 80 ? 260 : 200);
        for (const line of text.split('\n')) expect(widthOf(line), line).to.be.at.most(columns);
      }
      const told = page(plan, 100);
      golden(`plan-page-30-hosts-${way}`, figuresPart(told).split('\n\nMemory')[0] ?? '');
      // Zones stand in the tables; the steps of many hosts name none.
      expect(told.slice(told.indexOf('\nSteps:'))).not.to.match(/evac\d+-\d/u);
      expect(page(plan, 100, true)).to.contain('evac30-3');
    });

  it('names the wave of an outage with its play where there are several', async () => {
    const plan = await planOf(fleet(3, 2));
    const plays = plan.program.plays.flatMap(play => [play, { ...play, number: 2 }]);
    const later = plan.waves.map(wave => ({ ...wave, plan: { ...wave.plan, wave: { ...wave.plan.wave, play: 2 } } }));
    const twice = { ...plan, program: { ...plan.program, plays }, waves: [...plan.waves, ...later] };
    expect(page(twice, 100))
      .to.match(/native1 +host01 +wave 1\/1 \+/)
      .and.to.match(/native1 +host01 +wave 2\/1 \+/);
    expect(page(plan, 100)).to.match(/native1 +host01 +wave 1 \+/);
  });

  it('tells a reason to stay once for all hosts that it holds for', async () => {
    const plan = await planOf(fleet(8, 1), 'serial: 4');
    const text = page(plan, 140);
    const table = text.slice(text.indexOf('STAYS'), text.indexOf('Memory given away'));
    for (const name of ['native1', 'native4', 'native7']) expect(table).to.contain(name);
    // In the first wave two hosts have such a zone, in the second one.
    expect(table.match(/can't move live/g), table).to.have.length(2);
  });

  it('tells steps that differ in words alone as one host has them, and how many have others', async () => {
    const text = [
      '- hosts: zonehosts',
      '  tasks:',
      '    - command: { argv: [/usr/bin/touch, "/tmp/{{ host.name }}"] }',
    ];
    const made = await planned(['/words.yml'], fleet(9, 1), { '/words.yml': `${text.join('\n')}\n` });
    if (made.is !== 'plan') throw new Error(JSON.stringify(made));
    const told = page(made.plan, 100);
    expect(told).to.match(/host01, .*host09\n.*command.*\n.*\/tmp\/host01/u);
    expect(told).to.contain('so on host01; on 8 more in other words (--verbose)');
    expect(told).not.to.contain('/tmp/host05');
    expect(page(made.plan, 100, true)).to.contain('/tmp/host05');
  });
});
