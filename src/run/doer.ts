// The hand and the eye that a step is given: commands become lines for a host's shell here, with rights, variables,
// time limit and the host's own time. A changing command through the eye is a bug and throws.
import type { Action } from '../model/action.ts';
import { type Command, lineOf } from '../model/command.ts';
import type { Told } from '../model/event.ts';
import type { ActionId, HostName, RunId } from '../model/ids.ts';
import type { Ledger } from '../model/ledger.ts';
import type { Plan } from '../model/plan.ts';
import type { Clock, Fetched, Hosts, Keep, Post } from '../model/ports.ts';
import type { Become } from '../model/program.ts';
import { answer, type Answer, type Refusal } from '../model/refusal.ts';
import { lackingRights } from '../model/rights.ts';
import type { AskOptions, Doer, Long } from '../model/step.ts';
import type { ToldOutput } from '../model/told-output.ts';
import { never } from '../text/never.ts';
import type { OpenSecret } from '../text/open-secret.ts';
import { quoteArgv } from '../text/shell.ts';
import type { Berths } from './berths.ts';
import type { LongWork } from './detached/long-work.ts';
import { HeldBack } from './held-back.ts';

/** What all doers of a run share. */
export interface Reach {
  readonly plan: Plan;
  readonly run: RunId;
  readonly hosts: Hosts;
  readonly clock: Clock;
  readonly keep: Keep;
  readonly localFile: (path: string) => Promise<Uint8Array | null>;
  readonly fetched: Fetched;
  readonly post: Post;
  readonly ledger: () => Ledger;
  readonly stopping: () => boolean;
  /** Ends every sleep when the operator wants to stop now. */
  readonly abort: AbortSignal;
  readonly tell: (told: Told) => Promise<void>;
  readonly openSecret: OpenSecret;
  readonly berths: Berths;
  /** What the journal holds of the output of its long commands. */
  readonly toldOutput: (action: ActionId) => readonly ToldOutput[];
}

interface Seat {
  readonly reach: Reach;
  readonly action: Action;
  readonly on: HostName;
  /** Host time a command may take that names no limit of its own. */
  readonly limitMs: number;
  /** Whether what changes in files is told; null: as the run says. */
  readonly diff: boolean | null;
  /** null: nothing here takes long, whatever it says of itself. */
  readonly longWork: LongWork | null;
}

/** What a task may say for itself beside its arguments. */
export interface SeatOptions {
  readonly diff?: boolean | null;
  readonly longWork?: LongWork | null;
}

const scaleOf = (plan: Plan, host: HostName): number => plan.hosts[host]?.connection.timeScale ?? 1;

export function doerFor(reach: Reach, action: Action, limitMs: number, options: SeatOptions = {}): Doer {
  const { diff = null, longWork = null } = options;
  return seated({ reach, action, on: action.on, limitMs, diff, longWork });
}

const fleets = new WeakMap<Plan, readonly HostName[]>();

/** Made once: each action of each of a thousand hosts asks for it. */
function fleetOf(plan: Plan): readonly HostName[] {
  const fleet = fleets.get(plan) ?? Object.values(plan.hosts).map(host => host.name);
  fleets.set(plan, fleet);
  return fleet;
}

function seated(seat: Seat): Doer {
  const { reach, action, on } = seat;
  const scale = scaleOf(reach.plan, on);
  const begun = { now: reach.clock.now(), monotonicMs: reach.clock.monotonicMs() };
  return {
    ...{ host: on, run: reach.run, action: action.id, keep: reach.keep, stopping: reach.stopping, tell: telling(seat) },
    // What is hidden has no diff.
    diff: (seat.diff ?? reach.plan.options.diff) && !action.hidden,
    fleet: fleetOf(reach.plan),
    get ledger() {
      return reach.ledger();
    },
    ask(command, options) {
      if (command.changes)
        throw new Error(`${action.step} looks with a command that changes: ${command.argv.join(' ')}`);
      return send(seat, command, options ?? {});
    },
    do: (command, options = {}) =>
      options.long !== undefined && seat.longWork !== null
        ? sendLong(seat, command, { ...options, long: options.long, work: seat.longWork })
        : send(seat, command, withOutput(seat, options)),
    readFile: path => reach.hosts(on).read(path),
    localFile: reach.localFile,
    fetched: reach.fetched,
    post: reach.post,
    reconnect: () => reach.hosts(on).reconnect(),
    peer: name => seated({ ...seat, on: name }),
    now: () => begun.now + (reach.clock.monotonicMs() - begun.monotonicMs) * scale,
    sleep: ms => reach.clock.sleep(ms, scale, reach.abort),
    harbour: harbourOf(seat),
  };
}

/** Whoever begins a migration has seen what it had begun before. */
function harbourOf({ reach: { berths, abort }, action }: Seat): Doer['harbour'] {
  return {
    fit: trips => berths.fit(trips),
    take(trips, whole) {
      berths.seen(action.id);
      return berths.take({ trips, whole: whole !== undefined, signal: abort });
    },
  };
}

/** What a hidden action wants to show a person is hidden, too; its warnings are about the host. */
function telling({ reach, action }: Seat): Reach['tell'] {
  if (!action.hidden) return reach.tell;
  return told => (told.type === 'noted' && told.level === 'note' ? Promise.resolve() : reach.tell(told));
}

interface Sending extends AskOptions {
  /** It says no more. Resolves when everything that it said is told, and that is durable. */
  readonly told?: () => Promise<void>;
}

async function send<T>(seat: Seat, command: Command<T>, options: Sending): Promise<Answer<T>> {
  const { reach, on } = seat;
  const nul = withNul(seat, command);
  if (nul !== null) return { is: 'no', refusal: nul };
  const { onOutput } = options;
  const limitMs = Math.max(1, Math.ceil((options.limitMs ?? seat.limitMs) / scaleOf(reach.plan, on)));
  const ended = await reach.hosts(on).exec(wrapped(seat, command), {
    limitMs,
    looks: !command.changes,
    stdin: Buffer.from(command.stdin),
    ...(onOutput ? { onOutput: (stream, text) => onOutput(stream, text, false) } : {}),
  });
  await options.told?.();
  return withRights(
    seat,
    command,
    answer(wordsOf(seat, command), ended, finished => command.read(finished)),
  );
}

const wordsOf = ({ action }: Seat, { argv }: Command<unknown>): string =>
  action.hidden ? (argv[0] ?? '') : quoteArgv(argv);

interface SendingLong extends AskOptions {
  readonly long: Long;
  readonly work: LongWork;
}

async function sendLong<T>(seat: Seat, command: Command<T>, options: SendingLong): Promise<Answer<T>> {
  const nul = withNul(seat, command);
  if (nul !== null) return { is: 'no', refusal: nul };
  const words = wordsOf(seat, command);
  const outcome = await options.work.run(seat.on, {
    ...{ command, line: wrapped(seat, command), long: options.long, limitMs: options.limitMs ?? seat.limitMs },
    onOutput: ({ stream, text, again }) => options.onOutput?.(stream, text, again),
  });
  switch (outcome.is) {
    case 'ended':
    case 'unseen':
      return withRights(
        seat,
        command,
        answer(words, outcome.ended, finished => command.read(finished)),
      );
    case 'not-started': {
      const why = `it could not be started: ${outcome.why}`;
      return {
        is: 'no',
        refusal: { is: 'refused', command: words, why, status: 'not started', out: '', err: outcome.err },
      };
    }
    case 'left-alone':
      return { is: 'no', refusal: { is: 'timed-out', command: words, status: 'left alone', out: '', err: '' } };
    default:
      return never(outcome);
  }
}

/** A program that refuses its user is told with what that user lacks. */
function withRights<T>({ reach, on }: Seat, { argv }: Command<T>, got: Answer<T>): Answer<T> {
  if (got.is === 'ok' || got.refusal.is !== 'refused') return got;
  const { refusal } = got;
  const user = reach.plan.hosts[on]?.connection.user ?? 'root';
  const lacking = lackingRights(argv, `${refusal.out}\n${refusal.err}`, user);
  return lacking === null ? got : { is: 'no', refusal: { ...refusal, why: `${refusal.why}; ${lacking}` } };
}

/** What a host said may stand in it: that fails a task, not the run. */
function withNul({ action }: Seat, command: Command<unknown>): Refusal | null {
  if (![...command.argv, ...Object.values(action.environment)].some(word => word.includes('\0'))) return null;
  const why = 'a value in it holds a NUL, which no shell takes';
  return { is: 'refused', command: command.argv[0] ?? '', why, status: 'not sent', out: '', err: '' };
}

/** The one wrapper of every command: rights and variables of the task on its own host, of the connection on others. */
function wrapped({ reach, action, on }: Seat, command: Command<unknown>): string {
  if (on === action.on) return lineOf(command, action.become, action.environment);
  return lineOf(command, reach.plan.hosts[on]?.connection.become ?? NOBODY);
}

const NOBODY: Become = { method: 'none', user: '' };

/** What a changing command says goes to the journal as it comes, unless it is hidden; what may begin a secret comes later. */
function withOutput({ reach, action, on }: Seat, options: AskOptions): Sending {
  if (action.hidden || options.untold) return options;
  const held = { out: new HeldBack(reach.openSecret), err: new HeldBack(reach.openSecret) };
  let last: Promise<void> = Promise.resolve();
  const tell = (stream: 'out' | 'err', text: string): void => {
    if (text === '') return;
    const told = reach.tell({ type: 'output', action: action.id, on, stream, text });
    last = Promise.all([last, told]).then(() => undefined);
  };
  return {
    ...options,
    onOutput(stream, text) {
      options.onOutput?.(stream, text, false);
      tell(stream, held[stream].take(text));
    },
    told() {
      tell('out', held.out.end());
      tell('err', held.err.end());
      return last;
    },
  };
}
