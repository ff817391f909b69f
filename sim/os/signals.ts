// Signal names and numbers as Solaris has them (signal.h(3HEAD)), and what each does to a process that doesn't care.
// Stopping and continuing are not modelled: STOP, TSTP and CONT do nothing.

const NUMBERS: Readonly<Record<string, number>> = {
  HUP: 1,
  INT: 2,
  QUIT: 3,
  ILL: 4,
  TRAP: 5,
  ABRT: 6,
  EMT: 7,
  FPE: 8,
  KILL: 9,
  BUS: 10,
  SEGV: 11,
  SYS: 12,
  PIPE: 13,
  ALRM: 14,
  TERM: 15,
  USR1: 16,
  USR2: 17,
  CHLD: 18,
  PWR: 19,
  WINCH: 20,
  URG: 21,
  POLL: 22,
  STOP: 23,
  TSTP: 24,
  CONT: 25,
  TTIN: 26,
  TTOU: 27,
};

const HARMLESS: ReadonlySet<string> = new Set(['CHLD', 'PWR', 'WINCH', 'URG', 'STOP', 'TSTP', 'CONT', 'TTIN', 'TTOU']);

export const SIGNAL_NAMES: readonly string[] = Object.keys(NUMBERS);

export function signalNumber(name: string): number {
  return NUMBERS[name] ?? 0;
}

/** `TERM`, `SIGTERM`, `term` or `15` give `TERM`; null when there is no such signal. `0` is the caller's business. */
export function signalName(word: string): string | null {
  if (/^\d+$/.test(word)) return SIGNAL_NAMES.find(name => NUMBERS[name] === Number(word)) ?? null;
  const bare = word.toUpperCase().replace(/^SIG/, '');
  return bare in NUMBERS ? bare : null;
}

export function isDeadly(name: string): boolean {
  return !HARMLESS.has(name);
}
