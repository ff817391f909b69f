// Text in a given number of terminal columns: cut with an ellipsis, filled with blanks, broken at blanks, set as a table.
import { widthOf } from './width.ts';

const ELLIPSIS = '…';

export function clipped(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  if (width < 1) return '';
  let [kept, taken] = ['', 0];
  for (const character of text) {
    const more = widthOf(character);
    if (taken + more > width - 1) break;
    kept += character;
    taken += more;
  }
  return `${kept.trimEnd()}${ELLIPSIS}`;
}

export function padded(text: string, width: number, side: 'left' | 'right' = 'left'): string {
  const blanks = ' '.repeat(Math.max(0, width - widthOf(text)));
  return side === 'left' ? text + blanks : blanks + text;
}

/** Broken at blanks; a word longer than the width is cut through rather than lost. */
export function wrapped(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ').flatMap(one => pieces(one, width))) {
    if (line !== '' && widthOf(line) + 1 + widthOf(word) > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

function pieces(word: string, width: number): readonly string[] {
  if (widthOf(word) <= width || width < 1) return [word];
  const found: string[] = [];
  let piece = '';
  for (const character of word) {
    if (piece !== '' && widthOf(piece) + widthOf(character) > width) {
      found.push(piece);
      piece = '';
    }
    piece += character;
  }
  return [...found, piece];
}

/** `1 host`, `4 hosts`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

export interface Column {
  readonly title: string;
  readonly side?: 'left' | 'right';
  /** May be cut to this when the table is too wide; columns without it are never cut. */
  readonly least?: number;
  /** What has no room goes on below, in the same column, instead of being cut. */
  readonly wraps?: true;
}

const GAP = 2;
/** Of what stands under its row. */
const INDENT = 4;

/** Widths that fit: the widest cuttable column gives way first. Without enough to cut the table stays too wide. */
function widthsOf(columns: readonly Column[], rows: readonly (readonly string[])[], width: number): readonly number[] {
  const widths = columns.map((column, at) =>
    Math.max(widthOf(column.title), ...rows.map(row => widthOf(row[at] ?? ''))),
  );
  const total = (): number => widths.reduce((sum, one) => sum + one, GAP * (columns.length - 1));
  for (let over = total() - width; over > 0; over = total() - width) {
    const room = columns.map((column, at) => (widths[at] ?? 0) - (column.least ?? Number.POSITIVE_INFINITY));
    const most = Math.max(...room);
    if (most <= 0) break;
    const at = room.indexOf(most);
    widths[at] = (widths[at] ?? 0) - Math.min(over, most, Math.max(1, most - (room.toSorted((a, b) => b - a)[1] ?? 0)));
  }
  return widths;
}

type Cells = readonly string[];

/** A row as lines: the cells of columns that wrap go on below. */
function rowLines(columns: readonly Column[], widths: readonly number[], cells: Cells): readonly string[] {
  const parts = columns.map(({ wraps }, at) => {
    const [text, width] = [cells[at] ?? '', widths[at] ?? 0];
    return wraps ? wrapped(text, width) : [clipped(text, width)];
  });
  return Array.from({ length: Math.max(...parts.map(part => part.length)) }, (_, n) =>
    columns
      .map(({ side }, at) => padded(parts[at]?.[n] ?? '', widths[at] ?? 0, side ?? 'left'))
      .join(' '.repeat(GAP))
      .trimEnd(),
  );
}

/**
 * A title line and the rows under it, columns aligned, no line wider than `width` if anything may be cut. Where even
 * that is too wide, a last column that wraps stands under its row.
 */
export function table(columns: readonly Column[], rows: readonly Cells[], width: number): readonly string[] {
  const widths = widthsOf(columns, rows, width);
  const taken = widths.reduce((sum, one) => sum + one, GAP * (columns.length - 1));
  if (taken > width && columns.length > 1 && columns.at(-1)?.wraps) return underneath(columns, rows, width);
  const lines = (cells: Cells): readonly string[] => rowLines(columns, widths, cells);
  return [columns.map(column => column.title), ...rows].flatMap(lines);
}

function underneath(columns: readonly Column[], rows: readonly Cells[], width: number): readonly string[] {
  const last = columns.length - 1;
  const short = columns.slice(0, last);
  const widths = widthsOf(short, rows, width);
  return [
    ...rowLines(
      short,
      widths,
      short.map(column => column.title),
    ),
    ...rows.flatMap(cells => {
      const text = cells[last] ?? '';
      const below = text === '' ? [] : wrapped(text, Math.max(1, width - INDENT));
      return [...rowLines(short, widths, cells), ...below.map(line => `${' '.repeat(INDENT)}${line}`)];
    }),
  ];
}
