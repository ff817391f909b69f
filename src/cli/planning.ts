// From a loaded program to a plan: ask the hosts that matter for their facts (or take them from a file), then plan.
import { setImmediate } from 'node:timers/promises';
import { systemClock } from '../edge/clock.ts';
import { stopGrowing, VERY_MANY_HOSTS } from '../edge/heap.ts';
import { sshHosts, type SshHosts } from '../edge/ssh/hosts.ts';
import { evaluate } from '../load/expression/evaluate.ts';
import type { HostName } from '../model/ids.ts';
import type { Inventory } from '../model/inventory.ts';
import type { Plan } from '../model/plan.ts';
import type { Play, Program } from '../model/program.ts';
import { tasksIn } from '../model/scope.ts';
import { makePlan, type Made } from '../plan/make-plan.ts';
import { shortfallText } from '../report/plan-short.ts';
import { catalogue } from '../steps/catalogue.ts';
import { EXIT, type Exit } from './exit.ts';
import { type FactsFor, factsFromFile } from './facts-given.ts';
import { loadAll, type Loaded } from './loading.ts';
import { besideThem, neighboursOf } from './neighbours.ts';
import { refusal } from './telling.ts';
import { becomes, observe } from './observing.ts';
import type { Running } from './options.ts';
import { type Passwords, passwordsFor } from './passwords.ts';
import { solverFor } from './solver.ts';
import type { Speech } from './speech.ts';
import { hostsBeforePlan } from './touched.ts';

export type Planning = { readonly is: 'planned'; readonly plan: Plan } | { readonly is: 'no'; readonly exit: Exit };

/** The hosts of a run, and the passwords that they are reached with. */
export interface Reached {
  readonly hosts: SshHosts;
  readonly passwords: Passwords;
}

/** A plan of more is long work in one piece, and nobody would answer a server meanwhile. */
const EARLY_MOST_HOSTS = 300;

export interface Wanted {
  readonly options: Running;
  readonly playbooks: readonly string[];
  /** Perhaps after a question. */
  readonly carriedOut: boolean;
  /** It is carried out, and nobody is asked first: who is first in turn is logged in to while the plan is made. */
  readonly forSure: boolean;
}

/** A plan of the files that were named, and the connections it was made with: open as long as `act` needs them. */
export async function withPlan(
  speech: Speech,
  { options, playbooks, carriedOut, forSure }: Wanted,
  act: (plan: Plan, reached: Reached) => Promise<Exit>,
): Promise<Exit> {
  const loaded = await loadAll(speech, options, playbooks);
  if (loaded.is === 'wrong') return loaded.exit;
  const passwords = await passwordsFor(speech, options, loaded.passwords);
  if (passwords === null) return EXIT.wrong;
  const hosts = connectTo(loaded.inventory, null, passwords);
  try {
    const many = loaded.inventory.hosts.length;
    const first = hostsBeforePlan(loaded.program, catalogue, options.forks);
    if (forSure && many <= EARLY_MOST_HOSTS) {
      hosts.open(first);
      await hosts.unlock([...first.now, ...first.next]);
      // To plan is work in one piece, during which the first hosts have something to answer.
      await setImmediate();
    }
    // A plan alone is quicker with a larger one; where it is carried out, what has grown by then stays.
    if (carriedOut && many >= VERY_MANY_HOSTS && first.now.length > 0) stopGrowing();
    const planned = await planFor(speech, loaded, options, hosts);
    return planned.is === 'no' ? planned.exit : await act(planned.plan, { hosts, passwords });
  } finally {
    await hosts.close();
  }
}

export async function planFor(speech: Speech, loaded: Loaded, options: Running, hosts: SshHosts): Promise<Planning> {
  const observed = await factsFor(speech, loaded, options, hosts);
  if (observed.is === 'no') return observed;
  const solver = await solverFor(speech, options.exact);
  if (solver.is === 'no') return solver;
  const { away, held } = await neighboursOf(speech, loaded.program);
  const made = makePlan({
    program: loaded.program,
    inventory: loaded.inventory,
    facts: besideThem(speech, observed.facts, { program: loaded.program, held }),
    away,
    catalogue,
    evaluate,
    now: systemClock().now(),
    ...(solver.exact ? { exact: solver.exact } : {}),
    playbooks: loaded.playbooks,
    extra: loaded.extra,
    options: {
      check: options.check,
      diff: options.diff,
      forks: options.forks,
      tags: options.tags,
      skipTags: options.skipTags,
      limit: options.limit,
    },
  });
  if (made.is === 'plan') return { is: 'planned', plan: made.plan };
  if (made.is === 'flawed') return { is: 'no', exit: refusal(speech, made.diagnostics, loaded.textOf) };
  tellNo(speech, made);
  return { is: 'no', exit: EXIT.refused };
}

async function factsFor(speech: Speech, loaded: Loaded, options: Running, hosts: SshHosts): Promise<FactsFor> {
  const wanted = hostsToAsk(loaded.program, loaded.inventory);
  if (options.facts !== null) return factsFromFile(speech, options.facts);
  if (wanted.length === 0) return { is: 'facts', facts: {} };
  const { facts, silent } = await observe(wanted, hosts.host, systemClock(), becomes(loaded.inventory));
  const playHosts = new Set(loaded.program.plays.flatMap(play => play.hosts));
  const missing = wanted.filter(host => silent[host] !== undefined && playHosts.has(host));
  for (const host of wanted.filter(name => silent[name] !== undefined)) speech.err(`host ${host}: ${silent[host]}\n`);
  for (const one of Object.values(facts))
    for (const line of one.unreadable)
      speech.err(`host ${one.host}: ${line.part}: can't read ${JSON.stringify(line.line)}: ${line.why}\n`);
  if (missing.length === 0) return { is: 'facts', facts };
  speech.err(`${missing.join(', ')} gave no facts; nothing was touched\n`);
  return { is: 'no', exit: EXIT.refused };
}

/** Nobody when no step rests on facts; every host of the inventory when zones may move; else the play's own. */
function hostsToAsk(program: Program, inventory: Inventory): readonly HostName[] {
  const asking = program.plays.filter(asksFacts);
  const moves = asking.flatMap(tasksOfPlay).some(task => task.step.startsWith('zones.') || task.step === 'preflight');
  if (moves) return inventory.hosts.map(host => host.name);
  const named = new Set(asking.flatMap(play => play.hosts));
  return inventory.hosts.map(host => host.name).filter(name => named.has(name));
}

const tasksOfPlay = (play: Play) => play.sections.flatMap(section => section.entries.flatMap(tasksIn));

/** `gather_facts: no` is a word about conditions and templates; a step that rests on facts has them read all the same. */
function asksFacts(play: Play): boolean {
  if (play.gatherFacts === true || tasksOfPlay(play).some(task => catalogue.get(task.step)?.needsFacts)) return true;
  return play.gatherFacts === null && JSON.stringify(play).includes('facts');
}

function tellNo(speech: Speech, made: Exclude<Made, { is: 'plan' | 'flawed' }>): void {
  const text =
    made.is === 'shortfall'
      ? shortfallText(made, speech.columns)
      : [made.message, ...made.help.map(help => `  way out: ${help}`), ''].join('\n');
  speech.err(`no plan: ${text}nothing was touched\n`);
}

/** Connections to the hosts of an inventory, opened when first used. */
export function connectTo(
  inventory: Pick<Inventory, 'hosts'>,
  outputFolder: string | null,
  passwords: Passwords,
): SshHosts {
  const byName = new Map(inventory.hosts.map(host => [host.name, host.connection]));
  const connectionOf = (name: HostName) => {
    const connection = byName.get(name);
    if (connection === undefined) throw new Error(`${name} isn't in the inventory`);
    return connection;
  };
  const { of: passwordOf, ofKey: passphrase } = passwords;
  return sshHosts(connectionOf, { clock: systemClock(), outputFolder, passwordOf, passphrase });
}
