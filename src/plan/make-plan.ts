// The plan of a run: every play, wave after wave, each foreseen from the world that the wave before leaves. Pure and
// deterministic: the same playbook, inventory, facts and time give the same plan, byte for byte.
import type { ExactSolver } from '../model/exact-solver.ts';
import type { HostName } from '../model/ids.ts';
import type { Inventory, InventoryHost } from '../model/inventory.ts';
import {
  type Plan,
  PLAN_VERSION,
  type RunOptions,
  type Shortfall,
  type WaveForecast,
  noteOn,
  waveName,
  type WavePlan,
} from '../model/plan.ts';
import type { Play, Program } from '../model/program.ts';
import { tasksIn } from '../model/scope.ts';
import type { Catalogue } from '../model/step.ts';
import type { Evaluate, Layer } from '../model/value.ts';
import { ruleFor } from '../model/zone-rule.ts';
import { counted } from '../text/fit.ts';
import { type Diagnostic, problem } from '../text/diagnostic.ts';
import { aftermath, comesHome, type FactsByHost, guestsHome } from './campaign/aftermath.ts';
import { closings, type TooManyOut } from './campaign/closings.ts';
import { leftClosedBy } from './campaign/left-closed.ts';
import { foreseeWay } from './campaign/forecast.ts';
import { type Guest, guestsAfter, guestsReturned, guestsSeen } from './campaign/guests.ts';
import type { Problem } from './campaign/outlook.ts';
import { type Course, nextInTurn, nextWave } from './waves/next-wave.ts';
import { strayRules } from './campaign/stray-rules.ts';
import { beforeRun, intentsOf, type Ways } from './waves/ways.ts';

export interface PlanInput {
  readonly program: Program;
  readonly inventory: Inventory;
  /** Of the hosts that answered; empty when no step needs any. */
  readonly facts: FactsByHost;
  /** Zones that earlier runs left away; absent: none. */
  readonly away?: readonly Guest[];
  readonly catalogue: Catalogue;
  readonly evaluate: Evaluate;
  /** Epoch milliseconds. */
  readonly now: number;
  readonly playbooks: readonly { readonly path: string; readonly digest: string }[];
  readonly extra: Layer;
  readonly options: RunOptions;
  /** The exact pass; absent: nobody asked for it. */
  readonly exact?: ExactSolver;
}

/** Arguments or conditions that can't be right, found by working the program through for each host. */
export interface Flawed {
  readonly is: 'flawed';
  readonly diagnostics: readonly Diagnostic[];
}

export type Made = { readonly is: 'plan'; readonly plan: Plan } | Flawed | Shortfall | TooManyOut;

type ResultsByHost = Readonly<Record<HostName, Layer>>;

/** What a wave finds: the world, and what each host has learned. */
interface Found {
  readonly facts: FactsByHost;
  readonly results: ResultsByHost;
  /** Tasks for all hosts that one of them has come to. */
  readonly taken: ReadonlySet<string>;
}

export function makePlan(input: PlanInput): Made {
  const empty = emptyPlan(input);
  const ground = beforeRun(empty, input.evaluate);
  const ways: Ways = { ground, catalogue: input.catalogue, ...(input.exact ? { exact: input.exact } : {}) };
  const forecasts: WaveForecast[] = [];
  let facts: FactsByHost = input.facts;
  let results: ResultsByHost = {};
  let taken: ReadonlySet<string> = new Set();
  const said: string[] = [];
  let notes: readonly string[] = [];
  let guests = guestsSeen(input.away ?? [], input.facts);
  for (const play of input.program.plays) {
    const course: Course = { ways, play, intents: intentsOf(ways, play) };
    const done: HostName[] = [];
    let left: readonly HostName[] = play.hosts;
    const before = forecasts.length;
    for (let n = 1; left.length > 0; n += 1) {
      const wave = { play: play.number, n };
      const at = { wave, left, ready: [], done, facts, guests };
      const chosen = nextWave(course, at);
      if (chosen.is === 'shortfall') {
        // No room, perhaps because the waves before left hosts closed: then that is the news, not the room.
        const emptied = { wave, hosts: nextInTurn(course, at), migrations: [], staying: [] };
        const tried = [...forecasts, foreseeWave(ways, play, emptied, { facts, results, taken, left }).wave];
        const out = closings(input.program.plays, tried, input.facts);
        return out.is === 'too-many-out' ? out : chosen;
      }
      const forecast = foreseeWave(ways, play, chosen.plan, { facts, results, taken, left });
      if (forecast.problems.length > 0) return { is: 'flawed', diagnostics: diagnosed(forecast.problems) };
      forecasts.push(forecast.wave);
      const back = guestsReturned(guests, forecast.returned, facts);
      const comesHome = ({ zone }: Guest) => (ruleFor(empty.zoneRules, zone)?.returns ?? play.returns) === 'home';
      facts = guestsHome(forecast.facts, back.filter(comesHome));
      results = forecast.results;
      taken = forecast.taken;
      const others = guests.filter(guest => !back.includes(guest));
      guests = guestsAfter(others, chosen.plan, forecast.returned);
      done.push(...chosen.plan.hosts);
      const gone = new Set(chosen.plan.hosts);
      left = left.filter(host => !gone.has(host));
      const { exact } = chosen.plan;
      said.push(...[...chosen.notes, ...(exact === undefined ? [] : [exact])].map(note => noteOn(wave, note)));
      const out = closings(input.program.plays, forecasts, input.facts);
      if (out.is === 'too-many-out') return out;
      notes = out.notes;
    }
    said.push(...soaksOf(play, forecasts.length - before), ...stopsOf(play, forecasts.slice(before)));
  }
  const stray = strayRules(
    input.inventory.zoneRules,
    input.inventory.hosts.map(({ name }) => input.facts[name] ?? null),
  );
  const shut = leftClosedBy(input.program.plays, forecasts, input.facts);
  return { is: 'plan', plan: { ...empty, waves: forecasts, notes: [...said, ...notes, ...shut, ...stray] } };
}

/** A soak changes nothing, so no step of the plan tells it. */
function soaksOf({ sections }: Play, waves: number): readonly string[] {
  const tasks = sections.flatMap(({ entries }) => entries.flatMap(tasksIn));
  const soak = tasks.find(({ gate, once }) => gate === 'soak' && once === 'wave');
  if (soak === undefined || waves <= 1) return [];
  return [`gates: ${soak.name.toLowerCase()} after each wave but the last, ${counted(waves - 1, 'time')} in all`];
}

/** Where nobody said yes yet. */
function stopsOf({ approve }: Play, waves: readonly WaveForecast[]): readonly string[] {
  const asked = approve === 'no_wave' ? [] : approve === 'first_wave' ? waves.slice(0, 1) : waves.slice(0, -1);
  const [first] = asked;
  if (first === undefined || waves.length === 1) return [];
  const after = approve === 'first_wave' ? `after wave ${waveName(first.plan.wave)}` : 'after each wave but the last';
  return [
    `approve: ${after} a person must say yes, at the terminal of the run; where nobody does the run stops (exit 7) until somebody has it go on: zoneferry resume RUN`,
  ];
}

function emptyPlan(input: PlanInput): Plan {
  return {
    v: PLAN_VERSION,
    at: input.now,
    playbooks: input.playbooks.map(({ path }) => path),
    program: input.program,
    hosts: Object.fromEntries(input.inventory.hosts.map((host): [HostName, InventoryHost] => [host.name, host])),
    groups: input.inventory.groups,
    zoneRules: input.inventory.zoneRules,
    extra: input.extra,
    options: input.options,
    waves: [],
    restsOn: { playbooks: input.playbooks, inventory: input.inventory.digest, facts: input.facts },
    notes: [],
  };
}

function foreseeWave(
  ways: Ways,
  play: Play,
  plan: WavePlan,
  { facts: before, results, taken: earlier, left }: Found & { readonly left: readonly HostName[] },
): Found & { wave: WaveForecast; problems: readonly Problem[]; returned: ReadonlySet<HostName> } {
  const { n } = plan.wave;
  const taken = new Set(earlier);
  const isLast = left.every(host => plan.hosts.includes(host));
  const foresights = plan.hosts.map(host => {
    const way = { ...ways, play, host, n, isLast, taken, context: contextOf(plan, host, before) };
    const foresight = foreseeWay(way, before[host] ?? null, results[host]);
    for (const key of foresight.took) taken.add(key);
    return { host, ...foresight };
  });
  return {
    wave: { plan, actions: foresights.flatMap(({ actions }) => actions) },
    facts: aftermath(plan, before, foresights),
    results: { ...results, ...Object.fromEntries(foresights.map(one => [one.host, one.results] as const)) },
    problems: foresights.flatMap(({ problems }) => problems),
    taken,
    returned: new Set(foresights.flatMap(({ host, actions }) => (comesHome(actions) ? [host] : []))),
  };
}

/** The same flaw on many hosts is told once. */
function diagnosed(problems: readonly Problem[]): readonly Diagnostic[] {
  const byText = new Map<string, { readonly first: Problem; readonly hosts: readonly HostName[] }>();
  for (const one of problems) {
    const key = `${one.task.id} ${one.message}`;
    const before = byText.get(key);
    byText.set(key, { first: before?.first ?? one, hosts: [...(before?.hosts ?? []), one.host] });
  }
  return [...byText.values()].map(({ first, hosts }) =>
    problem('bad-argument', first.task.at, `${first.message} (on ${hosts.join(', ')})`),
  );
}

function contextOf(plan: WavePlan, host: HostName, fleet: FactsByHost) {
  return {
    fleet,
    migrations: plan.migrations.filter(migration => migration.from === host),
    staying: plan.staying.filter(staying => staying.host === host),
  };
}
