// Looking, doing and looking again at one step: what a host's silence, its refusals and its half answers come to, before
// a change and after one. Nothing here is journaled; perform and put-back do that.
import { isSilence, type Refusal, tellRefusal } from '../model/refusal.ts';
import type { Applied, Checked, Doer, Step } from '../model/step.ts';
import type { JsonObject } from '../text/json.ts';
import { never } from '../text/never.ts';
import type { LongWork } from './detached/long-work.ts';

/** Host time between two looks at something that gave no answer, or that may still be at work: often at first, then ever more seldom. */
const LOOK_OFTEN_MS = 5_000;
const LOOK_SELDOM_MS = 60_000;
export const nextLookAfter = (waitedMs: number): number =>
  Math.min(LOOK_SELDOM_MS, Math.max(LOOK_OFTEN_MS, waitedMs / 10));
/** After a lost change there is always time for some looks, even if it took all of its own. */
export const LOOK_AT_LEAST_MS = 60_000;
const TRIES_UNSENT = 3;
const UNSENT_PAUSE_MS = 1_000;

/** A step with its final arguments, on its host. */
export interface Bench {
  readonly step: Step;
  readonly args: JsonObject;
  readonly doer: Doer;
  readonly limitMs: number;
  /** False once its lane turned: nothing is done again that was being done on the way it has left. */
  readonly onCourse: () => boolean;
  readonly longWork: Pick<LongWork, 'attempt' | 'takeUp' | 'seenStillToDo'>;
}

const mayRepeat = ({ doer, onCourse }: Bench): boolean => !doer.stopping() && onCourse();

export type Look =
  | Exclude<Checked, { readonly is: 'no-answer' }>
  | { readonly is: 'silent'; readonly why: string; readonly unreachable: boolean };

/** Before any change nothing is at stake: look until there is an answer or the time is over. */
export async function look(bench: Bench): Promise<Look> {
  const { doer } = bench;
  const begun = doer.now();
  const until = begun + bench.limitMs;
  for (let unsent = 0; ; ) {
    const checked = await bench.step.check(bench.args, doer);
    if (checked.is !== 'no-answer') return checked;
    const { refusal } = checked;
    if (refusal.is === 'not-sent') unsent += 1;
    const over = refusal.is === 'refused' || unsent >= TRIES_UNSENT || doer.now() >= until || doer.stopping();
    if (over) return { is: 'silent', why: tellRefusal(refusal), unreachable: isSilence(refusal) };
    await again(doer, refusal, { unsent, waitedMs: doer.now() - begun });
  }
}

interface Patience {
  /** How often nothing could be sent. */
  readonly unsent: number;
  readonly waitedMs: number;
}

async function again(doer: Doer, refusal: Refusal, { unsent, waitedMs }: Patience): Promise<void> {
  await doer.sleep(refusal.is === 'not-sent' ? UNSENT_PAUSE_MS * 2 ** unsent : nextLookAfter(waitedMs));
  if (isCut(refusal)) await doer.reconnect();
}

/** What an apply came to. `interrupted`: the operator wants to stop now; it stays open in the journal. */
export type Settled =
  | { readonly is: 'changed'; readonly after: JsonObject; readonly reply: JsonObject | null }
  | {
      readonly is: 'failed';
      readonly why: string;
      readonly unreachable: boolean;
      readonly after: JsonObject | null;
      /** Its connection was lost, and when its time was over it was seen to be still to do. */
      readonly unheard: boolean;
    }
  | { readonly is: 'unknown'; readonly why: string }
  | { readonly is: 'interrupted' };

/**
 * Once; but what a lost connection kept from the host is done again, as a resumed run would: its time is over, it is
 * seen to be still to do, and a step bears being repeated. A second loss is the end of it, and so is a lane that goes
 * back: what was begun on its way forward is then seen as it is and undone.
 */
export async function applyOnce(bench: Bench, seen: JsonObject): Promise<Settled> {
  const settled = await applyHeard(bench, seen);
  if (settled.is !== 'failed' || !settled.unheard || !mayRepeat(bench)) return settled;
  return applyHeard(bench, settled.after ?? seen);
}

/** By `retries`, after an attempt that wasn't enough: what that one did is looked at before anything is done again. */
export async function applyAgain(bench: Bench): Promise<Settled> {
  const seen = await look(bench);
  switch (seen.is) {
    case 'done':
      return { is: 'changed', after: seen.seen, reply: null };
    case 'blocked':
      return { ...failed(seen.why), after: seen.seen };
    case 'silent':
      return { ...failed(seen.why), unreachable: seen.unreachable };
    case 'todo':
    case 'unsure':
      return applyOnce(bench, seen.seen);
    default:
      return never(seen);
  }
}

async function applyHeard(bench: Bench, seen: JsonObject): Promise<Settled> {
  const { doer } = bench;
  const until = doer.now() + bench.limitMs;
  for (let unsent = 1; ; unsent += 1) {
    const applied = await bench.step.apply(bench.args, seen, doer);
    if (applied.is === 'answered') return { is: 'changed', after: seen, reply: applied.reply };
    if (applied.is === 'applied' || applied.is === 'applied-and-seen') return afterwards(bench, seen, applied, until);
    const { refusal } = applied;
    switch (refusal.is) {
      case 'refused':
        return refusedAfter(bench, seen, { refusal, until, again: unsent > 1 });
      case 'not-sent':
        if (unsent < TRIES_UNSENT && mayRepeat(bench)) await again(doer, refusal, { unsent, waitedMs: 0 });
        if (unsent >= TRIES_UNSENT || !mayRepeat(bench)) return failedWith(bench, refusal);
        break;
      case 'lost':
      case 'timed-out':
      case 'unreadable':
        return settle(bench, refusal, until);
      default:
        return never(refusal);
    }
  }
}

interface Refused {
  readonly refusal: Refusal;
  readonly until: number;
  /** It was tried before: a host refuses to do again what is done. */
  readonly again: boolean;
}

async function refusedAfter(
  bench: Bench,
  seen: JsonObject,
  { refusal, until, again: twice }: Refused,
): Promise<Settled> {
  if (twice && (await bench.step.check(bench.args, bench.doer)).is === 'done')
    return afterwards(bench, seen, { is: 'applied', reply: {} }, until);
  return failedWith(bench, refusal);
}

/** A part of it may be done: zones that left before the refusal are away, and the next run must know. */
async function failedWith(bench: Bench, refusal: Refusal): Promise<Settled> {
  const checked = await bench.step.check(bench.args, bench.doer);
  const after = checked.is === 'unsure' ? null : seenOf(checked);
  return { ...failed(tellRefusal(refusal)), unreachable: refusal.is === 'not-sent', after };
}

type Worked = Extract<Applied, { readonly is: 'applied' | 'applied-and-seen' }>;

/** It said it worked; whether it did is for the host to show. */
async function afterwards(bench: Bench, seen: JsonObject, applied: Worked, until: number): Promise<Settled> {
  const { reply } = applied;
  const checked = applied.is === 'applied-and-seen' ? applied.checked : await bench.step.check(bench.args, bench.doer);
  switch (checked.is) {
    case 'done':
    case 'unsure':
      return { is: 'changed', after: checked.is === 'done' ? checked.seen : seen, reply };
    case 'todo':
      return { ...failed(`still to do afterwards: ${checked.text}`), after: checked.seen };
    case 'blocked':
      return { ...failed(checked.why), after: checked.seen };
    case 'no-answer':
      return settle(bench, checked.refusal, until);
    default:
      return never(checked);
  }
}

/** Nobody knows what came of it, perhaps it is at work still: look until the deadline, then take what is seen. */
export async function settle(bench: Bench, first: Refusal, deadline: number): Promise<Settled> {
  const { doer, step, args } = bench;
  const begun = doer.now();
  const until = Math.max(deadline, begun + LOOK_AT_LEAST_MS);
  for (let refusal = first; ; ) {
    if (doer.stopping()) return { is: 'interrupted' };
    if (isCut(refusal)) await doer.reconnect();
    const checked = await step.check(args, doer);
    if (checked.is === 'done') return { is: 'changed', after: checked.seen, reply: null };
    if (checked.is === 'unsure') return unsureAfter(bench, first);
    if (checked.is === 'no-answer') refusal = checked.refusal;
    if (doer.now() >= until && checked.is === 'no-answer') return unansweredAfter(bench, silence(first, refusal));
    if (doer.now() >= until)
      return { ...failed(tellRefusal(first)), after: seenOf(checked), unheard: isUnheard(first, checked) };
    await doer.sleep(Math.min(nextLookAfter(doer.now() - begun), Math.max(LOOK_OFTEN_MS, until - doer.now())));
  }
}

function unsureAfter({ step, args }: Bench, first: Refusal): Settled {
  if (step.onlyTries(args)) return { ...failed(tellRefusal(first)), unheard: isCut(first) };
  return { is: 'unknown', why: `${tellRefusal(first)}; nobody can tell whether it ran` };
}

const unansweredAfter = ({ step, args }: Bench, why: string): Settled =>
  step.onlyTries(args) ? { ...failed(why), unreachable: true } : { is: 'unknown', why };

/** Both refusals, or one when they say the same. */
export function silence(first: Refusal, last: Refusal): string {
  const [before, since] = [tellRefusal(first), tellRefusal(last)];
  return before.includes(since) ? `${before}; and no answer since` : `${before}; and no answer since: ${since}`;
}

const failed = (why: string) => ({ is: 'failed', why, unreachable: false, after: null, unheard: false }) as const;

const isUnheard = (refusal: Refusal, checked: Checked): boolean => checked.is === 'todo' && isCut(refusal);

export const isCut = (refusal: Refusal): boolean => refusal.is === 'lost' || refusal.is === 'timed-out';

const seenOf = (checked: Checked): JsonObject | null => (checked.is === 'no-answer' ? null : checked.seen);
