// Passwords that an inventory says of its hosts. They are taken out of the variables before anything is made of those:
// no template names them, no listing shows them, no plan holds them.
import { type HostName, hostName } from '../../model/ids.ts';
import type { InventoryHost } from '../../model/inventory.ts';
import { known } from '../../model/value.ts';
import { type Diagnostic, problem } from '../../text/diagnostic.ts';
import { Secret } from '../../text/secret.ts';
import { evaluate } from '../expression/evaluate.ts';
import { layerOf, type Said, type SaidVars } from '../expression/variables.ts';
import { CONNECTION_VARIABLES } from '../tables/connection-variables.ts';
import type { Merged, MergedHost } from './inventory-merge.ts';

const NAMES: ReadonlySet<string> = new Set(CONNECTION_VARIABLES.becomePassword.names);

export interface SaidPassword {
  readonly password: Secret;
  readonly said: Said;
}

export interface Apart {
  readonly whole: Merged;
  readonly passwords: ReadonlyMap<HostName, SaidPassword>;
}

/** @param found what is wrong with them; never a word of what they are */
export function withPasswordsApart(whole: Merged, found: Diagnostic[]): Apart {
  const passwords = new Map<HostName, SaidPassword>();
  // Hosts of the same groups share one map of variables, and go on to.
  const without = new Map<object, MergedHost['groupVars']>();
  const rid = (vars: MergedHost['groupVars']): MergedHost['groupVars'] => {
    if (![...NAMES].some(name => vars.has(name))) return vars;
    const rest = without.get(vars) ?? new Map([...vars].filter(([name]) => !NAMES.has(name)));
    without.set(vars, rest);
    return rest;
  };
  const hosts = whole.hosts.map(host => {
    const said = passwordOf(host, found);
    if (said !== null) passwords.set(hostName(host.name), said);
    const layers = host.layers.map(layer => ({ ...layer, vars: rid(layer.vars) }));
    return { ...host, layers, groupVars: rid(host.groupVars), ownVars: rid(host.ownVars) };
  });
  return { whole: { ...whole, hosts }, passwords };
}

function saidFor({ ownVars, groupVars }: { readonly ownVars: SaidVars; readonly groupVars: SaidVars }): Said | null {
  const names = [...NAMES];
  const found = names.map(name => ownVars.get(name) ?? groupVars.get(name));
  return found.find(said => said !== undefined) ?? null;
}

function passwordOf(host: MergedHost, found: Diagnostic[]): SaidPassword | null {
  const said = saidFor(host);
  if (said === null) return null;
  const own = { host: known({ name: host.name }), inventory_hostname: known(host.name) };
  const value = evaluate(said.value, { layers: [own, layerOf(host.ownVars), layerOf(host.groupVars)] });
  if (value.is === 'value' && value.json === null) return null;
  const text = value.is === 'value' ? passwordText(value.json) : null;
  if (text !== null) return { password: new Secret(text), said };
  const why =
    value.is === 'problem' ? value.message : 'it must be one line of text, known before anything is connected';
  found.push(problem('bad-inventory', said.at, `the password of ${host.name} can't be used: ${why}`));
  return null;
}

export function secretsOf({ passwords }: Pick<Apart, 'passwords'>): ReadonlyMap<HostName, Secret> {
  return new Map([...passwords].map(([name, { password }]) => [name, password]));
}

/** su asks at a terminal, and commands have none; a terminal of its own would mix their output with what it shows. */
export function uselessPasswords(
  hosts: readonly InventoryHost[],
  passwords: ReadonlyMap<HostName, SaidPassword>,
): readonly Diagnostic[] {
  return hosts.flatMap(({ name, connection }) => {
    const at = passwords.get(name)?.said.at;
    if (at === undefined || connection.become.method !== 'su') return [];
    const help = 'use "become_method: sudo" or pfexec, or log in as a user whom su asks nothing';
    return [
      problem('bad-inventory', at, `su takes a password at a terminal only, so ${name} can't be given one`, help),
    ];
  });
}

/** sudo reads one line. */
function passwordText(json: unknown): string | null {
  if (typeof json === 'number') return String(json);
  const isLine = typeof json === 'string' && json !== '' && !['\n', '\r', '\0'].some(end => json.includes(end));
  return isLine ? json : null;
}
