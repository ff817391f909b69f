// The hosts of a plan that its run holds: nobody else may close them meanwhile, and it sends zones to no other.
import { type HostName, hostName } from '../model/ids.ts';
import type { Plan } from '../model/plan.ts';
import { tasksIn } from '../model/scope.ts';

/** Hosts that the run closes, works on, or sends zones to. */
export function touched(plan: Plan): readonly HostName[] {
  const played = plan.program.plays.flatMap(play => play.hosts);
  const destinations = plan.waves.flatMap(wave =>
    wave.plan.migrations.flatMap(migration => [migration.to, ...migration.others]),
  );
  const delegates = plan.program.plays
    .flatMap(play => play.sections.flatMap(section => section.entries.flatMap(tasksIn)))
    .flatMap(entry => (entry.on?.is === 'known' && typeof entry.on.json === 'string' ? [hostName(entry.on.json)] : []));
  return [...played, ...destinations, ...delegates];
}
