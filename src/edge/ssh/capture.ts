// What a command says, kept as text up to a limit. What is over the limit goes to a file, and the text ends with a line
// that says so: no reader may take half an output for a whole one.
import { createWriteStream, type WriteStream } from 'node:fs';
import { bytesText } from '../../text/size.ts';
import type { ExecPlace } from './transport.ts';

export interface CaptureOptions {
  readonly limitBytes: number;
  /** Where the rest goes; null: it is counted and dropped. */
  readonly restTo: string | null;
  readonly onText: (text: string) => void;
}

export class Capture {
  readonly #options: CaptureOptions;
  readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  readonly #parts: string[] = [];
  #bytes = 0;
  #over = 0;
  #rest: WriteStream | null = null;
  /** A full disk must not end the run: the rest is only counted then. */
  #restFailed = false;
  #ended = false;
  #draining: Promise<void> | null = null;
  #drained: () => void = () => {};

  constructor(options: CaptureOptions) {
    this.#options = options;
  }

  /** @returns null, or a promise to wait for before more is read. */
  take(chunk: Uint8Array): Promise<void> | null {
    if (this.#ended) return null;
    const room = Math.max(0, this.#options.limitBytes - this.#bytes);
    const fits = chunk.subarray(0, room);
    this.#bytes += fits.length;
    if (fits.length > 0) this.#say(this.#decoder.decode(fits, { stream: true }));
    return fits.length === chunk.length ? null : this.#spill(chunk.subarray(room));
  }

  /** The whole text. Call once, when nothing more comes. */
  end(): string {
    this.#say(this.#decoder.decode());
    this.#ended = true;
    if (this.#over > 0) {
      const where = this.#rest && !this.#restFailed ? `are in ${this.#rest.path}` : 'were dropped';
      this.#say(`\n[output limit: ${bytesText(this.#over)} more ${where}]\n`);
    }
    this.#rest?.end();
    return this.#parts.join('');
  }

  /** Resolves when all that is over the limit lies in its file, behind `end`. */
  written(): Promise<void> {
    const rest = this.#rest;
    return rest === null || rest.closed ? Promise.resolve() : new Promise(resolve => rest.once('close', resolve));
  }

  #say(text: string): void {
    if (text === '') return;
    this.#parts.push(text);
    this.#options.onText(text);
  }

  #spill(chunk: Uint8Array): Promise<void> | null {
    this.#over += chunk.length;
    if (this.#options.restTo === null || this.#restFailed) return null;
    this.#rest ??= this.#openRest(this.#options.restTo);
    const rest = this.#rest;
    if (rest.write(chunk)) return null;
    this.#draining ??= new Promise(resolve => (this.#drained = resolve));
    return this.#draining;
  }

  #openRest(path: string): WriteStream {
    const goOn = (): void => {
      this.#draining = null;
      this.#drained();
    };
    return createWriteStream(path, { mode: 0o600 })
      .on('error', () => (this.#restFailed = true))
      .on('drain', goOn)
      .on('close', goOn);
  }
}

/** Of both streams of a command. */
export interface Captures {
  readonly out: Capture;
  readonly err: Capture;
}

export function capturesFor(place: ExecPlace, onOutput?: (stream: 'out' | 'err', text: string) => void): Captures {
  const one = (stream: 'out' | 'err'): Capture =>
    new Capture({
      limitBytes: place.limitBytes,
      restTo: place.restTo(stream),
      onText: text => onOutput?.(stream, text),
    });
  return { out: one('out'), err: one('err') };
}

export interface Texts {
  readonly out: string;
  readonly err: string;
}

/** Call once, when nothing more comes. What went to files is in them then. */
export async function said(captures: Captures): Promise<Texts> {
  const text = { out: captures.out.end(), err: captures.err.end() };
  await Promise.all([captures.out.written(), captures.err.written()]);
  return text;
}
