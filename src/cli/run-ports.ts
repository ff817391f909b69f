// What a run is handed of the outside world, put together of what `edge` has. Nothing that leaves through here holds a
// secret, and no wave is planned onto a host that this run doesn't hold.
import { readFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import { systemClock } from '../edge/clock.ts';
import { fetchedUnder } from '../edge/fetched.ts';
import { keepIn } from '../edge/keep.ts';
import type { RunPaths } from '../edge/state-folder.ts';
import { evaluate } from '../load/expression/evaluate.ts';
import type { Stamped } from '../model/event.ts';
import { type HostName, hostName } from '../model/ids.ts';
import type { Plan } from '../model/plan.ts';
import type { Journal, PlanWave } from '../model/ports.ts';
import { Redaction } from '../model/redaction.ts';
import { planWaveOf } from '../plan/waves/ways.ts';
import type { RunPorts } from '../run/ports.ts';
import { catalogue } from '../steps/catalogue.ts';
import type { JsonObject } from '../text/json.ts';
import { observe } from './observing.ts';
import type { Running } from './options.ts';
import type { Reached } from './planning.ts';
import { touched } from './touched.ts';

/** What of a task the outside world is made of. */
interface Errand extends Pick<Reached, 'hosts'> {
  readonly plan: Plan;
  readonly options: Pick<Running, 'forks'>;
  readonly values: JsonObject;
}

/** What the run brings along itself. */
type Extras = Pick<RunPorts, 'planDigest' | 'openSecret' | 'listen' | 'ask' | 'remarks' | 'ledgerBefore'>;

/** Nothing that is told leaves this process with a secret in it, whatever it is written to; reading it teaches the secrets of the processes before. */
export function redacting(journal: Journal, redaction = new Redaction()): Journal {
  async function* read(): AsyncGenerator<Stamped> {
    for await (const event of journal.read()) {
      redaction.clean(event);
      yield event;
    }
  }
  return { append: event => journal.append(redaction.clean(event)), read };
}

export function portsOf(task: Errand, paths: RunPaths, journal: Journal, extras: Extras): RunPorts {
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

/** Stands in locks and journal. */
export function whoIs(): string {
  return process.env['SUDO_USER'] ?? userInfo().username;
}
