// Command-line options as getopt(3C) reads them: single letters, bundled or not, up to the first operand.

export interface Options {
  /** Every value an option was given, in order; a flag has empty ones. */
  readonly given: ReadonlyMap<string, readonly string[]>;
  readonly rest: readonly string[];
  /** The first letter that isn't known or lacks its value. */
  readonly bad: string | null;
}

/** `spec` as for getopt: letters, a colon after those that take a value. */
export function getopts(args: readonly string[], spec: string): Options {
  const given = new Map<string, string[]>();
  const add = (letter: string, value: string): void => {
    given.set(letter, [...(given.get(letter) ?? []), value]);
  };
  let at = 0;
  for (; at < args.length; at++) {
    const arg = args[at] ?? '';
    if (arg === '--') return { given, rest: args.slice(at + 1), bad: null };
    if (!arg.startsWith('-') || arg === '-') break;
    for (let i = 1; i < arg.length; i++) {
      const letter = arg[i] ?? '';
      const place = spec.indexOf(letter);
      if (place < 0 || letter === ':') return { given, rest: args.slice(at), bad: letter };
      if (spec[place + 1] !== ':') {
        add(letter, '');
        continue;
      }
      const glued = arg.slice(i + 1);
      if (glued === '') at++;
      const value = glued === '' ? args[at] : glued;
      if (value === undefined) return { given, rest: [], bad: letter };
      add(letter, value);
      break;
    }
  }
  return { given, rest: args.slice(at), bad: null };
}

/** The last value of an option, or null. */
export function optionOf(options: Options, letter: string): string | null {
  return options.given.get(letter)?.at(-1) ?? null;
}

/** Turns `--name=value` and `--name value` into single letters, so that getopts can read them. */
export function shortened(args: readonly string[], long: Readonly<Record<string, string>>): readonly string[] {
  return args.flatMap(arg => {
    if (!arg.startsWith('--') || arg === '--') return [arg];
    const [name = '', value] = arg.slice(2).split(/=(.*)/s);
    const letter = long[name];
    if (letter === undefined) return [arg];
    return value === undefined ? [`-${letter}`] : [`-${letter}${value}`];
  });
}

/** Cells set in columns as printf("%-Ns ") does; the last one isn't padded. */
export function columns(widths: readonly number[], cells: readonly string[]): string {
  return cells.map((cell, at) => (at === cells.length - 1 ? cell : cell.padEnd(widths[at] ?? 0))).join(' ');
}
