// The journal's text: how a line is chained to the one before, and how lines are read back and believed. A line counts
// once its newline is there: what follows the last newline was never acknowledged and is dropped, and that is told.
// Anything wrong before that is damage, and no line after it is believed.
import { hash } from 'node:crypto';
import type { Stamped } from '../model/event.ts';
import { isObject, type Json, parseJson, trusted } from '../text/json.ts';

/** What the first line has instead of the digest of a line before it. */
export const NO_LINE_BEFORE = '0'.repeat(64);

const NEWLINE = 0x0a;

export class DamagedJournal extends Error {
  override readonly name = 'DamagedJournal';
}

export function digestOfLine(line: string | Uint8Array): string {
  return hash('sha256', line, 'hex');
}

/** Where a chain stands after its last believed line. */
export interface Tail {
  readonly seq: number;
  readonly prev: string;
  /** Bytes of believed lines, newlines included. */
  readonly bytes: number;
  /** Bytes that were dropped behind them. */
  readonly torn: number;
}

export const EMPTY_TAIL: Tail = { seq: 0, prev: NO_LINE_BEFORE, bytes: 0, torn: 0 };

function believed(line: Uint8Array, before: Tail): Stamped {
  const n = before.seq + 1;
  let json: Json;
  try {
    json = parseJson(Buffer.from(line.buffer, line.byteOffset, line.byteLength).toString('utf8'));
  } catch {
    throw new DamagedJournal(`line ${n} of the journal isn't JSON`);
  }
  if (!isObject(json) || typeof json['type'] !== 'string')
    throw new DamagedJournal(`line ${n} of the journal is no event`);
  if (json['v'] !== 1)
    throw new DamagedJournal(`line ${n} of the journal has version ${JSON.stringify(json['v'])}, this program reads 1`);
  if (json['seq'] !== n)
    throw new DamagedJournal(`line ${n} of the journal is numbered ${JSON.stringify(json['seq'])}`);
  if (json['prev'] !== before.prev)
    throw new DamagedJournal(`line ${n} of the journal doesn't follow the line before it: something was changed`);
  return trusted<Stamped>(json);
}

/**
 * Reads the chunks of a file. @param end is called with the tail when the text is over.
 * @throws DamagedJournal at the first line that can't be believed.
 */
export async function* readLines(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  end: (tail: Tail) => void,
): AsyncGenerator<Stamped> {
  let tail = EMPTY_TAIL;
  let rest: Uint8Array = new Uint8Array(0);
  for await (const chunk of chunks) {
    const text: Uint8Array = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let from = 0;
    for (let to = text.indexOf(NEWLINE); to >= 0; to = text.indexOf(NEWLINE, from)) {
      const line = text.subarray(from, to);
      const event = believed(line, tail);
      tail = { seq: event.seq, prev: digestOfLine(line), bytes: tail.bytes + line.length + 1, torn: 0 };
      yield event;
      from = to + 1;
    }
    rest = text.subarray(from);
  }
  end({ ...tail, torn: rest.length });
}
