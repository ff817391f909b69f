// Whether a saved plan is still true: each thing it rests on that is no longer so, in words.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { systemClock } from '../edge/clock.ts';
import type { SshHosts } from '../edge/ssh/hosts.ts';
import { diskFiles } from '../edge/files.ts';
import { controllerPrograms } from '../edge/controller-programs.ts';
import { loadInventory } from '../load/inventory/inventory.ts';
import type { Facts } from '../model/facts.ts';
import { hostName } from '../model/ids.ts';
import type { Plan } from '../model/plan.ts';
import { observe } from './observing.ts';

export async function staleness(plan: Plan, hosts: SshHosts, inventory: readonly string[]): Promise<readonly string[]> {
  return [
    ...(await changedFiles(plan)),
    ...(await changedInventory(plan, inventory)),
    ...(await changedHosts(plan, hosts)),
  ];
}

async function changedFiles(plan: Plan): Promise<readonly string[]> {
  const changed: string[] = [];
  for (const [path, digest] of Object.entries(plan.program.files)) {
    const bytes = await readFile(path).catch(() => null);
    const now = bytes === null ? null : createHash('sha256').update(bytes).digest('hex');
    if (now === null) changed.push(`${path} is gone`);
    else if (now !== digest) changed.push(`${path} was changed`);
  }
  return changed;
}

/** A host retired or a zone pinned since then is in no saved plan. */
async function changedInventory(plan: Plan, paths: readonly string[]): Promise<readonly string[]> {
  const folders = { playbookFolders: plan.playbooks.map(path => dirname(path)), programs: controllerPrograms() };
  const { inventory } = await loadInventory(diskFiles(), paths, folders);
  if (inventory?.digest === plan.restsOn.inventory) return [];
  return [
    `the inventory (${paths.join(', ')}) was changed, or isn't the one that the plan was made with: name that with -i`,
  ];
}

async function changedHosts(plan: Plan, hosts: SshHosts): Promise<readonly string[]> {
  const names = Object.keys(plan.restsOn.facts).map(hostName);
  const { facts, silent } = await observe(
    names,
    hosts.host,
    systemClock(),
    host => plan.hosts[host]?.connection.become ?? { method: 'none', user: '' },
  );
  return names.flatMap(name => {
    const before = plan.restsOn.facts[name];
    const now = facts[name];
    if (now === undefined) return [`host ${name} gives no answer: ${silent[name] ?? ''}`];
    return before === undefined ? [] : differences(before, now).map(what => `host ${name}: ${what}`);
  });
}

/** What a placement and a bracket rest on. Free memory may drift; where zones are may not. */
export function differences(before: Facts, now: Facts): readonly string[] {
  return [
    ...(JSON.stringify(before.maintenance) === JSON.stringify(now.maintenance)
      ? []
      : ['its maintenance is not what it was']),
    ...(activeBe(before) === activeBe(now)
      ? []
      : [`its boot environment was ${activeBe(before)} and is ${activeBe(now)}`]),
    ...(nextBe(before) === nextBe(now) ? [] : [`${nextBe(before)} was to boot next, and now ${nextBe(now)} is`]),
    ...(now.zones.is === 'unknown' ? [`its zones can't be told: ${now.zones.why}`] : []),
    ...(zoneStates(before) === zoneStates(now) ? [] : ['its zones are not what they were']),
  ];
}

function activeBe(facts: Facts): string {
  return facts.be.is === 'known' ? facts.be.value.active : '(unknown)';
}

function nextBe(facts: Facts): string {
  return facts.be.is === 'known' ? facts.be.value.next : '(unknown)';
}

function zoneStates(facts: Facts): string {
  if (facts.zones.is === 'unknown') return '(unknown)';
  return facts.zones.value
    .map(zone => `${zone.name} ${zone.state}`)
    .sort()
    .join(', ');
}
