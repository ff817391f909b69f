// The long commands of one move: which place each has on its host, what an earlier process left at work there, and the
// clearing away once the journal knows how it all ended.
import { createHash } from 'node:crypto';
import type { Action } from '../../model/action.ts';
import type { Command } from '../../model/command.ts';
import type { HostName, StepName } from '../../model/ids.ts';
import type { Long } from '../../model/step.ts';
import { type ToldBytes, toldBytes } from '../../model/told-output.ts';
import { never } from '../../text/never.ts';
import { isForSudo } from '../../text/shell.ts';
import type { Reach } from '../doer.ts';
import { type Far, type Said, type Supervised, wasEndedByReboot } from './job.ts';
import { forgetLine, inheritLine, readLeft } from './lines.ts';
import { Telling } from './telling.ts';
import { supervise } from './watch.ts';

export interface LongJob {
  readonly command: Command<unknown>;
  /** As it is sent, rights and all. */
  readonly line: string;
  readonly limitMs: number;
  readonly long: Long;
  readonly onOutput: (said: Said) => void;
}

/** For a line that answers at once or waits a little; a dead connection is found sooner by its keepalive. */
const ANSWER_MS = 5 * 60_000;
/** However fast a lab's time runs. */
const ANSWER_LEAST_REAL_MS = 30_000;
const WORD_LENGTH = 12;
/** It may be booting. A host that is away for longer isn't waited for: a person is to know it. */
export const ABSENT_MS = 15 * 60_000;
const ABSENT = 'it gives no answer: it is waited for, since what was begun there may be at work';

export class LongWork {
  readonly #reach: Reach;
  readonly #action: Action;
  readonly #step: StepName;
  /** How often each was started in this attempt, by its words and what it is about. */
  readonly #starts = new Map<string, number>();
  /** Hosts where something of it may lie. */
  readonly #used = new Set<HostName>();
  /** What a reboot had ended when it was taken up, by its key. */
  readonly #cutDown = new Set<string>();
  /** Names of folders of which the end was seen when they were taken up. */
  readonly #over = new Set<string>();
  /** Those of #cutDown that were seen to be still to do, after their end: each is begun anew, under the key after it. */
  readonly #toBeginAnew = new Set<string>();
  readonly #running = new Set<Promise<Supervised>>();
  #attempt = 1;

  constructor(reach: Reach, action: Action, step: StepName) {
    this.#reach = reach;
    this.#action = action;
    this.#step = step;
  }

  /** An attempt begins: what it starts is new, even if its words are the same. */
  attempt(n: number): void {
    this.#attempt = n;
    this.#starts.clear();
  }

  /** Started, or taken up where an earlier process left it. */
  run(on: HostName, job: LongJob): Promise<Supervised> {
    const running = this.#run(on, job);
    this.#running.add(running);
    return running.finally(() => this.#running.delete(running));
  }

  /** Resolves when whatever runs here was left alone, and that is told. Only for a run that stops now. */
  async leftAlone(): Promise<void> {
    await Promise.all(this.#running);
  }

  async #run(on: HostName, job: LongJob): Promise<Supervised> {
    if (job.command.stdin.length > 0) throw new Error(`${job.command.argv[0] ?? ''} is long and wants an input`);
    const words = JSON.stringify([on, this.#attempt, job.command.argv, job.long.about]);
    const { nth, key, isAnew } = this.#next(words);
    if (isAnew) await this.#note(on, 'a reboot ended it, and it is still to do: it is begun anew');
    const telling = this.#telling(on);
    const outcome = await supervise(this.#far(on), {
      work: { is: 'to-begin', place: { run: this.#reach.run, key }, line: job.line },
      bySudo: isForSudo(job.line),
      limitMs: job.limitMs,
      silenceMs: job.long.silenceMs,
      told: folder => this.#toldOf(on, folder),
      onOutput: said => {
        job.onOutput(said);
        telling.heard(said);
      },
      onTrouble: text => this.#warn(`${on}: ${this.#wordsOf(job.command)}: ${text}`),
    });
    telling.ended(outcome);
    if (outcome.is === 'ended' && outcome.ended.is === 'not-sent') return outcome;
    this.#starts.set(words, nth);
    this.#used.add(on);
    if (outcome.is === 'left-alone') this.#leaveAlone(on, job.command);
    return outcome;
  }

  /** The next of these words that may still give an answer. */
  #next(words: string): { readonly nth: number; readonly key: string; readonly isAnew: boolean } {
    const first = (this.#starts.get(words) ?? 0) + 1;
    for (let nth = first; ; nth += 1) {
      const key = `${this.#beginning()}-${short(JSON.stringify([words, nth]))}`;
      if (!this.#toBeginAnew.has(key)) return { nth, key, isAnew: nth > first };
    }
  }

  /**
   * What this move left at work when its process died or was stopped: waited for before anything is looked at.
   * @returns whether its host told what that is, and all of it was watched; otherwise something may be at work there.
   */
  async takeUp(limitMs: number): Promise<boolean> {
    const far = this.#far(this.#action.on);
    const left = await this.#left(far, limitMs);
    for (const name of left ?? []) {
      if (this.#over.has(name)) continue;
      if (!(await this.#takeUpOne(far, name, limitMs))) return false;
      this.#over.add(name);
    }
    return left !== null;
  }

  async #takeUpOne(far: Far, name: string, limitMs: number): Promise<boolean> {
    const { on } = this.#action;
    await this.#note(on, 'taking up what it had begun there');
    const telling = this.#telling(on);
    const outcome = await supervise(far, {
      work: { is: 'begun', folder: { run: this.#reach.run, name } },
      bySudo: this.#action.become.method === 'sudo',
      ...{ limitMs, silenceMs: limitMs },
      told: folder => this.#toldOf(on, folder),
      onOutput: said => telling.heard(said),
      onTrouble: text => this.#warn(`${on}: what this run had begun there: ${text}`),
    });
    telling.ended(outcome);
    if (far.stopping()) return false;
    if (wasEndedByReboot(outcome)) this.#cutDown.add(keyOf(name));
    await this.#note(on, `what it had begun there ${endOf(outcome)}`);
    return outcome.is !== 'unseen';
  }

  /** By the step's own look, which came after all that was taken up had ended: what a reboot cut down may be begun anew. */
  seenStillToDo(): void {
    for (const key of this.#cutDown) this.#toBeginAnew.add(key);
  }

  /** Called when the end of the move is on disk. What still runs keeps its folder. */
  async forget(): Promise<void> {
    const { run } = this.#reach;
    const line = forgetLine(run, [`${this.#beginning()}-`]);
    await Promise.all([...this.#used].map(on => this.#far(on).exec(line)));
  }

  get isUsed(): boolean {
    return this.#used.size > 0;
  }

  /** null: its host gave no answer, and what is at work there isn't known. */
  async #left(far: Far, limitMs: number): Promise<readonly string[] | null> {
    const until = far.now() + limitMs;
    let reachedAt = far.now();
    for (let pauseMs = 1_000; ; pauseMs = Math.min(60_000, pauseMs * 2)) {
      this.#used.add(this.#action.on);
      const ended = await Promise.race([
        far.exec(inheritLine(this.#reach.run, `${this.#beginning()}-`)),
        far.stopped.then(() => null),
      ]);
      if (ended === null || far.stopping()) return null;
      const left = ended.is === 'exited' ? readLeft(ended) : null;
      if (left?.is === 'ok') return left.value;
      if (left?.is === 'refused') return this.#nothingSeen(left.why);
      if (ended.is !== 'not-sent') reachedAt = far.now();
      if (far.now() >= until || far.now() - reachedAt >= ABSENT_MS) return null;
      if (pauseMs === 1_000) await this.#note(this.#action.on, ABSENT);
      await far.sleep(pauseMs);
      // The next line connects by itself when the connection is dead; one that only seems alive must be given up.
      if (ended.is === 'timed-out') await Promise.race([far.reconnect(), far.stopped]);
    }
  }

  /** A host that won't show the folder won't do so in an hour either: what runs there is for the step to see. */
  #nothingSeen(why: string): readonly string[] {
    this.#warn(`${this.#action.on}: what this run left at work there can't be seen: ${why}`);
    return [];
  }

  #beginning(): string {
    return short(JSON.stringify([this.#action.id, this.#step]));
  }

  #far(on: HostName): Far {
    const { hosts, clock, plan, abort, stopping } = this.#reach;
    const host = hosts(on);
    const scale = plan.hosts[on]?.connection.timeScale ?? 1;
    const limitMs = Math.max(ANSWER_LEAST_REAL_MS, ANSWER_MS / scale);
    return {
      exec: (line, feedsSudo = false) => host.exec(line, { limitMs, feedsSudo }),
      reconnect: () => host.reconnect(),
      now: () => clock.monotonicMs() * scale,
      sleep: ms => clock.sleep(ms, scale, abort),
      stopping,
      stopped: stoppedBy(abort),
    };
  }

  #toldOf(on: HostName, folder: string): ToldBytes {
    return toldBytes(this.#reach.toldOutput(this.#action.id), on, folder);
  }

  #telling(on: HostName): Telling {
    return new Telling(this.#reach.openSecret, said => this.#tell(on, said));
  }

  #tell(on: HostName, { stream, text, folder, upTo }: Said): void {
    if (this.#action.hidden) return;
    void this.#reach.tell({ type: 'output', action: this.#action.id, on, stream, text, of: { folder, upTo } });
  }

  #note(on: HostName, text: string): Promise<void> {
    const { id } = this.#action;
    return this.#reach.tell({ type: 'progress', action: id, on, text, zone: null, done: null, total: null });
  }

  /** The last words of a run that ends now: nobody waits for them here. */
  #leaveAlone(on: HostName, command: Command<unknown>): void {
    const what = this.#wordsOf(command);
    this.#warn(`${on}: ${what} runs on there; zoneferry resume ${this.#reach.run} takes it up again`);
  }

  #wordsOf({ argv }: Command<unknown>): string {
    return this.#action.hidden ? (argv[0] ?? '') : argv.join(' ');
  }

  #warn(text: string): void {
    void this.#reach.tell({ type: 'noted', level: 'warning', text });
  }
}

function endOf(outcome: Supervised): string {
  switch (outcome.is) {
    case 'left-alone':
      return 'runs on';
    case 'not-started':
      return 'never began';
    case 'unseen':
      return 'was not seen to end: there is no answer';
    case 'ended':
      break;
    default:
      return never(outcome);
  }
  const { ended } = outcome;
  if (ended.is === 'exited') return `has ended with exit status ${ended.code}`;
  if (ended.is === 'signalled') return `was killed by ${ended.name}`;
  if (ended.is === 'denied') return `never began: ${ended.why}`;
  return ended.is === 'timed-out' ? 'is still at work' : 'left no status';
}

const stops = new WeakMap<AbortSignal, Promise<void>>();

/** One for the whole run, however many long commands it has. */
function stoppedBy(abort: AbortSignal): Promise<void> {
  const stopped =
    stops.get(abort) ??
    new Promise<void>(resolve => {
      if (abort.aborted) resolve();
      abort.addEventListener('abort', () => resolve(), { once: true });
    });
  stops.set(abort, stopped);
  return stopped;
}

/** Of the command that has the folder of this name. */
const keyOf = (name: string): string => name.slice(0, name.lastIndexOf('.'));

const short = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, WORD_LENGTH);
