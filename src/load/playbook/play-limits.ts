// How many hosts of a play go at once, how they keep together, how many may fail, and what becomes of those that do.
import type { Play, Share } from '../../model/program.ts';
import { andAt, problem } from '../../text/diagnostic.ts';
import { ON_FAILURE, STRATEGIES } from '../tables/keys.ts';
import { type MapNode, type Node, pairOf } from '../yaml/node.ts';
import { choiceAt, complain, countAt, numberAt, type Reading, truthAt, wrongType } from './reading.ts';

type Limits = Pick<Play, 'serial' | 'strategy' | 'maxFailures' | 'maxOut' | 'onFailure' | 'anyErrorsFatal'>;

/** @param hosts of the play, how many. */
export function limitsOf(reading: Reading, map: MapNode, hosts: number): Limits {
  return {
    serial: serialOf(reading, map),
    strategy: strategyOf(reading, map),
    maxFailures: maxFailuresOf(reading, map, hosts),
    maxOut: countAt(reading, map, 'max_out', 1),
    onFailure: choiceAt(reading, map, 'on_failure', ON_FAILURE) ?? 'rollback',
    anyErrorsFatal: truthAt(reading, map, 'any_errors_fatal') ?? false,
  };
}

/** A share of the hosts of the play: as many failures as don't exceed it. */
function maxFailuresOf(reading: Reading, map: MapNode, hosts: number): number {
  const fatal = pairOf(map, 'any_errors_fatal');
  const count = countAt(reading, map, 'max_failures', 0);
  const percent = numberAt(reading, map, 'max_fail_percentage', { from: 0, to: 100 });
  const [one, two] = [pairOf(map, 'max_failures'), pairOf(map, 'max_fail_percentage')];
  if (one !== null && two !== null) {
    const message = '"max_fail_percentage" and "max_failures" say the same thing';
    const both = problem('double-word', two.keySpan, message, 'keep one of them');
    complain(reading, andAt(both, one.keySpan, 'it is said here, too'));
  }
  const more = one ?? two;
  if (fatal !== null && more !== null && truthAt(reading, map, 'any_errors_fatal') === true) {
    const message = '"any_errors_fatal" lets no host fail';
    complain(
      reading,
      andAt(problem('double-word', more.keySpan, message, 'keep one of them'), fatal.keySpan, 'it is said here'),
    );
  }
  return count ?? Math.floor((hosts * (percent ?? 0)) / 100);
}

function strategyOf(reading: Reading, map: MapNode): Play['strategy'] {
  const node = pairOf(map, 'strategy')?.value;
  const word = node?.is === 'scalar' ? String(node.value).replace(/^ansible\.builtin\./, '') : null;
  const near = STRATEGIES.find(one => one === word);
  if (node === undefined || near !== undefined) return near ?? 'linear';
  if (word !== 'host_pinned' && word !== 'debug') return choiceAt(reading, map, 'strategy', STRATEGIES) ?? 'linear';
  const message = `Ansible has "strategy: ${word}", this language doesn't`;
  const help = word === 'debug' ? 'run with --check, and read the plan' : 'write "strategy: free"';
  complain(reading, problem('not-ours', node.span, message, help));
  return 'linear';
}

function serialOf(reading: Reading, map: MapNode): readonly Share[] {
  const node = pairOf(map, 'serial')?.value;
  if (node === undefined) return [];
  const items = node.is === 'list' ? node.items : [node];
  return items.flatMap(item => {
    const share = shareOf(item);
    if (share !== null) return [share];
    const zero = item.is === 'scalar' && item.value === 0;
    wrongType(
      reading,
      item,
      '"serial" is a number of hosts or a share like "25%"',
      ...(zero ? ['leave "serial" out for all hosts at once'] : []),
    );
    return [];
  });
}

function shareOf(node: Node): Share | null {
  if (node.is !== 'scalar') return null;
  const percent = typeof node.value === 'string' ? /^(\d+(?:\.\d+)?)%$/.exec(node.value.trim())?.[1] : undefined;
  if (percent !== undefined)
    return Number(percent) > 0 && Number(percent) <= 100 ? { is: 'percent', percent: Number(percent) } : null;
  const count = typeof node.value === 'string' && /^\d+$/.test(node.value) ? Number(node.value) : node.value;
  return typeof count === 'number' && Number.isInteger(count) && count >= 1 ? { is: 'hosts', count } : null;
}
