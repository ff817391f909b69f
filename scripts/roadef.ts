// A reader of the machine reassignment instances of the ROADEF/EURO challenge 2012, their own objective at the start (it
// proves the reader), and the question that closing one machine is. Services whose processes depend on each other are
// kept by what stays, which forbids a little more than the rules do.
import type { Instance } from '../src/plan/place/packing/instance.ts';

export interface Machine {
  readonly neighbourhood: number;
  readonly location: number;
  readonly capacity: readonly number[];
  readonly safety: readonly number[];
}

export interface Service {
  /** At least so many locations. */
  readonly spread: number;
  /** Each of its processes needs one of each of these services in its neighbourhood. */
  readonly needs: readonly number[];
}

export interface Process {
  readonly service: number;
  readonly needs: readonly number[];
}

interface Balance {
  readonly first: number;
  readonly second: number;
  readonly target: number;
  readonly weight: number;
}

export interface Fleet {
  readonly loadWeights: readonly number[];
  readonly machines: readonly Machine[];
  readonly services: readonly Service[];
  readonly processes: readonly Process[];
  readonly balances: readonly Balance[];
  /** The machine of each process. */
  readonly assignment: readonly number[];
}

export function readFleet(model: string, assignment: string): Fleet {
  const numbers = model.trim().split(/\s+/).map(Number);
  let at = 0;
  const next = (): number => numbers[at++] ?? Number.NaN;
  const many = <T>(count: number, one: () => T): readonly T[] => Array.from({ length: count }, one);
  const resources = next();
  const loadWeights = many(resources, () => {
    next();
    return next();
  });
  const count = next();
  const machines = many(count, () => {
    const [neighbourhood, location] = [next(), next()];
    const [capacity, safety] = [many(resources, next), many(resources, next)];
    many(count, next);
    return { neighbourhood, location, capacity, safety };
  });
  const services = many(next(), () => {
    const spread = next();
    return { spread, needs: many(next(), next) };
  });
  const processes = many(next(), () => {
    const service = next();
    const needs = many(resources, next);
    next();
    return { service, needs };
  });
  const balances = many(next(), () => ({ first: next(), second: next(), target: next(), weight: next() }));
  return {
    loadWeights,
    machines,
    services,
    processes,
    balances,
    assignment: assignment.trim().split(/\s+/).map(Number),
  };
}

/** What each machine holds of each resource. */
function loads(fleet: Fleet, assignment: readonly number[]): readonly (readonly number[])[] {
  const held = fleet.machines.map(machine => machine.capacity.map(() => 0));
  fleet.processes.forEach(({ needs }, process) => {
    const machine = held[assignment[process] ?? -1];
    if (machine) needs.forEach((need, r) => (machine[r] = (machine[r] ?? 0) + need));
  });
  return held;
}

/** The objective of the challenge before anything moves. */
export function startCost(fleet: Fleet): number {
  const held = loads(fleet, fleet.assignment);
  let cost = 0;
  fleet.machines.forEach(({ capacity, safety }, m) => {
    const used = (r: number): number => held[m]?.[r] ?? 0;
    const free = (r: number): number => (capacity[r] ?? 0) - used(r);
    fleet.loadWeights.forEach((weight, r) => (cost += weight * Math.max(0, used(r) - (safety[r] ?? 0))));
    for (const { first, second, target, weight } of fleet.balances)
      cost += weight * Math.max(0, target * free(first) - free(second));
  });
  return cost;
}

export interface Emptied {
  readonly instance: Instance;
  /** For each bin its machine. */
  readonly machines: readonly number[];
  /** For each item its process. */
  readonly leaving: readonly number[];
}

/** Everything on one machine has to go elsewhere; everything else stays. */
export function emptied(fleet: Fleet, closed: number): Emptied {
  const machines = fleet.machines.flatMap((_, machine) => (machine === closed ? [] : [machine]));
  const leaving = fleet.assignment.flatMap((machine, process) => (machine === closed ? [process] : []));
  const held = loads(fleet, fleet.assignment);
  const bins = machines.map(machine => {
    const capacity = fleet.machines[machine]?.capacity ?? [];
    const whole = capacity.map(most => Math.max(1, most));
    return { name: `machine ${machine}`, held: held[machine] ?? [], limit: capacity, whole };
  });
  const staying = fleet.assignment.map(machine => (machine === closed ? -1 : machine));
  const items = leaving.map(process => ({
    name: `process ${process}`,
    needs: fleet.processes[process]?.needs ?? [],
    bins: machines.flatMap((machine, bin) => (mayGo(fleet, staying, process, machine) ? [bin] : [])),
    at: null,
    cost: 0,
  }));
  return { instance: { bins, items, apart: [] }, machines, leaving };
}

/** A machine holds one process of a service at most, so no two that leave are of one service. */
function mayGo(fleet: Fleet, staying: readonly number[], process: number, machine: number): boolean {
  const after = [...staying];
  after[process] = machine;
  const own = fleet.processes[process]?.service ?? -1;
  return fleet.services.every((service, s) =>
    s === own || service.needs.includes(own) ? brokenBy(fleet, after, s).length === 0 : true,
  );
}

/** Processes that are on no machine count for nothing. */
function brokenBy(fleet: Fleet, assignment: readonly number[], s: number): readonly string[] {
  const service = fleet.services[s];
  const members = membersOf(fleet)[s] ?? [];
  const placed = members.map(process => assignment[process] ?? -1).filter(machine => machine >= 0);
  const near = (machines: readonly number[]) =>
    new Set(machines.map(machine => fleet.machines[machine]?.neighbourhood));
  const locations = new Set(placed.map(machine => fleet.machines[machine]?.location));
  const supplied = (service?.needs ?? []).map(needed =>
    near((membersOf(fleet)[needed] ?? []).map(process => assignment[process] ?? -1).filter(machine => machine >= 0)),
  );
  const lonely = [...near(placed)].some(place => supplied.some(places => !places.has(place)));
  return [
    ...(new Set(placed).size < placed.length ? [`service ${s} has two processes on one machine`] : []),
    ...(placed.length === members.length && locations.size < (service?.spread ?? 0)
      ? [`service ${s} is in too few locations`]
      : []),
    ...(lonely ? [`service ${s} lacks a service that it depends on`] : []),
  ];
}

const members = new WeakMap<Fleet, readonly (readonly number[])[]>();

function membersOf(fleet: Fleet): readonly (readonly number[])[] {
  const made = members.get(fleet);
  if (made) return made;
  const found: number[][] = fleet.services.map(() => []);
  fleet.processes.forEach(({ service }, process) => found[service]?.push(process));
  members.set(fleet, found);
  return found;
}

/** Every hard rule that this assignment breaks. */
export function breachesOf(fleet: Fleet, assignment: readonly number[]): readonly string[] {
  const full = loads(fleet, assignment).flatMap((held, machine) =>
    held.some((used, r) => used > (fleet.machines[machine]?.capacity[r] ?? 0))
      ? [`machine ${machine} is over capacity`]
      : [],
  );
  return [...full, ...fleet.services.flatMap((_, s) => brokenBy(fleet, assignment, s))];
}
