// A connection that the system's ssh holds, shared through its control socket in proxy mode: the master does the secrets,
// the messages of the connection protocol pass as they are. So a status, a signal and a refused session are what the
// host's sshd said, not what a program of this machine made of it in one exit status.
import type { Socket } from 'node:net';
import { NOT_STARTED } from './exec.ts';
import { Channel, LARGEST_PIECE, WINDOW_BYTES } from './openssh-channel.ts';
import { greeting, MESSAGE, message, PacketCutter, PacketReader } from './openssh-packets.ts';

/** PROTOCOL.mux. */
const HELLO = 0x0000_0001;
const VERSION = 4;
const BE_PROXY = 0x1000_000f;
const IS_PROXY = 0x8000_000f;

const GONE = 'the connection was gone before there was a channel';

type Answer = (started: Channel | Error) => void;

/** The host opened no session. */
class NotOpened extends Error {
  readonly reason: number;

  constructor(reason: number, words: string) {
    super(words === '' ? `the host opened no session (reason ${reason})` : words);
    this.reason = reason;
  }
}

interface Opening {
  readonly line: string;
  readonly answer: Answer;
}

type Place =
  | ({ readonly is: 'opening' } & Opening)
  | ({ readonly is: 'starting'; readonly channel: Channel } & Opening)
  | { readonly is: 'running'; readonly channel: Channel };

export class Control {
  readonly #socket: Socket;
  readonly #cutter = new PacketCutter();
  readonly #places = new Map<number, Place>();
  #next = 0;
  #isGone = false;
  #greeted: 'no' | 'hello' | 'proxy' = 'no';
  readonly #onReady: () => void;

  /** @param onReady it takes commands from then on */
  constructor(socket: Socket, onReady: () => void) {
    this.#socket = socket;
    this.#onReady = onReady;
    socket.on('data', (piece: Buffer) => this.#take(piece));
    socket.write(Buffer.concat([greeting(HELLO, VERSION), greeting(BE_PROXY, 0)]));
  }

  /** Answers once: a channel that runs the line, or why there is none. */
  start(line: string, answer: Answer): void {
    if (this.#isGone) return answer(new Error(GONE));
    this.#next += 1;
    this.#places.set(this.#next, { is: 'opening', line, answer });
    this.#socket.write(message(MESSAGE.channelOpen, 'session', this.#next, WINDOW_BYTES, LARGEST_PIECE));
  }

  /** The socket is closed. */
  gone(): void {
    this.#isGone = true;
    const places = [...this.#places.values()];
    this.#places.clear();
    for (const place of places) {
      if (place.is === 'running') place.channel.gone();
      else if (place.is === 'starting') this.#refuse(place, place.channel);
      else place.answer(new Error(GONE));
    }
  }

  #take(piece: Buffer): void {
    try {
      for (const packet of this.#cutter.add(piece)) this.#hear(packet);
    } catch {
      // What can't be read leads nowhere: everything on it is lost.
      this.#socket.destroy();
    }
  }

  #hear(packet: Buffer): void {
    const fields = new PacketReader(packet);
    if (this.#greeted === 'proxy') {
      fields.byte();
      return this.#dispatch(fields.byte(), fields);
    }
    const wanted = this.#greeted === 'no' ? HELLO : IS_PROXY;
    if (fields.number() !== wanted) return void this.#socket.destroy();
    this.#greeted = this.#greeted === 'no' ? 'hello' : 'proxy';
    if (this.#greeted === 'proxy') this.#onReady();
  }

  #dispatch(type: number, fields: PacketReader): void {
    if (type < MESSAGE.openConfirmation || type > MESSAGE.failure) return;
    const id = fields.number();
    const place = this.#places.get(id);
    if (place === undefined) return;
    if (place.is === 'opening') return this.#answered(id, place, type, fields);
    if (place.is === 'starting' && type === MESSAGE.success) {
      this.#places.set(id, { is: 'running', channel: place.channel });
      place.answer(place.channel);
    } else if (place.is === 'starting' && type === MESSAGE.failure) {
      place.channel.close();
      this.#places.set(id, { is: 'running', channel: place.channel });
      this.#refuse(place, place.channel);
    } else {
      if (type === MESSAGE.close) this.#places.delete(id);
      place.channel.hear(type, fields);
    }
  }

  #answered(id: number, place: Opening, type: number, fields: PacketReader): void {
    if (type === MESSAGE.openFailure) {
      this.#places.delete(id);
      place.answer(new NotOpened(fields.number(), fields.text()));
    }
    if (type !== MESSAGE.openConfirmation) return;
    const peer = { id: fields.number(), windowBytes: fields.number(), largestPiece: fields.number() };
    const channel = new Channel({ send: packet => void this.#socket.write(packet) }, peer);
    this.#places.set(id, { ...place, is: 'starting', channel });
    this.#socket.write(message(MESSAGE.request, peer.id, 'exec', true, place.line));
  }

  #refuse(place: Opening, channel: Channel): void {
    channel.gone();
    place.answer(new Error(NOT_STARTED));
  }
}
