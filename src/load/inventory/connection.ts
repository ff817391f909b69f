// How to reach a host, out of its variables: Ansible's names and ours for the same. Paths are relative to the folder
// of the file that named them; a leading ~ is left for whoever knows a home.
import { posix } from 'node:path';
import type { Connection } from '../../model/inventory.ts';
import type { Become } from '../../model/program.ts';
import { known, type Layer } from '../../model/value.ts';
import { type Diagnostic, problem } from '../../text/diagnostic.ts';
import { durationMs } from '../../text/duration.ts';
import type { Json } from '../../text/json.ts';
import { didYouMean } from '../../text/nearest.ts';
import type { Span } from '../../text/span.ts';
import { evaluate } from '../expression/evaluate.ts';
import type { Said, SaidVars } from '../expression/variables.ts';
import {
  CONNECTION_VARIABLES,
  HOST_KEY_POLICIES,
  INVENTORY_BECOME_METHODS,
  PORTS,
  TIME_SCALES,
  TRANSPORTS,
} from '../tables/connection-variables.ts';

type Key = keyof typeof CONNECTION_VARIABLES;

const PLANNED = [
  'jump',
  'ansible_password',
  'ansible_ssh_pass',
  'ansible_become_password',
  'ansible_become_pass',
  'ansible_ssh_common_args',
  'ansible_ssh_extra_args',
  'ansible_ssh_args',
];
/** Ansible's own business: kept as variables, of no use here. */
const HARMLESS = /^ansible_(python_interpreter|shell_\w+|group_priority|pipelining|remote_tmp|.*_interpreter)$/;
const DEFAULT_CONNECT_MS = 10_000;
/** Often enough to keep a firewall's memory of us; three unanswered make 60 s until a dead host is lost. */
const KEEPALIVE = { everyMs: 15_000, count: 3 } as const;
const LONGEST_CONNECT_MS = 3_600_000;

/** The host's variables say so themselves, under any of the names. */
export const isSaid = (vars: Layer, key: Key): boolean =>
  CONNECTION_VARIABLES[key].names.some(name => Object.hasOwn(vars, name));

/** The variables of one host: those of its groups, which it shares with others, and its own. */
export interface HostVars {
  readonly group: SaidVars;
  readonly own: SaidVars;
  readonly all: Layer;
}

interface Read {
  readonly vars: HostVars;
  readonly scope: { readonly layers: readonly Layer[] };
  readonly found: Diagnostic[];
}

/** What is wrong with variables that mean nothing here is for `foreignProblems`: once a group, not once a host. */
export function connectionOf(
  name: string,
  vars: HostVars,
  defaults: { readonly user: string },
): { connection: Connection; found: readonly Diagnostic[] } {
  const scope = { layers: [{ host: known({ name }), inventory_hostname: known(name) }, vars.all] };
  const read: Read = { vars, scope, found: [] };
  const user = text(read, 'user') ?? defaults.user;
  const connection: Connection = {
    transport: choice(read, 'transport', TRANSPORTS) ?? 'ssh2',
    address: text(read, 'address') ?? name,
    port: number(read, 'port', PORTS) ?? 22,
    user,
    identityFiles: alone(path(read, 'identityFile')),
    identitiesOnly: false,
    agent: { is: 'environment', variable: 'SSH_AUTH_SOCK' },
    knownHosts: alone(path(read, 'knownHosts')),
    hostKeyAlias: null,
    hostKeyPolicy: choice(read, 'hostKeyPolicy', HOST_KEY_POLICIES) ?? 'yes',
    connectTimeoutMs: patience(read) ?? DEFAULT_CONNECT_MS,
    keepalive: KEEPALIVE,
    jump: [],
    timeScale: number(read, 'timeScale', TIME_SCALES) ?? 1,
    become: become(read, user),
  };
  return { connection, found: read.found };
}

const alone = (path: string | null): readonly string[] | null => (path === null ? null : [path]);

interface Given {
  readonly name: string;
  readonly json: Json;
  readonly at: Span;
}

function value(read: Read, key: Key): Given | null {
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

function wrong(read: Read, given: Given, wanted: string, ...help: readonly string[]): null {
  read.found.push(
    problem('wrong-type', given.at, `"${given.name}" must be ${wanted}, not ${JSON.stringify(given.json)}`, ...help),
  );
  return null;
}

function text(read: Read, key: Key): string | null {
  const given = value(read, key);
  if (given === null) return null;
  if (typeof given.json === 'number') return String(given.json);
  return typeof given.json === 'string' && given.json !== '' ? given.json : wrong(read, given, 'a text');
}

function number(
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
function patience(read: Read): number | null {
  const given = value(read, 'connectTimeout');
  if (given === null) return null;
  const { json, name, at } = given;
  const ms = typeof json === 'string' || typeof json === 'number' ? durationMs(json) : null;
  if (ms === null) return wrong(read, given, 'a length of time, like 10 or 10s');
  if (ms > 0 && ms <= LONGEST_CONNECT_MS) return ms;
  read.found.push(problem('bad-inventory', at, `"${name}" must be above nothing and at most an hour`));
  return null;
}

function path(read: Read, key: Key): string | null {
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

function choice<T extends string>(read: Read, key: Key, among: readonly T[]): T | null {
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

/** pfexec unless root logs in itself: the one way that needs no password and no configuration of ours. */
function become(read: Read, user: string): Become {
  const wanted = value(read, 'become');
  const method = choice(read, 'becomeMethod', INVENTORY_BECOME_METHODS);
  const target = text(read, 'becomeUser') ?? 'root';
  const usual = user === 'root' ? 'none' : 'pfexec';
  if (wanted === null) return { method: method ?? usual, user: target };
  const yes = truthOf(wanted.json);
  if (yes === null) wrong(read, wanted, 'yes or no');
  return { method: yes === true ? (method ?? 'pfexec') : 'none', user: target };
}

/** An INI inventory and `-e` know texts only: there `yes` is one, too. */
function truthOf(json: Json): boolean | null {
  if (typeof json === 'boolean') return json;
  if (typeof json !== 'string') return null;
  if (/^(?:yes|true|on)$/i.test(json)) return true;
  return /^(?:no|false|off)$/i.test(json) ? false : null;
}

const OURS: ReadonlySet<string> = new Set(Object.values(CONNECTION_VARIABLES).flatMap(one => one.names));

/** Variables that would change how hosts are reached and that are not there yet, or are Ansible's alone. */
export function foreignProblems(vars: SaidVars): readonly Diagnostic[] {
  const found: Diagnostic[] = [];
  for (const [name, said] of vars) {
    if (PLANNED.includes(name)) found.push(problem('not-yet', said.at, `"${name}" is planned, not here yet`));
    else if (name === 'ansible_connection') found.push(...kindProblem(said));
    else if (name.startsWith('ansible_') && !OURS.has(name) && !HARMLESS.test(name)) {
      const near = didYouMean(name, [...OURS]);
      found.push(problem('not-ours', said.at, `"${name}" is Ansible's and means nothing here`, ...near));
    }
  }
  return found;
}

/** Ansible's names for its own ways of SSH. They choose none of ours: each of these does what both of ours do. */
const SSH_KINDS: readonly Json[] = ['ssh', 'smart', 'paramiko', 'paramiko_ssh'];

function kindProblem({ value: kind, at }: Said): readonly Diagnostic[] {
  if (kind.is === 'known' && SSH_KINDS.includes(kind.json)) return [];
  const help = 'leave "ansible_connection" out; "transport: openssh" takes the ssh of this system';
  return [problem('not-ours', at, 'hosts are reached over SSH only', help)];
}
