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

/** What holds for one zone: `ruleFor` (zone-rule.ts) makes it of everything that is said. */
export interface ZoneRule {
  readonly zone: ZoneName;
  /** The one host where it may be. */
  readonly pin: HostName | null;
  /** The only hosts where it may be. */
  readonly allowed: readonly HostName[] | null;
  /** Names of zones, or patterns of them: never on one host with any of these. */
  readonly keepApart: readonly string[];
  /** Names of zones, or patterns of them: always on one host with all of these that run. */
  readonly keepTogether: readonly string[];
  /** Of two that can't both have their wish, the one with the higher has it. */
  readonly priority: number;
  /** May be shut down when there is no room. */
  readonly mayStop: boolean;
  /** Who moves it, in the operator's words; never us. */
  readonly managedBy: string | null;
  /** What becomes of it, if it shares the kernel, when its host is emptied; null: what the playbook says. */
  readonly native: 'stay' | 'stop' | 'move' | null;
  /** Never moves: it goes down with its host and is started again. */
  readonly stays: boolean;
  /** null: what the playbook says. */
  readonly returns: 'home' | 'stay' | null;
  /** Who is told when it moves or goes down, in the operator's words. */
  readonly contact: string | null;
}

/** What the inventory says under one key of `zones:`, a name or a pattern; null is what it doesn't say. */
export type SaidOfZones = Omit<ZoneRule, 'zone' | 'priority' | 'mayStop' | 'stays'> & {
  readonly zone: string;
  readonly priority: number | null;
  readonly mayStop: boolean | null;
  readonly stays: boolean | null;
};

export interface Inventory {
  /** The files as given, and the sha256 of everything read. */
  readonly sources: readonly string[];
  readonly digest: string;
  /** In the order of the inventory. */
  readonly hosts: readonly InventoryHost[];
  /** Group -> its hosts, children included, in inventory order; always holds `all` and `ungrouped`. */
  readonly groups: Readonly<Record<string, readonly HostName[]>>;
  readonly zoneRules: readonly SaidOfZones[];
}
