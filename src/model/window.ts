// The time of day in which hosts may be taken out, as a play says it, and which stretch of time that is around a given
// moment. Local times are of the window's own time zone; a night in which clocks are changed is as long as it really is.

export interface Window {
  /** Minutes after midnight. */
  readonly from: number;
  /** When it isn't after `from`, it is on the next day. */
  readonly to: number;
  /** As the time zone database calls it: Europe/Berlin. */
  readonly timezone: string;
  /** Before its end no wave is begun in this time. */
  readonly drainMs: number;
}

/** Epoch milliseconds. */
export interface Opening {
  readonly opensAt: number;
  readonly endsAt: number;
  /** From here on no wave is begun. */
  readonly lastStartAt: number;
}

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** The opening that the moment is in, else the next one. */
export function openingAt(window: Window, at: number): Opening {
  for (const day of [-1, 0, 1]) {
    const opening = openingOn(window, at + day * DAY);
    if (at < opening.endsAt) return opening;
  }
  return openingOn(window, at + 2 * DAY);
}

/** Whether a wave may be begun then; in words, why not. */
export function objectionTo(window: Window, at: number): string | null {
  const opening = openingAt(window, at);
  const words = windowText(window);
  if (at < opening.opensAt) return `the window (${words}) isn't open`;
  if (at < opening.lastStartAt) return null;
  return `the window (${words}) is about to end: nothing is begun in its last ${Math.round(window.drainMs / MINUTE)} minutes`;
}

const clock = (minutes: number): string =>
  `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;

const windowText = ({ from, to, timezone }: Window): string => `${clock(from)} to ${clock(to)} ${timezone}`;

export function isTimezone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en-GB', { timeZone: name }).format(0) !== '';
  } catch {
    return false;
  }
}

/** The opening that begins on the local day of the moment. */
function openingOn(window: Window, at: number): Opening {
  const { from, to, timezone, drainMs } = window;
  const midnight = Math.floor((at + offsetOf(at, timezone)) / DAY) * DAY;
  const opensAt = epochOf(midnight + from * MINUTE, timezone);
  const endsAt = epochOf(midnight + to * MINUTE + (to <= from ? DAY : 0), timezone);
  return { opensAt, endsAt, lastStartAt: endsAt - drainMs };
}

/** @param local what a clock in that zone shows, as if it were UTC. */
function epochOf(local: number, timezone: string): number {
  const first = local - offsetOf(local, timezone);
  return local - offsetOf(first, timezone);
}

function offsetOf(at: number, timezone: string): number {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone: timezone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(at);
  const part = (type: string): number => Number(parts.find(one => one.type === type)?.value);
  const shown = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
  return shown - Math.floor(at / 1000) * 1000;
}
