// The run: ask decide, start what it says, write down every event before anything is done that rests on it, ask again.
// One queue of one for gate, fold and append. What is folded may be looked upon while the disk is busy: a look changes
// nothing, and the start of a change is written behind everything it rests on.
import { setMaxListeners } from 'node:events';
import PQueue from 'p-queue';
import type { Verdict } from '../model/action.ts';
import { type Event, isLaw, type Law, type Stamped } from '../model/event.ts';
import { fold } from '../model/fold.ts';
import { laneName } from '../model/ids.ts';
import { presentWave, type RunState } from '../model/state.ts';
import { never } from '../text/never.ts';
import { type Decide, decider } from './decide.ts';
import { mayStart } from './gate.ts';
import { ASKING, type Move, type Next, OBSERVING } from './next.ts';
import type { RunPorts } from './ports.ts';
import { unanswered } from './question.ts';
import { hostsAhead } from './waves.ts';
import { Stage } from './stage.ts';

/** How a run ended: `run-ended` is on disk. */
export interface Ran {
  readonly verdict: Verdict;
  readonly why: string;
  readonly state: RunState;
}

interface Proposal {
  readonly event: Event;
  /** The move it comes from; null for words of the operator and what is only told. */
  readonly move: Move | null;
  /** False: it was refused, and whoever proposed it must not go on. */
  readonly answer: (accepted: boolean) => void;
}

function nameOf(move: Move): string {
  if (move.is === 'observe') return OBSERVING;
  return move.is === 'ask' ? ASKING : laneName(move.lane);
}

/** With which a move is over. */
const LAST: readonly Event['type'][] = ['action-ended', 'undo-ended', 'observed', 'answered'];

/** Whether decide could answer differently after it: a move that goes on its way changes nothing for the others. */
function isNews(event: Event): boolean {
  return (
    isLaw(event) && event.type !== 'action-started' && event.type !== 'attempt-ended' && event.type !== 'undo-started'
  );
}

/** As long as more is decided than there are slots for, good news can wait: deciding looks at every host of the wave. */
function isUrgent(event: Event): boolean {
  if (event.type === 'action-ended') return event.outcome === 'failed' || event.outcome === 'unknown';
  return isNews(event);
}

/** So many questions in a row may be answered at once. */
const MOST_RESTLESS = 20;
/** A decision looks at every host of its wave: where they are many, it is made for more than one event at a time. */
const LONG_DECISION_MS = 2;
const REST_FOR_DECISION = 4;
const STARTED_AT_ONCE = 32;
/** A wave that is over so soon is over before the logins of the next ones are. */
const QUICK_WAVE_MS = 3_000;

export class Loop {
  readonly #ports: RunPorts;
  readonly #decide: Decide;
  readonly #stage: Stage;
  readonly #slots: PQueue;
  readonly #inFlight = new Map<string, Move>();
  readonly #abort = new AbortController();
  #state: RunState;
  readonly #proposals: Proposal[] = [];
  #wake: () => void = () => undefined;
  /** Something happened since decide was last asked. */
  #news = true;
  /** It can't wait until a move that was decided before gets its turn. */
  #urgent = true;
  #closed = false;
  /** The wave whose successors were announced, and when. */
  #announced = { seq: 0, atMs: -Infinity };
  #bug: { readonly error: unknown } | null = null;
  /** Resolves when all that was folded is durable and told. */
  #written: Promise<void> = Promise.resolve();
  /** Questions in a row that were answered without waiting for anything. */
  #restless = 0;
  /** So long nothing is decided. */
  #restMs = 0;

  constructor(ports: RunPorts, state: RunState) {
    const { plan, evaluate, catalogue, planWave } = ports;
    this.#ports = ports;
    this.#state = state;
    // Whoever waits on any host listens.
    setMaxListeners(0, this.#abort.signal);
    this.#decide = decider({ plan, evaluate, catalogue, planWave });
    this.#slots = new PQueue({ concurrency: ports.maxInFlight });
    this.#stage = new Stage(ports, {
      state: () => this.#state,
      abort: this.#abort.signal,
      tell: async told => void (await this.#propose(told, null)),
    });
  }

  async run(): Promise<Ran> {
    const hush = this.#ports.listen(said => this.#hear({ type: 'operator-said', ...said }));
    const quiet = this.#ports.remarks(told => this.#propose(told, null));
    try {
      for (;;) {
        const end = await this.#turn();
        if (end !== null) return end;
      }
    } finally {
      this.#closed = true;
      hush();
      quiet();
    }
  }

  /** One turn of the queue, then one question. */
  async #turn(): Promise<Ran | null> {
    if (this.#bug !== null) throw this.#bug.error;
    this.#commit(this.#proposals.splice(0));
    if (!this.#news || (this.#slots.size > 0 && !this.#urgent)) {
      this.#restless = 0;
      if (this.#proposals.length === 0 && this.#bug === null) await this.#sleep();
      return null;
    }
    this.#restless += 1;
    if (this.#restMs > 0 || this.#restless > MOST_RESTLESS) return this.#rest();
    this.#news = false;
    this.#urgent = false;
    const next = this.#decided();
    switch (next.is) {
      case 'record':
        this.#commit(next.events.map(event => ({ event, move: null, answer: () => undefined })));
        return null;
      case 'moves':
        await this.#startAll(next.moves);
        return null;
      case 'ask':
        if (this.#ports.ask === null) return this.#end(next.verdict, unanswered(next.move.question));
        await this.#startAll([next.move]);
        return null;
      case 'end':
        return this.#end(next.verdict, next.why);
      default:
        return never(next);
    }
  }

  async #end(verdict: Verdict, why: string): Promise<Ran> {
    await this.#allWritten();
    await this.#stage.leftAlone();
    const lastWords = this.#proposals.splice(0).filter(({ event }) => !isLaw(event));
    const end: Event = { type: 'run-ended', verdict, why };
    this.#commit([...lastWords, { event: end, move: null, answer: () => undefined }]);
    await this.#allWritten();
    await this.#stage.tidied();
    return { verdict, why, state: this.#state };
  }

  #decided(): Next {
    const begunMs = this.#ports.clock.monotonicMs();
    const next = this.#decide(this.#state, this.#inFlight);
    const tookMs = this.#ports.clock.monotonicMs() - begunMs;
    if (tookMs >= LONG_DECISION_MS) this.#restMs = tookMs * REST_FOR_DECISION;
    return next;
  }

  /**
   * Others get their turn, too: connections are to be kept alive. What comes meanwhile is written down at once, and
   * decided upon together; when nobody is at work any more nothing comes, and nobody waits.
   */
  async #rest(): Promise<null> {
    const restMs = this.#restMs;
    this.#restless = 0;
    this.#restMs = 0;
    await this.#allWritten();
    if (restMs === 0 || this.#inFlight.size === 0) return null;
    const enough = new AbortController();
    const rested = this.#ports.clock.sleep(restMs, 1, enough.signal).then(() => enough.abort());
    while (this.#inFlight.size > 0 && !enough.signal.aborted) {
      if (this.#bug !== null) break;
      this.#commit(this.#proposals.splice(0));
      if (this.#inFlight.size > 0) await Promise.race([rested, this.#sleep()]);
    }
    enough.abort();
    return null;
  }

  async #allWritten(): Promise<void> {
    await this.#written;
    if (this.#bug !== null) throw this.#bug.error;
  }

  /** Gate, fold, append: in the order they were proposed, durable together. */
  #commit(proposals: readonly Proposal[]): void {
    if (proposals.length === 0) return;
    const appended = proposals.map((proposal): Promise<Stamped | null> => {
      const passes = this.#passes(this.#state, proposal);
      if (passes) this.#state = fold(this.#state, proposal.event);
      this.#folded(proposal, passes);
      return passes ? this.#ports.journal.append(proposal.event) : Promise.resolve(null);
    });
    const all = Promise.all(appended);
    const before = this.#written;
    this.#written = this.#inTurn(before, all, proposals);
  }

  async #inTurn(before: Promise<void>, all: Promise<readonly (Stamped | null)[]>, proposals: readonly Proposal[]) {
    const outcomes = await Promise.allSettled([before, all]);
    const [, stamped] = outcomes;
    try {
      if (stamped.status === 'rejected') throw stamped.reason;
      if (this.#bug !== null) return;
      for (const [at, proposal] of proposals.entries()) this.#settled(proposal, stamped.value[at] ?? null);
    } catch (error) {
      this.#bug ??= { error };
      this.#wake();
    }
  }

  #passes(state: RunState, { event, move }: Proposal): boolean {
    return move === null || event.type !== 'action-started' || mayStart(this.#ports, state, move);
  }

  #folded({ event, move, answer }: Proposal, accepted: boolean): void {
    this.#news ||= !accepted || isNews(event);
    this.#urgent ||= isUrgent(event);
    if (move !== null && (LAST.includes(event.type) || !accepted)) this.#inFlight.delete(nameOf(move));
    // What only looked has nothing to go on with: another may look while its end is being written.
    if (accepted && event.type === 'action-ended' && event.born !== null) answer(true);
    // A login is no effect: it waits for no disk.
    if (event.type === 'action-ended') this.#announce();
  }

  #settled({ event, answer }: Proposal, stamped: Stamped | null): void {
    if (stamped !== null) for (const subscriber of this.#ports.subscribers) subscriber(stamped);
    if (stamped !== null && (event.type === 'action-ended' || event.type === 'undo-ended'))
      this.#stage.ended(event.action);
    if (event.type === 'operator-said' && event.word === 'now') this.#abort.abort();
    answer(stamped !== null);
  }

  /** Once a wave, and when it is under way: what it says of the next hosts is to hold up none of its own. */
  #announce(): void {
    const wave = presentWave(this.#state);
    if (wave === null || wave.seq === this.#announced.seq) return;
    const atMs = this.#ports.clock.monotonicMs();
    const pace = atMs - this.#announced.atMs < QUICK_WAVE_MS ? 'quick' : 'usual';
    this.#announced = { seq: wave.seq, atMs };
    this.#ports.ahead(hostsAhead(this.#ports, this.#state, wave, pace));
  }

  /** Others get their turn between: what the first words of a thousand moves take is felt on every connection. */
  async #startAll(moves: readonly Move[]): Promise<void> {
    for (const [at, move] of moves.entries()) {
      if (at > 0 && at % STARTED_AT_ONCE === 0) await this.#ports.clock.sleep(0, 1);
      this.#start(move);
    }
  }

  #start(move: Move): void {
    const name = nameOf(move);
    if (this.#inFlight.has(name)) throw new Error(`${name} has a move already`);
    this.#inFlight.set(name, move);
    const over = (): void => {
      if (this.#inFlight.get(name) === move) this.#inFlight.delete(name);
      this.#news = true;
      this.#wake();
    };
    const failed = (error: unknown): void => {
      this.#bug ??= { error };
    };
    const drive = (): Promise<void> => this.#drive(move).catch(failed).finally(over);
    void this.#slots.add(drive, { priority: Number(move.is === 'undo') });
  }

  /** The performing code isn't resumed until its event is durable; a refused event ends it there. */
  async #drive(move: Move): Promise<void> {
    // Everything else begins with a look.
    if (move.is === 'undo' || (move.is === 'apply' && move.resumed)) await this.#written;
    if (this.#closed || !mayStart(this.#ports, this.#state, move)) return;
    for await (const event of this.#stage.play(move)) if (!(await this.#propose(event, move))) return;
  }

  #propose(event: Event, move: Move | null): Promise<boolean> {
    if (this.#closed) return Promise.resolve(false);
    return new Promise(answer => {
      this.#proposals.push({ event, move, answer });
      this.#wake();
    });
  }

  #hear(event: Law): void {
    void this.#propose(event, null);
  }

  #sleep(): Promise<void> {
    return new Promise(resolve => {
      this.#wake = resolve;
    });
  }
}
