// Dotted release numbers (11.4.81.0.1.193.1) and their order.

/** Component by component, as numbers; a missing component is 0. Negative, 0 or positive, as for sort. */
export function compareReleases(left: string, right: string): number {
  const a = left.split('.').map(Number);
  const b = right.split('.').map(Number);
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return Math.sign(difference);
  }
  return 0;
}
