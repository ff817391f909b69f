// Where a variable of a host gets its value: every place that says it, the strongest first. Places in a playbook are
// found in its files; what holds only for one task, or once a task has run, says so.
import { posix } from 'node:path';
import { known, type Layer, type Value } from '../../model/value.ts';
import { sourceOf } from '../../text/source.ts';
import { type Span, spanOf } from '../../text/span.ts';
import type { Notes } from '../expression/values.ts';
import type { Settings } from '../ssh/settings.ts';
import { CONNECTION_VARIABLES, KEYWORD_OF } from '../tables/connection-variables.ts';
import { valueOf } from '../expression/values.ts';
import { type MapNode, type Node, pairOf } from '../yaml/node.ts';
import { parseYaml } from '../yaml/yaml.ts';
import type { MergedHost } from './inventory-merge.ts';

export interface Origin {
  /** Whose word it is: `the group "web"`. */
  readonly whose: string;
  readonly at: Span;
  /** null: known when a task has run, or when a question is answered. */
  readonly value: Value | null;
  /** false: for one task, or from one task on. */
  readonly always: boolean;
}

/** The higher wins. Within the inventory the merge has said who does. */
const RANK = {
  hostname: 10,
  extra: 9,
  result: 8,
  task: 7,
  block: 6,
  prompt: 5,
  file: 4,
  play: 3,
  inventory: 2,
  defaults: 1,
  ssh: 0,
} as const;
type Kind = keyof typeof RANK;
type Ranked = Origin & { readonly kind: Kind };

export interface Asked {
  readonly name: string;
  readonly host: MergedHost;
  readonly extra: Layer;
  /** What an SSH configuration says of the host. */
  readonly settings: Settings;
  /** Of the playbook: path and text. */
  readonly files: readonly (readonly [path: string, text: string])[];
  /** Is a play that begins there one of the host's? */
  readonly isPlayOf: (at: Span) => boolean;
}

export function originsOf(asked: Asked): readonly Origin[] {
  const { name, host, extra } = asked;
  const found: Ranked[] = [];
  if (Object.hasOwn(extra, name)) {
    found.push({
      kind: 'extra',
      whose: 'the command line',
      at: spanOf('-e'),
      value: extra[name] ?? known(null),
      always: true,
    });
  }
  for (const [path, text] of asked.files) found.push(...inFile(asked, path, text));
  found.push(...inInventory(host, name));
  const isCalledSo = (names: readonly string[]): boolean => names.includes(name);
  const reached = Object.entries(CONNECTION_VARIABLES).find(([, { names }]) => isCalledSo(names));
  if (reached !== undefined) {
    const [key, { names }] = reached;
    for (const one of names) if (one !== name) found.push(...inInventory(host, one, `, as "${one}"`));
    found.push(...inSshConfig(asked, KEYWORD_OF[key]));
  }
  return found.toSorted((a, b) => RANK[b.kind] - RANK[a.kind]);
}

/** @param as said behind whose word it is */
function inInventory({ layers }: MergedHost, name: string, as = ''): readonly Ranked[] {
  return layers.toReversed().flatMap(({ whose, vars }): readonly Ranked[] => {
    const said = vars.get(name);
    return said === undefined ? [] : [{ kind: 'inventory', whose: `${whose}${as}`, ...said, always: true }];
  });
}

/** HostName is what any address is looked up by; of everything else the inventory's word counts first. */
function inSshConfig({ settings }: Asked, keyword: string | undefined): readonly Ranked[] {
  const [first, ...more] = (keyword === undefined ? undefined : settings.get(keyword)) ?? [];
  if (first === undefined) return [];
  // Of keys to log in with, all that are named count.
  const texts = [first, ...more].map(({ words }) => words.join(' '));
  const value = known(more.length === 0 ? (texts[0] ?? '') : texts);
  const kind = keyword === 'hostname' ? 'hostname' : 'ssh';
  return [{ kind, whose: 'the SSH configuration', at: first.at, value, always: true }];
}

interface Place {
  readonly asked: Asked;
  readonly value: (node: Node) => Value;
  readonly found: Ranked[];
}

function inFile(asked: Asked, path: string, text: string): readonly Ranked[] {
  const { source, node } = parseYaml(path, text);
  const notes: Notes = { found: [], uses: [] };
  const place: Place = {
    asked,
    value: one => valueOf(sourceOf(source.file, source.text), one, 'text', notes),
    found: [],
  };
  if (node?.is === 'map') {
    const defaults = posix.dirname(path).split('/').includes('defaults');
    const whose = defaults ? `the defaults in ${path}` : `the file ${path}`;
    fromMapping(place, node, { kind: defaults ? 'defaults' : 'file', whose, always: true });
  }
  for (const item of node?.is === 'list' ? node.items : []) {
    if (item.is !== 'map') continue;
    if (pairOf(item, 'hosts') === null) inTask(place, item);
    else inPlay(place, item);
  }
  return place.found;
}

type Holds = Pick<Ranked, 'kind' | 'whose' | 'always'>;

function fromMapping({ asked, value, found }: Place, node: Node | undefined, holds: Holds): void {
  const pair = node?.is === 'map' ? pairOf(node, asked.name) : null;
  if (pair !== null) found.push({ ...holds, at: pair.keySpan, value: value(pair.value) });
}

function inPlay(place: Place, map: MapNode): void {
  if (!place.asked.isPlayOf(map.pairs[0]?.keySpan ?? map.span)) return;
  const whose = `the play ${titled(map)}`;
  fromMapping(place, pairOf(map, 'vars')?.value, { kind: 'play', whose, always: true });
  for (const prompt of itemsOf(map, 'vars_prompt')) {
    const name = pairOf(prompt, 'name')?.value;
    if (name?.is !== 'scalar' || name.value !== place.asked.name) continue;
    place.found.push({
      kind: 'prompt',
      whose: `${whose}, asked at the start`,
      at: name.span,
      value: null,
      always: true,
    });
  }
  for (const key of ['pre_tasks', 'tasks', 'post_tasks', 'handlers']) {
    for (const task of itemsOf(map, key)) inTask(place, task);
  }
}

function inTask(place: Place, map: MapNode): void {
  const block = pairOf(map, 'block') !== null;
  const whose = block ? `the tasks of the block ${titled(map)}` : `the task ${titled(map)}`;
  fromMapping(place, pairOf(map, 'vars')?.value, { kind: block ? 'block' : 'task', whose, always: false });
  const after = { kind: 'result', whose: `everything after the task ${titled(map)}`, always: false } as const;
  for (const step of ['set_fact', 'ansible.builtin.set_fact']) fromMapping(place, pairOf(map, step)?.value, after);
  const register = pairOf(map, 'register')?.value;
  if (register?.is === 'scalar' && register.value === place.asked.name) {
    place.found.push({ ...after, at: register.span, value: null });
  }
  for (const key of ['block', 'rescue', 'always']) for (const inner of itemsOf(map, key)) inTask(place, inner);
}

function titled(map: MapNode): string {
  const name = pairOf(map, 'name')?.value;
  return name?.is === 'scalar' ? `"${name.written}"` : `in line ${map.span.line}`;
}

function itemsOf(map: MapNode, key: string): readonly MapNode[] {
  const node = pairOf(map, key)?.value;
  return node?.is === 'list' ? node.items.flatMap(item => (item.is === 'map' ? [item] : [])) : [];
}
