// What the tests of the supervisor share: a host as its flow sees it, commands that leave a mark each time they run,
// and every place where a script can be cut.
import { Parser } from '../../sim/shell/parse.ts';
import { readFleet } from '../../sim/world/read.ts';
import type { Ended } from '../../src/model/command.ts';
import { hostName, runId } from '../../src/model/ids.ts';
import type { DetachedPlace } from '../../src/run/detached/lines.ts';
import type { Far, Job, Supervised } from '../../src/run/detached/watch.ts';
import { quoteWord } from '../../src/text/shell.ts';
import { type Cut, type Simulated, simulated } from '../fleet/simulated.ts';
import { PAIR } from '../laws/fleets.ts';

export const HOME = hostName('nacaozumbi');
export const PLACE: DetachedPlace = { run: runId('0a1b2c3d'), key: 'aaaaaaaaaaaa-bbbbbbbbbbbb' };
export const FOLDER = `/var/share/zoneferry/${PLACE.run}/${PLACE.key}`;

export function fleet(cut?: Cut): Simulated {
  return simulated(readFleet(PAIR), cut);
}

/** /bin/sh is ksh93 there; bash stands for every other shell. */
export const SHELLS = ['/bin/sh', '/usr/bin/bash'] as const;

export function farOf({ hosts, clock }: Simulated, shell: string = SHELLS[0]): Far {
  const host = hosts(HOME);
  return {
    exec: line => host.exec(line.replaceAll('/bin/sh', shell), { limitMs: 600_000 }),
    reconnect: () => host.reconnect(),
    now: () => clock.now(),
    sleep: ms => clock.sleep(ms, 1),
    stopping: () => false,
    stopped: new Promise(() => undefined),
  };
}

export function jobOf(line: string, more: Partial<Job> = {}): Job {
  return {
    ...{ place: PLACE, start: { line }, bySudo: false, limitMs: 3_600_000, silenceMs: 600_000 },
    onOutput: () => undefined,
    onTrouble: () => undefined,
    ...more,
  };
}

/** The line of a command as the product sends it. */
export const lineFor = (text: string, shell = '/bin/sh'): string => `LC_ALL=C ${shell} -c ${quoteWord(text)}`;

export function endOf(outcome: Supervised): Ended {
  if (outcome.is !== 'ended') throw new Error(`it did not end: ${JSON.stringify(outcome)}`);
  return outcome.ended;
}

/** Said on the host, outside of everything that is tested. */
export async function said(world: Simulated, line: string): Promise<string> {
  const ended = await world.hosts(HOME).exec(line, { limitMs: 600_000 });
  if (ended.is !== 'exited') throw new Error(`${line}: ${ended.is}`);
  return ended.out;
}

/** The script with its shell killed by SIGKILL at each place where a command may stand, in turn. */
export function cutEverywhere(script: string, isScript: (text: string) => boolean): readonly string[] {
  const places = [...script.matchAll(/(; | && | \|\| )/g)];
  const cuts = places.map(({ index, 0: mark }) => {
    const rest = script.slice(index + mark.length);
    return mark === '; '
      ? `${script.slice(0, index)}; kill -9 $$; ${rest}`
      : `${script.slice(0, index)}${mark}kill -9 $$${mark}${rest}`;
  });
  const ends = [`kill -9 $$; ${script}`, `${script}; kill -9 $$`];
  return [...ends, ...cuts].filter(isScript);
}

/** The line with another script in the place of one of its own. */
export function withScript(line: string, script: string, other: string): string {
  const [before, after, ...more] = line.split(quoteWord(script));
  if (before === undefined || after === undefined || more.length > 0) throw new Error('the line holds no such script');
  return `${before}${quoteWord(other)}${after}`;
}

/** What the shell of the simulated hosts can read. */
export function isScript(text: string): boolean {
  try {
    new Parser(text).complete();
    return true;
  } catch {
    return false;
  }
}
