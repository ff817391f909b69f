// What had begun when a run broke off, and nobody saw end: what is at work there is waited for, then the step looks. A
// host that is away for a while is taken up when it is back; what isn't known by then is said so, and not done again.
import { isSilence, type Refusal, tellRefusal } from '../model/refusal.ts';
import type { Checked } from '../model/step.ts';
import { never } from '../text/never.ts';
import { type Bench, isCut, LOOK_AT_LEAST_MS, nextLookAfter, silence } from './attempt.ts';
import { ABSENT_MS } from './detached/long-work.ts';

type Seen = Exclude<Checked, { readonly is: 'no-answer' }>;

export type TakenUp =
  /** By a look that came after the end of all that was at work there, as far as its host tells. */
  | { readonly is: 'seen'; readonly seen: Seen }
  | { readonly is: 'silent'; readonly why: string; readonly unreachable: boolean }
  /** The operator wants to stop now. */
  | { readonly is: 'interrupted' };

const UNHEARD = 'what it had begun there may be at work still, and that could not be looked at';

/**
 * Law: nothing is concluded from a look as long as the host hasn't told what is at work there: with that a step would be
 * begun beside its own command, or undone under it. A host that comes and goes has the step's own time for it all.
 */
export async function takenUp(bench: Bench): Promise<TakenUp> {
  const { doer, step, args, limitMs } = bench;
  let isOver = await leftIsOver(bench);
  const patience = new Patience(doer.now(), limitMs);
  for (;;) {
    if (doer.stopping()) return { is: 'interrupted' };
    const checked = await step.check(args, doer);
    if (isOver && checked.is !== 'no-answer') return { is: 'seen', seen: checked };
    const refusal = checked.is === 'no-answer' ? checked.refusal : null;
    // It was waited for already, as long as for any host that is away.
    const isAway = !isOver && refusal !== null && isSilence(refusal);
    if (patience.isOver(refusal, doer.now()) || isAway) return silentAfter(patience, refusal);
    await doer.sleep(nextLookAfter(doer.now() - patience.begun));
    if (refusal !== null && isCut(refusal)) await doer.reconnect();
    if (isOver) continue;
    isOver = await leftIsOver(bench);
    if (isOver) patience.atLeastFrom(doer.now());
  }
}

const leftIsOver = ({ step, longWork, limitMs }: Bench): Promise<boolean> =>
  step.takesLong ? longWork.takeUp(Math.max(limitMs, LOOK_AT_LEAST_MS)) : Promise.resolve(true);

function silentAfter({ first }: Patience, last: Refusal | null): TakenUp {
  if (last === null) return { is: 'silent', why: UNHEARD, unreachable: true };
  if (first === null || !isSilence(last)) return { is: 'silent', why: tellRefusal(last), unreachable: isSilence(last) };
  return { is: 'silent', why: silence(first, last), unreachable: true };
}

/** For looks without an answer, by what was said instead. */
class Patience {
  readonly begun: number;
  first: Refusal | null = null;
  #until: number;
  #last: { readonly is: Refusal['is'] | null; readonly since: number };

  constructor(now: number, limitMs: number) {
    this.begun = now;
    this.#until = now + limitMs + LOOK_AT_LEAST_MS;
    this.#last = { is: null, since: now };
  }

  isOver(refusal: Refusal | null, now: number): boolean {
    this.first ??= refusal;
    const is = refusal?.is ?? null;
    if (this.#last.is !== is) this.#last = { is, since: now };
    return now >= this.#until || (is !== null && now - this.#last.since >= mostOf(is));
  }

  /** After a long wait for something else there is always time for some looks. */
  atLeastFrom(now: number): void {
    this.#until = Math.max(this.#until, now + LOOK_AT_LEAST_MS);
  }
}

function mostOf(is: Refusal['is']): number {
  switch (is) {
    case 'refused':
      return LOOK_AT_LEAST_MS;
    case 'not-sent':
      return ABSENT_MS;
    case 'lost':
    case 'timed-out':
    case 'unreadable':
      return Number.POSITIVE_INFINITY;
    default:
      return never(is);
  }
}
