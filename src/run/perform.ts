// One action on one host: look, write down what is about to happen and how to put it back, do it, look again, write
// down how it ended. Each event is yielded, and nothing goes on before it is durable: whoever doesn't resume has
// cancelled safely.
import type { Outcome, Undo } from '../model/action.ts';
import { allHold } from '../model/birth.ts';
import type { Law } from '../model/event.ts';
import type { Foreseen } from '../model/plan.ts';
import type { TaskEntry } from '../model/program.ts';
import { holdsSecret, withLayer } from '../model/scope.ts';
import { type Evaluate, known, type Value } from '../model/value.ts';
import type { JsonObject } from '../text/json.ts';
import { never } from '../text/never.ts';
import { applyAgain, applyOnce, type Bench, type Look, look, type Settled } from './attempt.ts';
import type { ApplyMove } from './next.ts';
import { patienceOf, pauseMs } from './patience.ts';
import { takenUp } from './taken-up.ts';

export interface Work {
  readonly move: ApplyMove;
  readonly bench: Bench;
  readonly evaluate: Evaluate;
  /** The run, or this task, only says what it would do. */
  readonly check: boolean;
  /** Texts that nothing may show: a result that holds one is hidden, whoever brought it. */
  readonly secrets: readonly string[];
  /** Attempts that are in the journal already. */
  readonly attempts: number;
}

export type Performance = AsyncGenerator<Law, void, void>;

export async function* perform(work: Work): Performance {
  const { move, bench } = work;
  if (move.pauseMs > 0) await bench.doer.sleep(move.pauseMs);
  if (move.resumed) return yield* takeUp(work);
  if (work.check && !bench.step.reads) return yield await rehearse(work);
  const seen = await firstLook(work);
  if (seen.is === 'over') return yield ended(work, true, seen.over);
  yield { type: 'action-started', action: move.action, undo: undoOf(work, seen.seen), undoAfter: move.undoAfter };
  yield* carryOut(work, seen.seen);
}

/** How an action ended. */
interface Over {
  readonly outcome: Outcome;
  readonly why: string;
  readonly result: JsonObject;
}

type FirstLook = { readonly is: 'over'; readonly over: Over } | { readonly is: 'go'; readonly seen: JsonObject };

/** Done, blocked or silent before anything was changed: that is the end of it, in one event. */
async function firstLook(work: Work): Promise<FirstLook> {
  const { bench, move } = work;
  const patience = patienceOf(move, work.evaluate);
  for (let n = 1; ; n += 1) {
    const seen = await look(bench);
    if (seen.is === 'todo' || seen.is === 'unsure') return { is: 'go', seen: seen.seen };
    const over = overAtOnce(work, seen);
    if (seen.is !== 'done' || move.task.attempts === null) return { is: 'over', over };
    const held = satisfied(work, over.result, move.task.attempts.until);
    if (held.is === 'held') return { is: 'over', over };
    if (n < patience.tries && bench.onCourse()) await bench.doer.sleep(pauseMs(patience, n));
    if (n >= patience.tries || !bench.onCourse() || bench.doer.stopping())
      return { is: 'over', over: failure(`${held.why} after ${n} looks`, { ...over.result, attempts: n }) };
  }
}

function overAtOnce(work: Work, seen: Exclude<Look, { readonly is: 'todo' | 'unsure' }>): Over {
  switch (seen.is) {
    case 'done':
      return label(work, {
        outcome: 'unchanged',
        why: seen.text,
        result: { ...resultOf(work, seen.seen, seen.seen, null), changed: false },
      });
    case 'blocked':
      return failure(seen.why, seen.refused ? { refused: true } : {});
    case 'silent':
      return failure(seen.why, seen.unreachable ? { unreachable: true } : {});
    default:
      return never(seen);
  }
}

function undoOf({ move, bench }: Work, seen: JsonObject): Undo {
  if (bench.step.reads) return { is: 'nothing' };
  return move.undo ?? bench.step.undo(bench.args, seen);
}

/** Attempts inside one action, until its lane goes back; its undo was worked out before the first. */
async function* carryOut(work: Work, seen: JsonObject): Performance {
  const { bench, move } = work;
  const { attempts } = move.task;
  const patience = patienceOf(move, work.evaluate);
  const first = work.attempts + 1;
  for (let n = first; ; n += 1) {
    bench.longWork.attempt(n);
    const settled = await (n === first ? applyOnce(bench, seen) : applyAgain(bench));
    if (settled.is === 'interrupted') return;
    const over = overBy(work, seen, settled);
    if (attempts === null || settled.is === 'unknown') return yield ended(work, false, over);
    const result = { ...over.result, attempts: n };
    yield { type: 'attempt-ended', action: move.action.id, n, result, hidden: isHidden(work, result) };
    const enough = attempts.until.length > 0 ? satisfied(work, result, attempts.until) : succeeded(over);
    if (enough.is === 'held') return yield ended(work, false, { ...over, result });
    if (n < patience.tries && bench.onCourse()) await bench.doer.sleep(pauseMs(patience, n));
    if (n >= patience.tries || !bench.onCourse())
      return yield ended(work, false, failure(`${enough.why} after ${n} attempts`, result));
    if (bench.doer.stopping()) return;
  }
}

type Enough = { readonly is: 'held' } | { readonly is: 'not'; readonly why: string };

function satisfied(work: Work, result: JsonObject, until: readonly Value[]): Enough {
  if (until.length === 0) return { is: 'held' };
  const held = asked(work, result, until);
  if (held === true) return { is: 'held' };
  return { is: 'not', why: held === false ? 'until did not hold' : `until: ${held}` };
}

const succeeded = (over: Over): Enough => (over.outcome === 'failed' ? { is: 'not', why: over.why } : { is: 'held' });

/** What came of applying, as the step tells it and the task labels it. */
function overBy(work: Work, before: JsonObject, settled: Exclude<Settled, { readonly is: 'interrupted' }>): Over {
  switch (settled.is) {
    case 'changed': {
      const result = resultOf(work, before, settled.after, settled.reply);
      const changed = result.changed === true;
      const outcome = result.failed === true ? 'failed' : changed ? 'changed' : 'unchanged';
      const why = typeof result.message === 'string' ? result.message : outcome === 'failed' ? 'it says it failed' : '';
      return label(work, { outcome, why, result: { ...result, changed } });
    }
    case 'failed': {
      const after = settled.after === null ? {} : { ...resultOf(work, before, settled.after, null), changed: false };
      return failure(settled.why, settled.unreachable ? { ...after, unreachable: true } : after);
    }
    case 'unknown':
      return unknownFor(settled.why);
    default:
      return never(settled);
  }
}

function resultOf({ bench }: Work, before: JsonObject, after: JsonObject, reply: JsonObject | null): JsonObject {
  return {
    changed: !bench.step.reads && !bench.step.onlyTries(bench.args),
    failed: false,
    skipped: false,
    ...bench.step.result(bench.args, before, after, reply),
  };
}

const unknownFor = (why: string): Over => ({
  ...{ outcome: 'unknown', why },
  result: { changed: false, failed: false, skipped: false },
});

const onlyTries = ({ bench }: Work): boolean => bench.step.onlyTries(bench.args);

function failure(why: string, result: JsonObject): Over {
  return { outcome: 'failed', why, result: { changed: false, skipped: false, message: why, ...result, failed: true } };
}

/** `failed_when` and `changed_when` say how it is called; what is owed to the host doesn't change by it. */
function label(work: Work, over: Over): Over {
  const { task } = work.move;
  const failed = task.failedWhen === null ? over.outcome === 'failed' : asked(work, over.result, task.failedWhen);
  if (typeof failed === 'string') return failure(`failed_when: ${failed}`, over.result);
  if (failed) return failure(whyFailed(task, over), over.result);
  const did = over.outcome === 'failed' ? over.result.changed === true : over.outcome === 'changed';
  const changed = task.changedWhen === null ? did : asked(work, over.result, task.changedWhen);
  if (typeof changed === 'string') return failure(`changed_when: ${changed}`, over.result);
  const outcome = changed ? 'changed' : 'unchanged';
  return {
    outcome,
    why: over.outcome === 'failed' ? '' : over.why,
    result: { ...over.result, changed, failed: false },
  };
}

function whyFailed({ failedWhen, gate }: TaskEntry, { why }: Over): string {
  if (failedWhen === null) return why;
  return gate === 'before' ? `it does not hold (${why})` : 'failed_when holds';
}

/** A string says why it can't be asked. */
function asked(work: Work, result: JsonObject, conditions: readonly Value[]): boolean | string {
  const { register } = work.move.task;
  const own = { result: known(result), ...(register === null ? {} : { [register]: known(result) }) };
  const held = allHold(conditions, withLayer(work.move.scope, own), work.evaluate);
  if (held.is === 'got') return held.value;
  return held.is === 'problem' ? held.message : 'it rests on something that is not known yet';
}

const UNSEEN = 'it had begun when the run broke off, and nobody can tell whether it ran';

/** It had begun, and nobody saw how it ended: look first, and never do again what can't be looked at. */
async function* takeUp(work: Work): Performance {
  const { bench } = work;
  const taken = await takenUp(bench);
  if (taken.is === 'interrupted') return;
  if (taken.is === 'silent')
    return yield ended(
      work,
      false,
      onlyTries(work) ? failure(taken.why, { unreachable: true }) : unknownFor(taken.why),
    );
  const { seen } = taken;
  // Its lane may have turned while it was waited for.
  const mayGoOn = !work.move.lookOnly && bench.onCourse();
  switch (seen.is) {
    case 'done':
      return yield ended(work, false, overBy(work, seen.seen, { is: 'changed', after: seen.seen, reply: null }));
    case 'todo':
      if (!mayGoOn) return yield ended(work, false, failure('it was cut before it was done', {}));
      bench.longWork.seenStillToDo();
      return yield* carryOut(work, seen.seen);
    case 'unsure':
      if ((bench.step.reads || onlyTries(work)) && mayGoOn) return yield* carryOut(work, seen.seen);
      if (onlyTries(work)) return yield ended(work, false, failure('it was cut, and leaves nothing to put back', {}));
      return yield ended(work, false, unknownFor(UNSEEN));
    case 'blocked': {
      // What it did before the run broke off is in what is seen now.
      const settled = { is: 'failed', why: seen.why, unreachable: false, after: seen.seen, unheard: false } as const;
      return yield ended(work, false, overBy(work, seen.seen, settled));
    }
    default:
      return never(seen);
  }
}

/**
 * Under --check: what would come of it. On a host where something was only foreseen, looking would prove nothing; but
 * steps that rest on no facts and foresee nothing themselves (files, programs) tell most by what they see there.
 */
async function rehearse(work: Work): Promise<Law> {
  const { bench, move } = work;
  const foreseen = bench.step.foresee(bench.args, move.facts);
  const blind = bench.step.reads || bench.step.needsFacts || foreseen.is !== 'unknown';
  if (move.foreseen && blind) return ended(work, true, overAsForeseen(foreseen));
  const seen = await look(bench);
  if (seen.is === 'todo' || seen.is === 'unsure') return ended(work, true, overAsForeseen(foreseen, seen.text));
  return ended(work, true, overAtOnce(work, seen));
}

function overAsForeseen(foreseen: Foreseen, text?: string): Over {
  const labels = { failed: false, skipped: false, foreseen: true };
  switch (foreseen.is) {
    case 'nothing':
      if (text === undefined)
        return { outcome: 'unchanged', why: '', result: { ...foreseen.result, changed: false, ...labels } };
      return { outcome: 'would-change', why: text, result: { ...foreseen.result, changed: true, ...labels } };
    case 'change':
      return {
        outcome: 'would-change',
        why: text ?? foreseen.text,
        result: { ...foreseen.result, changed: true, ...labels },
      };
    case 'unknown':
      return { outcome: 'would-change', why: text ?? foreseen.why, result: { changed: true, ...labels } };
    default:
      return never(foreseen);
  }
}

const isHidden = ({ move, secrets }: Work, result: JsonObject): boolean =>
  move.action.hidden || holdsSecret(result, secrets);

/** @param alone nothing was started before it, so the event itself says what was born. */
function ended(work: Work, alone: boolean, over: Over): Law {
  const { move, check } = work;
  const { action } = move;
  const { outcome, why, result: told } = check && move.foreseen ? unproved(over) : over;
  const honest = alone && outcome === 'changed' ? 'unchanged' : outcome;
  const born = alone ? action : null;
  // A trial that fails has told what preflight couldn't: the host isn't fit, and nothing was done to it. One that fell
  // silent isn't unfit but lost.
  const unfit = honest === 'failed' && onlyTries(work) && told.unreachable !== true;
  const result = unfit ? { ...told, refused: true } : told;
  return {
    type: 'action-ended',
    action: action.id,
    born,
    outcome: honest,
    why,
    result,
    hidden: isHidden(work, result),
  };
}

/** A look that fails on a host where a change was only foreseen says nothing about the host after the change. */
function unproved(over: Over): Over {
  if (over.outcome !== 'failed') return over;
  const result = { ...over.result, failed: false, foreseen: true };
  return { outcome: 'would-change', why: `can be told only after the changes before it: ${over.why}`, result };
}
