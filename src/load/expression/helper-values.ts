// Plain values as template helpers see them: as text, as a list, as yes or no. What has no such form is a fault in the
// author's template, in words.

export class HelperFault extends Error {}

/** What #if takes for yes: as Handlebars, where an empty list is no. */
export function truth(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  return Boolean(value);
}

/** A scalar as text; lists and mappings have none of their own. */
export function textOf(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return value;
    case 'number':
    case 'boolean':
    case 'bigint':
      return String(value);
    default:
      break;
  }
  if (value === null) return '';
  throw new HelperFault(
    Array.isArray(value)
      ? 'a list has no text: use {{join x ", "}}'
      : 'a mapping has no text: name a member, or use {{json x}}',
  );
}

export function listOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw new HelperFault('a list is needed');
}

export function keysOf(value: unknown): readonly string[] {
  if (typeof value === 'object' && value !== null) return Object.keys(value);
  throw new HelperFault('a text, a list or a mapping is needed');
}

export function folderOf(path: string): string {
  const cut = path.replace(/\/+$/, '').lastIndexOf('/');
  return cut < 0 ? '.' : cut === 0 ? '/' : path.slice(0, cut);
}

/** In UTC, so that the same plan reads the same everywhere. */
export function dateText(value: unknown, format: string): string {
  const date = new Date(typeof value === 'number' ? value : textOf(value));
  if (Number.isNaN(date.getTime())) throw new HelperFault('not a date');
  const two = (number: number): string => String(number).padStart(2, '0');
  const parts: Readonly<Record<string, string>> = {
    Y: String(date.getUTCFullYear()),
    m: two(date.getUTCMonth() + 1),
    d: two(date.getUTCDate()),
    H: two(date.getUTCHours()),
    M: two(date.getUTCMinutes()),
    S: two(date.getUTCSeconds()),
    '%': '%',
  };
  return format.replace(/%(.)/g, (all, letter: string) =>
    Object.hasOwn(parts, letter) ? (parts[letter] ?? all) : all,
  );
}
