// What a wave's tasks ask of its hosts' zones, and the planner of a wave that the run is handed. The tasks are foreseen
// without moves first: a host whose evacuation will be skipped needs no room elsewhere.
import type { Facts } from '../model/facts.ts';
import { hostSettings } from '../model/host-variable.ts';
import type { HostName } from '../model/ids.ts';
import { type Plan, playOf, type Shortfall, type Wave, waveName } from '../model/plan.ts';
import type { PlanWave } from '../model/ports.ts';
import type { Play } from '../model/program.ts';
import type { Ground } from '../model/scope.ts';
import type { Catalogue } from '../model/step.ts';
import type { Evaluate } from '../model/value.ts';
import { objectionTo } from '../model/window.ts';
import type { Json } from '../text/json.ts';
import type { Evacuation } from './departures.ts';
import { foreseeWay } from './forecast.ts';
import { preferencesFor } from './preference.ts';
import { planWaveFrom, type WaveQuestion } from './wave-plan.ts';
import { wavesOf } from './waves.ts';

/** What every host's way has in common. */
export interface Ways {
  readonly ground: Ground;
  readonly catalogue: Catalogue;
}

/** There is no run yet, and nobody was asked anything. */
export function beforeRun(plan: Plan, evaluate: Evaluate): Ground {
  return { plan, evaluate, run: null, values: {} };
}

interface Moment {
  readonly wave: Wave;
  readonly hosts: readonly HostName[];
  readonly facts: Readonly<Record<HostName, Facts>>;
}

export function questionFor(ways: Ways, play: Play, moment: Moment): WaveQuestion {
  return {
    ...moment,
    evacuation: host => evacuationOf(ways, play, moment, host),
    rules: ways.ground.plan.zoneRules,
    settings: host => hostSettings(ways.ground, play, host),
    preferences: preferencesFor(play.returns),
  };
}

/**
 * For the run: the same planner, asked again with fresh facts. A wave has the hosts that were approved for it and are
 * still on their way; when none of them is, the next ones that are left, as many as the wave was to have.
 */
export function planWaveOf(catalogue: Catalogue, evaluate: Evaluate): PlanWave {
  return (plan, state, wave, facts) => {
    const ways = { ground: beforeRun(plan, evaluate), catalogue };
    const play = playOf(plan, wave);
    const had = Object.values(state.waves).flatMap(one => (one.wave.play === wave.play ? (one.plan?.hosts ?? []) : []));
    const shut = shutFor(play, facts);
    if (shut !== null) return outOfTime(wave, shut);
    const left = play.hosts.filter(host => !had.includes(host) && !state.lanes.get(host)?.turned);
    const size = wavesOf(play)[wave.n - 1]?.length ?? 1;
    const approved = plan.waves.find(one => waveName(one.plan.wave) === waveName(wave));
    const ready = left.filter(host => approved?.plan.hosts.includes(host));
    const hosts = ready.length > 0 ? ready : left.slice(0, size);
    return planWaveFrom(questionFor(ways, play, { wave, hosts, facts }));
  };
}

/** By when the wave was looked at: a journal that is read again says the same. */
function shutFor({ window }: Play, facts: Moment['facts']): string | null {
  const looked = Object.values(facts).map(one => Date.parse(one.at));
  return window === null || looked.length === 0 ? null : objectionTo(window, Math.max(...looked));
}

function outOfTime(wave: Wave, why: string): Shortfall {
  const help = ['resume the run when the window is open: it goes on with this wave'];
  return { is: 'shortfall', wave, message: `wave ${waveName(wave)} is not begun: ${why}`, reasons: [], help };
}

function evacuationOf(ways: Ways, play: Play, moment: Moment, host: HostName): Evacuation | null {
  const facts = moment.facts[host];
  if (facts === undefined) return null;
  const way = {
    ...ways,
    play,
    host,
    taken: new Set<string>(),
    n: moment.wave.n,
    context: { migrations: [], staying: [], fleet: moment.facts },
  };
  const asked = foreseeWay(way, facts).actions.find(
    action => action.step === 'zones.evacuate' && action.when.is !== 'no',
  );
  if (asked === undefined) return null;
  const arg = (name: string): Json | null => {
    const value = asked.args[name];
    return value?.is === 'known' ? value.json : null;
  };
  return {
    which: arg('which') === 'all' ? 'all' : 'running',
    native: arg('native') === 'move' ? 'move' : arg('native') === 'stop' ? 'stop' : 'stay',
    placement: arg('placement') === 'as_set' ? 'as_set' : arg('placement') === 'pack' ? 'pack' : 'spread',
  };
}
