// What a wave's tasks ask of its hosts' zones, and the planner of a wave that the run is handed. The tasks are foreseen
// without moves first: a host whose evacuation will be skipped needs no room elsewhere.
import type { Facts } from '../../model/facts.ts';
import type { ExactSolver } from '../../model/exact-solver.ts';
import type { HostName } from '../../model/ids.ts';
import { type Forecast, type Plan, playOf, type Shortfall, type Wave, waveDue, waveName } from '../../model/plan.ts';
import type { Ledger } from '../../model/ledger.ts';
import { entriesAfter, noEntries } from '../../model/ledger-fold.ts';
import type { PlanWave } from '../../model/ports.ts';
import type { Play } from '../../model/program.ts';
import type { Ground } from '../../model/scope.ts';
import type { RunState } from '../../model/state.ts';
import type { Catalogue } from '../../model/step.ts';
import type { Evaluate } from '../../model/value.ts';
import { objectionTo } from '../../model/window.ts';
import type { Evacuation } from '../place/departures.ts';
import { CLOSES } from '../campaign/closings.ts';
import { foreseeWay } from '../campaign/forecast.ts';
import { guestsSeen } from '../campaign/guests.ts';
import { nextWave } from './next-wave.ts';
import { argOf, happens } from '../campaign/whether.ts';

/** What every host's way has in common. */
export interface Ways {
  /** The exact pass; absent: nobody asked for it. */
  readonly exact?: ExactSolver;
  readonly ground: Ground;
  readonly catalogue: Catalogue;
}

/** What is known of zones that aren't at home, or may not be. */
type Absent = Pick<Ledger, 'away' | 'perhaps'>;

/** There is no run yet, and nobody was asked anything. */
export function beforeRun(plan: Plan, evaluate: Evaluate): Ground {
  return { plan, evaluate, run: null, values: {} };
}

/** What a host's tasks ask of it, foreseen without moves. */
export interface Intent {
  /** What is asked of its zones; null: nothing. */
  readonly evacuation: Evacuation | null;
  /** It is closed or goes down. */
  readonly closes: boolean;
}

export interface Moment {
  readonly wave: Wave;
  readonly facts: Readonly<Record<HostName, Facts>>;
}

export type Intents = (moment: Moment, host: HostName) => Intent;

const NOTHING: Intent = { evacuation: null, closes: false };

/** Foreseen once for each look at a host: as long as its facts are the same, so is what is asked of it. */
export function intentsOf(ways: Ways, play: Play): Intents {
  const known = new Map<HostName, { readonly facts: Facts; readonly intent: Intent }>();
  return (moment, host) => {
    const facts = moment.facts[host];
    if (facts === undefined) return NOTHING;
    const before = known.get(host);
    if (before?.facts === facts) return before.intent;
    const intent = intentOf(ways, play, { ...moment, host, own: facts });
    known.set(host, { facts, intent });
    return intent;
  };
}

/**
 * For the run: the same planner, asked again with fresh facts. A wave has the hosts that were approved for it and are
 * still on their way; when none of them is, the next ones that are left.
 * @param before zones that earlier runs left away, or were sending away when they broke off.
 */
export function planWaveOf(catalogue: Catalogue, evaluate: Evaluate, before: Absent = noEntries): PlanWave {
  return (plan, state, wave, facts) => {
    const ways = { ground: beforeRun(plan, evaluate), catalogue };
    const play = playOf(plan, wave);
    const had = Object.values(state.waves).flatMap(one => (one.wave.play === wave.play ? (one.plan?.hosts ?? []) : []));
    const shut = shutFor(play, facts);
    if (shut !== null) return outOfTime(wave, shut);
    const left = play.hosts.filter(host => !had.includes(host) && !state.lanes.get(host)?.turned);
    const next = waveDue(plan, wave, left);
    const ready = left.filter(host => next?.plan.hosts.includes(host));
    const turned = play.hosts.filter(host => state.lanes.get(host)?.turned);
    const lost = turned.filter(host => isLost(state, wave, host, facts[host]));
    const done = had.filter(host => !state.lanes.get(host)?.turned);
    const entries = entriesAfter({ ...noEntries, away: before.away, perhaps: before.perhaps }, state);
    const guests = guestsSeen([...entries.away, ...entries.perhaps], facts);
    const intents = intentsOf(ways, play);
    return nextWave(
      { ways, play, intents },
      {
        ...{ wave, left, ready, approved: next?.plan.migrations ?? [], done, facts, guests },
        ...{ turned, lost, formerly: whileOpen(plan, state, lost) },
      },
    );
  };
}

/** This run has begun with it and left it, and it isn't seen to be open. One that was refused is as it was found. */
function isLost(state: RunState, wave: Wave, host: HostName, facts: Facts | undefined): boolean {
  const turned = state.lanes.get(host)?.turned ?? null;
  if (turned === null || turned.towards === 'refused') return false;
  const isSilent = state.waves[waveName(wave)]?.silent[host] !== undefined;
  return isSilent || (facts !== undefined && facts.maintenance.is !== 'open');
}

/** What was seen of these hosts last, as long as they were open. */
function whileOpen(plan: Plan, { waves }: RunState, hosts: readonly HostName[]): Readonly<Record<HostName, Facts>> {
  const looks = [plan.restsOn.facts, ...Object.values(waves).map(({ facts }) => facts)];
  return Object.fromEntries(
    hosts.flatMap(host => {
      const seen = looks.findLast(facts => facts[host]?.maintenance.is === 'open')?.[host];
      return seen === undefined ? [] : [[host, seen] as const];
    }),
  );
}

/** By when the wave was looked at: a journal that is read again says the same. */
function shutFor({ window }: Play, facts: Moment['facts']): string | null {
  const looked = Object.values(facts).map(one => Date.parse(one.at));
  return window === null || looked.length === 0 ? null : objectionTo(window, Math.max(...looked));
}

function outOfTime(wave: Wave, why: string): Shortfall {
  const help = ['resume the run when the window is open: it goes on with this wave'];
  const message = `wave ${waveName(wave)} is not begun: ${why}`;
  return { is: 'shortfall', wave, message, reasons: [], proof: null, ways: [], help };
}

interface Here extends Moment {
  readonly host: HostName;
  readonly own: Facts;
}

function intentOf(ways: Ways, play: Play, { wave, host, facts, own }: Here): Intent {
  const context = { migrations: [], staying: [], fleet: facts };
  const way = { ...ways, play, host, taken: new Set<string>(), n: wave.n, isLast: false, context };
  const { actions } = foreseeWay(way, own);
  const closes = actions.some(action => CLOSES.includes(action.step) && happens(action));
  const asked = actions.find(({ step, when }) => step === 'zones.evacuate' && when.is !== 'no');
  return { evacuation: asked === undefined ? null : evacuationIn(asked), closes };
}

function evacuationIn(asked: Forecast): Evacuation {
  const native = argOf(asked, 'native');
  const placement = argOf(asked, 'placement');
  return {
    which: argOf(asked, 'which') === 'all' ? 'all' : 'running',
    native: native === 'move' || native === 'stop' ? native : 'stay',
    placement: placement === 'as_set' || placement === 'pack' ? placement : 'spread',
  };
}
