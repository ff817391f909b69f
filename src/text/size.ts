// Sizes for people.

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const;

/** Three significant places at most: `33.8 GiB`, `512 MiB`, `0 B`. */
export function bytesText(bytes: number): string {
  const power = Math.min(UNITS.length - 1, Math.max(0, Math.floor(Math.log2(Math.max(1, bytes)) / 10)));
  const value = bytes / 1024 ** power;
  return `${value >= 100 || Number.isInteger(value) ? Math.round(value) : value.toFixed(1)} ${UNITS[power] ?? 'B'}`;
}

/** `16G`, `1.5GiB`, `512M` or bytes. */
export const SIZE = /^(\d+(?:\.\d+)?)([kmgtKMGT]?)[iI]?[bB]?$/;
/** Each 1024 times the one before. */
const LETTERS = ['', 'k', 'm', 'g', 't'];

/** null for what is no size. */
export function bytesIn(text: string): number | null {
  const found = SIZE.exec(text);
  return found ? Math.round(Number(found[1]) * 1024 ** LETTERS.indexOf((found[2] ?? '').toLowerCase())) : null;
}
