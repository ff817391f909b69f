// npm run bench:ssh: the work of a fleet over real OpenSSH servers, runners side by side, round after round; ratios are
// formed inside a round, so that a machine which slows down slows them all. Prints tables and budgets, judges nothing.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type Fleet, here, startFleet } from './fleet.ts';
import { Bench, type Measured } from './measure.ts';
import { budgets, type Result, resultOf } from './results.ts';
import { budgetTable, putInto, resultTable } from './pages.ts';
import { BASE, linesFor, PARTS, type RunnerName, type Work, WORKS } from './works.ts';

const USAGE = `npm run bench:ssh -- [options]
  --part N           of ${PARTS.length}: the whole takes long
  --only ID,ID       of ${WORKS.map(work => work.id).join(' ')}
  --runners NAME,…   with zoneferry and ssh2, which always run
  --rounds N         how often at most (5)
  --seconds N        a runner that took so long altogether has no further turn (20)
  --hosts N          fewer hosts, to see whether a runner works at all
  --short            four hosts, one round, zoneferry and ssh2: does it work at all?
  --write            the tables into docs/performance.md, the figures into docs/performance-ssh.json; works that
                     weren't measured keep theirs

${PARTS.map((ids, n) => `part ${n + 1}: ${ids.join(' ')}`).join('\n')}
`;

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    part: { type: 'string' },
    runners: { type: 'string' },
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '20' },
    hosts: { type: 'string' },
    short: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
const docs = resolve(here, '../../docs');

const rounds = values.short ? 1 : Number(values.rounds);
let failures = 0;

function chosen(): readonly Work[] {
  const ids = values.only?.split(',') ?? (values.part === undefined ? undefined : PARTS[Number(values.part) - 1]);
  if (values.part !== undefined && ids === undefined) throw new Error(`no such part: ${values.part}`);
  const runners = values.short ? [] : values.runners?.split(',');
  return WORKS.filter(work => ids === undefined || ids.includes(work.id)).map(work => ({
    ...work,
    hosts: Math.min(work.hosts, values.short ? 4 : Number(values.hosts ?? Infinity)),
    runners: work.runners.filter(
      name => runners === undefined || name === 'zoneferry' || name === BASE || runners.includes(name),
    ),
  }));
}

/** It takes long, and isn't compared with anything. */
const WATCHED_ROUNDS = 2;
/** Their figures are far from all others, and half of the time of all. */
const ONCE: readonly RunnerName[] = ['ansible', 'mitogen'];

/** In turns: a disturbance hits all alike. */
async function carryOut(work: Work, fleet: Fleet): Promise<Result> {
  const bench = new Bench(fleet);
  const lines = linesFor(work, fleet);
  const measured = new Map<RunnerName, (Measured | null)[]>(work.runners.map(name => [name, []]));
  const turns = work.watched ? Math.min(rounds, WATCHED_ROUNDS) : rounds;
  for (let round = 0; round < turns; round += 1)
    for (const [name, runs] of measured) {
      const spent = runs.reduce((sum, run) => sum + (run?.wallS ?? 0), 0);
      const had = ONCE.includes(name) && runs.length > 0;
      const over = had || (name !== 'zoneferry' && name !== BASE && spent >= Number(values.seconds));
      runs.push(over ? null : await once(bench, work, name, lines[name]));
    }
  await bench.end();
  return resultOf(work, Object.fromEntries(measured));
}

async function once(bench: Bench, work: Work, name: RunnerName, line: string): Promise<Measured | null> {
  bench.forget();
  if (work.again) {
    await bench.run(line);
    await bench.settle();
  }
  const outcome = await bench.measure(line, work.watched);
  await bench.settle();
  if (outcome.is === 'measured') return outcome.of;
  failures += 1;
  process.stderr.write(`${work.id}, ${name}: ${outcome.said}\n`);
  return null;
}

async function all(works: readonly Work[]): Promise<readonly Result[]> {
  const results: Result[] = [];
  for (const rttMs of new Set(works.map(work => work.rttMs))) {
    const same = works.filter(work => work.rttMs === rttMs);
    const fleet = startFleet(Math.max(...same.map(work => work.hosts)), rttMs);
    const broken = (): never => {
      fleet.end();
      process.exit(1);
    };
    process.once('SIGINT', broken).once('SIGTERM', broken);
    try {
      for (const work of same) {
        const result = await carryOut(work, fleet);
        results.push(result);
        process.stdout.write(`${resultTable(result)}\n`);
      }
    } finally {
      process.off('SIGINT', broken).off('SIGTERM', broken);
      fleet.end();
    }
  }
  return results;
}

/** Beside what earlier runs found of other works. */
function writeDown(results: readonly Result[], seconds: number): void {
  const load = `load ${loadavg()[1]?.toFixed(1)} at the end`;
  const conditions = `${cpus().length} processors (${cpus()[0]?.model ?? ''}), Node ${process.versions.node}, ${load}, ${seconds} s`;
  const taken = results.map(result => ({ ...result, conditions }));
  const path = join(docs, 'performance-ssh.json');
  const before = existsSync(path)
    ? (JSON.parse(readFileSync(path, 'utf8')) as { results: readonly Taken[] }).results
    : [];
  const all = WORKS.flatMap(({ id }) => [taken, before].flatMap(some => some.filter(one => one.id === id)).slice(0, 1));
  const tables = all.map(resultTable);
  putInto(join(docs, 'performance.md'), [conditionsOf(all), '', budgetTable(budgets(all)), ...tables].join('\n'));
  writeFileSync(path, `${JSON.stringify({ results: all }, null, 1)}\n`);
}

type Taken = Result & { readonly conditions: string };

function conditionsOf(all: readonly Taken[]): string {
  const runs = new Map<string, readonly string[]>();
  for (const { id, conditions } of all) runs.set(conditions, [...(runs.get(conditions) ?? []), id]);
  if (runs.size === 1) return `${[...runs.keys()].join('')}.`;
  const told = [...runs].map(([conditions, ids]) => `${ids.join(', ')}: ${conditions}`);
  return `Parts of it were taken in separate runs. ${told.join('; ')}.`;
}

if (values.help) {
  process.stdout.write(USAGE);
} else {
  if (values.write && (values.short || values.hosts !== undefined)) throw new Error('fewer hosts are no result');
  const begun = Date.now();
  const results = await all(chosen());
  process.stdout.write(budgetTable(budgets(results)));
  if (values.write) writeDown(results, Math.round((Date.now() - begun) / 1000));
  process.exitCode = failures === 0 ? 0 : 1;
}
