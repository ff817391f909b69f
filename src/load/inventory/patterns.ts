// Host patterns: names of hosts and groups, globs, ~regular expressions, slices; joined with `:` or `,`, narrowed with
// `&`, thinned with `!`. Hosts come in the order in which the pattern names them, a group's in the group's. A name that
// exists nowhere is told with the nearest one.
import { posix } from 'node:path';
import type { HostName } from '../../model/ids.ts';
import type { Inventory } from '../../model/inventory.ts';
import type { Files } from '../../model/ports.ts';
import { type Diagnostic, problem } from '../../text/diagnostic.ts';
import { didYouMean } from '../../text/nearest.ts';
import type { Span } from '../../text/span.ts';
import { bounded, SIMPLER } from '../../text/bounded.ts';
import { expressionOf, globOf, sliced, sliceOf, termsOf } from './pattern-words.ts';

export interface Selection {
  readonly hosts: readonly HostName[];
  readonly diagnostics: readonly Diagnostic[];
}

interface Fleet extends Pick<Inventory, 'groups'> {
  readonly hosts: readonly { readonly name: HostName }[];
}

/**
 * @param at where the pattern stands.
 * @param where a part of it stands; without it the whole of it is marked.
 */
export function selectHosts(
  inventory: Fleet,
  pattern: string,
  at: Span,
  where: (start: number, end: number) => Span = () => at,
): Selection {
  const terms = termsOf(pattern);
  if (terms.length === 0) {
    const nothing = problem('bad-pattern', at, 'the pattern names no host', 'write all for every host');
    return { hosts: [], diagnostics: [nothing] };
  }
  const names = new Map(inventory.hosts.map(host => [host.name, host.name]));
  const found: Diagnostic[] = [];
  const sets = terms.map(({ sign, text, start }) => {
    const place = (): Span => (text === '' ? at : where(start, start + text.length));
    return { sign, hosts: hostsOf({ inventory, names, at: place, found }, text) };
  });
  const plus = sets.filter(one => one.sign === '+');
  // As in Ansible: a pattern that only narrows or thins starts from all; hosts first, then &, then !.
  const chosen = new Set(plus.length === 0 ? [...names.values()] : plus.flatMap(one => one.hosts));
  for (const one of sets) {
    const named = new Set(one.hosts);
    if (one.sign === '&') for (const host of chosen) if (!named.has(host)) chosen.delete(host);
    if (one.sign === '!') for (const host of named) chosen.delete(host);
  }
  if (chosen.size === 0 && found.length === 0) {
    found.push(problem('empty-selection', at, `every name in "${pattern}" exists, but no host is left`));
  }
  return { hosts: [...chosen], diagnostics: found };
}

interface Asking {
  readonly inventory: Fleet;
  readonly names: ReadonlyMap<string, HostName>;
  /** Asked only where something is wrong. */
  readonly at: () => Span;
  readonly found: Diagnostic[];
}

function bad(asking: Asking, text: string, why: string): readonly HostName[] {
  asking.found.push(problem('bad-pattern', asking.at(), `"${text}": ${why}`));
  return [];
}

function hostsOf(asking: Asking, text: string): readonly HostName[] {
  if (text === '') return bad(asking, text, 'a name is missing behind & or !');
  const host = asking.names.get(text);
  if (host !== undefined) return [host];
  if (text.startsWith('~')) {
    const expression = expressionOf(text.slice(1));
    if (expression === null) return bad(asking, text, 'this is no regular expression');
    const found = bounded(asking.names.size, () => matching(asking, expression));
    if (found.is === 'too-slow') return bad(asking, text, `this takes too long on the names of the hosts: ${SIMPLER}`);
    return orUnknown(asking, text, [...found.value]);
  }
  const slice = sliceOf(text);
  if (slice !== null) {
    const whole = named(asking, slice.of);
    if (whole !== null && whole.known) return sliced(whole.hosts, slice);
    if (slice.certain) return orUnknown(asking, slice.of, []);
  }
  const found = named(asking, text);
  if (found === null) return bad(asking, text, 'a bracket is not closed');
  return found.known ? found.hosts : orUnknown(asking, text, []);
}

/** Hosts of a name or glob, each once; null when it can't be read. */
function named(asking: Asking, text: string): { readonly hosts: readonly HostName[]; readonly known: boolean } | null {
  const { groups } = asking.inventory;
  if (text === '*') return { hosts: [...asking.names.values()], known: true };
  if (!/[?*[]/.test(text)) {
    const group = Object.hasOwn(groups, text) ? (groups[text] ?? []) : null;
    const host = asking.names.get(text);
    const hosts = [...(group ?? []), ...(host === undefined ? [] : [host])];
    return { hosts: [...new Set(hosts)], known: group !== null || host !== undefined };
  }
  const glob = globOf(text);
  if (glob === null) return null;
  const found = matching(asking, glob);
  return { hosts: [...found], known: found.size > 0 || Object.keys(groups).some(name => glob.test(name)) };
}

/** Hosts of the groups that fit, then hosts that fit. */
function matching(asking: Asking, fits: RegExp): ReadonlySet<HostName> {
  const groups = Object.entries(asking.inventory.groups).filter(([name]) => fits.test(name));
  const hosts = new Set(groups.flatMap(([, members]) => members));
  for (const name of asking.names.values()) if (fits.test(name)) hosts.add(name);
  return hosts;
}

function orUnknown(asking: Asking, text: string, hosts: readonly HostName[]): readonly HostName[] {
  if (hosts.length > 0) return hosts;
  asking.found.push(unknown(asking, text));
  return [];
}

function unknown({ inventory, names, at }: Asking, text: string): Diagnostic {
  if (/^~|[?*[]/.test(text)) return problem('unknown-host', at(), `no host or group matches "${text}"`);
  const groups = Object.keys(inventory.groups);
  const near = didYouMean(text, [...groups, ...names.keys()]);
  const help = near.length > 0 ? near : [`the groups are: ${groups.join(', ')}`];
  return problem('unknown-host', at(), `no host or group is called "${text}"`, ...help);
}

/** A limit or a pattern of the command line: `@FILE` stands for the patterns in it, one a line, `#` for a comment. */
export async function withHostFiles(files: Files, pattern: string, at: Span): Promise<string | Diagnostic> {
  const parts: string[] = [];
  for (const part of pattern.split(',').map(one => one.trim())) {
    if (!part.startsWith('@')) {
      parts.push(part);
      continue;
    }
    const path = posix.normalize(part.slice(1));
    const found = await files.read(path);
    if (found.is === 'missing')
      return problem('file-missing', at, `the list of hosts ${path} can't be read: ${found.why}`);
    const lines = found.text.split('\n').map(line => line.replace(/(?:^|\s)#.*/, '').trim());
    parts.push(...lines.filter(line => line !== ''));
  }
  return parts.join(',');
}
