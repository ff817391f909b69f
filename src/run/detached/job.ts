// One long command on one host: what is to be begun or watched there, the host as far as that needs it, and what comes
// of it. How it gets there stands in watch.ts.
import type { Ended } from '../../model/command.ts';
import type { ToldBytes } from '../../model/told-output.ts';
import type { Words } from './heard.ts';
import type { DetachedFolder, DetachedPlace } from './lines.ts';

/** A host as far as this needs it; times are host time. */
export interface Far {
  /** @param feedsSudo the password for sudo is its standard input; otherwise that is empty. */
  exec(line: string, feedsSudo?: boolean): Promise<Ended>;
  reconnect(): Promise<unknown>;
  now(): number;
  sleep(ms: number): Promise<void>;
  stopping(): boolean;
  /** Resolves when the operator wants it to stop now. */
  readonly stopped: Promise<void>;
}

/** Where somebody has begun it already, it is only watched. */
export interface ToBegin {
  readonly is: 'to-begin';
  readonly place: DetachedPlace;
  readonly line: string;
}

export interface Begun {
  readonly is: 'begun';
  readonly folder: DetachedFolder;
}

/** A piece of what it says. */
export interface Said extends Words {
  readonly stream: 'out' | 'err';
  /** The name of its folder. */
  readonly folder: string;
}

export interface Job {
  readonly work: ToBegin | Begun;
  /** sudo talks before the command does, and on the same stream. */
  readonly bySudo: boolean;
  readonly limitMs: number;
  readonly silenceMs: number;
  /**
   * How far it was told before. What is only watched is heard from there on; what is to be begun from its start, for its
   * reader.
   * @param folder its name.
   */
  readonly told: (folder: string) => ToldBytes;
  readonly onOutput: (said: Said) => void;
  /** What a person there should know while it is waited for. */
  readonly onTrouble: (text: string) => void;
}

export type Supervised =
  | { readonly is: 'ended'; readonly ended: Ended }
  /** Its host gave no answer any more for as long as that is borne: it may be at work still. */
  | { readonly is: 'unseen'; readonly ended: Extract<Ended, { readonly is: 'lost' }> }
  /** The host answered that it can't be started there, and it wasn't. */
  | { readonly is: 'not-started'; readonly why: string; readonly err: string }
  /** The operator wants to stop now: it runs on. */
  | { readonly is: 'left-alone' };

/** No signal has such a name. */
export const REBOOT = 'a reboot';

/** It was over when its host went down, and whatever it did before is there to be seen. */
export const wasEndedByReboot = (outcome: Supervised): boolean =>
  outcome.is === 'ended' && outcome.ended.is === 'signalled' && outcome.ended.name === REBOOT;
