// Where a value stands in a user's file. Every value that came from a file carries one, to the end of the run.

/** Offsets are UTF-16 units from the start of the file, `end` exclusive; `line` and `column` count from 1. */
export interface Span {
  readonly file: string;
  readonly start: number;
  readonly end: number;
  readonly line: number;
  readonly column: number;
}

/** For values that no file holds (a default, the command line): `file` says where they come from, in angle brackets. */
export function spanOf(origin: string): Span {
  return { file: `<${origin}>`, start: 0, end: 0, line: 1, column: 1 };
}

export function placeOf(span: Span): string {
  return span.file.startsWith('<') ? span.file : `${span.file}:${span.line}:${span.column}`;
}
