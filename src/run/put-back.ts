// The undo of one action: each of its steps looked at, applied and looked at again, in their order. What can't be put
// back ends here with its reason; nothing is tried twice behind anybody's back.
import type { Law } from '../model/event.ts';
import type { JsonObject } from '../text/json.ts';
import { never } from '../text/never.ts';
import { applyOnce, type Bench, type Look, look } from './attempt.ts';
import type { UndoMove } from './next.ts';
import { takenUp } from './taken-up.ts';

export async function* putBack(move: UndoMove, benches: readonly Bench[]): AsyncGenerator<Law, void, void> {
  const action = move.action.id;
  if (!move.resumed) yield { type: 'undo-started', action };
  // What broke off may have put something back already; restarting once too often does less harm than not at all.
  let changed = move.resumed;
  const left: string[] = [];
  for (const bench of benches) {
    const step = await (move.resumed ? takenUpAndPutBack(bench) : putBackOne(bench, await look(bench)));
    if (step.is === 'interrupted') return;
    if (step.is === 'failed' || step.is === 'unknown')
      return yield { type: 'undo-ended', action, outcome: step.is, why: `${bench.step.name}: ${step.why}` };
    changed ||= step.is === 'changed';
    if (step.left !== '') left.push(step.left);
  }
  yield { type: 'undo-ended', action, outcome: changed ? 'changed' : 'unchanged', why: left.join('; ') };
}

type PutBack =
  /** `left`: what stays all the same, and why; empty: nothing does. */
  | { readonly is: 'changed'; readonly left: string }
  | { readonly is: 'unchanged'; readonly left: string }
  | { readonly is: 'interrupted' }
  | { readonly is: 'failed'; readonly why: string }
  | { readonly is: 'unknown'; readonly why: string };

async function takenUpAndPutBack(bench: Bench): Promise<PutBack> {
  const taken = await takenUp(bench);
  if (taken.is === 'interrupted') return taken;
  return putBackOne(bench, taken.is === 'silent' ? taken : taken.seen);
}

async function putBackOne(bench: Bench, seen: Look): Promise<PutBack> {
  switch (seen.is) {
    case 'done':
      return { is: 'unchanged', left: leftIn(bench.step.result(bench.args, seen.seen, seen.seen, null)) };
    case 'blocked':
      return { is: 'failed', why: seen.why };
    case 'silent':
      return { is: seen.unreachable ? 'unknown' : 'failed', why: seen.why };
    case 'todo':
      bench.longWork.seenStillToDo();
      return applied(bench, seen.seen);
    case 'unsure':
      return applied(bench, seen.seen);
    default:
      return never(seen);
  }
}

async function applied(bench: Bench, seen: JsonObject): Promise<PutBack> {
  const settled = await applyOnce(bench, seen);
  if (settled.is !== 'changed') return settled;
  const result = bench.step.result(bench.args, seen, settled.after, settled.reply);
  if (result.failed === true)
    return { is: 'failed', why: typeof result.message === 'string' ? result.message : 'it says it failed' };
  return { is: result.changed === false ? 'unchanged' : 'changed', left: leftIn(result) };
}

const leftIn = ({ left }: JsonObject): string => (typeof left === 'string' ? left : '');
