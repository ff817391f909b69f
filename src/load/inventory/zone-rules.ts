// What an inventory says of zones, under `zones:`: where each may be, with whom, who moves it. A key is a name or a
// pattern. Hosts that are named must exist; which zones exist, no file can say.
import { type HostName, hostName } from '../../model/ids.ts';
import type { SaidOfZones } from '../../model/inventory.ts';
import { type Diagnostic, problem } from '../../text/diagnostic.ts';
import { didYouMean } from '../../text/nearest.ts';
import { fits } from '../../text/wildcards.ts';
import { ZONE_RULES } from '../tables/zone-rules.ts';
import { kindOf, type MapNode, type Node, type Pair, pairOf } from '../yaml/node.ts';

const KEYS = Object.keys(ZONE_RULES);

/** Whom rules may name. */
export interface HostNames {
  readonly hosts: readonly string[];
  readonly groups: ReadonlyMap<string, readonly string[]>;
}

export function zoneRulesOf(nodes: readonly MapNode[], among: HostNames, found: Diagnostic[]): readonly SaidOfZones[] {
  return nodes.flatMap(node =>
    node.pairs.flatMap(pair => {
      const rule = ruleOf(pair, among, found);
      return rule === null ? [] : [rule];
    }),
  );
}

function ruleOf(pair: Pair, among: HostNames, found: Diagnostic[]): SaidOfZones | null {
  const node = pair.value;
  if (node.is !== 'map') {
    const said = `the rules of a zone are a mapping, this is ${kindOf(node)}`;
    found.push(problem('wrong-type', node.span, said, `there are: ${KEYS.join(', ')}`));
    return null;
  }
  for (const part of node.pairs) if (!KEYS.includes(part.key)) found.push(unknownRule(part));
  const words = new Words(node, among, found);
  const rule = {
    zone: pair.key,
    pin: words.host('pin'),
    allowed: words.hosts('allowed'),
    keepApart: words.zones('keep_apart'),
    keepTogether: words.zones('keep_together'),
    priority: words.number('priority'),
    mayStop: words.truth('may_stop'),
    managedBy: words.text('managed_by'),
    native: words.oneOf('native', ZONE_RULES.native.takes.words),
    stays: words.truth('stays'),
    returns: words.oneOf('returns', ZONE_RULES.returns.takes.words),
    contact: words.text('contact'),
  };
  found.push(...contradictions(rule, node));
  return rule;
}

function unknownRule(part: Pair): Diagnostic {
  const near = didYouMean(part.key, KEYS);
  const help = near.length > 0 ? near : [`there are: ${KEYS.join(', ')}`];
  return problem('unknown-key', part.keySpan, `a zone has no rule "${part.key}"`, ...help);
}

function contradictions({ zone, pin, allowed, keepApart, keepTogether }: SaidOfZones, node: MapNode) {
  const both = keepApart.filter(name => keepTogether.includes(name));
  return [
    ...(pin !== null && allowed !== null && !allowed.includes(pin)
      ? [problem('bad-inventory', node.span, `${zone} is pinned to ${pin}, which isn't among the hosts allowed for it`)]
      : []),
    ...both.map(name =>
      problem('bad-inventory', node.span, `${zone} can't be kept apart from ${name} and together with it`),
    ),
  ];
}

const TRUTHS: Readonly<Record<string, boolean>> = { yes: true, on: true, no: false, off: false };

/** The rules of one zone, read key by key; what is wrong is told, and counts as not said. */
class Words {
  readonly #node: MapNode;
  readonly #among: HostNames;
  readonly #found: Diagnostic[];

  constructor(node: MapNode, among: HostNames, found: Diagnostic[]) {
    this.#node = node;
    this.#among = among;
    this.#found = found;
  }

  host(key: string): HostName | null {
    const name = this.text(key);
    const node = this.#value(key);
    if (name === null || node === null) return null;
    const { hosts } = this.#among;
    if (hosts.includes(name)) return hostName(name);
    this.#found.push(problem('unknown-host', node.span, `no host is called "${name}"`, ...didYouMean(name, hosts)));
    return null;
  }

  hosts(key: string): readonly HostName[] | null {
    const node = this.#value(key);
    if (node === null) return null;
    return [...new Set(this.#names(node).flatMap(({ name, at }) => this.#hostsNamed(name, at)))].map(hostName);
  }

  #hostsNamed(name: string, at: Node): readonly string[] {
    const { hosts, groups } = this.#among;
    const group = groups.get(name);
    if (hosts.includes(name)) return [name];
    if (group !== undefined) return group;
    const fitting = hosts.filter(host => fits(name, host));
    const said = `no host or group is called "${name}"`;
    if (fitting.length === 0)
      this.#found.push(problem('unknown-host', at.span, said, ...didYouMean(name, [...hosts, ...groups.keys()])));
    return fitting;
  }

  zones(key: string): readonly string[] {
    const node = this.#value(key);
    return node === null ? [] : this.#names(node).map(({ name }) => name);
  }

  number(key: string): number | null {
    const node = this.#value(key);
    if (node === null) return null;
    if (node.is === 'scalar' && typeof node.value === 'number') return node.value;
    return this.#wrong(node, `"${key}" is a number`);
  }

  truth(key: string): boolean | null {
    const node = this.#value(key);
    if (node === null) return null;
    const value = node.is === 'scalar' ? node.value : null;
    const said = typeof value === 'string' ? (TRUTHS[value] ?? null) : value;
    return typeof said === 'boolean' ? said : this.#wrong(node, `"${key}" is yes or no`);
  }

  text(key: string): string | null {
    const node = this.#value(key);
    if (node === null) return null;
    if (node.is === 'scalar' && typeof node.value === 'string' && node.value !== '') return node.value;
    return this.#wrong(node, `"${key}" is a text`);
  }

  oneOf<T extends string>(key: string, words: readonly T[]): T | null {
    const node = this.#value(key);
    if (node === null) return null;
    const value = node.is === 'scalar' ? node.value : null;
    const word = words.find(one => one === value);
    if (word !== undefined) return word;
    const near = typeof value === 'string' ? didYouMean(value, words) : [];
    this.#found.push(problem('wrong-type', node.span, `"${key}" is one of ${words.join(', ')}`, ...near));
    return null;
  }

  #value(key: string): Node | null {
    return pairOf(this.#node, key)?.value ?? null;
  }

  #wrong(node: Node, wanted: string): null {
    this.#found.push(problem('wrong-type', node.span, `${wanted}, this is ${kindOf(node)}`));
    return null;
  }

  /** A name or a list of names. */
  #names(node: Node): readonly { readonly name: string; readonly at: Node }[] {
    const items = node.is === 'list' ? node.items : [node];
    return items.flatMap(item => {
      if (item.is === 'scalar' && typeof item.value === 'string') return [{ name: item.value, at: item }];
      this.#found.push(problem('wrong-type', item.span, `a name is needed here, this is ${kindOf(item)}`));
      return [];
    });
  }
}
