// What the ways to all hosts of an inventory have in common: the SSH configurations that any of them names, each read
// once, and the variables of every host, since one may be passed on the way to another.
import type { Files, Surroundings } from '../../model/ports.ts';
import type { Layer } from '../../model/value.ts';
import type { Diagnostic } from '../../text/diagnostic.ts';
import { layerOf, type SaidVars } from '../expression/variables.ts';
import { namedSshConfig, NO_SSH_CONFIG, type SshConfig, usualSshConfig } from '../ssh/config-files.ts';
import type { HostVars } from './connection-values.ts';
import type { Ways } from './connection.ts';
import type { Merged } from './inventory-merge.ts';
import { configFileOf } from './way-words.ts';

export interface WaysFound {
  readonly ways: Ways;
  readonly hostVars: ReadonlyMap<string, HostVars>;
  /** Of the configurations, for drawing. */
  readonly texts: Readonly<Record<string, string>>;
  readonly found: readonly Diagnostic[];
}

/** Where no machine is asked: nobody's home, and no configuration but one that is named. */
const NOWHERE: Surroundings = { home: '', user: '', uid: 0, host: '', env: () => null };

/** @param around null: no configuration is read unless it is named. */
export async function waysTo(whole: Merged, files: Files, around: Surroundings | null): Promise<WaysFound> {
  const hostVars = varsOfAll(whole);
  const configs = new Map<string | null, SshConfig>([['none', NO_SSH_CONFIG]]);
  for (const [name, vars] of hostVars) {
    const named = configFileOf(name, vars);
    const path = named?.path ?? null;
    if (configs.has(path)) continue;
    if (named !== null) configs.set(path, await namedSshConfig(files, around ?? NOWHERE, named));
    else configs.set(path, around === null ? NO_SSH_CONFIG : await usualSshConfig(files, around));
  }
  const ways: Ways = {
    around: around ?? NOWHERE,
    configOf: path => configs.get(path) ?? NO_SSH_CONFIG,
    varsOf: name => hostVars.get(name) ?? null,
  };
  const all = [...configs.values()];
  const texts = Object.fromEntries(all.flatMap(one => Object.entries(one.texts)));
  return { ways, hostVars, texts, found: all.flatMap(one => one.found) };
}

function varsOfAll(whole: Merged): ReadonlyMap<string, HostVars> {
  // Hosts of the same groups share one map of their variables.
  const shared = new Map<SaidVars, Layer>();
  return new Map(
    whole.hosts.map(({ name, groupVars, ownVars }) => {
      const common = shared.get(groupVars) ?? layerOf(groupVars);
      shared.set(groupVars, common);
      const all = ownVars.size === 0 ? common : { ...common, ...layerOf(ownVars) };
      return [name, { group: groupVars, own: ownVars, all }];
    }),
  );
}
