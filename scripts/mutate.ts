// npm run mutate [-- --count N --seed S --area src/plan --list]: changes the program in one place at a time, in a copy,
// and runs the tests that should notice. Prints the survivors and the share that was caught; fails under 85 %.
// A sample: all mutants would take hours. The same seed takes the same sample.
import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type Mutant, mutantsOf } from './mutants.ts';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const AREAS: Readonly<Record<string, readonly string[]>> = {
  'src/model': ['test/model', 'test/run', 'test/plan', 'test/report'],
  'src/run': ['test/run'],
  'src/plan': ['test/plan'],
  'src/text/shell.ts': ['test/text'],
};
const COPIED = [
  'src',
  'sim',
  'test',
  'transcripts',
  'clusters',
  'playbooks',
  'inventory',
  'package.json',
  'tsconfig.json',
  '.mocharc.json',
];
const ENOUGH = 0.85;
const LIMIT_MS = 120_000;

interface Job {
  readonly file: string;
  readonly area: string;
  readonly mutant: Mutant;
}

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
    area: { type: 'string' },
    list: { type: 'boolean' },
  },
});

function filesIn(path: string): readonly string[] {
  if (path.endsWith('.ts')) return [path];
  return readdirSync(join(root, path), { withFileTypes: true }).flatMap(entry =>
    entry.isDirectory() ? filesIn(join(path, entry.name)) : entry.name.endsWith('.ts') ? [join(path, entry.name)] : [],
  );
}

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

function copyOfTheTree(): string {
  const folder = mkdtempSync(join(tmpdir(), 'zoneferry-mutate-'));
  for (const name of COPIED) cpSync(join(root, name), join(folder, name), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  return folder;
}

function testsPass(folder: string, specs: readonly string[]): Promise<boolean> {
  return new Promise(done => {
    const globs = specs.map(spec => `${spec}/**/*.test.ts`);
    const child = spawn(process.execPath, [join(root, 'node_modules/mocha/bin/mocha.js'), '--bail', ...globs], {
      cwd: folder,
      stdio: 'ignore',
      detached: true,
    });
    const timer = setTimeout(() => child.pid !== undefined && process.kill(-child.pid, 'SIGKILL'), LIMIT_MS);
    child.on('close', code => {
      clearTimeout(timer);
      done(code === 0);
    });
  });
}

async function survives(folder: string, job: Job): Promise<boolean> {
  const path = join(folder, job.file);
  const text = readFileSync(path, 'utf8');
  writeFileSync(path, text.slice(0, job.mutant.start) + job.mutant.text + text.slice(job.mutant.end));
  try {
    return await testsPass(folder, AREAS[job.area] ?? []);
  } finally {
    writeFileSync(path, text);
  }
}

async function main(): Promise<number> {
  const areas = Object.keys(AREAS).filter(area => values.area === undefined || area.startsWith(values.area));
  const all = areas.flatMap(area =>
    filesIn(area).flatMap(file =>
      mutantsOf(file, readFileSync(join(root, file), 'utf8')).map((mutant): Job => ({ file, area, mutant })),
    ),
  );
  const jobs = [...sample(all, Number(values.count), Number(values.seed))];
  console.log(`${all.length} mutants in ${areas.join(', ')}; ${jobs.length} are tried`);
  const survivors: Job[] = [];
  const queue = [...jobs];
  const workers = Array.from({ length: availableParallelism() }, async () => {
    const folder = copyOfTheTree();
    try {
      if (!(await testsPass(folder, [...new Set(areas.flatMap(area => AREAS[area] ?? []))])))
        throw new Error('the tests fail before anything is changed');
      for (let job = queue.shift(); job !== undefined; job = queue.shift())
        if (await survives(folder, job)) survivors.push(job);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
  await Promise.all(workers);
  for (const { file, mutant } of survivors.sort((a, b) => (a.file < b.file ? -1 : 1)))
    console.log(`survived  ${file}:${mutant.line}  ${mutant.what}`);
  const share = jobs.length === 0 ? 1 : 1 - survivors.length / jobs.length;
  console.log(`${jobs.length - survivors.length} of ${jobs.length} caught: ${(100 * share).toFixed(1)} %`);
  return share >= ENOUGH ? 0 : 1;
}

process.exitCode = await main();
