// How long a plan takes, by how large the fleet is: hosts and zones made by a fixed seed, one process for each figure so
// that its memory is its own. `npm run bench:scale [HOSTS/ZONES ...]`; without words the whole curve.
import { execFileSync } from 'node:child_process';
import { loadavg } from 'node:os';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { evaluate } from '../src/load/expression/evaluate.ts';
import { hostName } from '../src/model/ids.ts';
import { makePlan } from '../src/plan/make-plan.ts';
import { catalogue } from '../test/plan/steps.ts';
import { host, zone } from '../test/plan/world.ts';
import { play, planOf, task } from '../test/run/program.ts';

const SIZES = ['10/100', '30/300', '100/1000', '300/6000', '1000/20000'];
const WAYS = ['auto home', 'auto stay', 'serial home'];
const GIB = [2, 4, 4, 8, 8, 16, 24];

/** About six tenths of the memory is promised; every tenth host is empty, and no zone has rules. */
function fleet(hosts: number, zones: number) {
  let seed = 7;
  const next = (below: number): number => {
    seed = (seed * 1103515245 + 12345) % 2147483648;
    return Math.floor((seed / 2147483648) * below);
  };
  const full = Math.ceil(hosts * 0.9);
  const of = Array.from({ length: hosts }, (): number[] => []);
  for (let n = 0; n < zones; n += 1) of[n % full]?.push(GIB[next(GIB.length)] ?? 4);
  const gib = Math.ceil(((zones / full) * 11) / 0.6);
  const name = (n: number): string => `h${String(n + 1).padStart(4, '0')}`;
  return of.map((sizes, n) =>
    host(
      name(n),
      sizes.map((size, i) => zone({ name: `${name(n)}z${i}`, gib: size })),
      { gib, freeGib: gib - sizes.reduce((sum, size) => sum + size * 1.05 + 0.25, 0), cpus: 256 },
    ),
  );
}

function measure(size: string, way: string): void {
  const [hosts = 10, zones = 100] = size.split('/').map(Number);
  const facts = fleet(hosts, zones);
  const names = facts.map(one => one.host);
  const tasks = [task('maintenance.begin'), task('zones.evacuate'), task('maintenance.end'), task('zones.return')];
  const [waves, returns] = way.split(' ');
  const options = waves === 'auto' ? ({ waves: 'auto' } as const) : { serial: 1 };
  const made = planOf([play(names, tasks, { ...options, returns: returns === 'stay' ? 'stay' : 'home' })]);
  const before = process.cpuUsage();
  const plan = makePlan({
    ...{ program: made.program, catalogue, evaluate, options: made.options, now: 0, playbooks: [], extra: {} },
    inventory: {
      ...{ sources: [], digest: 'sha', hosts: Object.values(made.hosts), groups: made.groups, zoneRules: [] },
    },
    facts: Object.fromEntries(facts.map(one => [hostName(one.host), one])),
  });
  const { user, system } = process.cpuUsage(before);
  const seconds = (user + system) / 1e6;
  const told = plan.is === 'plan' ? `${plan.plan.waves.length} waves` : plan.is;
  const moved = plan.is === 'plan' ? plan.plan.waves.reduce((sum, one) => sum + one.plan.migrations.length, 0) : 0;
  const megabytes = Math.round(process.resourceUsage().maxRSS / 1024);
  const columns = [size, way, told, `${moved} moves`, `${seconds.toFixed(1)} s`, `${megabytes} MiB`];
  process.stdout.write(`| ${columns.join(' | ')} | ${(loadavg()[0] ?? 0).toFixed(0)} |\n`);
}

const USAGE = `npm run bench:scale -- [HOSTS/ZONES ...]
  how long a plan of so many hosts and zones takes, in each of: ${WAYS.join(', ')}
  without words: ${SIZES.join(' ')}
`;

const [first, second] = process.argv.slice(2);
const strange = process.argv.slice(2).filter(word => !/^\d+\/\d+$/u.test(word));
if (first === '--help' || first === '-h') process.stdout.write(USAGE);
else if (first !== 'one' && strange.length > 0) {
  process.stderr.write(`not HOSTS/ZONES: ${strange.join(' ')}\n\n${USAGE}`);
  process.exitCode = 2;
} else if (first === 'one') measure(second ?? '', process.argv.slice(4).join(' '));
else {
  const own = fileURLToPath(import.meta.url);
  process.stdout.write(
    '| hosts/zones | waves | result | migrations | processor time | memory | load |\n|---|---|---|---|---|---|---|\n',
  );
  const sizes = process.argv.length > 2 ? process.argv.slice(2) : SIZES;
  for (const size of sizes)
    for (const way of WAYS)
      process.stdout.write(execFileSync(process.execPath, ['--import', 'tsx', own, 'one', size, ...way.split(' ')]));
}
