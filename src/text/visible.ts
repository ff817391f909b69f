// Text from a host as it may be shown: characters that steer a terminal, or turn the reading order around, are made
// visible. Values in journals and facts stay as they came; only what is printed goes through here.

// C0, DEL, C1; marks and overrides of writing direction; line and paragraph separators; the invisible joiner at a file's start.
// biome-ignore lint: control characters are what is looked for
const UNSEEN = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/g;
const TAB = '    ';

function shown(character: string): string {
  const code = character.charCodeAt(0);
  return code > 0xff ? `\\u${code.toString(16).padStart(4, '0')}` : `\\x${code.toString(16).padStart(2, '0')}`;
}

/** One line: line breaks are made visible, too. */
export function visible(text: string): string {
  return text.replaceAll('\t', TAB).replaceAll(UNSEEN, shown);
}

/** Several lines: line breaks stay (with or without a carriage return before them), the last empty one is dropped. */
export function visibleLines(text: string): readonly string[] {
  const lines = text.split(/\r?\n/).map(visible);
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
}
