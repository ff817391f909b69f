// `waves: auto`: which of the hosts that are left go out together next. As many as fit, in the order of the play or, with
// `return: stay`, into hosts that are done; here is only which ways are tried one after the other.
import type { HostName } from '../../model/ids.ts';
import type { Chosen } from '../../model/plan.ts';
import { loadOf } from './load.ts';
import { type Attempt, type AutoQuestion, hostsIn, WaveSearch } from './wave-search.ts';

export function nextAutoWave(question: AutoQuestion): Chosen {
  const search = new WaveSearch(question);
  for (const attempt of attemptsOf(question, search.able)) {
    const chosen = search.filled(attempt);
    if (chosen !== null) return chosen;
  }
  return search.nobody();
}

/**
 * `stay`: only into hosts that are done, the ones beside the play next; where neither have room, the host with least to
 * move goes first and alone: what it sends to hosts still to come moves twice.
 */
function attemptsOf(question: AutoQuestion, able: readonly HostName[]): readonly Attempt[] {
  const most = question.most ?? able.length;
  const anywhere = { order: able, into: null, most, anyhow: false };
  const ways =
    question.returns === 'home'
      ? [anywhere]
      : [
          { ...anywhere, into: question.settled },
          { ...anywhere, into: besidePlay(question) },
          { ...anywhere, order: lightestFirst(question.facts, able), most: question.most ?? 1, anyhow: true },
        ];
  const safe = question.lost.length > 0;
  return ways.flatMap((way, n) => [
    { ...way, safe: true, last: false },
    { ...way, most: 1, safe, last: n === ways.length - 1 },
  ]);
}

/** Hosts that the play doesn't close, or not any more; without those that it couldn't do. */
function besidePlay({ left, facts, settled, forGood }: AutoQuestion): ReadonlySet<HostName> {
  const toCome = new Set(left.filter(host => !settled.has(host)));
  return new Set(hostsIn(facts).filter(host => !toCome.has(host) && !forGood?.turned.has(host)));
}

export function lightestFirst(facts: AutoQuestion['facts'], hosts: readonly HostName[]): readonly HostName[] {
  const load = new Map(hosts.map(host => [host, loadOf(facts[host])]));
  return [...hosts].sort((a, b) => (load.get(a) ?? 0) - (load.get(b) ?? 0));
}
