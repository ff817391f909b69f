// Facts read anew, of one host or of several, and waiting until something is so. All times are host time.
import type { Facts } from '../model/facts.ts';
import type { HostName } from '../model/ids.ts';
import type { Answer } from '../model/refusal.ts';
import type { Looker } from '../model/step.ts';
import { hostFacts } from '../solaris/host-facts.ts';
import { from } from './doubt.ts';

export async function factsOf(looker: Looker): Promise<Answer<Facts>> {
  const at = new Date(looker.now()).toISOString();
  return from(looker.host, await looker.ask(hostFacts({ host: looker.host, at })), 'all facts');
}

/** Of other hosts; the first that doesn't answer stands for all. */
export async function factsElsewhere(
  looker: Looker,
  hosts: readonly HostName[],
): Promise<Answer<ReadonlyMap<HostName, Facts>>> {
  const distinct = [...new Set(hosts)];
  const answers = await Promise.all(distinct.map(async host => ({ host, answer: await factsOf(looker.peer(host)) })));
  const facts = new Map<HostName, Facts>();
  for (const { host, answer } of answers) {
    if (answer.is === 'no') return answer;
    facts.set(host, answer.value);
  }
  return { is: 'ok', value: facts };
}

export interface Waiting {
  readonly everyMs: number;
  readonly withinMs: number;
}

/** Asks again and again until the answer satisfies, the time is over, or the operator wants it to stop: the last answer. */
export async function waitFor<T>(
  looker: Looker,
  { everyMs, withinMs }: Waiting,
  ask: () => Promise<T>,
  satisfied: (answer: T) => boolean,
): Promise<T> {
  const end = looker.now() + withinMs;
  for (;;) {
    const answer = await ask();
    if (satisfied(answer) || looker.now() + everyMs > end || looker.stopping()) return answer;
    await looker.sleep(everyMs);
  }
}
