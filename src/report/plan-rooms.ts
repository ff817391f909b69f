// How full hosts are before, while and after zones are elsewhere, as bars that any terminal shows.
import type { HostRoom, PlanFigures } from '../model/figures.ts';
import { table } from '../text/fit.ts';
import { bytesText } from '../text/size.ts';
import { visible } from '../text/visible.ts';

const HOSTS_SHOWN = 12;
const NARROW = 76;

/** `######....  61 %` */
function bar(share: number, width: number): string {
  const full = Math.max(0, Math.min(width, Math.round(share * width)));
  return `${'#'.repeat(full)}${'.'.repeat(width - full)} ${`${Math.round(share * 100)} %`.padStart(5)}`;
}

/** Over several waves: as it is first, the fullest that it gets, and as it is last. */
function peaksOf(figures: PlanFigures): readonly HostRoom[] {
  const peaks = new Map<string, HostRoom>();
  for (const room of figures.waves.flatMap(wave => wave.rooms)) {
    const earlier = peaks.get(room.host);
    const during = Math.max(earlier?.during ?? room.before, room.during, room.after);
    peaks.set(room.host, { ...room, before: earlier?.before ?? room.before, during });
  }
  return [...peaks.values()];
}

/** Of one wave, how hosts are while its own are empty; of several, the fullest that each gets. */
export function campaignRooms(
  figures: PlanFigures,
  look: { readonly columns: number; readonly verbose: boolean },
): readonly string[] {
  const [only, ...more] = figures.waves;
  if (only !== undefined && more.length === 0) return roomsText(only.rooms, 'MEANWHILE', look);
  return roomsText(peaksOf(figures), 'FULLEST', look);
}

/** The fullest first. */
export function roomsText(
  rooms: readonly HostRoom[],
  title: string,
  { columns, verbose }: { readonly columns: number; readonly verbose: boolean },
): readonly string[] {
  if (rooms.length === 0) return [];
  const use = ({ during, totalBytes }: HostRoom): number => during / totalBytes;
  const ordered = [...rooms].sort((a, b) => use(b) - use(a) || (a.host < b.host ? -1 : 1));
  const shown = verbose ? ordered : ordered.slice(0, HOSTS_SHOWN);
  const width = columns < NARROW ? 5 : 10;
  const rows = shown.map(({ host, totalBytes, before, during, after }) => [
    visible(host),
    bytesText(totalBytes),
    ...[before, during, after].map(bytes => bar(bytes / totalBytes, width)),
  ]);
  const next = ordered[shown.length];
  return [
    ...table(
      [
        { title: 'HOST', least: 8 },
        { title: 'MEMORY', side: 'right' },
        { title: 'BEFORE' },
        { title },
        { title: 'AFTER' },
      ],
      rows,
      columns,
    ),
    ...(next === undefined
      ? []
      : [`and ${rooms.length - shown.length} more, none over ${Math.round(use(next) * 100)} % then`]),
  ];
}
