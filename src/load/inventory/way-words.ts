// What the inventory's variables say of the way to a host: which SSH configuration counts, arguments for ssh, and the
// hosts that are passed.
import type { Hop } from '../../model/inventory.ts';
import type { Span } from '../../text/span.ts';
import { sshArguments } from '../ssh/arguments.ts';
import { jumpVia, type WayTo } from '../ssh/jump.ts';
import type { Setting, Settings } from '../ssh/settings.ts';
import { type HostVars, path, type Read, readingOf, value, wrong } from './connection-values.ts';

/** The file of SSH configuration that a host's variables name, `none` for no file at all; null: they name nothing. */
export function configFileOf(name: string, vars: HostVars): ConfigFile | null {
  const read = readingOf(name, vars);
  return configIn(read, argumentsIn(read));
}

export interface ConfigFile {
  readonly path: string;
  readonly at: Span;
}

export function configIn(read: Read, said: SaidArguments): ConfigFile | null {
  const given = value(read, 'sshConfig');
  if (given === null) return said.config;
  if (given.json === 'none' || given.json === false) return { path: 'none', at: given.at };
  const named = path(read, 'sshConfig');
  return named === null ? null : { path: named, at: given.at };
}

export interface SaidArguments {
  readonly settings: Settings;
  readonly config: ConfigFile | null;
}

export function argumentsIn(read: Read): SaidArguments {
  const settings = new Map<string, readonly Setting[]>();
  let config: ConfigFile | null = null;
  for (const key of ['sshArgs', 'sshCommonArgs', 'sshExtraArgs'] as const) {
    const given = value(read, key);
    if (given === null) continue;
    if (typeof given.json !== 'string') {
      wrong(read, given, 'a text');
      continue;
    }
    const said = sshArguments(given.name, given.json, given.at, read.found);
    if (said.config !== null) config ??= { path: said.config, at: given.at };
    for (const [keyword, all] of said.settings) if (!settings.has(keyword)) settings.set(keyword, all);
  }
  return { settings, config };
}

/** null: the inventory doesn't say. */
export function jumpSaid(read: Read, to: string, trail: readonly string[], wayTo: WayTo): readonly Hop[] | null {
  const given = value(read, 'jump');
  if (given === null) return null;
  const words = [given.json].flat();
  if (!words.every(word => typeof word === 'string')) return wrong(read, given, 'a name or a list of names');
  const wayOut = (host: string): string => `give ${host} a "jump: none"`;
  return jumpVia({ words, at: given.at, to, trail, wayOut }, wayTo, read.found);
}
