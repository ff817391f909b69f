// Which zones of hosts outside the wave would have to move first so that all of the wave fits, and in which order. Only
// a proposal: a run moves no zone of a host that isn't in its wave. What is proposed has been tried in the world that
// these moves would leave.
import { NO_LIMITS } from '../../model/move-limits.ts';
import type { Facts } from '../../model/facts.ts';
import { type HostName, hostName, zoneName } from '../../model/ids.ts';
import type { Relocation, WayOut } from '../../model/plan.ts';
import type { Evacuation } from '../place/departures.ts';
import { type Candidate, rulesAgainst } from '../place/fit.ts';
import { roomIn } from '../place/host-view.ts';
import { moveOrder, type Trip } from '../order/move-order.ts';
import type { Instance, Item } from '../place/packing/instance.ts';
import { pack, type Packed } from '../place/packing/pack.ts';
import { apartGroups, binOf, needsOf, sizeOf } from '../place/packing-question.ts';
import type { Request } from '../place/placement.ts';
import { freeBytesOf } from '../order/wave-order.ts';
import { requestsOf, type WaveQuestion } from '../waves/wave-plan.ts';
import { withoutZone, withZone } from '../place/world.ts';

/** Hosts whose zones are looked at, those with the most room first. */
const MOST_HOSTS = 40;
/** Moves that a person would still read; more than that is a rearrangement of its own. */
const MOST_MOVES = 12;

type Fits = (change: Partial<WaveQuestion>) => boolean;

const LIVE: Evacuation = { which: 'running', native: 'stay', placement: 'spread' };

/** One, or none: nothing like it is found, or there is nothing to be found. */
export function roomMade(question: WaveQuestion, fits: Fits): readonly WayOut[] {
  const hosts = candidatesOf(question);
  const zones = zonesOf(question, hosts);
  const instance = instanceOf(zones, hosts);
  if (instance.items.some(({ bins }) => bins.length === 0)) return [];
  const packed = fewestMoved(instance);
  if (packed === null) return [];
  const moved = zones.filter((_, item) => isMoved(instance.items[item], packed.bins[item]));
  if (moved.length === 0 || moved.length > MOST_MOVES) return [];
  const to = (request: Request) => hosts[packed.bins[zones.indexOf(request)] ?? -1]?.facts.host ?? request.source.host;
  const moves = inOrder(
    question,
    hosts,
    moved.map(request => ({ request, to: hostName(to(request)) })),
  );
  if (moves === null) return [];
  return fits({ facts: afterwards(question.facts, moved, to) }) ? [{ is: 'move-first', moves }] : [];
}

function candidatesOf({ facts, hosts, settings }: WaveQuestion): readonly Candidate[] {
  const free = (one: Candidate): number => {
    const room = roomIn(one.facts, one.reserveBytes);
    return room.is === 'known' ? room.value.freeBytes : Number.NEGATIVE_INFINITY;
  };
  return Object.values(facts)
    .filter(one => one.maintenance.is === 'open' && !hosts.some(host => host === one.host))
    .map(one => ({ facts: one, ...settings(hostName(one.host)) }))
    .sort((a, b) => free(b) - free(a) || (a.facts.host < b.facts.host ? -1 : 1))
    .slice(0, MOST_HOSTS);
}

/** Those that leave, and those of other hosts that could; whoever must be with others stays with them. */
function zonesOf(question: WaveQuestion, hosts: readonly Candidate[]): readonly Request[] {
  const names = hosts.map(({ facts }) => hostName(facts.host));
  const evacuation = (host: HostName) => (names.includes(host) ? LIVE : question.evacuation(host));
  return requestsOf({ ...question, hosts: [...question.hosts, ...names], evacuation })
    .filter(({ source, company }) => question.hosts.some(host => host === source.host) || company.mates.size === 0)
    .toSorted((a, b) => (`${a.zone.name} ${a.source.host}` < `${b.zone.name} ${b.source.host}` ? -1 : 1));
}

function instanceOf(zones: readonly Request[], hosts: readonly Candidate[]): Instance {
  const movable = new Set(zones.map(({ zone, source }) => `${zone.name} ${source.host}`));
  const goes = (zone: string, host: string): boolean => movable.has(`${zone} ${host}`);
  const homes = zones.map(({ source }) => hosts.findIndex(({ facts }) => facts.host === source.host));
  const bins = hosts.map((host, bin) => {
    const own = zones.filter((_, item) => homes[item] === bin).map(({ zone }) => needsOf(zone));
    const whole = binOf(host);
    return { ...whole, held: whole.held.map((held, r) => own.reduce((left, needs) => left - (needs[r] ?? 0), held)) };
  });
  const items = zones.map((request, item): Item => {
    const home = homes[item] ?? -1;
    const may = (host: Candidate, bin: number): boolean =>
      bin === home || rulesAgainst(request, host, goes).length === 0;
    return {
      name: `${request.zone.name} ${request.source.host}`,
      needs: needsOf(request.zone),
      bins: hosts.flatMap((host, bin) => (may(host, bin) ? [bin] : [])),
      at: home < 0 ? null : home,
      cost: sizeOf(request.zone),
    };
  });
  return {
    bins,
    items,
    apart: apartGroups(
      zones,
      zones.map((_, item) => [item]),
    ),
  };
}

/** The search lowers the highest use, too; here each move that isn't needed for room is taken back. */
function fewestMoved(instance: Instance): Extract<Packed, { is: 'packed' }> | null {
  let found = pack(instance, 'spread', 'any');
  if (found.is === 'stuck') return null;
  let pinned = instance;
  const byCost = instance.items
    .map((item, index) => ({ item, index }))
    .filter(({ item, index }) => isMoved(item, found.bins[index]))
    .sort((a, b) => b.item.cost - a.item.cost || a.index - b.index);
  for (const { item, index } of byCost) {
    const { at } = item;
    if (at === null || !isMoved(item, found.bins[index])) continue;
    const items = pinned.items.map((one, i) => (i === index ? { ...one, bins: [at] } : one));
    const without = pack({ ...pinned, items }, 'spread', 'any');
    if (without.is === 'stuck') continue;
    pinned = { ...pinned, items };
    found = without;
  }
  return found;
}

const isMoved = (item: Item | undefined, bin: number | undefined): boolean =>
  item !== undefined && item.at !== null && bin !== undefined && bin !== item.at;

interface Move {
  readonly request: Request;
  readonly to: HostName;
}

/** Never over any host's memory in between; parked where nothing else helps. */
function inOrder(
  question: WaveQuestion,
  hosts: readonly Candidate[],
  moves: readonly Move[],
): readonly Relocation[] | null {
  const never = (): boolean => false;
  const trips = moves.map(
    ({ request, to }): Trip => ({
      zone: zoneName(request.zone.name),
      from: hostName(request.source.host),
      to,
      bytes: sizeOf(request.zone),
      parks: hosts
        .filter(host => host.facts.host !== request.source.host && rulesAgainst(request, host, never).length === 0)
        .map(({ facts }) => hostName(facts.host)),
      apart: [...request.company.rivals].map(zoneName),
    }),
  );
  const freeBytes = freeBytesOf(question.facts, host => question.settings(host).reserveBytes);
  const order = moveOrder({ trips, freeBytes, limits: NO_LIMITS });
  if (order.is === 'blocked') return null;
  return order.stages.flat().map(({ zone, from, to }) => ({ zone, from, to }));
}

function afterwards(
  facts: WaveQuestion['facts'],
  moved: readonly Request[],
  to: (request: Request) => string,
): WaveQuestion['facts'] {
  return moved.reduce<Readonly<Record<string, Facts>>>((world, request) => {
    const [from, there] = [world[request.source.host], world[to(request)]];
    if (from === undefined || there === undefined) return world;
    return { ...world, [from.host]: withoutZone(from, request.zone), [there.host]: withZone(there, request.zone) };
  }, facts);
}
