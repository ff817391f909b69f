// What holds for the plan of any campaign: no host is ever over its memory, no zone is lost or doubled, and how much
// moves is as little as the way of returning allows. By default a few small fleets; FLEETS=500 tries more, and greater ones.
import { expect } from 'chai';
import fc from 'fast-check';
import type { Facts } from '../../src/model/facts.ts';
import { hostName } from '../../src/model/ids.ts';
import type { Plan, WavePlan } from '../../src/model/plan.ts';
import type { Play } from '../../src/model/program.ts';
import { memoryOf, roomOf } from '../../src/model/room.ts';
import { loadOf } from '../../src/plan/waves/load.ts';
import { makePlan } from '../../src/plan/make-plan.ts';
import { shellOf, withZone } from '../../src/plan/place/world.ts';
import { evaluate } from '../run/evaluate.ts';
import { play, planOf, task } from '../run/program.ts';
import { catalogue } from './steps.ts';
import { GiB, host, zone } from './world.ts';

const FLEETS = Number(process.env['FLEETS'] ?? 3);
const UPGRADE = ['maintenance.begin', 'zones.evacuate', 'maintenance.end', 'zones.return'].map(step => task(step));

function planned(facts: readonly Facts[], said: Partial<Omit<Play, 'serial'>>): Plan {
  const names = facts.map(one => one.host);
  const { program, hosts, options, groups } = planOf([play(names, UPGRADE, { waves: 'auto', ...said })]);
  const made = makePlan({
    ...{ program, catalogue, evaluate, options, now: 0, playbooks: [], extra: {} },
    inventory: { sources: [], digest: '', hosts: Object.values(hosts), groups, zoneRules: [] },
    facts: Object.fromEntries(facts.map(one => [hostName(one.host), one])),
  });
  if (made.is !== 'plan') throw new Error(JSON.stringify(made));
  return made.plan;
}

/** So many equal hosts of 128 GiB, each used for 50 to 75 % by zones of 2 to 8 GiB. */
const fleets = fc.integer({ min: 4, max: FLEETS > 3 ? 32 : 10 }).chain(count =>
  fc.array(
    fc.record({
      percent: fc.integer({ min: 50, max: 75 }),
      sizes: fc.array(fc.integer({ min: 2, max: 8 }), { minLength: 48, maxLength: 48 }),
    }),
    { minLength: count, maxLength: count },
  ),
);

type Words = readonly { readonly percent: number; readonly sizes: readonly number[] }[];

function fleetOf(words: Words): readonly Facts[] {
  return words.map(({ percent, sizes }, n) => {
    const wanted = (128 * percent * GiB) / 100;
    let taken = 0;
    const zones = sizes.flatMap((gib, z) => {
      const one = zone({ name: `z${n}-${z}`, gib, vcpus: 1 });
      const memory = memoryOf(one);
      const size = memory.is === 'known' ? memory.value : 0;
      if (taken + size > wanted) return [];
      taken += size;
      return [one];
    });
    return host(`h${String(n).padStart(2, '0')}`, zones, { gib: 128, cpus: 256 });
  });
}

const bytesOf = (waves: readonly WavePlan[]): number =>
  waves.flatMap(wave => wave.migrations).reduce((sum, one) => sum + one.bytes, 0);

type World = Map<string, Facts>;

function overFull(world: World): readonly string[] {
  return [...world.values()].flatMap(facts => {
    const room = roomOf(facts, null);
    return room.is === 'known' && room.value.freeBytes < 0 ? [facts.host] : [];
  });
}

function moved(world: World, name: string, from: string, to: string): void {
  const [source, destination] = [world.get(from), world.get(to)];
  if (source?.zones.is !== 'known' || destination === undefined) throw new Error(`${from} or ${to} is no host`);
  const found = source.zones.value.find(one => one.name === name && one.state === 'running');
  if (found === undefined) throw new Error(`${name} doesn't run on ${from}`);
  // Memory counts at both ends while it moves.
  world.set(to, withZone(destination, found));
  expect(overFull(world), `while ${name} goes to ${to}`).to.deep.equal([]);
  world.set(from, withZone(source, shellOf(found)));
}

/** Carries the waves out, one migration after the other, and back where they return. */
function carriedOut(facts: readonly Facts[], plan: Plan): World {
  const world: World = new Map(facts.map(one => [one.host, one]));
  for (const { plan: wave } of plan.waves) {
    for (const { zone: name, from, to } of wave.migrations) {
      expect(wave.hosts, `${to} is out itself`).not.to.include(to);
      moved(world, name, from, to);
    }
    for (const one of wave.migrations) if (!one.stays) moved(world, one.zone, one.to, one.from);
  }
  return world;
}

function running(world: Iterable<Facts>): readonly string[] {
  return [...world]
    .flatMap(facts => (facts.zones.is === 'known' ? facts.zones.value : []))
    .filter(one => one.state === 'running')
    .map(one => one.name)
    .sort();
}

describe('a campaign over equal hosts, used for 50 to 75 %', function () {
  this.timeout(FLEETS * 60_000);

  it('with return: stay moves all zones once, and those of the first wave twice', () => {
    fc.assert(
      fc.property(fleets, words => {
        const facts = fleetOf(words);
        const plan = planned(facts, { returns: 'stay' });
        const loads = facts.map(loadOf);
        const all = loads.reduce((sum, one) => sum + one, 0);
        expect(bytesOf(plan.waves.map(one => one.plan))).to.equal(all + Math.min(...loads));
        expect(running(carriedOut(facts, plan).values())).to.deep.equal(running(facts));
      }),
      { numRuns: FLEETS, seed: 5, endOnFailure: true },
    );
  });

  it('with return: stay sends the lightest host first also where its zones would leave the last hosts no room for another’s', () => {
    const sizes = [
      [7, 7, 14, 6, 7, 13, 8, 8, 13, 13, 8, 10, 12, 11, 8, 15, 7, 15, 8, 7],
      [9, 6, 6, 7, 14, 8, 13, 6, 7, 6, 13, 15, 14, 15, 14, 10, 15, 10, 8, 8],
      [8, 13, 13, 8, 12, 6, 6, 9, 12, 11, 15, 10, 13, 6, 6, 8, 6, 13, 13, 14],
      [15, 14, 6, 10, 16, 9, 6, 16, 13, 16, 12, 16, 11, 6, 8, 9, 16, 16, 6, 15],
      [8, 16, 14, 9, 16, 9, 10, 11, 16, 14, 9, 7, 15, 11, 11, 11, 9, 14, 14, 6],
      [10, 6, 15, 11, 11, 6, 6, 16, 15, 12, 15, 8, 12, 10, 14, 11, 13, 14, 11, 15],
    ];
    const facts = fleetOf([52, 73, 55, 72, 61, 66].map((percent, n) => ({ percent, sizes: sizes[n] ?? [] })));
    const loads = facts.map(loadOf);
    const all = loads.reduce((sum, one) => sum + one, 0);
    const { waves } = planned(facts, { returns: 'stay' });
    expect(bytesOf(waves.map(one => one.plan))).to.equal(all + Math.min(...loads));
  });

  it('with return: home moves every zone there and back, over no host’s memory at any instant', () => {
    fc.assert(
      fc.property(fleets, words => {
        const facts = fleetOf(words);
        const plan = planned(facts, { returns: 'home' });
        const all = facts.map(loadOf).reduce((sum, one) => sum + one, 0);
        const waves = plan.waves.map(one => one.plan);
        expect(waves.flatMap(one => one.hosts)).to.have.length(facts.length);
        expect(2 * bytesOf(waves)).to.equal(2 * all);
        expect(waves.flatMap(one => one.migrations).some(one => one.stays)).to.equal(false);
        expect(running(carriedOut(facts, plan).values())).to.deep.equal(running(facts));
      }),
      { numRuns: FLEETS, seed: 5, endOnFailure: true },
    );
  });
});
