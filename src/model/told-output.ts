// How much of what long commands said is in the journal: a run that takes one up tells on from there. Kept by the fold;
// decide doesn't read it.
import type { Told } from './event.ts';
import type { HostName } from './ids.ts';

/**
 * So many bytes of each stream, from its beginning. Law: the journal holds the text of all of them, and they end with a
 * whole character, or where the stream does: cut there, both parts of the stream decode as the whole would, no text included.
 */
export interface ToldBytes {
  readonly out: number;
  readonly err: number;
}

/** Of one command: its folder on its host. */
export interface ToldOutput extends ToldBytes {
  readonly on: HostName;
  readonly folder: string;
}

type Output = Extract<Told, { readonly type: 'output' }>;

export const NOTHING_TOLD: ToldBytes = { out: 0, err: 0 };

/** With what this event tells; one that doesn't say of what adds nothing. */
export function withTold(known: readonly ToldOutput[], { on, stream, of }: Output): readonly ToldOutput[] {
  if (of === undefined) return known;
  const { folder, upTo } = of;
  const others = known.filter(one => one.on !== on || one.folder !== folder);
  return [...others, { on, folder, ...toldBytes(known, on, folder), [stream]: upTo }];
}

export function toldBytes(known: readonly ToldOutput[], on: HostName, folder: string): ToldBytes {
  return known.find(one => one.on === on && one.folder === folder) ?? NOTHING_TOLD;
}
