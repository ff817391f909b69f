// The nearest name to one that doesn't exist: what "did you mean" offers. It only measures; it knows no names itself.

/** The number of insertions, deletions, changes and swaps of neighbours between two texts. */
export function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const line = [row];
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1];
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      line.push(
        Math.min(
          (above[column] ?? 0) + 1,
          (line[column - 1] ?? 0) + 1,
          (above[column - 1] ?? 0) + (same ? 0 : 1),
          swapped ? (before[column - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
        ),
      );
    }
    before = above;
    above = line;
  }
  return above[b.length] ?? 0;
}

/** The candidate that a person most likely meant, or null when none is near enough. Ties go to the first. */
export function nearest(name: string, candidates: readonly string[]): string | null {
  const wanted = name.toLowerCase();
  // A third of the name may be wrong: more than that is another word.
  let best = Math.max(1, Math.floor(wanted.length / 3)) + 1;
  let found: string | null = null;
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - wanted.length) >= best) continue;
    const distance = editDistance(wanted, candidate.toLowerCase());
    if (distance < best) {
      best = distance;
      found = candidate;
    }
  }
  return found;
}

const MOST_ALIKE = 3;

/** For somebody who remembers half a name: the nearest, else those that share a word with it (`unknown-…`). */
export function alike(name: string, candidates: readonly string[]): readonly string[] {
  const found = nearest(name, candidates);
  if (found !== null) return [found];
  const said = wordsIn(name);
  return candidates
    .map(candidate => ({ candidate, shared: wordsIn(candidate).filter(word => said.includes(word)).length }))
    .filter(({ shared }) => shared > 0)
    .toSorted((a, b) => b.shared - a.shared)
    .slice(0, MOST_ALIKE)
    .map(({ candidate }) => candidate);
}

const wordsIn = (name: string): readonly string[] => name.toLowerCase().split(/[^a-z0-9]+/);

/** The line of help for an unknown name: none when nothing is near. */
export function didYouMean(name: string, candidates: readonly string[]): readonly string[] {
  const found = nearest(name, candidates);
  return found === null || found === name ? [] : [`did you mean "${found}"?`];
}
