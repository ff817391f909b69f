// A hundred ports that no other world of these laws takes while one of ours has a host that is down, in this process or
// in another: whoever holds the last of them has them all.
import { once } from 'node:events';
import { createServer } from 'node:net';
import { ADDRESS, firstPortFor } from '../../sim/lab/lab.ts';

const LAST = 99;
const TRIES = 500;

export interface Ports {
  readonly first: number;
  release(): void;
}

export async function portsFor(dir: string): Promise<Ports> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const first = firstPortFor(`${dir} ${tries}`);
    const sign = createServer();
    try {
      await once(sign.listen({ host: ADDRESS, port: first + LAST, exclusive: true }), 'listening');
      return { first, release: () => void sign.close() };
    } catch {
      // Another world has these.
    }
  }
  throw new Error('each hundred of ports that was tried is taken');
}
