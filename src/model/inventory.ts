// The hosts an operator may work on, as the inventory files say, after merging groups and before any playbook.
import type { HostName, ZoneName } from './ids.ts';
import type { Become } from './program.ts';
import type { Layer } from './value.ts';

/** How to reach a host. Paths are absolute or relative to the inventory file that named them, already resolved. */
export interface Connection {
  readonly address: string;
  readonly port: number;
  readonly user: string;
  readonly identityFile: string | null;
  readonly knownHosts: string | null;
  readonly hostKeyPolicy: 'yes' | 'accept-new';
  readonly connectTimeoutMs: number;
  /** The runner's clock divides waits, deadlines, poll intervals by this on such hosts: 1 on a real host. */
  readonly timeScale: number;
  readonly become: Become;
}

export interface InventoryHost {
  readonly name: HostName;
  readonly groups: readonly string[];
  readonly connection: Connection;
  /** Group variables (parents before children, then priority, then name), host variables above them, merged. */
  readonly vars: Layer;
}

/** What the inventory says of zones, under `zones:`. */
export interface ZoneRule {
  readonly zone: ZoneName;
  readonly pin: HostName | null;
  readonly allowed: readonly HostName[] | null;
  readonly keepApart: readonly ZoneName[];
  readonly keepTogether: readonly ZoneName[];
}

export interface Inventory {
  /** The files as given, and the sha256 of everything read. */
  readonly sources: readonly string[];
  readonly digest: string;
  /** In the order of the inventory. */
  readonly hosts: readonly InventoryHost[];
  /** Group -> its hosts, children included, in inventory order; always holds `all` and `ungrouped`. */
  readonly groups: Readonly<Record<string, readonly HostName[]>>;
  readonly zoneRules: readonly ZoneRule[];
}
