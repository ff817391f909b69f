// How often an action is tried and how long between: `retries`, `delay` and backoff, as numbers.
import { valueOf } from '../model/birth.ts';
import type { Evaluate, Value } from '../model/value.ts';
import type { ApplyMove } from './next.ts';

export interface Patience {
  /** The first one included. */
  readonly tries: number;
  readonly delayMs: number;
  readonly backoff: number;
}

export function patienceOf({ task, scope }: ApplyMove, evaluate: Evaluate): Patience {
  const { attempts } = task;
  if (attempts === null) return { tries: 1, delayMs: 0, backoff: 1 };
  const number = (value: Value): number => {
    const found = valueOf(value, scope, evaluate);
    return found.is === 'got' && Number(found.value) > 0 ? Number(found.value) : 0;
  };
  return {
    tries: 1 + Math.floor(number(attempts.retries)),
    delayMs: number(attempts.delayMs),
    backoff: attempts.backoff,
  };
}

/** After the n-th try. */
export const pauseMs = ({ delayMs, backoff }: Patience, n: number): number => delayMs * backoff ** (n - 1);
