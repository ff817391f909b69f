// The whole way to a host: its own login and those before it, out of an SSH configuration. Names in ProxyJump are names
// to ssh; the inventory's own are for connection.ts.
import type { Surroundings } from '../../model/ports.ts';
import type { Diagnostic } from '../../text/diagnostic.ts';
import { NO_SSH_CONFIG, type SshConfig } from './config-files.ts';
import { hopOf } from './hop.ts';
import { jumpInCommand, jumpVia, type Way } from './jump.ts';
import { type Asked, type Settings, settingsFor } from './settings.ts';
import { expanded } from './tokens.ts';

export interface SshWords {
  readonly config: SshConfig;
  readonly around: Surroundings;
}

export const NOTHING_SAID: Settings = new Map();

export interface WayFound extends Way {
  readonly settings: Settings;
}

/** @param said counts before any file; @param trail the hosts whose way is being looked for. */
export function wayOf(
  words: SshWords,
  asked: Asked,
  { said, trail }: { readonly said: Settings; readonly trail: readonly string[] },
  found: Diagnostic[],
): WayFound {
  const { config, around } = words;
  const held = settingsFor(config, asked, around, said);
  const settings = withoutCommand(held.settings);
  const { hop, tokens, found: wrong } = hopOf(settings, asked, around);
  found.push(...held.found, ...wrong);
  const jump = settings.get('proxyjump')?.[0];
  if (jump === undefined) return { hop, jump: [], settings };
  const wayOut = (host: string): string => `above it, write "Host ${host}" with "ProxyJump none"`;
  const chain = { words: jump.words.map(word => expanded(word, tokens)), at: jump.at, to: asked.host, trail, wayOut };
  const next = (one: Asked, passed: readonly string[]): Way =>
    wayOf(words, one, { said: NOTHING_SAID, trail: passed }, found);
  return { hop, jump: jumpVia(chain, next, found), settings };
}

/**
 * For the system's ssh, which reads the same configuration itself: only what was said elsewhere, and the login's name and
 * port, since those it is told.
 */
export function wayOfSystem(
  words: SshWords,
  asked: Asked,
  from: Parameters<typeof wayOf>[2],
  found: Diagnostic[],
): WayFound {
  const { user, port } = wayOf(words, asked, from, []).hop;
  return wayOf({ ...words, config: NO_SSH_CONFIG }, { ...asked, user, port }, from, found);
}

/** A ProxyCommand that is a ProxyJump in other words is one. */
function withoutCommand(settings: Settings): Settings {
  const command = settings.get('proxycommand')?.[0];
  const jump = command === undefined ? null : jumpInCommand(command.words);
  if (command === undefined || jump === null) return settings;
  const others = [...settings].filter(([keyword]) => keyword !== 'proxycommand');
  return new Map([...others, ['proxyjump', [{ words: [jump], at: command.at }]]]);
}
