// The text of one file and its lines: where offsets become places. It reads no file and understands no format.
import type { Span } from './span.ts';

export interface Source {
  readonly file: string;
  readonly text: string;
  /** Offset of the first character of each line. */
  readonly lineStarts: readonly number[];
}

export function sourceOf(file: string, text: string): Source {
  const lineStarts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) lineStarts.push(at + 1);
  return { file, text, lineStarts };
}

/** The place of `start` to `end`; both are brought inside the text. */
export function spanIn(source: Source, start: number, end: number): Span {
  const from = Math.min(Math.max(0, start), source.text.length);
  const to = Math.min(Math.max(from, end), source.text.length);
  const line = lineAt(source, from);
  return { file: source.file, start: from, end: to, line: line + 1, column: from - (source.lineStarts[line] ?? 0) + 1 };
}

function lineAt(source: Source, offset: number): number {
  let low = 0;
  let high = source.lineStarts.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((source.lineStarts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}
