// zones.evacuate: sends the planned zones away with sysadm, some at a time, so that the host keeps its own record. How
// it went is judged by where the zones are, never by an exit status. A deadline looks and tells; nothing is killed.
import * as z from 'zod';
import type { JsonObject } from '../text/json.ts';
import type { Facts, ZoneFacts } from '../model/facts.ts';
import type { HostName } from '../model/ids.ts';
import type { Foreseen } from '../model/plan.ts';
import type { Answer } from '../model/refusal.ts';
import { memoryOf } from '../model/room.ts';
import type { Looker } from '../model/step.ts';
import { censusesOf, tellPlaces } from './census.ts';
import { closureOf } from './closure.ts';
import {
  budgetMs,
  candidates,
  type EvacuateArgs,
  type EvacuateSeen,
  evacuateArgs,
  gibOf,
  isStopped,
  movesOf,
  statesIn,
  type Traveller,
  zonesToStop,
} from './departure.ts';
import { doubt } from './doubt.ts';
import { evacuateAll } from './evacuation.ts';
import { migratedField, stayedField } from './fields.ts';
import { movesText, plannedAlternatives, plannedMoves, ruledNatives } from './moves.ts';
import { errorsIn, saidOf } from './settle.ts';
import { type Found, NOTHING_TO_UNDO, stepOf, undoSteps } from './shape.ts';
import { ownTargets } from './targets.ts';
import { tryAll } from './trial.ts';
import { windowOf } from './window.ts';
import { type Censuses, isShell, placeOf } from './zone-places.ts';

export const zonesEvacuate = stepOf<EvacuateArgs, EvacuateSeen>({
  name: 'zones.evacuate',
  summary: 'sends the planned zones of a closed host away, and knows by looking where each is',
  takesLong: true,
  args: evacuateArgs,
  returns: () => z.object({ migrated: migratedField, stayed: stayedField }),
  undoNeeds: ['maintenance.begin', 'be.boot'],
  limitMs: budgetMs,
  onlyTries: ({ dry_run }) => dry_run,
  born: (written, context) => ({
    ...written,
    moves: written.moves ?? plannedMoves(context),
    alternatives: written.alternatives.length > 0 ? written.alternatives : plannedAlternatives(context),
    was: written.was.length > 0 || context.facts === null ? written.was : statesIn(context.facts),
    natives: written.natives ?? ruledNatives(context),
    former: written.former ?? (context.facts === null ? null : ownTargets(context.facts)),
  }),
  say: written => `${written.dry_run ? 'try to move' : 'move'} ${movesText(written.moves)}`,
  foresee,
  check,
  undo(written, { stops }) {
    const boots: [string, JsonObject][] = stops.length === 0 ? [] : [['zone.boot', { zones: stops }]];
    if (written.dry_run) return NOTHING_TO_UNDO;
    if (movesOf(written).length === 0) return boots.length === 0 ? NOTHING_TO_UNDO : undoSteps(...boots);
    const { scheme, user, timeout_per_gib, batch } = written;
    const zones = candidates(written).map(({ zone, to }) => ({ zone, at: to }));
    const retry = { same_destination: 2, wait: written.retry.wait };
    const rest = { batch, leftover: 'hold', scheme, user, timeout_per_gib, gib: gibOf(written) };
    // The undo of zones.target comes while the zones are away, when there is nothing here to set a target on.
    const former = (written.former ?? []).filter(({ zone }) => zones.some(one => one.zone === zone));
    return undoSteps(
      ['zones.return', { which: 'named', zones, retry, ...rest }],
      ['zones.target', { ...written, moves: null, values: former, former: null }],
      ...boots,
    );
  },
  apply: (written, seen, doer) => (written.dry_run ? tryAll(written, doer) : evacuateAll(written, seen, doer)),
  result(written, before, after) {
    const gone = written.dry_run ? [] : after.zones.filter(({ at }) => at !== after.home);
    const was = (zone: string) => before.zones.find(one => one.zone === zone)?.was;
    return {
      migrated: gone.map(({ zone, at, was: now }) => ({ zone, from: after.home, to: at, was: was(zone) ?? now })),
      stayed: before.stayed.map(one => ({ zone: one.zone, was: wasBefore(written, one) })),
    };
  },
});

/** A zone that we shut down ran before, whatever a later look says. */
function wasBefore(written: EvacuateArgs, stayed: { readonly zone: string; readonly was: string }): string {
  if (!isStopped(written, stayed.zone)) return stayed.was;
  return written.was.find(({ zone }) => zone === stayed.zone)?.state ?? stayed.was;
}

function foresee(written: EvacuateArgs, facts: Facts | null): Foreseen {
  if (facts === null) return { is: 'unknown', why: 'nothing is known of the host' };
  if (written.moves === null) return { is: 'unknown', why: 'no plan says yet where the zones go' };
  if (facts.zones.is === 'unknown') return { is: 'unknown', why: facts.zones.why };
  const zones = facts.zones.value;
  const moving = zones.filter(
    ({ name, state }) => state !== 'configured' && written.moves?.some(({ zone }) => zone === name),
  );
  const migrated = moving.flatMap(({ name, state }) => {
    const to = written.moves?.find(({ zone }) => zone === name)?.to;
    return to === undefined ? [] : [{ zone: name, from: facts.host, to, was: state }];
  });
  const staying = zones.filter(zone => zone.state !== 'configured' && !moving.includes(zone));
  const stayed = staying.map(({ name, state }) => ({ zone: name, was: state }));
  if (moving.length === 0) return { is: 'nothing', result: { migrated: [], stayed } };
  if (written.dry_run) return { is: 'unknown', why: 'whether each migration would work is what the dry run finds out' };
  const shells = zones.map(zone =>
    moving.includes(zone) ? { ...zone, state: 'configured' as const, id: null } : zone,
  );
  return {
    is: 'change',
    text: movesText(written.moves),
    facts: { ...facts, zones: { is: 'known', value: shells }, memory: freed(facts.memory, moving) },
    result: { migrated, stayed },
  };
}

/** What they held is free again: a later wave may count on it. */
function freed(memory: Facts['memory'], gone: readonly ZoneFacts[]): Facts['memory'] {
  if (memory.freeBytes.is === 'unknown') return memory;
  let bytes = memory.freeBytes.value;
  for (const zone of gone.filter(({ state }) => state === 'running')) {
    const held = memoryOf(zone);
    if (held.is === 'unknown') return { ...memory, freeBytes: held };
    bytes += held.value;
  }
  return { ...memory, freeBytes: { is: 'known', value: bytes } };
}

async function check(written: EvacuateArgs, looker: Looker): Promise<Found<EvacuateSeen>> {
  const censuses = await censusesOf(looker, [looker.host, ...candidates(written).map(({ to }) => to)]);
  if (censuses.is === 'no') return { is: 'no-answer', refusal: censuses.refusal };
  const toStop = zonesToStop(written, looker.host, censuses.value);
  const found = seenIn(written, looker.host, censuses.value);
  const stayed = await withMemory(looker, found.stayed);
  if (stayed.is === 'no') return { is: 'no-answer', refusal: stayed.refusal };
  const seen = { ...found, stayed: stayed.value, stops: toStop };
  if (written.dry_run && movesOf(written).length === 0) return { is: 'done', seen, text: 'no zone is to move' };
  if (written.dry_run) return { is: 'unsure', seen, text: 'a dry run is tried, not looked up' };
  await tellPlaces(
    looker,
    movesOf(written).map(({ zone }) => zone),
    censuses.value,
  );
  const unclear = movesOf(written).flatMap(({ zone }) => {
    const place = placeOf(zone, censuses.value);
    return place.is === 'at' ? [] : [place.text];
  });
  if (unclear.length > 0) return cannotTell(looker, unclear.join('; '));
  const here = seen.zones.filter(({ at }) => at === looker.host);
  if (here.length === 0 && toStop.length === 0) return { is: 'done', seen, text: 'every planned zone is away' };
  const cold = written.which === 'running' ? here.filter(({ was }) => was === 'installed') : [];
  if (cold.length > 0) {
    const why = cold.map(({ zone }) => `${zone} was planned to move running, and is installed`).join('; ');
    return { is: 'blocked', seen, why: `${looker.host}: ${why}; boot it, or say which: all` };
  }
  return mayLeave(looker, seen, here, toStop);
}

/** A zone that the journals know to have run when we closed the host ran before: it can't have started since. */
async function withMemory(looker: Looker, stayed: EvacuateSeen['stayed']): Promise<Answer<EvacuateSeen['stayed']>> {
  const ran = (zone: string) =>
    looker.ledger.stayed.some(one => one.zone === zone && one.host === looker.host && one.was === 'running');
  const down = stayed.filter(({ zone, was }) => was !== 'running' && ran(zone));
  if (down.length === 0) return { is: 'ok', value: stayed };
  const closure = await closureOf(looker);
  if (closure.is === 'no') return closure;
  if (windowOf(closure.value.maintenance, looker.ledger).is !== 'ours') return { is: 'ok', value: stayed };
  return { is: 'ok', value: stayed.map(one => (down.includes(one) ? { ...one, was: 'running' } : one)) };
}

async function mayLeave(
  looker: Looker,
  seen: EvacuateSeen,
  here: readonly Traveller[],
  toStop: readonly string[],
): Promise<Found<EvacuateSeen>> {
  const closure = await closureOf(looker);
  if (closure.is === 'no') return { is: 'no-answer', refusal: closure.refusal };
  const { maintenance, record } = closure.value;
  const window = windowOf(maintenance, looker.ledger);
  if (window.is === 'unknown') return cannotTell(looker, window.why);
  if (record.is === 'unknown') return cannotTell(looker, record.why);
  if (record.is === 'in-progress') return cannotTell(looker, 'an evacuation is in progress');
  if (window.is !== 'ours') {
    const why = window.is === 'theirs' ? window.why : 'the host is open; close it first (maintenance.begin)';
    return { is: 'blocked', seen, why: `${looker.host}: ${why}` };
  }
  const middle = here.filter(({ was }) => was !== 'running' && was !== 'installed');
  if (middle.length > 0) {
    const why = middle.map(({ zone, was }) => `zone ${zone} is ${was}`).join('; ');
    return { is: 'blocked', seen, why: `${looker.host}: ${why}` };
  }
  const errors = errorsIn(record);
  const still = [
    ...here.map(({ zone, was }) => `${zone} is here, ${was}${saidOf(zone, errors)}`),
    ...toStop.map(zone => `${zone} runs`),
  ];
  return { is: 'todo', seen, text: still.join('; ') };
}

function seenIn(written: EvacuateArgs, home: HostName, censuses: Censuses): Omit<EvacuateSeen, 'stops'> {
  const zones = movesOf(written).flatMap(({ zone, to }): Traveller[] => {
    const place = placeOf(zone, censuses);
    return place.is === 'at' ? [{ zone, to, at: place.host, was: place.state }] : [];
  });
  const moved = movesOf(written).map(({ zone }) => zone);
  const stayed = [...(censuses.get(home) ?? [])]
    .filter(([zone, sighting]) => !moved.includes(zone) && !isShell(sighting))
    .map(([zone, { state }]) => ({ zone, was: state }));
  return { home, zones, stayed };
}

function cannotTell(looker: Looker, why: string): Found<EvacuateSeen> {
  return { is: 'no-answer', refusal: doubt(`${looker.host}: zones.evacuate`, why) };
}
