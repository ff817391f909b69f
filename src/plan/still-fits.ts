// Whether the destinations of a saved plan's first wave would still do, by facts that are new: every hard rule again for
// each zone, and the room of each host for all that come to it together. Later waves are planned again by the run itself.
import type { Facts } from '../model/facts.ts';
import type { HostSettings } from '../model/host-variable.ts';
import { type HostName, hostName } from '../model/ids.ts';
import type { Plan } from '../model/plan.ts';
import { ruleFor } from '../model/zone-rule.ts';
import { grouped } from '../text/grouped.ts';
import { listed } from '../text/listed.ts';
import { bytesText } from '../text/size.ts';
import { companyIn } from './place/company.ts';
import { obstacles } from './place/fit.ts';
import { freeBytesOf } from './order/wave-order.ts';
import { withClass } from './place/world.ts';

/** In words, each with its host. Free memory may drift as long as what was planned fits. */
export function brokenDestinations(
  plan: Plan,
  fresh: Readonly<Record<HostName, Facts>>,
  settings: (host: HostName) => HostSettings,
): readonly string[] {
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
      why => `host ${to}: ${zone} of ${from} can't come there any more: ${why}`,
    );
  });
  return rules.length > 0 ? rules : overfull(plan, facts, settings);
}

function overfull(
  plan: Plan,
  facts: Readonly<Record<HostName, Facts>>,
  settings: (host: HostName) => HostSettings,
): readonly string[] {
  const free = freeBytesOf(facts, host => settings(host).reserveBytes);
  return [...grouped(plan.waves[0]?.plan.migrations ?? [], one => one.to)].flatMap(([to, coming]) => {
    const room = free[hostName(to)];
    const needs = coming.reduce((sum, one) => sum + one.bytes, 0);
    if (room === undefined || needs <= room) return [];
    const zones = listed(coming.map(one => one.zone));
    return [`host ${to}: ${zones} need ${bytesText(needs)} together, it can give ${bytesText(Math.max(0, room))}`];
  });
}
