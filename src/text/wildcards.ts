// Patterns as OpenSSH and the rules of zones have them: `*` is anything, `?` one character, and everything else stands for
// itself. In a list, `!` in front takes out what it fits, whatever else fits.

const compiled = new Map<string, RegExp>();

/** Of a pattern without `!`. */
export function fits(pattern: string, name: string): boolean {
  const known = compiled.get(pattern);
  if (known !== undefined) return known.test(name);
  const source = pattern
    .replaceAll(/[\\^$.+()[\]{}|]/g, '\\$&')
    .replaceAll(/\*+/g, '.*')
    .replaceAll('?', '.');
  const made = new RegExp(`^${source}$`, 's');
  compiled.set(pattern, made);
  return made.test(name);
}

export function anyFits(patterns: readonly string[], name: string): boolean {
  const out = patterns.some(pattern => pattern.startsWith('!') && fits(pattern.slice(1), name));
  return !out && patterns.some(pattern => !pattern.startsWith('!') && fits(pattern, name));
}
