// What the words of an SSH configuration come to for one login: a Hop, complete, and what of it can't be honoured.
import type { Agent, Hop } from '../../model/inventory.ts';
import type { Surroundings } from '../../model/ports.ts';
import { type Diagnostic, problem, warning } from '../../text/diagnostic.ts';
import { durationMs } from '../../text/duration.ts';
import { sshKeyword } from '../tables/ssh-keywords.ts';
import type { Asked, Setting, Settings } from './settings.ts';
import { expanded, type Tokens, tokensOf, withEnvironment } from './tokens.ts';

const DEFAULT_PORT = 22;
const DEFAULT_CONNECT_MS = 10_000;
/** Often enough to keep a firewall's memory of us; three unanswered make 60 s until a dead host is lost. */
const KEEPALIVE = { everyMs: 15_000, count: 3 } as const;
const USER_KNOWN = ['~/.ssh/known_hosts', '~/.ssh/known_hosts2'] as const;
const GLOBAL_KNOWN = ['/etc/ssh/ssh_known_hosts', '/etc/ssh/ssh_known_hosts2'] as const;
const NOWHERE = '/dev/null';

interface Reading {
  readonly settings: Settings;
  readonly around: Surroundings;
  readonly tokens: Tokens;
  readonly found: Diagnostic[];
}

export function hopOf(
  settings: Settings,
  asked: Asked,
  around: Surroundings,
): { readonly hop: Hop; readonly tokens: Tokens; readonly found: readonly Diagnostic[] } {
  const found: Diagnostic[] = [];
  const bare: Reading = { settings, around, tokens: {}, found };
  const port = asked.port ?? wholeNumber(bare, 'port', { from: 1, to: 65_535 }) ?? DEFAULT_PORT;
  const user = asked.user ?? wordOf(settings, 'user') ?? around.user;
  const address = expanded(wordOf(settings, 'hostname') ?? asked.host, { h: asked.host });
  const alias = wordOf(settings, 'hostkeyalias');
  const tokens = tokensOf({ original: asked.host, address, port, user, alias }, around);
  const reading: Reading = { ...bare, tokens };
  const hop: Hop = {
    ...{ address, port, user },
    identityFiles: identityFiles(reading),
    identitiesOnly: wordOf(settings, 'identitiesonly')?.toLowerCase() === 'yes',
    agent: agentOf(reading),
    knownHosts: knownHosts(reading),
    hostKeyAlias: alias,
    hostKeyPolicy: policyOf(reading),
    connectTimeoutMs: timeOf(reading, 'connecttimeout') ?? DEFAULT_CONNECT_MS,
    keepalive: {
      everyMs: timeOf(reading, 'serveraliveinterval') ?? KEEPALIVE.everyMs,
      count: wholeNumber(reading, 'serveralivecountmax', { from: 1, to: 1_000_000 }) ?? KEEPALIVE.count,
    },
  };
  found.push(...notHonoured(settings));
  return { hop, tokens, found };
}

function wordOf(settings: Settings, keyword: string): string | null {
  return settings.get(keyword)?.[0]?.words[0] ?? null;
}

const isNone = (word: string | undefined): boolean => word?.toLowerCase() === 'none';

function pathIn({ tokens, around }: Reading, word: string): string {
  return expanded(withEnvironment(word, around), tokens);
}

function identityFiles(reading: Reading): readonly string[] | null {
  const said = reading.settings.get('identityfile');
  if (said === undefined) return null;
  return said.flatMap(({ words: [word = ''] }) => (isNone(word) ? [] : [pathIn(reading, word)]));
}

function agentOf(reading: Reading): Agent {
  const word = wordOf(reading.settings, 'identityagent') ?? 'SSH_AUTH_SOCK';
  if (isNone(word)) return { is: 'none' };
  if (word === 'SSH_AUTH_SOCK') return { is: 'environment', variable: word };
  const named = /^\$(\w+)$/.exec(word)?.[1];
  return named === undefined ? { is: 'socket', path: pathIn(reading, word) } : { is: 'environment', variable: named };
}

function knownHosts(reading: Reading): readonly string[] | null {
  const user = reading.settings.get('userknownhostsfile')?.[0]?.words;
  const system = reading.settings.get('globalknownhostsfile')?.[0]?.words;
  if (user === undefined && system === undefined) return null;
  const own = isNone(user?.[0]) ? [NOWHERE] : (user ?? USER_KNOWN).map(word => pathIn(reading, word));
  return [...own, ...(isNone(system?.[0]) ? [] : (system ?? GLOBAL_KNOWN))];
}

function policyOf({ settings, found }: Reading): Hop['hostKeyPolicy'] {
  const said = settings.get('stricthostkeychecking')?.[0];
  const word = said?.words[0]?.toLowerCase();
  if (said === undefined || word === undefined || ['yes', 'true', 'ask'].includes(word)) return 'yes';
  if (word === 'accept-new') return 'accept-new';
  if (['no', 'false', 'off'].includes(word)) {
    const why = 'a host key that has changed is refused all the same: "no" is taken as accept-new';
    found.push(warning('bad-ssh-config', said.at, why, 'write "accept-new"'));
    return 'accept-new';
  }
  return wrong(found, said, 'yes, accept-new, ask or no') ?? 'yes';
}

function wrong(found: Diagnostic[], { words, at }: Setting, wanted: string): null {
  found.push(problem('bad-ssh-config', at, `this takes ${wanted}, not "${words.join(' ')}"`));
  return null;
}

function wholeNumber(
  { settings, found }: Reading,
  keyword: string,
  { from, to }: { readonly from: number; readonly to: number },
): number | null {
  const said = settings.get(keyword)?.[0];
  if (said === undefined) return null;
  const number = /^\d+$/.test(said.words[0] ?? '') ? Number(said.words[0]) : NaN;
  return number >= from && number <= to ? number : wrong(found, said, `a whole number from ${from} to ${to}`);
}

/** null also for nothing at all, and for `none`: to wait for ever is no time to wait. */
function timeOf({ settings, found }: Reading, keyword: string): number | null {
  const said = settings.get(keyword)?.[0];
  const word = said?.words[0]?.toLowerCase();
  if (said === undefined || word === undefined || isNone(word)) return null;
  const weeks = /^(\d+)w$/.exec(word)?.[1];
  const ms = weeks === undefined ? durationMs(word) : Number(weeks) * 7 * 86_400_000;
  return ms === null ? wrong(found, said, 'a length of time, like 10 or 10s') : ms > 0 ? ms : null;
}

/** Values with which a keyword changes nothing. */
const IDLE: ReadonlySet<string> = new Set(['no', 'none', 'any', 'false']);

function notHonoured(settings: Settings): readonly Diagnostic[] {
  return [...settings].flatMap(([keyword, said]) => {
    const known = sshKeyword(keyword);
    const idle = keyword === 'pubkeyauthentication' ? new Set(['yes', 'true']) : IDLE;
    if (known === null || (known.is !== 'refused' && known.is !== 'left-out')) return [];
    return said
      .filter(({ words }) => !idle.has(words[0]?.toLowerCase() ?? ''))
      .map(({ at }) => {
        const tell = known.is === 'refused' ? problem : warning;
        const help = `have the system's own ssh reach such hosts: transport: openssh`;
        return tell('bad-ssh-config', at, `${known.name} isn't honoured here: it says ${known.says}`, help);
      });
  });
}
