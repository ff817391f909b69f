// The Host port over SSH: one connection a host for the whole run, opened on first use or ahead of it, at most four
// channels at once. It retries only what surely didn't happen: connecting, and a channel that the host had no room for.
// Whether to do anything again that may have happened is not decided here.
import { randomBytes } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import PQueue from 'p-queue';
import type { Ended } from '../../model/command.ts';
import type { HostName } from '../../model/ids.ts';
import type { Connection, Hop } from '../../model/inventory.ts';
import type { ExecOptions, Host, Hosts } from '../../model/ports.ts';
import { type AlarmClock, orLate } from '../clock.ts';
import type { Answer, Refusal } from '../../model/refusal.ts';
import type { Secret } from '../../text/secret.ts';
import { isForSudo } from '../../text/shell.ts';
import { hostKeys } from './host-keys.ts';
import { type AskPassphrase, newKeyring, nobody } from './keyring.ts';
import { opensshTransport } from './openssh-connect.ts';
import { type Means, ssh2Transport } from './ssh2-connect.ts';
import { FramedShell } from './framed-shell.ts';
import { SudoRights } from './sudo.ts';
import type { Connected, ExecPlace, Link, RemoteFile, Transport } from './transport.ts';

/** sshd counts sessions up to ten by default and frees one later than we see it closed. */
const CHANNELS = 4;
/** 25 s in all: a server under load takes its time to see that a session has ended. */
const BUSY_WAITS_MS: readonly number[] = [50, 100, 200, 400, 800, 1600, ...Array.from({ length: 7 }, () => 3200)];
/** The session that is missing may be one that we have just given back. */
const ROOM_LOOK_MS = 1000;
/** So long a host may take for a word on a line that others are using. */
const ANSWER_MS = 5000;
const CONNECT_WAITS_MS = [1000, 3000] as const;
/** Handshakes at once, over all hosts: each costs this process milliseconds of arithmetic. */
const HANDSHAKES = 32;
const OUTPUT_LIMIT_BYTES = 4 * 1024 * 1024;

/** Logins that nobody waits for yet: in turn, so that who is needed first is there first. One that is needed waits for no other. */
const AHEAD_AT_ONCE = 4;

/** A thousand goodbyes in one piece would hold up whatever else this process has to do. */
const CLOSED_AT_ONCE = 32;
/** Until the other side has closed, too. */
const GOODBYE_MS = 1000;

/** Hosts that were turned away together don't come back together. */
const aboutAs = (ms: number): number => Math.round(ms * (0.75 + Math.random() / 2));

export interface SshOptions {
  readonly clock: AlarmClock;
  /** null: output over the limit is dropped (and that is said). */
  readonly outputFolder: string | null;
  readonly outputLimitBytes?: number;
  /** The one that each host's connection names, unless said. */
  readonly transport?: Transport;
  /** What sudo is told when it asks; nothing, unless said. */
  readonly passwordOf?: (name: HostName) => Secret | null;
  /** Who knows the passphrases of keys; nobody, unless said. */
  readonly passphrase?: AskPassphrase;
}

export interface SshHosts {
  readonly host: Hosts;
  /** Opens connections that are as good as needed, and says nothing of it: at once, and next. */
  open(names: { readonly now: readonly HostName[]; readonly next: readonly HostName[] }): void;
  /** Those that will be needed soon: a run that needed none so far gets none. */
  ahead(names: readonly HostName[]): void;
  /** Whose keys are sealed is asked for the passphrases now, while there is nothing else on the terminal. */
  unlock(names: readonly HostName[]): Promise<void>;
  /** For good: a step that is still at work gets nothing more through, and a login under way is given up. */
  close(): Promise<void>;
}

interface Shared {
  readonly options: SshOptions;
  readonly transport: Transport;
  readonly handshakes: PQueue;
  /** Aborted when this run has closed its connections. */
  readonly closed: AbortSignal;
  /** Whether looks go through shells in this run: then a host gets its shell before its turn, too. */
  readonly shells: { used: boolean };
}

interface Login {
  readonly link: Link;
  readonly shell: FramedShell;
}

type Reached = ({ readonly is: 'reached' } & Login) | { readonly is: 'no'; readonly why: string };

const CLOSED = { is: 'no', why: 'this run has closed its connections' } as const;

class SshHost implements Host {
  readonly name: HostName;
  readonly #connection: Connection;
  readonly #shared: Shared;
  readonly #channels = new PQueue({ concurrency: CHANNELS });
  #login: Login | null = null;
  #reaching: Promise<Reached> | null = null;
  #reconnecting: Promise<Answer<null>> | null = null;
  #opening: Promise<void> | null = null;
  readonly #sudo: SudoRights;
  #commands = 0;
  #atWork = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(name: HostName, connection: Connection, shared: Shared) {
    this.name = name;
    this.#connection = connection;
    this.#shared = shared;
    this.#sudo = new SudoRights(shared.options.passwordOf?.(name) ?? null);
  }

  async exec(line: string, options: ExecOptions): Promise<Ended> {
    const looked = await this.#look(line, options);
    if (looked !== 'none') return looked;
    return this.#inChannel(
      async link => {
        const sent = await link.exec(line, options, this.#place());
        return sent.is === 'busy' ? 'busy' : sent.ended;
      },
      why => ({ is: 'not-sent', why }),
    );
  }

  /** By the shell that is kept for looks. What is heard as it comes must come once, and sudo is talked to: both are for a channel. */
  async #look(line: string, { looks, limitMs, stdin, onOutput }: ExecOptions): Promise<Ended | 'none'> {
    const mayShare = looks === true && !stdin?.length && onOutput === undefined && !isForSudo(line);
    if (!mayShare) return 'none';
    const reached = await this.#reach();
    if (reached.is === 'no') return { is: 'not-sent', why: reached.why };
    this.#shared.shells.used = true;
    // Its shell is on the way: sooner there than a channel.
    await this.#opening;
    return reached.shell.ask(line, limitMs, this.#place());
  }

  #place(): ExecPlace {
    const { clock, outputFolder, outputLimitBytes } = this.#shared.options;
    this.#commands += 1;
    const file = `${encodeURIComponent(this.name)}-${this.#commands}-${randomBytes(3).toString('hex')}`;
    return {
      clock,
      sudo: this.#sudo,
      limitBytes: outputLimitBytes ?? OUTPUT_LIMIT_BYTES,
      restTo: stream => outputFolder && join(outputFolder, `${file}.${stream}`),
    };
  }

  read(path: string): Promise<Answer<RemoteFile | null>> {
    return this.#inChannel(
      link => link.read(path, this.#shared.options.clock),
      why => ({ is: 'no', refusal: { is: 'not-sent', command: `read ${path}`, why } }),
    );
  }

  /**
   * While others of ours are at work, one of them has the session that is missing: that one is waited for as long as it
   * takes, and from now on no more are asked for at once than there are. Law: `work` answers `busy` only when nothing was sent.
   */
  async #inChannel<T>(work: (link: Link) => Promise<T | 'busy'>, notSent: (why: string) => T): Promise<T> {
    return this.#channels.add(async () => {
      let alone = 0;
      for (;;) {
        const reached = await this.#reach();
        if (reached.is === 'no') return notSent(reached.why);
        const answer = await this.#counted(work(reached.link));
        if (answer !== 'busy') return answer;
        reached.shell.giveUp();
        if (this.#atWork > 0) {
          this.#channels.concurrency = Math.min(this.#channels.concurrency, this.#atWork);
          alone = 0;
          await this.#nextRoom();
          continue;
        }
        const wait = BUSY_WAITS_MS[alone];
        if (wait === undefined) return notSent('the host opened no channel: it has no session free');
        alone += 1;
        await this.#shared.options.clock.sleep(wait, 1);
      }
    });
  }

  async #counted<T>(work: Promise<T | 'busy'>): Promise<T | 'busy'> {
    this.#atWork += 1;
    const answer = await work;
    this.#atWork -= 1;
    // A refusal makes no room.
    if (answer !== 'busy') for (const wake of this.#waiting.splice(0)) wake();
    return answer;
  }

  /** Until one of ours has ended, or it's time to look again. */
  #nextRoom(): Promise<void> {
    const enough = new AbortController();
    this.#waiting.push(() => enough.abort());
    return this.#shared.options.clock.sleep(ROOM_LOOK_MS, 1, enough.signal);
  }

  #reach(): Promise<Reached> {
    if (this.#shared.closed.aborted) return Promise.resolve(CLOSED);
    if (this.#login?.link.alive()) return Promise.resolve({ is: 'reached', ...this.#login });
    this.#reaching ??= this.#connect(CONNECT_WAITS_MS).finally(() => (this.#reaching = null));
    return this.#reaching;
  }

  async #connect(waits: readonly number[]): Promise<Reached> {
    for (const wait of [...waits, null]) {
      if (this.#shared.closed.aborted) return CLOSED;
      const connected = await this.#try();
      if (connected.is === 'connected') {
        this.#login = { link: connected.link, shell: new FramedShell(connected.link) };
        return { is: 'reached', ...this.#login };
      }
      if (wait === null || !connected.again) return { is: 'no', why: connected.why };
      await this.#shared.options.clock.sleep(aboutAs(wait), this.#connection.timeScale, this.#shared.closed);
    }
    throw new Error('the last try has no wait after it');
  }

  #try(): Promise<Connected> {
    const { handshakes, closed, transport } = this.#shared;
    // It may have waited for its turn for longer than the run.
    return handshakes.add(async () => {
      const connected = closed.aborted ? null : await transport(this.#connection, closed);
      if (!closed.aborted && connected !== null) return connected;
      if (connected?.is === 'connected') connected.link.cut();
      return { ...CLOSED, again: false };
    });
  }

  isReached(): boolean {
    return this.#login !== null;
  }

  /** Before it is needed. Why it can't be reached is for whoever needs it to hear. */
  open(): Promise<void> {
    this.#opening ??= this.#open().finally(() => (this.#opening = null));
    return this.#opening;
  }

  async #open(): Promise<void> {
    const reached = await this.#reach();
    if (reached.is === 'reached' && this.#shared.shells.used) await reached.shell.open(this.#place());
  }

  /** Tries once: who waits for a host to come back does the waiting. Commands under way on a line that is silent are lost. */
  reconnect(): Promise<Answer<null>> {
    // One connection for all who ask at once: one that nobody knows of would never be ended.
    this.#reconnecting ??= this.#anew().finally(() => (this.#reconnecting = null));
    return this.#reconnecting;
  }

  async #anew(): Promise<Answer<null>> {
    while (this.#reaching !== null) await this.#reaching;
    if (this.#atWork > 0 && (await this.#answers())) return { is: 'ok', value: null };
    this.#drop();
    this.#reaching = this.#connect([]).finally(() => (this.#reaching = null));
    const reached = await this.#reaching;
    if (reached.is === 'reached') return { is: 'ok', value: null };
    const refusal: Refusal = { is: 'not-sent', command: `connect to ${this.name}`, why: reached.why };
    return { is: 'no', refusal };
  }

  /** A line on which the host still answers carries what others of this run have at work there: it isn't theirs to lose. */
  async #answers(): Promise<boolean> {
    const link = this.#login?.link;
    if (link?.alive() !== true) return false;
    const sent = await link.exec('exit 0', { limitMs: ANSWER_MS }, this.#place());
    return sent.is === 'busy' || sent.ended.is === 'exited';
  }

  #drop(): Link | null {
    const link = this.#login?.link ?? null;
    this.#login = null;
    link?.cut();
    return link;
  }

  async close(): Promise<void> {
    await this.#reaching;
    const link = this.#login?.link;
    this.#login = null;
    if (!link?.alive()) return;
    const gone = new Promise<void>(resolve => link.onGone(resolve));
    link.end();
    await orLate(gone, this.#shared.options.clock, GOODBYE_MS);
    link.cut();
  }
}

/** As the inventory says of each host. */
function eitherTransport(means: Means): Transport {
  const [own, system] = [ssh2Transport(means), opensshTransport()];
  return (connection, givenUp) => (connection.transport === 'openssh' ? system : own)(connection, givenUp);
}

/** One of each that log in with the same keys. */
function alike(hops: readonly Hop[]): readonly Hop[] {
  const keysOf = ({ identityFiles, identitiesOnly, agent }: Hop) =>
    JSON.stringify([identityFiles, identitiesOnly, agent]);
  return [...new Map(hops.map(hop => [keysOf(hop), hop])).values()];
}

/** @param connectionOf throws for a name that isn't of this run: that is a bug, not an answer. */
export function sshHosts(connectionOf: (name: HostName) => Connection, options: SshOptions): SshHosts {
  const closing = new AbortController();
  // Every login under way listens.
  setMaxListeners(0, closing.signal);
  const handshakes = new PQueue({ concurrency: HANDSHAKES });
  const means = { clock: options.clock, hostKeys: hostKeys(), keyring: newKeyring(options.passphrase ?? nobody) };
  const shared = {
    options,
    transport: options.transport ?? eitherTransport(means),
    handshakes,
    closed: closing.signal,
    shells: { used: false },
  };
  const hosts = new Map<HostName, SshHost>();
  const host = (name: HostName): SshHost => {
    const found = hosts.get(name) ?? new SshHost(name, connectionOf(name), shared);
    hosts.set(name, found);
    return found;
  };
  const soon = new PQueue({ concurrency: AHEAD_AT_ONCE });
  const openSoon = (names: readonly HostName[]): void => {
    for (const name of names) void soon.add(() => host(name).open());
  };
  return {
    host,
    open: ({ now, next }) => {
      for (const name of now) void host(name).open();
      openSoon(next);
    },
    ahead: names => {
      if ([...hosts.values()].some(one => one.isReached())) openSoon(names);
    },
    unlock: async names => {
      const own = names.map(connectionOf).filter(one => one.transport === 'ssh2');
      for (const hop of alike(own.flatMap(one => [...one.jump, one]))) {
        await means.keyring.of(hop);
        // A file that can't be read is for the login to tell.
        await means.hostKeys.of(hop).catch(() => undefined);
      }
    },
    close: async () => {
      closing.abort(CLOSED.why);
      const closed: Promise<void>[] = [];
      for (const one of hosts.values()) {
        closed.push(one.close());
        if (closed.length % CLOSED_AT_ONCE === 0) await setImmediate();
      }
      await Promise.all(closed);
    },
  };
}
