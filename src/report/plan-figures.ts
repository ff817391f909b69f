// What a plan means for users and for the way back, what it needs, and how good it is: short lists, alike things folded.
import type { Bound, Build, Down, NoReturn, PlanFigures, Told, WaveFigures } from '../model/figures.ts';
import { waveName } from '../model/plan.ts';
import { aboutText } from '../text/duration.ts';
import { counted, table, wrapped } from '../text/fit.ts';
import { grouped } from '../text/grouped.ts';
import { never } from '../text/never.ts';
import { bytesText } from '../text/size.ts';
import { visible } from '../text/visible.ts';
import { named, type PlanTextOptions } from './plan-steps.ts';

const DOWN_IN_FULL = 15;

/** A line and what it goes on with, as an item of a list. */
export function item(text: string, columns: number): readonly string[] {
  return wrapped(visible(text), columns - 4).map((line, n) => `${n === 0 ? '  - ' : '    '}${line}`);
}

interface Outage extends Down {
  /** Its name on this page: with its play where there are several. */
  readonly wave: string;
}

const heading = (text: string, { columns }: PlanTextOptions): readonly string[] => wrapped(text, columns);

export function downText(figures: PlanFigures, options: PlanTextOptions): readonly string[] {
  const hasPlays = new Set(figures.waves.map(({ wave }) => wave.play)).size > 1;
  const down = figures.waves.flatMap(({ wave, down: zones }) =>
    zones.map((one): Outage => ({ ...one, wave: hasPlays ? waveName(wave) : String(wave.n) })),
  );
  if (down.length === 0) return [];
  const full = down.length <= DOWN_IN_FULL || options.verbose;
  const title = `Down for users: ${counted(down.length, 'zone')}`;
  return [
    '',
    ...heading(`${title}, each as long as its host is away`, options),
    ...(full ? outages(down, options) : folded(down, options)),
  ];
}

/** What all have in common is told once. */
function outages(down: readonly Outage[], { columns }: PlanTextOptions): readonly string[] {
  const [first] = down;
  const alike = down.length > 1 && down.every(({ why }) => why === first?.why);
  const rows = down.map(one => {
    const row = [one.zone, one.host, `wave ${one.wave} +${aboutText(one.fromMs)}`, minutes(one.ms)];
    return [...row, ...(alike ? [] : [one.why])].map(visible);
  });
  const titles = [
    { title: 'ZONE', least: 10 },
    { title: 'ON', least: 8 },
    { title: 'FROM' },
    { title: 'MINUTES', side: 'right' },
    ...(alike ? [] : [{ title: 'WHY', least: 12, wraps: true } as const]),
  ] as const;
  return [
    ...(alike ? wrapped(visible(`each: ${first?.why ?? ''}`), columns - 2) : []),
    ...table(titles, rows, columns - 2),
  ].map(line => `  ${line}`);
}

const minutes = (ms: number): string => String(Math.max(1, Math.round(ms / 60_000)));

function folded(down: readonly Outage[], { columns }: PlanTextOptions): readonly string[] {
  const byWhy = grouped(down, one => one.why);
  return [...byWhy].flatMap(([why, all]) => {
    const hosts = new Set(all.map(one => one.host)).size;
    const longest = minutes(Math.max(...all.map(one => one.ms)));
    const what = `${counted(all.length, 'zone')} on ${counted(hosts, 'host')}, ${longest} minutes at most: ${why}`;
    return item(what, columns);
  });
}

export function noReturnText(figures: PlanFigures, options: PlanTextOptions): readonly string[] {
  const points = figures.waves.flatMap(wave => wave.noReturn);
  if (points.length === 0) return [];
  const alike = grouped(points, one => `${one.step}\n${one.why}`);
  const lines = [...alike.values()].flatMap(all => item(pointText(all, options), options.columns));
  return ['', ...heading('Point of no return: a rollback goes back to there and no further', options), ...lines];
}

function pointText(points: readonly NoReturn[], { verbose }: PlanTextOptions): string {
  const times = points.map(one => one.atMs);
  const [first, last] = [aboutText(Math.min(...times)), aboutText(Math.max(...times))];
  const when = first === last ? first : `${first} to ${last}`;
  const hosts = points.map(one => one.host);
  const who = verbose ? hosts.join(', ') : named(hosts);
  return `${who}: ${points[0]?.step ?? ''}, ${when} into the wave: ${points[0]?.why ?? ''}`;
}

export function leftText(figures: PlanFigures, options: PlanTextOptions): readonly string[] {
  const left = figures.waves.flatMap(wave => wave.left);
  if (left.length === 0) return [];
  const alike = grouped(left, one => one.why);
  const lines = [...alike].flatMap(([why, all]) =>
    item(`${why}; on ${named([...new Set(all.flatMap(one => one.hosts))])}`, options.columns),
  );
  return ['', ...heading("Can't be undone, and is left as it is by a rollback:", options), ...lines];
}

export function diskText(figures: PlanFigures, options: PlanTextOptions): readonly string[] {
  const builds = figures.waves.flatMap(wave => wave.builds);
  if (builds.length === 0) return [];
  const lines = [[buildText(builds), ...zoneBuildsText(builds)].join('; '), ...tightText(builds)];
  return ['', 'Disk:', ...lines.flatMap(one => item(one, options.columns))];
}

function buildText(builds: readonly Build[]): string {
  const names = [...new Set(builds.map(one => one.name))].sort();
  const sizes = builds.flatMap(one => one.systemBytes ?? []).sort((a, b) => a - b);
  const [least, most] = [bytesText(sizes[0] ?? 0), bytesText(sizes.at(-1) ?? 0)];
  const like =
    sizes.length === 0
      ? 'how big it gets is known only when it is built'
      : `each less than the system it is a clone of (${least === most ? least : `${least} to ${most}`})`;
  return `a new boot environment (${names.join(', ')}) on ${counted(builds.length, 'host')}: ${like}`;
}

/** Updated as linked images: their roots are cloned, too. */
function zoneBuildsText(builds: readonly Build[]): readonly string[] {
  const zones = builds.flatMap(one => one.zones);
  if (zones.length === 0) return [];
  const which = zones.length > ZONES_NAMED ? '' : ` (${zones.join(', ')})`;
  if (zones.length === 1) return [`one in ${zones[0] ?? ''}, which shares the kernel`];
  return [`one in each of ${zones.length} zones that share the kernel${which}`];
}

const ZONES_NAMED = 8;

/** The host with the least room, and those where the new system may not fit beside the one that runs. */
function tightText(builds: readonly Build[]): readonly string[] {
  const known = builds.flatMap(one => (one.freeBytes === null ? [] : [{ ...one, freeBytes: one.freeBytes }]));
  const least = known.toSorted((a, b) => a.freeBytes - b.freeBytes || (a.host < b.host ? -1 : 1))[0];
  const tight = known.filter(one => one.systemBytes !== null && one.freeBytes < one.systemBytes);
  const silent = builds.length - known.length;
  return [
    ...(least === undefined ? [] : [`the least room has rpool of ${least.host}, ${bytesText(least.freeBytes)} free`]),
    ...(tight.length === 0
      ? []
      : [`TIGHT: less free than the running system takes on ${named(tight.map(one => one.host))}; preflight asks pkg`]),
    ...(silent === 0 ? [] : [`the room isn't known of ${counted(silent, 'host')}`]),
  ];
}

/** Who must hear of it before. */
export function toldText(
  { told }: { readonly told: readonly Told[] },
  options: Pick<PlanTextOptions, 'columns' | 'verbose'>,
): readonly string[] {
  if (told.length === 0) return [];
  const some = (zones: readonly string[]): string =>
    zones.length > ZONES_NAMED && !options.verbose ? counted(zones.length, 'zone') : zones.join(', ');
  const lines = told.map(({ contact, moving, down }) => {
    const what = [
      ...(moving.length === 0 ? [] : [`${some(moving)} ${moving.length === 1 ? 'moves' : 'move'}`]),
      ...(down.length === 0 ? [] : [`${some(down)} ${down.length === 1 ? 'goes' : 'go'} down`]),
    ];
    return `${contact ?? 'nobody is named (contact)'}: ${what.join('; ')}`;
  });
  return ['', 'To be told:', ...lines.flatMap(line => item(line, options.columns))];
}

export function boundsText(figures: PlanFigures, options: PlanTextOptions): readonly string[] {
  if (figures.bounds.length === 0) return [];
  const rows = figures.bounds.map(one => [
    one.of,
    valueText(one, one.value),
    valueText(one, one.least),
    visible(one.how),
  ]);
  const titles = [
    { title: '' },
    { title: 'THIS PLAN', side: 'right' },
    { title: 'AT LEAST', side: 'right' },
    { title: 'BECAUSE', least: 20, wraps: true },
  ] as const;
  return [
    '',
    ...heading('How good it is: no plan for the same hosts could do with less than', options),
    ...table(titles, rows, options.columns - 2).map(line => `  ${line}`),
  ];
}

function valueText({ of }: Bound, value: number): string {
  switch (of) {
    case 'bytes':
      return bytesText(value);
    case 'migrations':
    case 'waves':
      return String(value);
    case 'makespan':
      return aboutText(value);
    default:
      return never(of);
  }
}

export function restsOnText(figures: PlanFigures, options: PlanTextOptions): readonly string[] {
  if (figures.ms === 0) return [];
  return ['', 'The times are a forecast:', ...figures.restsOn.flatMap(line => item(line, options.columns))];
}

/** When all of it is through. */
export function endText(figures: PlanFigures, waves: readonly WaveFigures[]): string {
  const nights = new Set(waves.flatMap(one => (one.window === null ? [] : [one.window.startAt - one.window.offsetMs])))
    .size;
  return `about ${aboutText(figures.ms)} of work${nights > 1 ? `, in ${nights} windows` : ''}`;
}
