// One play: its words, its variables, its tasks and handlers, put together. What each key means stands in the files
// named after it.
import { posix } from 'node:path';
import type { HostName } from '../../model/ids.ts';
import type { Login, Play, Section } from '../../model/program.ts';
import type { Layer } from '../../model/value.ts';
import { sourceOf } from '../../text/source.ts';
import type { Span } from '../../text/span.ts';
import { conditionsAt } from '../task/conditions.ts';
import { guarded, readEntries } from '../task/entries.ts';
import { readHandlers } from '../task/handlers.ts';
import { type MapNode, pairOf } from '../yaml/node.ts';
import { fixedTextAt } from './fixed-text.ts';
import { handedDown, NOTHING_HANDED_DOWN } from './handed-down.ts';
import { gatesOf, withGates } from './play-gates.ts';
import { checkNotified, merged, roleHandlers } from './play-handlers.ts';
import { tellingsOf } from './play-events.ts';
import { hostsOf } from './play-hosts.ts';
import { limitsOf } from './play-limits.ts';
import { playVars, type Words } from './play-vars.ts';
import { sayingOfZones, wavesOf } from './play-waves.ts';
import { promptsOf } from './prompts.ts';
import { countAt, type Here, listAt, type PlayNotes, type Reading, textsAt, truthAt } from './reading.ts';
import { readRoles } from './role-entries.ts';
import { checkKeys } from './wrong-keys.ts';

export interface PlayPlace {
  readonly number: number;
  readonly path: readonly string[];
  /** The hosts that a limit leaves, or null without one. */
  readonly limit: readonly HostName[] | null;
  /** That brought it, outermost first. */
  readonly imports: readonly Words[];
}

export interface ReadPlay {
  readonly play: Play;
  readonly notes: PlayNotes;
  /** Where its login is said. */
  readonly login: Readonly<Record<keyof Login, Span | null>>;
}

export async function readPlay(reading: Reading, map: MapNode, place: PlayPlace): Promise<ReadPlay> {
  checkKeys(reading, map, 'play');
  const { number, imports } = place;
  const path = place.path.at(-1) ?? '';
  const file = posix.basename(path).replace(/\.[^.]*$/, '');
  const base = outermost(reading, map, place);
  const { play: notes, hosts } = base;
  const prompts = promptsOf(reading, map);
  const vars = await playVars(reading, base, map, { prompts, imports });
  const here = insidePlay(reading, base, map, { vars, imports });
  const start = `${file}/${number}.`;
  const gates = await gatesOf(reading, here, map, start);
  const sections = await sectionsOf(reading, here, map, start);
  const own = await readHandlers(reading, here, listAt(reading, pairOf(map, 'handlers')), n => `${start}h${n}`);
  const handlers = merged(reading, await roleHandlers(reading, notes, start), own);
  checkNotified(reading, notes, handlers);
  const when = imports.flatMap(
    one => conditionsAt(reading, { ...here, source: one.source }, pairOf(one.map, 'when')) ?? [],
  );
  const ofZones = sayingOfZones(reading, map);
  const onEvent = tellingsOf(reading, here, map);
  const roles = notes.roles.filter(one => one.isPublic).map(one => one.role);
  const play: Play = {
    ...{ number, file, hosts, prompts: prompts.map(({ at: _, ...prompt }) => prompt) },
    name: fixedTextAt(reading, here, map, 'name') ?? file,
    at: map.pairs[0]?.keySpan ?? map.span,
    ...limitsOf(reading, map, hosts.length),
    ...wavesOf(reading, map),
    ...(onEvent.length === 0 ? {} : { onEvent }),
    gatherFacts: truthAt(reading, map, 'gather_facts'),
    login: { user: fixedTextAt(reading, here, map, 'remote_user'), port: countAt(reading, map, 'port', 1) },
    vars: Object.assign({ ...vars }, ...roles.map(role => role.vars)),
    defaults: Object.assign({}, ...roles.map(role => role.defaults)),
    sections: withGates(
      gates,
      hosts,
      sections.map(section => ({ ...section, entries: ofZones(guarded(section.entries, when)) })),
    ).filter(section => section.letter === 't' || section.entries.length > 0),
    handlers: handlers.map(one => ({ ...one, when: [...when, ...one.when] })),
  };
  const placeOf = (key: string): Span | null => pairOf(map, key)?.value.span ?? null;
  return { play, notes, login: { user: placeOf('remote_user'), port: placeOf('port') } };
}

/** Where nothing of the play has been said yet. */
function outermost(reading: Reading, map: MapNode, place: PlayPlace): Here {
  const path = place.path.at(-1) ?? '';
  const notes: PlayNotes = {
    uses: [],
    given: new Map(),
    notified: [],
    wrongHandlers: [],
    lost: [],
    roles: [],
    rolesDone: new Set(),
  };
  const source = sourceOf(path, reading.texts[path] ?? '');
  const hosts = hostsOf(reading, source, map, place.limit);
  return {
    source,
    ...{ folder: posix.dirname(path), path: place.path, play: notes, hosts },
    ...{ down: NOTHING_HANDED_DOWN, role: null, roles: [], layers: [], defaults: [], local: [] },
  };
}

function insidePlay(
  reading: Reading,
  base: Here,
  map: MapNode,
  { vars, imports }: { readonly vars: Layer; readonly imports: readonly Words[] },
): Here {
  const said = pairOf(map, 'vars')?.value;
  // A name that can be no variable has been told, and its uses are no second mistake.
  const local = [...Object.keys(vars), ...(said?.is === 'map' ? said.pairs.map(pair => pair.key) : [])];
  const notes = base.play;
  for (const use of notes.uses.splice(0)) notes.uses.push({ ...use, local });
  const tags = imports.flatMap(one => textsAt(reading, one.map, 'tags', true).map(tag => tag.text));
  const here: Here = { ...base, layers: [vars], local, down: { ...base.down, tags } };
  return { ...here, down: handedDown(reading, here, map) };
}

/** Roles come before tasks, in the same section: their handlers are flushed together. */
async function sectionsOf(reading: Reading, here: Here, map: MapNode, start: string): Promise<readonly Section[]> {
  const list = (key: string) => listAt(reading, pairOf(map, key));
  const entries = (key: string, letter: string) => readEntries(reading, here, list(key), n => `${start}${letter}${n}`);
  const before = await entries('pre_tasks', 'p');
  const roles = await readRoles(
    { reading, readList: readEntries, isPublic: true },
    here,
    list('roles'),
    n => `${start}r${n}`,
  );
  const tasks = await entries('tasks', 't');
  return [
    { letter: 'p', entries: before },
    { letter: 't', entries: [...roles, ...tasks] },
    { letter: 'o', entries: await entries('post_tasks', 'o') },
  ];
}
