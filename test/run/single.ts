// Tasks on one toy host, in a run whose sleeps take no time: behind a wire, with steps made to answer otherwise.
import type { Ended } from '../../src/model/command.ts';
import type { Law } from '../../src/model/event.ts';
import type { Clock } from '../../src/model/ports.ts';
import type { Entry } from '../../src/model/program.ts';
import type { Step } from '../../src/model/step.ts';
import { resumeRun, runPlan } from '../../src/run/run.ts';
import { MemoryJournal, portsOf, type Setting, tell, type Told } from './harness.ts';
import { play, planOf, type PlayOptions, task } from './program.ts';
import { catalogueOf, toySteps } from './toy.ts';
import { Wire } from './wire.ts';

export const no: Ended = { is: 'exited', code: 1, out: 'no', err: '' };
export const lost: Ended = { is: 'lost', out: '', err: '' };
export const unsent: Ended = { is: 'not-sent', why: 'no route' };

export const LOOK = 'a: /toy/get k';
export const SET = 'a: /toy/set k 1';
export const set = (options: Parameters<typeof task>[2] = {}) => task('toy.set', { key: 'k', value: '1' }, options);
export const log = (options: Parameters<typeof task>[2] = {}, text = 'x') => task('toy.log', { text }, options);

/** Sleeps take no time here, and are counted in host time. */
class Sleeper implements Clock {
  readonly slept: number[] = [];
  #ms = 0;
  readonly now = (): number => this.#ms;
  readonly monotonicMs = (): number => this.#ms;
  readonly sleep = (ms: number): Promise<void> => {
    this.slept.push(ms);
    this.#ms += ms;
    return Promise.resolve();
  };
}

interface Options extends PlayOptions {
  readonly wire?: Wire;
  readonly check?: boolean;
  /** What is different about a step. */
  readonly steps?: Readonly<Record<string, Partial<Step>>>;
  readonly more?: Partial<Setting>;
}

export async function run(
  tasks: readonly Entry[],
  options: Options = {},
): Promise<Told & { readonly slept: number[] }> {
  const { wire = new Wire(), check = false, steps = {}, more = {}, ...rest } = options;
  const clock = new Sleeper();
  const catalogue = catalogueOf(toySteps.map(step => ({ ...step, ...steps[step.name] })));
  const plan = planOf([play(['a'], tasks, { onFailure: 'continue', ...rest })], { check });
  const ports = portsOf({ plan, catalogue, hosts: wire.hosts, clock, ...more });
  const resumed = more.journal !== undefined && more.journal.events.length > 0;
  return { ...tell(await (resumed ? resumeRun(ports) : runPlan(ports)), ports.journal), slept: clock.slept };
}

/** The same run, resumed before other hosts from what its journal held up to the first event that fits, and what came since. */
export async function cut(
  tasks: readonly Entry[],
  at: (event: Law) => boolean,
  options: Options,
  since: readonly Law[] = [],
): Promise<ReturnType<typeof run>> {
  const whole = await run(tasks, { ...options, wire: new Wire() });
  const until = whole.journal.events.findIndex(event => at(event as Law));
  const journal = new MemoryJournal(whole.journal.events.slice(0, until + 1));
  for (const event of since) await journal.append(event);
  return run(tasks, { ...options, more: { journal } });
}

export type End = Extract<Law, { readonly type: 'action-ended' }>;
export function end(told: Told, n = 0): End {
  const found = told.journal.laws('action-ended')[n];
  if (found === undefined) throw new Error(`no end ${n}`);
  return found;
}
export const isStart = (event: Law): boolean => event.type === 'action-started';
