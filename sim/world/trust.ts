// Who may log in from where to where: keys that are authorised, host keys that were accepted, ports that are open.
// Both lists belong to a boot environment (they lie in /root/.ssh): what was added after the clone is missing in it.
import { activeBe } from './fleet.ts';
import type { Fleet } from './fleet.ts';
import { strikes } from './faults.ts';
import type { Host } from './state.ts';

export interface Login {
  readonly from: Host;
  readonly user: string;
  /** As written on the command line: short or full name. */
  readonly toName: string;
  readonly as: string;
}

export type LoginProblem = 'unknown-name' | 'timeout' | 'refused' | 'unknown-key' | 'changed-key' | 'denied';

export const knownHost = (user: string, name: string, key: string): string => `${user} ${name} ${key}`;
const authorizedKey = (as: string, user: string, host: string): string => `${as} ${user}@${host}`;

/** Lets each user of every host log in to every other as root or as himself, by short and full name, unasked. */
export function trustEachOther(hosts: readonly Host[]): void {
  const users = [...new Set(hosts.flatMap(h => h.users.map(u => u.name)))];
  const lines = (user: string): readonly string[] =>
    hosts.flatMap(h => [h.name, h.fullName].map(name => knownHost(user, name, activeBe(h).hostKey)));
  const keys = (user: string): readonly string[] =>
    hosts.flatMap(h => ['root', user].map(as => authorizedKey(as, user, h.name)));
  const known = new Set(users.flatMap(lines));
  const authorized = new Set(users.flatMap(keys));
  for (const host of hosts) {
    activeBe(host).knownHosts = known;
    activeBe(host).authorized = authorized;
  }
}

export function loginProblem(fleet: Fleet, login: Login): LoginProblem | null {
  const to = fleet.find(login.toName);
  if (to === null) return 'unknown-name';
  if (strikes(fleet, to.name, 'target-unreachable')) return 'timeout';
  if (to.power === 'off' || to.power === 'booting') return 'timeout';
  if (to.port === 'closed') return 'refused';
  const known = [...activeBe(login.from).knownHosts].filter(k => k.startsWith(`${login.user} ${login.toName} `));
  if (known.length === 0) return 'unknown-key';
  if (!known.includes(knownHost(login.user, login.toName, activeBe(to).hostKey))) return 'changed-key';
  if (strikes(fleet, to.name, 'auth-failure')) return 'denied';
  const key = authorizedKey(login.as, login.user, login.from.name);
  return activeBe(to).authorized.has(key) && to.users.some(u => u.name === login.as) ? null : 'denied';
}

export interface RadUri {
  readonly scheme: 'ssh' | 'rads' | 'radg';
  readonly user: string | null;
  readonly host: string;
}

/** rad-uri(7): `[rads:|radg:|ssh:]//username@host:port`, also a bare host. Null when it isn't one. */
export function parseRadUri(text: string): RadUri | null {
  const m = /^(?:(ssh|rads|radg):)?(?:\/\/)?(?:([^@/:\s]+)@)?([A-Za-z0-9.-]+)(?::([0-9]+))?\/?$/.exec(text);
  if (m === null) return null;
  const scheme = m[1] === 'ssh' || m[1] === 'radg' ? m[1] : 'rads';
  return { scheme, user: m[2] ?? null, host: m[3] ?? '' };
}

/** Why a RAD connection can't be made, in words, or null. rads asks for a password, and nobody is there to type it. */
export function radProblem(fleet: Fleet, from: Host, user: string, uri: RadUri): string | null {
  const problem = loginProblem(fleet, { from, user, toName: uri.host, as: uri.user ?? user });
  const to = fleet.find(uri.host);
  if (to !== null && uri.scheme !== 'ssh') {
    if (problem === 'timeout' || problem === 'refused') return WORDS[problem];
    if (to.services.get('svc:/system/rad:remote')?.state !== 'online') return 'Connection refused';
    return uri.scheme === 'radg' ? null : 'Authentication failed';
  }
  return problem === null ? null : WORDS[problem];
}

const WORDS: Readonly<Record<LoginProblem, string>> = {
  'unknown-name': 'Unknown host',
  timeout: 'Connection timed out',
  refused: 'Connection refused',
  'unknown-key': 'Host key verification failed',
  'changed-key': 'Host key verification failed',
  denied: 'Permission denied',
};
