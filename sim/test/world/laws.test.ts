// The laws of the world under whatever anybody does: random commands on random hosts, several at once, with power cuts
// between. No zone is ever on two hosts, no host over its memory, none vanishes.
import { expect } from 'chai';
import fc from 'fast-check';
import { GIB, MIB } from '../../world/config.ts';
import type { Fleet } from '../../world/fleet.ts';
import { generateFleet } from '../../world/generate.ts';
import { hostsOf as placesOf, worldProblems } from '../../world/problems.ts';
import { hostsOf } from '../programs/hosts.ts';
import { powerOn } from '../../world/power.ts';
import type { FleetSpec, HostSpec } from '../../world/spec.ts';

const HOSTS = ['zh01', 'zh02', 'zh03'];
const host = fc.constantFrom(...HOSTS);
const zone = fc.integer({ min: 1, max: 6 }).map(n => `z00${n}`);

const command = fc.oneof(
  fc.constantFrom('sysadm maintain -s', 'sysadm maintain -e', 'sysadm evacuate -qa', 'sysadm evacuate -ra'),
  fc.constantFrom(
    'sysadm evacuate -n',
    'beadm create -a other',
    'beadm activate s11.4.80',
    'reboot',
    'sysadm evacuate -v',
  ),
  fc.constantFrom('shutdown -y -g 0 -i 6', "pkg update --be-name new entire@11.4-11.4.81 '*'"),
  fc.tuple(zone, host).map(([z, h]) => `zoneadm -z ${z} migrate ssh://root@${h}`),
  fc.tuple(zone, host).map(([z, h]) => `zoneadm -z ${z} migrate -n ssh://root@${h}`),
  fc
    .tuple(zone, fc.constantFrom('boot', 'halt', 'attach', 'detach', 'shutdown'))
    .map(([z, v]) => `zoneadm -z ${z} ${v}`),
  fc.tuple(zone, host).map(([z, h]) => {
    const fmri = `system/zones/zone:${z}`;
    return `svccfg -s ${fmri} setprop evacuation/target = astring: ssh://root@${h}; svcadm refresh ${fmri}`;
  }),
);

const FAULTS = ['power-cut', 'stale-zone-index', 'migration-stalls'];
const deed = fc.record({
  at: host,
  does: fc.oneof(
    { weight: 12, arbitrary: command },
    { weight: 1, arbitrary: fc.constant('power-cut') },
    { weight: 1, arbitrary: fc.constantFrom('stale-zone-index', 'migration-stalls') },
  ),
  thenMs: fc.integer({ min: 0, max: 60_000 }),
});

/** Room for their own zones and little more, and slow links: memory runs out, and much happens while zones move. */
function tight(spec: FleetSpec, seed: number): FleetSpec {
  const own = (h: HostSpec): number => h.zones.reduce((sum, z) => sum + z.memoryBytes + GIB, h.reserveBytes);
  return {
    ...spec,
    hosts: spec.hosts.map(h => ({ ...h, memoryBytes: own(h) + (seed % 9) * GIB, linkBytesPerSecond: 50 * MIB })),
  };
}

/** What no work that has ended may leave: half-moved zones, held links and locks, an evacuation in progress. */
function debris(fleet: Fleet): readonly string[] {
  return [...fleet.hosts.values()].flatMap(h => [
    ...[...h.live].filter(([, live]) => live.aux !== 'none').map(([z, live]) => `${z} is ${live.aux} on ${h.name}`),
    ...(h.streams === 0 ? [] : [`${h.name} has ${h.streams} streams`]),
    ...(h.evacuating ? [`${h.name} evacuates`] : []),
    ...(h.pkgLock === null ? [] : [`${h.name} is locked`]),
  ]);
}

describe('the world', () => {
  it('keeps its laws whatever is done to it', async function () {
    this.timeout(60_000);
    const runs = fc.asyncProperty(fc.nat(50), fc.array(deed, { minLength: 3, maxLength: 25 }), async (seed, deeds) => {
      const hosts = hostsOf(tight(generateFleet({ hosts: 3, zones: 6, seed, installed: 2 }), seed));
      const running: Promise<unknown>[] = [];
      for (const { at, does, thenMs } of deeds) {
        if (FAULTS.includes(does)) hosts.fleet.fault(at, does);
        else running.push(hosts.run(at, does));
        await hosts.clock.sleep(thenMs);
      }
      await Promise.all(running);
      await hosts.clock.sleep(600_000);
      for (const name of HOSTS) powerOn(hosts.fleet, hosts.fleet.host(name));
      await hosts.clock.sleep(600_000);
      expect(hosts.problems).to.deep.equal([]);
      expect(worldProblems(hosts.fleet)).to.deep.equal([]);
      expect(debris(hosts.fleet)).to.deep.equal([]);
      for (let n = 1; n <= 6; n++) expect(placesOf(hosts.fleet, `z00${n}`).length).to.be.at.most(1);
    });
    await fc.assert(runs, { numRuns: 60 });
  });
});
