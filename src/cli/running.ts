// A run, put together: its folder, its locks, its journal, connections, views, the operator's Ctrl-C; then the loop.
// Everything that was taken is given back, however it ends.
import { readFile, rm } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import { systemClock } from '../edge/clock.ts';
import { createJournal, reopenJournal } from '../edge/journal-file.ts';
import { fetchedUnder } from '../edge/fetched.ts';
import { INTERRUPT_HELP, onInterrupts } from '../edge/terminal.ts';
import { collectOften, VERY_MANY_HOSTS } from '../edge/heap.ts';
import { keepIn } from '../edge/keep.ts';
import { type Holder, lockHosts, takeLock } from '../edge/lock.ts';
import { createRun, newRunId, readKey, type RunPaths, stateRoot } from '../edge/state-folder.ts';
import { evaluate } from '../load/expression/evaluate.ts';
import { type HostName, hostName } from '../model/ids.ts';
import type { Stamped } from '../model/event.ts';
import type { Plan } from '../model/plan.ts';
import type { Journal, PlanWave } from '../model/ports.ts';
import { Redaction } from '../model/redaction.ts';
import { planWaveOf } from '../plan/waves/ways.ts';
import type { RunPorts } from '../run/ports.ts';
import { pastBarrierText } from '../report/past-barrier.ts';
import { presentWave, type RunState } from '../model/state.ts';
import { hostsAtFirst } from '../run/waves.ts';
import { resumeRun, rollbackRun, runPlan, type WentBack } from '../run/run.ts';
import { catalogue } from '../steps/catalogue.ts';
import { digestOfText, type JsonObject } from '../text/json.ts';
import type { Secret } from '../text/secret.ts';
import { wrapped } from '../text/fit.ts';
import { never } from '../text/never.ts';
import { askerFor } from './asking.ts';
import { EXIT, type Exit, exitOf } from './exit.ts';
import type { Herald } from './herald.ts';
import { observe } from './observing.ts';
import { ledgerOf, readOldRuns, unreadText } from './old-runs.ts';
import type { Running } from './options.ts';
import type { Reached } from './planning.ts';
import type { Speech } from './speech.ts';
import { isOfTheSystem } from './system-error.ts';
import { asksEarlierRuns, asksHosts, onlyLooks, touched } from './touched.ts';
import { type View, viewOf } from './viewing.ts';

export type Way = 'run' | 'resume' | 'rollback';

export interface Task extends Reached {
  readonly plan: Plan;
  readonly options: Running;
  /** What was answered at the start of a new run; a run that goes on has it in its journal. */
  readonly values: JsonObject;
  /** null: a new run. */
  readonly paths: RunPaths | null;
  readonly way: Way;
}

export async function carryOut(speech: Speech, task: Task): Promise<Exit> {
  const heralds: Herald[] = [];
  try {
    return await withLocks(speech, task, herald => void heralds.push(herald));
  } finally {
    // They may have to wait for others: the hosts are free by then.
    for (const herald of heralds) await herald.end();
  }
}

type Engage = (herald: Herald) => void;

async function withLocks(speech: Speech, task: Task, engage: Engage): Promise<Exit> {
  if (asksHosts(task.plan, catalogue)) {
    if (Object.keys(task.plan.hosts).length >= VERY_MANY_HOSTS) collectOften();
    await task.hosts.unlock(touched(task.plan));
    // While locks and journal are made, the servers are busy with the logins.
    if (task.way === 'run') task.hosts.open(hostsAtFirst(task.plan));
  }
  const root = stateRoot(speech.env);
  // In the order it was made in: to sort a thousand hosts' keys takes 30 ms, and read back it is the same text again.
  const text = JSON.stringify(task.plan);
  const paths = task.paths ?? (await createRun(root, newRunId(), `${text}\n`));
  const purpose = { run: paths.id, who: whoIs(), since: systemClock().now() };
  const own = await takeLock(paths.lock, purpose);
  if (own.is === 'held') return own.by === null ? heldBy(speech, `run ${paths.id}`, own) : goingOn(speech, own.by);
  try {
    // A look takes no host: it changes nothing there.
    const locked = onlyLooks(task.plan, catalogue)
      ? null
      : await lockHosts(root, touched(task.plan), purpose).catch(async (error: unknown) => {
          if (task.paths === null) await rm(paths.folder, { recursive: true, force: true });
          throw error;
        });
    if (locked?.is === 'held') {
      if (task.paths === null) await rm(paths.folder, { recursive: true, force: true });
      return heldBy(speech, `host ${locked.host}`, locked);
    }
    try {
      return await underLock(speech, task, { root, paths, planDigest: digestOfText(text), engage });
    } finally {
      locked?.release();
    }
  } finally {
    own.lock.release();
  }
}

interface Held {
  readonly root: string;
  readonly paths: RunPaths;
  readonly planDigest: string;
  readonly engage: Engage;
}

async function underLock(speech: Speech, task: Task, { root, paths, planDigest, engage }: Held): Promise<Exit> {
  const key = await readKey(paths);
  if (key === null) {
    speech.err(`run ${paths.id} has no key here: it can be shown, not carried on\n`);
    return EXIT.wrong;
  }
  const clock = systemClock();
  const journal =
    task.way === 'run'
      ? await createJournal(paths.journal, key, clock)
      : await reopenJournal(paths.journal, key, clock);
  speech.begun({ id: paths.id, journal: paths.journal });
  if (journal.tornBytes > 0)
    speech.err(`the journal's last line was torn (${journal.tornBytes} bytes) and is dropped\n`);
  const asks = asksEarlierRuns(task.plan, catalogue);
  const { runs, unread } = asks ? await readOldRuns(root) : { runs: [], unread: [] };
  for (const one of unread) speech.err(unreadText(one));
  const herald = await heraldFor(speech, task, paths, journal);
  engage(herald);
  const view = await viewOf(speech, task, paths, journal);
  herald.follow(journal);
  try {
    const { ask, takes } = askerFor(speech, task.options, view.aside);
    const ports = portsOf(task, paths, redacting(journal, [...task.passwords.all, ...herald.secrets]), {
      planDigest,
      listen: listenTo(speech, takes),
      ask,
      remarks: herald.remarks,
      ledgerBefore: ledgerOf(runs, paths.id, unread),
    });
    const went = await through(task, ports).catch((error: unknown) => brokenOff(error));
    await view.end();
    return closing(speech, task, { view, went, paths });
  } finally {
    await view.end();
    await journal.close();
  }
}

/** What tells others is loaded where a play says so: most tell nobody. A rehearsal is told to nobody, either. */
async function heraldFor(speech: Speech, task: Task, { id }: RunPaths, journal: Journal): Promise<Herald> {
  const { plan, values, way } = task;
  if (plan.options.check || plan.program.plays.every(play => play.onEvent === undefined)) return NOBODY_IS_TOLD;
  const { heraldOf } = await import('./herald.ts');
  const before = way === 'run' ? [] : journal.read();
  return heraldOf({ plan, run: id, values, before, screen: text => speech.err(`warning: ${text}\n`) });
}

const NOBODY_IS_TOLD: Herald = {
  secrets: [],
  follow: () => undefined,
  remarks: () => () => undefined,
  end: () => Promise.resolve(),
};

function listenTo(speech: Speech, isTaken: () => boolean): RunPorts['listen'] {
  return hear =>
    onInterrupts(word => {
      speech.err(`\n${wrapped(INTERRUPT_HELP[word], speech.columns).join('\n')}\n`);
      hear({ word, who: whoIs(), host: null });
    }, isTaken);
}

interface Over {
  readonly view: View;
  readonly went: Went | BrokenOff;
  readonly paths: RunPaths;
}

function closing(speech: Speech, { plan }: Task, { view, went, paths }: Over): Exit {
  switch (went.is) {
    case 'ran':
      view.closing();
      return went.exit;
    case 'past-barrier':
      speech.err(pastBarrierText(plan, went.barriers, speech.columns));
      return EXIT.refused;
    case 'broken-off':
      speech.err(
        `run ${paths.id} broke off: ${went.why}; nothing more was started, the hosts are as they are: mend it, then zoneferry resume ${paths.id}\n`,
      );
      return EXIT.stuck;
    default:
      return never(went);
  }
}

interface BrokenOff {
  readonly is: 'broken-off';
  readonly why: string;
}

/** The journal can't be written any more, so nothing may be done any more. */
function brokenOff(error: unknown): BrokenOff {
  if (isOfTheSystem(error)) return { is: 'broken-off', why: error.message };
  throw error;
}

type Went = { readonly is: 'ran'; readonly exit: Exit } | Exclude<WentBack, { readonly is: 'ran' }>;

async function through({ way, options }: Task, ports: RunPorts): Promise<Went> {
  if (way === 'rollback') {
    const went = await rollbackRun(ports);
    return went.is === 'ran' ? { is: 'ran', exit: exitOf(went.verdict) } : went;
  }
  const ran = way === 'run' ? await runPlan(ports) : await resumeRun(ports);
  const exit = exitFor(ran.state, ran.verdict);
  const changes = options.detailedExitcode && ran.state.check && exit === EXIT.done && wouldChange(ran.state);
  return { is: 'ran', exit: changes ? EXIT.changes : exit };
}

function wouldChange(state: RunState): boolean {
  return state.actions.values().some(action => action.ended?.outcome === 'would-change');
}

/** Stopped before the first effect has statuses of its own: a refusal of the hosts, or the operator's wish. */
export function exitFor(state: RunState, verdict: Parameters<typeof exitOf>[0]): Exit {
  const untouched = !state.actions
    .values()
    .some(action => action.is !== 'ended' || action.ended.outcome === 'changed' || action.undo.is !== 'nothing');
  if (!untouched) return exitOf(verdict);
  if (verdict !== 'stopped') return onlySilent(state) ? EXIT.refused : exitOf(verdict);
  if (state.operator !== null) return EXIT.interrupted;
  return isBetweenWaves(state) ? EXIT.stopped : EXIT.refused;
}

/** Nobody was refused, the wave was carried out and had nothing to do, and the next one waits for a person's yes. */
const isBetweenWaves = (state: RunState): boolean =>
  (presentWave(state)?.plan ?? null) !== null && state.turned.length === 0;

/** Nobody found a fault: what failed is that a host gave no answer, its own or one that it needs. */
function onlySilent(state: RunState): boolean {
  const lanes = state.lanes.values().filter(({ turned }) => turned !== null);
  const failed = state.actions.values().filter(({ ended }) => ended?.outcome === 'failed');
  const silent = Object.values(state.waves).some(wave => Object.keys(wave.silent).length > 0);
  return (
    state.operator === null &&
    lanes.every(({ turned }) => turned?.towards !== 'stuck') &&
    failed.every(({ ended }) => ended?.result.unreachable === true || ended?.result.refused === true) &&
    (silent || failed.length > 0)
  );
}

type Extras = Pick<RunPorts, 'planDigest' | 'listen' | 'ask' | 'remarks' | 'ledgerBefore'>;

/** Nothing that is told leaves this process with a secret in it, whatever it is written to; reading it teaches the secrets of the processes before. */
export function redacting(journal: Journal, known: readonly Secret[] = []): Journal {
  const redaction = new Redaction(known);
  async function* read(): AsyncGenerator<Stamped> {
    for await (const event of journal.read()) {
      redaction.clean(event);
      yield event;
    }
  }
  return { append: event => journal.append(redaction.clean(event)), read };
}

function portsOf(task: Task, paths: RunPaths, journal: Journal, extras: Extras): RunPorts {
  const { plan, hosts, options } = task;
  const clock = systemClock();
  return {
    plan,
    evaluate,
    catalogue,
    planWave: amongLocked(plan, planWaveOf(catalogue, evaluate, extras.ledgerBefore)),
    run: paths.id,
    by: whoIs(),
    values: task.values,
    journal,
    hosts: hosts.host,
    ahead: hosts.ahead,
    observe: names => observe(names, hosts.host, clock, becomeIn(plan)),
    clock,
    keep: keepIn(paths.keep),
    localFile: path => beside(plan, path),
    fetched: fetchedUnder(dirname(plan.playbooks[0] ?? '.')),
    post: async (letter, giveUp) => (await import('../edge/post.ts')).post(letter, giveUp),
    maxInFlight: options.forks,
    subscribers: [],
    ...extras,
  };
}

function becomeIn(plan: Plan) {
  return (host: HostName) => plan.hosts[host]?.connection.become ?? { method: 'none' as const, user: '' };
}

/** A later wave is planned anew: its zones go only to hosts that this run holds, which no other run can be closing. */
export function amongLocked(plan: Plan, planWave: PlanWave): PlanWave {
  const locked = new Set(touched(plan));
  return (whole, state, wave, facts) => {
    const held = Object.entries(facts).filter(([name]) => locked.has(hostName(name)));
    return planWave(whole, state, wave, Object.fromEntries(held));
  };
}

/** A file beside the first playbook, or in its `files` folder; null when there is none. */
async function beside(plan: Plan, path: string): Promise<Uint8Array | null> {
  const folder = dirname(plan.playbooks[0] ?? '.');
  const places = isAbsolute(path) ? [path] : [join(folder, 'files', path), join(folder, path)];
  for (const place of places) {
    const bytes = await readFile(place).catch(() => null);
    if (bytes !== null) return bytes;
  }
  return null;
}

interface HeldLock {
  readonly path: string;
  readonly by: Holder | null;
}

function heldBy(speech: Speech, what: string, { path, by }: HeldLock): Exit {
  const who =
    by === null
      ? `somebody: ${path} can't be read; remove it once you know that no zoneferry is at work there`
      : `run ${by.run} of ${by.who} since ${new Date(by.since).toISOString()}`;
  speech.err(`${what} is held by ${who}; nothing was touched\n`);
  return EXIT.refused;
}

/** Two can't carry out one run: the other one is named by its process. */
export function goingOn(speech: Speech, { run, who, since, process: { pid } }: Holder): Exit {
  const when = new Date(since).toISOString();
  speech.err(`run ${run} is going on: ${who} carries it out since ${when} (process ${pid}); nothing was touched\n`);
  return EXIT.refused;
}

function whoIs(): string {
  return process.env['SUDO_USER'] ?? userInfo().username;
}
