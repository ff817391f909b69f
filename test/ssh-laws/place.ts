// A shipped playbook and simulated hosts behind real SSH servers as a subject of the laws: files, loader, planner,
// steps, engine, the SSH edge and the wire are the real thing; only time jumps. Each run has connections of its own,
// which break when its runner dies.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadAll, type Loaded } from '../../src/cli/loading.ts';
import { observe } from '../../src/cli/observing.ts';
import { runningOf } from '../../src/cli/options.ts';
import { planFor } from '../../src/cli/planning.ts';
import type { Speech } from '../../src/cli/speech.ts';
import { type SshHosts, sshHosts } from '../../src/edge/ssh/hosts.ts';
import { evaluate } from '../../src/load/expression/evaluate.ts';
import { type HostName, runId } from '../../src/model/ids.ts';
import { entriesAfter, noEntries } from '../../src/model/ledger-fold.ts';
import type { Plan } from '../../src/model/plan.ts';
import type { Clock, Hosts } from '../../src/model/ports.ts';
import type { OnFailure } from '../../src/model/program.ts';
import type { RunState } from '../../src/model/state.ts';
import { planWaveOf } from '../../src/plan/waves/ways.ts';
import { catalogue } from '../../src/steps/catalogue.ts';
import { FILES, inventoryText } from '../../sim/lab/inventory.ts';
import { ADDRESS, Lab } from '../../sim/lab/lab.ts';
import { putMachines } from '../../sim/lab/machines.ts';
import { makeKeyPair, parseKey } from '../../sim/ssh/keys.ts';
import type { Fleet } from '../../sim/world/fleet.ts';
import { makeFleet } from '../../sim/world/make.ts';
import { worldProblems } from '../../sim/world/problems.ts';
import { readFleet } from '../../sim/world/read.ts';
import { type Subject, tried, type World } from '../laws/subject.ts';
import { mortalClock, mortalHost } from '../fleet/gone.ts';
import type { MemoryJournal, Setting } from '../run/harness.ts';
import { homesIn, pictureOf } from './picture.ts';
import { portsFor } from './ports.ts';
import { type SocketClock, socketClock } from './socket-clock.ts';

export interface Wish {
  readonly playbook: string;
  readonly extra?: readonly string[];
  readonly limit?: string;
  /** Put in the place of what the play says. */
  readonly onFailure?: OnFailure;
}

export interface Case extends Wish {
  readonly fleet: string;
  /** Runs that came before, in this order; each must have ended well. */
  readonly before?: readonly Wish[];
}

export interface SshWorld extends World {
  readonly fleet: Fleet;
  /** What may never be and was, at any moment since the beginning. */
  readonly seen: readonly string[];
  readonly past: { readonly run: string; readonly state: RunState }[];
  readonly clock: SocketClock;
  plan(wish: Wish): Promise<Plan>;
  setting(journal: MemoryJournal): Partial<Setting>;
}

export type SshSubject = Subject & { readonly makeWorld: () => Promise<SshWorld> };

const START = Date.parse('2026-03-06T20:00:00Z');
/** Long enough for every migration and reboot that a dead runner has left behind. */
const SETTLE_MS = 3 * 60 * 60_000;
const KEY = makeKeyPair('zoneferry-lab');
const noBecome = () => ({ method: 'none', user: '' }) as const;

export async function overSsh(given: Case): Promise<SshSubject> {
  const plans: Plan[] = [];
  const makeWorld = async (): Promise<SshWorld> => {
    const world = await openWorld(given.fleet);
    for (const [n, wish] of (given.before ?? []).entries())
      await carriedOut(world, (plans[n] ??= await world.plan(wish)));
    return world;
  };
  const world = await makeWorld();
  const plan = await world.plan(given);
  await world.close();
  return { plan, catalogue, makeWorld, setting: (one, journal) => sshWorld(one).setting(journal) };
}

export function sshWorld(world: World): SshWorld {
  return world as SshWorld;
}

async function carriedOut(world: SshWorld, plan: Plan): Promise<void> {
  const subject: Subject = {
    plan,
    catalogue,
    makeWorld: () => Promise.resolve(world),
    setting: (_, journal) => world.setting(journal),
  };
  const run = runOf(world.past.length + 1);
  const { ran } = await tried(subject, { world });
  if (ran?.verdict !== 'done') throw new Error(`the run before ended ${ran?.verdict}: ${ran?.why}`);
  world.past.push({ run, state: ran.state });
}

const runOf = (n: number) => runId(`0000000${n}`);

async function openWorld(spec: string): Promise<SshWorld> {
  const dir = mkdtempSync(join(tmpdir(), 'zf-laws-'));
  let newest: MemoryJournal | null = null;
  const clock = socketClock(START, () => lastWords(newest));
  const fleet = makeFleet(readFleet(spec), clock);
  putMachines(fleet);
  const ports = await portsFor(dir);
  const seen: string[] = [];
  const options = { remembered: new Map(), firstPort: ports.first, complain: (text: string) => void seen.push(text) };
  const lab = await Lab.start({ fleet, key: parseKey(KEY.publicText), ...options });
  writeFileSync(join(dir, FILES.key), KEY.privateText, { mode: 0o600 });
  writeFileSync(join(dir, FILES.knownHosts), lab.knownHosts());
  const inventory = join(dir, FILES.inventory);
  writeFileSync(
    inventory,
    inventoryText(
      [...lab.ports].map(([name, port]) => ({ name, address: ADDRESS, port })),
      null,
    ),
  );
  watch(fleet, seen);
  const homes = homesIn(fleet);
  const links: SshHosts[] = [];
  let hostsOf: (() => SshHosts) | null = null;
  const past: SshWorld['past'] = [];
  const connect = (loaded: Pick<Loaded, 'inventory'>): SshHosts => {
    const connections = new Map(loaded.inventory.hosts.map(host => [host.name, host.connection]));
    const made = sshHosts(name => connections.get(name) ?? fail(`${name} isn't in the inventory`), {
      clock: clock.port,
      outputFolder: null,
    });
    links.push(made);
    return made;
  };
  const own = await loaded(inventory, { playbook: 'playbooks/rolling-upgrade.yml' });
  hostsOf = () => connect(own);
  return {
    ...{ fleet, seen, past, clock },
    hosts: () => fail('a run has connections of its own'),
    snapshot: host => Promise.resolve(JSON.stringify(pictureOf(fleet, homes, host))),
    settle: () => clock.sleep(SETTLE_MS),
    problems: () => seen,
    plan: async wish => {
      const read = await loaded(inventory, wish);
      const hosts = connect(read);
      const said = listening();
      const planned = await planFor(said.speech, read, optionsFor(inventory, wish), hosts);
      await hosts.close();
      return planned.is === 'planned' ? planned.plan : fail(`no plan: ${said.text()}`);
    },
    setting: journal => {
      newest = journal;
      return settingOf(hostsOf(), clock.port, journal, past);
    },
    close: async () => {
      await Promise.all(links.map(one => one.close()));
      lab.close();
      ports.release();
      clock.drop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

const LAST_WORDS = 8;

function lastWords(journal: MemoryJournal | null): readonly string[] {
  const events = journal?.events.slice(-LAST_WORDS) ?? [];
  return events.map(event => `${event.seq} ${event.type} ${'action' in event ? event.action : ''}`);
}

function fail(why: string): never {
  throw new Error(why);
}

function watch(fleet: Fleet, seen: string[]): void {
  fleet.onChange((world, { what, host }) => {
    for (const problem of worldProblems(world)) {
      const told = `${problem} (after ${what} on ${host})`;
      if (!seen.includes(told)) seen.push(told);
    }
  });
}

function listening(): { readonly speech: Speech; readonly text: () => string } {
  let text = '';
  const hear = (piece: string): void => {
    text += piece;
  };
  return {
    speech: { out: hear, err: hear, env: {}, columns: 100, interactive: false, colour: false, begun: () => undefined },
    text: () => text,
  };
}

function optionsFor(inventory: string, { extra = [], limit }: Wish) {
  const raw = {
    inventory: [inventory],
    extraVars: extra,
    forks: '50',
    renderer: 'default',
    ...(limit ? { limit } : {}),
  };
  const read = runningOf(raw);
  return read.is === 'ok' ? read.value : fail(read.message);
}

async function loaded(inventory: string, wish: Wish): Promise<Loaded> {
  const said = listening();
  const read = await loadAll(said.speech, optionsFor(inventory, wish), [wish.playbook]);
  if (read.is === 'wrong') return fail(said.text());
  const { onFailure } = wish;
  if (onFailure === undefined) return read;
  const plays = read.program.plays.map(play => ({ ...play, onFailure }));
  return { ...read, program: { ...read.program, plays } };
}

/** When the journal dies, so do the connections: a process that is gone. Nobody hears what they would have brought. */
function settingOf(ssh: SshHosts, clock: Clock, journal: MemoryJournal, past: SshWorld['past']): Partial<Setting> {
  let gone = false;
  void journal.died.then(() => {
    gone = true;
    void ssh.close();
  });
  const isGone = (): boolean => gone;
  const hosts: Hosts = name => mortalHost(ssh.host(name), isGone);
  const run = runOf(past.length + 1);
  const entries = past.reduce((before, { state }) => entriesAfter(before, state), noEntries);
  return {
    ...{ evaluate, planWave: planWaveOf(catalogue, evaluate, entries), hosts, run },
    ledgerBefore: {
      ...entries,
      window: id => (id === run ? 'own' : past.some(one => one.run === id) ? 'ended' : 'unheard-of'),
    },
    observe: (names: readonly HostName[]) => observe(names, hosts, clock, noBecome),
    clock: mortalClock(clock, isGone),
  };
}
