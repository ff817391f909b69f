// One channel of a connection that the system's ssh holds: the bytes of a command, and how it ended, as its sshd tells
// it. It looks like a channel of ssh2, so that one piece of code carries commands over either. It opens nothing.
import { Duplex, Readable } from 'node:stream';
import { MESSAGE, message, type PacketReader } from './openssh-packets.ts';

/** What the host may send before it must wait for us. */
export const WINDOW_BYTES = 2 * 1024 * 1024;
export const LARGEST_PIECE = 32 * 1024;

/** RFC 4254, 5.2: the only kind of extended data. */
const STDERR = 1;

export interface Wire {
  send(packet: Buffer): void;
}

/** The other end of the channel, as its confirmation says. */
export interface Peer {
  readonly id: number;
  readonly windowBytes: number;
  readonly largestPiece: number;
}

/** Emits `exit` with a status, or with null and a signal; closes without it when nothing is known of the end. */
export class Channel extends Duplex {
  readonly stderr: Readable;
  readonly #wire: Wire;
  readonly #peer: Peer;
  /** What the host still takes. */
  #room: number;
  #waiting: { readonly bytes: Buffer; readonly done: () => void } | null = null;
  /** Taken by whoever reads, and not yet granted again. */
  #taken = 0;
  readonly #unread = { out: 0, err: 0 };
  #saidClose = false;
  #over = false;

  constructor(wire: Wire, peer: Peer) {
    super({ read: () => this.#took('out') });
    this.#wire = wire;
    this.#peer = peer;
    this.#room = peer.windowBytes;
    this.stderr = new Readable({ read: () => this.#took('err') });
  }

  /** The host is asked to close it; what the command does then is its own business. */
  close(): void {
    if (this.#saidClose || this.#over) return;
    this.#saidClose = true;
    this.#wire.send(message(MESSAGE.close, this.#peer.id));
  }

  override _write(bytes: Buffer, _encoding: BufferEncoding, done: () => void): void {
    if (this.#over) return done();
    this.#waiting = { bytes, done };
    this.#flush();
  }

  override _final(done: () => void): void {
    if (!this.#over && !this.#saidClose) this.#wire.send(message(MESSAGE.eof, this.#peer.id));
    done();
  }

  /** A message for this channel, behind its number. */
  hear(type: number, fields: PacketReader): void {
    switch (type) {
      case MESSAGE.data:
        return this.#give('out', fields.bytes());
      case MESSAGE.extendedData:
        if (fields.number() === STDERR) this.#give('err', fields.bytes());
        return;
      case MESSAGE.windowAdjust:
        this.#room += fields.number();
        return this.#flush();
      case MESSAGE.request:
        return this.#told(fields);
      case MESSAGE.close:
        this.close();
        return this.gone();
      default:
    }
  }

  /** Nothing more comes, and nothing more is sent. */
  gone(): void {
    if (this.#over) return;
    this.#over = true;
    this.push(null);
    this.stderr.push(null);
    const waiting = this.#waiting;
    this.#waiting = null;
    waiting?.done();
    this.end();
  }

  #told(fields: PacketReader): void {
    const request = fields.text();
    fields.byte();
    if (request === 'exit-status') this.emit('exit', fields.number());
    if (request === 'exit-signal') this.emit('exit', null, fields.text());
  }

  #flush(): void {
    while (this.#waiting !== null && this.#room > 0) {
      const { bytes, done } = this.#waiting;
      const piece = bytes.subarray(0, Math.min(this.#room, this.#peer.largestPiece, LARGEST_PIECE));
      this.#room -= piece.length;
      this.#wire.send(message(MESSAGE.data, this.#peer.id, piece));
      const rest = bytes.subarray(piece.length);
      this.#waiting = rest.length > 0 ? { bytes: rest, done } : null;
      if (rest.length === 0) done();
    }
  }

  #give(stream: 'out' | 'err', bytes: Buffer): void {
    if (this.#over) return;
    this.#unread[stream] += bytes.length;
    const wantsMore = stream === 'out' ? this.push(bytes) : this.stderr.push(bytes);
    if (wantsMore) this.#took(stream);
  }

  #took(stream: 'out' | 'err'): void {
    this.#taken += this.#unread[stream];
    this.#unread[stream] = 0;
    if (this.#taken < WINDOW_BYTES / 2 || this.#over) return;
    this.#wire.send(message(MESSAGE.windowAdjust, this.#peer.id, this.#taken));
    this.#taken = 0;
  }
}
