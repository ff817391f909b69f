// What every view knows of a run: the model's state, and beside it what only people want, when things happened, the
// last words of a host, where each zone was seen. One fold over the journal's lines, made for millions of them; it
// judges nothing and prints nothing.
import type { Event, Stamped } from '../model/event.ts';
import { empty, fold } from '../model/fold.ts';
import { type ActionId, type HostName, hostName, laneName, laneNameOf } from '../model/ids.ts';
import type { RunState } from '../model/state.ts';
import { visible, visibleLines } from '../text/visible.ts';
import { ZoneTrails } from './zone-trails.ts';

export interface Progress {
  readonly text: string;
  readonly zone: string | null;
  readonly done: number | null;
  readonly total: number | null;
  readonly at: number;
}

/** The times and words of one action. Times are epoch milliseconds, null until it happened. */
export interface ActionTale {
  readonly on: HostName;
  startedAt: number | null;
  endedAt: number | null;
  undoStartedAt: number | null;
  undoEndedAt: number | null;
  /** The newest lines of output, visible. */
  words: readonly string[];
  /** Newest by zone; the empty name is for progress that is about no zone. */
  readonly progress: Map<string, Progress>;
  looks: number;
}

export interface LaneTale {
  firstAt: number;
  lastAt: number;
}

const WORDS_KEPT = 8;

type Line = Stamped;

export class Story {
  state: RunState = empty;
  startedAt: number | null = null;
  endedAt: number | null = null;
  /** Of the newest line. */
  at = 0;
  by = '';
  readonly actions = new Map<ActionId, ActionTale>();
  readonly lanes = new Map<string, LaneTale>();
  readonly zones = new ZoneTrails();
  readonly notes: { readonly level: 'note' | 'warning'; readonly text: string }[] = [];
  /** What was carried out and isn't as in the plan that was approved, in words. */
  readonly differs: string[] = [];
  /** The newest line of output of the whole run. */
  lastWords: { readonly action: ActionId; readonly on: HostName; readonly text: string } | null = null;

  see(line: Line): void {
    this.state = fold(this.state, line);
    this.at = line.at;
    this.zones.see(line);
    this.#times(line);
    this.#told(line);
  }

  #times(line: Line): void {
    switch (line.type) {
      case 'run-started':
        this.startedAt = line.at;
        this.by = visible(line.by);
        break;
      case 'run-ended':
        this.endedAt = line.at;
        break;
      case 'operator-said':
        this.endedAt = null;
        break;
      case 'action-started':
        this.#tale(line.action.id, line.action.on).startedAt = line.at;
        this.#touch(laneName(line.action.lane), line.at);
        break;
      case 'action-ended':
        this.#ended(line);
        break;
      case 'undo-started':
        this.#tale(line.action).undoStartedAt = line.at;
        break;
      case 'undo-ended':
        this.#tale(line.action).undoEndedAt = line.at;
        this.#touch(laneNameOf(line.action), line.at);
        break;
      case 'wave-planned':
        this.differs.push(...line.differs.map(visible));
        break;
      case 'turned':
      case 'task-skipped':
        this.#touch(laneName(line.lane), line.at);
        break;
      default:
    }
  }

  #ended(line: Extract<Line, { type: 'action-ended' }>): void {
    const tale = this.#tale(line.action, line.born?.on);
    tale.endedAt = line.at;
    tale.progress.clear();
    this.#touch(laneNameOf(line.action), line.at);
  }

  #told(line: Event & { readonly at: number }): void {
    switch (line.type) {
      case 'output': {
        const tale = this.#tale(line.action, line.on);
        const lines = visibleLines(line.text).filter(text => text.trim() !== '');
        tale.words = [...tale.words, ...lines].slice(-WORDS_KEPT);
        const newest = lines.at(-1);
        if (newest !== undefined) this.lastWords = { action: line.action, on: line.on, text: newest };
        break;
      }
      case 'progress': {
        const { zone, done, total, at } = line;
        this.#tale(line.action, line.on).progress.set(zone ?? '', { text: visible(line.text), zone, done, total, at });
        break;
      }
      case 'looked':
        if (line.action !== null) this.#tale(line.action, line.on).looks += 1;
        break;
      case 'noted':
        this.notes.push({ level: line.level, text: visible(line.text) });
        break;
      default:
    }
  }

  #tale(id: ActionId, on?: HostName): ActionTale {
    const found = this.actions.get(id);
    if (found) return found;
    const made: ActionTale = {
      on: on ?? hostName(laneNameOf(id)),
      startedAt: null,
      endedAt: null,
      undoStartedAt: null,
      undoEndedAt: null,
      words: [],
      progress: new Map(),
      looks: 0,
    };
    this.actions.set(id, made);
    return made;
  }

  #touch(lane: string, at: number): void {
    const tale = this.lanes.get(lane);
    if (tale) tale.lastAt = at;
    else this.lanes.set(lane, { firstAt: at, lastAt: at });
  }
}

export function storyOf(lines: Iterable<Stamped>): Story {
  const story = new Story();
  for (const line of lines) story.see(line);
  return story;
}
