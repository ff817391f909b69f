// Bytes that are no text, inside of texts: each of them is half of a surrogate pair without the other half, which no
// text of a person ever holds. On the way out of a program it becomes the byte again.

const FIRST = 0xdc80;
const LONE = /[\u{dc80}-\u{dcff}]/u;
const ENCODER = new TextEncoder();

/** @param byte 0 to 255; below 128 a character of its own. */
export const byteText = (byte: number): string => String.fromCharCode(byte < 0x80 ? byte : FIRST + byte - 0x80);

export function bytesOf(text: string): Uint8Array {
  if (!LONE.test(text)) return ENCODER.encode(text);
  const parts = [...text].map(character => {
    const code = character.codePointAt(0) ?? 0;
    return LONE.test(character) ? Uint8Array.of(code - FIRST + 0x80) : ENCODER.encode(character);
  });
  return Buffer.concat(parts);
}
