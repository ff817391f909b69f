// Simulated hosts for tests of programs: a fleet in this process, a clock that jumps, every transition watched.
import { readFileSync } from 'node:fs';
import { inProcessFleet } from '../../lab/in-process.ts';
import { jumpingClock } from '../../os/clock.ts';
import type { Clock } from '../../os/program.ts';
import type { Fleet } from '../../world/fleet.ts';
import { worldProblems } from '../../world/problems.ts';
import { readFleet } from '../../world/read.ts';
import type { FleetSpec } from '../../world/spec.ts';

/** The day of the seed story. */
const STORY_START = Date.UTC(2018, 1, 2, 1, 10);

export interface Said {
  readonly status: number | string;
  readonly out: string;
  readonly err: string;
  /** Both streams as they came. */
  readonly all: string;
}

export interface Hosts {
  readonly fleet: Fleet;
  readonly clock: Clock;
  /** What was wrong with the world after any transition so far. */
  readonly problems: readonly string[];
  run(host: string, line: string, user?: string): Promise<Said>;
  /** As on a terminal. */
  runOnTerminal(host: string, line: string): Promise<Said>;
}

export function clusterText(name: string): string {
  return readFileSync(new URL(`../../../clusters/${name}.yaml`, import.meta.url), 'utf8');
}

export function hostsOf(spec: FleetSpec, start: number = STORY_START): Hosts {
  const clock = jumpingClock(start);
  const { fleet, host } = inProcessFleet(spec, clock);
  const problems: string[] = [];
  fleet.onChange((f, t) => problems.push(...worldProblems(f).map(p => `after ${t.what} on ${t.host}: ${p}`)));
  const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8');
  return {
    fleet,
    clock,
    problems,
    run: async (name, line, user = 'root') => {
      const all: Uint8Array[] = [];
      const seen = await host(name).exec(line, { user, onOutput: (_stream, bytes) => all.push(bytes.slice()) });
      const { ending } = seen;
      const status = ending.is === 'exited' ? ending.status : ending.is;
      return { status, out: text(seen.out), err: text(seen.err), all: text(Buffer.concat(all)) };
    },
    runOnTerminal: async (name, line) => {
      const all: Uint8Array[] = [];
      const take = (bytes: Uint8Array): void => void all.push(bytes.slice());
      const execution = fleet.host(name).machine?.exec(line, { user: 'root', tty: true, onOut: take, onErr: take });
      const ending = await execution?.ended;
      const said = text(Buffer.concat(all)).replaceAll('\r\n', '\n');
      return { status: ending?.is === 'exited' ? ending.status : 'gone', out: said, err: '', all: said };
    },
  };
}

export const seedHosts = (): Hosts => hostsOf(readFleet(clusterText('seed')));
