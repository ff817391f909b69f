// One play: its words, its variables, its tasks and handlers. Which hosts remain after a limit is decided here, too.
import { posix } from 'node:path';
import type { HostName } from '../model/ids.ts';
import type { Play, Section, Share } from '../model/program.ts';
import type { Layer, Value } from '../model/value.ts';
import { andAt, problem } from '../text/diagnostic.ts';
import { nearest } from '../text/nearest.ts';
import { guarded, readEntries, readHandlers } from './entries.ts';
import { evaluate } from './evaluate.ts';
import { handedDown, NOTHING_HANDED_DOWN } from './handed-down.ts';
import { ON_FAILURE, ORDERS, STRATEGIES } from './keys.ts';
import { type MapNode, type Node, pairOf } from './node.ts';
import { selectHosts } from './patterns.ts';
import {
  choiceAt,
  complain,
  countAt,
  type Here,
  listAt,
  notingLazily,
  numberAt,
  type PlayNotes,
  type Reading,
  readYaml,
  textAt,
  textsAt,
  truthAt,
  wrongType,
} from './reading.ts';
import { sourceOf } from '../text/source.ts';
import { layerOf, varsOf } from './variables.ts';
import { checkKeys } from './wrong-keys.ts';

export interface PlayPlace {
  readonly number: number;
  readonly path: readonly string[];
  /** The hosts that a limit leaves, or null without one. */
  readonly limit: readonly HostName[] | null;
  /** Conditions of the imports that brought it. */
  readonly when: readonly Value[];
}

export interface ReadPlay {
  readonly play: Play;
  readonly notes: PlayNotes;
}

export async function readPlay(reading: Reading, map: MapNode, place: PlayPlace): Promise<ReadPlay> {
  const path = place.path.at(-1) ?? '';
  checkKeys(reading, map, 'play');
  const notes: PlayNotes = { uses: [], given: new Map(), notified: [] };
  const hosts = hostsOf(reading, map, place.limit);
  const file = posix.basename(path).replace(/\.[^.]*$/, '');
  const base: Here = {
    source: sourceOf(path, reading.texts[path] ?? ''),
    folder: posix.dirname(path),
    path: place.path,
    play: notes,
    hosts,
    down: NOTHING_HANDED_DOWN,
    layers: [],
    local: [],
  };
  const vars = await playVars(reading, base, map);
  const named: Here = { ...base, layers: [vars], local: Object.keys(vars) };
  for (const use of notes.uses.splice(0)) notes.uses.push({ ...use, local: named.local });
  const here: Here = { ...named, down: handedDown(reading, named, map) };
  const id = (section: string) => (n: number) => `${file}/${place.number}.${section}${n}`;
  const entries = async (key: string, letter: Section['letter']): Promise<Section> => ({
    letter,
    entries: guarded(await readEntries(reading, here, listAt(reading, pairOf(map, key)), id(letter)), place.when),
  });
  const sections = [await entries('pre_tasks', 'p'), await entries('tasks', 't'), await entries('post_tasks', 'o')];
  const handlers = await readHandlers(reading, here, listAt(reading, pairOf(map, 'handlers')), id('h'));
  const names = new Set(handlers.flatMap(handler => [handler.name, ...handler.listen]));
  for (const { name, at } of notes.notified) if (!names.has(name)) complain(reading, noHandler(name, at, [...names]));
  const play: Play = {
    number: place.number,
    name: textAt(reading, map, 'name') ?? file,
    file,
    at: map.pairs[0]?.keySpan ?? map.span,
    hosts,
    serial: serialOf(reading, map),
    strategy: strategyOf(reading, map),
    maxFailures: maxFailuresOf(reading, map, hosts.length),
    maxOut: countAt(reading, map, 'max_out', 1),
    onFailure: choiceAt(reading, map, 'on_failure', ON_FAILURE) ?? 'rollback',
    anyErrorsFatal: truthAt(reading, map, 'any_errors_fatal') ?? false,
    gatherFacts: null,
    login: { user: null, port: null },
    prompts: [],
    vars,
    defaults: {},
    sections: sections.filter(section => section.letter === 't' || section.entries.length > 0),
    handlers: handlers.map(one => ({ ...one, when: [...place.when, ...one.when] })),
  };
  return { play, notes };
}

function noHandler(name: string, at: MapNode['span'], names: readonly string[]): ReturnType<typeof problem> {
  const near = nearest(name, names);
  const help =
    near !== null
      ? `did you mean "${near}"?`
      : names.length > 0
        ? `the handlers are: ${names.join(', ')}`
        : 'write it under "handlers:" of the play';
  return problem('unknown-handler', at, `no handler is called "${name}"`, help);
}

/** The play's own, then its files, the later winning. */
async function playVars(reading: Reading, here: Here, map: MapNode): Promise<Layer> {
  const own = notingLazily(reading, here, notes =>
    layerOf(varsOf(here.source, pairOf(map, 'vars')?.value ?? null, notes)),
  );
  let vars: Layer = own;
  for (const { text, at } of textsAt(reading, map, 'vars_files')) {
    const named = evaluate({ is: 'expression', language: 'text', source: text, at }, { layers: [reading.extra, own] });
    if (named.is !== 'value' || typeof named.json !== 'string') {
      const why = named.is === 'problem' ? named.message : 'it must be known before the run';
      complain(reading, problem('undefined-variable', at, `this file can't be named: ${why}`));
      continue;
    }
    const path = named.json.startsWith('/') ? named.json : posix.join(here.folder, named.json);
    const file = await readYaml(reading, path, at);
    if (file === null) continue;
    vars = { ...vars, ...notingLazily(reading, here, notes => layerOf(varsOf(file.source, file.node, notes))) };
  }
  return vars;
}

/** A share of the hosts of the play: as many failures as don't exceed it. */
function maxFailuresOf(reading: Reading, map: MapNode, hosts: number): number {
  const count = countAt(reading, map, 'max_failures', 0);
  const percent = numberAt(reading, map, 'max_fail_percentage', { from: 0, to: 100 });
  const [one, two] = [pairOf(map, 'max_failures'), pairOf(map, 'max_fail_percentage')];
  if (one !== null && two !== null) {
    const message = '"max_fail_percentage" and "max_failures" say the same thing';
    const both = problem('double-word', two.keySpan, message, 'keep one of them');
    complain(reading, andAt(both, one.keySpan, 'it is said here, too'));
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

function hostsOf(reading: Reading, map: MapNode, limit: readonly HostName[] | null): readonly HostName[] {
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
  const selected = selectHosts(reading.inventory, pattern, pair.value.span);
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

function orderOf(reading: Reading, map: MapNode): (typeof ORDERS)[number] {
  const node = pairOf(map, 'order')?.value;
  if (node?.is === 'scalar' && node.value === 'least_loaded') {
    complain(reading, problem('not-yet', node.span, '"order: least_loaded" is planned, not here yet'));
    return 'inventory';
  }
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
