// What the runs came to: medians, ratios to the bare script formed inside one round, and the budgets held against them.
import type { Measured, Watch } from './measure.ts';
import { BASE, type RunnerName, type Work, WORKS } from './works.ts';

/** A round in which a runner had no turn any more is null. */
export type Rounds = Readonly<Partial<Record<RunnerName, readonly (Measured | null)[]>>>;

export interface Row {
  readonly runner: RunnerName;
  readonly runs: number;
  readonly wallS: number;
  readonly leastS: number;
  readonly mostS: number;
  /** To the bare script in the same rounds. */
  readonly ratio: number | null;
  readonly cpuS: number;
  /** Of the controller, for one task on one host. */
  readonly cpuMsPerTask: number;
  readonly serversCpuS: number;
  readonly connections: number;
  readonly channels: number;
  readonly rssMib: number;
  /** The worst of each. */
  readonly watch: Watch | null;
}

export interface Result {
  readonly id: string;
  readonly title: string;
  readonly hosts: number;
  readonly rttMs: number;
  readonly rows: readonly Row[];
}

export function resultOf(work: Work, rounds: Rounds): Result {
  const base = rounds[BASE] ?? [];
  const rows = work.runners.flatMap(runner => {
    const all = rounds[runner] ?? [];
    const runs = all.filter(one => one !== null);
    if (runs.length === 0) return [];
    const ratios = all.flatMap((one, round) => {
      const other = base[round];
      return one && other ? [one.wallS / other.wallS] : [];
    });
    const middle = (of: (run: Measured) => number): number => round3(median(runs.map(of)));
    const walls = runs.map(run => run.wallS);
    return [
      {
        ...{ runner, runs: runs.length, wallS: middle(run => run.wallS) },
        ...{ leastS: round3(Math.min(...walls)), mostS: round3(Math.max(...walls)) },
        ratio: ratios.length === 0 ? null : round3(median(ratios)),
        cpuS: middle(run => run.cpuS),
        cpuMsPerTask: middle(run => (run.cpuS * 1000) / (work.hosts * work.tasks)),
        serversCpuS: middle(run => run.serversCpuS),
        ...{ connections: middle(run => run.connections), channels: middle(run => run.channels) },
        rssMib: Math.round(median(runs.map(run => run.rssMib))),
        watch: worst(runs.flatMap(run => run.watch ?? [])),
      },
    ];
  });
  return { id: work.id, title: work.title, hosts: work.hosts, rttMs: work.rttMs, rows };
}

function worst(watches: readonly Watch[]): Watch | null {
  if (watches.length === 0) return null;
  return {
    heldUpMs: Math.round(Math.max(...watches.map(one => one.heldUpMs))),
    busiestMs: Math.round(Math.max(...watches.map(one => one.busiestMs))),
    shareAtRest: round3(Math.max(...watches.map(one => one.shareAtRest))),
    open: Math.min(...watches.map(one => one.open)),
    preferred: watches.every(one => one.preferred),
  };
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length >> 1;
  const upper = sorted[half] ?? NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[half - 1] ?? NaN) + upper) / 2;
}

const round3 = (value: number): number => Math.round(value * 1000) / 1000;

export interface Budget {
  readonly what: string;
  readonly wanted: string;
  readonly got: string;
  readonly held: boolean;
}

type Find = (id: string, runner?: RunnerName) => Row | null;

export function budgets(results: readonly Result[]): readonly Budget[] {
  const find: Find = (id, runner = 'zoneferry') =>
    results.find(one => one.id === id)?.rows.find(row => row.runner === runner) ?? null;
  return [
    ...atMost(find, 'w2', 1.0),
    ...fasterThan(find, 'w2', 25),
    ...cpuAtMost(find, 'w2', 3),
    ...atMost(find, 'w2-delay', 1.0),
    ...atMost(find, 'w5', 0.6),
    ...atMost(find, 'w5-delay', 0.6),
    ...atMost(find, 'w1', 1.2),
    ...sleeping(find),
    ...atMost(find, 'w3', 2.0),
    ...noSlower(find),
    ...resident(find),
  ];
}

const titleOf = (id: string): string => WORKS.find(work => work.id === id)?.title ?? id;

function atMost(find: Find, id: string, most: number): readonly Budget[] {
  const ratio = find(id)?.ratio ?? null;
  if (ratio === null) return [];
  const wanted = `at most ${most.toFixed(1)} x the bare script`;
  return [{ what: titleOf(id), wanted, got: `${ratio.toFixed(2)} x`, held: ratio <= most }];
}

function fasterThan(find: Find, id: string, least: number): readonly Budget[] {
  const [own, ansible] = [find(id), find(id, 'ansible')];
  if (own === null || ansible === null) return [];
  const times = ansible.wallS / own.wallS;
  const wanted = `at least ${least} x faster than Ansible`;
  return [{ what: titleOf(id), wanted, got: `${times.toFixed(0)} x`, held: times >= least }];
}

function cpuAtMost(find: Find, id: string, mostMs: number): readonly Budget[] {
  const own = find(id)?.cpuMsPerTask ?? null;
  if (own === null) return [];
  const wanted = `at most ${mostMs} ms of the controller's processor a task and host`;
  return [{ what: titleOf(id), wanted, got: `${own.toFixed(1)} ms`, held: own <= mostMs }];
}

function sleeping(find: Find): readonly Budget[] {
  const [own, once] = [find('w4'), find('w1-100')];
  if (own === null || once === null) return [];
  const most = 2 + 1.3 * once.wallS;
  const wanted = `at most 2 s + 1.3 x one command on 100 (${most.toFixed(2)} s)`;
  return [{ what: titleOf('w4'), wanted, got: `${own.wallS.toFixed(2)} s`, held: own.wallS <= most }];
}

function noSlower(find: Find): readonly Budget[] {
  const [first, again] = [find('w3'), find('w3-again')];
  if (first === null || again === null) return [];
  const wanted = `not slower than the first time (${first.wallS.toFixed(2)} s)`;
  return [{ what: titleOf('w3-again'), wanted, got: `${again.wallS.toFixed(2)} s`, held: again.wallS <= first.wallS }];
}

function resident(find: Find): readonly Budget[] {
  const own = find('open');
  if (own === null) return [];
  const what = titleOf('open');
  const megabytes = (own.rssMib * 1024 * 1024) / 1e6;
  const got = `${megabytes.toFixed(0)} MB (${own.rssMib} MiB)`;
  const rows = [{ what, wanted: 'under 180 MB resident', got, held: megabytes < 180 }];
  if (own.watch === null) return rows;
  const { heldUpMs, busiestMs, shareAtRest, open, preferred } = own.watch;
  const given = preferred ? '' : ', while the servers had the processors, too';
  const percent = (shareAtRest * 100).toFixed(1);
  return [
    ...rows,
    { what, wanted: 'all of them open at once', got: String(open), held: open >= own.connections },
    { what, wanted: 'the view under 10 % of a processor', got: `${percent} %`, held: shareAtRest < 0.1 },
    {
      what,
      wanted: 'the loop never held up over 100 ms',
      got: `${heldUpMs} ms by the clock${given} (of the processor ${busiestMs})`,
      held: heldUpMs <= 100,
    },
  ];
}
