// The bytes of SSH's connection protocol (RFC 4254) as they go over a control socket in proxy mode (PROTOCOL.mux): a
// length, a padding that is always empty, the message. It knows fields, not what a message means.

export const MESSAGE = {
  channelOpen: 90,
  openConfirmation: 91,
  openFailure: 92,
  windowAdjust: 93,
  data: 94,
  extendedData: 95,
  eof: 96,
  close: 97,
  request: 98,
  success: 99,
  failure: 100,
} as const;

/** More than any message of the connection protocol: data comes in pieces of at most 32 KiB. */
const LARGEST = 256 * 1024;

/** What comes isn't this protocol; the socket can't be used any more. */
class PacketError extends Error {}

/** Cuts a stream of bytes into what stands behind each length, whatever pieces it comes in. */
export class PacketCutter {
  #rest: Buffer = Buffer.alloc(0);

  add(piece: Buffer): readonly Buffer[] {
    let rest = this.#rest.length === 0 ? piece : Buffer.concat([this.#rest, piece]);
    const packets: Buffer[] = [];
    while (rest.length >= 4) {
      const length = rest.readUInt32BE();
      if (length < 2 || length > LARGEST) throw new PacketError(`a packet of ${length} bytes`);
      if (rest.length < 4 + length) break;
      packets.push(rest.subarray(4, 4 + length));
      rest = rest.subarray(4 + length);
    }
    this.#rest = rest;
    return packets;
  }
}

export class PacketReader {
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

  bytes(): Buffer {
    return this.#take(this.number());
  }

  text(): string {
    return this.bytes().toString();
  }

  #take(length: number): Buffer {
    const end = this.#at + length;
    if (end > this.#bytes.length) throw new PacketError('a field reaches beyond its packet');
    const piece = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return piece;
  }
}

/** A number is four bytes, a truth is one, text and bytes carry their length. */
export type Field = number | boolean | string | Uint8Array;

function fieldBytes(field: Field): readonly Uint8Array[] {
  if (typeof field === 'boolean') return [Buffer.from([field ? 1 : 0])];
  if (typeof field === 'number') {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(field);
    return [bytes];
  }
  const bytes = Buffer.from(field);
  return [...fieldBytes(bytes.length), bytes];
}

/** A message of the connection protocol, ready for the socket. */
export function message(type: number, ...fields: readonly Field[]): Buffer {
  return framed([Buffer.from([0, type]), ...fields.flatMap(fieldBytes)]);
}

/** Numbers behind a length: how one speaks to a master before it is a proxy. */
export function greeting(...numbers: readonly number[]): Buffer {
  return framed(numbers.flatMap(fieldBytes));
}

function framed(parts: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(parts);
  return Buffer.concat([...fieldBytes(body.length), body]);
}
