// Dates as date(1) and ls(1) print them, always in UTC and in the C locale.

const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];
const HALF_YEAR_MS = 182 * 24 * 3_600_000;

function two(n: number): string {
  return String(n).padStart(2, '0');
}

export function strftime(pattern: string, ms: number): string {
  const date = new Date(ms);
  return pattern.replace(/%[-_EO]?([a-zA-Z%])/g, (all, letter: string) => conversion(letter, date) ?? all);
}

function conversion(letter: string, date: Date): string | null {
  const day = DAYS[date.getUTCDay()] ?? '';
  const month = MONTHS[date.getUTCMonth()] ?? '';
  const hour = date.getUTCHours();
  const yearDay =
    Math.floor(
      (Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()) - Date.UTC(date.getUTCFullYear(), 0, 1)) /
        86_400_000,
    ) + 1;
  const again = (pattern: string): string => strftime(pattern, date.getTime());
  const table: Readonly<Record<string, () => string>> = {
    a: () => day.slice(0, 3),
    A: () => day,
    b: () => month.slice(0, 3),
    h: () => month.slice(0, 3),
    B: () => month,
    c: () => again('%a %b %e %H:%M:%S %Y'),
    C: () => two(Math.floor(date.getUTCFullYear() / 100)),
    d: () => two(date.getUTCDate()),
    D: () => again('%m/%d/%y'),
    e: () => String(date.getUTCDate()).padStart(2),
    F: () => again('%Y-%m-%d'),
    H: () => two(hour),
    I: () => two(hour % 12 === 0 ? 12 : hour % 12),
    j: () => String(yearDay).padStart(3, '0'),
    m: () => two(date.getUTCMonth() + 1),
    M: () => two(date.getUTCMinutes()),
    n: () => '\n',
    N: () => String(date.getUTCMilliseconds()).padStart(3, '0') + '000000',
    p: () => (hour < 12 ? 'AM' : 'PM'),
    r: () => again('%I:%M:%S %p'),
    R: () => again('%H:%M'),
    s: () => String(Math.floor(date.getTime() / 1000)),
    S: () => two(date.getUTCSeconds()),
    t: () => '\t',
    T: () => again('%H:%M:%S'),
    u: () => String(date.getUTCDay() === 0 ? 7 : date.getUTCDay()),
    w: () => String(date.getUTCDay()),
    x: () => again('%m/%d/%y'),
    X: () => again('%H:%M:%S'),
    y: () => two(date.getUTCFullYear() % 100),
    Y: () => String(date.getUTCFullYear()),
    z: () => '+0000',
    Z: () => 'UTC',
    '%': () => '%',
  };
  return table[letter]?.() ?? null;
}

/** As ls -l shows it: the time for what is new, the year for what is old. */
export function fileTime(mtime: number, now: number): string {
  return strftime(now - mtime > HALF_YEAR_MS || mtime > now + 3_600_000 ? '%b %e  %Y' : '%b %e %H:%M', mtime);
}
