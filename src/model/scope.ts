// What a task's expressions can see, in the order of precedence: names the engine gives (facts, host, run, item, ...),
// `-e`, what is said to an include, registered results and set facts, the task's variables, its blocks', the play's, the host's. Pure: the plan's
// forecast and the run build it here, so both see the same.
import { isArray, isObject, type Json, type JsonObject } from '../text/json.ts';
import { type Redact, redactor } from '../text/redact.ts';
import { Secret } from '../text/secret.ts';
import { never } from '../text/never.ts';
import { spanOf } from '../text/span.ts';
import type { Around } from './around.ts';
import type { Facts } from './facts.ts';
import { factsView } from './facts-view.ts';
import type { HostName, RunId, TaskId } from './ids.ts';
import type { InventoryHost } from './inventory.ts';
import type { Plan } from './plan.ts';
import type { Entry, Loop, Play, Program, Prompt, TaskEntry } from './program.ts';
import { type Evaluate, hidden, holdsHidden, known, type Layer, type Scope, type Value, veiledScope } from './value.ts';

/** What stays the same for every task of a run. */
export interface Ground {
  readonly plan: Plan;
  readonly evaluate: Evaluate;
  /** null before the run: `run` is then known at start. */
  readonly run: RunId | null;
  /** Prompts, from `run-started`. */
  readonly values: JsonObject;
}

/** Where a host stands on its way: what it knows there. */
export interface Standing extends Around {
  readonly host: HostName;
  readonly play: Play;
  readonly facts: Facts | null;
  /** Registered results and set facts, newest word of each name. */
  readonly results: Layer;
  /** In `rescue`: what failed, and why. */
  readonly failed: Value | null;
}

export interface Item {
  readonly loop: Loop;
  readonly index: number;
  readonly value: Json;
  /** The list is made of what nobody may read. */
  readonly hidden: boolean;
}

export function scopeAt(ground: Ground, standing: Standing, task: TaskEntry | null, item: Item | null): Scope {
  const { plan } = ground;
  const host = plan.hosts[standing.host];
  return {
    layers: [
      itemLayer(item),
      givenLayer(ground, standing, host),
      standing.facts === null ? NO_FACTS : factsLayer(standing.facts),
      fleetLayer(ground),
      plan.extra,
      ...standing.params,
      standing.results,
      task?.vars ?? NO_NAMES,
      ...standing.blocks,
      settled(standing.play.vars, ground.values),
      host?.vars ?? NO_NAMES,
      task?.defaults ?? NO_NAMES,
      ...standing.defaults,
      standing.play.defaults,
      laterLayer(plan.program),
    ],
  };
}

/** The scope without what nobody may read; null when it holds nothing of that kind. */
export function veiledAt(scope: Scope, { results, params, blocks, failed }: Standing, item: Item | null): Scope | null {
  const own = [itemLayer(item), results, ...params, ...blocks, ...(failed === null ? [] : [{ failed }])];
  return own.some(holdsHidden) ? veiledScope(scope) : null;
}

/** One more layer above all: what a result is called while its own conditions are asked. */
export function withLayer(scope: Scope, layer: Layer): Scope {
  return { layers: [layer, ...scope.layers] };
}

const NO_NAMES: Layer = {};

/** What an item of a loop and its number are called. */
export function itemLayer(item: Item | null): Layer {
  if (item === null) return NO_NAMES;
  const named = { [item.loop.variable]: item.hidden ? hidden(item.value) : known(item.value) };
  return item.loop.index === null ? named : { ...named, [item.loop.index]: known(item.index) };
}

function givenLayer(ground: Ground, standing: Standing, host: InventoryHost | undefined): Layer {
  const { failed } = standing;
  return {
    run: runValue(ground, standing),
    ...(host && { host: known(hostView(host)) }),
    ...(failed && { failed }),
  };
}

const NO_FACTS: Layer = {};
const factsLayers = new WeakMap<Facts, Layer>();

/** The view of a host with many zones is made only when an expression asks for it. */
function factsLayer(facts: Facts): Layer {
  const made = factsLayers.get(facts);
  if (made) return made;
  const layer: Layer = {
    get facts() {
      return known(factsView(facts));
    },
  };
  factsLayers.set(facts, layer);
  return layer;
}

const fleetLayers = new WeakMap<Ground, Layer>();

/** The same for every task. `hostvars` and `groups` are made only when something asks for them: they are as big as the fleet. */
function fleetLayer(ground: Ground): Layer {
  const made = fleetLayers.get(ground);
  if (made) return made;
  const layer: Layer = {
    get hostvars() {
      return known(hostvars(ground));
    },
    get groups() {
      return known(ground.plan.groups);
    },
  };
  fleetLayers.set(ground, layer);
  return layer;
}

const RUN_LATER: Value = { is: 'at-start', name: 'run', at: spanOf('run') };

function runValue(ground: Ground, standing: Standing): Value {
  if (ground.run === null) return RUN_LATER;
  const date = new Date(ground.plan.at).toISOString().slice(0, 10);
  const at = standing.play.at.file;
  const dir = at.includes('/') ? at.slice(0, at.lastIndexOf('/')) : '.';
  return known({ id: ground.run, date, playbook: standing.play.file, dir, check: ground.plan.options.check });
}

function hostView(host: InventoryHost): JsonObject {
  const { address, port, user } = host.connection;
  return { name: host.name, groups: host.groups, address, port, user };
}

/** What is asked for at the start, each name once. */
export function promptsOf(plan: Plan): readonly Prompt[] {
  const all = plan.program.plays.flatMap(play => play.prompts);
  return all.filter((one, index) => all.findIndex(other => other.name === one.name) === index);
}

const secrets = new WeakMap<JsonObject, readonly string[]>();

/** Answers that nothing may show: whatever holds one is hidden. */
export function secretsOf({ plan, values }: Pick<Ground, 'plan' | 'values'>): readonly string[] {
  const known = secrets.get(values);
  if (known !== undefined) return known;
  const names = promptsOf(plan).flatMap(one => (one.secret ? [one.name] : []));
  const found = names.flatMap(name => {
    const value = values[name];
    return typeof value === 'string' && value !== '' ? [value] : [];
  });
  secrets.set(values, found);
  return found;
}

const redactors = new WeakMap<readonly string[], Redact>();

function redactorOf(hidden: readonly string[]): Redact {
  const known = redactors.get(hidden) ?? redactor(hidden.map(text => new Secret(text)));
  redactors.set(hidden, known);
  return known;
}

/** As it is, or as a shell or JSON would quote it. @param json arguments, an environment, items of a loop, a result. */
export function holdsSecret(json: Json, hidden: readonly string[]): boolean {
  if (hidden.length === 0) return false;
  if (typeof json === 'string')
    return hidden.some(secret => json.includes(secret)) || redactorOf(hidden)(json) !== json;
  if (isArray(json)) return json.some(item => holdsSecret(item, hidden));
  return (
    isObject(json) && Object.entries(json).some(([key, item]) => holdsSecret(key, hidden) || holdsSecret(item, hidden))
  );
}

/** The values of `run-started` in the place of prompts. */
function settled(layer: Layer, values: JsonObject): Layer {
  if (!Object.values(layer).some(value => value.is === 'at-start')) return layer;
  const given = Object.entries(layer).flatMap(([name, value]) => {
    const json = value.is === 'at-start' ? values[value.name] : undefined;
    return json === undefined ? [] : [[name, known(json)] as const];
  });
  return { ...layer, ...Object.fromEntries(given) };
}

const allHostvars = new WeakMap<Plan, JsonObject>();

/** Inventory variables of every host; one that rests on something else (facts, results) is absent. */
function hostvars(ground: Ground): JsonObject {
  const made = allHostvars.get(ground.plan);
  if (made) return made;
  const all = Object.values(ground.plan.hosts).map(host => {
    const scope = { layers: [{ host: known(hostView(host)) }, ground.plan.extra, host.vars] };
    const values = Object.entries(host.vars).flatMap(([name, value]) => {
      const found = ground.evaluate(value, scope);
      return found.is === 'value' ? [[name, found.json] as const] : [];
    });
    return [host.name, { ...Object.fromEntries(values), host: hostView(host) }] as const;
  });
  const json = Object.fromEntries(all);
  allHostvars.set(ground.plan, json);
  return json;
}

const laterLayers = new WeakMap<Program, Layer>();

/** Every name that some task registers, as known after it: what is seen of it until then, if no variable has the name. */
function laterLayer(program: Program): Layer {
  const made = laterLayers.get(program);
  if (made) return made;
  const after = new Map<string, TaskId[]>();
  for (const { register, id } of tasksOf(program))
    if (register !== null) after.set(register, [...(after.get(register) ?? []), id]);
  const later = [...after].map(
    ([name, tasks]) => [name, { is: 'later', source: name, after: tasks, at: spanOf('register') } as const] as const,
  );
  const layer = Object.fromEntries(later);
  laterLayers.set(program, layer);
  return layer;
}

/** Every task of every play, handlers last. */
export function tasksOf(program: Program): readonly TaskEntry[] {
  return program.plays.flatMap(play => [
    ...play.sections.flatMap(section => section.entries.flatMap(tasksIn)),
    ...play.handlers,
  ]);
}

/** The tasks of an entry, in the order they are written: body, rescue, always. */
export function tasksIn(entry: Entry): readonly TaskEntry[] {
  switch (entry.is) {
    case 'task':
      return [entry];
    case 'flush':
    case 'end':
      return [];
    case 'block':
      return [...entry.body, ...entry.rescue, ...entry.always].flatMap(tasksIn);
    default:
      return never(entry);
  }
}
