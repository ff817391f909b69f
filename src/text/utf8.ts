// Where UTF-8 (RFC 3629) may be cut without cutting a character.

/** How many bytes at the end begin a character that isn't whole: 0 to 3. Cut before them, both parts decode as the whole would. */
export function openEnd(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) return back < lengthBy(byte) ? back : 0;
  }
  return 0;
}

/** Of the character that this byte begins: C0, C1 and F5 to FF begin none. */
function lengthBy(first: number): number {
  if (first < 0xc2 || first > 0xf4) return 1;
  if (first >= 0xf0) return 4;
  return first >= 0xe0 ? 3 : 2;
}
