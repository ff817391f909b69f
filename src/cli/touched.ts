// The hosts of a plan that its run holds: nobody else may close them meanwhile, and it sends zones to no other. And what
// else a plan says of its run before it starts.
import { type HostName, hostName } from '../model/ids.ts';
import type { Plan } from '../model/plan.ts';
import type { Program, TaskEntry } from '../model/program.ts';
import { tasksOf } from '../model/scope.ts';
import type { Catalogue } from '../model/step.ts';
import { sizesOf } from '../plan/waves/waves.ts';
import { type InTurn, inTurn, WAVES_AT_FIRST } from '../run/waves.ts';

/** Hosts that the run closes, works on, or sends zones to. */
export function touched(plan: Plan): readonly HostName[] {
  const played = plan.program.plays.flatMap(play => play.hosts);
  const destinations = plan.waves.flatMap(wave =>
    wave.plan.migrations.flatMap(migration => [migration.to, ...migration.others]),
  );
  return [...played, ...destinations, ...delegatesOf(plan)];
}

/** Every host of the inventory where a task may go to one that is known only later. */
function delegatesOf(plan: Plan): readonly HostName[] {
  const foreseen = plan.waves.flatMap(wave => wave.actions);
  return tasksOf(plan.program).flatMap(task => {
    if (task.on === null) return [];
    if (task.on.is === 'known') return typeof task.on.json === 'string' ? [hostName(task.on.json)] : [];
    const places = foreseen.filter(one => one.task === task.id).map(one => one.on);
    const known = places.flatMap(on => on ?? []);
    const all = Object.values(plan.hosts).map(host => host.name);
    return places.length > 0 && known.length === places.length ? known : all;
  });
}

/** Whether nothing on any host is changed: under --check only a task that says so really does it. */
export function onlyLooks(plan: Plan, catalogue: Catalogue): boolean {
  const really = (task: TaskEntry): boolean => task.checkMode === false && catalogue.get(task.step)?.reads !== true;
  return plan.options.check && !tasksOf(plan.program).some(really);
}

/** Whether hosts are asked for anything, whatever comes of the conditions. */
export function asksHosts(plan: Plan, catalogue: Catalogue): boolean {
  return tasksOf(plan.program).some(goesOut(catalogue));
}

const goesOut = (catalogue: Catalogue) => (task: TaskEntry) => catalogue.get(task.step)?.staysHere === false;

/** Whose turn is near, as far as that can be said before there is a plan: the plan knows better. */
export function hostsBeforePlan(program: Program, catalogue: Catalogue, forks: number): InTurn {
  const play = program.plays.find(one => tasksOf({ ...program, plays: [one] }).some(goesOut(catalogue)));
  if (play === undefined) return { now: [], next: [] };
  const [first = 0, ...later] = sizesOf(play).slice(0, WAVES_AT_FIRST);
  const most = later.reduce((sum, size) => sum + size, first);
  return inTurn(play.hosts.slice(0, first), play.hosts.slice(first, most), forks);
}

/** Whether a step asks what earlier runs did with zones: only those that are planned from facts do. To read all of them takes long where there are many. */
export function asksEarlierRuns(plan: Plan, catalogue: Catalogue): boolean {
  return tasksOf(plan.program).some(task => catalogue.get(task.step)?.needsFacts !== false);
}
