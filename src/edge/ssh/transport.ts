// What a way to reach a host must give: a link that is logged in, and on it commands and files. Retries, limits and the
// counting of channels are the same for all of them and live in hosts.ts.
import type { Ended } from '../../model/command.ts';
import type { Connection } from '../../model/inventory.ts';
import type { ExecOptions } from '../../model/ports.ts';
import type { AlarmClock } from '../clock.ts';
import type { Answer } from '../../model/refusal.ts';
import type { SudoRights } from './sudo.ts';

export interface ExecPlace {
  readonly clock: AlarmClock;
  readonly limitBytes: number;
  /** A file for what is over the limit, or null. */
  readonly restTo: (stream: 'out' | 'err') => string | null;
  /** The host's, the same for all its commands. */
  readonly sudo: SudoRights;
}

/** `busy`: the host has no channel free right now; nothing was sent. */
export type Sent = { readonly is: 'ended'; readonly ended: Ended } | { readonly is: 'busy' };

/** A program on the host that is spoken to while it runs. */
export interface Pipe {
  write(bytes: Uint8Array): void;
  /** At once; what the program is at may go on. */
  close(): void;
}

export interface Ears {
  /** @returns null, or a promise to wait for before more of that stream is read. */
  readonly heard: (stream: 'out' | 'err', chunk: Uint8Array) => Promise<void> | null;
  /** The program has ended, or the way to it. Once. */
  readonly closed: () => void;
}

/** `busy`: as for a command. `no`: this way to the host has no such thing. */
export type Piped = { readonly is: 'open'; readonly pipe: Pipe } | { readonly is: 'busy' | 'no' };

/** A file is held in memory here and goes into the journal's folder for undo: this is for configuration, not for images. */
export const LARGEST_FILE_BYTES = 64 * 1024 * 1024;
export const FILE_LIMIT_MS = 300_000;

export interface RemoteFile {
  readonly bytes: Uint8Array;
  readonly mode: number;
}

/** A login that holds. */
export interface Link {
  /** False as soon as the connection is gone, and before any of its channels hears of it. */
  alive(): boolean;
  onGone(listener: () => void): void;
  /** Asks the other side to close; `onGone` tells when it is. */
  end(): void;
  /** At once, whatever it is at. */
  cut(): void;
  /** Never rejects. */
  exec(line: string, options: ExecOptions, place: ExecPlace): Promise<Sent>;
  /** Never rejects. */
  pipe(line: string, ears: Ears): Promise<Piped>;
  /** null: no such file. `busy`: nothing was sent. */
  read(path: string, clock: AlarmClock): Promise<Answer<RemoteFile | null> | 'busy'>;
}

export type Connected =
  | { readonly is: 'connected'; readonly link: Link }
  /** `again`: it may work in a moment (nothing listens, no route, too many at once). */
  | { readonly is: 'no'; readonly why: string; readonly again: boolean };

/** Tries once, until it is given up: then it answers at once, and nothing of it is left. Never rejects. */
export type Transport = (connection: Connection, givenUp: AbortSignal) => Promise<Connected>;

export const GIVEN_UP = 'it was given up on the way';
