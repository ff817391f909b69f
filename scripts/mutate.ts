// npm run mutate [-- --count N --seed S --area src/plan/place --at src/plan/place/fit.ts:40 --list]: changes the program
// in one place at a time, in a copy, and runs the tests that should notice. Prints the survivors and the share that was
// caught; fails under 85 %. A sample: there are more than ten thousand. The same seed takes the same sample.
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { AREAS, type Job, jobsAt, jobsIn, original, type Stage } from './areas.ts';
import { TypeBench, Workbench } from './workbench.ts';

const ENOUGH = 0.85;
/** A mutant that makes the tests this much slower has been noticed. */
const SLOWER = 6;
const LIMIT_AT_LEAST_MS = 20_000;
/** For a busy machine: how long the tests may take while nothing is changed. */
const UNCHANGED_LIMIT_MS = 600_000;

/** `refused`: the compiler doesn't take it, and no test was asked. */
type Fate = 'caught' | 'too-slow' | 'refused' | 'survived';

const USAGE = `npm run mutate -- [options]
  --count N        so many mutants of all there are (200)
  --seed N         which of them (1)
  --area FOLDER    only of a folder or a file in ${Object.keys(AREAS).join(' ')}
  --at FILE:LINE   only those of one line
  --list           names them, and tries none
`;

const values = asked();
if (values.help) {
  process.stdout.write(USAGE);
  process.exit(0);
}

function asked() {
  try {
    return parsed();
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
    process.exit(2);
  }
}

function parsed() {
  const { values: read } = parseArgs({
    options: {
      count: { type: 'string', default: '200' },
      seed: { type: 'string', default: '1' },
      area: { type: 'string' },
      at: { type: 'string' },
      list: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  return read;
}

const changed = ({ file, mutant }: Job): string => {
  const text = original(file);
  return text.slice(0, mutant.start) + mutant.text + text.slice(mutant.end);
};
const tell = ({ file, mutant }: Job): string => `${file}:${mutant.line}  ${mutant.what}`;

/** A small generator of its own: the sample must be the same on every machine. */
function sample<T>(items: readonly T[], count: number, seed: number): readonly T[] {
  let state = seed >>> 0 || 1;
  const next = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  return items
    .map(item => ({ item, key: next() }))
    .sort((a, b) => a.key - b.key)
    .slice(0, count)
    .map(({ item }) => item);
}

type Limits = ReadonlyMap<Stage, number>;

async function limitsOf(bench: Workbench, areas: readonly string[]): Promise<Limits> {
  const limits = new Map<Stage, number>();
  for (const stage of new Set(areas.flatMap(area => AREAS[area] ?? []))) {
    const start = performance.now();
    const tested = await bench.test(stage, UNCHANGED_LIMIT_MS);
    if (tested !== 'passed')
      throw new Error(`${stage.join(' ')}: ${tested} before anything is changed\n${bench.said()}`);
    limits.set(stage, Math.max(LIMIT_AT_LEAST_MS, SLOWER * (performance.now() - start)));
  }
  return limits;
}

interface Trial {
  readonly bench: Workbench;
  readonly types: TypeBench;
  readonly limits: Limits;
}

async function fateOf(job: Job, { bench, types, limits }: Trial): Promise<Fate> {
  if (types.refuses(job.file, changed(job))) return 'refused';
  bench.put(job.file, changed(job));
  try {
    for (const stage of AREAS[job.area] ?? []) {
      const tested = await bench.test(stage, limits.get(stage) ?? LIMIT_AT_LEAST_MS);
      if (tested !== 'passed') return tested === 'too-slow' ? 'too-slow' : 'caught';
    }
    return 'survived';
  } finally {
    bench.put(job.file, original(job.file));
  }
}

type Fates = ReadonlyMap<Job, Fate>;

async function fatesOf(jobs: readonly Job[], benches: readonly Workbench[], types: TypeBench): Promise<Fates> {
  const fates = new Map<Job, Fate>();
  const queue = [...jobs];
  const [first] = benches;
  if (first === undefined) return fates;
  const limits = await limitsOf(first, [...new Set(jobs.map(job => job.area))]);
  const work = async (bench: Workbench): Promise<void> => {
    for (let job = queue.shift(); job !== undefined; job = queue.shift()) {
      const fate = await fateOf(job, { bench, types, limits });
      fates.set(job, fate);
      process.stderr.write(`${fates.size} of ${jobs.length}: ${fate}  ${tell(job)}\n`);
    }
  };
  await Promise.all(benches.map(work));
  return fates;
}

const percent = (some: number, all: number): string =>
  `${some} of ${all}, ${((100 * some) / Math.max(1, all)).toFixed(1)} %`;

function report(fates: Fates): number {
  const all = [...fates];
  const survivors = all.filter(([, fate]) => fate === 'survived').map(([job]) => tell(job));
  const refused = all.filter(([, fate]) => fate === 'refused').map(([job]) => tell(job));
  for (const line of refused.sort()) console.log(`refused   ${line}`);
  for (const line of survivors.sort()) console.log(`survived  ${line}`);
  const share = (some: typeof all): string => {
    const count = (wanted: Fate): number => some.filter(([, fate]) => fate === wanted).length;
    const [byTests, refused] = [count('caught') + count('too-slow'), count('refused')];
    const how = `${count('caught')} by tests, ${count('too-slow')} by the time limit, ${refused} by types`;
    return `${percent(byTests + refused, some.length)} caught (${how}; without those ${percent(byTests, some.length - refused)})`;
  };
  for (const area of Object.keys(AREAS)) {
    const its = all.filter(([job]) => job.area === area);
    if (its.length > 0) console.log(`${area}: ${share(its)}`);
  }
  console.log(`together: ${share(all)}`);
  return 1 - survivors.length / Math.max(1, all.length) >= ENOUGH ? 0 : 1;
}

async function main(): Promise<number> {
  const all = values.at === undefined ? jobsIn(values.area) : jobsAt(values.at);
  if (typeof all === 'string') {
    console.error(all);
    return 2;
  }
  const jobs = sample(all, Number(values.count), Number(values.seed));
  if (values.list) {
    for (const job of jobs) console.log(tell(job));
    return 0;
  }
  console.log(`${all.length} mutants; ${jobs.length} are tried`);
  const benches = Array.from({ length: Math.min(availableParallelism(), jobs.length) }, () => new Workbench());
  const types = new TypeBench();
  const clear = (): void => {
    for (const bench of [...benches, types]) bench.clear();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.once(signal, () => {
      clear();
      process.exit(130);
    });
  try {
    return report(await fatesOf(jobs, benches, types));
  } finally {
    clear();
  }
}

process.exitCode = await main();
