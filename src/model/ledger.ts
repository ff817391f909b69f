// What the journals of this state folder know about zones that are away and windows that are open: the memory that
// lets a step tell ours from another's. A fold over results, asked by steps, made by `run` and `edge`.
import type { HostName, RunId, ZoneName } from './ids.ts';

/** A zone that left its home in some run and, as far as the journal knows, isn't back. */
export interface Away {
  readonly zone: ZoneName;
  readonly home: HostName;
  readonly at: HostName;
  /** Its state when it left: running zones must run again. */
  readonly was: string;
  readonly run: RunId;
}

/** A zone that stayed at home while its host was closed, and what it was before. */
export interface Stayed {
  readonly zone: ZoneName;
  readonly host: HostName;
  readonly was: string;
  readonly run: RunId;
}

/** A zone that left a host for good: its home is elsewhere now, and a row of sysadm's about it is accounted for. */
export interface Stays {
  readonly zone: ZoneName;
  /** Where it was at home before. */
  readonly host: HostName;
  /** Where it went. */
  readonly at: HostName;
  readonly run: RunId;
}

/** A value of `evacuation/target` before we changed it; null: it had none of its own. */
export interface FormerTarget {
  readonly zone: ZoneName;
  readonly host: HostName;
  readonly target: string | null;
}

/** A run of this state folder whose journal can't be read: nobody knows what it moved. */
export interface Unread {
  readonly run: RunId;
  readonly why: string;
  /** Where it lies, to be put aside by a person who has looked at the hosts. */
  readonly folder: string;
  /** The hosts that it may have closed or sent zones to, by its plan; null when that can't be read either. */
  readonly hosts: readonly HostName[] | null;
}

export interface Ledger {
  readonly away: readonly Away[];
  /** Zones that an evacuation without a known end was sending to these hosts: they may be there. */
  readonly perhaps: readonly Away[];
  readonly stayed: readonly Stayed[];
  /** Left for good, and not seen to come back. */
  readonly stays: readonly Stays[];
  readonly formerTargets: readonly FormerTarget[];
  /** What they know is missing here: zones may be away from their hosts, or on them, and nothing here says so. */
  readonly unread: readonly Unread[];
  /** The run whose id a maintenance message ends with: is its journal here, and is it going on right now? */
  window(run: RunId): 'own' | 'ended' | 'going-on' | 'unheard-of' | 'unread';
}

/**
 * What a step's result says to the ledger. A step whose result has one of these keys keeps its shape:
 * `migrated`: [{zone, from, to, was}], `stayed`: [{zone, was}], `stays`: [{zone, at}], `started`: [zone], `former_targets`: [{zone, target}], `restored_targets`: [zone].
 */
export const LEDGER_KEYS = ['migrated', 'stayed', 'stays', 'started', 'former_targets', 'restored_targets'] as const;
