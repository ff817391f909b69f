// Carrying out an evacuation: batch after batch, each with targets for its own zones only, the command repeated where
// a zone failed. It ends when every zone is away or no further try is allowed, and says where things stand; whether it
// worked is for the step's check.
import { hostName } from '../model/ids.ts';
import type { Applied, Doer } from '../model/step.ts';
import * as evacuate from '../solaris/sysadm-evacuate.ts';
import * as zoneadm from '../solaris/zoneadm.ts';
import { censusesOf } from './census.ts';
import { closureOf } from './closure.ts';
import { candidates, type EvacuateArgs, type EvacuateSeen, movesOf, zonesToStop } from './departure.ts';
import { refusedWith } from './doubt.ts';
import { ms } from './fields.ts';
import { factsOf } from './look.ts';
import { type Move, uriOf } from './moves.ts';
import { saidOf, settled } from './settle.ts';
import { relayed } from './sysadm-talk.ts';
import { compareTargets, defaultObjection, setTargets } from './targets.ts';
import { placeOf } from './zone-places.ts';

/** What a batch came to: zones still here with what was said of them, or a refusal that leaves us without knowledge. */
type Outcome =
  | { readonly is: 'left'; readonly here: readonly Move[]; readonly why: string }
  | (Applied & { readonly is: 'refused' });

export async function evacuateAll(written: EvacuateArgs, seen: EvacuateSeen, doer: Doer): Promise<Applied> {
  const stopped = await stopNatives(written, doer);
  if (stopped !== null) return stopped;
  const waiting = movesOf(written).filter(({ zone }) =>
    seen.zones.some(one => one.zone === zone && one.at === doer.host),
  );
  const size = written.batch ?? Math.max(1, waiting.length);
  for (let next = 0; next < waiting.length; next += size) {
    if (doer.stopping()) return stands(doer, 'stopped by the operator before the next batch');
    const outcome = await sendBatch(written, waiting.slice(next, next + size), doer);
    if (outcome.is === 'refused') return outcome;
    if (outcome.here.length > 0) return stands(doer, outcome.why);
    const done = Math.min(next + size, waiting.length);
    await progress(doer, `${done} of ${waiting.length} zones are away`, done, waiting.length);
  }
  return stands(doer, '');
}

/** Whether that is enough is for the step's check; what went wrong is told here. */
async function stands(doer: Doer, trouble: string): Promise<Applied> {
  if (trouble !== '') await doer.tell({ type: 'noted', level: 'warning', text: `${doer.host}: ${trouble}` });
  return { is: 'applied', reply: { trouble } };
}

async function stopNatives(written: EvacuateArgs, doer: Doer): Promise<Applied | null> {
  if (written.native !== 'stop' && !written.natives?.stop.length) return null;
  const censuses = await censusesOf(doer, [doer.host]);
  if (censuses.is === 'no') return refusedWith(censuses.refusal);
  for (const zone of zonesToStop(written, doer.host, censuses.value)) {
    const down = await doer.do(zoneadm.shutdown(zone), { limitMs: 15 * 60_000 });
    if (down.is === 'no') return refusedWith(down.refusal);
  }
  return null;
}

/** Same destination first, as often as allowed, then the others in their order. */
async function sendBatch(written: EvacuateArgs, batch: readonly Move[], doer: Doer): Promise<Outcome> {
  const { same_destination, other_destination, wait } = written.retry;
  const others = Math.max(
    0,
    ...batch.map(({ zone }) => candidates(written).filter(one => one.zone === zone).length - 1),
  );
  const tries = 1 + same_destination + Math.min(other_destination, others);
  let here = batch;
  let why = '';
  for (let attempt = 0; attempt < tries; attempt += 1) {
    if (attempt > 0) {
      if (doer.stopping()) return { is: 'left', here, why: `stopped by the operator; ${why}` };
      await progress(doer, `trying ${here.map(({ zone }) => zone).join(' ')} again: ${why}`, null, null);
      await doer.sleep(ms(wait));
    }
    const other = attempt - same_destination;
    const moves = other <= 0 ? here : here.map(move => elsewhere(written, move, other));
    const outcome = await sendInTurns(written, moves, doer);
    if (outcome.is === 'refused' || outcome.here.length === 0) return outcome;
    here = outcome.here;
    why = outcome.why;
  }
  return { is: 'left', here, why };
}

function elsewhere(written: EvacuateArgs, move: Move, nth: number): Move {
  const others = candidates(written).filter(({ zone }) => zone === move.zone);
  const { to } = others[Math.min(nth, others.length - 1)] ?? move;
  return { ...move, to };
}

/** As many at a time as there are places for beside what other hosts send: sysadm moves all that have a target together. */
async function sendInTurns(written: EvacuateArgs, moves: readonly Move[], doer: Doer): Promise<Outcome> {
  const trips = moves.map(move => ({ ...move, from: doer.host, to: hostName(move.to) }));
  const here: Move[] = [];
  const why: string[] = [];
  for (let waiting = trips; waiting.length > 0; ) {
    const { going, leave } = await doer.harbour.take(waiting);
    if (going.length === 0) return { is: 'left', here: [...here, ...waiting], why: 'stopped by the operator' };
    const outcome = await sendOnce(written, going, doer).finally(leave);
    if (outcome.is === 'refused') return outcome;
    here.push(...outcome.here);
    if (outcome.why !== '') why.push(outcome.why);
    waiting = waiting.filter(one => !going.includes(one));
  }
  return { is: 'left', here, why: why.join('; ') };
}

async function sendOnce(written: EvacuateArgs, moves: readonly Move[], doer: Doer): Promise<Outcome> {
  const shut = await closedDestinations(moves, doer);
  if (shut !== null) return { is: 'left', here: moves, why: shut };
  const targeted = await targetOnly(written, moves, doer);
  if (targeted !== null) return targeted;
  const command = evacuate.evacuate({ all: written.which === 'all', overwrite: written.overwrite_config });
  const budgetMs = 10 * 60_000 + moves.reduce((sum, { gib }) => sum + gib, 0) * ms(written.timeout_per_gib);
  const said = await relayed(doer, command, { budgetMs, zones: moves.map(({ zone }) => zone) });
  // Nothing reached the host: nothing is on its way either.
  if (said.is === 'no' && said.refusal.is === 'not-sent') return { is: 'refused', refusal: said.refusal };
  const rest = await settled(doer, {
    zones: moves.map(({ zone }) => zone),
    hosts: moves.map(({ to }) => hostName(to)),
    budgetMs,
  });
  if (rest.is === 'no') return { is: 'refused', refusal: rest.refusal };
  const here = moves.filter(({ zone }) => {
    const place = placeOf(zone, rest.value.censuses);
    return place.is === 'at' && place.host === doer.host;
  });
  return { is: 'left', here, why: here.map(({ zone, to }) => reasonOf(zone, to, rest.value.errors)).join('; ') };
}

function reasonOf(zone: string, to: string, errors: ReadonlyMap<string, string>): string {
  return `${zone} did not go to ${to}${saidOf(zone, errors)}`;
}

/** Another admin may have closed a destination since the plan was made; the attach there would be refused half way. */
async function closedDestinations(moves: readonly Move[], doer: Doer): Promise<string | null> {
  for (const to of new Set(moves.map(move => move.to))) {
    const closure = await closureOf(doer.peer(hostName(to)));
    if (closure.is === 'no') return `${to} can't be asked whether it is open`;
    const { maintenance } = closure.value;
    if (maintenance.is === 'closed')
      return `${to} is closed by ${maintenance.user} since ${maintenance.date}: ${maintenance.message}`;
    if (maintenance.is === 'unknown') return `nobody can tell whether ${to} is open: ${maintenance.why}`;
  }
  return null;
}

/** Targets for these zones and no other: sysadm sends whatever has one. */
async function targetOnly(written: EvacuateArgs, moves: readonly Move[], doer: Doer): Promise<Outcome | null> {
  const facts = await factsOf(doer);
  if (facts.is === 'no') return { is: 'refused', refusal: facts.refusal };
  const compared = compareTargets(facts.value, zone => targetIn(written, moves, zone.name));
  if (compared.is === 'unknown') return { is: 'left', here: moves, why: `cannot tell ${compared.why}` };
  const refusal = await setTargets(doer, compared.differing);
  if (refusal !== null) return { is: 'refused', refusal };
  return compared.differing.length === 0 ? null : targetsCount(written, moves, doer);
}

/** What was set is read once more: sysadm goes by what counts, and a default of the service sends whoever has no target. */
async function targetsCount(written: EvacuateArgs, moves: readonly Move[], doer: Doer): Promise<Outcome | null> {
  const facts = await factsOf(doer);
  if (facts.is === 'no') return { is: 'refused', refusal: facts.refusal };
  const compared = compareTargets(facts.value, zone => targetIn(written, moves, zone.name));
  const why =
    compared.is === 'unknown'
      ? `cannot tell ${compared.why}`
      : compared.differing.map(({ zone, target }) => `the target of ${zone} is not ${target ?? 'none'}`).join('; ');
  if (why === '') return null;
  return {
    is: 'left',
    here: moves,
    why: [why, defaultObjection(facts.value) ?? ''].filter(text => text !== '').join('; '),
  };
}

const targetIn = (written: EvacuateArgs, moves: readonly Move[], zone: string): string | null => {
  const move = moves.find(one => one.zone === zone);
  return move === undefined ? null : uriOf(move.to, written);
};

function progress(doer: Doer, text: string, done: number | null, total: number | null): Promise<void> {
  return doer.tell({ type: 'progress', action: doer.action, on: doer.host, text, zone: null, done, total });
}
