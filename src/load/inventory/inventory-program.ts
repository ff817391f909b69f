// What an executable inventory prints, into the tree: Ansible's dynamic JSON. `--list` gives the groups; variables of
// hosts stand under `_meta`, or the program is asked with `--host` for each. A program that fails, takes too long or
// prints something else is told, with what it said.
import type { Programs, Ran } from '../../model/ports.ts';
import { problem } from '../../text/diagnostic.ts';
import { isArray, isObject, type Json, type JsonObject, parseJson } from '../../text/json.ts';
import { never } from '../../text/never.ts';
import { type Span } from '../../text/span.ts';
import { valueOfJson } from '../expression/values.ts';
import { nameProblem, type Said } from '../expression/variables.ts';
import { isHostName, isTaken } from './host-entry.ts';
import { type Group, groupIn, hostIn, say, setGroupVar, type Tree } from './inventory-tree.ts';

const PROGRAM_LIMIT_MS = 30_000;
/** So many at once when a program must be asked for each host. */
const ASKED_AT_ONCE = 8;

export interface ProgramReading {
  readonly tree: Tree;
  readonly programs: Programs;
  /** What was printed, by call: the inventory is another one when that changes. */
  readonly texts: Record<string, string>;
}

export async function readProgramInventory(reading: ProgramReading, path: string): Promise<void> {
  const { tree } = reading;
  const at: Span = { file: `${path} --list`, start: 0, end: 0, line: 1, column: 1 };
  const listed = await answerOf(reading, { path, words: ['--list'], at });
  if (listed === null) return;
  const met: string[] = [];
  for (const [name, json] of Object.entries(listed)) if (name !== '_meta') readGroup(tree, { name, json, at, met });
  const meta = listed['_meta'];
  const told = isObject(meta) ? meta['hostvars'] : undefined;
  const hosts = [...new Set(met)];
  if (told === undefined) return askEach(reading, path, hosts);
  if (!isObject(told)) {
    bad(tree, at, '"_meta" holds "hostvars", a mapping of hosts to their variables');
    return;
  }
  for (const name of hosts) setHostVars(tree, name, told[name] ?? {}, at);
}

function bad(tree: Tree, at: Span, message: string, ...help: readonly string[]): null {
  say(tree, problem('bad-program', at, message, ...help));
  return null;
}

interface Question {
  readonly path: string;
  readonly words: readonly string[];
  readonly at: Span;
}

/** The mapping that the program prints, or null with a complaint. */
async function answerOf(
  { tree, programs, texts }: ProgramReading,
  { path, words, at }: Question,
): Promise<JsonObject | null> {
  const ran = await programs.run(path, words, PROGRAM_LIMIT_MS);
  const call = [path, ...words].join(' ');
  const wrong = failure(call, ran);
  if (wrong !== null) return bad(tree, at, wrong, ...saidBy(ran));
  const out = ran.is === 'exited' ? ran.out : '';
  texts[call] = out;
  if (words[0] === '--host' && out.trim() === '') return {};
  const json = parsed(out);
  if (json === null) {
    const start = out.trim().split('\n')[0]?.slice(0, 80) ?? '';
    const what = start === '' ? 'prints nothing' : `prints no JSON: ${start}`;
    return bad(tree, at, `${call} ${what}`, ...saidBy(ran));
  }
  return isObject(json.value) ? json.value : bad(tree, at, `${call} prints JSON that is no mapping`);
}

function parsed(text: string): { readonly value: Json } | null {
  try {
    return { value: parseJson(text) };
  } catch {
    return null;
  }
}

function failure(call: string, ran: Ran): string | null {
  switch (ran.is) {
    case 'exited':
      return ran.code === 0 ? null : `${call} ended with status ${ran.code}`;
    case 'signalled':
      return `${call} was ended by ${ran.signal}`;
    case 'not-started':
      return `${call} can't be started: ${ran.why}`;
    case 'timed-out':
      return `${call} took longer than ${PROGRAM_LIMIT_MS / 1000} s and was ended`;
    default:
      return never(ran);
  }
}

function saidBy(ran: Ran): readonly string[] {
  const last = ran.is === 'not-started' ? '' : ran.err.trim();
  return last === '' ? [] : [`it said: ${last.split('\n').slice(-5).join('\n')}`];
}

interface GroupSaid {
  readonly name: string;
  readonly json: Json;
  readonly at: Span;
  /** Every host that a group names, in order. */
  readonly met: string[];
}

/** A list is the hosts; a mapping holds hosts, vars and children. */
function readGroup(tree: Tree, { name, json, at, met }: GroupSaid): void {
  const group = groupIn(tree, name, at);
  const parts: JsonObject = isArray(json) ? { hosts: json } : isObject(json) ? json : { hosts: json };
  if (isObject(json) && !['hosts', 'vars', 'children'].some(key => Object.hasOwn(json, key))) {
    if (Object.keys(json).length > 0) bad(tree, at, `the group "${name}" holds none of hosts, vars and children`);
    return;
  }
  for (const host of textsIn(tree, parts['hosts'], { of: `the hosts of "${name}"`, at })) {
    if (!isHostName(host) || isTaken(host)) {
      bad(tree, at, `"${host}" can't be a host`);
      continue;
    }
    met.push(host);
    hostIn(tree, host, { at, port: null });
    group.hosts.add(host);
  }
  groupVars(tree, group, parts['vars'], at);
  for (const child of textsIn(tree, parts['children'], { of: `the children of "${name}"`, at })) {
    groupIn(tree, child, at);
    group.children.set(child, at);
  }
}

function groupVars(tree: Tree, group: Group, json: Json | undefined, at: Span): void {
  if (json === undefined) return;
  if (isObject(json)) for (const [name, said] of saidIn(tree, json, at)) setGroupVar(tree, group, name, said);
  else bad(tree, at, `the vars of "${group.name}" are a mapping`);
}

function textsIn(
  tree: Tree,
  json: Json | undefined,
  { of, at }: { readonly of: string; readonly at: Span },
): readonly string[] {
  if (json === undefined) return [];
  if (isArray(json) && json.every(one => typeof one === 'string')) return json;
  bad(tree, at, `${of} are a list of names`);
  return [];
}

function saidIn(tree: Tree, json: JsonObject, at: Span): readonly (readonly [string, Said])[] {
  return Object.entries(json).flatMap(([name, value]) => {
    const wrong = nameProblem(name, at);
    if (wrong !== null) say(tree, wrong);
    return wrong === null ? [[name, { value: valueOfJson(value, at, tree.notes), at }] as const] : [];
  });
}

function setHostVars(tree: Tree, name: string, json: Json, at: Span): void {
  const host = tree.hosts.get(name);
  if (host === undefined) return;
  if (isObject(json)) for (const [key, said] of saidIn(tree, json, at)) host.vars.set(key, said);
  else bad(tree, at, `the variables of the host "${name}" are a mapping`);
}

/** Without `_meta`: the old way, a call a host. The first failure is enough to know. */
async function askEach(reading: ProgramReading, path: string, hosts: readonly string[]): Promise<void> {
  for (let from = 0; from < hosts.length; from += ASKED_AT_ONCE) {
    const some = hosts.slice(from, from + ASKED_AT_ONCE);
    const answers = await Promise.all(
      some.map(async name => {
        const at: Span = { file: `${path} --host ${name}`, start: 0, end: 0, line: 1, column: 1 };
        return { name, at, json: await answerOf(reading, { path, words: ['--host', name], at }) };
      }),
    );
    for (const { name, at, json } of answers) if (json !== null) setHostVars(reading.tree, name, json, at);
    if (answers.some(one => one.json === null)) return;
  }
}
