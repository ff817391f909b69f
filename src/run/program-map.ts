// Where each entry of a program stands: its play, and its place in the order of the text, by which hosts in step wait
// for one another. Worked out once a program.
import type { Lane, TaskId } from '../model/ids.ts';
import { entryOf } from '../model/ids.ts';
import type { Wave } from '../model/plan.ts';
import type { EndEntry, Entry, Play, Program, Section, TaskEntry } from '../model/program.ts';
import { never } from '../text/never.ts';

export interface Mapped {
  readonly play: Play;
  readonly task: TaskEntry;
}

export interface ProgramMap {
  /** Grows with the text within a play. Handlers stand where they are flushed. */
  position(id: TaskId): number;
  /** How many entries stand inside of a block, at any depth. */
  sizeOf(id: TaskId): number;
  sectionEnd(play: Play, section: Section): number;
  /** Also for a run of a handler; null for what isn't a task. */
  find(id: TaskId): Mapped | null;
}

const maps = new WeakMap<Program, ProgramMap>();

export function mapOf(program: Program): ProgramMap {
  const made = maps.get(program);
  if (made) return made;
  const map = draw(program);
  maps.set(program, map);
  return map;
}

function draw(program: Program): ProgramMap {
  const positions = new Map<string, number>();
  const sizes = new Map<string, number>();
  const tasks = new Map<TaskId, Mapped>();
  let next = 1;
  const visit = (play: Play, entry: Entry): void => {
    const own = next++;
    positions.set(entry.id, own);
    switch (entry.is) {
      case 'task':
        tasks.set(entry.id, { play, task: entry });
        return;
      case 'block':
        for (const inner of [...entry.body, ...entry.rescue, ...entry.always]) visit(play, inner);
        sizes.set(entry.id, next - 1 - own);
        return;
      case 'flush':
      case 'end':
        return;
      default:
        never(entry);
    }
  };
  for (const play of program.plays) {
    for (const section of play.sections) {
      for (const entry of section.entries) visit(play, entry);
      positions.set(endName(play, section), next++);
    }
    for (const task of play.handlers) tasks.set(task.id, { play, task });
  }
  return {
    sizeOf: id => sizes.get(id) ?? 0,
    position: id => positions.get(id) ?? 0,
    sectionEnd: (play, section) => positions.get(endName(play, section)) ?? 0,
    find: id => tasks.get(entryOf(id)) ?? null,
  };
}

const endName = (play: Play, section: Section): string => `end of ${play.number}.${section.letter}`;

/** The lane that a task's actions belong to. */
export function laneOfTask(task: TaskEntry, own: Lane, wave: Wave): Lane {
  switch (task.once) {
    case 'no':
      return own;
    case 'run':
      return { is: 'play', play: wave.play };
    case 'wave':
      return { is: 'wave', play: wave.play, n: wave.n };
    default:
      return never(task.once);
  }
}

/** Who decides whether the play ends there: each host for itself, or one for all. */
export function laneOfEnd(end: EndEntry, own: Lane, wave: Wave): Lane {
  switch (end.of) {
    case 'host':
      return own;
    case 'wave':
      return { is: 'wave', play: wave.play, n: wave.n };
    case 'play':
      return { is: 'play', play: wave.play };
    default:
      return never(end.of);
  }
}
