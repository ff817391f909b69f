// The waves of a plan and where their zones go, as tables. Few waves are told zone by zone, many in a line each.
import type { PlanFigures, WaveFigures } from '../model/figures.ts';
import { type Migration, type Plan, playOf, type WaveForecast, type WavePlan } from '../model/plan.ts';
import { counted, table, wrapped } from '../text/fit.ts';
import { aboutText } from '../text/duration.ts';
import { grouped } from '../text/grouped.ts';
import { listed } from '../text/listed.ts';
import { momentText } from '../text/moment.ts';
import { bytesText } from '../text/size.ts';
import { visible } from '../text/visible.ts';
import { named, type PlanTextOptions } from './plan-steps.ts';

/** More than these are told a wave in a line. */
const WAVES_IN_FULL = 4;
const WAVES_IN_LINES = 24;
/** More than these are told by source and destination. */
const ZONES_IN_FULL = 20;
/** More sources than these, and only those with the most memory are told. */
const SOURCES_IN_FULL = 12;
const SOURCES_SHOWN = 8;
/** More destinations than these are counted. */
const DESTINATIONS_IN_FULL = 4;

export function wavesText(plan: Plan, figures: PlanFigures | null, options: PlanTextOptions): readonly string[] {
  if (plan.waves.length > WAVES_IN_FULL && !options.verbose) return ['', ...manyWaves(plan, figures, options)];
  return plan.waves.flatMap((wave, n) => oneWave(wave, plan, { figures: figures?.waves[n] ?? null, options }));
}

interface Look {
  readonly figures: WaveFigures | null;
  readonly options: PlanTextOptions;
}

function oneWave(wave: WaveForecast, plan: Plan, { figures, options }: Look): readonly string[] {
  const { wave: number, hosts } = wave.plan;
  const play = playOf(plan, number);
  const title = plan.program.plays.length > 1 ? `, play ${number.play} "${play.name}"` : '';
  const shown = options.verbose ? hosts.join(', ') : named(hosts);
  const times = figures === null ? [] : [`  ${timesText(figures, options)}`];
  return [
    '',
    ...wrapped(visible(`Wave ${number.n}${title}: ${shown}`), options.columns),
    ...times.flatMap(line => wrapped(line.trim(), options.columns - 2).map(one => `  ${one}`)),
    ...zonesText(wave.plan, options),
  ];
}

function timesText({ startMs, ms, window }: WaveFigures, options: PlanTextOptions): string {
  const takes = `takes about ${aboutText(ms)}`;
  if (window === null) return startMs === 0 ? takes : `begins after ${aboutText(startMs)}, ${takes}`;
  const { timeZone } = options;
  const [start, latest] = [momentText(window.startAt, timeZone), momentText(window.latestAt, timeZone)];
  const fits = window.fits ? `latest start that fits the window: ${latest}` : 'LONGER than the window';
  return `begins ${start}, ${takes}; ${fits}`;
}

function zonesText({ migrations, staying }: WavePlan, options: PlanTextOptions): readonly string[] {
  // Only what it needs is taken: to ask for the time zone takes 20 ms, and no time is told here.
  const look = { columns: options.columns - 2, verbose: options.verbose };
  return [...movesTable(migrations, look), ...staysTable(staying, look)].map(line => `  ${line}`);
}

type TableOptions = Pick<PlanTextOptions, 'columns' | 'verbose'>;

/** Zone by zone, or only how many from where to where; nothing of none. */
export function movesTable(migrations: readonly Migration[], { columns, verbose }: TableOptions): readonly string[] {
  if (migrations.length === 0) return [];
  if (migrations.length > ZONES_IN_FULL && !verbose) return foldedMoves(migrations, columns);
  return table(
    [
      { title: 'ZONE', least: 10 },
      { title: 'FROM', least: 8 },
      { title: 'TO', least: 8 },
      { title: 'SIZE', side: 'right' },
      { title: 'WHY', least: 12, wraps: true },
    ],
    migrations.map(one =>
      [one.zone, one.from, one.to, bytesText(one.bytes), one.stays ? `${one.why}, stays there` : one.why].map(visible),
    ),
    columns,
  );
}

export function staysTable(staying: WavePlan['staying'], options: TableOptions): readonly string[] {
  if (staying.length === 0) return [];
  return table(
    [
      { title: 'STAYS', least: 10 },
      { title: 'ON', least: 8 },
      { title: 'WHY', least: 12, wraps: true },
    ],
    stayRows(staying, options),
    options.columns,
  );
}

/** A reason is told once, in the first row of those that it holds for. */
function stayRows(staying: WavePlan['staying'], { verbose }: TableOptions): readonly (readonly string[])[] {
  const byWhy = grouped(staying, one => one.why);
  if (verbose || staying.length <= ZONES_IN_FULL)
    return [...byWhy].flatMap(([why, alike]) =>
      [...grouped(alike, one => one.host)].map(([host, all], n) =>
        [all.map(one => one.zone).join(' '), host, n === 0 ? why : ''].map(visible),
      ),
    );
  return [...byWhy].map(([why, all]) => [
    counted(all.length, 'zone'),
    counted(new Set(all.map(one => one.host)).size, 'host'),
    visible(why),
  ]);
}

/** By source and destination; where that is no shorter, by source alone. */
function foldedMoves(migrations: readonly Migration[], width: number): readonly string[] {
  const ways = grouped(migrations, ({ from, to }) => `${from}\n${to}`);
  if (ways.size > ZONES_IN_FULL) return foldedSources(migrations, width);
  const rows = [...ways.values()].map(all => {
    const [from, to] = [all[0]?.from ?? '', all[0]?.to ?? ''];
    return [String(all.length), bytesText(sumOf(all)), from, to, all.map(one => one.zone).join(' ')].map(visible);
  });
  return table([...COUNTED, { title: 'TO', least: 8 }, { title: 'WHICH', least: 8 }], rows, width);
}

const COUNTED = [
  { title: 'ZONES', side: 'right' },
  { title: 'MEMORY', side: 'right' },
  { title: 'FROM', least: 8 },
] as const;

/** The sources with the most memory to send; where there are many, destinations are only counted. */
function foldedSources(migrations: readonly Migration[], width: number): readonly string[] {
  const sources = [...grouped(migrations, one => one.from)].map(([from, all]) => ({ from, all, bytes: sumOf(all) }));
  if (sources.length <= SOURCES_IN_FULL) {
    const rows = sources.map(one => [...sourceCells(one), visible(destinationsText(one.all))]);
    return [...table([...COUNTED, { title: 'TO', least: 12, wraps: true }], rows, width), ...IN_FULL];
  }
  const ordered = sources.toSorted((a, b) => b.bytes - a.bytes || (a.from < b.from ? -1 : 1));
  const rows = ordered.slice(0, SOURCES_SHOWN).map(one => [...sourceCells(one), visible(destinationsInShort(one.all))]);
  const next = ordered[SOURCES_SHOWN];
  const rest =
    next === undefined
      ? []
      : [`and ${ordered.length - rows.length} more hosts, none with over ${bytesText(next.bytes)} to send`];
  return [
    ...table([...COUNTED, { title: 'TO', least: 12, wraps: true }], rows, width),
    ...rest.flatMap(line => wrapped(line, width)),
    ...IN_FULL,
  ];
}

const IN_FULL = ['(--verbose: zone by zone)'] as const;

function sourceCells({ from, all, bytes }: { from: string; all: readonly Migration[]; bytes: number }) {
  return [String(all.length), bytesText(bytes), visible(from)];
}

export const sumOf = (migrations: readonly Migration[]): number => migrations.reduce((sum, one) => sum + one.bytes, 0);

function manyWaves(plan: Plan, figures: PlanFigures | null, options: PlanTextOptions): readonly string[] {
  const rows = plan.waves.slice(0, WAVES_IN_LINES).map(({ plan: { wave, hosts, migrations } }, n) => {
    const own = figures?.waves[n];
    const play = plan.program.plays.length > 1 ? `${wave.play}/` : '';
    return [
      `${play}${wave.n}`,
      listed(hosts, 1),
      migrations.length === 0 ? '-' : String(migrations.length),
      migrations.length === 0 ? '-' : bytesText(sumOf(migrations)),
      own === undefined ? '' : beginText(own, options),
      own === undefined ? '' : aboutText(own.ms),
      own?.window ? (own.window.fits ? momentText(own.window.latestAt, options.timeZone) : 'TOO LONG') : '',
      destinationsInShort(migrations),
    ].map(visible);
  });
  const hasWindow = figures?.waves.some(wave => wave.window !== null) ?? false;
  const keep = (_: unknown, at: number): boolean =>
    (figures !== null || (at !== 4 && at !== 5)) && (hasWindow || at !== 6);
  const columns = [
    { title: 'WAVE', side: 'right' },
    { title: 'HOSTS', least: 12, wraps: true },
    { title: 'ZONES', side: 'right' },
    { title: 'MEMORY', side: 'right' },
    { title: 'BEGINS', side: 'right' },
    { title: 'TAKES', side: 'right' },
    { title: 'LATEST START' },
    { title: 'TO', least: 12, wraps: true },
  ] as const;
  const more = plan.waves.length - rows.length;
  return [
    ...table(
      columns.filter(keep),
      rows.map(row => row.filter(keep)),
      options.columns,
    ),
    ...(more > 0 ? [`and ${counted(more, 'more wave')} (--verbose shows them all)`] : []),
  ];
}

function beginText({ startMs, window }: WaveFigures, options: PlanTextOptions): string {
  return window === null ? `+${aboutText(startMs)}` : momentText(window.startAt, options.timeZone);
}

function destinationsText(migrations: readonly Migration[]): string {
  const byHost = grouped(migrations, one => one.to);
  return [...byHost].map(([host, all]) => `${host} ${all.length}`).join(', ');
}

/** Who gets how many; of many destinations, how many they are and the most that one gets. */
function destinationsInShort(migrations: readonly Migration[]): string {
  const counts = [...grouped(migrations, one => one.to).values()].map(all => all.length);
  if (counts.length <= DESTINATIONS_IN_FULL) return destinationsText(migrations);
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  return `${counts.length} hosts, ${least === most ? most : `${least} to ${most}`} each`;
}
