// How many hosts are closed at once, over all plays: the net under every playbook. Five imported plays would close the
// whole fleet before the first host is opened again; that plan is refused.
import type { Facts } from '../../model/facts.ts';
import type { HostName } from '../../model/ids.ts';
import { type WaveForecast, waveName } from '../../model/plan.ts';
import type { Play } from '../../model/program.ts';
import { tasksIn } from '../../model/scope.ts';
import { sizesOf } from '../waves/waves.ts';
import { happens } from './whether.ts';

export interface TooManyOut {
  readonly is: 'too-many-out';
  readonly message: string;
  readonly help: readonly string[];
}

export type Closings = { readonly is: 'fine'; readonly notes: readonly string[] } | TooManyOut;

/** Steps with which a host is closed or goes down. */
export const CLOSES: readonly string[] = ['maintenance.begin', 'be.boot', 'host.reboot'];

/**
 * The limit is `max_out`, else the size of the largest wave that takes hosts out. A run of a single play that leaves all its hosts closed by
 * its own tasks isn't bound unless it says `max_out`: closing them is what it is for.
 */
export function closings(
  plays: readonly Play[],
  waves: readonly WaveForecast[],
  facts: Readonly<Record<HostName, Facts>>,
): Closings {
  const said = plays.flatMap(play => (play.maxOut === null ? [] : [play.maxOut]));
  const limit =
    said.length > 0
      ? Math.min(...said)
      : Math.max(1, ...plays.filter(takesOut).flatMap(play => sizesOfWaves(play, waves)));
  const before = new Set(Object.values(facts).flatMap(one => (one.maintenance.is === 'closed' ? [one.host] : [])));
  const out = new Set<string>(before);
  const bound = said.length > 0 || plays.length > 1;
  for (const wave of waves) {
    const { goOut, stayOut } = turnsOf(wave);
    for (const host of goOut) out.add(host);
    const ours = [...out].filter(host => !before.has(host));
    if (bound && ours.length > limit) return tooMany(wave, ours, limit);
    for (const host of wave.plan.hosts) if (!stayOut.has(host)) out.delete(host);
  }
  const closed = [...out].filter(host => !before.has(host));
  return {
    is: 'fine',
    notes:
      closed.length === 0
        ? []
        : [
            `${closed.length} ${closed.length === 1 ? 'host stays' : 'hosts stay'} closed at the end: ${closed.join(', ')}`,
          ],
  };
}

function takesOut(play: Play): boolean {
  const tasks = play.sections.flatMap(section => section.entries.flatMap(tasksIn));
  return tasks.some(task => CLOSES.includes(task.step));
}

/** Those of `auto` are as they were planned. */
function sizesOfWaves(play: Play, waves: readonly WaveForecast[]): readonly number[] {
  if (play.waves === 'serial') return sizesOf(play);
  return waves.filter(({ plan }) => plan.wave.play === play.number).map(({ plan }) => plan.hosts.length);
}

interface Turns {
  /** Closed or down at some time in the wave. */
  readonly goOut: ReadonlySet<HostName>;
  /** Their last word on the matter is that they close. */
  readonly stayOut: ReadonlySet<HostName>;
}

const known = new WeakMap<WaveForecast, Turns>();

/** Worked out once a wave: it is asked again with each wave after it. */
function turnsOf(wave: WaveForecast): Turns {
  const made = known.get(wave);
  if (made) return made;
  const goOut = new Set<HostName>();
  const stayOut = new Set<HostName>();
  for (const action of wave.actions) {
    const { lane, step } = action;
    if (lane.is !== 'host' || !happens(action)) continue;
    if (CLOSES.includes(step)) goOut.add(lane.host);
    if (step === 'maintenance.begin') stayOut.add(lane.host);
    if (step === 'maintenance.end') stayOut.delete(lane.host);
  }
  const turns = { goOut, stayOut };
  known.set(wave, turns);
  return turns;
}

function tooMany(wave: WaveForecast, hosts: readonly string[], limit: number): TooManyOut {
  return {
    is: 'too-many-out',
    message: `in wave ${waveName(wave.plan.wave)} ${hosts.length} hosts would be closed or down at once (${hosts.join(', ')}), more than max_out: ${limit}`,
    help: [
      'import the task files into one play instead of the plays: each host is then opened before the next is closed',
      'or say max_out in the play',
    ],
  };
}
