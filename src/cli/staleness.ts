// Whether a saved plan is still true: each thing it rests on that is no longer so, in words.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { systemClock } from '../edge/clock.ts';
import type { SshHosts } from '../edge/ssh/hosts.ts';
import { diskFiles } from '../edge/files.ts';
import { controllerPrograms } from '../edge/controller-programs.ts';
import { loadInventory } from '../load/inventory/inventory.ts';
import { evaluate } from '../load/expression/evaluate.ts';
import type { Facts, ZoneFacts } from '../model/facts.ts';
import { type HostSettings, hostSettings, NO_SETTINGS } from '../model/host-variable.ts';
import { type HostName, hostName } from '../model/ids.ts';
import type { Plan } from '../model/plan.ts';
import { brokenDestinations } from '../plan/still-fits.ts';
import { brokenText } from '../report/obstacle-text.ts';
import { beforeRun } from '../plan/waves/ways.ts';
import { asJson, canonical } from '../text/json.ts';
import { bytesText } from '../text/size.ts';
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
  const ground = beforeRun(plan, evaluate);
  const [play] = plan.program.plays;
  const settings = (host: HostName): HostSettings =>
    play === undefined ? NO_SETTINGS : hostSettings(ground, play, host);
  const changed = names.flatMap(name => {
    const before = plan.restsOn.facts[name];
    const now = facts[name];
    if (now === undefined) return [`host ${name} gives no answer: ${silent[name] ?? ''}`];
    return before === undefined ? [] : differences(before, now).map(what => `host ${name}: ${what}`);
  });
  return [...changed, ...brokenDestinations(plan, facts, settings).map(brokenText)];
}

/** What a placement and a bracket rest on. Free memory may drift; where zones are may not. */
export function differences(before: Facts, now: Facts): readonly string[] {
  return [
    ...(textOf(before.maintenance) === textOf(now.maintenance) ? [] : ['its maintenance is not what it was']),
    ...(activeBe(before) === activeBe(now)
      ? []
      : [`its boot environment was ${activeBe(before)} and is ${activeBe(now)}`]),
    ...(nextBe(before) === nextBe(now) ? [] : [`${nextBe(before)} was to boot next, and now ${nextBe(now)} is`]),
    ...(now.zones.is === 'unknown' ? [`its zones can't be told: ${now.zones.why}`] : []),
    ...(zoneStates(before) === zoneStates(now) ? [] : ['its zones are not what they were']),
    ...zonesChanged(before, now).map(zone => `zone ${zone} is configured otherwise than it was`),
    ...(textOf(before.record) === textOf(now.record) ? [] : ['its evacuation record is not what it was']),
    ...(sizeOf(before) === sizeOf(now) ? [] : [`it had ${sizeOf(before)} and has ${sizeOf(now)}`]),
  ];
}

/** A saved plan has its keys in another order. */
const textOf = (value: unknown): string => canonical(asJson(value));

/** What a placement is made of; where a zone is mounted or what it is called elsewhere may change. */
function zonesChanged(before: Facts, now: Facts): readonly string[] {
  if (before.zones.is === 'unknown' || now.zones.is === 'unknown') return [];
  const then = new Map(before.zones.value.map(zone => [zone.name, shapeOf(zone)]));
  return now.zones.value
    .filter(zone => (then.get(zone.name) ?? shapeOf(zone)) !== shapeOf(zone))
    .map(zone => zone.name);
}

function shapeOf({ brand, configuration }: ZoneFacts): string {
  if (configuration.is === 'unknown') return `${brand} unknown`;
  const { ram, vcpus, storage, cpuArch, hostCompatible, autoboot, movable } = configuration.value;
  return textOf([brand, ram, vcpus, storage, cpuArch, hostCompatible, autoboot, movable]);
}

function sizeOf({ memory, cpus, cpuClass }: Facts): string {
  const bytes = memory.totalBytes.is === 'known' ? bytesText(memory.totalBytes.value) : 'unknown';
  const count = cpus.is === 'known' ? cpus.value : 'unknown';
  return `${bytes} of memory, ${count} processors${cpuClass.is === 'known' ? ` (${cpuClass.value})` : ''}`;
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
