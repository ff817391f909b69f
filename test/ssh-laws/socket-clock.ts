// One clock for both ends of real sockets in this process: it jumps to the next timer when nothing is on any wire and
// nobody is at work. An hour of maintenance then costs only what the commands cost, and a loaded machine makes no gate
// run out of time. Sockets that another process holds the end of are beyond it.
import { subscribe } from 'node:diagnostics_channel';
import { Socket } from 'node:net';
import { isSomebodyBusy } from '../../sim/os/breath.ts';
import type { TimerClock } from '../../sim/os/clock.ts';
import type { Clock } from '../../src/model/ports.ts';

/** Turns of the event loop without a byte: each hop over loopback is seen within one. */
const QUIET_TURNS = 6;

const clients = new Set<Socket>();
const servers = new Set<Socket>();
let changes = 0;

function follow(into: Set<Socket>, socket: Socket): void {
  changes += 1;
  into.add(socket);
  socket.once('close', () => {
    changes += 1;
    into.delete(socket);
  });
}

subscribe('net.server.socket', message => follow(servers, (message as { readonly socket: Socket }).socket));
// The channel for clients hears of `net.connect` only, and ssh2 makes its sockets itself.
const { connect } = Socket.prototype;
Socket.prototype.connect = function (this: Socket, ...how: unknown[]): Socket {
  follow(clients, this);
  return Reflect.apply(connect, this, how) as Socket;
};

/** A number that changes with every byte, every connection, and every end of one. */
function traffic(): number {
  let sum = changes;
  for (const socket of clients) sum += socket.bytesRead + socket.bytesWritten;
  for (const socket of servers) sum += socket.bytesRead + socket.bytesWritten;
  return sum;
}

/** Something was written and not yet read, or one end of a connection knows of it and the other doesn't yet. */
function isOnTheWire(): boolean {
  if (clients.size !== servers.size) return true;
  const peers = new Map([...servers].map(socket => [socket.remotePort, socket]));
  return [...clients].some(client => {
    const peer = peers.get(client.localPort);
    if (client.connecting || peer === undefined) return true;
    return client.bytesWritten !== peer.bytesRead || peer.bytesWritten !== client.bytesRead;
  });
}

/** Files, names and keys are worked on in threads: no byte shows that. */
function isAtWork(): boolean {
  return isSomebodyBusy() || process.getActiveResourcesInfo().some(name => /req|connect|write|shutdown/i.test(name));
}

async function quiet(): Promise<void> {
  let before = traffic();
  for (let turns = 0; turns < QUIET_TURNS; turns += 1) {
    await new Promise<void>(resolve => setImmediate(resolve));
    const now = traffic();
    if (now !== before || isSomebodyBusy()) turns = -1;
    else if (turns === QUIET_TURNS - 1 && (isOnTheWire() || isAtWork())) {
      // A thread or the kernel has something: leave the processor to them.
      await new Promise(resolve => setTimeout(resolve, 1));
      turns = -1;
    }
    before = now;
  }
}

interface Timer {
  readonly at: number;
  readonly order: number;
  readonly fire: () => void;
}

/** A clock for hosts and runner. `drop` forgets all timers: the world is closed. */
export interface SocketClock extends TimerClock {
  readonly port: Clock;
  drop(): void;
}

export function socketClock(start: number): SocketClock {
  const timers = new Set<Timer>();
  let now = start;
  let order = 0;
  let isWatching = false;
  const first = (): Timer | null =>
    timers.size === 0
      ? null
      : [...timers].reduce((a, b) => (b.at < a.at || (b.at === a.at && b.order < a.order) ? b : a));
  const watch = async (): Promise<void> => {
    isWatching = true;
    while (timers.size > 0) {
      await quiet();
      const due = first();
      if (due === null) break;
      now = Math.max(now, due.at);
      timers.delete(due);
      due.fire();
    }
    isWatching = false;
  };
  const after = (ms: number, fire: () => void): (() => void) => {
    const timer = { at: now + Math.max(0, ms), order: (order += 1), fire };
    timers.add(timer);
    if (!isWatching) void watch();
    return () => timers.delete(timer);
  };
  const sleep = (ms: number): Promise<void> => new Promise(resolve => after(ms, resolve));
  return { now: () => now, after, sleep, port: portOf(() => now, after), drop: () => timers.clear() };
}

function portOf(now: () => number, after: TimerClock['after']): Clock {
  return {
    now,
    monotonicMs: now,
    sleep: (ms, scale, abort) =>
      new Promise(resolve => {
        if (abort?.aborted) return resolve();
        const end = (): void => {
          withdraw();
          abort?.removeEventListener('abort', end);
          resolve();
        };
        const withdraw = after(ms / scale, end);
        abort?.addEventListener('abort', end);
      }),
  };
}
