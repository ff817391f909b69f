// A place of work in memory: a simulated fleet, its inventory, the shipped playbooks as they lie on the disk, and the
// journals of the runs so far. Everything between the files and the hosts is the real thing.
import { posix } from 'node:path';
import { observe } from '../../src/cli/observing.ts';
import { diskFiles } from '../../src/edge/files.ts';
import { evaluate } from '../../src/load/expression/evaluate.ts';
import { loadExtra } from '../../src/load/expression/extra.ts';
import { loadInventory } from '../../src/load/inventory/inventory.ts';
import { loadProgram } from '../../src/load/playbook/playbook.ts';
import { type RunId, runId } from '../../src/model/ids.ts';
import { entriesAfter, noEntries } from '../../src/model/ledger-fold.ts';
import type { Away, Ledger } from '../../src/model/ledger.ts';
import type { Plan } from '../../src/model/plan.ts';
import type { Files, Hosts } from '../../src/model/ports.ts';
import type { OnFailure } from '../../src/model/program.ts';
import type { RunState } from '../../src/model/state.ts';
import { type Made, makePlan } from '../../src/plan/make-plan.ts';
import { planWaveOf } from '../../src/plan/waves/ways.ts';
import { catalogue } from '../../src/steps/catalogue.ts';
import { worldProblems } from '../../sim/world/problems.ts';
import { readFleet } from '../../sim/world/read.ts';
import type { FleetSpec } from '../../sim/world/spec.ts';
import type { MemoryJournal, Setting } from '../run/harness.ts';
import { mortalClock, mortalHost } from './gone.ts';
import { type Cut, type Simulated, simulated } from './simulated.ts';

/** What a person would type after `zoneferry run`. */
export interface Wish {
  readonly playbook: string;
  readonly extra?: readonly string[];
  readonly limit?: string;
  /** Put in the place of what the play says. */
  readonly onFailure?: OnFailure;
  /** Files that lie beside the playbooks for this test only. */
  readonly files?: Readonly<Record<string, string>>;
}

export interface RunBefore {
  readonly id: RunId;
  readonly state: RunState;
}

const INVENTORY = 'inventory/test.yml';

export class Site {
  readonly simulated: Simulated;
  readonly names: readonly string[];
  /** What may never be and was, at any moment since the beginning. */
  readonly problems: string[] = [];
  readonly before: RunBefore[] = [];

  constructor(spec: FleetSpec | string, cut?: Cut) {
    const fleet = typeof spec === 'string' ? readFleet(spec) : spec;
    this.simulated = simulated(fleet, cut);
    this.names = fleet.hosts.map(host => host.name);
    this.simulated.fleet.onChange((world, { what, host }) => {
      for (const problem of worldProblems(world)) {
        const told = `${problem} (after ${what} on ${host})`;
        if (!this.problems.includes(told)) this.problems.push(told);
      }
    });
  }

  get fleet() {
    return this.simulated.fleet;
  }

  /** The id of the next run: eight hex digits, as the state folder gives them. */
  nextRun(): RunId {
    return runId(`0000000${this.before.length + 1}`);
  }

  async made(wish: Wish): Promise<Made> {
    const { program, inventory, extra, playbooks } = await loaded(wish, this.names);
    const { facts, silent } = await observe(
      inventory.hosts.map(host => host.name),
      this.simulated.hosts,
      this.simulated.clock,
      () => ({ method: 'none', user: '' }),
    );
    if (Object.keys(silent).length > 0) throw new Error(`no facts: ${JSON.stringify(silent)}`);
    const { onFailure, limit = null } = wish;
    const plays = program.plays.map(play => (onFailure === undefined ? play : { ...play, onFailure }));
    return makePlan({
      ...{ program: { ...program, plays }, inventory, facts, catalogue, evaluate, playbooks, extra },
      away: this.#away(),
      now: this.simulated.clock.now(),
      options: { check: false, diff: false, forks: 50, tags: [], skipTags: [], limit },
    });
  }

  /** @throws with the planner's words when there is no plan. */
  async plan(wish: Wish): Promise<Plan> {
    const made = await this.made(wish);
    if (made.is === 'plan') return made.plan;
    const words = made.is === 'flawed' ? made.diagnostics.map(one => one.message).join('; ') : made.message;
    throw new Error(`no plan: ${words}`);
  }

  /** What a run here is handed. When its journal dies, so does its hold on hosts and time: a process that is gone. */
  setting(journal: MemoryJournal, run: RunId = this.nextRun()): Partial<Setting> {
    let gone = false;
    void journal.died.then(() => {
      gone = true;
    });
    const hosts: Hosts = name => mortalHost(this.simulated.hosts(name), () => gone);
    const { clock } = this.simulated;
    return {
      ...{
        evaluate,
        planWave: planWaveOf(catalogue, evaluate, this.#entries()),
        hosts,
        run,
        ledgerBefore: this.#ledger(run),
      },
      observe: names => observe(names, hosts, clock, () => ({ method: 'none', user: '' })),
      clock: mortalClock(clock, () => gone),
    };
  }

  #entries() {
    return this.before.reduce((before, run) => entriesAfter(before, run.state), noEntries);
  }

  /** Not at home, or perhaps not, by the journals. */
  #away(): readonly Away[] {
    const { away, perhaps } = this.#entries();
    return [...away, ...perhaps];
  }

  #ledger(own: RunId): Ledger {
    const entries = this.#entries();
    const window = (id: RunId) =>
      id === own ? 'own' : this.before.some(run => run.id === id) ? 'ended' : 'unheard-of';
    return { ...entries, window };
  }
}

async function loaded(wish: Wish, names: readonly string[]) {
  const files = withFiles({ ...wish.files, [INVENTORY]: inventoryText(names) });
  const given = await loadExtra(files, wish.extra ?? []);
  const hosts = await loadInventory(files, [INVENTORY], { playbookFolders: [posix.dirname(wish.playbook)] });
  const book = await loadProgram({
    ...{ files, catalogue, inventory: hosts.inventory, playbooks: [wish.playbook], extra: given.extra },
    ...{ limit: wish.limit ?? null, tags: [], skipTags: [] },
  });
  const wrong = [...given.diagnostics, ...hosts.diagnostics, ...book.diagnostics].filter(
    one => one.severity === 'error',
  );
  const { inventory } = hosts;
  const { program } = book;
  if (inventory === null || program === null || wrong.length > 0)
    throw new Error(`${wish.playbook}: ${wrong.map(one => one.message).join('; ')}`);
  const playbooks = [{ path: wish.playbook, digest: program.files[wish.playbook] ?? '' }];
  return { inventory, program, extra: given.extra, playbooks };
}

function inventoryText(names: readonly string[]): string {
  const hosts = names.map(name => `        ${name}: {}\n`).join('');
  return `all:\n  vars: { user: root }\n  children:\n    zonehosts:\n      hosts:\n${hosts}`;
}

function withFiles(texts: Readonly<Record<string, string>>): Files {
  const disk = diskFiles();
  const namesBelow = (dir: string): readonly string[] => {
    const start = `${posix.normalize(dir)}/`;
    const below = Object.keys(texts).filter(path => path.startsWith(start));
    return below.map(path => path.slice(start.length).split('/')[0] ?? '');
  };
  return {
    read: path => {
      const text = texts[posix.normalize(path)];
      return text === undefined ? disk.read(path) : Promise.resolve({ is: 'text', text });
    },
    list: async dir => [...new Set([...(await disk.list(dir)), ...namesBelow(dir)])].sort(),
    isFolder: async path => namesBelow(path).length > 0 || disk.isFolder(path),
    real: path => Promise.resolve(path),
  };
}
