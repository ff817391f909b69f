// The journal on disk: appends are numbered and chained in the order of the calls, and each resolves only when its line
// is synced. Whatever waits while a sync is under way goes with the next one (group commit), so fifty hosts don't cost
// fifty syncs. It seals hidden fields on the way in; it doesn't know which event may follow which.
import { createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Event, Stamped } from '../model/event.ts';
import type { Clock, Journal } from '../model/ports.ts';
import { appendDurably, openToAppend, syncFolder } from './durable.ts';
import { digestOfLine, EMPTY_TAIL, readLines, type Tail } from './journal-lines.ts';
import { openEvent, sealEvent } from './seal.ts';

const CHUNK_BYTES = 1 << 20;

/** Gets each line after it is on disk, in order, in the sealed form: safe to show and to mail. */
export type Listener = (line: Stamped) => void;

export interface RunJournal extends Journal {
  subscribe(listener: Listener): () => void;
  /** Bytes of a line that was being written when an earlier process ended; dropped. */
  readonly tornBytes: number;
  /** Waits for what is under way. */
  close(): Promise<void>;
}

export interface OldJournal {
  /** With the key hidden fields are opened; without it they stay sealed. */
  readonly events: AsyncIterable<Stamped>;
  /** Known when the events have been read to their end. */
  tornBytes(): number;
}

interface Waiting {
  readonly line: string;
  readonly shown: Stamped;
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
}

/** @throws DamagedJournal, from the iteration. */
export function readJournal(path: string, key: Uint8Array | null): OldJournal {
  let torn = 0;
  async function* events(): AsyncGenerator<Stamped> {
    const chunks: AsyncIterable<Uint8Array> = createReadStream(path, { highWaterMark: CHUNK_BYTES });
    for await (const line of readLines(chunks, tail => (torn = tail.torn)))
      yield key === null ? line : openEvent(line, key);
  }
  return { events: events(), tornBytes: () => torn };
}

/** A journal that must not be there yet. */
export async function createJournal(path: string, key: Uint8Array, clock: Clock): Promise<RunJournal> {
  const file = await openToAppend(path, 'new');
  const named = syncFolder(dirname(path));
  // Whoever appends hears of it.
  named.catch(() => undefined);
  return new JournalFile({ path, file, key, clock, tail: EMPTY_TAIL, named });
}

/** A journal to go on with: all of it is read and believed first, then a torn last line is cut off. */
export async function reopenJournal(path: string, key: Uint8Array, clock: Clock): Promise<RunJournal> {
  let tail = EMPTY_TAIL;
  const chunks: AsyncIterable<Uint8Array> = createReadStream(path, { highWaterMark: CHUNK_BYTES });
  for await (const _ of readLines(chunks, end => (tail = end)));
  const file = await open(path, 'r+');
  if (tail.torn > 0) {
    await file.truncate(tail.bytes);
    await file.sync();
  }
  await file.close();
  return new JournalFile({ path, file: await openToAppend(path, 'there'), key, clock, tail, named: null });
}

interface Parts {
  readonly path: string;
  readonly file: FileHandle;
  readonly key: Uint8Array;
  readonly clock: Clock;
  readonly tail: Tail;
  /** Resolves when the name of a new journal is on disk. */
  readonly named: Promise<void> | null;
}

class JournalFile implements RunJournal {
  readonly tornBytes: number;
  readonly #parts: Parts;
  readonly #listeners = new Set<Listener>();
  #seq: number;
  #prev: string;
  #waiting: Waiting[] = [];
  #writing: Promise<void> | null = null;
  /** After a failed write nothing is known of the file's end, so nothing more is written by this process. */
  #broken: { readonly error: unknown } | null = null;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#seq = parts.tail.seq;
    this.#prev = parts.tail.prev;
    this.tornBytes = parts.tail.torn;
  }

  append<E extends Event>(event: E): Promise<Stamped<E>> {
    if (this.#broken) return Promise.reject(this.#broken.error);
    this.#seq += 1;
    const head = { v: 1, seq: this.#seq, at: this.#parts.clock.now(), prev: this.#prev } as const;
    const stamped: Stamped<E> = { ...head, ...event };
    const sealed = sealEvent<Event>(event, this.#parts.key);
    const shown: Stamped = sealed === event ? stamped : { ...head, ...sealed };
    const line = JSON.stringify(shown);
    this.#prev = digestOfLine(line);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ line, shown, done: () => resolve(stamped), failed: reject });
      this.#writing ??= this.#writeAll();
    });
  }

  async #writeAll(): Promise<void> {
    // One turn later, so that all who append in this turn share the first sync.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const batch = this.#waiting;
      this.#waiting = [];
      try {
        await this.#write(batch);
      } catch (error) {
        this.#broken = { error };
        for (const waiting of [...batch, ...this.#waiting]) waiting.failed(error);
        this.#waiting = [];
      }
    }
    this.#writing = null;
  }

  async #write(batch: readonly Waiting[]): Promise<void> {
    const lines = batch.map(waiting => `${waiting.line}\n`).join('');
    await Promise.all([appendDurably(this.#parts.file, Buffer.from(lines)), this.#parts.named]);
    for (const waiting of batch) {
      for (const listener of this.#listeners) listener(waiting.shown);
      waiting.done();
    }
  }

  read(): AsyncIterable<Stamped> {
    return readJournal(this.#parts.path, this.#parts.key).events;
  }

  subscribe(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async close(): Promise<void> {
    await this.#writing;
    await this.#parts.named?.catch(() => undefined);
    await this.#parts.file.close();
  }
}
