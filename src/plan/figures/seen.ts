// What journals of earlier runs have shown of how long things take: each action that was really done, and migrations
// beside those that went on at the same time. Nothing here says what follows from it for a forecast.
import type { Action } from '../../model/action.ts';
import type { Law, Stamped } from '../../model/event.ts';
import { type HostName, hostName, laneName } from '../../model/ids.ts';
import { isArray, isObject, type Json, type JsonObject } from '../../text/json.ts';
import { kindOf } from './kind.ts';
import type { Flow } from './transfer.ts';

const GiB = 1024 ** 3;

/** One action that came to its end. */
export interface Sample {
  readonly ms: number;
  /** False: it found nothing to do, or only looks. */
  readonly changed: boolean;
  /** Processors of the host it was on; null: not known. */
  readonly cpuClass: string | null;
}

/** What one host sent away or brought home in one action. */
export interface Copied {
  readonly batches: readonly (readonly Flow[])[];
  readonly ms: number;
}

export interface Seen {
  /** By kind of action. */
  readonly actions: Readonly<Record<string, readonly Sample[]>>;
  /** In each list those that went on at the same time. */
  readonly copies: readonly (readonly Copied[])[];
}

export const NOTHING_SEEN: Seen = { actions: {}, copies: [] };

/** What a journal doesn't say of its run. */
export interface Around {
  /** By which the clock of a host is faster than ours: 1 on a real host. */
  readonly scale: (host: HostName) => number;
  readonly cpuClass: (host: HostName) => string | null;
  /** Hosts of this play don't wait for one another. */
  readonly goesFreely: (play: number) => boolean;
}

export function seenIn(events: Iterable<Stamped>, around: Around, before = NOTHING_SEEN): Seen {
  const reading = new Reading(around);
  for (const event of events) reading.take(event);
  return reading.seen(before);
}

interface Begun {
  readonly action: Action;
  readonly at: number;
}

class Reading {
  readonly #around: Around;
  readonly #begun = new Map<string, Begun>();
  readonly #samples: { readonly kind: string; readonly sample: Sample }[] = [];
  /** By wave and task. */
  readonly #copies = new Map<string, Copied[]>();
  readonly #gib = new Map<string, number>();
  readonly #laneAt = new Map<string, number>();
  #wave = { play: 0, n: 0 };
  #waveAt = 0;
  /** The newest task, when it was last heard of, and when the others were. */
  #newest = { task: '', at: 0, othersAt: 0 };

  constructor(around: Around) {
    this.#around = around;
  }

  take(event: Stamped): void {
    switch (event.type) {
      case 'observed':
      case 'wave-planned':
      case 'operator-said':
      case 'answered':
        this.#wave = 'wave' in event ? event.wave : this.#wave;
        this.#waveAt = event.at;
        this.#passes('', event.at);
        return;
      case 'task-skipped':
      case 'block-entered':
      case 'loop-fixed':
        this.#laneAt.set(laneName(event.lane), event.at);
        this.#passes(event.task, event.at);
        return;
      case 'action-started':
        this.#begun.set(event.action.id, { action: event.action, at: event.at });
        return;
      case 'action-ended':
        this.#ended(event);
        return;
      default:
    }
  }

  seen(before: Seen): Seen {
    const actions: Record<string, readonly Sample[]> = { ...before.actions };
    for (const { kind, sample } of this.#samples) actions[kind] = [...(actions[kind] ?? []), sample];
    return { actions, copies: [...before.copies, ...this.#copies.values()] };
  }

  #passes(task: string, at: number): void {
    const { task: newest, at: newestAt } = this.#newest;
    this.#newest = newest === task ? { ...this.#newest, at } : { task, at, othersAt: newestAt };
  }

  #ended(event: Stamped<Extract<Law, { readonly type: 'action-ended' }>>): void {
    const begun = this.#begun.get(event.action);
    const action = begun?.action ?? event.born;
    if (action === null || action === undefined) return;
    const startedAt = begun?.at ?? this.#turnOf(action);
    this.#laneAt.set(laneName(action.lane), event.at);
    this.#passes(action.task, event.at);
    const done = (event.outcome === 'changed' || event.outcome === 'unchanged') && event.result['skipped'] !== true;
    if (!done || action.hidden) return;
    const ms = (event.at - startedAt) * this.#around.scale(action.on);
    const arg = (name: string): Json | null => action.args[name] ?? null;
    const moved = movesIn(action, event.result);
    const each = action.args['dry_run'] === true ? Math.max(1, listIn(action.args['moves']).length) : 1;
    const changed = event.outcome === 'changed';
    const cpuClass = this.#around.cpuClass(action.on);
    this.#samples.push({ kind: kindOf(action.step, arg), sample: { ms: ms / each, changed, cpuClass } });
    if (changed && moved.length > 0) this.#copied(action, moved, ms);
  }

  /** It began when its lane was through with what came before, and, where hosts wait for one another, the others were, too. */
  #turnOf(action: Action): number {
    const own = this.#laneAt.get(laneName(action.lane)) ?? 0;
    const { task, at, othersAt } = this.#newest;
    const others = this.#around.goesFreely(this.#wave.play) ? 0 : task === action.task ? othersAt : at;
    return Math.max(own, others, this.#waveAt);
  }

  #copied(action: Action, moved: readonly Moved[], ms: number): void {
    for (const { zone, gib } of moved) if (gib !== null) this.#gib.set(zone, gib);
    const flows = moved.map(({ zone, from, to }) => ({ from, to, bytes: (this.#gib.get(zone) ?? 0) * GiB }));
    const said = action.args['batch'];
    const batches = cutInto(flows, typeof said === 'number' ? said : null);
    const key = `${this.#wave.play}/${this.#wave.n} ${action.task}`;
    this.#copies.set(key, [...(this.#copies.get(key) ?? []), { batches, ms }]);
  }
}

interface Moved {
  readonly zone: string;
  readonly from: HostName;
  readonly to: HostName;
  /** null: this action doesn't say. */
  readonly gib: number | null;
}

/** Zones that came over running: the others have no memory to copy. */
function movesIn({ step, args }: Action, result: JsonObject): readonly Moved[] {
  if (step !== 'zones.evacuate' && step !== 'zones.return') return [];
  const sizes = new Map(listIn(args['moves']).map(one => [one['zone'], one['gib']]));
  return listIn(result['migrated']).flatMap(({ zone, from, to, was }) => {
    if (was !== 'running' || typeof zone !== 'string' || typeof from !== 'string' || typeof to !== 'string') return [];
    const gib = sizes.get(zone);
    return [{ zone, from: hostName(from), to: hostName(to), gib: typeof gib === 'number' ? gib : null }];
  });
}

const listIn = (json: Json | undefined): readonly JsonObject[] =>
  json !== undefined && isArray(json) ? json.filter(isObject) : [];

/** @param size null: all at once. */
export function cutInto<T>(all: readonly T[], size: number | null): readonly (readonly T[])[] {
  const each = Math.max(1, size ?? all.length);
  return Array.from({ length: Math.ceil(all.length / each) }, (_, n) => all.slice(n * each, (n + 1) * each));
}
