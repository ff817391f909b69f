// What a run is handed: the plan, and everything of the outside world. `cli` puts it together.
import type { Answered, Stamped, Told } from '../model/event.ts';
import type { Facts } from '../model/facts.ts';
import type { HostName, RunId } from '../model/ids.ts';
import type { Ledger } from '../model/ledger.ts';
import type { Clock, Fetched, Hosts, Journal, Keep, Post } from '../model/ports.ts';
import type { JsonObject } from '../text/json.ts';
import type { OpenSecret } from '../text/open-secret.ts';
import type { Charge } from './next.ts';
import type { Question } from './question.ts';

export interface Said {
  readonly word: 'stop' | 'rollback' | 'now' | 'go-on' | 'go-back' | 'no';
  readonly who: string;
  readonly host: HostName | null;
}

export interface Observation {
  readonly facts: Readonly<Record<HostName, Facts>>;
  /** Hosts that gave no answer, and why. */
  readonly silent: Readonly<Record<HostName, string>>;
}

export interface RunPorts extends Charge {
  readonly planDigest: string;
  readonly run: RunId;
  readonly by: string;
  /** Prompts, as answered. */
  readonly values: JsonObject;
  readonly journal: Journal;
  /** The journal takes secrets out of each of its lines: what may be the beginning of one waits for the rest. */
  readonly openSecret: OpenSecret;
  readonly hosts: Hosts;
  /** Hosts that will be asked for soon: a hint, of which nothing is heard. */
  readonly ahead: (hosts: readonly HostName[]) => void;
  readonly observe: (hosts: readonly HostName[]) => Promise<Observation>;
  readonly clock: Clock;
  readonly keep: Keep;
  readonly localFile: (path: string) => Promise<Uint8Array | null>;
  readonly fetched: Fetched;
  /** From the journals of the runs before. */
  readonly ledgerBefore: Ledger;
  /** Calls back with each word of the operator until the answer is called. */
  readonly listen: (hear: (said: Said) => void) => () => void;
  /**
   * Whoever watches the run from outside and has something to say of it: may write remarks until the answer is called.
   * A remark that came too late for the journal is answered with false, or not at all.
   */
  readonly remarks: (tell: (told: Told) => Promise<boolean>) => () => void;
  /** Asks whoever sits before the run; null: nobody does. */
  readonly ask: ((question: Question) => Promise<Answered>) | null;
  readonly post: Post;
  readonly maxInFlight: number;
  /** Called with each event once it is durable, in order. */
  readonly subscribers: readonly ((event: Stamped) => void)[];
}
