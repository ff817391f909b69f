// Why a zone can't go to a host. What room lacks is numbers, for whoever works out a way out; what a rule says is a
// sentence, made where the rule is. How numbers are told stands in `report`.
import type { HostName, ZoneName } from './ids.ts';

export type Obstacle =
  /** Bytes. `of`: what the host has promised to nobody, or what is free this moment. @param with zones that must come with it. */
  | {
      readonly is: 'memory';
      readonly needed: number;
      readonly free: number;
      readonly of: 'promised' | 'now';
      readonly with: readonly ZoneName[];
    }
  | { readonly is: 'processors'; readonly needed: number; readonly has: number }
  /** Beyond `cpu_overcommit`. */
  | { readonly is: 'overcommit'; readonly needed: number; readonly taken: number; readonly most: number }
  /** It would fit, if others didn't go there. */
  | { readonly is: 'taken' }
  | { readonly is: 'rule'; readonly why: string };

export const byRule = (why: string): Obstacle => ({ is: 'rule', why });

/** More room would do. */
export const isOfRoom = ({ is }: Obstacle): boolean => is !== 'rule';

/** More memory alone would do. */
export const isOfMemory = ({ is }: Obstacle): boolean => is === 'memory' || is === 'taken';

/** A destination that won't do any more: for one zone, or for all that come to it. */
export type Broken =
  | {
      readonly is: 'refused';
      readonly zone: ZoneName;
      readonly from: HostName;
      readonly to: HostName;
      readonly why: Obstacle;
    }
  | {
      readonly is: 'overfull';
      readonly to: HostName;
      readonly zones: readonly ZoneName[];
      readonly neededBytes: number;
      readonly freeBytes: number;
    };
