// What RAD does for `sysadm evacuate`: which zones go, in which order, what becomes of the record. Words for the
// person are sysadm's; this tells it what happens through `Listener`.
import { isKernelZone } from './config.ts';
import { chance, shuffled } from './chance.ts';
import { strikes } from './faults.ts';
import { activeBe, zoneOn } from './fleet.ts';
import type { Fleet } from './fleet.ts';
import { cleanUp, dryRun, move, prepare } from './migration.ts';
import type { Failure, Prepared, Request } from './migration.ts';
import { targetOf } from './smf.ts';
import type { EvacuationRow, Host, IndexedZone } from './state.ts';
import * as texts from './texts.ts';
import { parseRadUri, radProblem } from './trust.ts';
import { stateOf } from './zones.ts';

export interface Listener {
  preparing(zones: number): void;
  initializing(zone: string, dest: string): void;
  moving(zones: number): void;
  migrating(zone: string, dest: string): void;
}

export interface Wish {
  readonly verb: 'evacuate' | 'return';
  readonly all: boolean;
  readonly dryRun: boolean;
  readonly overwrite: boolean;
  readonly user: string;
  readonly wanted: () => boolean;
  readonly listener: Listener;
}

export interface Result {
  readonly success: boolean;
  readonly zones: number;
  readonly rows: readonly EvacuationRow[];
}

interface Planned {
  readonly zone: string;
  readonly at: Host;
  readonly uri: string;
  /** What the progress lines name: the bare host. */
  readonly dest: string;
}

const STEP_MS = 200;
const row = (zone: string, state: EvacuationRow['state'], dest: string, error: string): EvacuationRow => {
  return { zone, state, dest, error };
};

/** Zones that an evacuation is about: those that run, with `-a` the installed ones too. */
function candidates(host: Host, all: boolean): readonly IndexedZone[] {
  const zones = [...activeBe(host).index.values()];
  return zones.filter(z => stateOf(host, z) === 'running' || (all && stateOf(host, z) === 'installed'));
}

export async function evacuate(fleet: Fleet, host: Host, wish: Wish): Promise<Result> {
  const zones = candidates(host, wish.all);
  const rows: EvacuationRow[] = [];
  const planned: Planned[] = [];
  for (const zone of zones) {
    const target = targetOf(activeBe(host).smf, zone.name);
    const live = stateOf(host, zone) === 'running';
    if (live && !isKernelZone(zone.config)) rows.push(row(zone.name, 'SKIPPED', '-', texts.noLiveMigration));
    else if (target === null) rows.push(row(zone.name, 'SKIPPED', '-', texts.noTarget));
    else planned.push({ zone: zone.name, at: host, uri: target, dest: parseRadUri(target)?.host ?? target });
  }
  wish.listener.preparing(zones.length);
  const ends = await carryOut(fleet, host, planned, wish);
  for (const { plan, failure } of ends)
    rows.push(row(plan.zone, failure === null ? 'EVACUATED' : 'FAILED', plan.uri, failure?.text ?? '-'));
  const success = rows.every(r => r.state === 'EVACUATED');
  if (!wish.dryRun) keepRecord(fleet, host, rows);
  return { success, zones: zones.length, rows: sorted(wish.dryRun ? rows : (host.evacuation ?? rows)) };
}

const sorted = (rows: readonly EvacuationRow[]): readonly EvacuationRow[] =>
  [...rows].sort((a, b) => (a.zone < b.zone ? -1 : a.zone > b.zone ? 1 : 0));

/** A later run adds to the record: rows of zones that are away stay as they are. */
function keepRecord(fleet: Fleet, host: Host, rows: readonly EvacuationRow[]): void {
  const names = new Set(rows.map(r => r.zone));
  const kept = (host.evacuation ?? []).filter(r => r.state === 'EVACUATED' && !names.has(r.zone));
  if (rows.length === 0 && kept.length === 0) return;
  fleet.change({ what: 'evacuation-recorded', host: host.name }, () => {
    host.evacuation = sorted([...kept, ...rows]);
  });
}

interface End {
  readonly plan: Planned;
  readonly failure: Failure | null;
}

function requestFor(plan: Planned, wish: Wish): Request {
  const { zone, at, uri } = plan;
  return { zone, from: at, uri, user: wish.user, overwrite: wish.overwrite, wanted: wish.wanted, say: () => undefined };
}

interface Ready {
  readonly plan: Planned;
  readonly prepared: Prepared;
}

/** Prepares every zone in turn, then moves all that are ready at once. Neither order is the listing's. */
async function carryOut(fleet: Fleet, host: Host, planned: readonly Planned[], wish: Wish): Promise<readonly End[]> {
  const ends: End[] = [];
  const ready: Ready[] = [];
  const round = `${host.name} ${host.rounds++}`;
  for (const plan of shuffled(planned, chance(fleet.seed, round, 'initialize'))) {
    wish.listener.initializing(plan.zone, plan.dest);
    await fleet.clock.sleep(STEP_MS);
    const prepared = await prepare(fleet, requestFor(plan, wish));
    if (prepared.is === 'failed') ends.push({ plan, failure: prepared });
    else ready.push({ plan, prepared });
  }
  wish.listener.moving(ready.length);
  const running: Promise<End>[] = [];
  const delay = chance(fleet.seed, round, 'delay');
  for (const item of shuffled(ready, chance(fleet.seed, round, 'migrate'))) {
    wish.listener.migrating(item.plan.zone, item.plan.dest);
    running.push(one(fleet, host, { ...item, wish, delayMs: 1 + delay() * 3000 }));
    await fleet.clock.sleep(STEP_MS);
  }
  return [...ends, ...(await Promise.all(running))];
}

async function one(fleet: Fleet, host: Host, item: Ready & { wish: Wish; delayMs: number }): Promise<End> {
  const { plan, prepared, wish } = item;
  await fleet.clock.sleep(item.delayMs);
  const struck = faultOf(fleet, host, plan.zone, wish.verb);
  const cancelled: Failure | null = wish.wanted() ? null : { is: 'failed', operation: 'CANCEL', text: texts.cancelled };
  const early = struck ?? cancelled;
  if (early !== null) cleanUp(fleet, prepared);
  if (early !== null) return { plan, failure: early };
  return { plan, failure: wish.dryRun ? await dryRun(fleet, prepared) : await move(fleet, prepared) };
}

function faultOf(fleet: Fleet, host: Host, zone: string, verb: Wish['verb']): Failure | null {
  for (const name of [`${verb}-fails-once`, `${verb}-fails-always`]) {
    if (strikes(fleet, host.name, name, zone)) return { is: 'failed', operation: 'MIGRATE', text: texts.injected };
  }
  return null;
}

/** Brings back the zones of the record that are where it says. Run on the host they left. */
export async function giveBack(fleet: Fleet, host: Host, wish: Wish): Promise<Result> {
  const record = host.evacuation ?? [];
  const planned: Planned[] = [];
  const lost: EvacuationRow[] = [];
  const stay: EvacuationRow[] = [];
  for (const entry of record.filter(r => r.state === 'EVACUATED')) {
    const plan = planReturn(fleet, host, entry, wish);
    if (plan === 'stays') stay.push(entry);
    else if (typeof plan === 'string') lost.push(row(entry.zone, 'FAILED', entry.dest, plan));
    else planned.push(plan);
  }
  wish.listener.preparing(planned.length + lost.length);
  const ends = await carryOut(fleet, host, planned, wish);
  const failures = ends.flatMap(({ plan, failure }) =>
    failure === null ? [] : [row(plan.zone, 'FAILED', '-', failure.text)],
  );
  const back = ends.filter(e => e.failure === null).map(e => e.plan.zone);
  if (!wish.dryRun) forget(fleet, host, back);
  const home = back.map(zone => row(zone, 'EVACUATED', '-', '-'));
  const success = lost.length + failures.length === 0;
  return { success, zones: planned.length + lost.length, rows: sorted([...home, ...lost, ...failures]) };
}

/** Takes zones that are home off the record; rows of zones that never left go with the last of them. */
function forget(fleet: Fleet, host: Host, back: readonly string[]): void {
  const left = (host.evacuation ?? []).filter(r => !back.includes(r.zone));
  const away = left.some(r => r.state === 'EVACUATED');
  fleet.change({ what: 'evacuation-recorded', host: host.name }, () => {
    host.evacuation = away ? left : null;
  });
}

/** How a zone of the record comes home; `stays` when it doesn't run there and only running ones were asked for. */
function planReturn(fleet: Fleet, host: Host, entry: EvacuationRow, wish: Wish): Planned | string {
  const uri = parseRadUri(entry.dest);
  if (uri === null) return texts.badUri(entry.dest);
  const problem = radProblem(fleet, host, wish.user, uri);
  if (problem !== null) return texts.connectFailed(uri.host, problem);
  const at = fleet.host(uri.host);
  const zone = zoneOn(at, entry.zone);
  const state = zone === null ? 'absent' : stateOf(at, zone);
  if (zone === null || state === 'configured') return texts.notOnDest(uri.host);
  if (state !== 'running' && !wish.all) return 'stays';
  return { zone: entry.zone, at, uri: `ssh://${uri.user ?? wish.user}@${host.name}`, dest: host.name };
}
