// A command for a host: one argument list, and the reader of what it says. What runs it lies behind the Host port;
// nothing here sends anything.
import { type Becoming, commandLine, type Environment } from '../text/shell.ts';

export interface Exited {
  readonly is: 'exited';
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export interface Signalled {
  readonly is: 'signalled';
  /** The signal without SIG, as SSH reports it: TERM, KILL, HUP. */
  readonly name: string;
  readonly out: string;
  readonly err: string;
}

/** The connection ended without a status. Nothing is known of the command: it may still be running. */
export interface Lost {
  readonly is: 'lost';
  readonly out: string;
  readonly err: string;
}

/** Nothing reached the host, so nothing happened there. */
export interface NotSent {
  readonly is: 'not-sent';
  readonly why: string;
}

/** The host doesn't lend us the rights, so the command was never begun. Its program's status isn't the command's. */
export interface Denied {
  readonly is: 'denied';
  readonly why: string;
}

/** Our time limit passed. The command may still be running. */
export interface TimedOut {
  readonly is: 'timed-out';
  readonly out: string;
  readonly err: string;
}

/** A command that came to its end on the host, and whose end we saw. Only these are read. */
export type Finished = Exited | Signalled;

/** Every way a command can end for us. Texts are decoded as UTF-8, invalid bytes replaced. */
export type Ended = Finished | Lost | NotSent | Denied | TimedOut;

/**
 * What a reader makes of a finished command. Law: a reader never throws, and never takes silence or an unknown line
 * for "nothing": what it can't read is `unreadable`, with the first such line.
 */
export type Reading<T> =
  | { readonly is: 'ok'; readonly value: T }
  | { readonly is: 'refused'; readonly why: string }
  | { readonly is: 'unreadable'; readonly line: string; readonly why: string };

export interface Command<T> {
  /** Program by absolute path, then its arguments. */
  readonly argv: readonly string[];
  /** True when the host may be different afterwards. */
  readonly changes: boolean;
  /** `become`: needs the rights of the maintenance user. `login`: must run as the login itself (or needs no rights). */
  readonly runAs: 'become' | 'login';
  /** Who makes sense of what it says. We read one language only; to its author a program speaks as the task wishes. */
  readonly readBy: 'us' | 'author';
  /** Standard input, as text or as bytes; empty means closed at once. */
  readonly stdin: string | Uint8Array;
  read(ended: Finished): Reading<T>;
}

export function ok<T>(value: T): Reading<T> {
  return { is: 'ok', value };
}

export function refused(why: string): Reading<never> {
  return { is: 'refused', why };
}

export function unreadable(line: string, why: string): Reading<never> {
  return { is: 'unreadable', line, why };
}

/** The same reading of another value. */
export function mapReading<T, U>(reading: Reading<T>, make: (value: T) => U): Reading<U> {
  return reading.is === 'ok' ? ok(make(reading.value)) : reading;
}

/** The line that goes to the host: with the rights that this command asks for, and no others. */
export function lineOf(command: Command<unknown>, become: Becoming, environment: Environment = {}): string {
  const as: Becoming = command.runAs === 'become' ? become : { method: 'none', user: '' };
  return commandLine(command.argv, as, command.readBy === 'us' ? withoutLocale(environment) : withLocale(environment));
}

const isLocale = (name: string): boolean => name === 'LANG' || name === 'LANGUAGE' || name.startsWith('LC_');

function withoutLocale(environment: Environment): Environment {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !isLocale(name)));
}

/** An LC_ALL would win over what is said; an empty one counts as none (environ(7)). */
function withLocale(environment: Environment): Environment {
  return Object.keys(environment).some(isLocale) ? { LC_ALL: '', ...environment } : environment;
}
