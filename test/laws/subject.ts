// What the four laws are held against: a plan, the steps it names, and a world that can be made anew and compared. The
// toy hosts of the engine's tests are one; the simulator with a shipped playbook is another.
import type { HostName } from '../../src/model/ids.ts';
import { type ActionId, laneNameOf } from '../../src/model/ids.ts';
import type { Plan } from '../../src/model/plan.ts';
import type { Host } from '../../src/model/ports.ts';
import type { Refusal } from '../../src/model/refusal.ts';
import type { Catalogue, Step } from '../../src/model/step.ts';
import type { Ran } from '../../src/run/loop.ts';
import { resumeRun, runPlan } from '../../src/run/run.ts';
import { Crash, MemoryJournal, portsOf, type Setting } from '../run/harness.ts';

export interface World {
  readonly hosts: (name: HostName) => Host;
  /** What "as before" means for one host: what lives there, what is set there. Not logs, not uptime. */
  snapshot(host: HostName): Promise<string>;
  /** Lets everything end that still runs on the hosts, as it would after a dead runner. */
  settle(): Promise<void>;
  /** What may never be and was, in words: looked at after every change of the world. */
  readonly problems?: () => readonly string[];
  close(): Promise<void>;
}

export interface Subject {
  readonly plan: Plan;
  readonly catalogue: Catalogue;
  readonly makeWorld: () => Promise<World>;
  /** What else a run needs there: evaluator, planner, observation, clock. Made anew for each run. */
  readonly setting?: (world: World, journal: MemoryJournal) => Partial<Setting>;
}

/**
 * What happens to an action: it is refused before or after it took effect, or its line is lost before or after, or for
 * ever (`unreachable`); its undo is refused, too; or, for one that only looks, it finds something wrong.
 */
export type Fault =
  | 'refused'
  | 'refused-after'
  | 'lost-before'
  | 'lost-after'
  | 'unreachable'
  | 'undo-refused'
  | 'sick';
export const FAULTS: readonly Fault[] = ['refused', 'lost-before', 'lost-after'];
/** Action -> what happens each time it is applied (its undo works). */
export type Faults = ReadonlyMap<ActionId, Fault>;

/** What was done on the hosts, between the events: for the laws about order. */
export type Moment =
  | { readonly is: 'event'; readonly seq: number }
  | { readonly is: 'apply' | 'applied'; readonly action: ActionId; readonly undo: boolean };

export interface Outcome {
  readonly ran: Ran | null;
  readonly journal: MemoryJournal;
  readonly world: World;
  readonly moments: readonly Moment[];
  /** Forward applications, in order. */
  readonly applied: readonly ActionId[];
}

export interface Trial {
  readonly world?: World;
  readonly journal?: MemoryJournal;
  readonly faults?: Faults;
  readonly resume?: boolean;
  readonly onEvent?: NonNullable<Setting['onEvent']>;
  readonly catalogue?: Catalogue;
}

export async function tried(subject: Subject, trial: Trial = {}): Promise<Outcome> {
  const world = trial.world ?? (await subject.makeWorld());
  const journal = trial.journal ?? new MemoryJournal();
  const moments: Moment[] = [];
  const applied: ActionId[] = [];
  const unreachable = new Set<string>();
  const catalogue = watched(sickened(trial.catalogue ?? subject.catalogue, trial.faults), (step, action, doIt) => {
    const undo = journal.events.some(event => event.type === 'undo-started' && event.action === action);
    const fault = faultNow(trial.faults?.get(action), undo);
    if (fault === 'unreachable') unreachable.add(laneNameOf(action));
    if (!undo) applied.push(action);
    moments.push({ is: 'apply', action, undo });
    return faulty(step, fault, doIt).finally(() => moments.push({ is: 'applied', action, undo }));
  });
  const setting = { hosts: world.hosts, ...subject.setting?.(world, journal) };
  const ports = portsOf({
    ...{ plan: subject.plan, ...setting, catalogue, journal },
    hosts: name => cutOff(setting.hosts(name), () => unreachable.has(name)),
    onEvent(event, say) {
      moments.push({ is: 'event', seq: event.seq });
      trial.onEvent?.(event, say);
    },
  });
  const running = trial.resume ? resumeRun(ports) : runPlan(ports);
  // Nobody hears of a runner that is gone, neither its end nor what it throws.
  const ran = await Promise.race([
    running.catch((error: unknown) => {
      if (error instanceof Crash) return null;
      throw error;
    }),
    journal.died.then(() => null),
  ]);
  return { ran, journal, world, moments, applied };
}

type Apply = ReturnType<Step['apply']>;
type Watch = (step: Step, action: ActionId, doIt: () => Apply) => Apply;

export function watched(catalogue: Catalogue, watch: Watch): Catalogue {
  const get = (name: string): Step | null => {
    const step = catalogue.get(name);
    return (
      step && { ...step, apply: (args, seen, doer) => watch(step, doer.action, () => step.apply(args, seen, doer)) }
    );
  };
  return { names: catalogue.names, get };
}

async function faulty(step: Step, fault: Fault | undefined, doIt: () => Apply): Apply {
  const said = { command: step.name, status: 'made to fail', out: '', err: '' };
  const refused: Refusal = { ...said, is: 'refused', why: 'made to fail' };
  const lost: Refusal = { ...said, is: 'lost' };
  if (fault === undefined || fault === 'sick') return doIt();
  if (fault.endsWith('-after')) await doIt();
  return { is: 'refused', refusal: fault.startsWith('refused') ? refused : lost };
}

/** An undo works, unless it is to be refused as well. */
function faultNow(fault: Fault | undefined, undo: boolean): Fault | undefined {
  if (fault === 'undo-refused') return undo ? 'refused' : 'refused-after';
  return undo ? undefined : fault;
}

function cutOff(host: Host, isGone: () => boolean): Host {
  const why = 'no route to host';
  const no = { is: 'no', refusal: { is: 'not-sent', command: 'connect', why } } as const;
  return {
    ...host,
    exec: (line, options) => (isGone() ? Promise.resolve({ is: 'not-sent', why }) : host.exec(line, options)),
    read: path => (isGone() ? Promise.resolve(no) : host.read(path)),
    reconnect: () => (isGone() ? Promise.resolve(no) : host.reconnect()),
  };
}

function sickened(catalogue: Catalogue, faults: Faults | undefined): Catalogue {
  if (![...(faults?.values() ?? [])].includes('sick')) return catalogue;
  const get = (name: string): Step | null => {
    const step = catalogue.get(name);
    const check: Step['check'] = async (args, looker) =>
      faults?.get(looker.action) === 'sick'
        ? {
            is: 'blocked',
            seen: {},
            why: 'made to find something wrong',
            ...(name === 'preflight' && { refused: true }),
          }
        : (step?.check(args, looker) ?? Promise.reject(new Error(name)));
    return step && { ...step, check };
  };
  return { names: catalogue.names, get };
}

export async function snapshots(subject: Subject, world: World): Promise<ReadonlyMap<HostName, string>> {
  const hosts = Object.values(subject.plan.hosts).map(host => host.name);
  return new Map(await Promise.all(hosts.map(async host => [host, await world.snapshot(host)] as const)));
}
