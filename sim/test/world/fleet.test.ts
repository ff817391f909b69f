// The fleets that can be simulated: that of the seed story, those of a file, those that are generated; and their
// faults.
import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import fc from 'fast-check';
import { generateFleet } from '../../world/generate.ts';
import { makeFleet } from '../../world/make.ts';
import { memoryFree, memoryOfZones } from '../../world/memory.ts';
import { worldProblems } from '../../world/problems.ts';
import { FleetError, readFleet } from '../../world/read.ts';
import { fleetState } from '../../world/report.ts';
import { faultKinds } from '../../world/fault-table.ts';
import { jumpingClock } from '../../os/clock.ts';

/** The day of the seed story. */
const START = Date.UTC(2018, 1, 2, 1, 10);
const seedText = readFileSync(new URL('../../../clusters/seed.yaml', import.meta.url), 'utf8');
const mistakesOf = (text: string): readonly string[] => {
  try {
    readFleet(text);
    return [];
  } catch (error) {
    return error instanceof FleetError ? error.mistakes : [String(error)];
  }
};

describe('a fleet', () => {
  it('of the seed story has the zones of nacaozumbi as its listing shows them', () => {
    const fleet = makeFleet(readFleet(seedText), jumpingClock(START));
    const [nacaozumbi] = fleetState(fleet).hosts;
    expect(nacaozumbi).to.include({ name: 'nacaozumbi', up: true, boots: 0, entire: '11.4-11.4.80.0.1.189.2' });
    expect(nacaozumbi?.zones.map(z => `${z.name} ${z.brand} ${z.state}`)).to.deep.equal([
      'tzone1 solaris installed',
      'evac1 solaris-kz running',
      'on-fixes solaris-kz configured',
      'evac4 solaris-kz installed',
      'zts solaris-kz configured',
      'evac3 solaris-kz running',
      'evac2 solaris-kz running',
    ]);
    expect(worldProblems(fleet)).to.deep.equal([]);
  });

  it('names every mistake of a fleet file with its place', () => {
    const text = `
seed: many
hosts:
  a: { memory: big, zones: { z1: { storage: "iscsi://x/1" }, z2: { brand: lx, storage: "iscsi://x/2" } } }
  b: { memroy: 4G, zones: { z1: { storage: "iscsi://x/1" }, z3: {} } }
`;
    expect(mistakesOf(text).map(m => m.split(':')[0])).to.have.members([
      'fleet.seed',
      'fleet.hosts.a.memory',
      'fleet.hosts.a.zones.z2.brand',
      'fleet.hosts.b.memroy',
      'hosts.b.zones.z1',
      'hosts.b.zones.z3.storage',
    ]);
  });

  it('that is generated has room to empty any one host into the others', () => {
    const sizes = fc.record({
      hosts: fc.integer({ min: 2, max: 12 }),
      zones: fc.integer({ min: 0, max: 80 }),
      seed: fc.nat(1000),
    });
    fc.assert(
      fc.property(sizes, options => {
        const fleet = makeFleet(generateFleet(options), jumpingClock(START));
        expect(worldProblems(fleet)).to.deep.equal([]);
        const hosts = [...fleet.hosts.values()];
        for (const host of hosts) {
          const free = hosts.filter(h => h !== host).reduce((sum, h) => sum + memoryFree(h), 0);
          expect(free).to.be.greaterThan(memoryOfZones(host));
        }
      }),
      { numRuns: 50 },
    );
  });

  it('is the same fleet for the same seed', () => {
    const make = () =>
      JSON.stringify([...makeFleet(generateFleet({ hosts: 3, zones: 9, seed: 7 }), jumpingClock(START)).hosts]);
    expect(make()).to.equal(make());
  });

  it('knows each fault by one kebab-case name', () => {
    for (const [name, kind] of faultKinds()) {
      expect(name).to.match(/^[a-z0-9]+(-[a-z0-9]+)*$/);
      expect(kind.doc, name).to.not.equal('');
    }
  });

  it('refuses a fault that nobody knows', () => {
    const fleet = makeFleet(readFleet(seedText), jumpingClock(START));
    expect(() => fleet.fault('bjork', 'gremlins')).to.throw('no fault gremlins');
  });
});
