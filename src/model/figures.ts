// What can be worked out of a plan for the person who says yes: times, room, what is down meanwhile, what can't be
// undone, and how far from the best it can be. Data for reports; nothing of it is stored or decides anything.
import type { HostName, ZoneName } from './ids.ts';
import type { Wave } from './plan.ts';

/** A zone that users can't reach for a while. Times are from the beginning of its wave. */
export interface Down {
  readonly zone: ZoneName;
  readonly host: HostName;
  readonly fromMs: number;
  readonly ms: number;
  readonly why: string;
}

/** Behind it a rollback doesn't go. */
export interface NoReturn {
  readonly host: HostName;
  readonly step: string;
  /** From the beginning of its wave. */
  readonly atMs: number;
  readonly why: string;
}

/** Memory given away on a host: zones and its own reserve. */
export interface HostRoom {
  readonly host: HostName;
  readonly totalBytes: number;
  readonly before: number;
  /** While the hosts of the wave are empty. */
  readonly during: number;
  readonly after: number;
}

/** What an undo leaves as it is, harmless to what came before. */
export interface Left {
  readonly hosts: readonly HostName[];
  readonly step: string;
  readonly why: string;
}

export interface Build {
  readonly host: HostName;
  readonly name: string;
  /** Of the pool that boots; null: not known. */
  readonly freeBytes: number | null;
  /** What the system that runs takes there, all of it; null: not known. */
  readonly systemBytes: number | null;
  /** Zones that share the kernel: the build makes a boot environment in each. */
  readonly zones: readonly ZoneName[];
}

/** Whose zones move or go down. */
export interface Told {
  /** In the operator's words; null: nobody is named for these. */
  readonly contact: string | null;
  readonly moving: readonly ZoneName[];
  readonly down: readonly ZoneName[];
}

/** Of a wave whose play says `window`; epoch milliseconds. */
export interface InWindow {
  readonly startAt: number;
  /** Begun later, it would not be through when the window ends, or none may begin. */
  readonly latestAt: number;
  /** It is no longer than the window. */
  readonly fits: boolean;
  /** From the opening of that window to its start. */
  readonly offsetMs: number;
}

export interface WaveFigures {
  readonly wave: Wave;
  /** From the beginning of the campaign. */
  readonly startMs: number;
  readonly ms: number;
  readonly window: InWindow | null;
  readonly rooms: readonly HostRoom[];
  readonly down: readonly Down[];
  readonly noReturn: readonly NoReturn[];
  readonly left: readonly Left[];
  readonly builds: readonly Build[];
}

/** A value beside what no plan could beat. */
export interface Bound {
  readonly of: 'bytes' | 'migrations' | 'waves' | 'makespan';
  readonly value: number;
  readonly least: number;
  /** How the bound is made, in words. */
  readonly how: string;
}

export interface PlanFigures {
  readonly waves: readonly WaveFigures[];
  readonly ms: number;
  readonly bounds: readonly Bound[];
  /** By contact, those without one last; empty when the inventory names nobody. */
  readonly told: readonly Told[];
  /** What the times rest on, one line each. */
  readonly restsOn: readonly string[];
}
