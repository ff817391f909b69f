// The steps of a plan for the person who says yes: what each will change, in every wave. Hosts with the very same steps
// before them are told together; where zones go stands in the tables.
import { laneName } from '../model/ids.ts';
import type { Forecast, Plan } from '../model/plan.ts';
import type { Value } from '../model/value.ts';
import { clipped, counted, wrapped } from '../text/fit.ts';
import { never } from '../text/never.ts';
import { visible } from '../text/visible.ts';

export interface PlanTextOptions {
  readonly columns: number;
  readonly timeZone: string;
  /** Also the steps that will change nothing, and those that will be skipped; every zone, host and wave. */
  readonly verbose: boolean;
}

const HOSTS_NAMED = 12;

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
  const moves = args['moves'];
  if (!isNamed(moves) || !['zones.evacuate', 'zones.target'].includes(step)) return text;
  return args['dry_run']?.is === 'known' && args['dry_run'].json === true
    ? 'tries each migration of the table'
    : 'the zones of the table';
}

function stepLines(forecast: Forecast, { columns }: PlanTextOptions): readonly string[] {
  const plain = forecast.name === '' || forecast.name === forecast.step;
  const text = forecast.hidden ? 'hidden (no_log)' : wordsOf(forecast);
  const back = forecast.wayBack === '' ? [] : [`way back: ${forecast.wayBack}`];
  const body = [...(text === '' ? [] : [text]), ...back].flatMap(line => wrapped(visible(line), columns - 8));
  const name = `    ${mark(forecast)} ${forecast.step}${plain ? '' : ` (${forecast.name})`}${placeOf(forecast)}`;
  return [clipped(visible(name), columns), ...body.map(line => `        ${line}`)];
}

/** A condition that is known only later is told once, above the steps that wait for it. */
function conditionOf({ when }: Forecast): string {
  if (when.is !== 'later') return '';
  return `if so decided after ${when.after.length === 0 ? 'the tasks before' : [...new Set(when.after)].join(', ')}:`;
}

function laneLines(told: readonly Forecast[], options: PlanTextOptions): readonly string[] {
  return told.flatMap((forecast, at) => {
    const before = told[at - 1];
    const condition = conditionOf(forecast);
    const same = condition === (before === undefined ? '' : conditionOf(before));
    const head = same ? [] : [`    ${condition === '' ? 'in any case:' : condition}`];
    return [...head, ...stepLines(forecast, options)];
  });
}

interface Group {
  readonly names: string[];
  readonly lines: readonly string[];
}

/** Lanes in the order of the plan; those whose steps read the same stand together. */
function grouped(actions: readonly Forecast[], options: PlanTextOptions): readonly Group[] {
  const lanes = new Map<string, Forecast[]>();
  for (const forecast of actions) {
    const name = laneName(forecast.lane);
    const own = lanes.get(name) ?? [];
    own.push(forecast);
    lanes.set(name, own);
  }
  const groups = new Map<string, Group>();
  for (const [name, forecasts] of lanes) {
    const told = options.verbose ? forecasts : forecasts.filter(mayChange);
    const quiet = forecasts.length - told.length;
    const rest =
      quiet === 0 ? [] : [`    ${told.length === 0 ? '' : 'and '}${counted(quiet, 'step')} with nothing to do`];
    const lines = [...laneLines(told, options), ...rest];
    const group = groups.get(lines.join('\n')) ?? { names: [], lines };
    group.names.push(name);
    groups.set(lines.join('\n'), group);
  }
  return [...groups.values()];
}

export function named(hosts: readonly string[]): string {
  if (hosts.length <= HOSTS_NAMED) return hosts.join(', ');
  return `${hosts.slice(0, HOSTS_NAMED).join(', ')} and ${hosts.length - HOSTS_NAMED} more`;
}

/** Told in the order of the plan, a wave's own lane beside those of its hosts. */
export function stepsText(plan: Plan, options: PlanTextOptions): readonly string[] {
  const groups = grouped(
    plan.waves.flatMap(wave => wave.actions),
    options,
  );
  return groups.flatMap(group => [
    ...wrapped(visible(named([...new Set(group.names)])), options.columns - 2).map(line => `  ${line}`),
    ...group.lines,
  ]);
}

/** True when carrying the plan out may change something: what `--detailed-exitcode` tells. */
export function planChanges(plan: Plan): boolean {
  return plan.waves.some(wave => wave.actions.some(mayChange));
}
