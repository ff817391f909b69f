// Which tasks a run takes, by tags: as in Ansible, `always` runs unless it is skipped by name, `never` only when
// asked for, and `tagged`, `untagged` and `all` are words for sets. Ids were given before, so a selection keeps them.
import type { Entry, Play, Section } from '../../model/program.ts';
import { type Diagnostic, warning } from '../../text/diagnostic.ts';
import { nearest } from '../../text/nearest.ts';
import { spanOf } from '../../text/span.ts';

export interface Tags {
  readonly tags: readonly string[];
  readonly skipTags: readonly string[];
}

const SETS = ['all', 'tagged', 'untagged', 'always', 'never'];

function selectedBy(tags: readonly string[], wanted: Tags): boolean {
  const asked = wanted.tags.length === 0 ? ['all'] : wanted.tags;
  const hit = (names: readonly string[]): boolean =>
    tags.some(tag => names.includes(tag)) ||
    (names.includes('tagged') && tags.length > 0) ||
    (names.includes('untagged') && tags.length === 0);
  const never = tags.includes('never') && !tags.some(tag => asked.includes(tag));
  const taken = (asked.includes('all') && !never) || (tags.includes('always') && !never) || (hit(asked) && !never);
  const skipped = hit(wanted.skipTags) || (wanted.skipTags.includes('all') && !tags.includes('always'));
  return taken && !skipped;
}

function withTags(entries: readonly Entry[], wanted: Tags): readonly Entry[] {
  return entries.flatMap((entry): readonly Entry[] => {
    switch (entry.is) {
      case 'task':
        return selectedBy(entry.tags, wanted) ? [entry] : [];
      case 'flush':
      case 'end':
        return [entry];
      default: {
        const body = withTags(entry.body, wanted);
        const rescue = withTags(entry.rescue, wanted);
        const always = withTags(entry.always, wanted);
        const empty = [...body, ...always].every(inner => inner.is === 'flush' || inner.is === 'end');
        return empty ? [] : [{ ...entry, body, rescue, always }];
      }
    }
  });
}

/** Without the plays that have nothing left to do. */
export function playsWithTags(plays: readonly Play[], wanted: Tags): readonly Play[] {
  if (wanted.tags.length === 0 && wanted.skipTags.length === 0) return plays.map(play => sections(play, wanted));
  return plays
    .map(play => sections(play, wanted))
    .filter(play =>
      play.sections.some(
        section => !isGates(section) && section.entries.some(entry => entry.is !== 'flush' && entry.is !== 'end'),
      ),
    );
}

function sections(play: Play, wanted: Tags): Play {
  return {
    ...play,
    sections: play.sections.map(section =>
      isGates(section) ? section : { ...section, entries: withTags(section.entries, wanted) },
    ),
  };
}

/** Whoever takes some of the tasks takes no gate away. */
const isGates = ({ letter }: Section): boolean => letter === 'b' || letter === 'g';

export function tagWarnings(plays: readonly Play[], wanted: Tags): readonly Diagnostic[] {
  const there = new Set(
    plays.flatMap(play => [
      ...play.sections.flatMap(section => section.entries.flatMap(tagsIn)),
      ...play.handlers.flatMap(tagsIn),
    ]),
  );
  return [...wanted.tags, ...wanted.skipTags]
    .filter(tag => !there.has(tag) && !SETS.includes(tag))
    .map(tag => {
      const near = nearest(tag, [...there]);
      const option = wanted.tags.includes(tag) ? '--tags' : '--skip-tags';
      const help =
        near !== null
          ? `did you mean "${near}"?`
          : there.size > 0
            ? `there are: ${[...there].sort().join(', ')}`
            : 'no task has a tag';
      return warning('unknown-tag', spanOf(option), `no task has the tag "${tag}"`, help);
    });
}

function tagsIn(entry: Entry): readonly string[] {
  switch (entry.is) {
    case 'task':
      return entry.tags;
    case 'flush':
    case 'end':
      return [];
    default:
      return [...entry.body, ...entry.rescue, ...entry.always].flatMap(tagsIn);
  }
}
