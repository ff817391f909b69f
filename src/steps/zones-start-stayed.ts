// zones.start_stayed: boots the zones that stayed and ran before. A host in maintenance refused their autoboot, their
// services sit in maintenance, and nothing else starts them. In the order they are known; it never moves a zone.
import * as z from 'zod';
import type { Looker, Doer, Applied } from '../model/step.ts';
import * as smf from '../solaris/smf.ts';
import * as zoneadm from '../solaris/zoneadm.ts';
import { elsewhereIn } from './abroad.ts';
import { censusOf, tellPlaces } from './census.ts';
import { doubt, refusedWith } from './doubt.ts';
import { duration, ms } from './fields.ts';
import { closureOf } from './closure.ts';
import { waitFor } from './look.ts';
import { type Found, NOTHING_TO_UNDO, stepOf } from './shape.ts';
import { windowOf } from './window.ts';
import { sightingText } from './zone-places.ts';

const args = () =>
  z.strictObject({
    was: z.literal('running').default('running').describe('zones that were so before'),
    parallel: z.int().min(1).default(4).describe('zones booted at once'),
    timeout: duration('for all of them', '15m'),
  });
type Args = z.infer<ReturnType<typeof args>>;

type Seen = { readonly zones: readonly string[]; readonly down: readonly string[] };

export const zonesStartStayed = stepOf<Args, Seen>({
  name: 'zones.start_stayed',
  summary: 'boots the zones that stayed while the host was closed and ran before',
  args,
  returns: () => z.object({ started: z.array(z.string()).describe('zones that stayed and run again') }),
  limitMs: ({ timeout }) => ms(timeout) + 5 * 60_000,
  say: () => 'start the zones that stayed and ran',
  foresee: () => ({ is: 'unknown', why: 'which zones stayed is known when it is reached' }),
  check: (_, looker) => check(looker),
  // They ran before: going back, nothing wants them down.
  undo: () => NOTHING_TO_UNDO,
  apply,
  result: (_, __, after) => ({ started: after.zones.filter(zone => !after.down.includes(zone)) }),
});

async function check(looker: Looker): Promise<Found<Seen>> {
  const zones = looker.ledger.stayed
    .filter(({ host, was }) => host === looker.host && was === 'running')
    .map(({ zone }) => String(zone));
  if (zones.length === 0) return { is: 'done', seen: { zones, down: [] }, text: 'no zone stayed' };
  const census = await censusOf(looker);
  if (census.is === 'no') return { is: 'no-answer', refusal: census.refusal };
  await tellPlaces(looker, zones, new Map([[looker.host, census.value]]));
  const down = zones.filter(zone => census.value.get(zone)?.state !== 'running');
  const seen = { zones, down };
  if (down.length === 0) return { is: 'done', seen, text: `${zones.join(' ')} run` };
  const told = down.map(zone => `${zone} is ${sightingText(census.value.get(zone))}`).join(', ');
  const lost = down.filter(zone => !['installed', 'ready'].includes(census.value.get(zone)?.state ?? ''));
  if (lost.length > 0) return { is: 'blocked', seen, why: `${looker.host}: ${told}: can't be booted here` };
  const away = down.flatMap(zone => elsewhereIn(looker, zone));
  if (away.length > 0) return { is: 'blocked', seen, why: `${looker.host}: ${away.join('; ')}` };
  return mayBoot(looker, seen, told);
}

async function mayBoot(looker: Looker, seen: Seen, told: string): Promise<Found<Seen>> {
  const closure = await closureOf(looker);
  if (closure.is === 'no') return { is: 'no-answer', refusal: closure.refusal };
  const window = windowOf(closure.value.maintenance, looker.ledger);
  if (window.is === 'open') return { is: 'todo', seen, text: told };
  if (window.is === 'unknown') {
    return { is: 'no-answer', refusal: doubt(`${looker.host}: zones.start_stayed`, window.why) };
  }
  const why = window.is === 'theirs' ? window.why : 'the host is closed and boots no zone before maintenance.end';
  return { is: 'blocked', seen, why: `${looker.host}: ${why}` };
}

async function apply({ parallel, timeout }: Args, { down }: Seen, doer: Doer): Promise<Applied> {
  for (let next = 0; next < down.length; next += parallel) {
    const batch = await Promise.all(down.slice(next, next + parallel).map(zone => start(zone, ms(timeout), doer)));
    const failed = batch.find(applied => applied.is === 'refused');
    if (failed !== undefined) return failed;
  }
  return { is: 'applied', reply: {} };
}

async function start(zone: string, timeoutMs: number, doer: Doer): Promise<Applied> {
  const { action, host: on } = doer;
  await doer.tell({ type: 'progress', action, on, text: 'boot', zone, done: null, total: null });
  const state = await doer.ask(smf.state(smf.zoneInstance(zone)));
  // A boot that was refused leaves the zone's service in maintenance, from where nothing boots it.
  if (state.is === 'ok' && state.value.startsWith('maintenance')) {
    const cleared = await doer.do(smf.clear(smf.zoneInstance(zone)));
    if (cleared.is === 'no') return refusedWith(cleared.refusal);
  }
  const booted = await doer.do(zoneadm.boot(zone), { limitMs: timeoutMs });
  if (booted.is === 'no' && booted.refusal.is !== 'refused') return refusedWith(booted.refusal);
  // Clearing may have booted it already, and then `boot` refuses: what counts is whether it runs.
  const runs = await waitFor(
    doer,
    { everyMs: 2_000, withinMs: booted.is === 'ok' ? timeoutMs : 10_000 },
    () => censusOf(doer),
    census => census.is === 'ok' && census.value.get(zone)?.state === 'running',
  );
  const running = runs.is === 'ok' && runs.value.get(zone)?.state === 'running';
  return running || booted.is === 'ok' ? { is: 'applied', reply: {} } : refusedWith(booted.refusal);
}
