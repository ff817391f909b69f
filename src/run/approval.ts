// `approve` of a play: between two waves a person must say yes, at the terminal of the run or by having it go on after it
// ended with the question. Pure.
import type { HostName } from '../model/ids.ts';
import { playOf, type Wave, waveDue } from '../model/plan.ts';
import type { Play } from '../model/program.ts';
import { presentWave, type RunState, type WaveState } from '../model/state.ts';
import { counted } from '../text/fit.ts';
import { listed } from '../text/listed.ts';
import type { Charge } from './next.ts';
import { isYesTo, type Question } from './question.ts';
import { hostsLeft } from './waves.ts';

/** What a person has to be asked before this wave of all begins; null: nothing, or that was answered. */
export function approvalFor(charge: Charge, state: RunState, next: Wave): Question | null {
  const last = presentWave(state);
  // A rehearsal stops for nobody: it changes nothing, and can't be resumed.
  if (last === null || last.wave.play !== next.play || state.check) return null;
  const play = playOf(charge.plan, next);
  if (!asksAfter(play, last.wave)) return null;
  const question = questionOf(charge, state, { last, next, play });
  return isYesTo(question, last) ? null : question;
}

/** Whether another wave of the play, if there is one, waits for a yes. */
const asksAfter = ({ approve }: Play, { n }: Wave): boolean =>
  approve === 'each_wave' || (approve === 'first_wave' && n === 1);

interface Between {
  readonly last: WaveState;
  readonly next: Wave;
  readonly play: Play;
}

function questionOf({ plan }: Charge, state: RunState, { last, next, play }: Between): Question {
  const left = hostsLeft(state, play);
  const due = waveDue(plan, next, left)?.plan.hosts.filter(host => left.includes(host)) ?? left;
  const later = left.length - due.length;
  const hosts = last.plan?.hosts ?? [];
  const failed = hosts.filter(host => (state.lanes.get(host)?.turned ?? null) !== null);
  const done = hosts.filter(host => !failed.includes(host));
  const ended = [
    ...(done.length === 0 ? [] : [`${named(done)} done`]),
    ...(failed.length === 0 ? [] : [`${named(failed)} not done`]),
  ].join(', ');
  const after = later === 0 ? '' : ` and then ${counted(later, 'more host')}`;
  return {
    about: `wave ${last.wave.n} of "${play.name}" is over (${ended}), and somebody must say yes before the next one (approve: ${play.approve}): ${named(due)} next${after}`,
    changes: [],
    later: `to say it, zoneferry resume ${state.run ?? ''}`,
  };
}

const named = (hosts: readonly HostName[]): string => listed(hosts);
