// zone.boot, zone.shutdown and zone.halt: zones of one host, one after another. A zone that isn't installed here is
// never booted here; a shutdown that takes long is waited for, then told, never turned into a halt.
import * as z from 'zod';
import type { Command } from '../model/command.ts';
import type { Facts, ZoneState } from '../model/facts.ts';
import type { Foreseen } from '../model/plan.ts';
import type { Applied, Doer, Looker, Step } from '../model/step.ts';
import * as zoneadm from '../solaris/zoneadm.ts';
import { censusOf, tellPlaces } from './census.ts';
import { elsewhereIn } from './abroad.ts';
import { doubt, refusedWith } from './doubt.ts';
import { duration, ms, stayedField } from './fields.ts';
import { waitFor } from './look.ts';
import { type Found, NOTHING_TO_UNDO, stepOf, undoSteps } from './shape.ts';
import { choiceFields, choiceText, chosenZones, ONE_CHOICE, oneChoice } from './zone-choice.ts';
import { type Census, sightingText } from './zone-places.ts';

const args = () =>
  z.strictObject({ ...choiceFields, timeout: duration('for each zone', '10m') }).refine(oneChoice, ONE_CHOICE);
type Args = z.infer<ReturnType<typeof args>>;

type Seen = { readonly todo: readonly { readonly zone: string; readonly was: string }[] };

interface Power {
  readonly name: string;
  readonly summary: string;
  readonly verb: string;
  readonly wanted: 'running' | 'installed';
  /** States from which it may start. */
  readonly from: readonly ZoneState[];
  readonly command: (zone: string) => Command<string>;
  readonly undo: string;
}

const POWERS: readonly Power[] = [
  {
    name: 'zone.boot',
    summary: 'boots zones that are installed on the host',
    verb: 'boot',
    wanted: 'running',
    from: ['installed', 'ready'],
    command: zoneadm.boot,
    undo: 'zone.shutdown',
  },
  {
    name: 'zone.shutdown',
    summary: 'shuts zones down, in order, waiting for each',
    verb: 'shut down',
    wanted: 'installed',
    from: ['running', 'ready'],
    command: zoneadm.shutdown,
    undo: 'zone.boot',
  },
  {
    name: 'zone.halt',
    summary: 'stops zones at once',
    verb: 'halt',
    wanted: 'installed',
    from: ['running', 'ready', 'shutting_down', 'down'],
    command: zoneadm.halt,
    undo: 'zone.boot',
  },
];

export const zonePowers: readonly Step[] = POWERS.map(powerStep);

function powerStep(power: Power): Step {
  return stepOf<Args, Seen>({
    name: power.name,
    summary: power.summary,
    args,
    returns: () => z.object({ zones: z.array(z.string()).describe('zones whose state changed'), stayed: stayedField }),
    bareArgument: 'zone',
    // A closed host boots nothing: it must be open again before its zones are booted again.
    undoNeeds: ['maintenance.begin', 'be.boot'],
    limitMs: ({ timeout, zones }) => ms(timeout) * (Array.isArray(zones) ? zones.length : 20) + 5 * 60_000,
    say: choice => `${power.verb} ${choiceText(choice)}`,
    foresee: (choice, facts) => foresee(power, choice, facts),
    check: (choice, looker) => check(power, choice, looker),
    undo(choice, { todo }) {
      if (todo.length === 0) return NOTHING_TO_UNDO;
      return undoSteps([power.undo, { zone: null, zones: todo.map(({ zone }) => zone), timeout: choice.timeout }]);
    },
    apply: (choice, seen, doer) => apply(power, choice, seen, doer),
    result: (_, before) => ({
      zones: before.todo.map(({ zone }) => zone),
      stayed: power.wanted === 'installed' ? before.todo.map(({ zone }) => ({ zone, was: 'running' })) : [],
    }),
  });
}

async function check(power: Power, choice: Args, looker: Looker): Promise<Found<Seen>> {
  const census = await censusOf(looker);
  if (census.is === 'no') return { is: 'no-answer', refusal: census.refusal };
  const chosen = chosenZones(choice, looker, census.value);
  await tellPlaces(looker, chosen, new Map([[looker.host, census.value]]));
  const todo = chosen.filter(zone => mustChange(power, zone, census.value));
  const seen = { todo: todo.map(zone => ({ zone, was: census.value.get(zone)?.state ?? '' })) };
  const unfit = todo.filter(zone => !power.from.some(state => census.value.get(zone)?.state === state));
  const onTheirWay = unfit.filter(zone => ['shutting_down', 'down'].includes(census.value.get(zone)?.state ?? ''));
  if (onTheirWay.length > 0 && onTheirWay.length === unfit.length) {
    return {
      is: 'no-answer',
      refusal: doubt(`${looker.host}: ${power.name}`, `${onTheirWay.join(', ')} still going down`),
    };
  }
  if (unfit.length > 0) {
    const why = unfit.map(zone => `zone ${zone} is ${sightingText(census.value.get(zone))} here`).join('; ');
    return { is: 'blocked', seen, why: `${looker.host}: ${why}: can't ${power.verb} it` };
  }
  const away = power.wanted === 'running' ? todo.flatMap(zone => elsewhereIn(looker, zone)) : [];
  if (away.length > 0) return { is: 'blocked', seen, why: `${looker.host}: ${away.join('; ')}` };
  if (todo.length === 0) return { is: 'done', seen, text: `${chosen.join(' ') || 'no zone'}: ${power.wanted}` };
  return { is: 'todo', seen, text: seen.todo.map(({ zone, was }) => `${zone} is ${was}`).join(', ') };
}

/** A mere configuration is down already: there is nothing of it to stop. */
function mustChange({ wanted }: Power, zone: string, census: Census): boolean {
  const state = census.get(zone)?.state ?? (wanted === 'running' ? 'absent' : 'configured');
  return wanted === 'running' ? state !== 'running' : state !== 'installed' && state !== 'configured';
}

async function apply(power: Power, { timeout }: Args, { todo }: Seen, doer: Doer): Promise<Applied> {
  for (const { zone } of todo) {
    await doer.tell({
      type: 'progress',
      action: doer.action,
      on: doer.host,
      text: power.verb,
      zone,
      done: null,
      total: null,
    });
    const ended = await doer.do(power.command(zone), { limitMs: ms(timeout) });
    // It may have changed by itself meanwhile: the next look decides.
    if (ended.is === 'no' && ended.refusal.is !== 'timed-out') return refusedWith(ended.refusal);
    await waitFor(
      doer,
      { everyMs: 2_000, withinMs: ms(timeout) },
      () => censusOf(doer),
      census => census.is === 'ok' && !mustChange(power, zone, census.value),
    );
  }
  return { is: 'applied', reply: {} };
}

function foresee(power: Power, choice: Args, facts: Facts | null): Foreseen {
  const names = choice.zone !== null ? [choice.zone] : choice.zones;
  if (facts === null || facts.zones.is === 'unknown') return { is: 'unknown', why: 'nothing is known of the zones' };
  if (names === null || names === 'stayed')
    return { is: 'unknown', why: 'which zones stayed is known when it is reached' };
  const changing = facts.zones.value.filter(({ name, state }) => names.includes(name) && power.from.includes(state));
  const result = { zones: changing.map(({ name }) => name), stayed: [] };
  if (changing.length === 0) return { is: 'nothing', result };
  const zones = facts.zones.value.map(zone => (changing.includes(zone) ? { ...zone, state: power.wanted } : zone));
  const text = `${power.verb} ${result.zones.join(' ')}`;
  return { is: 'change', text, facts: { ...facts, zones: { is: 'known', value: zones } }, result };
}
