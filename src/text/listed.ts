// Names in a sentence: the first few, and how many more there are. Where each of them matters, a table tells them all.
const FEW = 8;

export function listed(names: readonly string[], few = FEW): string {
  const more = names.length - few;
  // One more takes no more room than saying so.
  return more > 1 ? `${names.slice(0, few).join(', ')} and ${more} more` : names.join(', ');
}
