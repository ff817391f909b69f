// The laws of the world under whatever anybody does: random commands on random hosts, several at once, with power cuts
// between. No zone is ever on two hosts, no host over its memory, none vanishes.
import { expect } from 'chai';
import fc from 'fast-check';
import { generateFleet } from '../../world/generate.ts';
import { hostsOf as placesOf, worldProblems } from '../../world/problems.ts';
import { hostsOf } from '../programs/hosts.ts';
import { powerOn } from '../../world/power.ts';

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

const deed = fc.record({
  at: host,
  does: fc.oneof(
    { weight: 12, arbitrary: command },
    { weight: 1, arbitrary: fc.constant('power-cut') },
    { weight: 1, arbitrary: fc.constant('stale-zone-index') },
  ),
  thenMs: fc.integer({ min: 0, max: 60_000 }),
});

describe('the world', () => {
  it('keeps its laws whatever is done to it', async function () {
    this.timeout(60_000);
    const runs = fc.asyncProperty(fc.nat(50), fc.array(deed, { minLength: 3, maxLength: 25 }), async (seed, deeds) => {
      const hosts = hostsOf(generateFleet({ hosts: 3, zones: 6, seed, installed: 2 }));
      const running: Promise<unknown>[] = [];
      for (const { at, does, thenMs } of deeds) {
        if (does === 'power-cut' || does === 'stale-zone-index') hosts.fleet.fault(at, does);
        else running.push(hosts.run(at, does));
        await hosts.clock.sleep(thenMs);
      }
      await Promise.all(running);
      await hosts.clock.sleep(600_000);
      for (const name of HOSTS) powerOn(hosts.fleet, hosts.fleet.host(name));
      await hosts.clock.sleep(600_000);
      expect(hosts.problems).to.deep.equal([]);
      expect(worldProblems(hosts.fleet)).to.deep.equal([]);
      for (let n = 1; n <= 6; n++) expect(placesOf(hosts.fleet, `z00${n}`).length).to.be.at.most(1);
    });
    await fc.assert(runs, { numRuns: 60 });
  });
});
