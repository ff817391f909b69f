// What all readers share: how a command is made of a builder and a reader, and how lines and statuses become a
// reading. It knows no Solaris command.
import { type Command, type Finished, ok, type Reading, refused, unreadable } from '../model/command.ts';
import { isDangerous } from '../model/danger.ts';

type Read<T> = (ended: Finished) => Reading<T>;

/** A command that only looks, as whoever is logged in. */
export function look<T>(argv: readonly string[], read: Read<T>): Command<T> {
  return { argv, changes: false, runAs: 'login', readBy: 'us', stdin: '', read };
}

/** A command that only looks, but needs rights to be allowed to. */
export function privilegedLook<T>(argv: readonly string[], read: Read<T>): Command<T> {
  return { argv, changes: false, runAs: 'become', readBy: 'us', stdin: '', read };
}

/** A command after which the host may be different. */
export function change<T>(argv: readonly string[], read: Read<T>): Command<T> {
  return { argv, changes: true, runAs: 'become', readBy: 'us', stdin: '', read };
}

/** Lines without their ends; the empty text has none, and empty lines inside stay. */
export function linesOf(text: string): readonly string[] {
  const lines = text.replaceAll('\r\n', '\n').split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

/** Everything a command said, wherever it said it: for programs whose stream is documented nowhere. */
export function wordsOf(ended: Finished): readonly string[] {
  return [...linesOf(ended.out), ...linesOf(ended.err)];
}

const TOLD_LINES = 4;

/** The host's words in one line, for a person. Advice that could destroy a zone is left out here; the whole text stays with the refusal. */
export function saidBy(ended: Finished): string {
  const words = [...linesOf(ended.err), ...linesOf(ended.out)].map(line => line.trim()).filter(line => line !== '');
  const told = words.slice(0, TOLD_LINES).map(line => (isDangerous(line) ? '(dangerous advice withheld)' : line));
  if (told.length === 0) return ended.is === 'exited' ? `exit ${ended.code} without a word` : `killed by ${ended.name}`;
  return words.length > TOLD_LINES ? `${told.join('; ')}; ...` : told.join('; ');
}

/** Status 0 or a refusal in the host's words. A killed command did something, but nobody knows how much. */
export function succeeded(ended: Finished): Reading<Finished> {
  if (ended.is === 'signalled') return unreadable('', `killed by ${ended.name}`);
  return ended.code === 0 ? ok(ended) : refused(saidBy(ended));
}

/** For commands whose success is silent or only for people: the value is what they said. */
export function done(ended: Finished): Reading<string> {
  const end = succeeded(ended);
  return end.is === 'ok' ? ok(wordsOf(ended).join('\n')) : end;
}

/** Each line of standard output as a value; the first that can't be read ends the reading. */
export function rows<T>(ended: Finished, read: (line: string) => Reading<T>): Reading<readonly T[]> {
  const end = succeeded(ended);
  return end.is === 'ok' ? everyLine(linesOf(ended.out), read) : end;
}

export function everyLine<T>(lines: readonly string[], read: (line: string) => Reading<T>): Reading<readonly T[]> {
  const values: T[] = [];
  for (const line of lines) {
    const one = read(line);
    if (one.is !== 'ok') return one;
    values.push(one.value);
  }
  return ok(values);
}

/** The same, where an empty listing can't be true: every host has a pool, a service, a zone. */
export function someRows<T>(ended: Finished, read: (line: string) => Reading<T>): Reading<readonly T[]> {
  const all = rows(ended, read);
  return all.is === 'ok' && all.value.length === 0 ? unreadable('', 'an empty listing') : all;
}

/** A whole number without sign, or null. */
export function count(text: string | undefined): number | null {
  if (text === undefined || !/^\d+$/.test(text)) return null;
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : null;
}
