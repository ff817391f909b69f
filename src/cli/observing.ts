// Asking hosts for their facts: one exec a host, many hosts at once. A host that gives no answer is `silent`, with the
// reason; nothing is made up for it.
import PQueue from 'p-queue';
import type { Facts } from '../model/facts.ts';
import type { HostName } from '../model/ids.ts';
import type { Inventory } from '../model/inventory.ts';
import type { Clock, Hosts } from '../model/ports.ts';
import { answer, tellRefusal } from '../model/refusal.ts';
import type { Become } from '../model/program.ts';
import { hostFacts } from '../solaris/host-facts.ts';
import { commandLine } from '../text/shell.ts';

export interface Observed {
  readonly facts: Readonly<Record<HostName, Facts>>;
  readonly silent: Readonly<Record<HostName, string>>;
}

const AT_ONCE = 50;
const LIMIT_MS = 120_000;

export async function observe(
  names: readonly HostName[],
  hosts: Hosts,
  clock: Clock,
  becomeOf: (host: HostName) => Become,
): Promise<Observed> {
  const queue = new PQueue({ concurrency: AT_ONCE });
  const facts: Record<HostName, Facts> = {};
  const silent: Record<HostName, string> = {};
  await queue.addAll(
    names.map(name => async () => {
      const command = hostFacts({ host: name, at: new Date(clock.now()).toISOString() });
      const line = commandLine(command.argv, becomeOf(name));
      const ended = await hosts(name).exec(line, { limitMs: LIMIT_MS, stdin: Buffer.from(command.stdin) });
      const found = answer('facts', ended, end => command.read(end));
      if (found.is === 'ok') facts[name] = found.value;
      else silent[name] = tellRefusal(found.refusal);
    }),
  );
  return { facts: inOrder(names, facts), silent: inOrder(names, silent) };
}

/** Answers come in any order; what is written down does not. */
function inOrder<T>(names: readonly HostName[], found: Readonly<Record<HostName, T>>): Readonly<Record<HostName, T>> {
  return Object.fromEntries(names.flatMap(name => (found[name] === undefined ? [] : [[name, found[name]] as const])));
}

export function becomes(inventory: Inventory): (host: HostName) => Become {
  const byName = new Map(inventory.hosts.map(host => [host.name, host.connection.become]));
  return host => byName.get(host) ?? { method: 'none', user: 'root' };
}
