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

export type Fault = 'refused' | 'lost-before' | 'lost-after';
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
  const catalogue = watched(trial.catalogue ?? subject.catalogue, (step, action, doIt) => {
    const undo = journal.events.some(event => event.type === 'undo-started' && event.action === action);
    const fault = undo ? undefined : trial.faults?.get(action);
    if (!undo) applied.push(action);
    moments.push({ is: 'apply', action, undo });
    return faulty(step, fault, doIt).finally(() => moments.push({ is: 'applied', action, undo }));
  });
  const ports = portsOf({
    ...{ plan: subject.plan, hosts: world.hosts, ...subject.setting?.(world, journal), catalogue, journal },
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
  if (fault === undefined) return doIt();
  if (fault === 'lost-after') await doIt();
  return { is: 'refused', refusal: fault === 'refused' ? refused : lost };
}

export const hostOf = (action: ActionId): string => laneNameOf(action);

export async function snapshots(subject: Subject, world: World): Promise<ReadonlyMap<HostName, string>> {
  const hosts = Object.values(subject.plan.hosts).map(host => host.name);
  return new Map(await Promise.all(hosts.map(async host => [host, await world.snapshot(host)] as const)));
}
