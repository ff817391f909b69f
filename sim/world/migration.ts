// One migration: the way of a zone from one host to another, with every check that the hosts make. It runs on the
// fleet's clock, not in the process that asked for it: RAD and zoneadmd do the work. At each instant the zone is whole
// on exactly one host; the switch is one transition.
import { memoryOf, mismatch } from './config.ts';
import { strikes } from './faults.ts';
import { zoneOn } from './fleet.ts';
import type { Fleet } from './fleet.ts';
import { attachRefusal, cpuFits, failed, hostsRefuse, unknownThere } from './migration-checks.ts';
import type { Host, IndexedZone, LiveZone } from './state.ts';
import * as texts from './texts.ts';
import { parseRadUri, radProblem } from './trust.ts';
import { configure, memoryRefusal, putUp, releaseStorage, stateOf, takeStorage, unconfigure } from './zones.ts';

export type Kind = 'live' | 'warm' | 'cold';

export interface Request {
  readonly zone: string;
  readonly from: Host;
  readonly uri: string;
  readonly user: string;
  readonly overwrite: boolean;
  /** False once the process that asked is gone: the migration is cancelled then. */
  readonly wanted: () => boolean;
  /** A status line of `zoneadm migrate`, without its prefix. */
  readonly say: (line: string) => void;
}

export interface Prepared {
  readonly is: 'prepared';
  readonly request: Request;
  readonly kind: Kind;
  readonly to: Host;
  readonly source: IndexedZone;
  readonly target: IndexedZone;
  /** True when the destination had no configuration of this zone before. */
  readonly imported: boolean;
}

/** `operation` is RAD's word for the point at which it failed. */
export interface Failure {
  readonly is: 'failed';
  readonly operation: string;
  readonly text: string;
}

const CONNECT_MS = 400;
const ATTACH_MS = 800;
const BOOT_MS = 1500;
const DETACH_MS = 500;

export function kindOf(host: Host, zone: IndexedZone): Kind | null {
  if (stateOf(host, zone) === 'running') return 'live';
  if (zone.state !== 'installed') return null;
  return zone.suspended ? 'warm' : 'cold';
}

/** Connects, checks rights and configurations, and configures the zone at the destination. */
export async function prepare(fleet: Fleet, request: Request): Promise<Prepared | Failure> {
  const { from, zone } = request;
  const uri = parseRadUri(request.uri);
  if (uri === null) return failed('CONNECT', texts.badUri(request.uri));
  await fleet.clock.sleep(CONNECT_MS);
  const problem = radProblem(fleet, from, request.user, uri);
  if (problem !== null) return failed('CONNECT', texts.connectFailed(uri.host, problem));
  const to = fleet.host(uri.host);
  const source = zoneOn(from, zone);
  const kind = source === null ? null : kindOf(from, source);
  if (source === null || kind === null) return failed('FRAMEWORK', `zone is ${source?.state ?? 'unknown'}`);
  const refusal = hostsRefuse(from, to, source.config, kind);
  if (refusal !== null) return refusal;
  return configureThere(fleet, { request, kind, to, source });
}

type Way = Pick<Prepared, 'request' | 'kind' | 'to' | 'source'>;

function configureThere(fleet: Fleet, way: Way): Prepared | Failure {
  const { request, to, source } = way;
  const there = zoneOn(to, request.zone);
  if (there !== null && (there.state !== 'configured' || to.live.has(there.name)))
    return failed('CONFIGURE', texts.zoneExists);
  if (there !== null && !request.overwrite) {
    request.say('Using existing zone configuration on destination.');
    const property = mismatch(source.config, there.config);
    if (property !== null) return failed('CONFIG_CHECK', texts.configurationMismatch(property));
    return { is: 'prepared', ...way, target: there, imported: false };
  }
  const unknown = unknownThere(source.config, to);
  if (unknown !== null) {
    request.say('Importing zone configuration on destination.');
    return failed('CONFIGURE', unknown);
  }
  request.say(there === null ? 'Importing zone configuration.' : 'Overwriting zone configuration on destination.');
  const target = configure(fleet, to, source.config);
  return { is: 'prepared', ...way, target, imported: there === null };
}

/** Takes back what `prepare` left at the destination. */
export function cleanUp(fleet: Fleet, prepared: Prepared): void {
  const { to, target } = prepared;
  if (!prepared.imported || zoneOn(to, target.name) !== target) return;
  if (target.state === 'configured' && !to.live.has(target.name)) unconfigure(fleet, to, target.name);
}

/** Does everything that can be done without moving the zone, and cleans up. */
export async function dryRun(fleet: Fleet, prepared: Prepared): Promise<Failure | null> {
  const { request, kind, to, target } = prepared;
  request.say('Attaching zone.');
  await fleet.clock.sleep(ATTACH_MS);
  const refusal = attachRefusal(fleet, prepared);
  if (refusal !== null || kind !== 'live') {
    if (refusal === null) request.say('Dry-run migration successful.');
    if (refusal === null) request.say('Cleaning up.');
    cleanUp(fleet, prepared);
    return refusal;
  }
  const received = await receive(fleet, prepared);
  if (received.is === 'received' && strikes(fleet, to.name, 'dry-run-leaves-debris', target.name))
    return failed('COMPLETE', texts.streamLost);
  if (received.is === 'received') {
    request.say('Cleaning up.');
    request.say('Dry-run migration successful.');
    fleet.change({ what: 'migration-cleaned', host: to.name, zone: target.name }, () => to.live.delete(target.name));
  }
  cleanUp(fleet, prepared);
  return received.is === 'failed' ? received : null;
}

interface Received {
  readonly is: 'received';
  readonly live: LiveZone;
}

/** Boots the zone at the destination in `migrating-in` mode: its memory is taken there from now on. */
async function receive(fleet: Fleet, prepared: Prepared): Promise<Received | Failure> {
  const { request, to, source, target } = prepared;
  request.say("Booting zone in 'migrating-in' mode.");
  await fleet.clock.sleep(BOOT_MS);
  if (to.power !== 'up') return failed('BOOT', texts.streamLost);
  if (to.live.has(target.name)) return failed('BOOT', texts.zoneExists);
  const room = memoryRefusal(to, source.config);
  if (room.is === 'refused') return failed('BOOT', room.text);
  let live: LiveZone | null = null;
  fleet.change({ what: 'zone-migrating-in', host: to.name, zone: target.name }, () => {
    live = putUp(to, target, 'migrating-in');
  });
  request.say('Checking migration compatibility.');
  await fleet.clock.sleep(CONNECT_MS);
  if (!cpuFits(source.config, request.from, to)) {
    fleet.change({ what: 'migration-cleaned', host: to.name, zone: target.name }, () => to.live.delete(target.name));
    return failed('CONFIG_CHECK', `configuration check failed:\n${texts.cpuMismatch}`);
  }
  return live === null ? failed('BOOT', texts.streamLost) : { is: 'received', live };
}

export async function move(fleet: Fleet, prepared: Prepared): Promise<Failure | null> {
  prepared.request.say('Attaching zone.');
  await fleet.clock.sleep(ATTACH_MS);
  const refusal = attachRefusal(fleet, prepared);
  const failure = refusal ?? (await (prepared.kind === 'live' ? moveLive(fleet, prepared) : moveCold(fleet, prepared)));
  if (failure !== null) cleanUp(fleet, prepared);
  return failure;
}

async function moveCold(fleet: Fleet, prepared: Prepared): Promise<Failure | null> {
  const { request, to, source } = prepared;
  const gone = broken(request.from, to);
  await fleet.clock.sleep(ATTACH_MS + DETACH_MS);
  if (gone()) return failed('MIGRATE', texts.streamLost);
  if (!request.wanted()) return failed('CANCEL', texts.cancelled);
  const still = kindOf(request.from, source);
  if (still !== 'cold' && still !== 'warm') return failed('MIGRATE', `zone is ${stateOf(request.from, source)}`);
  const late = attachRefusal(fleet, prepared);
  if (late !== null) return late;
  request.say('Migration successful.');
  request.say('Detaching zone on source host.');
  switchOver(fleet, prepared, null);
  return null;
}

/** True from the moment one of the two hosts has gone down. */
function broken(from: Host, to: Host): () => boolean {
  const generations = [from.generation, to.generation];
  return () => from.generation !== generations[0] || to.generation !== generations[1];
}

async function moveLive(fleet: Fleet, prepared: Prepared): Promise<Failure | null> {
  const { request, to, source, target } = prepared;
  const gone = broken(request.from, to);
  const received = await receive(fleet, prepared);
  if (received.is === 'failed') return received;
  const leaving = request.from.live.get(source.name);
  if (leaving === undefined || leaving.aux !== 'none' || gone()) {
    fleet.change({ what: 'migration-cleaned', host: to.name, zone: target.name }, () => to.live.delete(target.name));
    return failed('MIGRATE', texts.streamLost);
  }
  fleet.change({ what: 'zone-migrating-out', host: request.from.name, zone: source.name }, () => {
    leaving.aux = 'migrating-out';
  });
  request.say('Starting migration.');
  const failure = await stream(fleet, prepared, () => {
    return gone() || request.from.live.get(source.name) !== leaving || to.live.get(target.name) !== received.live;
  });
  if (failure !== null) {
    fleet.change({ what: 'migration-failed', host: request.from.name, zone: source.name }, () => {
      leaving.aux = 'none';
      if (to.live.get(target.name) === received.live) to.live.delete(target.name);
    });
    return failure;
  }
  request.say('Suspending zone on source host.');
  request.say('Waiting for migration to complete.');
  request.say('Migration successful.');
  switchOver(fleet, prepared, received.live);
  request.say('Halting and detaching zone on source host.');
  await fleet.clock.sleep(DETACH_MS);
  return null;
}

/** The bytes that go over the link: the memory, and again what is written meanwhile, five times at most. */
function bytesToSend(fleet: Fleet, prepared: Prepared): number {
  const memory = memoryOf(prepared.source.config);
  const link = Math.min(prepared.request.from.hardware.linkBytesPerSecond, prepared.to.hardware.linkBytesPerSecond);
  const share = Math.min(0.8, (fleet.dirtyRates.get(prepared.source.name) ?? 0) / link);
  return memory / (1 - share);
}

/** Sends the memory; streams at either end share its link. */
async function stream(fleet: Fleet, prepared: Prepared, lost: () => boolean): Promise<Failure | null> {
  const { request, to } = prepared;
  const ends = [request.from, to];
  const total = bytesToSend(fleet, prepared);
  const stalls = strikes(fleet, request.from.name, 'migration-stalls', request.zone);
  let left = total;
  for (const end of ends) end.streams++;
  try {
    while (left > 0) {
      const rate = Math.min(...ends.map(end => end.hardware.linkBytesPerSecond / Math.max(1, end.streams)));
      const seconds = Math.min(5, Math.max(0.25, left / rate / 8));
      const step = Math.min(seconds, left / rate);
      await fleet.clock.sleep(Math.max(1, step * 1000));
      if (lost()) return failed('MIGRATE', texts.streamLost);
      if (!request.wanted()) return failed('CANCEL', texts.cancelled);
      left -= rate * step;
      if (stalls && left < total / 2) return failed('MIGRATE', texts.streamTimeout);
    }
    return null;
  } finally {
    for (const end of ends) end.streams--;
  }
}

/** The one transition in which the zone changes hosts. */
function switchOver(fleet: Fleet, prepared: Prepared, live: LiveZone | null): void {
  const { request, to, source, target } = prepared;
  const panics = live !== null && strikes(fleet, to.name, 'zone-panics-on-resume', source.name);
  fleet.change({ what: 'zone-moved', host: to.name, zone: source.name }, () => {
    request.from.live.delete(source.name);
    releaseStorage(fleet, request.from, source.config);
    takeStorage(fleet, to, target.config);
    target.state = 'installed';
    target.stale = false;
    target.uuid = source.uuid;
    target.suspended = source.suspended;
    source.state = 'configured';
    source.suspended = false;
    if (live !== null) live.aux = panics ? 'panicked' : 'none';
  });
}
