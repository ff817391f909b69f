// Whether the destinations of a saved plan's first wave would still do, by facts that are new: every hard rule again for
// each zone, and the room of each host for all that come to it together. Later waves are planned again by the run itself.
import type { Facts } from '../model/facts.ts';
import type { HostSettings } from '../model/host-variable.ts';
import { type HostName, hostName } from '../model/ids.ts';
import type { Broken } from '../model/obstacle.ts';
import type { Plan } from '../model/plan.ts';
import { ruleFor } from '../model/zone-rule.ts';
import { grouped } from '../text/grouped.ts';
import { companyIn } from './place/company.ts';
import { obstacles } from './place/fit.ts';
import { freeBytesOf } from './order/wave-order.ts';
import { withClass } from './place/world.ts';

/** Free memory may drift as long as what was planned fits. */
export function brokenDestinations(
  plan: Plan,
  fresh: Readonly<Record<HostName, Facts>>,
  settings: (host: HostName) => HostSettings,
): readonly Broken[] {
  const facts: Readonly<Record<HostName, Facts>> = Object.fromEntries(
    Object.values(fresh).map(one => [one.host, withClass(one, settings(hostName(one.host)).cpuClass)] as const),
  );
  const migrations = plan.waves[0]?.plan.migrations ?? [];
  const going = new Set(migrations.map(({ zone, from }) => `${zone} ${from}`));
  const company = companyIn(plan.zoneRules, Object.values(facts), ({ name }, host) => going.has(`${name} ${host}`));
  const rules = migrations.flatMap(({ zone, from, to }) => {
    const [source, destination] = [facts[from], facts[to]];
    const moving = source?.zones.is === 'known' ? source.zones.value.find(one => one.name === zone) : undefined;
    if (source === undefined || destination === undefined || moving === undefined) return [];
    const leaver = { zone: moving, source, rule: ruleFor(plan.zoneRules, zone), company: company(zone) };
    return obstacles(leaver, { facts: destination, ...settings(to) }).map(
      (why): Broken => ({ is: 'refused', zone, from, to, why }),
    );
  });
  return rules.length > 0 ? rules : overfull(plan, facts, settings);
}

function overfull(
  plan: Plan,
  facts: Readonly<Record<HostName, Facts>>,
  settings: (host: HostName) => HostSettings,
): readonly Broken[] {
  const free = freeBytesOf(facts, host => settings(host).reserveBytes);
  return [...grouped(plan.waves[0]?.plan.migrations ?? [], one => one.to)].flatMap(([to, coming]) => {
    const room = free[hostName(to)];
    const neededBytes = coming.reduce((sum, one) => sum + one.bytes, 0);
    if (room === undefined || neededBytes <= room) return [];
    const zones = coming.map(({ zone }) => zone);
    return [{ is: 'overfull', to: hostName(to), zones, neededBytes, freeBytes: Math.max(0, room) }];
  });
}
