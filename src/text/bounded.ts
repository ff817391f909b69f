// Work that may never end: a regular expression of somebody else's can go back and forth over a short text for hours,
// and as long as it does nothing else happens here, no sign of life to a host either. The engine itself breaks it off;
// what is computed in time is the same as without a limit. No timer, no thread of ours.
import { type Context, createContext, Script } from 'node:vm';

export type Bounded<T> = { readonly is: 'done'; readonly value: T } | { readonly is: 'too-slow' };

/** What to do about it, for messages. */
export const SIMPLER = 'nothing repeated should be repeated as a whole, as in (a+)+';

/** Half of how long the event loop may stand still: work is tried twice, since a busy machine may have stolen the time. */
const LIMIT_MS = 45;
const TRIES = 2;
/** Long texts take their time honestly: a plain search reads more than this in a millisecond. */
const CHARACTERS_A_MS = 50_000;

const ground = new Map<'ground', { readonly context: Context; readonly script: Script }>();

function grounded() {
  const there = ground.get('ground') ?? { context: createContext({}), script: new Script('work()') };
  ground.set('ground', there);
  return there;
}

/** @param characters how much text is looked through. @param work changes nothing: it may be done twice, or by half. */
export function bounded<T>(characters: number, work: () => T): Bounded<T> {
  const { context, script } = grounded();
  const timeout = LIMIT_MS + Math.ceil(characters / CHARACTERS_A_MS);
  for (let n = 1; n <= TRIES; n += 1) {
    const values: T[] = [];
    context['work'] = () => values.push(work());
    try {
      script.runInContext(context, { timeout });
    } catch (error) {
      if (isTimeout(error)) continue;
      throw error;
    }
    for (const value of values) return { is: 'done', value };
  }
  return { is: 'too-slow' };
}

/** The engine's own error, of another realm: no `instanceof` knows it. */
const isTimeout = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT';
