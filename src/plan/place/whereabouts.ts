// Which hosts have a zone of some name, or some shared storage. From one question to the next only a few hosts of a fleet
// change: what is known of the others stays. It knows no rule.
import type { Facts } from '../../model/facts.ts';
import { type HostView, viewOf } from './host-view.ts';

/** Hosts as they were seen in one look; other hosts may be among the answers, as they were seen before. */
export interface Seen {
  /** Hosts with a zone of this name, in whatever state. */
  readonly ofName: (zone: string) => ReadonlySet<string>;
  /** Hosts where a zone that is up holds this storage. */
  readonly ofMark: (mark: string) => ReadonlySet<string>;
}

const NOWHERE: ReadonlySet<string> = new Set();

export class Whereabouts {
  readonly #known = new Map<string, HostView>();
  readonly #names = new Map<string, Set<string>>();
  readonly #marks = new Map<string, Set<string>>();
  #looks = 0;

  /** What is seen holds until the next look: whoever asks later is wrong. */
  look(hosts: readonly Facts[]): Seen {
    this.#looks += 1;
    for (const facts of hosts) this.#takeIn(facts.host, viewOf(facts));
    const look = this.#looks;
    const answer = (where: ReadonlyMap<string, ReadonlySet<string>>, what: string): ReadonlySet<string> => {
      if (look !== this.#looks) throw new Error('asked about hosts that were looked at again since');
      return where.get(what) ?? NOWHERE;
    };
    return { ofName: zone => answer(this.#names, zone), ofMark: mark => answer(this.#marks, mark) };
  }

  #takeIn(host: string, view: HostView): void {
    const before = this.#known.get(host);
    if (before === view) return;
    exchange(this.#names, host, { before: before?.byName, now: view.byName });
    exchange(this.#marks, host, { before: before?.holders, now: view.holders });
    this.#known.set(host, view);
  }
}

type Things = ReadonlyMap<string, unknown>;

function exchange(
  where: Map<string, Set<string>>,
  host: string,
  { before, now }: { readonly before: Things | undefined; readonly now: Things },
): void {
  for (const what of before?.keys() ?? []) if (!now.has(what)) where.get(what)?.delete(host);
  for (const what of now.keys()) {
    if (before?.has(what) === true) continue;
    const hosts = where.get(what);
    if (hosts === undefined) where.set(what, new Set([host]));
    else hosts.add(host);
  }
}
