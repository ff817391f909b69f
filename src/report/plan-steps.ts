// The steps of a plan for the person who says yes: what each will change, in every wave. Hosts with the very same steps
// before them are told together; where zones go stands in the tables.
import { laneName } from '../model/ids.ts';
import type { Forecast, Plan } from '../model/plan.ts';
import type { Value } from '../model/value.ts';
import { clipped, counted, wrapped } from '../text/fit.ts';
import { grouped } from '../text/grouped.ts';
import { listed } from '../text/listed.ts';
import { never } from '../text/never.ts';
import { visible } from '../text/visible.ts';

export interface PlanTextOptions {
  readonly columns: number;
  readonly timeZone: string;
  /** Also the steps that will change nothing, and those that will be skipped; every zone, host and wave. */
  readonly verbose: boolean;
}

const HOSTS_NAMED = 12;
/** More than these are folded further: lanes that do the same in other words. */
const GROUPS_IN_FULL = 6;

/** What stands in front of a step: `+` changes, `=` nothing to do, `?` can't be told yet, `-` skipped. */
function mark(forecast: Forecast): '+' | '=' | '?' | '-' {
  if (forecast.when.is === 'no') return '-';
  switch (forecast.expects) {
    case 'change':
      return '+';
    case 'nothing':
      return '=';
    case 'unknown':
      return '?';
    default:
      return never(forecast.expects);
  }
}

const mayChange = (forecast: Forecast): boolean => ['+', '?'].includes(mark(forecast));

/** Where it happens, if that isn't the host that it stands under. */
function placeOf({ lane, on }: Forecast): string {
  if (on === null) return ' on a host that is known only then';
  return lane.is === 'host' && lane.host === on ? '' : ` on ${on}`;
}

const isNamed = (value: Value | undefined): boolean =>
  value?.is === 'known' && Array.isArray(value.json) && value.json.length > 0;

/** Which zone goes where is told once, in the tables: then hosts with the same steps read the same. */
function wordsOf({ step, text, args }: Forecast): string {
  if (step === 'zones.return' && isNamed(args['coming']))
    return isNamed(args['staying'])
      ? 'brings home what the table does not let stay'
      : 'brings the zones of the table home';
  if (step === 'zones.return' && isNamed(args['staying'])) return 'leaves the zones of the table where they are';
  const moves = args['moves'];
  if (!isNamed(moves) || !['zones.evacuate', 'zones.target'].includes(step)) return text;
  return args['dry_run']?.is === 'known' && args['dry_run'].json === true
    ? 'tries each migration of the table'
    : 'the zones of the table';
}

interface Told {
  readonly head: string;
  /** What it does, and its way back. */
  readonly words: readonly string[];
}

function toldOf(forecast: Forecast): Told {
  const plain = forecast.name === '' || forecast.name === forecast.step;
  const text = forecast.hidden ? 'hidden (no_log)' : wordsOf(forecast);
  const back = forecast.wayBack === '' ? [] : [`way back: ${forecast.wayBack}`];
  return {
    head: `    ${mark(forecast)} ${forecast.step}${plain ? '' : ` (${forecast.name})`}${placeOf(forecast)}`,
    words: [...(text === '' ? [] : [text]), ...back],
  };
}

/** A condition that is known only later is told once, above the steps that wait for it. */
function conditionOf({ when }: Forecast): string {
  if (when.is !== 'later') return '';
  return `if so decided after ${when.after.length === 0 ? 'the tasks before' : [...new Set(when.after)].join(', ')}:`;
}

/** The steps of one lane; a condition stands before the first that waits for it. */
function laneTold(forecasts: readonly Forecast[], { verbose }: PlanTextOptions): readonly Told[] {
  const shown = verbose ? forecasts : forecasts.filter(mayChange);
  const told = shown.flatMap((forecast, at) => {
    const before = shown[at - 1];
    const condition = conditionOf(forecast);
    const same = condition === (before === undefined ? '' : conditionOf(before));
    const head = same ? [] : [{ head: `    ${condition === '' ? 'in any case:' : condition}`, words: [] }];
    return [...head, toldOf(forecast)];
  });
  const quiet = forecasts.length - shown.length;
  if (quiet === 0) return told;
  const and = shown.length === 0 ? '' : 'and ';
  return [...told, { head: `    ${and}${counted(quiet, 'step')} with nothing to do`, words: [] }];
}

interface LaneSteps {
  readonly name: string;
  readonly told: readonly Told[];
}

/** Lanes in the order of the plan; those whose steps read the same stand together, then those that differ in words alone. */
function groupsOf(actions: readonly Forecast[], options: PlanTextOptions): readonly (readonly LaneSteps[])[] {
  const lanes = [...grouped(actions, ({ lane }) => laneName(lane))].map(([name, own]) => ({
    name,
    told: laneTold(own, options),
  }));
  const alike = [...grouped(lanes, ({ told }) => JSON.stringify(told)).values()];
  if (options.verbose || alike.length <= GROUPS_IN_FULL) return alike;
  return [...grouped(lanes, ({ told }) => JSON.stringify(told.map(({ head }) => head))).values()];
}

/** Where lanes say it in different words, one of them speaks for all. */
function groupLines(lanes: readonly LaneSteps[], { columns, verbose }: PlanTextOptions): readonly string[] {
  const [first] = lanes;
  if (first === undefined) return [];
  const hosts = lanes.map(({ name }) => name);
  const names = wrapped(visible(verbose ? hosts.join(', ') : named(hosts)), columns - 2);
  const steps = first.told.flatMap(({ head, words }, at) => {
    const own = JSON.stringify(words);
    const others = lanes.filter(({ told }) => JSON.stringify(told[at]?.words) !== own).length;
    const body = others === 0 ? words : [...words, `so on ${first.name}; on ${others} more in other words (--verbose)`];
    const lines = body.flatMap(line => wrapped(visible(line), columns - 8));
    return [clipped(visible(head), columns), ...lines.map(line => `        ${line}`)];
  });
  return [...names.map(line => `  ${line}`), ...steps];
}

export const named = (hosts: readonly string[]): string => listed(hosts, HOSTS_NAMED);

/** Told in the order of the plan, a wave's own lane beside those of its hosts. */
export function stepsText(plan: Plan, options: PlanTextOptions): readonly string[] {
  const actions = plan.waves.flatMap(wave => wave.actions);
  return groupsOf(actions, options).flatMap(lanes => groupLines(lanes, options));
}

/** True when carrying the plan out may change something: what `--detailed-exitcode` tells. */
export function planChanges(plan: Plan): boolean {
  return plan.waves.some(wave => wave.actions.some(mayChange));
}
