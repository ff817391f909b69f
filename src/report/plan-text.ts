// A plan for the person who says yes: waves, where each zone goes and why, who stays, what each step will change, what
// can't be undone, notes. Hosts with the very same steps before them are told together.
import { type HostName, laneName } from '../model/ids.ts';
import { type Forecast, type Plan, playOf, type Shortfall, type WaveForecast, type WavePlan } from '../model/plan.ts';
import { clipped, counted, table, wrapped } from '../text/fit.ts';
import { dateText } from '../text/moment.ts';
import { never } from '../text/never.ts';
import { bytesText } from '../text/size.ts';
import { visible } from '../text/visible.ts';

export interface PlanTextOptions {
  readonly columns: number;
  readonly timeZone: string;
  /** Also the steps that will change nothing, and those that will be skipped. */
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

function stepLines(forecast: Forecast, { columns }: PlanTextOptions): readonly string[] {
  const plain = forecast.name === '' || forecast.name === forecast.step;
  const text = forecast.hidden ? 'hidden (no_log)' : forecast.text;
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
function grouped(wave: WaveForecast, options: PlanTextOptions): readonly Group[] {
  const lanes = new Map<string, Forecast[]>();
  for (const forecast of wave.actions) {
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

function named(hosts: readonly string[]): string {
  if (hosts.length <= HOSTS_NAMED) return hosts.join(', ');
  return `${hosts.slice(0, HOSTS_NAMED).join(', ')} and ${hosts.length - HOSTS_NAMED} more`;
}

function placementLines({ migrations, staying }: WavePlan, { columns }: PlanTextOptions): readonly string[] {
  const titles = [
    { title: 'ZONE', least: 10 },
    { title: 'FROM', least: 8 },
    { title: 'TO', least: 8 },
    { title: 'SIZE', side: 'right' },
    { title: 'WHY', least: 12, wraps: true },
  ] as const;
  const rows = migrations.map(one => [one.zone, one.from, one.to, bytesText(one.bytes), one.why].map(visible));
  const stays = table(
    [
      { title: 'STAYS', least: 10 },
      { title: 'ON', least: 8 },
      { title: 'WHY', least: 12, wraps: true },
    ],
    staying.map(one => [one.zone, one.host, one.why].map(visible)),
    columns - 2,
  );
  return [...(rows.length === 0 ? [] : table(titles, rows, columns - 2)), ...(staying.length === 0 ? [] : stays)].map(
    line => `  ${line}`,
  );
}

function waveLines(wave: WaveForecast, plan: Plan, options: PlanTextOptions): readonly string[] {
  const { wave: number, hosts } = wave.plan;
  const play = playOf(plan, number);
  const title = plan.program.plays.length > 1 ? `, play ${number.play} "${play.name}"` : '';
  return [
    '',
    ...wrapped(visible(`Wave ${number.n}${title}: ${named(hosts)}`), options.columns),
    ...placementLines(wave.plan, options),
    ...grouped(wave, options).flatMap(group => [
      ...wrapped(visible(named(group.names)), options.columns - 2).map(line => `  ${line}`),
      ...group.lines,
    ]),
  ];
}

function headline(plan: Plan, options: PlanTextOptions): string {
  const hosts = new Set<HostName>(plan.waves.flatMap(wave => wave.plan.hosts)).size;
  const what = `${counted(hosts, 'host')} in ${counted(plan.waves.length, 'wave')}`;
  return `Plan of ${plan.playbooks.join(', ')}: ${what}, made ${dateText(plan.at, options.timeZone)}`;
}

function totals(plan: Plan): readonly string[] {
  const moves = plan.waves.flatMap(wave => wave.plan.migrations);
  if (moves.length === 0) return [];
  const bytes = moves.reduce((sum, one) => sum + one.bytes, 0);
  return [`${moves.length} ${moves.length === 1 ? 'zone moves' : 'zones move'}, ${bytesText(bytes)} of memory to copy`];
}

export function planText(plan: Plan, options: PlanTextOptions): string {
  const lines = [
    ...wrapped(visible(headline(plan, options)), options.columns),
    ...(planChanges(plan) ? [] : ['Nothing to do.']),
    ...totals(plan),
    ...plan.waves.flatMap(wave => waveLines(wave, plan, options)),
    ...(plan.notes.length === 0 ? [] : ['', 'Notes:']),
    ...plan.notes.flatMap(note =>
      wrapped(visible(note), options.columns - 4).map((line, at) => `${at === 0 ? '  - ' : '    '}${line}`),
    ),
    '',
    ...wrapped('+ changes   ? known only then   = nothing to do   - skipped', options.columns),
  ];
  return `${lines.join('\n')}\n`;
}

/** True when carrying the plan out may change something: what `--detailed-exitcode` tells. */
export function planChanges(plan: Plan): boolean {
  return plan.waves.some(wave => wave.actions.some(mayChange));
}

/** Why a wave can't be, in numbers, and the ways out. */
export function shortfallText(shortfall: Shortfall, columns: number): string {
  const titles = [
    { title: 'ZONE', least: 10 },
    { title: 'HOST', least: 10 },
    { title: 'WHY NOT', least: 16, wraps: true },
  ] as const;
  const rows = shortfall.reasons.map(one => [one.zone, one.host, one.why].map(visible));
  return [
    ...wrapped(visible(shortfall.message), columns),
    ...(rows.length === 0 ? [] : ['', ...table(titles, rows, columns)]),
    ...(shortfall.help.length === 0 ? [] : ['', 'Ways out, best first:']),
    ...shortfall.help.flatMap((text, n) => wrapped(`${n + 1}. ${visible(text)}`, columns - 2).map(line => `  ${line}`)),
    '',
  ].join('\n');
}
