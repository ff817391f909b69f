// What each task will do on a lane, as far as it can be known: conditions decided, arguments filled in, changes
// foreseen on top of one another. It walks the tree once, forward; rescue isn't foreseen, always is. The births are
// those of the run itself (model/birth.ts), so that what a person approves is what is done.
import { aroundOf, entered, inRoundOf, NOTHING_AROUND } from '../../model/around.ts';
import { cpuClass, reserveBytes } from '../../model/host-variable.ts';
import { ruleFor } from '../../model/zone-rule.ts';
import { allHold, born, type Got, itemsOf, type Unborn } from '../../model/birth.ts';
import type { Facts } from '../../model/facts.ts';
import type { Forecast, Foreseen } from '../../model/plan.ts';
import type { BlockEntry, EndEntry, Entry, Loop, Section, TaskEntry } from '../../model/program.ts';
import { type Item, itemLayer, tasksIn } from '../../model/scope.ts';
import type { Layer, Value } from '../../model/value.ts';
import type { Json, JsonObject } from '../../text/json.ts';
import { never } from '../../text/never.ts';
import { actionLine, loopLine, skippedLine, type Turn, whyUnborn } from './forecast-line.ts';
import { isElsewhere, laneOf, onceKey, stepOf, type Way } from './host-way.ts';
import {
  given,
  idOf,
  type Outlook,
  type Problem,
  reached,
  registered,
  scopeOf,
  SKIPPED,
  withProblem,
} from './outlook.ts';
import { both, decided } from './whether.ts';

export interface Foresight {
  readonly problems: readonly Problem[];
  readonly actions: readonly Forecast[];
  readonly facts: Facts | null;
  /** Tasks for all hosts that this one is the first to come to. */
  readonly took: readonly string[];
  /** What the host has registered and set by then: the plays after this one see it. */
  readonly results: Layer;
}

/**
 * @param facts what was observed of the host, or foreseen by the wave before; null when nothing needs them.
 * @param results what the plays before taught the host.
 */
export function foreseeWay(way: Way, facts: Facts | null, results: Layer = {}): Foresight {
  const { params, blocks, defaults } = NOTHING_AROUND;
  const start: Outlook = {
    ...{ params, blocks, defaults, facts, told: facts, results, round: '' },
    ...{ when: { is: 'yes' }, over: { is: 'yes' }, seen: [], problems: [], took: [] },
  };
  const end = way.play.sections.reduce(
    (here, section) => section.entries.reduce((at, entry) => entryAt(way, at, entry), entering(here, section)),
    start,
  );
  return { actions: end.seen, facts: end.facts, problems: end.problems, results: end.results, took: end.took };
}

/** To the gates at the end of its wave every host comes. */
const entering = (here: Outlook, { letter }: Section): Outlook =>
  letter === 'g' ? { ...here, over: { is: 'yes' } } : here;

function entryAt(way: Way, here: Outlook, entry: Entry): Outlook {
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
function endAt(way: Way, here: Outlook, end: EndEntry): Outlook {
  const holds = allHold(end.when, scopeOf(way, here, null, null), way.ground.evaluate);
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
function roundsAt(way: Way, here: Outlook, block: BlockEntry, loop: Loop): Outlook {
  const items = itemsOf(loop.over, scopeOf(way, entered(here, block), null, null), way.ground.evaluate);
  const roundAt = (at: Outlook, item: Layer, name: string): Outlook => {
    const round = here.round === '' ? name : `${here.round}.${name}`;
    return blockAt(way, { ...inRoundOf({ ...at, ...aroundOf(here) }, item), round }, block);
  };
  const outside = (end: Outlook): Outlook => ({ ...end, ...aroundOf(here), round: here.round, when: here.when });
  if (items.is === 'got')
    return outside(
      items.value.reduce(
        (at, value, index) => roundAt(at, itemLayer({ loop, index, value, hidden: false }), `${index}`),
        here,
      ),
    );
  const waiting = { ...here, when: both(here.when, decided(items)) };
  return outside(roundAt(withProblem(way, waiting, block, items), someItem(block, loop, items), '*'));
}

/** Stands for every item of a list that nobody knows yet. */
function someItem(block: BlockEntry, loop: Loop, why: Unborn): Layer {
  const after = why.is === 'later' ? why.after : [];
  const value: Value = { is: 'later', source: loop.variable, after, at: block.at };
  const names = loop.index === null ? [loop.variable] : [loop.variable, loop.index];
  return Object.fromEntries(names.map(name => [name, value]));
}

function blockAt(way: Way, here: Outlook, block: BlockEntry): Outlook {
  const inner = entered(here, block);
  const holds = allHold(block.when, scopeOf(way, inner, null, null), way.ground.evaluate);
  const when = both(here.when, decided(holds));
  // In a block that isn't entered every name stands for a skipped task, also those of its rescue.
  const unused = when.is === 'no' ? block.rescue.flatMap(tasksIn) : [];
  const inside = { ...withProblem(way, inner, block, holds), when };
  const before = unused.reduce<Outlook>((at, task) => registered(at, task, SKIPPED), inside);
  const end = [...block.body, ...block.always].reduce((at, entry) => entryAt(way, at, entry), before);
  return { ...end, ...aroundOf(here), when: here.when };
}

function taskAt(way: Way, above: Outlook, task: TaskEntry): Outlook {
  const id = idOf(above, task);
  const once = task.once !== 'no';
  if (task.gate === 'soak' && (way.isLast || way.ground.plan.options.check)) return skipped(way, above, task, null);
  // The first host that comes to it does it: for one that doesn't, nothing can be said of it.
  if (reached(above).is === 'no') return once ? registered(above, task, SKIPPED) : skipped(way, above, task, null);
  if (isElsewhere(way, task, id)) return given(registered(above, task, null), task, null);
  const before = once ? { ...above, took: [...above.took, onceKey(way, task, id)] } : above;
  return task.loop === null ? onceAt(way, before, task, null) : loopAt(way, before, task, task.loop);
}

function loopAt(way: Way, before: Outlook, task: TaskEntry, loop: Loop): Outlook {
  const scope = scopeOf(way, before, task, null);
  const when = both(reached(before), decided(allHold(task.when, scope, way.ground.evaluate)));
  if (when.is === 'no') return skipped(way, before, task, null);
  const items = itemsOf(loop.over, scope, way.ground.evaluate);
  if (items.is !== 'got')
    return listUnknown(way, before, { task, id: idOf(before, task), when, item: null, scope }, items);
  const item = (at: Outlook, value: Json, index: number): Outlook =>
    onceAt(way, at, task, { loop, index, value, hidden: false });
  return registered(items.value.reduce(item, before), task, null);
}

/** A condition may speak of the item: it is asked for each. */
function onceAt(way: Way, here: Outlook, task: TaskEntry, item: Item | null): Outlook {
  const scope = scopeOf(way, here, task, item);
  const holds = allHold(task.when, scope, way.ground.evaluate);
  const when = both(reached(here), decided(holds));
  if (when.is === 'no') return skipped(way, here, task, item);
  return actionAt(way, withProblem(way, here, task, holds), { task, id: idOf(here, task), when, item, scope });
}

function actionAt(way: Way, here: Outlook, turn: Turn): Outlook {
  const { task, when, item } = turn;
  const args = finalArgs(way, here, turn);
  const foreseen: Foreseen =
    args.is === 'got' ? stepOf(way, task).foresee(args.value, here.facts) : { is: 'unknown', why: whyUnborn(args) };
  const flawed = withProblem(way, here, task, args);
  // With `check_mode: yes` it only says what it would do.
  const sure = when.is === 'yes' && task.checkMode !== true;
  const facts = sure && foreseen.is !== 'unknown' ? (foreseen.facts ?? here.facts) : here.facts;
  const looked = task.step === 'facts' || way.ground.plan.options.check;
  const told = looked ? facts : here.told;
  const seen = [...here.seen, actionLine(way, turn, args, foreseen)];
  const result = sure && foreseen.is !== 'unknown' ? foreseen.result : null;
  const next = given({ ...flawed, facts, told, seen }, task, result);
  return item === null ? registered(next, task, result) : next;
}

function listUnknown(way: Way, here: Outlook, turn: Turn, why: Unborn): Outlook {
  const next = { ...withProblem(way, here, turn.task, why), seen: [...here.seen, loopLine(way, turn, why)] };
  return registered(given(next, turn.task, null), turn.task, null);
}

/** @param item null: the whole task. */
function skipped(way: Way, here: Outlook, task: TaskEntry, item: Item | null): Outlook {
  const next = { ...here, seen: [...here.seen, skippedLine(way, task, idOf(here, task), item)] };
  return item === null ? registered(next, task, SKIPPED) : next;
}

/** As the run will bear it (model/birth.ts). */
function finalArgs(way: Way, here: Outlook, { task, id, item, scope }: Turn): Got<JsonObject> {
  const action = born({
    task,
    id,
    item: item === null ? null : item.index,
    lane: laneOf(way, task),
    home: way.host,
    scope,
    // Before the run there is no result that somebody could hide.
    veiled: null,
    evaluate: way.ground.evaluate,
    catalogue: way.catalogue,
    // Answers are given when the run starts: nothing here can hold one.
    secrets: [],
    context: host => ({
      ...{ host, facts: here.told, ...way.context },
      reserveBytes: other => reserveBytes(way.ground, way.play, other),
      cpuClass: other => cpuClass(way.ground, way.play, other),
      returns: zone => ruleFor(way.ground.plan.zoneRules, zone)?.returns ?? null,
    }),
    become: on => way.ground.plan.hosts[on]?.connection.become ?? { method: 'none', user: '' },
  });
  return action.is === 'got' ? { is: 'got', value: action.value.action.args } : action;
}
