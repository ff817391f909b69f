// The variables of one host that say how it is reached, read: each by its key in the table, under any of its names, as
// the type that the place needs. What a value of another type is, is told and counts as not said.
import { posix } from 'node:path';
import { known, type Layer } from '../../model/value.ts';
import { type Diagnostic, problem } from '../../text/diagnostic.ts';
import { durationMs } from '../../text/duration.ts';
import type { Json } from '../../text/json.ts';
import { didYouMean } from '../../text/nearest.ts';
import type { Span } from '../../text/span.ts';
import { evaluate } from '../expression/evaluate.ts';
import type { SaidVars } from '../expression/variables.ts';
import { CONNECTION_VARIABLES } from '../tables/connection-variables.ts';

export type Key = keyof typeof CONNECTION_VARIABLES;

const LONGEST_CONNECT_MS = 3_600_000;

/** The variables of one host: those of its groups, which it shares with others, and its own. */
export interface HostVars {
  readonly group: SaidVars;
  readonly own: SaidVars;
  readonly all: Layer;
}

export interface Read {
  readonly vars: HostVars;
  /** What the variables speak of at all: most hosts say little of how they are reached. */
  readonly own: ReadonlySet<string>;
  readonly group: ReadonlySet<string>;
  readonly scope: { readonly layers: readonly Layer[] };
  readonly found: Diagnostic[];
}

const KEY_OF: ReadonlyMap<string, string> = new Map(
  Object.entries(CONNECTION_VARIABLES).flatMap(([key, { names }]) => names.map(name => [name, key] as const)),
);

const keysSaid = new WeakMap<SaidVars, ReadonlySet<string>>();

function keysIn(vars: SaidVars): ReadonlySet<string> {
  const known = keysSaid.get(vars) ?? new Set([...vars.keys()].flatMap(name => KEY_OF.get(name) ?? []));
  keysSaid.set(vars, known);
  return known;
}

export const readingOf = (name: string, vars: HostVars): Read => ({
  vars,
  own: keysIn(vars.own),
  group: keysIn(vars.group),
  scope: { layers: [{ host: known({ name }), inventory_hostname: known(name) }, vars.all] },
  found: [],
});

export interface Given {
  readonly name: string;
  readonly json: Json;
  readonly at: Span;
}

export function value(read: Read, key: Key): Given | null {
  if (!read.own.has(key) && !read.group.has(key)) return null;
  for (const name of CONNECTION_VARIABLES[key].names) {
    const said = read.vars.own.get(name) ?? read.vars.group.get(name);
    if (said === undefined) continue;
    const found = evaluate(said.value, read.scope);
    if (found.is === 'value') return found.json === null ? null : { name, json: found.json, at: said.at };
    const why = found.is === 'problem' ? found.message : 'it must be known before anything is connected';
    read.found.push(problem('bad-inventory', said.at, `"${name}" has no value: ${why}`));
    return null;
  }
  return null;
}

export function wrong(read: Read, given: Given, wanted: string, ...help: readonly string[]): null {
  read.found.push(
    problem('wrong-type', given.at, `"${given.name}" must be ${wanted}, not ${JSON.stringify(given.json)}`, ...help),
  );
  return null;
}

export function text(read: Read, key: Key): string | null {
  const given = value(read, key);
  if (given === null) return null;
  if (typeof given.json === 'number') return String(given.json);
  return typeof given.json === 'string' && given.json !== '' ? given.json : wrong(read, given, 'a text');
}

export function number(
  read: Read,
  key: Key,
  limits: { readonly from: number; readonly to: number; readonly whole: boolean },
): number | null {
  const given = value(read, key);
  if (given === null) return null;
  const json = typeof given.json === 'string' && given.json.trim() !== '' ? Number(given.json) : given.json;
  const fits =
    typeof json === 'number' && json >= limits.from && json <= limits.to && (!limits.whole || Number.isInteger(json));
  return fits
    ? json
    : wrong(read, given, `a ${limits.whole ? 'whole ' : ''}number from ${limits.from} to ${limits.to}`);
}

/** None at all would be a run that waits for ever for a host which takes the connection and says nothing. */
export function patience(read: Read): number | null {
  const given = value(read, 'connectTimeout');
  if (given === null) return null;
  const { json, name, at } = given;
  const ms = typeof json === 'string' || typeof json === 'number' ? durationMs(json) : null;
  if (ms === null) return wrong(read, given, 'a length of time, like 10 or 10s');
  if (ms > 0 && ms <= LONGEST_CONNECT_MS) return ms;
  read.found.push(problem('bad-inventory', at, `"${name}" must be above nothing and at most an hour`));
  return null;
}

export function path(read: Read, key: Key): string | null {
  const given = value(read, key);
  if (given === null) return null;
  if (typeof given.json !== 'string' || given.json === '') return wrong(read, given, 'a path');
  return /^[/~]/.test(given.json) ? given.json : posix.join(folderOf(given.at.file), given.json);
}

/** The folder that a relative path starts from: group_vars and host_vars belong to the folder that holds them. */
function folderOf(file: string): string {
  const folder = posix.dirname(file);
  const inside = /^(.*?)(?:^|\/)(?:group_vars|host_vars)(?:\/.*)?$/.exec(folder);
  return inside === null ? folder : inside[1] === '' ? (folder.startsWith('/') ? '/' : '.') : (inside[1] ?? '.');
}

export function choice<T extends string>(read: Read, key: Key, among: readonly T[]): T | null {
  const given = value(read, key);
  if (given === null) return null;
  // A bare `yes` is true to YAML.
  const json = given.json === true ? 'yes' : given.json;
  const found = among.find(one => one === json);
  return (
    found ??
    wrong(read, given, `one of ${among.join(', ')}`, ...(typeof json === 'string' ? didYouMean(json, among) : []))
  );
}

/** An INI inventory and `-e` know texts only: there `yes` is one, too. */
export function truthOf(json: Json): boolean | null {
  if (typeof json === 'boolean') return json;
  if (typeof json !== 'string') return null;
  if (/^(?:yes|true|on)$/i.test(json)) return true;
  return /^(?:no|false|off)$/i.test(json) ? false : null;
}
