// What an inventory says of zones, under `zones:`: where each may be, and with whom. Hosts that are named must exist.
import { hostName, zoneName } from '../../model/ids.ts';
import type { ZoneRule } from '../../model/inventory.ts';
import { type Diagnostic, problem } from '../../text/diagnostic.ts';
import { didYouMean } from '../../text/nearest.ts';
import { kindOf, type MapNode, type Node, type Pair, pairOf } from '../yaml/node.ts';

/** What each rule means; all take a name or a list of names. */
export const ZONE_RULES = {
  pin: 'the host where the zone stays',
  allowed: 'the only hosts where it may be',
  keep_apart: 'zones that may not be on the same host',
} as const;
const KEYS = Object.keys(ZONE_RULES);
const PLANNED = ['keep_together', 'priority', 'may_stop'];

export function zoneRulesOf(
  nodes: readonly MapNode[],
  hosts: readonly string[],
  found: Diagnostic[],
): readonly ZoneRule[] {
  return nodes.flatMap(node => node.pairs.map(pair => ruleOf(pair, hosts, found)));
}

function ruleOf(pair: Pair, hosts: readonly string[], found: Diagnostic[]): ZoneRule {
  const zone = zoneName(pair.key);
  const none: ZoneRule = { zone, pin: null, allowed: null, keepApart: [] };
  const node = pair.value;
  if (node.is !== 'map') {
    const said = `the rules of a zone are a mapping, this is ${kindOf(node)}`;
    found.push(problem('wrong-type', node.span, said, `there are: ${KEYS.join(', ')}`));
    return none;
  }
  for (const part of node.pairs) {
    if (PLANNED.includes(part.key))
      found.push(problem('not-yet', part.keySpan, `"${part.key}" is planned, not here yet`));
    else if (!KEYS.includes(part.key)) {
      const near = didYouMean(part.key, KEYS);
      const help = near.length > 0 ? near : [`there are: ${KEYS.join(', ')}`];
      found.push(problem('unknown-key', part.keySpan, `a zone has no rule "${part.key}"`, ...help));
    }
  }
  const namesIn = (key: string, among: readonly string[] | null): readonly string[] | null => {
    const value = pairOf(node, key)?.value;
    return value === undefined ? null : names(value, among, found);
  };
  const pin = namesIn('pin', hosts)?.[0];
  return {
    zone,
    pin: pin === undefined ? null : hostName(pin),
    allowed: namesIn('allowed', hosts)?.map(hostName) ?? null,
    keepApart: (namesIn('keep_apart', null) ?? []).map(zoneName),
  };
}

/** A name or a list of names. */
function names(node: Node, among: readonly string[] | null, found: Diagnostic[]): readonly string[] {
  const items = node.is === 'list' ? node.items : [node];
  return items.flatMap(item => {
    if (item.is !== 'scalar' || typeof item.value !== 'string') {
      found.push(problem('wrong-type', item.span, `a name is needed here, this is ${kindOf(item)}`));
      return [];
    }
    if (among === null || among.includes(item.value)) return [item.value];
    found.push(
      problem('unknown-host', item.span, `no host is called "${item.value}"`, ...didYouMean(item.value, among)),
    );
    return [];
  });
}
