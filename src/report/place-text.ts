// The answer to "can I take these hosts out tonight, and where does everything go?", to be read in a minute.
import type { HostRoom, Told } from '../model/figures.ts';
import type { Migration, Shortfall, Staying } from '../model/plan.ts';
import { counted, table, wrapped } from '../text/fit.ts';
import { bytesText } from '../text/size.ts';
import { visible } from '../text/visible.ts';
import { toldText } from './plan-figures.ts';
import { movesTable, staysTable, sumOf } from './plan-moves.ts';
import { roomsText } from './plan-rooms.ts';
import { shortfallText } from './plan-short.ts';
import type { PlanTextOptions } from './plan-steps.ts';

export interface PlaceAnswer {
  readonly hosts: readonly string[];
  /** When the oldest and the newest of the facts were asked for. */
  readonly asOf: readonly [string, string];
  readonly migrations: readonly Migration[];
  readonly staying: readonly Staying[];
  /** Zones that run and don't leave. */
  readonly down: readonly string[];
  readonly told: readonly Told[];
  /** On newer systems than their own: none goes live from a newer system to an older one. */
  readonly newer: readonly Migration[];
  readonly rooms: readonly HostRoom[];
  readonly first: readonly { readonly zone: string; readonly from: string; readonly to: string }[];
  readonly goodness: {
    readonly of: 'use' | 'destinations';
    readonly value: number;
    readonly least: number;
    readonly how: string;
  };
  /** What the exact pass says; null: nobody asked it. */
  readonly exact: string | null;
}

type Look = PlanTextOptions;

const together = (hosts: readonly string[]): string => (hosts.length === 1 ? '' : ' together');

export function placeText(answer: PlaceAnswer, look: Look): string {
  const { hosts, migrations, staying, rooms, first } = answer;
  const moves =
    migrations.length === 0
      ? 'no zone has to move'
      : `${counted(migrations.length, 'zone')} to move, ${bytesText(sumOf(migrations))}`;
  const condition =
    first.length === 0
      ? 'Yes'
      : `Yes, when ${counted(first.length, 'zone')} of other hosts ${first.length === 1 ? 'goes' : 'go'} first`;
  const width = look.columns - 2;
  const inset = (lines: readonly string[]): readonly string[] => lines.map(line => `  ${line}`);
  const bars = roomsText(rooms, 'MEANWHILE', { ...look, columns: width });
  const headline = `${condition}: ${hosts.join(', ')} can be taken out${together(hosts)}; ${moves}${downText(answer)}`;
  return [
    ...wrapped(visible(headline), look.columns),
    ...wrapped(asOfText(answer.asOf), look.columns),
    ...(first.length === 0 ? [] : ['', 'First, in this order:', ...inset(firstTable(first, width))]),
    ...(migrations.length === 0 ? [] : ['', ...inset(movesTable(migrations, { ...look, columns: width }))]),
    ...(staying.length === 0 ? [] : ['', ...inset(staysTable(staying, { ...look, columns: width }))]),
    ...homeText(answer.newer, look),
    ...toldText(answer, look),
    ...(bars.length === 0 ? [] : ['', 'Memory given away:', ...inset(bars)]),
    ...(migrations.length === 0 ? [] : ['', ...wrapped(goodnessText(answer.goodness), look.columns)]),
    ...(answer.exact === null ? [] : wrapped(`The exact pass: ${visible(answer.exact)}.`, look.columns)),
    '',
  ].join('\n');
}

/** Users of these notice it: they belong into the first line. */
function downText({ down }: PlaceAnswer): string {
  if (down.length === 0) return '';
  const names = down.length > DOWN_NAMED ? `${down.length} zones` : down.join(', ');
  return `; ${names} ${down.length === 1 ? 'goes down with its host' : 'go down with their hosts'}`;
}

const DOWN_NAMED = 6;

function homeText(newer: readonly Migration[], { columns }: Look): readonly string[] {
  if (newer.length === 0) return [];
  const names = newer.map(({ zone, from }) => `${zone} (${from})`).join(', ');
  const what = newer.length === 1 ? 'It comes' : 'They come';
  return ['', ...wrapped(visible(`To a newer system: ${names}. ${what} home live only when home is as new.`), columns)];
}

const asOfText = ([oldest, newest]: PlaceAnswer['asOf']): string =>
  oldest === newest ? `By the facts of ${oldest}.` : `By the facts of ${oldest} to ${newest}.`;

function firstTable(first: PlaceAnswer['first'], width: number): readonly string[] {
  const titles = [
    { title: '', side: 'right' },
    { title: 'ZONE', least: 10 },
    { title: 'FROM', least: 8 },
    { title: 'TO', least: 8 },
  ] as const;
  return table(
    titles,
    first.map((one, n) => [String(n + 1), ...[one.zone, one.from, one.to].map(visible)]),
    width,
  );
}

function goodnessText({ of, value, least, how }: PlaceAnswer['goodness']): string {
  if (of === 'destinations') {
    const gap = value === least ? 'no placement takes fewer' : `at least ${least}: ${how}`;
    return `How good it is: ${counted(value, 'host')} ${value === 1 ? 'takes' : 'take'} zones; ${gap}.`;
  }
  const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
  const gap = value - least;
  const far = gap < 0.0005 ? "it can't be less" : `at most ${(gap * 100).toFixed(1)} points from the best`;
  return `How good it is: the fullest host that stays has ${percent(value)} of its memory given away; no placement could do with less than ${percent(least)}: ${how}; ${far}.`;
}

export function noPlaceText(
  hosts: readonly string[],
  asOf: PlaceAnswer['asOf'],
  shortfall: Shortfall,
  columns: number,
): string {
  const told = { ...shortfall, message: shortfall.message.replace(/^wave \S+: /, '') };
  return [
    ...wrapped(visible(`No: ${hosts.join(', ')} can't be taken out${together(hosts)}`), columns),
    ...wrapped(asOfText(asOf), columns),
    '',
    shortfallText(told, columns),
  ].join('\n');
}
