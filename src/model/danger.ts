// Advice that Solaris prints and that destroys a zone when it runs elsewhere, or a pool in use by another host. It is
// tagged here so that nobody is shown it without a warning. Nothing in this program ever follows it.

export interface Danger {
  readonly line: string;
  readonly why: string;
}

// The phrases are from zoneadm's host data messages and the vendor's guides; see transcripts/zoneadm/attach-storage-in-use.
const PHRASES: readonly (readonly [RegExp, string])[] = [
  [/force-takeover/, 'forces a takeover: the zone may be running on another host, on the same storage'],
  [/\buninstall\b/, 'removes the zone from its storage, which may be in use on another host'],
  [/zpool\s+import\s+(-\S+\s+)*-[a-zA-Z]*f/, 'imports a pool that another host may be using'],
  [/mark\s+incomplete/, 'makes the zone unusable until it is uninstalled'],
];

/** Every line of `text` that must not be followed, with the reason. */
export function dangersIn(text: string): readonly Danger[] {
  return text.split('\n').flatMap(line => {
    const found = PHRASES.find(([phrase]) => phrase.test(line));
    return found ? [{ line: line.trim(), why: found[1] }] : [];
  });
}

export function isDangerous(line: string): boolean {
  return PHRASES.some(([phrase]) => phrase.test(line));
}
