// Names with placeholders that must be known before the run: what `-e`, the playbook and the inventory make of them. What
// facts and tasks say isn't asked.
import type { HostName } from '../../model/ids.ts';
import type { InventoryHost } from '../../model/inventory.ts';
import { known, type Layer, type Value } from '../../model/value.ts';
import type { Span } from '../../text/span.ts';
import { evaluate } from '../expression/evaluate.ts';
import type { Here, Reading } from './reading.ts';

type Named = { readonly is: 'name'; readonly name: string } | { readonly is: 'unknown'; readonly why: string };

/** Each name, and the hosts on which it is that. */
export type NamedOnHosts =
  | { readonly is: 'names'; readonly hosts: ReadonlyMap<string, readonly HostName[]> }
  | { readonly is: 'unknown'; readonly why: string };

interface Around {
  readonly reading: Reading;
  readonly here: Here;
  /** Of a host. */
  readonly below: Layer;
}

const hostOf = ({ name, groups, connection: { address, port, user } }: InventoryHost): Value =>
  known({ name, groups, address, port, user });

export function computed({ reading, here, below }: Around, text: string, at: Span): Named {
  const layers = [reading.extra, ...here.layers, below, ...here.defaults];
  const found = evaluate({ is: 'expression', language: 'text', source: text, at }, { layers });
  if (found.is === 'value' && typeof found.json === 'string') return { is: 'name', name: found.json };
  return { is: 'unknown', why: found.is === 'problem' ? found.message : 'it rests on something that is known later' };
}

/** What it comes to on each host of the play. */
export function computedOnHosts(reading: Reading, here: Here, text: string, at: Span): NamedOnHosts {
  const names = new Map<string, HostName[]>();
  const inPlay = new Set(here.hosts);
  for (const host of reading.inventory?.hosts.filter(one => inPlay.has(one.name)) ?? []) {
    const found = computed({ reading, here, below: { ...host.vars, host: hostOf(host) } }, text, at);
    if (found.is === 'unknown') return found;
    const hosts = names.get(found.name) ?? [];
    names.set(found.name, hosts);
    hosts.push(host.name);
  }
  return { is: 'names', hosts: names };
}
