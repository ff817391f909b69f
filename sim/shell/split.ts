// Field splitting, POSIX.1-2017 2.6.5, on pieces that know whether they were quoted.

export interface Piece {
  readonly text: string;
  /** Wildcards in it are plain characters, and it makes a field even when empty. */
  readonly isQuoted: boolean;
  /** It came from an expansion outside quotes: IFS acts on it. */
  readonly isSplit: boolean;
}

/** Ends the field where "$@" goes from one parameter to the next. */
export const FIELD_BREAK = 'break';

export type Field = readonly Piece[];

export class Splitter {
  private readonly fields: Field[] = [];
  private current: Piece[] | null = null;
  /** White space has just ended a field, so a delimiter that follows belongs to it. */
  private isAfterSpace = false;
  private readonly ifs: string;

  constructor(ifs: string) {
    this.ifs = ifs;
  }

  add(piece: Piece | typeof FIELD_BREAK): void {
    if (piece === FIELD_BREAK) {
      this.push();
      this.isAfterSpace = false;
    } else if (piece.isSplit) this.split(piece.text);
    else if (piece.text !== '' || piece.isQuoted) {
      this.current ??= [];
      this.current.push(piece);
      this.isAfterSpace = false;
    }
  }

  done(): readonly Field[] {
    this.push();
    return this.fields;
  }

  private push(): void {
    if (this.current !== null) this.fields.push(this.current);
    this.current = null;
  }

  private split(text: string): void {
    let start = 0;
    for (let i = 0; i < text.length; i++) {
      const char = text[i] ?? '';
      if (!this.ifs.includes(char)) continue;
      this.append(text.slice(start, i));
      start = i + 1;
      this.delimit(char);
    }
    this.append(text.slice(start));
  }

  private append(text: string): void {
    if (text === '') return;
    this.current ??= [];
    this.current.push({ text, isQuoted: false, isSplit: true });
    this.isAfterSpace = false;
  }

  private delimit(char: string): void {
    const isSpace = char === ' ' || char === '\t' || char === '\n';
    if (this.current !== null) {
      this.push();
      this.isAfterSpace = isSpace;
    } else if (!isSpace) {
      if (!this.isAfterSpace) this.fields.push([]);
      this.isAfterSpace = false;
    }
  }
}
