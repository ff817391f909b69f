// What the system's ssh is told on its command line: what the inventory says of a host and of the way to it, and what
// keeps a master quiet and private. Everything else is as the user's own ssh configuration has it.
import type { Agent, Connection, Hop } from '../../model/inventory.ts';
import { atHome } from '../files.ts';
import { quoteArgv } from '../../text/shell.ts';

/** ssh as it is called: its name, and words in front of all others, so that they win. */
export interface Program {
  readonly name: string;
  readonly words: readonly string[];
}

/** ssh reads percent signs in what it is given. */
const literal = (text: string): string => text.replaceAll('%', '%%');

/** Paths in an option, where a blank would end one. */
const paths = (...all: readonly string[]): string => all.map(path => `"${literal(path)}"`).join(' ');

const MASTER_OPTIONS = [
  'ControlMaster=yes',
  'ControlPersist=no',
  // What a user has for his own sessions isn't for ours: ports would be taken, programs run.
  'ClearAllForwardings=yes',
  'Tunnel=no',
  'RemoteCommand=none',
  // It is run when the login is done and the socket there, and writes one line: that is how we know.
  'PermitLocalCommand=yes',
  'LocalCommand=echo',
] as const;

function agentOptions(agent: Agent): readonly string[] {
  switch (agent.is) {
    case 'none':
      return ['IdentityAgent=none'];
    case 'socket':
      return [`IdentityAgent=${paths(agent.path)}`];
    default:
      return agent.variable === 'SSH_AUTH_SOCK' ? [] : [`IdentityAgent=$${agent.variable}`];
  }
}

function hopOptions(hop: Hop): readonly string[] {
  return [
    'BatchMode=yes',
    'LogLevel=ERROR',
    `ConnectTimeout=${Math.ceil(hop.connectTimeoutMs / 1000)}`,
    `ServerAliveInterval=${Math.ceil(hop.keepalive.everyMs / 1000)}`,
    `ServerAliveCountMax=${hop.keepalive.count}`,
    `StrictHostKeyChecking=${hop.hostKeyPolicy}`,
    ...(hop.hostKeyAlias === null ? [] : [`HostKeyAlias=${hop.hostKeyAlias}`]),
    ...(hop.knownHosts === null ? [] : [`UserKnownHostsFile=${paths(...hop.knownHosts)}`, 'GlobalKnownHostsFile=none']),
    ...(hop.identityFiles ?? []).map(path => `IdentityFile=${paths(path)}`),
    ...(hop.identitiesOnly ? ['IdentitiesOnly=yes'] : []),
    ...agentOptions(hop.agent),
  ];
}

const asWords = (options: readonly string[]): readonly string[] => options.flatMap(option => ['-o', option]);

const loginWords = (hop: Hop): readonly string[] => ['-l', hop.user, '-p', String(hop.port), '--', hop.address];

/**
 * The way through the hosts before: a command for each, within the one for the next. ssh's own -J tells the hosts on the
 * way nothing of what the inventory says of them. Each level reads percent signs once.
 */
function proxyCommand(jump: readonly Hop[], { name, words }: Program): readonly string[] {
  const last = jump.at(-1);
  if (last === undefined) return [];
  const options = asWords([...hopOptions(last), ...proxyCommand(jump.slice(0, -1), { name, words })]);
  const before = literal(quoteArgv([name, ...words, ...options]));
  return [`ProxyCommand=${before} -W '[%h]:%p' ${literal(quoteArgv(loginWords(last)))}`];
}

/** @param control where it makes its socket */
export function masterWords(connection: Connection, control: string, { name, words }: Program): readonly string[] {
  // The same file for the hosts on the way: without it they would be reached by the user's own.
  const config = connection.sshConfig === null ? [] : ['-F', atHome(connection.sshConfig)];
  const program = { name, words: [...words, ...config] };
  const options = [
    ...MASTER_OPTIONS,
    `ControlPath=${control}`,
    ...hopOptions(connection),
    ...proxyCommand(connection.jump, program),
  ];
  return [...program.words, '-N', '-T', '-x', '-a', ...asWords(options), ...loginWords(connection)];
}
