// One /bin/sh a login that stays open for what only looks: a look costs one round trip there, and two and a session on a
// channel of its own. The first look opens it, unless somebody did ahead of that. It takes one at a time and makes no other
// one wait: while it is at work, or when anything is odd, it answers `none`, and whoever asks sends the look over a
// channel. So it must only be given what may be asked twice.
import { randomBytes } from 'node:crypto';
import type { Ended } from '../../model/command.ts';
import { type AlarmClock, orLate } from '../clock.ts';
import { type Captures, capturesFor, said } from './capture.ts';
import { framed, FrameReader } from './frames.ts';
import type { ExecPlace, Link, Pipe, Piped } from './transport.ts';

/** Then there is something about this host that we don't understand. */
const LOST_AT_MOST = 2;
/** Behind it lie the statuses by which a shell tells a signal; a channel tells it by name. */
const LAST_PLAIN_STATUS = 128;
/** After that it is no shell, or none that speaks to us. */
const OPENING_MS = 15_000;
/** Whatever the login shell is, it becomes this one. */
const SHELL = 'exec /bin/sh';

/** A status, or the shell came to its end. */
type Carried = number | 'closed';

interface Look {
  readonly out: FrameReader;
  readonly err: FrameReader;
  readonly over: (how: Carried) => void;
}

type State = { readonly is: 'shut' | 'at-work' | 'never' } | { readonly is: 'free'; readonly shell: OpenShell };

export class FramedShell {
  readonly #link: Link;
  #state: State = { is: 'shut' };
  #losses = 0;

  constructor(link: Link) {
    this.#link = link;
  }

  async ask(line: string, limitMs: number, place: ExecPlace): Promise<Ended | 'none'> {
    const shell = await this.#shell(place.clock);
    if (shell === null) return 'none';
    if (!shell.answered) shell.closeUnlessHeard(place.clock);
    const captures = capturesFor(place);
    const how = await orLate(shell.carry(line, captures), place.clock, limitMs);
    return this.#ended(how, shell, captures);
  }

  /** Before the first look, which is then the first to find out whether a shell is there at all. */
  async open(place: ExecPlace): Promise<void> {
    if (this.#state.is !== 'shut') return;
    const shell = await this.#shell(place.clock);
    if (shell !== null && !this.#rest({ is: 'free', shell })) shell.close();
  }

  /** The host has no session to spare: this one is given back, and none is opened again. */
  giveUp(): void {
    if (this.#state.is === 'free') this.#state.shell.close();
    this.#state = { is: 'never' };
  }

  /** It is at work for whoever gets it. null: there is none to be had now. */
  async #shell(clock: AlarmClock): Promise<OpenShell | null> {
    const state = this.#state;
    if (state.is !== 'free' && state.is !== 'shut') return null;
    this.#state = { is: 'at-work' };
    if (state.is === 'free') return state.shell;
    const shell = new OpenShell();
    const turnOff = clock.alarm(OPENING_MS, () => shell.close());
    const isOpen = await shell.open(this.#link);
    turnOff();
    if (isOpen) return shell;
    shell.close();
    this.#rest({ is: 'never' });
    return null;
  }

  /** False: it was given up meanwhile. */
  #rest(state: State): boolean {
    if (this.#state.is === 'never') return false;
    this.#state = state;
    return true;
  }

  async #ended(how: Carried | 'late', shell: OpenShell, captures: Captures): Promise<Ended | 'none'> {
    if (how === 'late') shell.close();
    const text = await said(captures);
    if (how === 'late') {
      this.#rest({ is: 'shut' });
      return { is: 'timed-out', ...text };
    }
    if (how === 'closed') {
      this.#losses += 1;
      this.#rest({ is: shell.answered && this.#losses < LOST_AT_MOST ? 'shut' : 'never' });
      return this.#link.alive() ? 'none' : { is: 'lost', ...text };
    }
    if (!this.#rest({ is: 'free', shell })) shell.close();
    return how <= LAST_PLAIN_STATUS ? { is: 'exited', code: how, ...text } : 'none';
  }
}

/** A pipe to a shell, and the one look that it is at. */
class OpenShell {
  readonly #mark = `zf${randomBytes(16).toString('hex')}`;
  #count = 0;
  #pipe: Pipe | null = null;
  #look: Look | null = null;
  #closed = false;
  #answered = false;
  #gone: (piped: Piped) => void = () => {};
  #turnOff = (): void => {};

  get answered(): boolean {
    return this.#answered;
  }

  async open(link: Link): Promise<boolean> {
    const gone = new Promise<Piped>(resolve => (this.#gone = resolve));
    const opening = link.pipe(SHELL, {
      heard: (stream, chunk) => this.#hear(stream, chunk),
      closed: () => this.#end(),
    });
    void opening.then(piped => {
      if (this.#closed && piped.is === 'open') piped.pipe.close();
    });
    const piped = await Promise.race([opening, gone]);
    if (piped.is === 'open') this.#pipe = piped.pipe;
    return piped.is === 'open';
  }

  async carry(line: string, captures: Captures): Promise<Carried> {
    if (this.#closed) return 'closed';
    this.#count += 1;
    const mark = `${this.#mark}x${this.#count}`;
    const which = this.#answered ? 'later' : 'first';
    const how = await new Promise<Carried>(over => {
      const reader = (stream: 'out' | 'err'): FrameReader =>
        new FrameReader(mark, which, bytes => captures[stream].take(bytes));
      this.#look = { out: reader('out'), err: reader('err'), over };
      this.#pipe?.write(Buffer.from(framed(line, mark, which)));
    });
    this.#look = null;
    return how;
  }

  close(): void {
    this.#end();
    this.#pipe?.close();
  }

  /** After OPENING_MS, unless it has answered by then. */
  closeUnlessHeard(clock: AlarmClock): void {
    this.#turnOff = clock.alarm(OPENING_MS, () => this.close());
  }

  #hear(stream: 'out' | 'err', chunk: Uint8Array): Promise<void> | null {
    const look = this.#look;
    if (look === null) return null;
    const wait = look[stream].take(chunk);
    if (look.out.begun && !this.#answered) {
      this.#answered = true;
      this.#turnOff();
    }
    const { status } = look.out;
    if (status !== null && look.err.status !== null) look.over(Number.isInteger(status) ? status : 'closed');
    return wait;
  }

  #end(): void {
    this.#closed = true;
    this.#turnOff();
    this.#gone({ is: 'no' });
    this.#look?.out.cutOff();
    this.#look?.err.cutOff();
    this.#look?.over('closed');
  }
}
