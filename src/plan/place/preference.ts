// Destinations that are better than others beyond use and bytes: taken alone as long as they are enough.
import { never } from '../../text/never.ts';
import type { Candidate, Leaver } from './fit.ts';

export interface Preference {
  readonly likes: (leaver: Leaver, to: Candidate) => boolean;
  /** The highest use that it may lead to where there is a choice; a share. */
  readonly upTo: number;
}

/** Ours, not measured: a host nearly full is a worse thing than another release. */
const NEARLY_FULL = 0.9;

/**
 * A zone that comes home goes by choice to a host of the release it runs on: should its home fall back to the old
 * system, it can still return (no zone goes live to an older one).
 */
const SAME_RELEASE: Preference = {
  likes: ({ source, rule }, { facts }) =>
    rule?.returns === 'stay' ||
    (source.os.is === 'known' && facts.os.is === 'known' && source.os.value.version === facts.os.value.version),
  upTo: NEARLY_FULL,
};

/** The strictest first; after the last one every host that fits will do. */
export function preferencesFor(returns: 'home' | 'stay'): readonly Preference[] {
  switch (returns) {
    case 'home':
      return [SAME_RELEASE];
    case 'stay':
      return [];
    default:
      return never(returns);
  }
}
