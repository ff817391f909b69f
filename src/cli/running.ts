// A run, put together: its folder, its locks, its journal, connections, views, the operator's Ctrl-C; then the loop.
// Everything that was taken is given back, however it ends.
import { rm } from 'node:fs/promises';
import { systemClock } from '../edge/clock.ts';
import { createJournal, reopenJournal } from '../edge/journal-file.ts';
import { INTERRUPT_HELP, onInterrupts } from '../edge/terminal.ts';
import { collectOften, VERY_MANY_HOSTS } from '../edge/heap.ts';
import { lockHosts, type Purpose, takeLock } from '../edge/lock.ts';
import { createRun, newRunId, readKey, type RunPaths, stateRoot } from '../edge/state-folder.ts';
import type { Plan } from '../model/plan.ts';
import type { Journal } from '../model/ports.ts';
import { Redaction } from '../model/redaction.ts';
import type { RunPorts } from '../run/ports.ts';
import { pastBarrierText } from '../report/past-barrier.ts';
import { hostsAtFirst } from '../run/waves.ts';
import { resumeRun, rollbackRun, runPlan, type WentBack } from '../run/run.ts';
import { catalogue } from '../steps/catalogue.ts';
import { digestOfText, type JsonObject } from '../text/json.ts';
import { wrapped } from '../text/fit.ts';
import { never } from '../text/never.ts';
import { askerFor } from './asking.ts';
import { EXIT, type Exit, exitOf } from './exit.ts';
import { exitOfRun, wouldChange } from './exit-of-run.ts';
import { goingOn, heldBy } from './held.ts';
import type { Herald } from './herald.ts';
import { ledgerOf, readOldRuns, unreadText } from './old-runs.ts';
import type { Running } from './options.ts';
import type { Reached } from './planning.ts';
import { portsOf, redacting, whoIs } from './run-ports.ts';
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

/** While locks and journal are made, the servers are busy with the logins. */
async function logInAhead({ plan, hosts, way }: Task): Promise<void> {
  if (!asksHosts(plan, catalogue)) return;
  if (Object.keys(plan.hosts).length >= VERY_MANY_HOSTS) collectOften();
  await hosts.unlock(touched(plan));
  if (way === 'run') hosts.open(hostsAtFirst(plan));
}

async function withLocks(speech: Speech, task: Task, engage: Engage): Promise<Exit> {
  await logInAhead(task);
  const root = stateRoot(speech.env);
  // In the order it was made in: to sort a thousand hosts' keys takes 30 ms, and read back it is the same text again.
  const text = JSON.stringify(task.plan);
  const paths = task.paths ?? (await createRun(root, newRunId(), `${text}\n`));
  const purpose = { run: paths.id, who: whoIs(), since: systemClock().now() };
  const own = await takeLock(paths.lock, purpose);
  if (own.is === 'held') return own.by === null ? heldBy(speech, `run ${paths.id}`, own) : goingOn(speech, own.by);
  try {
    return await withHosts(speech, task, { root, paths, purpose, planDigest: digestOfText(text), engage });
  } finally {
    own.lock.release();
  }
}

interface Held {
  readonly root: string;
  readonly paths: RunPaths;
  readonly purpose: Purpose;
  readonly planDigest: string;
  readonly engage: Engage;
}

/** A look takes no host: it changes nothing there. */
async function withHosts(speech: Speech, task: Task, held: Held): Promise<Exit> {
  const { root, paths, purpose } = held;
  // One that never began leaves nothing behind.
  const unmake = (): Promise<void> =>
    task.paths === null ? rm(paths.folder, { recursive: true, force: true }) : Promise.resolve();
  const locked = onlyLooks(task.plan, catalogue)
    ? null
    : await lockHosts(root, touched(task.plan), purpose).catch(async (error: unknown) => {
        await unmake();
        throw error;
      });
  if (locked?.is === 'held') {
    await unmake();
    return heldBy(speech, `host ${locked.host}`, locked);
  }
  try {
    return await underLock(speech, task, held);
  } finally {
    locked?.release();
  }
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
    const redaction = new Redaction([...task.passwords.all, ...herald.secrets]);
    const ports = portsOf(task, paths, redacting(journal, redaction), {
      planDigest,
      openSecret: redaction.openSecret,
      listen: listenTo(speech, takes),
      ask,
      remarks: herald.remarks,
      ledgerBefore: ledgerOf(runs, paths.id, unread),
    });
    const went = await through(task, ports).catch((error: unknown) => brokenOff(error, paths));
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
function brokenOff(error: unknown, { folder }: RunPaths): BrokenOff {
  if (!isOfTheSystem(error)) throw error;
  // Of an open file it isn't said which one it was.
  return { is: 'broken-off', why: error.path === undefined ? `${error.message} in ${folder}` : error.message };
}

type Went = { readonly is: 'ran'; readonly exit: Exit } | Exclude<WentBack, { readonly is: 'ran' }>;

async function through({ way, options }: Task, ports: RunPorts): Promise<Went> {
  if (way === 'rollback') {
    const went = await rollbackRun(ports);
    return went.is === 'ran' ? { is: 'ran', exit: exitOf(went.verdict) } : went;
  }
  const ran = way === 'run' ? await runPlan(ports) : await resumeRun(ports);
  const exit = exitOfRun(ran.state, ran.verdict);
  const changes = options.detailedExitcode && ran.state.check && exit === EXIT.done && wouldChange(ran.state);
  return { is: 'ran', exit: changes ? EXIT.changes : exit };
}
