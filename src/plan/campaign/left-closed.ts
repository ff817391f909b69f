// Hosts that are closed already and that no task of the plan opens: as a run that was stopped left them, where a condition
// then skips the rest. Told with the plan; nothing is refused for it.
import type { Facts } from '../../model/facts.ts';
import type { HostName } from '../../model/ids.ts';
import { isBracketed, leftClosed, leftClosedText } from '../../model/left-closed.ts';
import type { WaveForecast } from '../../model/plan.ts';
import type { Play } from '../../model/program.ts';

/** @param facts as they were observed. What is known only during the run may still open a host: the end of the run tells. */
export function leftClosedBy(
  plays: readonly Play[],
  waves: readonly WaveForecast[],
  facts: Readonly<Record<HostName, Facts>>,
): readonly string[] {
  const bracketed = new Set(plays.filter(isBracketed).map(({ number }) => number));
  const steps = new Map<HostName, string[]>();
  for (const { actions } of waves)
    for (const { lane, step, when } of actions) {
      if (lane.is !== 'host' || when.is === 'no') continue;
      steps.set(lane.host, [...(steps.get(lane.host) ?? []), step]);
    }
  const concerned = new Set(waves.flatMap(({ plan }) => (bracketed.has(plan.wave.play) ? plan.hosts : [])));
  return [...concerned].flatMap(host => {
    const closed = leftClosed(facts[host], steps.get(host) ?? []);
    return closed === null ? [] : [leftClosedText(host, closed)];
  });
}
