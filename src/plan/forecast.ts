// What each task will do on a lane, as far as it can be known: conditions decided, arguments filled in, changes
// foreseen on top of one another. It walks the tree once, forward; rescue isn't foreseen, always is. The births are
// those of the run itself (model/birth.ts), so that what a person approves is what is done.
import { allHold, born, type Got, itemsOf, type Unborn, valueOf } from '../model/birth.ts';
import type { Facts } from '../model/facts.ts';
import { actionId, type HostName, inRound, type Lane, type TaskId } from '../model/ids.ts';
import type { Forecast, Foreseen } from '../model/plan.ts';
import type { BlockEntry, EndEntry, Entry, Loop, Play, TaskEntry } from '../model/program.ts';
import { type Ground, type Item, itemLayer, scopeAt, type Standing, tasksIn } from '../model/scope.ts';
import type { BirthContext, Catalogue, Step } from '../model/step.ts';
import { known, type Layer, type Scope, type Value } from '../model/value.ts';
import { isObject, type Json, type JsonObject } from '../text/json.ts';
import { never } from '../text/never.ts';

/** What stays the same while one host's way through one play is foreseen. */
export interface Way {
  readonly ground: Ground;
  readonly catalogue: Catalogue;
  readonly play: Play;
  readonly host: HostName;
  /** Tasks that happen once a wave, or once a run, are foreseen on the wave's first host only. */
  readonly first: { readonly ofWave: boolean; readonly ofPlay: boolean };
  /** Counts from 1 within the play. */
  readonly n: number;
  readonly context: Pick<BirthContext, 'migrations' | 'staying'>;
}

type When = Forecast['when'];

/** Where the walk stands. */
interface Here {
  /** As the host will be by then: what steps foresee with. */
  readonly facts: Facts | null;
  /** As the run will have observed them: what expressions and births see. A change is not seen before it is looked at. */
  readonly told: Facts | null;
  /** `no` behind an end of the play that is certain, `later` behind one that isn't. */
  readonly over: When;
  readonly results: Layer;
  readonly blocks: readonly Layer[];
  readonly defaults: readonly Layer[];
  /** Of the loops around, as in the ids of a run. */
  readonly round: string;
  /** Of the blocks around: `later` marks everything inside. */
  readonly when: When;
  readonly seen: readonly Forecast[];
  readonly problems: readonly Problem[];
}

type Flawed = TaskEntry | BlockEntry | EndEntry;

/** Something that will go wrong for certain, if its task is reached: known before anything is touched. */
export interface Problem {
  readonly task: Flawed;
  readonly host: HostName;
  readonly message: string;
}

export interface Foresight {
  readonly problems: readonly Problem[];
  readonly actions: readonly Forecast[];
  readonly facts: Facts | null;
  /** What the host has registered and set by then: the plays after this one see it. */
  readonly results: Layer;
}

/**
 * @param facts what was observed of the host, or foreseen by the wave before; null when nothing needs them.
 * @param results what the plays before taught the host.
 */
export function foreseeWay(way: Way, facts: Facts | null, results: Layer = {}): Foresight {
  const entries = way.play.sections.flatMap(section => section.entries);
  const start: Here = {
    ...{ facts, told: facts, results, blocks: [], defaults: [], round: '' },
    ...{ when: { is: 'yes' }, over: { is: 'yes' }, seen: [], problems: [] },
  };
  const end = entries.reduce((here, entry) => entryAt(way, here, entry), start);
  return { actions: end.seen, facts: end.facts, problems: end.problems, results: end.results };
}

function entryAt(way: Way, here: Here, entry: Entry): Here {
  switch (entry.is) {
    case 'task':
      return taskAt(way, here, entry);
    case 'block':
      return entry.loop === null ? blockAt(way, here, entry) : roundsAt(way, here, entry, entry.loop);
    case 'flush':
      return here;
    case 'end':
      return endAt(way, here, entry);
    default:
      return never(entry);
  }
}

/** What stands behind an end that is certain is for nobody; behind one that isn't, it rests on the same results. */
function endAt(way: Way, here: Here, end: EndEntry): Here {
  if (here.when.is === 'no') return here;
  const holds = allHold(end.when, scopeAt(way.ground, standing(way, here), null, null), way.ground.evaluate);
  const asked = withProblem(way, here, end, holds);
  const ends = both(here.when, decided(holds));
  switch (ends.is) {
    case 'yes':
      return { ...asked, over: { is: 'no' } };
    case 'no':
      return asked;
    case 'later':
      return { ...asked, over: both(asked.over, ends) };
    default:
      return never(ends);
  }
}

/** A loop over many tasks: each round as the run will have it, or one that stands for all where nobody knows how many. */
function roundsAt(way: Way, here: Here, block: BlockEntry, loop: Loop): Here {
  const scope = scopeAt(way.ground, standing(way, { ...here, ...within(here, block) }), null, null);
  const items = itemsOf(loop.over, scope, way.ground.evaluate);
  const outside = (end: Here): Here => ({ ...end, blocks: here.blocks, round: here.round, when: here.when });
  if (items.is === 'got') {
    const end = items.value.reduce<Here>((at, value, index) => {
      const item = itemLayer({ loop, index, value });
      const round = here.round === '' ? `${index}` : `${here.round}.${index}`;
      return blockAt(way, { ...at, blocks: [item, ...here.blocks], round }, block);
    }, here);
    return outside(end);
  }
  const later = { is: 'later', after: items.is === 'later' ? items.after : [] } as const;
  const value: Value = { ...later, source: loop.variable, at: block.at };
  const names = loop.index === null ? [loop.variable] : [loop.variable, loop.index];
  const item = Object.fromEntries(names.map(name => [name, value]));
  const asked = withProblem(way, here, block, items);
  const round = here.round === '' ? '*' : `${here.round}.*`;
  return outside(
    blockAt(way, { ...asked, blocks: [item, ...here.blocks], round, when: both(here.when, later) }, block),
  );
}

const within = (here: Here, block: BlockEntry): Pick<Here, 'blocks' | 'defaults'> => ({
  blocks: [block.vars, ...here.blocks],
  defaults: [block.defaults, ...here.defaults],
});

function blockAt(way: Way, here: Here, block: BlockEntry): Here {
  const inner = within(here, block);
  const scope = scopeAt(way.ground, standing(way, { ...here, ...inner }), null, null);
  const holds = allHold(block.when, scope, way.ground.evaluate);
  const when = both(here.when, decided(holds));
  const asked = when.is === 'no' ? here : withProblem(way, here, block, holds);
  // In a block that isn't entered every name stands for a skipped task, also those of its rescue.
  const unused = when.is === 'no' ? block.rescue.flatMap(tasksIn) : [];
  const before = unused.reduce<Here>((at, task) => registered(at, task, SKIPPED), { ...asked, ...inner, when });
  const inside = [...block.body, ...block.always].reduce((at, entry) => entryAt(way, at, entry), before);
  return { ...inside, blocks: here.blocks, defaults: here.defaults, when: here.when };
}

function withProblem(way: Way, here: Here, task: Flawed, got: Got<unknown>): Here {
  if (got.is !== 'problem') return here;
  return { ...here, problems: [...here.problems, { task, host: way.host, message: got.message }] };
}

function taskAt(way: Way, before: Here, task: TaskEntry): Here {
  const elsewhere = (task.once === 'run' && !way.first.ofPlay) || (task.once === 'wave' && !way.first.ofWave);
  if (both(before.when, before.over).is === 'no')
    return elsewhere ? registered(before, task, SKIPPED) : skipped(way, before, task, null);
  if (elsewhere) return given(registered(before, task, null), task, null);
  const scope = scopeAt(way.ground, standing(way, before), task, null);
  const holds = allHold(task.when, scope, way.ground.evaluate);
  const when = both(both(before.when, before.over), decided(holds));
  if (when.is === 'no') return skipped(way, before, task, null);
  if (task.loop === null) return actionAt(way, withProblem(way, before, task, holds), { task, when, item: null });
  const items = itemsOf(task.loop.over, scope, way.ground.evaluate);
  if (items.is !== 'got')
    return unknownAt(way, withProblem(way, before, task, items), { task, when, item: null }, items);
  const { loop } = task;
  const after = items.value.reduce<Here>((at, value, index) => itemAt(way, at, task, { loop, index, value }), before);
  return registered(after, task, null);
}

/** A condition may speak of the item: it is asked for each. */
function itemAt(way: Way, here: Here, task: TaskEntry, item: Item): Here {
  const scope = scopeAt(way.ground, standing(way, here), task, item);
  const holds = allHold(task.when, scope, way.ground.evaluate);
  const when = both(both(here.when, here.over), decided(holds));
  if (when.is === 'no') return skipped(way, here, task, item);
  return actionAt(way, withProblem(way, here, task, holds), { task, when, item });
}

interface Cradle {
  readonly task: TaskEntry;
  readonly when: When;
  readonly item: Item | null;
}

function actionAt(way: Way, here: Here, { task, when, item }: Cradle): Here {
  const step = stepOf(way, task);
  const scope = scopeAt(way.ground, standing(way, here), task, item);
  const args = finalArgs(way, here, { task, when, item }, scope);
  const foreseen: Foreseen =
    args.is === 'got' ? step.foresee(args.value, here.facts) : { is: 'unknown', why: whyUnborn(args) };
  const forecast: Forecast = {
    ...named(way, here, task, item),
    when,
    args: args.is === 'got' ? knownArgs(args.value) : partlyKnown(task.args, scope, way.ground.evaluate),
    expects: foreseen.is,
    text: textOf(step, args, foreseen),
    wayBack: task.undo === null ? '' : task.undo.map(call => call.step).join(', '),
  };
  const flawed = withProblem(way, here, task, args);
  // With `check_mode: yes` it only says what it would do.
  const sure = when.is === 'yes' && task.checkMode !== true;
  const facts = sure && foreseen.is === 'change' ? foreseen.facts : here.facts;
  const looked = task.step === 'facts' || way.ground.plan.options.check;
  const result = sure && foreseen.is !== 'unknown' ? foreseen.result : null;
  const told = looked ? facts : here.told;
  const next = given({ ...flawed, facts, told, seen: [...here.seen, forecast] }, task, result);
  return item === null ? registered(next, task, result) : next;
}

function unknownAt(way: Way, here: Here, { task, when }: Cradle, why: Unborn): Here {
  const forecast: Forecast = {
    ...named(way, here, task, null),
    when,
    args: {},
    expects: 'unknown',
    text: `for each item of a list: ${whyUnborn(why)}`,
    wayBack: '',
  };
  return registered(given({ ...here, seen: [...here.seen, forecast] }, task, null), task, null);
}

const SKIPPED: JsonObject = { skipped: true, changed: false, failed: false };

/** @param item null: the whole task. */
function skipped(way: Way, here: Here, task: TaskEntry, item: Item | null): Here {
  const forecast: Forecast = {
    ...named(way, here, task, item),
    when: { is: 'no' },
    args: {},
    expects: 'nothing',
    text: 'skipped',
    wayBack: '',
  };
  const next = { ...here, seen: [...here.seen, forecast] };
  return item === null ? registered(next, task, SKIPPED) : next;
}

/** @param result null: known only when the task has run; until then the name stands for something later. */
function registered(here: Here, task: TaskEntry, result: JsonObject | null): Here {
  if (task.register === null) return here;
  const later: Value = { is: 'later', source: task.register, after: [task.id], at: task.at };
  return { ...here, results: { ...here.results, [task.register]: result === null ? later : known(result) } };
}

/** Names that the task itself gives (set_fact); when its result isn't known, what it names is known only later. */
function given(here: Here, task: TaskEntry, result: JsonObject | null): Here {
  const variables = result?.variables;
  if (isObject(variables)) return { ...here, results: { ...here.results, ...knownArgs(variables) } };
  if (task.step !== 'set_fact') return here;
  const later = (name: string): Value => ({ is: 'later', source: name, after: [task.id], at: task.at });
  const names = Object.keys(task.args).map(name => [name, later(name)] as const);
  return { ...here, results: { ...here.results, ...Object.fromEntries(names) } };
}

function standing(way: Way, here: Here): Standing {
  return {
    host: way.host,
    play: way.play,
    blocks: here.blocks,
    defaults: here.defaults,
    facts: here.told,
    results: here.results,
    failed: null,
  };
}

function stepOf(way: Way, task: TaskEntry): Step {
  const step = way.catalogue.get(task.step);
  if (step === null) throw new Error(`the catalogue lacks ${task.step}, which the loader let through`);
  return step;
}

/** As the run will bear it (model/birth.ts). */
function finalArgs(way: Way, here: Here, { task, item }: Cradle, scope: Scope): Got<JsonObject> {
  const action = born({
    task,
    id: inRound(task.id, here.round),
    item: item === null ? null : item.index,
    lane: laneOf(way, task),
    home: way.host,
    scope,
    evaluate: way.ground.evaluate,
    catalogue: way.catalogue,
    context: host => ({ host, facts: here.told, ...way.context }),
    become: on => way.ground.plan.hosts[on]?.connection.become ?? { method: 'none', user: '' },
  });
  return action.is === 'got' ? { is: 'got', value: action.value.action.args } : action;
}

function laneOf(way: Way, task: TaskEntry): Lane {
  const { number: play } = way.play;
  if (task.once === 'run') return { is: 'play', play };
  return task.once === 'wave' ? { is: 'wave', play, n: way.n } : { is: 'host', host: way.host };
}

function named(
  way: Way,
  here: Here,
  task: TaskEntry,
  item: Item | null,
): Pick<Forecast, 'id' | 'task' | 'lane' | 'name' | 'step' | 'hidden'> {
  const lane = laneOf(way, task);
  return {
    id: actionId(inRound(task.id, here.round), item === null ? null : item.index, lane),
    task: task.id,
    lane,
    name: task.name,
    step: task.step,
    hidden: task.hidden,
  };
}

function knownArgs(args: JsonObject): Readonly<Record<string, Value>> {
  return Object.fromEntries(Object.entries(args).map(([name, json]: [string, Json]) => [name, known(json)]));
}

function partlyKnown(
  args: TaskEntry['args'],
  scope: Scope,
  evaluate: Ground['evaluate'],
): Readonly<Record<string, Value>> {
  return Object.fromEntries(
    Object.entries(args).map(([name, value]) => {
      const found = valueOf(value, scope, evaluate);
      return [name, found.is === 'got' ? known(found.value) : laterValue(name, value, found)];
    }),
  );
}

function laterValue(name: string, value: Value, why: Unborn): Value {
  if (value.is !== 'expression') return value;
  if (why.is === 'at-start') return { is: 'at-start', name: why.name, at: value.at };
  return { is: 'later', source: name, after: why.is === 'later' ? why.after : [], at: value.at };
}

function textOf(step: Step, args: Got<JsonObject>, foreseen: Foreseen): string {
  switch (foreseen.is) {
    case 'change':
      return foreseen.text;
    case 'nothing':
      return args.is === 'got' ? step.say(args.value) : '';
    case 'unknown':
      return args.is === 'got' ? `${step.say(args.value)} (${foreseen.why})` : foreseen.why;
    default:
      return never(foreseen);
  }
}

function whyUnborn(why: Unborn): string {
  switch (why.is) {
    case 'later':
      return `known after ${why.after.join(', ') || 'the task runs'}`;
    case 'at-start':
      return 'known at start';
    case 'problem':
      return why.message;
    default:
      return never(why);
  }
}

function decided(holds: Got<boolean>): When {
  if (holds.is === 'got') return { is: holds.value ? 'yes' : 'no' };
  return { is: 'later', after: holds.is === 'later' ? holds.after : ([] satisfies readonly TaskId[]) };
}

function both(outer: When, inner: When): When {
  if (outer.is === 'no' || inner.is === 'no') return { is: 'no' };
  if (outer.is === 'later' && inner.is === 'later') return { is: 'later', after: [...outer.after, ...inner.after] };
  return outer.is === 'later' ? outer : inner;
}
