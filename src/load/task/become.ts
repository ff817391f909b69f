// Who a task runs as: what play, blocks and the task say, the innermost word of each key winning. Where nobody says
// more than "become: yes", the connection of the host decides how.
import type { Become } from '../../model/program.ts';
import { fixedTextAt } from '../playbook/fixed-text.ts';
import { choiceAt, type Here, type Reading, truthAt } from '../playbook/reading.ts';
import type { MapNode } from '../yaml/node.ts';

export interface BecomeSaid {
  readonly wanted: boolean | null;
  readonly method: Become['method'] | null;
  readonly user: string | null;
}

export const NOTHING_SAID: BecomeSaid = { wanted: null, method: null, user: null };

const METHODS = ['pfexec', 'sudo', 'su', 'none'] as const;

/** @param here the place inside: its variables may name the user. */
export function becomeSaid(reading: Reading, here: Here, map: MapNode): BecomeSaid {
  const above = here.down.become;
  return {
    wanted: truthAt(reading, map, 'become') ?? above.wanted,
    method: choiceAt(reading, map, 'become_method', METHODS) ?? above.method,
    user: fixedTextAt(reading, here, map, 'become_user') ?? above.user,
  };
}

export function becomeOf(said: BecomeSaid): Become | null {
  if (said.wanted === null) return null;
  if (!said.wanted) return { method: 'none', user: 'root' };
  if (said.method === null && said.user === null) return null;
  return { method: said.method ?? 'pfexec', user: said.user ?? 'root' };
}
