// remote_user and port of plays, put into the connections of hosts of which the inventory doesn't say. One connection a
// host serves the whole run, so two plays can't log in to one host in two ways.
import type { Connection, Inventory, InventoryHost } from '../../model/inventory.ts';
import type { Login, Play, Program } from '../../model/program.ts';
import { andAt, type Diagnostic, problem } from '../../text/diagnostic.ts';
import type { Span } from '../../text/span.ts';
import { isSaid } from '../inventory/connection.ts';

/** A play with the places of its words. */
export interface LoginPlace {
  readonly play: Play;
  readonly at: Readonly<Record<keyof Login, Span | null>>;
}

const WORDS: Readonly<Record<keyof Login, string>> = { user: 'remote_user', port: 'port' };

/** The same host, another word: told where the second one stands. */
export function loginProblems(places: readonly LoginPlace[], inventory: Inventory | null): readonly Diagnostic[] {
  const keys = ['user', 'port'] as const;
  return keys.flatMap(key =>
    (inventory?.hosts ?? []).flatMap(host => {
      if (isSaid(host.vars, key)) return [];
      const said = places.filter(({ play }) => play.login[key] !== null && play.hosts.includes(host.name));
      const [first] = said;
      const other = said.find(({ play }) => play.login[key] !== first?.play.login[key]);
      if (first === undefined || other === undefined) return [];
      const message = `${host.name} has one connection for the whole run, and another play says "${WORDS[key]}: ${first.play.login[key] ?? ''}"`;
      const at = other.at[key] ?? other.play.at;
      const told = problem('double-word', at, message, 'make two runs of it');
      return [andAt(told, first.at[key] ?? first.play.at, 'it is said here')];
    }),
  );
}

export function withLogins(inventory: Inventory, program: Program): Inventory {
  const plays = program.plays.filter(({ login }) => login.user !== null || login.port !== null);
  if (plays.length === 0) return inventory;
  return { ...inventory, hosts: inventory.hosts.map(host => ({ ...host, connection: loggedIn(host, plays) })) };
}

function loggedIn(host: InventoryHost, plays: readonly Play[]): Connection {
  const of = plays.filter(play => play.hosts.includes(host.name)).map(play => play.login);
  const port = isSaid(host.vars, 'port') ? null : (of.find(login => login.port !== null)?.port ?? null);
  const user = isSaid(host.vars, 'user') ? null : (of.find(login => login.user !== null)?.user ?? null);
  const { connection } = host;
  const ported = port === null ? connection : { ...connection, port };
  if (user === null) return ported;
  const rights = isSaid(host.vars, 'become') || isSaid(host.vars, 'becomeMethod');
  const become = rights
    ? ported.become
    : { ...ported.become, method: user === 'root' ? ('none' as const) : ('pfexec' as const) };
  return { ...ported, user, become };
}
