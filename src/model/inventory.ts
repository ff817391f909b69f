// The hosts an operator may work on, as the inventory files say, after merging groups and before any playbook.
import type { HostName, ZoneName } from './ids.ts';
import type { Become } from './program.ts';
import type { Layer } from './value.ts';

/** Where keys are held for us: nowhere, behind a socket that a variable of our environment names, or behind this one. */
export type Agent =
  | { readonly is: 'none' }
  | { readonly is: 'environment'; readonly variable: string }
  | { readonly is: 'socket'; readonly path: string };

/**
 * One login: at a host, or at one that is only passed on the way to it. Paths are absolute, relative to the inventory
 * file that named them (already resolved), or begin with ~ for whoever knows a home.
 */
export interface Hop {
  readonly address: string;
  readonly port: number;
  readonly user: string;
  /** Tried in this order; null: the usual ones. */
  readonly identityFiles: readonly string[] | null;
  /** Of an agent's keys only those whose public half is among the identity files. */
  readonly identitiesOnly: boolean;
  readonly agent: Agent;
  /** New keys are added to the first; null: the usual ones. */
  readonly knownHosts: readonly string[] | null;
  /** The name that its keys are filed under, instead of address and port. */
  readonly hostKeyAlias: string | null;
  readonly hostKeyPolicy: 'yes' | 'accept-new';
  readonly connectTimeoutMs: number;
  /** After `count` questions without any answer the connection is lost. */
  readonly keepalive: { readonly everyMs: number; readonly count: number };
}

/** How to reach a host. */
export interface Connection extends Hop {
  /** `ssh2`: this program's own way. `openssh`: by the system's ssh and its whole configuration. */
  readonly transport: 'ssh2' | 'openssh';
  /** What the system's ssh is to read instead of its usual configuration, `none` for nothing at all; null: the usual one. */
  readonly sshConfig: string | null;
  /** Passed in this order; none: straight to the host. */
  readonly jump: readonly Hop[];
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
