// How long loading takes, and a run of which no host is asked anything, side by side with Ansible's own commands where
// those are installed: whole processes, the one with the least work of some. It prints a table and judges nothing; no
// test looks at a clock.
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const RUNS = Number(process.env['BENCH_RUNS'] ?? 3);
const RACKS = 20;
const TASKS = 50;
const cwd = mkdtempSync(join(tmpdir(), 'zf-bench-'));

const numbers = (count: number, from = 0, step = 1): readonly number[] =>
  Array.from({ length: Math.max(0, Math.ceil((count - from) / step)) }, (_, index) => from + index * step);

const two = (rack: number): string => String(rack).padStart(2, '0');
const host = (number: number): string => `host${String(number).padStart(5, '0')}`;
const address = (number: number): string => `10.${number >> 16}.${(number >> 8) % 256}.${number % 256}`;

function ini(count: number): string {
  const line = (rack: number, at: number): string =>
    `${host(at)} ansible_host=${address(at)} rack=r${rack} slot=${at}\n`;
  const racks = numbers(RACKS).map(
    rack =>
      `[rack${two(rack)}]\n${numbers(count, rack, RACKS)
        .map(at => line(rack, at))
        .join('')}`,
  );
  const names = numbers(RACKS).map(rack => `rack${two(rack)}\n`);
  const vars = 'ansible_user=root\nboot_limit=45m\nfqdn={{host.name}}.example.org\nwindow=night\n';
  return `${racks.join('')}[fleet:children]\n${names.join('')}[fleet:vars]\n${vars}`;
}

function yaml(count: number): string {
  const one = (rack: number, at: number): string =>
    `            ${host(at)}:\n              ansible_host: ${address(at)}\n              rack: r${rack}\n              slot: ${at}\n`;
  const racks = numbers(RACKS).map(
    rack =>
      `        rack${two(rack)}:\n          hosts:\n${numbers(count, rack, RACKS)
        .map(at => one(rack, at))
        .join('')}`,
  );
  const vars = 'ansible_user: root\n    boot_limit: 45m\n    fqdn: "{{host.name}}.example.org"\n    window: night';
  return `all:\n  vars:\n    ${vars}\n  children:\n    fleet:\n      children:\n${racks.join('')}`;
}

/** The same tasks in both languages: a shell command with variables, a condition, a result. */
function playbook(condition: (task: number) => string): string {
  const task = (number: number): string =>
    [
      `    - name: Task ${number}\n`,
      `      command: "echo {{message}} {{boot_limit}} ${number} {{slot}}"\n`,
      `      when: ${condition(number)}\n      register: r${number}\n`,
    ].join('');
  const head = '- hosts: fleet\n  gather_facts: false\n  vars: { message: "updating {{fqdn}}" }\n  tasks:\n';
  return head + numbers(TASKS).map(task).join('');
}

/** What is said to each host by itself, and needs no host. */
const LOCAL = '- hosts: fleet\n  gather_facts: false\n  tasks:\n    - { name: Say hello, debug: { msg: hello } }\n';

type Argv = readonly string[];

interface Spent {
  readonly clock: number;
  /** User and system: says something on a machine that others use, too. */
  readonly processor: number;
}

const TIMED = 'TIMEFORMAT="%R %U %S"; time "$@" >/dev/null 2>/dev/null';

/** Of the run with the least work for the processor, or null when the program isn't there. */
function spent(argv: Argv, times: number): Spent | null {
  const runs: Spent[] = [];
  for (let run = 0; run < times; run++) {
    const ended = spawnSync('bash', ['-c', TIMED, 'bash', ...argv], {
      cwd,
      // What earlier runs left would be read by the next.
      env: { ...process.env, ZONEFERRY_STATE: mkdtempSync(join(cwd, 'state-')) },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    if (ended.status === 127) return null;
    const [clock, user, system] = ended.stderr.toString().trim().split('\n').at(-1)?.split(' ').map(Number) ?? [];
    if (ended.status !== 0) throw new Error(`${argv.join(' ')} ended with ${String(ended.status)}`);
    runs.push({ clock: clock ?? 0, processor: (user ?? 0) + (system ?? 0) });
  }
  return runs.toSorted((a, b) => a.processor - b.processor)[0] ?? null;
}

function row(what: string, ours: Argv, theirs: Argv | null, theirTimes = RUNS): void {
  const own = spent(ours, RUNS) ?? { clock: 0, processor: 0 };
  const other = theirs === null ? null : spent(theirs, theirTimes);
  const text = ({ clock, processor }: Spent): string => `${clock.toFixed(2)} / ${processor.toFixed(2)}`;
  const ratio = other === null ? ['', ''] : [text(other), `${(other.processor / own.processor).toFixed(1)} x`];
  process.stdout.write(`| ${[what, text(own), ...ratio].join(' | ')} |\n`);
}

execFileSync(process.execPath, ['scripts/build.mjs'], { cwd: root });
try {
  // As it is installed: in a checkout the program starts from its sources.
  for (const part of ['bin', 'dist', 'package.json'])
    cpSync(join(root, part), join(cwd, 'installed', part), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(cwd, 'installed/node_modules'));
  const texts = {
    'local.yml': LOCAL,
    'site.yml': playbook(number => `rack != "r${number}"`),
    one: ini(1),
    'ini-1000': ini(1000),
    'ini-10000': ini(10_000),
    'yaml-1000.yml': yaml(1000),
    'yaml-10000.yml': yaml(10_000),
  };
  for (const [name, text] of Object.entries(texts)) writeFileSync(join(cwd, name), text);
  const zf = (...words: Argv): Argv => [process.execPath, 'installed/bin/zoneferry.js', ...words];
  const check = (inventory: string): readonly [Argv, Argv] => [
    zf('check', '-i', inventory, 'site.yml'),
    ['ansible-playbook', '-i', inventory, '--syntax-check', 'site.yml'],
  ];
  const list = (inventory: string): readonly [Argv, Argv] => [
    zf('inventory', '--list', '--format', 'ansible', '-i', inventory),
    ['ansible-inventory', '-i', inventory, '--list'],
  ];
  const run = (inventory: string): readonly [Argv, Argv] => [
    zf('run', '--yes', '-i', inventory, 'local.yml'),
    ['ansible-playbook', '-c', 'local', '-f', '50', '-i', inventory, 'local.yml'],
  ];
  process.stdout.write('| what | s by the clock / of processor | Ansible | ratio (processor) |\n|---|---|---|---|\n');
  row('node, doing nothing', [process.execPath, '-e', '0'], null);
  row('--help', zf('--help'), ['ansible-playbook', '--help']);
  row('--version', zf('--version'), ['ansible-playbook', '--version']);
  row(`check: ${TASKS} tasks, 1 host`, ...check('one'));
  for (const kind of ['ini-1000', 'yaml-1000.yml', 'ini-10000', 'yaml-10000.yml']) {
    row(`check: ${TASKS} tasks, ${kind}`, ...check(kind));
  }
  for (const kind of ['ini-10000', 'yaml-10000.yml']) row(`inventory --list: ${kind}`, ...list(kind));
  // Once: it takes half a minute.
  row('run: 1 task on none of 1,000 hosts', ...run('ini-1000'), 1);
} finally {
  rmSync(cwd, { recursive: true });
}
