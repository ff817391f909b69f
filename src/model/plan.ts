// The plan: program, forecast, placement, and what it all rests on. Pure data; what a person approves and a later
// process can carry out. Made once, never changed.
import type { JsonObject } from '../text/json.ts';
import type { Facts } from './facts.ts';
import type { ActionId, HostName, Lane, StepName, TaskId, ZoneName } from './ids.ts';
import type { Obstacle } from './obstacle.ts';
import type { InventoryHost, SaidOfZones } from './inventory.ts';
import type { Play, Program } from './program.ts';
import type { Layer, Value } from './value.ts';

/** Counts from 1 within its play. */
export interface Wave {
  readonly play: number;
  readonly n: number;
}

export const waveName = (wave: Wave): string => `${wave.play}/${wave.n}`;

export interface Migration {
  readonly zone: ZoneName;
  readonly from: HostName;
  readonly to: HostName;
  readonly bytes: number;
  readonly why: string;
  /** Where else it would fit once everything is placed, best first: for a zone whose destination fails. */
  readonly others: readonly HostName[];
  /** It doesn't come back: its home is there from then on. */
  readonly stays: boolean;
}

/** A zone that is looked at and stays, with the reason in words. */
export interface Staying {
  readonly zone: ZoneName;
  readonly host: HostName;
  readonly why: string;
  /** What the inventory says of a running zone that shares the kernel, over the `native` of the step; null: nothing. */
  readonly ruled: 'stop' | 'stay' | null;
}

/** One wave, planned from facts: who is in it and where its zones go. */
export interface WavePlan {
  readonly wave: Wave;
  readonly hosts: readonly HostName[];
  readonly migrations: readonly Migration[];
  readonly staying: readonly Staying[];
  /** How good the destinations are, as the exact pass says; absent: nobody asked it. */
  readonly exact?: string;
}

/** What would let a wave be. Each was tried by the planner before it is offered. */
export type WayOut =
  /** Zones of other hosts go first, in this order; some may wait on a third host. */
  | { readonly is: 'move-first'; readonly moves: readonly Relocation[] }
  /** These together, wave after wave; those left out don't fit even alone. */
  | {
      readonly is: 'smaller-waves';
      readonly waves: readonly (readonly HostName[])[];
      readonly leftOut: readonly HostName[];
    }
  /** The rest fits when these don't move. */
  | { readonly is: 'stop'; readonly zones: readonly Stoppable[] }
  /** So much more memory on that host. */
  | { readonly is: 'memory'; readonly host: HostName; readonly bytes: number }
  /** Where the planner chooses destinations instead of `evacuation/target`. */
  | { readonly is: 'choose' };

export interface Relocation {
  readonly zone: ZoneName;
  readonly from: HostName;
  readonly to: HostName;
}

export interface Stoppable {
  readonly zone: ZoneName;
  readonly host: HostName;
  readonly bytes: number;
  /** The inventory says so. */
  readonly mayStop: boolean;
}

/** It can't go there. */
export interface Refused {
  readonly zone: ZoneName;
  readonly host: HostName;
  readonly why: readonly Obstacle[];
}

/** Why a wave can't be: each zone with each host that could not take it, in numbers. */
export interface Shortfall {
  readonly is: 'shortfall';
  readonly wave: Wave;
  readonly message: string;
  readonly reasons: readonly Refused[];
  /** Why no planner could find one, by counting; null: nothing proves it. */
  readonly proof: string | null;
  /** Best first. */
  readonly ways: readonly WayOut[];
  /** The same in words. */
  readonly help: readonly string[];
}

export type Planned = { readonly is: 'planned'; readonly plan: WavePlan } | Shortfall;
/** With what the operator must know of the wave besides: a plan has it among its notes, see `noteOn`. */
export type Chosen = { readonly is: 'planned'; readonly plan: WavePlan; readonly notes: readonly string[] } | Shortfall;

/** What an action is expected to do, said before the run. */
export type Foreseen =
  /** @param facts as they are, with what is known by then of things that no host is asked for; absent: nothing more. */
  | { readonly is: 'nothing'; readonly result: JsonObject; readonly facts?: Facts }
  | { readonly is: 'change'; readonly text: string; readonly facts: Facts; readonly result: JsonObject }
  | { readonly is: 'unknown'; readonly why: string };

/** The forecast of one task on one lane (one item of its loop). */
export interface Forecast {
  readonly id: ActionId;
  readonly task: TaskId;
  readonly lane: Lane;
  readonly name: string;
  readonly step: StepName;
  /** Where it will happen; null: known only later. */
  readonly on: HostName | null;
  /** Decided `no` and `yes` stand in the plan; `later` tells which results it waits for. */
  readonly when: { readonly is: 'yes' | 'no' } | { readonly is: 'later'; readonly after: readonly TaskId[] };
  readonly args: Readonly<Record<string, Value>>;
  readonly expects: Foreseen['is'];
  /** One line: what will change, or why nothing will, or why nobody can say. */
  readonly text: string;
  /** What undoing it would mean, as far as it is known now: one line; barriers and `left` say so. */
  readonly wayBack: string;
  readonly hidden: boolean;
}

export interface WaveForecast {
  readonly plan: WavePlan;
  readonly actions: readonly Forecast[];
}

export interface RunOptions {
  readonly check: boolean;
  readonly diff: boolean;
  readonly forks: number;
  readonly tags: readonly string[];
  readonly skipTags: readonly string[];
  readonly limit: string | null;
}

/** What must still be so when the plan is carried out later. */
export interface RestsOn {
  readonly playbooks: readonly { readonly path: string; readonly digest: string }[];
  readonly inventory: string;
  readonly facts: Readonly<Record<HostName, Facts>>;
}

/**
 * The form of a saved plan. To be raised with every change after which an older plan means something else or lacks
 * something: it is refused then, with what to do, instead of being carried out by halves.
 */
export const PLAN_VERSION = 4;

export interface Plan {
  readonly v: typeof PLAN_VERSION;
  /** Epoch milliseconds; `run.date` is made of it. */
  readonly at: number;
  readonly playbooks: readonly string[];
  readonly program: Program;
  /** Every host that the run may touch or ask: play hosts, destinations, delegates. */
  readonly hosts: Readonly<Record<HostName, InventoryHost>>;
  readonly groups: Readonly<Record<string, readonly HostName[]>>;
  readonly zoneRules: readonly SaidOfZones[];
  /** `-e`: above everything else. */
  readonly extra: Layer;
  readonly options: RunOptions;
  readonly waves: readonly WaveForecast[];
  readonly restsOn: RestsOn;
  /** Said to the operator with the plan. */
  readonly notes: readonly string[];
}

/** By its number, not its place: a limit or tags may have left none of the plays before it. */
export function playOf({ program }: Pick<Plan, 'program'>, { play: number }: Wave): Play {
  const play = program.plays.find(one => one.number === number);
  if (play === undefined) throw new Error(`the plan has no play ${number}`);
  return play;
}

/** A note on a wave, as a plan has it among its own. */
export const noteOn = (wave: Wave, note: string): string => `wave ${waveName(wave)}: ${note}`;

/**
 * The approved wave whose turn it is. Who had no room in one comes before the next: that was planned for a world in
 * which they are done. undefined: nothing was approved of the hosts that are left.
 */
export function waveDue({ waves }: Plan, { play }: Wave, left: readonly HostName[]): WaveForecast | undefined {
  return waves.find(({ plan }) => plan.wave.play === play && plan.hosts.some(host => left.includes(host)));
}
