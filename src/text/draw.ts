// Diagnostics as a person reads them: code, message, place, the line itself with carets, and the way out.
// It returns text and asks for the files' texts; it reads and prints nothing. What a file says may stand in a message:
// nothing of it steers a terminal.
import type { Diagnostic } from './diagnostic.ts';
import { placeOf, type Span } from './span.ts';
import { visible } from './visible.ts';
import { widthOf } from './width.ts';

/** The text of a file by the name that spans carry, or null when nobody has it. */
export type TextOf = (file: string) => string | null;

const TAB = '    ';

const COLOURS = { error: '\u001b[1;31m', warning: '\u001b[1;33m', place: '\u001b[1;34m', off: '\u001b[0m' } as const;
type Paint = (colour: Exclude<keyof typeof COLOURS, 'off'>, text: string) => string;

export function drawn(diagnostic: Diagnostic, textOf: TextOf, colour = false): string {
  const paint: Paint = (name, text) => (colour ? `${COLOURS[name]}${text}${COLOURS.off}` : text);
  const gutter = Math.max(
    ...[diagnostic.span, ...diagnostic.also.map(other => other.span)].map(span => String(span.line).length),
  );
  const help = diagnostic.help.flatMap(text =>
    text
      .split('\n')
      .map((line, index) => `${' '.repeat(gutter)} = ${index === 0 ? 'help: ' : '      '}${visible(line)}`),
  );
  return [
    `${paint(diagnostic.severity, `${diagnostic.severity}[${diagnostic.code}]`)}: ${visible(diagnostic.message)}`,
    ...excerpt(diagnostic.span, textOf, { arrow: '-->', mark: '^', note: '', gutter, paint }),
    ...diagnostic.also.flatMap(other =>
      excerpt(other.span, textOf, { arrow: ':::', mark: '-', note: ` ${visible(other.message)}`, gutter, paint }),
    ),
    ...help,
    '',
  ].join('\n');
}

/** All of them, errors and warnings as they come, a blank line between. */
export function drawnAll(diagnostics: readonly Diagnostic[], textOf: TextOf, colour = false): string {
  return diagnostics.map(diagnostic => drawn(diagnostic, textOf, colour)).join('\n');
}

interface Look {
  readonly arrow: string;
  readonly mark: string;
  readonly note: string;
  readonly gutter: number;
  readonly paint: Paint;
}

const WIDEST = 160;
/** Else what is cut in the middle of a word or of braces looks as if it were written so. */
const CUT = '…';

function excerpt(span: Span, textOf: TextOf, look: Look): readonly string[] {
  const place = `${' '.repeat(look.gutter)}${look.paint('place', look.arrow)} ${placeOf(span)}`;
  const text = span.file.startsWith('<') ? null : textOf(span.file);
  if (text === null) return [look.note === '' ? place : `${place}${look.note}`];
  const whole = lineAround(text, span.start);
  // Of an endless line the piece around the place is enough.
  const from = whole.length > WIDEST ? Math.max(0, span.column - 1 - WIDEST / 2) : 0;
  const start = from === 0 ? '' : CUT;
  const line = `${start}${whole.slice(from, from + WIDEST)}${whole.length > from + WIDEST ? CUT : ''}`;
  const column = span.column - from + start.length;
  const before = line.slice(0, column - 1);
  // A span over several lines is marked to the end of its first.
  const marked = line.slice(column - 1, Math.min(line.length, column - 1 + (span.end - span.start)));
  const bar = look.paint('place', '|');
  const marks = look.mark.repeat(Math.max(1, widthOf(untabbed(marked))));
  return [
    place,
    `${' '.repeat(look.gutter)} ${bar}`,
    `${look.paint('place', String(span.line).padStart(look.gutter))} ${bar} ${untabbed(line)}`.trimEnd(),
    `${' '.repeat(look.gutter)} ${bar} ${' '.repeat(widthOf(untabbed(before)))}${look.paint(look.mark === '^' ? 'error' : 'place', marks)}${look.note}`,
  ];
}

/** The line that holds this offset, without its end. */
function lineAround(text: string, offset: number): string {
  const from = offset === 0 ? 0 : text.lastIndexOf('\n', offset - 1) + 1;
  const to = text.indexOf('\n', Math.max(offset, from));
  return text.slice(from, to === -1 ? text.length : to).replace(/\r$/, '');
}

// Control characters of a file must not reach a terminal.
function untabbed(text: string): string {
  // biome-ignore lint: control characters are what is looked for
  return text.replaceAll('\t', TAB).replaceAll(/[\u0000-\u001f\u007f-\u009f]/g, '\ufffd');
}
