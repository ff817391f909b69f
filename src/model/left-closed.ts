// A host that was closed when a run came to it, and that the run neither opens nor closes: nobody was told so by any of
// its tasks. Whose window it is isn't judged here, and nothing is opened for it: what we didn't close isn't ours to open.
import type { Facts, Maintenance } from './facts.ts';
import type { HostName } from './ids.ts';
import type { Play } from './program.ts';
import { tasksIn } from './scope.ts';
import { signerOf } from './signature.ts';

/** Steps that say what is to become of a maintenance window. */
const BRACKET: readonly string[] = ['maintenance.begin', 'maintenance.end'];

/** It is about maintenance: that a host is closed isn't beside the point. */
export const isBracketed = ({ sections }: Play): boolean =>
  sections.some(({ entries }) => entries.flatMap(tasksIn).some(task => BRACKET.includes(task.step)));

type Closed = Extract<Maintenance, { readonly is: 'closed' }>;

/** @param facts from before its own tasks. null: it isn't closed, or its tasks take care of that. */
export function leftClosed(facts: Facts | undefined, steps: readonly string[]): Closed | null {
  if (facts?.maintenance.is !== 'closed' || steps.some(step => BRACKET.includes(step))) return null;
  return facts.maintenance;
}

export function leftClosedText(host: HostName, { user, date, message }: Closed): string {
  const run = signerOf(message);
  const way =
    run === null
      ? `ask ${user}`
      : `zoneferry resume ${run} finishes what was begun there, zoneferry rollback ${run} puts it back`;
  return `${host} was closed before (by ${user} since ${date}: ${message}), and no task here opens it: ${way}`;
}
