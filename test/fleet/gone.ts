// Hosts and a clock as a process has them that is gone all at once: whatever they would have brought, nobody hears it.
import type { Clock, Host } from '../../src/model/ports.ts';

const silence = <T>(): Promise<T> => new Promise(() => undefined);

/** Nobody who is gone hears an answer, or sends anything more. */
export function mortalHost(host: Host, isGone: () => boolean): Host {
  const heard = async <T>(ask: () => Promise<T>): Promise<T> => {
    if (isGone()) return silence();
    const answer = await ask();
    return isGone() ? silence() : answer;
  };
  return {
    name: host.name,
    exec: (line, options) => heard(() => host.exec(line, options)),
    read: path => heard(() => host.read(path)),
    reconnect: () => heard(() => host.reconnect()),
    close: () => host.close(),
  };
}

export function mortalClock(clock: Clock, isGone: () => boolean): Clock {
  return {
    now: () => clock.now(),
    monotonicMs: () => clock.monotonicMs(),
    async sleep(ms, scale, abort) {
      if (isGone()) return silence();
      await clock.sleep(ms, scale, abort);
      if (isGone()) return silence();
    },
  };
}
