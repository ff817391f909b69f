// The hosts that are passed on the way: each is logged in to once, for all hosts behind it, and stays for as long as one
// of them needs it. When it is gone, so is every connection through it.
import type { Duplex } from 'node:stream';
import type { Client } from 'ssh2';
import type { Hop } from '../../model/inventory.ts';
import { filedAs } from './known-hosts.ts';
import { GIVEN_UP } from './transport.ts';

export type No = { readonly is: 'no'; readonly why: string; readonly again: boolean };

/** A login that others may go through. */
export interface Opened {
  readonly is: 'opened';
  readonly client: Client;
  alive(): boolean;
  onGone(listener: () => void): void;
  /** It is gone soon, whatever the host says to that. */
  leave(): void;
}

/** Logs in over a stream, or over a socket of its own where that is null. Never rejects. */
export type Open = (hop: Hop, stream: Duplex | null, givenUp: AbortSignal) => Promise<Opened | No>;

export type Stream = { readonly is: 'stream'; readonly stream: Duplex; readonly done: () => void } | No;

interface Gate {
  readonly opening: Promise<Opened | No>;
  users: number;
}

export interface JumpHosts {
  /** @param jump at least one. @param givenUp one for all who go through: what is shared is given up with it. */
  streamTo(jump: readonly Hop[], to: Hop, givenUp: AbortSignal): Promise<Stream>;
}

/** RFC 4254, 5.1. */
const PROHIBITED = 1;

export function jumpHosts(open: Open): JumpHosts {
  const gates = new Map<string, Gate>();

  async function opened(jump: readonly Hop[], hop: Hop, givenUp: AbortSignal): Promise<Opened | No> {
    if (jump.length === 0) return named(hop, await open(hop, null, givenUp));
    const through = await streamTo(jump, hop, givenUp);
    if (through.is === 'no') return through;
    const found = await open(hop, through.stream, givenUp);
    if (found.is === 'no') through.done();
    else found.onGone(through.done);
    return named(hop, found);
  }

  function gateAt(jump: readonly Hop[], givenUp: AbortSignal): Pick<Gate, 'opening'> & { readonly leave: () => void } {
    const key = JSON.stringify(jump);
    const before = jump.slice(0, -1);
    const hop = jump.at(-1);
    if (hop === undefined) throw new Error('a way through no host at all');
    const known = gates.get(key);
    const gate = known ?? { opening: opened(before, hop, givenUp), users: 0 };
    gates.set(key, gate);
    gate.users += 1;
    const forget = (): void => {
      if (gates.get(key) === gate) gates.delete(key);
    };
    if (known === undefined) void gate.opening.then(found => (found.is === 'no' ? forget() : found.onGone(forget)));
    let left = false;
    const leave = (): void => {
      if (left) return;
      left = true;
      gate.users -= 1;
      if (gate.users > 0) return;
      forget();
      void gate.opening.then(found => found.is === 'opened' && found.leave());
    };
    return { opening: gate.opening, leave };
  }

  async function streamTo(jump: readonly Hop[], to: Hop, givenUp: AbortSignal): Promise<Stream> {
    const gate = gateAt(jump, givenUp);
    const found = await gate.opening;
    const stream = found.is === 'no' ? found : await forwarded(found, jump.at(-1) ?? to, { to, givenUp });
    if (stream.is === 'no') {
      gate.leave();
      return stream;
    }
    return { ...stream, done: gate.leave };
  }

  return { streamTo };
}

function named(hop: Hop, found: Opened | No): Opened | No {
  return found.is === 'opened' ? found : { ...found, why: `jump host ${filedAs(hop)}: ${found.why}` };
}

interface Wish {
  readonly to: Hop;
  readonly givenUp: AbortSignal;
}

async function forwarded({ client, alive }: Opened, via: Hop, { to, givenUp }: Wish): Promise<Stream> {
  const no = (why: string, again: boolean): No => ({ is: 'no', why: `jump host ${filedAs(via)}: ${why}`, again });
  const target = `${to.address} port ${to.port}`;
  if (!alive()) return no('its connection is gone', true);
  if (givenUp.aborted) return no(GIVEN_UP, false);
  return new Promise(resolve => {
    let waiting = true;
    const settle = (stream: Stream): void => {
      waiting = false;
      clearTimeout(late);
      givenUp.removeEventListener('abort', over);
      resolve(stream);
    };
    const over = (): void => settle(no(GIVEN_UP, false));
    givenUp.addEventListener('abort', over);
    const late = setTimeout(
      () => settle(no(`no way to ${target} within ${Math.round(to.connectTimeoutMs / 1000)} s`, true)),
      to.connectTimeoutMs,
    );
    client.forwardOut('127.0.0.1', 0, to.address, to.port, (error, stream) => {
      if (!waiting) stream?.destroy();
      else if (!error) settle({ is: 'stream', stream, done: () => undefined });
      else if (!alive()) settle(no('its connection is gone', true));
      else if ('reason' in error && error.reason === PROHIBITED)
        settle(no(`it lets no connection through to ${target}`, false));
      else settle(no(`it can't reach ${target}: ${error.message}`, true));
    });
  });
}
