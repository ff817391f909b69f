// One run in memory: a journal that can break off, a clock that only waits can move, and a trace of what was done.
import type { Action, Verdict } from '../../src/model/action.ts';
import type { Event, Law, Stamped } from '../../src/model/event.ts';
import { type RunId, runId } from '../../src/model/ids.ts';
import type { Ledger } from '../../src/model/ledger.ts';
import type { Plan } from '../../src/model/plan.ts';
import type { Clock, Fetched, Host, Journal, Keep, PlanWave } from '../../src/model/ports.ts';
import type { RunState } from '../../src/model/state.ts';
import type { Catalogue } from '../../src/model/step.ts';
import type { Evaluate } from '../../src/model/value.ts';
import type { Ran } from '../../src/run/loop.ts';
import type { RunPorts, Said } from '../../src/run/ports.ts';
import type { HostName } from '../../src/model/ids.ts';
import { evaluate as tiny } from './evaluate.ts';

export class Crash extends Error {}

export class MemoryJournal implements Journal {
  readonly events: Stamped[];
  /** Its n-th event is the last that reaches the disk. */
  readonly #last: number;
  /** `silent`: whoever waits for the last one waits for ever, as a process that is gone. `loud`: the next append fails. */
  readonly #death: 'silent' | 'loud';
  readonly died: Promise<void>;
  #die: () => void = () => undefined;

  constructor(events: readonly Stamped[] = [], last = Number.POSITIVE_INFINITY, death: 'silent' | 'loud' = 'loud') {
    this.events = [...events];
    this.#last = last;
    this.#death = death;
    this.died = new Promise(resolve => {
      this.#die = resolve;
    });
  }

  append<E extends Event>(event: E): Promise<Stamped<E>> {
    if (this.events.length >= this.#last) {
      this.#die();
      return this.#death === 'loud' ? Promise.reject(new Crash('gone')) : new Promise(() => undefined);
    }
    const stamped = { ...event, v: 1, seq: this.events.length + 1, at: 0, prev: '' } as Stamped<E>;
    this.events.push(stamped);
    const isLast = this.events.length === this.#last && this.#death === 'silent';
    if (isLast) this.#die();
    return isLast ? new Promise(() => undefined) : Promise.resolve(stamped);
  }

  async *read(): AsyncIterable<Stamped> {
    yield* this.events;
  }

  laws<T extends Law['type']>(type: T): readonly Extract<Law, { readonly type: T }>[] {
    return this.events.filter(event => event.type === type) as unknown as readonly Extract<Law, { readonly type: T }>[];
  }
}

class WaitingClock implements Clock {
  #ms = 0;
  readonly slept: number[] = [];
  now(): number {
    return this.#ms;
  }
  monotonicMs(): number {
    return this.#ms;
  }
  async sleep(ms: number, scale: number): Promise<void> {
    this.slept.push(ms);
    this.#ms += ms / scale;
    await Promise.resolve();
  }
}

/** As many hosts as `serial` says, in the play's order, leaving out those that turned. */
const planWave: PlanWave = (plan, state, wave) => {
  const play = plan.program.plays[wave.play - 1];
  const had = Object.values(state.waves).flatMap(one => (one.wave.play === wave.play ? (one.plan?.hosts ?? []) : []));
  const left = (play?.hosts ?? []).filter(host => !had.includes(host) && !state.lanes.get(host)?.turned);
  const share = play?.serial[0];
  const size = share?.is === 'hosts' ? share.count : left.length;
  return { is: 'planned', plan: { wave, hosts: left.slice(0, size), migrations: [], staying: [] }, notes: [] };
};

const ledger: Ledger = {
  away: [],
  perhaps: [],
  stayed: [],
  stays: [],
  formerTargets: [],
  unread: [],
  window: () => 'unheard-of',
};

export interface Setting {
  readonly plan: Plan;
  readonly catalogue: Catalogue;
  readonly hosts: (name: HostName) => Host;
  readonly ahead?: (hosts: readonly HostName[]) => void;
  readonly journal?: MemoryJournal;
  readonly evaluate?: Evaluate;
  readonly planWave?: PlanWave;
  readonly observe?: RunPorts['observe'];
  readonly maxInFlight?: number;
  readonly clock?: Clock;
  readonly run?: RunId;
  readonly ledgerBefore?: Ledger;
  /** What outlives a crash of the runner on its own side; without it nothing is kept. */
  readonly keep?: Keep;
  readonly fetched?: Fetched;
  readonly post?: RunPorts['post'];
  readonly ask?: RunPorts['ask'];
  readonly remarks?: RunPorts['remarks'];
  readonly openSecret?: RunPorts['openSecret'];
  /** What lies beside the playbook; nothing unless said. */
  readonly localFile?: (path: string) => Promise<Uint8Array | null>;
  /** Called with each durable event; may speak as the operator. */
  readonly onEvent?: (event: Stamped, say: (word: Said['word']) => void) => void;
}

export function portsOf(setting: Setting): RunPorts & { readonly journal: MemoryJournal } {
  let hear: (said: Said) => void = () => undefined;
  const say = (word: Said['word']): void => hear({ word, who: 'joan', host: null });
  return {
    ...{ plan: setting.plan, planDigest: 'digest', run: setting.run ?? runId('0000beef'), by: 'joan', values: {} },
    ...{ catalogue: setting.catalogue, evaluate: setting.evaluate ?? tiny, planWave: setting.planWave ?? planWave },
    journal: setting.journal ?? new MemoryJournal(),
    openSecret: setting.openSecret ?? (() => 0),
    hosts: setting.hosts,
    ahead: setting.ahead ?? (() => undefined),
    observe: setting.observe ?? (() => Promise.resolve({ facts: {}, silent: {} })),
    clock: setting.clock ?? new WaitingClock(),
    keep: setting.keep ?? { put: () => Promise.resolve(''), get: () => Promise.resolve(null) },
    localFile: setting.localFile ?? (() => Promise.resolve(null)),
    fetched: setting.fetched ?? {
      read: () => Promise.resolve(null),
      write: () => Promise.resolve('there is no disk here'),
    },
    ledgerBefore: setting.ledgerBefore ?? ledger,
    listen(listener) {
      hear = listener;
      return () => undefined;
    },
    remarks: setting.remarks ?? (() => () => undefined),
    ask: setting.ask ?? null,
    post: setting.post ?? (() => Promise.resolve({ is: 'not-sent', why: 'there is no network here' })),
    maxInFlight: setting.maxInFlight ?? 50,
    subscribers: [event => setting.onEvent?.(event, say)],
  };
}

export interface Told {
  readonly verdict: Verdict;
  readonly why: string;
  readonly state: RunState;
  readonly journal: MemoryJournal;
  /** `id outcome`, in the order in which actions ended; undos as `undo id outcome`. */
  readonly story: readonly string[];
}

export function tell(ran: Ran, journal: MemoryJournal): Told {
  const story = journal.events.flatMap(event => {
    if (event.type === 'action-ended') return [`${short(event.action)} ${event.outcome}`];
    if (event.type === 'undo-ended') return [`undo ${short(event.action)} ${event.outcome}`];
    if (event.type === 'task-skipped')
      return [`${short(event.task)}@${event.lane.is === 'host' ? event.lane.host : event.lane.is} skipped`];
    return [];
  });
  return { ...ran, journal, story };
}

const short = (id: Action['id'] | Action['task']): string => id.replace(/^toy\/1\./, '');
