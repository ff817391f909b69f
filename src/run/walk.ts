// One host's way through the program, walked from the root over what the journal knows. What is known is passed over,
// and what it taught is gathered; the first thing the journal doesn't know is the answer. No cursor is kept: the same
// state gives the same answer. It evaluates nothing but whether a failure is ignored.
import { entered } from '../model/around.ts';
import { allHold } from '../model/birth.ts';
import { untouched } from '../model/fold.ts';
import { isUndecided, UNDECIDED } from '../model/foreseen-result.ts';
import { actionId, AFTER_ROLLBACK, handlerRun, inRound, type Lane, laneName, type TaskId } from '../model/ids.ts';
import { playOf } from '../model/plan.ts';
import type { BlockEntry, EndEntry, Entry, FlushEntry, Loop, Play, TaskEntry } from '../model/program.ts';
import { scopeAt, type Standing, tasksIn } from '../model/scope.ts';
import { type ActionState, type Ending, isChange, type LaneState, type WaveState } from '../model/state.ts';
import { known, type Value } from '../model/value.ts';
import type { Json, JsonObject } from '../text/json.ts';
import { never } from '../text/never.ts';
import { type Frame, roundOf, TOP } from './frame.ts';
import { type Knowledge, learn, notify, register, SKIPPED } from './knowledge.ts';
import { laneOfEnd, laneOfTask, mapOf } from './program-map.ts';
import type { Failure, Stop, Walked, Way } from './walked.ts';

type Passing =
  | { readonly is: 'on' }
  /** What remains of the play isn't for this host. */
  | { readonly is: 'over' }
  | { readonly is: 'at'; readonly stop: Stop; readonly position: number; readonly frame: Frame }
  | { readonly is: 'failed'; readonly failure: Failure }
  | { readonly is: 'unknown'; readonly lane: Lane; readonly why: string };

const ON: Passing = { is: 'on' };

export function walk(way: Way): Walked {
  const { know, play, passing } = gather(way);
  return walked(way, play, know, passing);
}

/** The handlers that are due because a rollback changed something, after all that the way taught. */
export function walkBack(way: Way, handlers: readonly TaskEntry[]): Walked {
  const { know, play, wave } = gather(way);
  const passing = new Walker(way, wave, play, know).handlers(handlers, AFTER_ROLLBACK);
  return walked(way, play, know, passing);
}

function gather(way: Way) {
  const know: Knowledge = { results: {}, facts: null, foreseen: false, due: new Set() };
  let at: { wave: WaveState; play: Play; passing: Passing } | null = null;
  for (const wave of way.waves) {
    const play = playOf(way.ground.plan, wave.wave);
    know.facts = wave.facts[way.host] ?? know.facts;
    at = { wave, play, passing: new Walker(way, wave, play, know).play() };
    if (at.passing.is !== 'on') break;
  }
  if (at === null) throw new Error(`${way.host} is in no wave`);
  return { know, ...at };
}

function walked(way: Way, play: Play, know: Knowledge, passing: Passing): Walked {
  const frame = passing.is === 'at' ? passing.frame : TOP;
  const standing = standingOf(way, play, know, frame);
  const { foreseen } = know;
  if (passing.is === 'on' || passing.is === 'over') return { standing, foreseen, is: 'through' };
  if (passing.is !== 'at') return { standing, foreseen, ...passing };
  const { stop, position } = passing;
  return { standing, foreseen, is: 'at', stop, position, undecided: frame.undecided };
}

function standingOf(way: Way, play: Play, know: Knowledge, frame: Frame): Standing {
  // Word for word: made of another object it takes five times as long, at each question and for each host.
  const { params, blocks, defaults, failed } = frame;
  const { facts, results } = know;
  return { params, blocks, defaults, host: way.host, play, failed, facts, results: { ...results } };
}

/** One walk through one play: what is the same at each of its turns. */
class Walker {
  readonly #way: Way;
  readonly #wave: WaveState;
  readonly #play: Play;
  readonly #know: Knowledge;
  readonly #own: Lane;

  constructor(way: Way, wave: WaveState, play: Play, know: Knowledge) {
    this.#way = way;
    this.#wave = wave;
    this.#play = play;
    this.#know = know;
    this.#own = { is: 'host', host: way.host };
  }

  play(): Passing {
    let over = false;
    for (const section of this.#play.sections) {
      if (over && section.letter !== 'g') continue;
      const passing = this.#entries(section.entries, TOP);
      if (passing.is === 'over') {
        this.#know.due.clear();
        over = true;
        continue;
      }
      if (passing.is !== 'on') return passing;
      const flushed = this.#flush(section.letter, mapOf(this.#program).sectionEnd(this.#play, section));
      if (flushed.is !== 'on') return flushed;
    }
    return ON;
  }

  get #program() {
    return this.#way.ground.plan.program;
  }

  #entries(entries: readonly Entry[], frame: Frame): Passing {
    for (const entry of entries) {
      const passing = this.#entry(entry, frame);
      if (passing.is !== 'on') return passing;
    }
    return ON;
  }

  #entry(entry: Entry, frame: Frame): Passing {
    const position = frame.place(mapOf(this.#program).position(entry.id));
    switch (entry.is) {
      case 'task':
        return this.#task(entry, inRound(entry.id, frame.round), position, frame);
      case 'block':
        return entry.loop === null
          ? this.#block(entry, position, frame)
          : this.#rounds(entry, entry.loop, position, frame);
      case 'flush':
        return this.#flush(placeOf(entry, frame.round), position);
      case 'end':
        return this.#end(entry, position, frame);
      default:
        return never(entry);
    }
  }

  /** The whole of a block once for each item. The first round that fails is the end of it. */
  #rounds(block: BlockEntry, loop: Loop, position: number, frame: Frame): Passing {
    const id = inRound(block.id, frame.round);
    const over = this.#withoutEntering(block, id, frame);
    if (over !== null) return over;
    const items = itemsKnown(loop, this.#lane(this.#own), id);
    if (items === null) return { is: 'at', stop: { is: 'rounds', block, id }, position, frame };
    const map = mapOf(this.#program);
    const at = { start: map.position(block.id), size: map.sizeOf(block.id) };
    for (const [index, value] of items.entries()) {
      const round = roundOf(frame, { loop, index, value, hidden: this.#lane(this.#own).hiddenLoops.includes(id) }, at);
      const passing = this.#block(block, round.place(at.start), round);
      if (passing.is !== 'on') return passing;
    }
    return ON;
  }

  /** It was skipped, or its condition or list couldn't be computed. */
  #withoutEntering(block: BlockEntry, id: TaskId, frame: Frame): Passing | null {
    if (this.#lane(this.#own).skipped[id] !== undefined) {
      for (const task of tasksIn(block)) register(this.#know, task, SKIPPED, false);
      return ON;
    }
    const ended = this.#ended(id, this.#own);
    const undecided = frame.undecided ?? (ended?.outcome === 'unchanged' ? ended.why : null);
    if (undecided !== null) return this.#perhaps(block, { ...frame, undecided });
    return ended === null ? null : notBorn(block.name, this.#own, ended);
  }

  /** Nobody can say whether it is for this host: what is in it is told, and nothing asked. */
  #perhaps(block: BlockEntry, frame: Frame): Passing {
    const body = this.#entries(block.body, frame);
    if (body.is !== 'on') return body;
    for (const task of block.rescue.flatMap(tasksIn)) register(this.#know, task, UNDECIDED, false);
    return this.#entries(block.always, frame);
  }

  #ended(id: TaskId, lane: Lane): Ending | null {
    return this.#way.state.actions.get(actionId(id, null, lane))?.ended ?? null;
  }

  #end(end: EndEntry, position: number, frame: Frame): Passing {
    const id = inRound(end.id, frame.round);
    const lane = laneOfEnd(end, this.#own, this.#wave.wave);
    const known = this.#lane(lane);
    if (known.skipped[id] !== undefined) return ON;
    if (known.entered.includes(id)) return { is: 'over' };
    const ended = this.#ended(id, lane);
    // Whether the play ends here is told; what stands behind it is looked at as if it didn't.
    if (frame.undecided !== null || ended?.outcome === 'would-change') return ON;
    if (ended !== null) return notBorn(end.name, lane, ended);
    return { is: 'at', stop: { is: 'end', end, id, lane }, position, frame };
  }

  #block(block: BlockEntry, position: number, frame: Frame): Passing {
    const id = inRound(block.id, frame.round);
    const over = this.#withoutEntering(block, id, frame);
    if (over !== null) return over;
    const asked = block.when.length === 0 || this.#lane(this.#own).entered.includes(id);
    if (!asked) return { is: 'at', stop: { is: 'block', block, id }, position, frame };
    const inner = entered(frame, block);
    const body = this.#entries(block.body, inner);
    const rescue = body.is === 'failed' && block.rescue.length > 0;
    const tried = rescue ? this.#entries(block.rescue, { ...inner, failed: failedView(body.failure) }) : body;
    if (tried.is === 'at' || tried.is === 'unknown' || tried.is === 'over') return tried;
    const always = this.#entries(block.always, inner);
    return always.is === 'on' || (always.is === 'failed' && tried.is === 'failed') ? tried : always;
  }

  #flush(place: string, position: number): Passing {
    for (const handler of this.#play.handlers) {
      if (!this.#know.due.delete(handler.id)) continue;
      const passing = this.#task(handler, handlerRun(handler.id, place), position, TOP);
      if (passing.is !== 'on') return passing;
    }
    return ON;
  }

  handlers(handlers: readonly TaskEntry[], place: string): Passing {
    for (const handler of handlers) {
      const passing = this.#task(handler, handlerRun(handler.id, place), 0, TOP);
      if (passing.is !== 'on') return passing;
    }
    return ON;
  }

  #task(task: TaskEntry, id: TaskId, position: number, frame: Frame): Passing {
    const lane = laneOfTask(task, this.#own, this.#wave.wave);
    const known = this.#lane(lane);
    if (known.skipped[id] !== undefined) {
      register(this.#know, task, SKIPPED, false);
      return ON;
    }
    const at = (item: number | null): Passing => ({
      is: 'at',
      stop: { is: 'task', task, id, lane, item },
      position,
      frame,
    });
    const asWhole = task.loop !== null || frame.undecided !== null;
    const whole = asWhole ? this.#way.state.actions.get(actionId(id, null, lane)) : undefined;
    if (whole) return this.#passTask(task, [whole], frame);
    const items = task.loop === null ? [null] : itemsKnown(task.loop, known, id);
    if (items === null || frame.undecided !== null) return at(null);
    const ended: ActionState[] = [];
    for (const [index] of items.entries()) {
      const item = task.loop === null ? null : index;
      const action = this.#way.state.actions.get(actionId(id, item, lane));
      if (action === undefined) return at(item);
      if (action.ended === null) return { is: 'at', stop: { is: 'begun', task, lane, action, item }, position, frame };
      if (action.ended.outcome === 'unknown') return { is: 'unknown', lane, why: `${task.name}: ${action.ended.why}` };
      ended.push(action);
    }
    return this.#passTask(task, ended, frame);
  }

  #passTask(task: TaskEntry, ended: readonly ActionState[], frame: Frame): Passing {
    const failures: ActionState[] = [];
    for (const action of ended) {
      if (action.ended === null) continue;
      learn(this.#know, action, action.ended, this.#way);
      if (isChange(action.ended) && this.#isOurs(action)) notify(this.#know, this.#play, task, this.#way.host);
      if (action.ended.outcome === 'failed') failures.push(action);
    }
    const alone = ended.some(({ action }) => action.id === actionId(action.task, null, action.lane));
    const secret = ended.some(({ action }) => action.hidden);
    register(this.#know, task, alone ? (ended[0]?.ended?.result ?? SKIPPED) : loopResult(ended), secret);
    const first = failures.find(action => !this.#isIgnored(task, action, frame));
    if (!first?.ended) return ON;
    const { result, why } = first.ended;
    const { lane } = first.action;
    const atGate = task.gate === 'before';
    const refused = atGate || result.refused === true;
    return { is: 'failed', failure: { name: task.name, lane, why, result, refused, atGate, secret } };
  }

  /** A change by a task that runs once notifies the handlers of the host it happened on. */
  #isOurs(action: ActionState): boolean {
    return action.action.lane.is === 'host' || action.action.on === this.#way.host;
  }

  #isIgnored(task: TaskEntry, action: ActionState, frame: Frame): boolean {
    if (action.ended?.result.unreachable === true) return task.ignoreUnreachable;
    const { ground } = this.#way;
    const scope = scopeAt(ground, standingOf(this.#way, this.#play, this.#know, frame), task, null);
    const ignored = allHold([task.ignoreErrors], scope, ground.evaluate);
    return ignored.is === 'got' && ignored.value;
  }

  #lane(lane: Lane): LaneState {
    return this.#way.state.lanes.get(laneName(lane)) ?? untouched(lane);
  }
}

/** The items of a loop when they stand in the program or were fixed; null when nobody has asked. */
export function itemsKnown({ over }: Loop, lane: LaneState, id: TaskId): readonly Json[] | null {
  if (over.is === 'known' && Array.isArray(over.json)) return over.json;
  return lane.loops[id] ?? null;
}

function loopResult(ended: readonly ActionState[]): JsonObject {
  const results = ended.map(action => action.ended?.result ?? SKIPPED);
  const any = (key: string): boolean => results.some(result => result[key] === true);
  const whole = { results, failed: any('failed') };
  if (!any('changed') && results.some(isUndecided)) return { ...UNDECIDED, ...whole };
  const skipped = results.every(result => result.skipped === true);
  return { ...whole, changed: any('changed'), skipped };
}

function notBorn(name: string, lane: Lane, { why }: Ending): Passing {
  return { is: 'failed', failure: { name, lane, why, result: {}, refused: false, atGate: false, secret: false } };
}

function failedView({ name, why, result, secret }: Failure): Value {
  const view = { task: name, message: why, result };
  return secret ? { is: 'hidden', json: view, shows: { task: name } } : known(view);
}

/** `t3.1` of `site/1.t3.1`. */
function placeOf({ id }: FlushEntry, round: string): string {
  return `${id.slice(id.indexOf('.', id.lastIndexOf('/')) + 1)}${round === '' ? '' : `#${round}`}`;
}
