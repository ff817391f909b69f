// A simulated fleet as the engine's ports, in this process: hosts answer without sockets, and time jumps ahead as soon
// as everybody waits. Also where a test cuts lines: before a command is sent, or after it did its work.
import { hostName } from '../../src/model/ids.ts';
import type { Ended } from '../../src/model/command.ts';
import type { AlarmClock } from '../../src/edge/clock.ts';
import type { Clock, Host, Hosts } from '../../src/model/ports.ts';
import type { Answer } from '../../src/model/refusal.ts';
import { type InProcessHost, inProcessFleet, type Seen } from '../../sim/lab/in-process.ts';
import { jumpingClock, type TimerClock } from '../../sim/os/clock.ts';
import type { Fleet } from '../../sim/world/fleet.ts';
import type { FleetSpec } from '../../sim/world/spec.ts';

const START = Date.parse('2026-03-06T20:00:00Z');

/** What a test does to the line of one command: nothing, or what happens to it instead. */
export type Cut = (host: string, line: string) => 'whole' | 'lost-before' | 'lost-after';

export interface Simulated {
  readonly fleet: Fleet;
  readonly hosts: Hosts;
  readonly clock: Clock;
  /** Every command line that was sent, in order. */
  readonly sent: readonly { readonly host: string; readonly line: string }[];
}

export function simulated(spec: FleetSpec, cut: Cut = () => 'whole'): Simulated {
  const time = jumpingClock(START);
  const { fleet, host } = inProcessFleet(spec, time);
  const sent: { host: string; line: string }[] = [];
  const hosts = new Map<string, Host>();
  return {
    fleet,
    sent,
    clock: portClock(time),
    hosts: name => {
      const made =
        hosts.get(name) ??
        portHost(host(name), time, (line, onto) => {
          sent.push({ host: name, line });
          return onto(cut(name, line));
        });
      hosts.set(name, made);
      return made;
    },
  };
}

/** Our port over timers of whatever kind: those that jump in process, those of the laws over SSH. */
export function portClock(time: Pick<TimerClock, 'now' | 'after'>): AlarmClock {
  return {
    alarm: (ms, ring) => time.after(ms, ring),
    now: () => time.now(),
    monotonicMs: () => time.now(),
    sleep: (ms, scale, abort) =>
      new Promise(resolve => {
        if (abort?.aborted) return resolve();
        const end = (): void => {
          withdraw();
          abort?.removeEventListener('abort', end);
          resolve();
        };
        const withdraw = time.after(ms / scale, end);
        abort?.addEventListener('abort', end);
      }),
  };
}

type Sending = (line: string, onto: (cut: ReturnType<Cut>) => Promise<Ended>) => Promise<Ended>;

function portHost(host: InProcessHost, time: TimerClock, send: Sending): Host {
  return {
    name: hostName(host.name),
    exec: (line, options) =>
      send(line, async cut => {
        if (!host.answers) return { is: 'not-sent', why: 'connection refused' };
        if (cut === 'lost-before') return { is: 'lost', out: '', err: '' };
        const leave = new AbortController();
        const withdraw = time.after(options.limitMs, () => leave.abort());
        const decoder = { out: new TextDecoder(), err: new TextDecoder() };
        const seen = await host.exec(line, {
          ...(options.stdin ? { stdin: options.stdin } : {}),
          onOutput: (stream, bytes) => options.onOutput?.(stream, decoder[stream].decode(bytes, { stream: true })),
          leave: leave.signal,
        });
        withdraw();
        if (cut === 'lost-after') return { is: 'lost', out: '', err: '' };
        return endedOf(seen, leave.signal.aborted);
      }),
    read: path => answered(host, () => host.read(path)),
    reconnect: () => answered(host, () => null),
    close: () => Promise.resolve(),
  };
}

function answered<T>(host: InProcessHost, get: () => T): Promise<Answer<T>> {
  if (!host.answers)
    return Promise.resolve({ is: 'no', refusal: { is: 'not-sent', command: 'connect', why: 'connection refused' } });
  return Promise.resolve({ is: 'ok', value: get() });
}

function endedOf(seen: Seen, timedOut: boolean): Ended {
  const [out, err] = [seen.out, seen.err].map(bytes => new TextDecoder().decode(bytes)) as [string, string];
  switch (seen.ending.is) {
    case 'exited':
      return { is: 'exited', code: seen.ending.status, out, err };
    case 'signalled':
      return { is: 'signalled', name: seen.ending.signal, out, err };
    case 'lost':
      return timedOut ? { is: 'timed-out', out, err } : { is: 'lost', out, err };
    case 'not-sent':
      return { is: 'not-sent', why: 'connection refused' };
  }
}
