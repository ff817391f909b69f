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

const GAP = 2;
/** Of what stands under its row or its name. */
const INDENT = 4;

/** A name and what is said of it beside it, going on in the same column; below it where that leaves no room to read. */
export function hanging(name: string, text: string, width: number): readonly string[] {
  const at = widthOf(name) + GAP;
  if (width - at < width / 2)
    return [name.trimEnd(), ...wrapped(text, width - INDENT).map(line => ' '.repeat(INDENT) + line)];
  return wrapped(text, width - at).map((line, n) => `${n === 0 ? name.padEnd(at) : ' '.repeat(at)}${line}`);
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

const taken = (widths: readonly number[]): number => widths.reduce((sum, one) => sum + one, GAP * (widths.length - 1));

/** Widths that fit: the widest cuttable column gives way first. Without enough to cut they stay too wide. */
function widthsOf(columns: readonly Column[], rows: readonly (readonly string[])[], width: number): readonly number[] {
  const widths = columns.map((column, at) =>
    Math.max(widthOf(column.title), ...rows.map(row => widthOf(row[at] ?? ''))),
  );
  for (let over = taken(widths) - width; over > 0; over = taken(widths) - width) {
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
 * A title line and the rows under it, columns aligned, no line wider than `width`. Where cutting isn't enough, a last
 * column that wraps stands under its row; where even that is too wide, each row is a list.
 */
export function table(columns: readonly Column[], rows: readonly Cells[], width: number): readonly string[] {
  const widths = widthsOf(columns, rows, width);
  if (taken(widths) > width) {
    const lines = columns.length > 1 && columns.at(-1)?.wraps ? underneath(columns, rows, width) : [];
    return lines.length > 0 && lines.every(line => widthOf(line) <= width) ? lines : listed(columns, rows, width);
  }
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

/** A row as a list: its first name, and under it what each of the other columns says, by title. */
function listed(columns: readonly Column[], rows: readonly Cells[], width: number): readonly string[] {
  const first = columns.findIndex(({ title }) => title !== '');
  const titles = columns.slice(first + 1).map(({ title }) => title);
  const longest = Math.max(0, ...titles.map(widthOf));
  return rows.flatMap(cells => {
    const head = cells.slice(0, first + 1).filter(cell => cell !== '');
    const rest = titles.flatMap((title, at) => {
      const cell = cells[first + 1 + at] ?? '';
      return cell === '' ? [] : hanging(`${' '.repeat(GAP)}${padded(title, longest)}`, cell, width);
    });
    return [...wrapped(head.join(' '), width), ...rest];
  });
}
