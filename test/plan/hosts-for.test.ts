// That asking once for zones and hosts that are alike gives what asking for each pair gives.
import { expect } from 'chai';
import fc from 'fast-check';
import { ALONE } from '../../src/plan/place/company.ts';
import { type Candidate, obstacles } from '../../src/plan/place/fit.ts';
import { HostsFor } from '../../src/plan/place/hosts-for.ts';
import type { Request } from '../../src/plan/place/placement.ts';
import { host, zone } from './world.ts';

const zones = fc.record({
  name: fc.constantFrom('a', 'b', 'c', 'd'),
  gib: fc.constantFrom(0, 4, 30, 60),
  vcpus: fc.constantFrom(0, 2, 9, 40),
  state: fc.constantFrom('running' as const, 'installed' as const, 'configured' as const),
  brand: fc.constantFrom('solaris-kz', 'solaris'),
  storage: fc.constantFrom(['iscsi://saison/luname.naa.1'], ['iscsi://saison/luname.naa.2'], []),
  cpuArch: fc.constantFrom('', 'migration-class1'),
});
const hosts = fc.record({
  own: fc.uniqueArray(zones, { maxLength: 3, selector: one => one.name }),
  words: fc.record({
    gib: fc.constantFrom(32, 64),
    cpus: fc.constantFrom(8, 32),
    freeGib: fc.constantFrom(5, 64),
    version: fc.constantFrom('11.4.80', '11.4.81'),
    cpuClass: fc.constantFrom('x86', 'other'),
  }),
  closed: fc.boolean(),
  accepts: fc.boolean(),
  cpuOvercommit: fc.constantFrom(null, 1, 2),
});

describe('the hosts for a zone, asked for many at once', () => {
  it('are the ones that no rule refuses', () => {
    fc.assert(
      fc.property(fc.array(hosts, { maxLength: 5 }), fc.array(zones, { maxLength: 5 }), hosts, (fleet, asked, home) => {
        const candidates = fleet.map(({ own, words, closed, accepts, cpuOvercommit }, n): Candidate => {
          const said = closed ? { ...words, closed: 'ours' } : words;
          const facts = host(`h${n}`, own.map(zone), said);
          const plain = { reserveBytes: null, weight: 1, pools: [], cpuClass: null };
          return { facts, ...plain, accepts, cpuOvercommit };
        });
        const free = new HostsFor(candidates, obstacles);
        for (const words of asked) {
          const source = host('home', [zone(words)], home.words);
          const request: Request = { zone: zone(words), source, rule: null, company: ALONE, target: { is: 'any' } };
          const pairs = candidates.flatMap((one, n) => (obstacles(request, one).length === 0 ? [n] : []));
          expect(free.for(request)).to.deep.equal(pairs);
        }
      }),
      { numRuns: 500, seed: 3 },
    );
  });
});
