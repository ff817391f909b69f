// What the mutants change, and the tests that answer for it: the nearest first, the next only when those saw nothing. A
// file belongs to the longest area that holds it.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Mutant, mutantsOf } from './mutants.ts';
import { root } from './workbench.ts';

export type Stage = readonly string[];

/** What reads the user's files is held by what is told of wrong ones, then by what right ones do. */
const READING: readonly Stage[] = [
  ['test/load/!(total|shells|places|playbook-schema|inventory-schema|everyday-yaml).test.ts'],
  ['test/load/@(total|places|playbook-schema|inventory-schema|everyday-yaml).test.ts'],
  ['test/language', 'test/docs/!(reference|planning).test.ts', 'test/ansible/*.test.ts'],
];

export const AREAS: Readonly<Record<string, readonly Stage[]>> = {
  'src/model': [['test/model'], ['test/run', 'test/plan/*.test.ts'], ['test/language', 'test/review']],
  'src/run': [['test/run', 'test/review'], ['test/laws/laws.test.ts', 'test/laws/random.test.ts'], ['test/language']],
  'src/run/detached': [['test/run', 'test/steps/run.test.ts'], ['test/detached']],
  'src/plan': [
    ['test/plan/!(shipped|roadef).test.ts'],
    ['test/plan/shipped.test.ts', 'test/clusters/worlds.test.ts', 'test/report/plan-page.test.ts'],
  ],
  'src/plan/place/packing': [['test/plan/packing', 'test/plan/roadef.test.ts'], ['test/clusters/worlds.test.ts']],
  'src/solaris': [['test/solaris'], ['test/steps']],
  'src/edge/ssh': [
    ['test/edge/@(ahead|dialling|frames|known-hosts|login-shell|ssh|ssh-silence|turns).test.ts'],
    ['test/openssh/@(at-once|jump|ssh-config).test.ts'],
    ['test/openssh/@(endings|system-ssh|transports).test.ts'],
  ],
  'src/text': [['test/text'], ['test/load', 'test/report', 'test/steps/ordinary.test.ts']],
  'src/load/expression': READING,
  'src/load/inventory': READING,
  'src/load/playbook': READING,
  'src/load/ssh': READING,
  'src/load/tables': READING,
  'src/load/task': READING,
  'src/load/yaml': READING,
};

export interface Job {
  readonly file: string;
  readonly area: string;
  readonly mutant: Mutant;
}

export const original = (file: string): string => readFileSync(join(root, file), 'utf8');

const within = (folder: string, path: string): boolean => path === folder || path.startsWith(`${folder}/`);

function areaOf(file: string): string | undefined {
  return Object.keys(AREAS)
    .filter(area => within(area, file))
    .reduce<string | undefined>((best, area) => (area.length > (best?.length ?? 0) ? area : best), undefined);
}

function filesIn(path: string): readonly string[] {
  return readdirSync(join(root, path), { withFileTypes: true })
    .flatMap(entry => (entry.isDirectory() ? filesIn(join(path, entry.name)) : [join(path, entry.name)]))
    .filter(file => file.endsWith('.ts'))
    .sort();
}

function jobsOf(file: string): readonly Job[] {
  const area = areaOf(file);
  return area === undefined ? [] : mutantsOf(file, original(file)).map(mutant => ({ file, area, mutant }));
}

/** All mutants of a folder or a file; of everything, when none is named. A text: why there are none. */
export function jobsIn(folder: string | undefined): readonly Job[] | string {
  if (folder !== undefined && !existsSync(join(root, folder))) return `there is no ${folder}`;
  const jobs = filesIn('src')
    .filter(file => folder === undefined || within(folder.replace(/\/$/, ''), file))
    .flatMap(jobsOf);
  return jobs.length > 0
    ? jobs
    : `no test answers for ${folder}: what is tried lies in ${Object.keys(AREAS).join(', ')}`;
}

/** All mutants of a line, `FILE:LINE`. A text: why there are none. */
export function jobsAt(place: string): readonly Job[] | string {
  const [, file = '', digits = ''] = /^(.+\.ts):(\d+)$/.exec(place) ?? [];
  if (file === '') return `${place}: a place is FILE:LINE`;
  const all = jobsIn(file);
  if (typeof all === 'string') return all;
  const line = Number(digits);
  const here = all.filter(({ mutant }) => mutant.line === line);
  if (here.length > 0) return here;
  const others = [...new Set(all.map(({ mutant }) => mutant.line))].sort(
    (a, b) => Math.abs(a - line) - Math.abs(b - line),
  );
  return `${place}: nothing there is changed (an operator, a bound, a condition would be); the nearest lines where something is: ${others.slice(0, 3).join(', ')}`;
}
