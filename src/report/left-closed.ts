// Hosts that were closed when their wave began, and that no task of the run opened or closed: its end says so, since the
// hosts are done for all that the tasks know.
import { leftClosed, leftClosedText } from '../model/left-closed.ts';
import { actionsOf, hostState } from './host-state.ts';
import type { Script } from './script.ts';
import type { Story } from './story.ts';

/** Hosts that failed are told as that; where the run was stopped, the task that opens it may be to come still. */
export function leftClosedLines(story: Story, script: Script): readonly string[] {
  const { state } = story;
  const { hosts, brackets } = script;
  const waves = Object.values(state.waves).filter(({ wave }) => brackets.has(wave.play));
  return hosts.flatMap(host => {
    const lane = state.lanes.get(host);
    const wave = waves.findLast(({ plan }) => plan?.hosts.includes(host));
    if (wave === undefined || lane === undefined || lane.turned !== null) return [];
    if (hostState(story, script, host).word === 'stopped') return [];
    const closed = leftClosed(
      wave.facts[host],
      actionsOf(state, lane).map(({ action }) => action.step),
    );
    return closed === null ? [] : [leftClosedText(host, closed)];
  });
}
