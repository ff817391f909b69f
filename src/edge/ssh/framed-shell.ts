// One /bin/sh a login that stays open for what only looks: a look costs one round trip there, and two and a session on a
// channel of its own. It takes one look at a time and makes nobody wait: while it isn't open, is at work, or when
// anything is odd, it answers `none`, and whoever asks sends the look over a channel. So it must only be given what may
// be asked twice.
import { randomBytes } from 'node:crypto';
import type { Ended } from '../../model/command.ts';
import { type Captures, capturesFor, said } from './capture.ts';
import { framed, FrameReader } from './frames.ts';
import type { ExecPlace, Link, Pipe } from './transport.ts';

/** Then there is something about this host that we don't understand. */
const LOST_AT_MOST = 2;
/** Behind it lie the statuses by which a shell tells a signal; a channel tells it by name. */
const LAST_PLAIN_STATUS = 128;
/** Whatever the login shell is, it becomes this one. */
const SHELL = 'exec /bin/sh';

/** A status, or the shell came to its end. */
type Carried = number | 'closed';

interface Look {
  readonly out: FrameReader;
  readonly err: FrameReader;
  readonly over: (how: Carried) => void;
}

type State =
  | { readonly is: 'shut' | 'opening' | 'at-work' | 'never' }
  | { readonly is: 'free'; readonly shell: OpenShell };

export class FramedShell {
  readonly #link: Link;
  #state: State = { is: 'shut' };
  #losses = 0;

  constructor(link: Link) {
    this.#link = link;
  }

  async ask(line: string, limitMs: number, place: ExecPlace): Promise<Ended | 'none'> {
    if (this.#state.is === 'shut') void this.#open();
    if (this.#state.is !== 'free') return 'none';
    const { shell } = this.#state;
    this.#state = { is: 'at-work' };
    const captures = capturesFor(place);
    const limit = new AbortController();
    const late = place.clock.sleep(limitMs, 1, limit.signal).then(() => 'late' as const);
    const how = await Promise.race([shell.carry(line, captures), late]);
    limit.abort();
    return this.#ended(how, shell, captures);
  }

  /** The host has no session to spare: this one is given back, and none is opened again. */
  giveUp(): void {
    if (this.#state.is === 'free') this.#state.shell.close();
    this.#state = { is: 'never' };
  }

  async #open(): Promise<void> {
    this.#state = { is: 'opening' };
    const shell = new OpenShell();
    const piped = await this.#link.pipe(SHELL, shell.ears);
    if (piped.is !== 'open') return void this.#rest({ is: 'never' });
    shell.opened(piped.pipe);
    // A shell that was never heard of yet is asked for nothing.
    const answers = (await shell.carry(':', null)) === 0;
    if (!this.#rest(answers ? { is: 'free', shell } : { is: 'never' }) || !answers) shell.close();
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
      this.#rest({ is: this.#losses < LOST_AT_MOST ? 'shut' : 'never' });
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

  readonly ears = {
    heard: (stream: 'out' | 'err', chunk: Uint8Array): Promise<void> | null => {
      const look = this.#look;
      if (look === null) return null;
      const wait = look[stream].take(chunk);
      const status = look.out.status;
      if (status !== null && look.err.status !== null) look.over(Number.isInteger(status) ? status : 'closed');
      return wait;
    },
    closed: (): void => this.#end(),
  };

  opened(pipe: Pipe): void {
    this.#pipe = pipe;
  }

  async carry(line: string, captures: Captures | null): Promise<Carried> {
    if (this.#closed) return 'closed';
    this.#count += 1;
    const mark = `${this.#mark}x${this.#count}`;
    const how = await new Promise<Carried>(over => {
      const reader = (stream: 'out' | 'err'): FrameReader =>
        new FrameReader(mark, bytes => captures?.[stream].take(bytes) ?? null);
      this.#look = { out: reader('out'), err: reader('err'), over };
      this.#pipe?.write(Buffer.from(framed(line, mark)));
    });
    this.#look = null;
    return how;
  }

  close(): void {
    this.#end();
    this.#pipe?.close();
  }

  #end(): void {
    this.#closed = true;
    this.#look?.out.cutOff();
    this.#look?.err.cutOff();
    this.#look?.over('closed');
  }
}
