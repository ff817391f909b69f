// The letters that ls prints for a file's mode, as the number they stand for. It writes none.

/** `rwxr-sr-t`, without the letter of its kind; Solaris writes `l` for set-group-ID without group execution. */
export function modeOf(letters: string): number {
  let mode = 0;
  for (const [at, letter] of [...letters].entries()) {
    const bit = 0o400 >> at;
    if ('rwxst'.includes(letter)) mode |= bit;
    if ('sStTlL'.includes(letter)) mode |= at === 2 ? 0o4000 : at === 5 ? 0o2000 : 0o1000;
  }
  return mode;
}
