// A playbook carried out by Ansible, and by us over real SSH, on hosts that are all this machine: what each host was told
// to do, in order, and how it ended.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { systemClock } from '../../src/edge/clock.ts';
import { sshHosts } from '../../src/edge/ssh/hosts.ts';
import { diskFiles } from '../../src/edge/files.ts';
import { evaluate } from '../../src/load/expression/evaluate.ts';
import { loadExtra } from '../../src/load/expression/extra.ts';
import { loadInventory } from '../../src/load/inventory/inventory.ts';
import { loadProgram } from '../../src/load/playbook/playbook.ts';
import { entryOf, hostName, type Lane, taskId } from '../../src/model/ids.ts';
import type { Plan } from '../../src/model/plan.ts';
import type { BlockEntry, Entry } from '../../src/model/program.ts';
import { makePlan } from '../../src/plan/make-plan.ts';
import { planWaveOf } from '../../src/plan/waves/ways.ts';
import { runPlan } from '../../src/run/run.ts';
import { catalogue } from '../../src/steps/catalogue.ts';
import { drawnAll } from '../../src/text/draw.ts';
import { newKey, type Rig, startRig } from '../edge/ssh-rig.ts';
import { portsOf } from '../run/harness.ts';
import { HOST_VARS, type PlaybookCase } from './playbook-cases.ts';

/** Host -> `task: how`, in order; items of a loop in brackets. */
export type Story = Readonly<Record<string, readonly string[]>>;

interface Ending {
  readonly host: string;
  readonly task: string;
  readonly how: string;
  /** Of a loop. */
  readonly item: boolean;
}

/** One line a task: what its items came to is one thing, and a loop of which nothing was for the host was skipped. */
function storyOf(endings: readonly Ending[]): Story {
  const hosts: Record<string, string[]> = {};
  for (const { host } of HOST_VARS) {
    const own = endings.filter(one => one.host === host);
    const lines: string[] = [];
    for (let at = 0; at < own.length; at += 1) {
      const one = own[at];
      if (one === undefined) continue;
      if (!one.item) {
        lines.push(`${one.task}: ${one.how}`);
        continue;
      }
      const items = [one.how];
      while (own[at + 1]?.item === true && own[at + 1]?.task === one.task) items.push(own[(at += 1)]?.how ?? '');
      // Ansible says once more of the whole loop that it was skipped.
      if (own[at + 1]?.task === one.task && own[at + 1]?.how === 'skipped') at += 1;
      lines.push(`${one.task}: ${items.every(how => how === 'skipped') ? 'skipped' : `[${items.join(', ')}]`}`);
    }
    hosts[host] = lines;
  }
  return hosts;
}

async function inFolder<T>(one: PlaybookCase, act: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'zf-books-'));
  try {
    for (const [path, text] of Object.entries(one.files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    for (const { host } of HOST_VARS) mkdirSync(join(folder, `host-${host}`));
    return await act(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const inventory = (folder: string, more: string): string =>
  HOST_VARS.map(({ host, vars }) => `${host} ${vars} dir=${folder}/host-${host} ${more}\n`).join('');

const callbacks = join(dirname(fileURLToPath(import.meta.url)), 'callback');

/** The Python that Ansible was installed for. */
function python(): string {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    try {
      const first = readFileSync(realpathSync(join(folder, 'ansible-playbook')), 'utf8').split('\n')[0] ?? '';
      if (first.startsWith('#!')) return first.slice(2).trim().split(' ')[0] ?? 'python3';
    } catch {
      // Not in this folder.
    }
  }
  throw new Error('ansible-playbook is nowhere on the path; run npm run test:ansible');
}

export async function askedOfAnsible(one: PlaybookCase): Promise<Story> {
  return inFolder(one, async folder => {
    const more = `ansible_connection=local ansible_python_interpreter=${python()}`;
    writeFileSync(join(folder, 'hosts'), inventory(folder, more));
    const env = {
      ...{ PATH: process.env['PATH'], HOME: folder, LC_ALL: 'C.UTF-8', ANSIBLE_GATHERING: 'explicit' },
      ...{ ANSIBLE_CALLBACK_PLUGINS: callbacks, ANSIBLE_STDOUT_CALLBACK: 'told', ANSIBLE_RETRY_FILES_ENABLED: '0' },
    };
    const words = ['-i', 'hosts', 'site.yml', ...one.options];
    const child = spawn('ansible-playbook', words, { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let [out, err] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
    const code = await new Promise(done => child.on('close', done));
    const lines = out.split('\n').filter(line => line.startsWith('{'));
    if (lines.length === 0 && code !== 0) throw new Error(`ansible-playbook ended with ${code}: ${out}${err}`);
    return storyOf(
      lines.map(line => {
        const { host, task, how, item } = JSON.parse(line) as {
          host: string;
          task: string;
          how: string;
          item: unknown;
        };
        return { host, task: task.replace(/^\w+ : /, ''), how, item: item === true };
      }),
    );
  });
}

// ---- ours

export interface Shells {
  readonly rig: Rig;
  readonly folder: string;
  close(): Promise<void>;
}

/** An SSH server that gives each command to a real shell of this machine. */
export async function openShells(): Promise<Shells> {
  const folder = mkdtempSync(join(tmpdir(), 'zf-shells-'));
  const userKey = newKey();
  const rig = await startRig({
    ...{ folder, userKey },
    answer(command, channel) {
      const child = spawn('/bin/sh', ['-c', command], { cwd: folder });
      child.stdout.on('data', (chunk: Buffer) => channel.write(chunk));
      child.stderr.on('data', (chunk: Buffer) => channel.stderr.write(chunk));
      channel.on('data', (chunk: Buffer) => child.stdin.write(chunk));
      channel.on('end', () => child.stdin.end());
      child.on('error', () => undefined);
      child.stdin.on('error', () => undefined);
      child.on('close', code => {
        channel.exit(code ?? 255);
        channel.end();
      });
    },
  });
  return {
    ...{ rig, folder },
    async close() {
      await rig.close();
      rmSync(folder, { recursive: true });
    },
  };
}

export async function doneByUs(one: PlaybookCase, { rig }: Shells): Promise<Story> {
  return inFolder(one, async folder => {
    writeFileSync(join(folder, 'hosts'), inventory(folder, 'user=root'));
    const plan = await planned(one, folder);
    if (plan === null) return storyOf([]);
    const hosts = sshHosts(() => rig.connection, { clock: systemClock(), outputFolder: null });
    try {
      const ports = portsOf({
        ...{ plan, catalogue, evaluate, hosts: hosts.host, planWave: planWaveOf(catalogue, evaluate) },
        clock: systemClock(),
        localFile: path => readFile(join(folder, path)).catch(() => null),
      });
      await runPlan(ports);
      return storyOf(endingsOf(plan, ports.journal.events));
    } finally {
      await hosts.close();
    }
  });
}

const after = (words: readonly string[], option: string): readonly string[] =>
  words.filter((_, index) => words[index - 1] === option);

/** null: it was told what is wrong, and nothing was touched. */
async function planned({ options, differs }: PlaybookCase, folder: string): Promise<Plan | null> {
  const files = diskFiles();
  const hosts = await loadInventory(files, [join(folder, 'hosts')], { playbookFolders: [folder] });
  const given = await loadExtra(files, after(options, '-e'));
  const selection = {
    tags: after(options, '-t'),
    skipTags: after(options, '--skip-tags'),
    limit: after(options, '-l')[0] ?? null,
  };
  const playbooks = [join(folder, 'site.yml')];
  const book = await loadProgram({
    ...{ files, catalogue, inventory: hosts.inventory, playbooks, extra: given.extra },
    ...selection,
  });
  if (book.program === null && differs === 'told-before') return null;
  if (book.program === null || hosts.inventory === null)
    throw new Error(drawnAll([...hosts.diagnostics, ...book.diagnostics], file => book.texts[file] ?? null));
  const made = makePlan({
    ...{ program: book.program, inventory: hosts.inventory, facts: {}, catalogue, evaluate, now: 0 },
    ...{ playbooks: playbooks.map(path => ({ path, digest: '' })), extra: given.extra },
    options: { ...selection, check: options.includes('--check'), diff: false, forks: 50 },
  });
  if (made.is !== 'plan') throw new Error(JSON.stringify(made));
  return made.plan;
}

type Events = ReturnType<typeof portsOf>['journal']['events'];

function endingsOf(plan: Plan, events: Events): readonly Ending[] {
  const entries = new Map(
    plan.program.plays
      .flatMap(play => [...play.sections.flatMap(section => section.entries), ...play.handlers])
      .flatMap(all)
      .map(entry => [entry.id, entry] as const),
  );
  const entryAt = (id: string): Entry | undefined => entries.get(entryOf(taskId(id)));
  const hostOf = (lane: Lane): string => (lane.is === 'host' ? lane.host : (plan.program.plays[0]?.hosts[0] ?? ''));
  const looped = (entry: Entry | undefined): boolean => entry?.is === 'task' && entry.loop !== null;
  return events.flatMap((event): readonly Ending[] => {
    if (event.type === 'task-skipped') {
      const entry = entryAt(event.task);
      return skippedIn(entry).map(task => ({ host: hostOf(event.lane), task, how: 'skipped', item: false }));
    }
    if (event.type !== 'action-ended' && event.type !== 'undo-ended') return [];
    const id = event.action.slice(0, event.action.lastIndexOf('@'));
    const entry = entryAt(id.replace(/\[\d+\]$/, ''));
    if (entry?.is !== 'task') return [];
    const lane = event.action.slice(event.action.lastIndexOf('@') + 1);
    const host = hostOf(
      plan.hosts[hostName(lane)] === undefined ? { is: 'play', play: 1 } : { is: 'host', host: hostName(lane) },
    );
    if (event.type === 'undo-ended')
      return [{ host, task: `undo ${entry.name}`, how: WORDS[event.outcome] ?? event.outcome, item: false }];
    const how = event.result['skipped'] === true ? 'skipped' : (WORDS[event.outcome] ?? event.outcome);
    return [{ host, task: entry.name, how, item: looped(entry) && /\]@/.test(event.action) }];
  });
}

const WORDS: Readonly<Record<string, string>> = { unchanged: 'ok', 'would-change': 'changed' };

const all = (entry: Entry): readonly Entry[] =>
  entry.is === 'block' ? [entry, ...[...entry.body, ...entry.rescue, ...entry.always].flatMap(all)] : [entry];

/** Ansible says of each task of a block that it was skipped, of an include only that it was. */
function skippedIn(entry: Entry | undefined): readonly string[] {
  // The guard at the end of an include that chooses is ours alone.
  if (entry?.is === 'task') return entry.name.endsWith(': which file') ? [] : [entry.name];
  if (entry?.is !== 'block') return [];
  return isChoice(entry) ? [] : [...entry.body, ...entry.always].flatMap(skippedIn);
}

/** A candidate of an include that another host takes. */
const isChoice = (block: BlockEntry): boolean => JSON.stringify(block.when).includes('include_file ==');
