// A lab of its own, a state folder of its own, and the command line called as a person would: what tests of the whole
// program stand on: real SSH on loopback, a process of its own where something is to be killed.
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ask } from '../../sim/lab/control.ts';
import { findFleet } from '../../sim/lab/fleet-file.ts';
import { socketPath } from '../../sim/lab/record.ts';
import { startLab } from '../../sim/lab/up.ts';
import { readWords } from '../../sim/lab/words.ts';
import { main } from '../../src/cli/main.ts';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

export interface Said {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export interface Started {
  kill(signal: NodeJS.Signals): void;
  /** Standard error has said so. */
  said(pattern: RegExp): Promise<void>;
  readonly ended: Promise<Said>;
}

export interface Stage {
  readonly dir: string;
  readonly inventory: string;
  /** zoneferry with these words; the inventory and the state folder are this stage's. */
  zf(words: readonly string[], env?: Readonly<Record<string, string>>): Promise<Said>;
  /** The same, without waiting: for killing it. `until` fires when standard error has said so. */
  start(words: readonly string[], until: RegExp): Promise<Started>;
  /** The n-th call of its program from now on; `zone` for faults of one zone. */
  fault(host: string, fault: string, more?: { readonly nth?: string; readonly zone?: string }): Promise<void>;
  world(): Promise<World>;
  /** Ends what runs on a host under this command line, as somebody there would. */
  end(host: string, command: string): void;
  /** Every connection to a host is cut; what works there works on. */
  cut(host: string): void;
  /** How often each was begun on a host, whatever came of it. */
  begun(host: string): { readonly updates: number; readonly evacuations: number };
  write(name: string, text: string): string;
  close(): Promise<void>;
}

export interface World {
  readonly hosts: readonly {
    readonly name: string;
    readonly up: boolean;
    readonly maintenance: { readonly message: string } | null;
    readonly boot_environment: string;
    readonly entire: string;
    readonly boots: number;
    readonly zones: readonly { readonly name: string; readonly brand: string; readonly state: string }[];
  }[];
}

export async function openStage(...given: readonly string[]): Promise<Stage> {
  const dir = mkdtempSync(join(tmpdir(), 'zf-stage-'));
  const folder = join(dir, 'lab');
  const words = readWords(['up', ...given, '--dir', folder]);
  if (words.is !== 'up') throw new Error(`not the words of a lab: ${given.join(' ')}`);
  const found = findFleet(words.fleet);
  if (found.is !== 'fleet') throw new Error(`no such fleet: ${given.join(' ')}`);
  const lab = await startLab(words, found.spec, () => undefined);
  const inventory = join(folder, 'inventory.yml');
  const env = { ...process.env, ZONEFERRY_STATE: join(dir, 'state'), CI: '1' };
  const control = async (request: object): Promise<unknown> => {
    const answer = await ask(socketPath(folder), request);
    if (answer?.ok !== true) throw new Error(answer?.error ?? 'the lab is gone');
    return answer.data;
  };
  return {
    dir,
    inventory,
    zf: (args, more = {}) => here(withInventory(args, inventory), { ...env, ...more }),
    start: async (args, until) => {
      const child = spoken('bin/zoneferry.js', withInventory(args, inventory), env);
      await child.said(until);
      return child;
    },
    fault: async (host, fault, more = {}) =>
      void (await control({ do: 'fault', host, fault, nth: '1', zone: null, ...more })),
    world: async () => (await control({ do: 'world' })) as World,
    end: (host, command) => {
      const { machine } = lab.fleet.host(host);
      const pids = (machine?.processes() ?? []).filter(one => one.command === command).map(one => one.pid);
      if (pids.length === 0) throw new Error(`on ${host} nothing runs as ${command}`);
      for (const pid of pids) machine?.kill(pid, 'TERM');
    },
    cut: host => lab.fleet.cut(host),
    begun: host => {
      const { pkgHistory, rounds } = lab.fleet.host(host);
      return { updates: pkgHistory.length, evacuations: rounds };
    },
    write: (name, text) => {
      writeFileSync(join(dir, name), text);
      return join(dir, name);
    },
    close: async () => {
      lab.stop();
      await lab.stopped;
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** In this process: the same `main` that the program starts with. */
export async function here(args: readonly string[], env: NodeJS.ProcessEnv): Promise<Said> {
  const said = { out: '', err: '' };
  const code = await main(args, {
    out: text => {
      said.out += text;
    },
    err: text => {
      said.err += text;
    },
    env,
    columns: 100,
    interactive: false,
    colour: false,
    begun: () => undefined,
  });
  return { code, ...said };
}

const ASKS_HOSTS = ['check', 'plan', 'run', 'facts', 'status', 'inventory'];
function withInventory(args: readonly string[], inventory: string): readonly string[] {
  return ASKS_HOSTS.includes(args[0] ?? '') && !args.includes('-i') ? [...args, '-i', inventory] : args;
}

function spoken(program: string, args: readonly string[], env: NodeJS.ProcessEnv) {
  const child = spawn(process.execPath, ['--import', 'tsx', join(root, program), ...args], {
    cwd: root,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { out: '', err: '' };
  const waiting = new Set<() => void>();
  const hear = (stream: 'out' | 'err') => (piece: Buffer) => {
    said[stream] += piece.toString();
    for (const look of waiting) look();
  };
  child.stdout.on('data', hear('out'));
  child.stderr.on('data', hear('err'));
  const ended = new Promise<Said>(done => child.on('close', code => done({ code, ...said })));
  return {
    ended,
    kill: (signal: NodeJS.Signals) => void child.kill(signal),
    said: (pattern: RegExp) =>
      new Promise<void>((done, fail) => {
        const look = (): void => {
          if (!pattern.test(said.err)) return;
          waiting.delete(look);
          done();
        };
        waiting.add(look);
        look();
        void ended.then(all => fail(new Error(`it ended (${all.code}) before it said ${pattern}: ${all.err}`)));
      }),
  };
}

/** Every line of every journal of the stage. */
export function journalsOf(stage: Stage): string {
  const runs = join(stage.dir, 'state', 'runs');
  return readdirSync(runs)
    .map(id => readFileSync(join(runs, id, 'journal.jsonl'), 'utf8'))
    .join('');
}
