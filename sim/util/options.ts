// Options as getopt(3C) reads them, and the complaint about a wrong one.

export class UsageError extends Error {}

export class Options {
  private readonly found = new Map<string, string[]>();
  readonly operands: readonly string[];

  /** `spec` as for getopts: a colon after a letter that takes a value. With `-5` style numbers, `numeric` takes them. */
  constructor(argv: readonly string[], spec: string, numeric: string | null = null) {
    let i = 1;
    for (; i < argv.length; i++) {
      const word = argv[i] ?? '';
      if (word === '--') {
        i++;
        break;
      }
      if (!word.startsWith('-') || word === '-') break;
      if (numeric !== null && /^-\d+$/.test(word)) this.add(numeric, word.slice(1));
      else i += this.letters(word, spec, argv[i + 1]);
    }
    this.operands = argv.slice(i);
  }

  /** Reads one bundle; gives 1 when the next word was its value. */
  private letters(word: string, spec: string, next: string | undefined): number {
    for (let at = 1; at < word.length; at++) {
      const letter = word[at] ?? '';
      const place = letter === ':' ? -1 : spec.indexOf(letter);
      if (place < 0) throw new UsageError(`illegal option -- ${letter}`);
      if (spec[place + 1] !== ':') {
        this.add(letter, '');
        continue;
      }
      const isAttached = at + 1 < word.length;
      const value = isAttached ? word.slice(at + 1) : next;
      if (value === undefined) throw new UsageError(`option requires an argument -- ${letter}`);
      this.add(letter, value);
      return isAttached ? 0 : 1;
    }
    return 0;
  }

  private add(letter: string, value: string): void {
    this.found.set(letter, [...(this.found.get(letter) ?? []), value]);
  }

  has(letter: string): boolean {
    return this.found.has(letter);
  }

  values(letter: string): readonly string[] {
    return this.found.get(letter) ?? [];
  }

  value(letter: string): string | null {
    return this.values(letter).at(-1) ?? null;
  }

  number(letter: string, otherwise: number): number {
    const value = this.value(letter);
    if (value === null) return otherwise;
    if (!/^[-+]?\d+$/.test(value)) throw new UsageError(`${value}: bad number`);
    return Number(value);
  }
}
