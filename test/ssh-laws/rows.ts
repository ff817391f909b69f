// Law 2 as a check: strike here and there, and hold each row against what may be.
import { EXIT, exitOf } from '../../src/cli/exit.ts';
import { type SshSubject } from './place.ts';
import { progress } from './progress.ts';
import { type Effect, nameOf, type Spot, struck, type Whole } from './strike.ts';

export interface Wanted {
  readonly spot: Spot;
  readonly effect: Effect;
}

/** Past the barrier nothing goes back: a host that didn't open, or a zone that didn't start, waits for a person. */
const MAY_BE_STUCK = ['1.t2.3.2', '1.t2.3.3'];
/** A dry run before anything was changed refuses the host. */
const MAY_BE_REFUSED = 'evacuate/1.t1.2@';
const stuck = ({ action }: Spot): boolean => MAY_BE_STUCK.some(task => action.includes(`/${task}@`));

/** @returns what is wrong, in words. */
export async function wrongRows(
  subject: SshSubject,
  base: Whole,
  wanted: readonly Wanted[],
): Promise<readonly string[]> {
  const say = progress('law 2', wanted.length);
  const wrong: string[] = [];
  for (const { spot, effect } of wanted) {
    const row = await struck(subject, spot, effect, base);
    const name = `${nameOf(spot)} ${effect}`;
    say(`${name}: ${row.verdict} ${row.exit}`);
    const refused = row.verdict === 'stopped' && spot.action.startsWith(MAY_BE_REFUSED);
    const ended = row.verdict === 'done' || row.verdict === 'rolled-back' || refused;
    if (!ended && !(row.verdict === 'stuck' && stuck(spot))) wrong.push(`${name}: ended ${row.verdict}: ${row.why}`);
    if (row.exit !== (refused ? EXIT.refused : exitOf(row.verdict))) wrong.push(`${name}: exit status ${row.exit}`);
    wrong.push(...row.wrong.map(one => `${name}: ${one}`));
  }
  return wrong;
}
