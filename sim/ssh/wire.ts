// The bytes of SFTP version 3 (draft-ietf-secsh-filexfer-02): numbers, strings and attributes in and out. It knows
// what a field looks like, not what a request means.

/** What a client may set, each field only if it was sent. Times are epoch seconds, as on the wire. */
export interface Attributes {
  readonly size?: number;
  readonly owner?: { readonly uid: number; readonly gid: number };
  readonly mode?: number;
  readonly times?: { readonly atime: number; readonly mtime: number };
}

const HAS = { size: 1, owner: 2, mode: 4, times: 8, extended: 0x8000_0000 };

/** The client sent something that isn't SFTP; the session can't go on. */
export class WireError extends Error {}

export class WireReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  byte(): number {
    return this.#take(1).readUInt8();
  }

  number(): number {
    return this.#take(4).readUInt32BE();
  }

  offset(): number {
    return Number(this.#take(8).readBigUInt64BE());
  }

  bytes(): Buffer {
    return this.#take(this.number());
  }

  text(): string {
    return this.bytes().toString();
  }

  attributes(): Attributes {
    const flags = this.number();
    const size = (flags & HAS.size) !== 0 ? { size: this.offset() } : {};
    const owner = (flags & HAS.owner) !== 0 ? { owner: { uid: this.number(), gid: this.number() } } : {};
    const mode = (flags & HAS.mode) !== 0 ? { mode: this.number() & 0o7777 } : {};
    const times = (flags & HAS.times) !== 0 ? { times: { atime: this.number(), mtime: this.number() } } : {};
    const extended = (flags & HAS.extended) !== 0 ? this.number() * 2 : 0;
    for (let i = 0; i < extended; i++) this.bytes();
    return { ...size, ...owner, ...mode, ...times };
  }

  #take(length: number): Buffer {
    const end = this.#at + length;
    if (end > this.#bytes.length) throw new WireError('a field reaches beyond its packet');
    const piece = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return piece;
  }
}

function number(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function offset(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(value));
  return bytes;
}

export class WireWriter {
  readonly #parts: Buffer[];

  constructor(type: number) {
    this.#parts = [Buffer.from([type])];
  }

  number(value: number): this {
    this.#parts.push(number(value));
    return this;
  }

  bytes(value: string | Uint8Array): this {
    const bytes = Buffer.from(value);
    this.#parts.push(number(bytes.length), bytes);
    return this;
  }

  attributes(stat: FullAttributes): this {
    const seconds = Math.max(0, Math.floor(stat.mtimeMs / 1000));
    this.#parts.push(number(HAS.size | HAS.owner | HAS.mode | HAS.times), offset(stat.size));
    for (const value of [stat.uid, stat.gid, stat.mode, seconds, seconds]) this.#parts.push(number(value));
    return this;
  }

  /** The packet with its length before it. */
  packet(): Buffer {
    const body = Buffer.concat(this.#parts);
    return Buffer.concat([number(body.length), body]);
  }
}

export interface FullAttributes {
  readonly size: number;
  readonly uid: number;
  readonly gid: number;
  /** With the bits of the file type. */
  readonly mode: number;
  readonly mtimeMs: number;
}

const LARGEST_PACKET = 512 * 1024;

/** Cuts a stream of bytes into packets, whatever pieces they come in. */
export class PacketCutter {
  #rest: Buffer = Buffer.alloc(0);

  /** The packets that are whole by now, without their length. @throws WireError for an impossible length */
  add(piece: Uint8Array): readonly Buffer[] {
    let rest = this.#rest.length === 0 ? Buffer.from(piece) : Buffer.concat([this.#rest, piece]);
    const packets: Buffer[] = [];
    while (rest.length >= 4) {
      const length = rest.readUInt32BE();
      if (length === 0 || length > LARGEST_PACKET) throw new WireError(`a packet of ${length} bytes`);
      if (rest.length < 4 + length) break;
      packets.push(rest.subarray(4, 4 + length));
      rest = rest.subarray(4 + length);
    }
    this.#rest = rest;
    return packets;
  }
}
