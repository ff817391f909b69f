// Points in time and time passed, for people. The time zone is handed in: nothing here asks the machine.

const DAY = { weekday: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZoneName: 'short' } as const;

function partsOf(ms: number, timeZone: string, options: Intl.DateTimeFormatOptions): Readonly<Record<string, string>> {
  const parts = new Intl.DateTimeFormat('en-GB', { ...options, timeZone }).formatToParts(ms);
  return Object.fromEntries(parts.map(part => [part.type, part.value]));
}

/** `02:46`. */
export function clockText(ms: number, timeZone: string): string {
  const { hour, minute } = partsOf(ms, timeZone, DAY);
  return `${hour}:${minute}`;
}

/** `02:46:41`. */
export function secondsText(ms: number, timeZone: string): string {
  const { hour, minute, second } = partsOf(ms, timeZone, { ...DAY, second: '2-digit' });
  return `${hour}:${minute}:${second}`;
}

/** Local time and UTC, as on a page that two shifts in two countries read: `Sat 02:46 CET (01:46Z)`. */
export function momentText(ms: number, timeZone: string): string {
  const { weekday, hour, minute, timeZoneName } = partsOf(ms, timeZone, DAY);
  return `${weekday} ${hour}:${minute} ${timeZoneName} (${clockText(ms, 'UTC')}Z)`;
}

/** `2026-11-21 02:46`. */
export function dateText(ms: number, timeZone: string): string {
  const { year, month, day } = partsOf(ms, timeZone, { year: 'numeric', month: '2-digit', day: '2-digit' });
  return `${year}-${month}-${day} ${clockText(ms, timeZone)}`;
}

/** Time passed, of one width while it grows: `0:07`, `12:30`, `1:02:03`. */
export function elapsedText(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const two = (n: number): string => String(n).padStart(2, '0');
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}
