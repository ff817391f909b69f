// The faults that a fleet can be given, as one table: what they are called, where they strike, what they do. A fault at
// a *call* strikes at the n-th call of a program on its host; one at a *moment* when that moment comes for the n-th
// time; one *now* at once. The table says what happens; the places that ask `strikes` make it happen.
import type { Fleet } from './fleet.ts';

/** What a struck call does. `before`, `during` and `after` tell when the connection is cut, seen from the effect. */
export type CallEffect =
  | { readonly is: 'refuse' }
  | { readonly is: 'cut'; readonly when: 'before' | 'after' }
  | { readonly is: 'cut-during'; readonly afterMs: number }
  | { readonly is: 'slow' }
  | { readonly is: 'answer'; readonly status: number; readonly err: string };

type FaultPlace =
  | { readonly is: 'call'; readonly program: string; readonly effect: CallEffect }
  | { readonly is: 'moment' }
  | { readonly is: 'now'; readonly act: (fleet: Fleet, host: string, zone: string | null) => void };

export interface FaultKind {
  readonly name: string;
  readonly place: FaultPlace;
  /** Strikes again and again from the n-th time on. */
  readonly stays: boolean;
  readonly doc: string;
}

export interface FaultOptions {
  /** Strikes at the n-th call or moment from now on; 1 when not said. */
  readonly nth?: number;
  /** Only for this zone. */
  readonly zone?: string;
  /** For a cut during a call: how long after its beginning; half a second when not said. */
  readonly afterMs?: number;
}

export interface ArmedFault {
  readonly kind: FaultKind;
  readonly host: string;
  readonly nth: number;
  readonly zone: string | null;
  readonly afterMs: number | null;
  seen: number;
  spent: boolean;
}

/** Counts this call or moment for each fault that waits for it, and gives the one that strikes now, if any. */
function next(armed: readonly ArmedFault[], fits: (fault: ArmedFault) => boolean): ArmedFault | null {
  let struck: ArmedFault | null = null;
  for (const fault of armed) {
    if (fault.spent || !fits(fault)) continue;
    fault.seen++;
    if (fault.seen < fault.nth) continue;
    if (struck !== null) continue;
    fault.spent = !fault.kind.stays;
    struck = fault;
  }
  return struck;
}

/** True when a fault of that name strikes this host (and zone) at this moment. */
export function strikes(fleet: Fleet, host: string, name: string, zone: string | null = null): boolean {
  return (
    next(fleet.armed, f => f.kind.name === name && f.host === host && (zone === null || zoneFits(f, zone))) !== null
  );
}

function zoneFits(fault: ArmedFault, zone: string | null): boolean {
  return fault.zone === null || fault.zone === zone;
}

/** The effect on a call of `program`, known by all its names: `zoneadm`, `zoneadm-attach`, `any-command`. */
export function callEffect(
  fleet: Fleet,
  host: string,
  names: readonly string[],
  zone: string | null,
): CallEffect | null {
  const struck = next(
    fleet.armed,
    f => f.kind.place.is === 'call' && f.host === host && names.includes(f.kind.place.program) && zoneFits(f, zone),
  );
  if (struck === null || struck.kind.place.is !== 'call') return null;
  const { effect } = struck.kind.place;
  return effect.is === 'cut-during' ? { ...effect, afterMs: struck.afterMs ?? effect.afterMs } : effect;
}
