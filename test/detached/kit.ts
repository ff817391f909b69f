// What the tests of the supervisor share: a host as its flow sees it, commands that leave a mark each time they run,
// and every place where a script can be cut.
import { randomBytes } from 'node:crypto';
import { Parser } from '../../sim/shell/parse.ts';
import { readFleet } from '../../sim/world/read.ts';
import type { Ended } from '../../src/model/command.ts';
import { hostName, type RunId, runId } from '../../src/model/ids.ts';
import { NOTHING_TOLD } from '../../src/model/told-output.ts';
import {
  beginLine,
  type DetachedFolder,
  type DetachedPlace,
  prepareLine,
  readReport,
} from '../../src/run/detached/lines.ts';
import type { Far, Job, Supervised } from '../../src/run/detached/job.ts';
import { quoteWord } from '../../src/text/shell.ts';
import { type Cut, type Simulated, simulated } from '../fleet/simulated.ts';
import { PAIR } from '../laws/fleets.ts';

export const HOME = hostName('nacaozumbi');
export const PLACE: DetachedPlace = { run: runId('0a1b2c3d'), key: 'aaaaaaaaaaaa-bbbbbbbbbbbb' };
/** For a real host: no other suite there at the same time has it, and none that was killed. */
export const freshRun = (): RunId => runId(randomBytes(4).toString('hex'));

/** Of which there is one, wherever nothing was cut. */
export const FOLDER = `/var/share/zoneferry/${PLACE.run}/${PLACE.key}.*`;

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

export function jobOf(
  line: string,
  { place = PLACE, ...more }: Partial<Job> & { readonly place?: DetachedPlace } = {},
): Job {
  return {
    ...{ work: { is: 'to-begin', place, line }, bySudo: false, limitMs: 3_600_000, silenceMs: 600_000 },
    told: () => NOTHING_TOLD,
    onOutput: () => undefined,
    onTrouble: () => undefined,
    ...more,
  };
}

/** The folder that a command has got, without anybody having begun it. */
export async function prepared(far: Pick<Far, 'exec'>, line: string, place = PLACE): Promise<DetachedFolder> {
  const ended = await far.exec(prepareLine(place, line));
  const report = ended.is === 'exited' ? readReport(ended) : null;
  if (report?.is !== 'ok') throw new Error(`not prepared: ${JSON.stringify(ended)}`);
  return { run: place.run, name: report.value.name };
}

/** Begun as the product begins it, and left alone then. */
export async function begun(far: Pick<Far, 'exec'>, line: string, place = PLACE): Promise<DetachedFolder> {
  const folder = await prepared(far, line, place);
  await far.exec(beginLine(folder, line));
  return folder;
}

/** The line of a command as the product sends it. */
export const lineFor = (text: string, shell = '/bin/sh'): string => `LC_ALL=C ${shell} -c ${quoteWord(text)}`;

export function endOf(outcome: Supervised): Ended {
  if (outcome.is !== 'ended' && outcome.is !== 'unseen') throw new Error(`it did not end: ${JSON.stringify(outcome)}`);
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
  return everywhere(script, 'kill -9 $$', isScript);
}

/**
 * The script with its shell held up at each of these places behind the functions that all scripts begin with, until there
 * is a file `go`. It says by a file that it is.
 */
export function heldEverywhere(
  script: string,
  { go, held, nap }: Gate,
  isScript: (text: string) => boolean,
): readonly string[] {
  const gate = `{ : >${held}; while [ ! -f ${go} ]; do sleep ${nap}; done; }`;
  // Before these it would stand for the condition.
  return everywhere(script, gate, isScript).filter(
    text => !/done; \}; (?:do|then)\b/.test(text) && text.indexOf(gate) > script.lastIndexOf('report() {'),
  );
}

export interface Gate {
  readonly go: string;
  readonly held: string;
  readonly nap: string;
}

function everywhere(script: string, command: string, isScript: (text: string) => boolean): readonly string[] {
  const places = [...script.matchAll(/(; | && | \|\| )/g)];
  const inner = places.map(({ index, 0: mark }) => {
    const rest = script.slice(index + mark.length);
    return mark === '; '
      ? `${script.slice(0, index)}; ${command}; ${rest}`
      : `${script.slice(0, index)}${mark}${command}${mark}${rest}`;
  });
  const ends = [`${command}; ${script}`, `${script}; ${command}`];
  return [...ends, ...inner].filter(isScript);
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
