// How to reach a host, out of its variables and of what an SSH configuration says where they don't. Paths are relative to
// the folder of the file that named them; a leading ~ is left for whoever knows a home.
import type { Connection, Hop } from '../../model/inventory.ts';
import type { Surroundings } from '../../model/ports.ts';
import type { Become } from '../../model/program.ts';
import type { Layer } from '../../model/value.ts';
import type { Diagnostic } from '../../text/diagnostic.ts';
import type { SshConfig } from '../ssh/config-files.ts';
import type { WayTo } from '../ssh/jump.ts';
import type { Settings } from '../ssh/settings.ts';
import { NOTHING_SAID, type SshWords, wayOf, wayOfSystem } from '../ssh/way.ts';
import {
  CONNECTION_VARIABLES,
  HOST_KEY_POLICIES,
  INVENTORY_BECOME_METHODS,
  PORTS,
  TIME_SCALES,
  TRANSPORTS,
} from '../tables/connection-variables.ts';
import {
  choice,
  type HostVars,
  type Key,
  number,
  path,
  patience,
  type Read,
  readingOf,
  text,
  truthOf,
  value,
  wrong,
} from './connection-values.ts';
import { argumentsIn, configIn, jumpSaid } from './way-words.ts';

/** The host's variables say so themselves, under any of the names. */
export const isSaid = (vars: Layer, key: Key): boolean =>
  CONNECTION_VARIABLES[key].names.some(name => Object.hasOwn(vars, name));

/** What is outside of the variables of one host. */
export interface Ways {
  readonly around: Surroundings;
  /** @param path what `ssh_config` or -F names; null: neither does. */
  configOf(path: string | null): SshConfig;
  /** Another host of the inventory; null: none is called so. */
  varsOf(name: string): HostVars | null;
}

export interface ConnectionFound {
  readonly connection: Connection;
  /** The login at the host itself, alone. */
  readonly hop: Hop;
  /** What of it an SSH configuration says. */
  readonly settings: Settings;
  readonly found: readonly Diagnostic[];
}

/**
 * What is wrong with variables that mean nothing here is for `foreignProblems`: once a group, not once a host.
 * @param trail hosts whose ways are being looked for
 */
export function connectionOf(name: string, vars: HostVars, ways: Ways, trail: readonly string[] = []): ConnectionFound {
  const read = readingOf(name, vars);
  const said = argumentsIn(read);
  const asked = { host: text(read, 'address') ?? name, user: text(read, 'user'), port: number(read, 'port', PORTS) };
  const sshConfig = configIn(read, said)?.path ?? null;
  const config = ways.configOf(sshConfig);
  const transport = choice(read, 'transport', TRANSPORTS) ?? 'ssh2';
  const words = { config, around: ways.around };
  const way = (transport === 'openssh' ? wayOfSystem : wayOf)(words, asked, { said: said.settings, trail }, read.found);
  const key = path(read, 'identityFile');
  const hosts = path(read, 'knownHosts');
  const { address, port, user, agent, hostKeyAlias, keepalive } = way.hop;
  const hop: Hop = {
    ...{ address, port, user, agent, hostKeyAlias, keepalive },
    identityFiles: key === null ? way.hop.identityFiles : [key],
    identitiesOnly: key === null ? way.hop.identitiesOnly : true,
    knownHosts: hosts === null ? way.hop.knownHosts : [hosts],
    hostKeyPolicy: choice(read, 'hostKeyPolicy', HOST_KEY_POLICIES) ?? way.hop.hostKeyPolicy,
    connectTimeoutMs: patience(read) ?? way.hop.connectTimeoutMs,
  };
  const connection: Connection = {
    ...hop,
    ...{ transport, sshConfig },
    jump: jumpSaid(read, name, trail, wayThrough(words, ways, read)) ?? way.jump,
    timeScale: number(read, 'timeScale', TIME_SCALES) ?? 1,
    become: become(read, user),
  };
  return { connection, hop, settings: way.settings, found: read.found };
}

/** Among hosts that are passed, a name of the inventory is reached as that host is; any other as ssh would. */
function wayThrough(words: SshWords, ways: Ways, read: Read): WayTo {
  return (asked, trail) => {
    const vars = ways.varsOf(asked.host);
    if (vars === null) return wayOf(words, asked, { said: NOTHING_SAID, trail }, read.found);
    const { connection, hop, found } = connectionOf(asked.host, vars, ways, trail);
    read.found.push(...found);
    return { hop: { ...hop, user: asked.user ?? hop.user, port: asked.port ?? hop.port }, jump: connection.jump };
  };
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
