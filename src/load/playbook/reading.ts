// What every part of the playbook reader needs at hand: where complaints go, and what holds at the place that is
// being read. `Reading` grows; `Here` is handed down and never changed.
import type { HostName } from '../../model/ids.ts';
import type { Inventory } from '../../model/inventory.ts';
import type { Files } from '../../model/ports.ts';
import type { Catalogue } from '../../model/step.ts';
import type { Layer } from '../../model/value.ts';
import type { Diagnostic } from '../../text/diagnostic.ts';
import { problem } from '../../text/diagnostic.ts';
import { durationMs } from '../../text/duration.ts';
import type { Source } from '../../text/source.ts';
import type { Span } from '../../text/span.ts';
import { either, type Shape } from '../expression/shape.ts';
import type { Notes, Use } from '../expression/values.ts';
import { kindOf, type MapNode, type Node, type Pair, pairOf, type ScalarNode } from '../yaml/node.ts';
import { parseYaml } from '../yaml/yaml.ts';
import type { HandedDown } from './handed-down.ts';
import type { Role } from './roles.ts';

/** A use of a name, and the names that only this place gives it. */
export interface PlacedUse extends Use {
  readonly local: readonly string[];
  /** How many names of `given` were there before this place. */
  readonly after: number;
}

export interface Given {
  readonly shape: Shape;
  readonly at: Span;
}

export interface UsedRole {
  readonly role: Role;
  /** Where its handlers stand. */
  readonly here: Here;
  /** Its variables and defaults hold for the whole play. */
  readonly isPublic: boolean;
}

/** What one play uses and gives, checked when all of it is read. */
export interface PlayNotes {
  readonly uses: PlacedUse[];
  /** Registered results and set facts, in the order of their first tasks. */
  readonly given: Map<string, Given>;
  readonly notified: { readonly name: string; readonly at: Span }[];
  /** Handlers that are wrong themselves: whoever notifies them makes no second mistake. */
  readonly wrongHandlers: string[];
  /** Files that couldn't be read, or named: whoever uses what they would give makes no second mistake. */
  readonly lost: string[];
  /** Each role that any task or play uses, once. */
  readonly roles: UsedRole[];
  /** Roles with the words that were said of them. */
  readonly rolesDone: Set<string>;
}

export interface Reading {
  readonly files: Files;
  readonly catalogue: Catalogue;
  readonly inventory: Inventory | null;
  readonly extra: Layer;
  readonly found: Diagnostic[];
  readonly texts: Record<string, string>;
}

export interface Here {
  readonly source: Source;
  /** Of the playbook: what tasks name lies there. */
  readonly folder: string;
  /** The files being read, outermost first. */
  readonly path: readonly string[];
  readonly play: PlayNotes;
  /** What is above says for everything inside. */
  readonly down: HandedDown;
  /** The folder of the role that is being read, or null. */
  readonly role: string | null;
  /** Those around it and itself, outermost first. */
  readonly roles: readonly string[];
  /** Of the play. */
  readonly hosts: readonly HostName[];
  /** Variables of the place itself, of the blocks around it, of the play. */
  readonly layers: readonly Layer[];
  /** Of the roles around, innermost first: below what the hosts say. */
  readonly defaults: readonly Layer[];
  /** Names that this place gives: variables of play, blocks and task, those of a loop. */
  readonly local: readonly string[];
}

export function complain(reading: Reading, diagnostic: Diagnostic): void {
  reading.found.push(diagnostic);
}

/** Runs `read` with notes of its own and files what it noted: complaints, and uses with the names of this place. */
export function noting<T>(reading: Reading, here: Here, read: (notes: Notes) => T): T {
  return filed(reading, here, here.play.given.size, read);
}

/** The same for variables: they are computed when something asks, so they may use what comes later in the play. */
export function notingLazily<T>(reading: Reading, here: Here, read: (notes: Notes) => T): T {
  return filed(reading, here, Number.POSITIVE_INFINITY, read);
}

function filed<T>(reading: Reading, here: Here, after: number, read: (notes: Notes) => T): T {
  const notes: Notes = { found: reading.found, uses: [] };
  const result = read(notes);
  here.play.uses.push(...notes.uses.map(use => ({ ...use, local: here.local, after })));
  return result;
}

/** A name that tasks from here on may use. */
export function give(play: PlayNotes, name: string, given: Given): void {
  const before = play.given.get(name);
  play.given.set(name, before === undefined ? given : { at: before.at, shape: either(before.shape, given.shape) });
}

const NAMES_TOLD = 12;

/** Of a folder where a file should be: what may have been meant. */
async function inside({ files }: Reading, path: string): Promise<readonly string[]> {
  const names = (await files.list(path)).filter(name => /\.ya?ml$/.test(name));
  return names.length === 0 ? [] : [`name one of its files: ${names.slice(0, NAMES_TOLD).join(', ')}`];
}

/** A YAML file, or null with a complaint. Each is read once, however often it is named. */
export async function readYaml(
  reading: Reading,
  path: string,
  at: Span,
): Promise<{ source: Source; node: Node | null; whole: boolean } | null> {
  const known = reading.texts[path];
  const found = known === undefined ? await reading.files.read(path) : ({ is: 'text', text: known } as const);
  if (found.is === 'missing') {
    complain(
      reading,
      problem('file-missing', at, `the file ${path} can't be read: ${found.why}`, ...(await inside(reading, path))),
    );
    return null;
  }
  reading.texts[path] = found.text;
  const parsed = parseYaml(path, found.text);
  // A file that is read a second time has told what is wrong with it.
  if (known === undefined) reading.found.push(...parsed.diagnostics);
  return { source: parsed.source, node: parsed.node, whole: parsed.diagnostics.every(one => one.severity !== 'error') };
}

/** One that gives names to a play: what it would have given is missed by nobody. */
export async function readGiving(
  reading: Reading,
  play: PlayNotes,
  path: string,
  at: Span,
): Promise<{ source: Source; node: Node | null } | null> {
  const file = await readYaml(reading, path, at);
  if (file === null || !file.whole) play.lost.push(path);
  return file;
}

// ---- values of keys that have one type

export function textAt(reading: Reading, map: MapNode, key: string): string | null {
  const value = pairOf(map, key)?.value;
  if (value === undefined) return null;
  if (value.is === 'scalar' && typeof value.value === 'string') return value.value;
  // A name like 2026 or yes is meant as it is written.
  if (value.is === 'scalar' && value.value !== null) return value.written;
  return wrongType(reading, value, `"${key}" is a text`);
}

export function truthAt(reading: Reading, map: MapNode, key: string): boolean | null {
  const value = pairOf(map, key)?.value;
  if (value === undefined) return null;
  if (value.is === 'scalar' && typeof value.value === 'boolean') return value.value;
  return wrongType(reading, value, `"${key}" is yes or no`);
}

export function countAt(reading: Reading, map: MapNode, key: string, least: number): number | null {
  const value = pairOf(map, key)?.value;
  if (value === undefined) return null;
  const fits =
    value.is === 'scalar' && typeof value.value === 'number' && Number.isInteger(value.value) && value.value >= least;
  return fits && typeof value.value === 'number'
    ? value.value
    : wrongType(reading, value, `"${key}" is a whole number, ${least} or more`);
}

/** @param limits both included; `to` null: no upper one. */
export function numberAt(
  reading: Reading,
  map: MapNode,
  key: string,
  { from, to }: { readonly from: number; readonly to: number | null },
): number | null {
  const node = pairOf(map, key)?.value;
  if (node === undefined) return null;
  const fits =
    node.is === 'scalar' && typeof node.value === 'number' && node.value >= from && node.value <= (to ?? Infinity);
  if (fits && typeof node.value === 'number') return node.value;
  return wrongType(
    reading,
    node,
    `"${key}" is a number ${to === null ? `of ${from} or more` : `from ${from} to ${to}`}`,
  );
}

export function durationAt(reading: Reading, map: MapNode, key: string): number | null {
  const node = pairOf(map, key)?.value;
  if (node === undefined) return null;
  const ms =
    node.is === 'scalar' && (typeof node.value === 'number' || typeof node.value === 'string')
      ? durationMs(node.value)
      : null;
  if (ms !== null) return ms;
  const message = `"${key}" is a length of time, this is ${kindOf(node)}`;
  complain(reading, problem('wrong-type', node.span, message, 'write seconds, or 90s, 45m, 1h30m'));
  return null;
}

export function choiceAt<T extends string>(reading: Reading, map: MapNode, key: string, among: readonly T[]): T | null {
  const value = pairOf(map, key)?.value;
  if (value === undefined) return null;
  const found = value.is === 'scalar' ? among.find(one => one === value.value) : undefined;
  return found ?? wrongType(reading, value, `"${key}" is one of ${among.join(', ')}`);
}

/** A text or a list of texts; `a,b` counts as two where `commas` says so. */
export function textsAt(
  reading: Reading,
  map: MapNode,
  key: string,
  commas = false,
): readonly { readonly text: string; readonly at: Span; readonly node: ScalarNode }[] {
  const value = pairOf(map, key)?.value;
  if (value === undefined || (value.is === 'scalar' && value.value === null)) return [];
  const items = value.is === 'list' ? value.items : [value];
  return items.flatMap(item => {
    if (item.is !== 'scalar' || item.value === null) {
      wrongType(reading, item, `"${key}" is a text or a list of texts`);
      return [];
    }
    const text = typeof item.value === 'string' ? item.value : item.written;
    const parts = commas ? text.split(',').map(part => part.trim()) : [text];
    return parts.filter(part => part !== '').map(part => ({ text: part, at: item.span, node: item }));
  });
}

export function listAt(reading: Reading, pair: Pair | null): readonly Node[] {
  if (pair === null || (pair.value.is === 'scalar' && pair.value.value === null)) return [];
  if (pair.value.is === 'list') return pair.value.items;
  wrongType(reading, pair.value, `"${pair.key}" is a list, each item behind a "-"`);
  return [];
}

export function wrongType(reading: Reading, node: Node, wanted: string, ...help: readonly string[]): null {
  complain(reading, problem('wrong-type', node.span, `${wanted}, ${notThis(node)}`, ...help));
  return null;
}

/** `not "soon"`, or what kind of thing it is where it doesn't fit into a line. */
function notThis(node: Node): string {
  const short = node.is === 'scalar' && node.value !== null && /^[^\n]{1,30}$/.test(node.written);
  if (!short) return `this is ${kindOf(node)}`;
  return node.is === 'scalar' && typeof node.value === 'string' ? `not "${node.written}"` : `not ${node.written}`;
}
