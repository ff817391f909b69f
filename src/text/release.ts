// Dotted release numbers (11.4.81.0.1.193.1) and their order.

/**
 * Dotted versions, component by component as numbers; a version that is only the beginning of another is older. A
 * total order over any texts: a component that isn't a number is newer than each that is.
 */
export function compareReleases(a: string, b: string): number {
  const left = a.split('.');
  const right = b.split('.');
  for (let i = 0; i < Math.max(left.length, right.length); i += 1) {
    const order = compareComponent(left[i], right[i]);
    if (order !== 0) return order;
  }
  return 0;
}

function compareComponent(a: string | undefined, b: string | undefined): number {
  if (a === b) return 0;
  if (a === undefined) return -1;
  if (b === undefined) return 1;
  const numbers = [/^\d+$/.test(a), /^\d+$/.test(b)];
  if (numbers[0] !== numbers[1]) return numbers[0] ? -1 : 1;
  if (!numbers[0]) return a < b ? -1 : 1;
  const left = BigInt(a);
  const right = BigInt(b);
  return left < right ? -1 : left > right ? 1 : 0;
}
