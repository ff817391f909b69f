// The handlers of a play: those of its roles first, then its own, and what tasks may call them.
import { taskId } from '../../model/ids.ts';
import { type TaskEntry } from '../../model/program.ts';
import { andAt, problem } from '../../text/diagnostic.ts';
import { nearest } from '../../text/nearest.ts';
import { readHandlers } from '../task/handlers.ts';
import { taskList } from '../task/included.ts';
import type { MapNode } from '../yaml/node.ts';
import { complain, type PlayNotes, type Reading } from './reading.ts';

/** @param start what ids of the play begin with: `site/1.`. */
export async function roleHandlers(reading: Reading, notes: PlayNotes, start: string): Promise<readonly TaskEntry[]> {
  const all: TaskEntry[] = [];
  for (const { role, here } of notes.roles) {
    const { handlers: file } = role;
    if (file === null) continue;
    const inFile = { ...here, source: file.source, path: [...here.path, file.path] };
    const items = taskList(reading, file.node, file.path);
    const found = await readHandlers(reading, inFile, items, n => taskId(`${start}h.${role.name}.${n}`));
    const vars = here.layers[0] ?? {};
    const told = (one: TaskEntry): TaskEntry => ({
      ...one,
      vars: { ...vars, ...one.vars },
      defaults: role.defaults,
      listen: [...one.listen, `${role.name} : ${one.name}`],
    });
    all.push(...found.map(told));
  }
  return all;
}

/** As in Ansible: of two handlers with one name the later one has it; a role's is then known by the role's name alone. */
export function merged(reading: Reading, roles: readonly TaskEntry[], own: readonly TaskEntry[]): readonly TaskEntry[] {
  for (const [index, one] of own.entries()) {
    const first = own.findIndex(other => other.name === one.name);
    const before = own[first];
    if (first === index || before === undefined || one.name === one.step) continue;
    const twice = problem(
      'duplicate-key',
      one.at,
      `two handlers are called "${one.name}"`,
      'let both "listen" to one name',
    );
    complain(reading, andAt(twice, before.at, 'it is called so here, too'));
  }
  const all = [...roles, ...own];
  return all.map((one, index) => {
    const hidden = index < roles.length && all.slice(index + 1).some(other => other.name === one.name);
    return hidden ? { ...one, name: one.listen.at(-1) ?? one.name } : one;
  });
}

/** Complains about what tasks notify and nobody hears. */
export function checkNotified(reading: Reading, notes: PlayNotes, handlers: readonly TaskEntry[]): void {
  if (notes.lost.length > 0) return;
  const right = handlers.flatMap(handler => [handler.name, ...handler.listen]);
  const names = new Set([...right, ...notes.wrongHandlers]);
  const missing = notes.notified.filter(({ name }) => !names.has(name));
  // With a placeholder it may be another one on each of a thousand hosts.
  const firstAtPlace = new Map(missing.toReversed().map(one => [one.at, one]));
  for (const one of missing)
    if (firstAtPlace.get(one.at) === one) complain(reading, noHandler(one.name, one.at, [...names]));
}

function noHandler(name: string, at: MapNode['span'], names: readonly string[]): ReturnType<typeof problem> {
  const near = nearest(name, names);
  const help =
    near !== null
      ? `did you mean "${near}"?`
      : names.length > 0
        ? `the handlers are: ${names.join(', ')}`
        : 'write it under "handlers:" of the play';
  return problem('unknown-handler', at, `no handler is called "${name}"`, help);
}
