// Preflight, pairs: whether the zones that will go from one host to another can, judged from the facts of both, and
// whether the two hosts get into each other unasked.
import type { Facts, ZoneFacts } from '../model/facts.ts';
import type { HostName } from '../model/ids.ts';
import { type Answer, isSilence, type Refusal, tellRefusal } from '../model/refusal.ts';
import { memoryOf, roomOf } from '../model/room.ts';
import type { Looker } from '../model/step.ts';
import { reaches } from '../solaris/peer.ts';
import { bytesText } from '../text/size.ts';
import { from as saidBy } from './doubt.ts';
import type { UriWords } from './moves.ts';
import type { Check, Finding } from './preflight-checks.ts';

/** Zones that go the same way. */
export interface Pair {
  readonly from: Facts;
  readonly to: Facts;
  readonly zones: readonly string[];
  /** What the host that takes them keeps for itself; null: the standard. */
  readonly reserveBytes: number | null;
}

/** What was found, or the silence of a host that was asked: then the rest proves nothing. */
export type Findings = Answer<readonly Finding[]>;

/** A host that says no, or what nobody can read, is refused; one that says nothing is lost. */
export function unanswered(check: Check, refusal: Refusal): Findings {
  return isSilence(refusal) ? { is: 'no', refusal } : { is: 'ok', value: [{ check, text: tellRefusal(refusal) }] };
}

export function together(all: readonly Findings[]): Findings {
  const silent = all.find(one => one.is === 'no');
  return silent ?? { is: 'ok', value: all.flatMap(one => (one.is === 'ok' ? one.value : [])) };
}

export function pairFindings(pair: Pair): readonly Finding[] {
  const { from, to, zones, reserveBytes } = pair;
  if (from.zones.is === 'unknown')
    return [{ check: 'zone-twice', text: `${from.host}: its zones can't be told: ${from.zones.why}` }];
  const moving = from.zones.value.filter(zone => zones.includes(zone.name) && zone.state !== 'configured');
  const as = (check: Check, texts: readonly string[]): readonly Finding[] => texts.map(text => ({ check, text }));
  return [
    ...moving.flatMap(zone => [
      ...as('zone-twice', once(zone, pair)),
      ...as(
        'processors',
        [...family(pair), ...processors(zone, pair)].map(text => `${zone.name} -> ${to.host}: ${text}`),
      ),
      ...as('zone-configuration', sameName(zone, to)),
    ]),
    ...as('memory', memory(moving, to, reserveBytes)),
  ];
}

function once(zone: ZoneFacts, { from, to }: Pair): readonly string[] {
  const there = to.zones.is === 'known' ? to.zones.value.find(({ name }) => name === zone.name) : undefined;
  if (to.zones.is === 'unknown') return [`${to.host}: its zones can't be told: ${to.zones.why}`];
  if (there === undefined || there.state === 'configured') return [];
  return [`zone ${zone.name} is ${zone.state} on ${from.host} and ${there.state} on ${to.host}`];
}

function family({ from, to }: Pair): readonly string[] {
  if (from.os.is === 'unknown' || to.os.is === 'unknown') return ['the systems of both hosts are not known'];
  const [here, there] = [from.os.value.arch, to.os.value.arch];
  return here === there ? [] : [`${to.host} is ${there}, ${from.host} is ${here}`];
}

/** Between unlike processors a zone moves live only inside a migration class it was booted with. */
function processors(zone: ZoneFacts, { from, to }: Pair): readonly string[] {
  if (zone.brand !== 'solaris-kz' || zone.state !== 'running') return [];
  if (from.cpuClass.is === 'unknown' || to.cpuClass.is === 'unknown')
    return ['the processors of both hosts are not known'];
  if (from.cpuClass.value === to.cpuClass.value) return [];
  const arch = zone.configuration.is === 'known' ? zone.configuration.value.cpuArch : '';
  return arch === '' || arch === 'generic' ? [`other processors (${to.cpuClass.value}) and no migration class`] : [];
}

/** A configuration that is there already is used as it is, and must match (zoneadm(8), migrate). */
function sameName(zone: ZoneFacts, to: Facts): readonly string[] {
  const there = to.zones.is === 'known' ? to.zones.value.find(({ name }) => name === zone.name) : undefined;
  if (there === undefined) return [];
  if (zone.configuration.is === 'unknown' || there.configuration.is === 'unknown') {
    return [`${zone.name} exists on ${to.host}; the two configurations can't be compared`];
  }
  const [here, other] = [zone.configuration.value, there.configuration.value];
  const differs = [
    ...(uris(here.storage) === uris(other.storage) ? [] : ['storage']),
    ...(JSON.stringify(here.ram) === JSON.stringify(other.ram) ? [] : ['memory']),
    ...(JSON.stringify(here.vcpus) === JSON.stringify(other.vcpus) ? [] : ['processors']),
  ];
  return differs.length === 0 ? [] : [`${zone.name} exists on ${to.host} with other ${differs.join(', ')}`];
}

/** Identifiers in storage URIs are hexadecimal: case means nothing. */
const uris = (storage: readonly string[]) =>
  storage
    .map(uri => uri.toLowerCase())
    .sort()
    .join(' ');

/** All zones of the pair together, by what is promised and by what is free now with the cache that may shrink. */
function memory(moving: readonly ZoneFacts[], to: Facts, reserveBytes: number | null): readonly string[] {
  const running = moving.filter(({ state }) => state === 'running');
  const names = running.map(({ name }) => name).join(' ');
  let needed = 0;
  for (const zone of running) {
    const one = memoryOf(zone);
    if (one.is === 'unknown') return [`${zone.name} -> ${to.host}: ${one.why}`];
    needed += one.value;
  }
  if (needed === 0) return [];
  const room = roomOf(to, reserveBytes);
  if (room.is === 'unknown') return [`${names} -> ${to.host}: ${room.why}`];
  const { freeBytes, arcBytes } = to.memory;
  const now = freeBytes.is === 'known' && arcBytes.is === 'known' ? freeBytes.value + arcBytes.value : null;
  if (now === null) return [`${names} -> ${to.host}: its free memory is not known`];
  const gives = Math.max(0, Math.min(room.value.freeBytes, now));
  return needed <= gives
    ? []
    : [`${names} -> ${to.host}: needs ${bytesText(needed)}, ${to.host} can give ${bytesText(gives)}`];
}

/** Both ways, as the user that the moves will use: the way back starts on the other side. */
export async function authentication(looker: Looker, other: HostName, uri: UriWords): Promise<Findings> {
  const ways = [
    { from: looker, name: looker.host, to: other },
    { from: looker.peer(other), name: other, to: looker.host },
  ];
  const all: Findings[] = [];
  for (const { from, name, to } of ways) {
    const said = await from.ask(reaches({ scheme: uri.scheme, user: uri.user, host: to, port: null }));
    if (said.is === 'ok') continue;
    const { refusal } = said;
    if (isSilence(refusal)) return saidBy(name, { is: 'no', refusal });
    const why = refusal.is === 'refused' ? refusal.why : tellRefusal(refusal);
    all.push({
      is: 'ok',
      value: [{ check: 'peer-login', text: `${name} -> ${to} as ${uri.user || 'the same user'}: ${why}` }],
    });
  }
  return together(all);
}
