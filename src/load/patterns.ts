// Host patterns: names of hosts and groups, globs, ~regular expressions, slices; joined with `:` or `,`, narrowed with
// `&`, thinned with `!`. The order of the inventory is kept; a name that exists nowhere is told with the nearest one.
import { type HostName } from '../model/ids.ts';
import type { Inventory } from '../model/inventory.ts';
import { type Diagnostic, problem } from '../text/diagnostic.ts';
import { didYouMean } from '../text/nearest.ts';
import type { Span } from '../text/span.ts';

export interface Selection {
  readonly hosts: readonly HostName[];
  readonly diagnostics: readonly Diagnostic[];
}

interface Term {
  readonly sign: '+' | '&' | '!';
  readonly text: string;
}

/** @param at where the pattern stands: the whole of it is marked. */
export function selectHosts(inventory: Inventory, pattern: string, at: Span): Selection {
  const found: Diagnostic[] = [];
  const terms = termsOf(pattern);
  if (terms.length === 0)
    return {
      hosts: [],
      diagnostics: [problem('bad-pattern', at, 'the pattern names no host', 'write all for every host')],
    };
  const sets = terms.map(term => ({ sign: term.sign, hosts: hostsOf(inventory, term.text, at, found) }));
  const plus = sets.filter(one => one.sign === '+');
  // As in Ansible: a pattern that only narrows or thins starts from all.
  const start = plus.length === 0 ? inventory.hosts.map(host => host.name) : plus.flatMap(one => one.hosts);
  const chosen = new Set(start);
  for (const one of sets) {
    const named = new Set(one.hosts);
    if (one.sign === '&') for (const host of chosen) if (!named.has(host)) chosen.delete(host);
    if (one.sign === '!') for (const host of named) chosen.delete(host);
  }
  const hosts = inventory.hosts.map(host => host.name).filter(name => chosen.has(name));
  if (hosts.length === 0 && found.length === 0) {
    found.push(problem('empty-selection', at, `every name in "${pattern}" exists, but no host is left`));
  }
  return { hosts, diagnostics: found };
}

/** Hosts first, then &, then !: as Ansible, whatever order they are written in. */
function termsOf(pattern: string): readonly Term[] {
  const texts = pattern.trim().startsWith('~') ? [pattern.trim()] : splitOutsideBrackets(pattern);
  return texts.map((text): Term => {
    if (text.startsWith('&')) return { sign: '&', text: text.slice(1) };
    return text.startsWith('!') ? { sign: '!', text: text.slice(1) } : { sign: '+', text };
  });
}

/** A colon inside brackets belongs to a slice or a range. */
function splitOutsideBrackets(pattern: string): readonly string[] {
  const parts: string[] = [];
  let depth = 0;
  let part = '';
  for (const character of pattern) {
    if (character === '[') depth += 1;
    if (character === ']') depth = Math.max(0, depth - 1);
    if (depth === 0 && /[:,\s]/.test(character)) {
      parts.push(part);
      part = '';
    } else part += character;
  }
  return [...parts, part].filter(text => text !== '');
}

function hostsOf(inventory: Inventory, text: string, at: Span, found: Diagnostic[]): readonly HostName[] {
  const bad = (why: string): readonly HostName[] => {
    found.push(problem('bad-pattern', at, `"${text}": ${why}`));
    return [];
  };
  if (text === '') return bad('a name is missing behind & or !');
  if (text.startsWith('~')) {
    const expression = expressionOf(text.slice(1));
    return expression === null
      ? bad('this is no regular expression')
      : matching(inventory, name => expression.test(name), text, { at, found });
  }
  const slice = /^(.+)\[(-?\d+)(?:([:-])(-?\d*))?\]$/.exec(text);
  // g[12] is a slice of the group g, or else one of the two hosts g1 and g2.
  if (
    slice !== null &&
    !/[*?]/.test(slice[1] ?? '') &&
    (slice[3] === ':' || Object.hasOwn(inventory.groups, slice[1] ?? ''))
  ) {
    return sliced(named(inventory, slice[1] ?? '', { at, found }), slice);
  }
  if (/[*?[]/.test(text)) {
    const glob = globOf(text);
    return glob === null
      ? bad('a bracket is not closed')
      : matching(inventory, name => glob.test(name), text, { at, found });
  }
  return named(inventory, text, { at, found });
}

interface Place {
  readonly at: Span;
  readonly found: Diagnostic[];
}

function named(inventory: Inventory, name: string, place: Place): readonly HostName[] {
  if (name === '*') return inventory.hosts.map(host => host.name);
  const group = Object.hasOwn(inventory.groups, name) ? inventory.groups[name] : undefined;
  if (group !== undefined) return group;
  const host = inventory.hosts.find(one => one.name === name);
  if (host !== undefined) return [host.name];
  const names = [...Object.keys(inventory.groups), ...inventory.hosts.map(one => one.name)];
  const near = didYouMean(name, names);
  const help = near.length > 0 ? near : [`the groups are: ${Object.keys(inventory.groups).join(', ')}`];
  place.found.push(problem('unknown-host', place.at, `no host or group is called "${name}"`, ...help));
  return [];
}

function matching(
  inventory: Inventory,
  fits: (name: string) => boolean,
  text: string,
  place: Place,
): readonly HostName[] {
  const groups = Object.entries(inventory.groups).flatMap(([name, hosts]) => (fits(name) ? hosts : []));
  const hosts = inventory.hosts.map(host => host.name).filter(fits);
  const all = [...new Set([...groups, ...hosts])];
  if (all.length === 0) place.found.push(problem('unknown-host', place.at, `no host or group matches "${text}"`));
  return all;
}

/** [0], [-1], [0:2], [1:]: both ends count, as in Ansible. */
function sliced(hosts: readonly HostName[], slice: RegExpExecArray): readonly HostName[] {
  const from = Number(slice[2]);
  const first = from < 0 ? hosts.length + from : from;
  if (slice[3] === undefined) return hosts.slice(first, first + 1);
  const to = slice[4] === undefined || slice[4] === '' ? hosts.length - 1 : Number(slice[4]);
  return hosts.slice(first, (to < 0 ? hosts.length + to : to) + 1);
}

function expressionOf(text: string): RegExp | null {
  try {
    return new RegExp(`^(?:${text})`);
  } catch {
    return null;
  }
}

/** * any text, ? one character, [abc] and [!abc] one of them. */
function globOf(text: string): RegExp | null {
  const source = text.replace(
    /\[(!?)([^\]]+)\]|[*?]|[^*?[]+|\[/g,
    (part, not: string | undefined, among: string | undefined) => {
      if (part === '*') return '.*';
      if (part === '?') return '.';
      if (among !== undefined) return `[${not === '!' ? '^' : ''}${among.replaceAll(/[\\^\]]/g, '\\$&')}]`;
      return part.replaceAll(/[.+^${}()|[\]\\]/g, '\\$&');
    },
  );
  try {
    return new RegExp(`^${source}$`);
  } catch {
    return null;
  }
}
