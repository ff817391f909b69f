// Which hosts a play works on, and in which order. They are decided before the run, by the inventory, `-e` and --limit.
import type { HostName } from '../../model/ids.ts';
import { problem } from '../../text/diagnostic.ts';
import type { Source } from '../../text/source.ts';
import type { Span } from '../../text/span.ts';
import { evaluate } from '../expression/evaluate.ts';
import { selectHosts } from '../inventory/patterns.ts';
import { ORDERS } from '../tables/keys.ts';
import { type MapNode, type Node, pairOf, partOf } from '../yaml/node.ts';
import { choiceAt, complain, type Reading, wrongType } from './reading.ts';

export function hostsOf(
  reading: Reading,
  source: Source,
  map: MapNode,
  limit: readonly HostName[] | null,
): readonly HostName[] {
  const pair = pairOf(map, 'hosts');
  if (pair === null) {
    complain(
      reading,
      problem(
        'missing-key',
        map.pairs[0]?.keySpan ?? map.span,
        'a play says on which hosts it works',
        'write "hosts: all", or a group',
      ),
    );
    return [];
  }
  const order = orderOf(reading, map);
  const pattern = patternOf(reading, pair.value);
  if (pattern === null || reading.inventory === null) return [];
  const where = placesIn(source, pair.value, pattern);
  const selected = selectHosts(reading.inventory, pattern, pair.value.span, where);
  reading.found.push(...selected.diagnostics);
  const left = limit === null ? selected.hosts : selected.hosts.filter(host => limit.includes(host));
  switch (order) {
    case 'sorted':
      return [...left].sort();
    case 'reverse_sorted':
      return [...left].sort().reverse();
    case 'reverse_inventory':
      return [...left].reverse();
    default:
      return left;
  }
}

/** Where a part of the pattern stands, as far as it is written out there. */
function placesIn(source: Source, node: Node, pattern: string): (start: number, end: number) => Span {
  const items = node.is === 'list' ? node.items : [node];
  const texts = items.map(item => (item.is === 'scalar' ? item.written : ''));
  const isWritten = texts.join(',') === pattern;
  return (start, end) => {
    let from = 0;
    for (const [index, item] of items.entries()) {
      const text = texts[index] ?? '';
      const isInside = start >= from && end <= from + text.length;
      if (isWritten && isInside && item.is === 'scalar')
        return partOf(source, { ...item, value: text }, start - from, end - from);
      from += text.length + 1;
    }
    return node.span;
  };
}

function orderOf(reading: Reading, map: MapNode): (typeof ORDERS)[number] {
  const node = pairOf(map, 'order')?.value;
  if (node?.is === 'scalar' && node.value === 'shuffle') {
    complain(
      reading,
      problem(
        'not-ours',
        node.span,
        'Ansible has "shuffle", this language doesn\'t: a plan is the same each time',
        `write one of ${ORDERS.join(', ')}`,
      ),
    );
    return 'inventory';
  }
  return choiceAt(reading, map, 'order', ORDERS) ?? 'inventory';
}

/** A text or a list of texts, with values of `-e` put in. */
function patternOf(reading: Reading, node: Node): string | null {
  const items = node.is === 'list' ? node.items : [node];
  const parts = items.map(item => {
    if (item.is !== 'scalar' || item.value === null)
      return wrongType(reading, item, '"hosts" is a pattern or a list of patterns');
    const value = evaluate(
      { is: 'expression', language: 'text', source: item.written, at: item.span },
      { layers: [reading.extra] },
    );
    if (value.is === 'value' && typeof value.json === 'string') return value.json;
    const why = value.is === 'problem' ? value.message : 'it must be a text, known before the run';
    complain(reading, problem('undefined-variable', item.span, `the hosts of a play rest on -e alone: ${why}`));
    return null;
  });
  return parts.some(part => part === null) ? null : parts.join(',');
}
