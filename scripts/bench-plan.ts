// The planner on instances that nobody here made: the ten public ones of set A of the ROADEF/EURO challenge 2012. Each of
// the first five machines is closed in turn; its processes find others. It prints a table and judges nothing but the
// hard rules.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import type { Instance } from '../src/plan/place/packing/instance.ts';
import { pack } from '../src/plan/place/packing/pack.ts';
import { proofOf } from '../src/plan/place/packing/proof.ts';
import { breachesOf, emptied, type Fleet, readFleet, startCost } from './roadef.ts';

const CLOSED = 5;
const folder = join(dirname(fileURLToPath(import.meta.url)), 'roadef-a');
const names = readdirSync(folder).flatMap(name => /^model_(.+)\.txt\.gz$/.exec(name)?.[1] ?? []);
process.stdout.write(
  '| instance | machines | processes | cost at the start | closed | found | proved impossible | moved | highest use | bound | ms |\n',
);
process.stdout.write('|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|\n');
for (const name of names.sort()) {
  const read = (kind: string): string =>
    gunzipSync(readFileSync(join(folder, `${kind}_${name}.txt.gz`))).toString('utf8');
  process.stdout.write(`${rowOf(name, readFleet(read('model'), read('assignment')))}\n`);
}

interface Closing {
  readonly found: boolean;
  /** By counting. */
  readonly impossible: boolean;
  readonly moved: number;
  readonly use: number;
  readonly bound: number;
  readonly ms: number;
}

function rowOf(name: string, fleet: Fleet): string {
  const closings = Array.from({ length: Math.min(CLOSED, fleet.machines.length - 1) }, (_, machine) =>
    close(fleet, machine),
  );
  const found = closings.filter(one => one.found);
  const percent = (share: number): string => `${(share * 100).toFixed(2)} %`;
  const worst = found.reduce((most, one) => Math.max(most, one.use), 0);
  const bound = found.reduce((most, one) => Math.max(most, one.bound), 0);
  return [
    '',
    name,
    String(fleet.machines.length),
    String(fleet.processes.length),
    startCost(fleet).toLocaleString('en-US'),
    String(closings.length),
    String(found.length),
    String(closings.filter(one => one.impossible).length),
    String(found.reduce((sum, one) => sum + one.moved, 0)),
    found.length === 0 ? '-' : percent(worst),
    found.length === 0 ? '-' : percent(bound),
    String(Math.round(closings.reduce((sum, one) => sum + one.ms, 0) / closings.length)),
    '',
  ]
    .join(' | ')
    .trim();
}

function close(fleet: Fleet, machine: number): Closing {
  const { instance, machines, leaving } = emptied(fleet, machine);
  const began = performance.now();
  const packed = pack(instance, 'spread');
  const ms = performance.now() - began;
  if (packed.is === 'stuck')
    return { found: false, impossible: proofOf(instance) !== null, moved: 0, use: 0, bound: 0, ms };
  const after = [...fleet.assignment];
  leaving.forEach((process, item) => (after[process] = machines[packed.bins[item] ?? -1] ?? -1));
  const breaches = breachesOf(fleet, after);
  if (breaches.length > 0) throw new Error(breaches.join('\n'));
  return { found: true, impossible: false, moved: leaving.length, use: packed.value.use, bound: boundOf(instance), ms };
}

/** Each process alone, where it fills a machine least: no packing can do better for the one that is worst off. */
function boundOf({ bins, items }: Instance): number {
  return items.reduce((most, { needs, bins: may }) => {
    const uses = may.map(b => {
      const bin = bins[b];
      return Math.max(...needs.map((need, r) => ((bin?.held[r] ?? 0) + need) / (bin?.whole[r] ?? 1)));
    });
    return Math.max(most, Math.min(...uses));
  }, 0);
}
