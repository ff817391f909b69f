// How fast the pure engine is, without hosts, disk or network: a thousand hosts through local tasks, and journals folded
// again. Prints figures and their ratios; judges nothing.
import { z } from 'zod';
import type { Event, Stamped } from '../src/model/event.ts';
import { empty, fold, foldAll } from '../src/model/fold.ts';
import { stepName } from '../src/model/ids.ts';
import type { Step } from '../src/model/step.ts';
import { evaluate } from '../src/load/expression/evaluate.ts';
import { makePlan } from '../src/plan/make-plan.ts';
import { runPlan } from '../src/run/run.ts';
import { MemoryJournal, portsOf } from '../test/run/harness.ts';
import { play, planOf, task } from '../test/run/program.ts';
import { catalogueOf, Toy } from '../test/run/toy.ts';
import { PLAIN_STEP } from '../test/model/plain-step.ts';

const EVENTS = 100_000;
/** As long as a journal may become: ten nights of a large site in one run. */
const MANY_EVENTS = 1_000_000;

/** Something to do the first time, nothing when looked at again: a whole action without a host. */
const done = new Set<string>();
const local: Step = {
  ...PLAIN_STEP,
  ...{ name: stepName('local'), summary: 'local', args: () => z.looseObject({}) as ReturnType<Step['args']> },
  ...{ needsFacts: false, limitMs: () => 60_000, say: () => 'local' },
  check: (_, looker) => Promise.resolve({ is: done.has(looker.action) ? 'done' : 'todo', seen: {}, text: '' }),
  apply(_args, _seen, doer) {
    done.add(doer.action);
    return Promise.resolve({ is: 'applied', reply: {} });
  },
};
const noop: Step = {
  ...local,
  name: stepName('noop'),
  check: () => Promise.resolve({ is: 'done', seen: {}, text: '' }),
};
const catalogue = catalogueOf([local, noop]);

interface Timed {
  readonly ms: number;
  readonly planMs: number;
  readonly journal: MemoryJournal;
}

async function timed(hosts: number, tasks: number, step: string): Promise<Timed> {
  done.clear();
  const names = Array.from({ length: hosts }, (_, n) => `host${n}`);
  const entries = Array.from({ length: tasks }, (_, n) => task(step, { n }));
  const { program, hosts: byName, groups, extra, options } = planOf([play(names, entries)]);
  const inventory = { hosts: Object.values(byName), groups, zoneRules: [], digest: '', raw: {}, sources: [] };
  const input = { program, inventory, facts: {}, catalogue, evaluate, now: 0, playbooks: [], extra, options };
  const before = performance.now();
  const made = makePlan(input);
  if (made.is !== 'plan') throw new Error(made.is);
  const planned = performance.now();
  const toy = new Toy();
  const journal = new MemoryJournal();
  const ports = portsOf({ plan: made.plan, catalogue, evaluate, hosts: name => toy.host(name), journal });
  const ran = await runPlan(ports);
  if (ran.verdict !== 'done') throw new Error(ran.why);
  return { planMs: planned - before, ms: performance.now() - planned, journal };
}

const inWords = (ms: number): string => `${(ms / 1000).toFixed(2)} s`.padStart(9);
const say = (what: string, ms: number, per: string): void =>
  void process.stdout.write(`${what.padEnd(42)}${inWords(ms)}   ${per}\n`);

/** The run's actions over and over, each time as tasks of their own. */
function longer(events: readonly Stamped[], wanted: number): readonly Stamped[] {
  const head = events.filter(event => !event.type.startsWith('action-') && event.type !== 'run-ended');
  const body = events.filter(event => event.type.startsWith('action-'));
  const all = [...head];
  for (let turn = 0; all.length < wanted; turn += 1) {
    const text = JSON.stringify(body.slice(0, wanted - all.length)).replaceAll('toy/1.t', `toy/1.t${turn}`);
    all.push(...(JSON.parse(text) as Stamped[]));
  }
  return all.map((event, index) => ({ ...event, seq: index + 1 }));
}

async function run(hosts: number, tasks: number, step: string): Promise<Timed> {
  const one = await timed(hosts, tasks, step);
  const perAction = `${((one.ms * 1000) / (hosts * tasks)).toFixed(0)} us an action`;
  say(`${hosts} hosts x ${tasks} ${step}: plan`, one.planMs, '');
  say(`${hosts} hosts x ${tasks} ${step}: run`, one.ms, perAction);
  return one;
}

await timed(50, 5, 'local');
const single = await run(1000, 1, 'noop');
const twenty = await run(1000, 20, 'local');
const hundred = await run(100, 20, 'local');

/** As many events as asked, read from text as a journal file is: of one long run, renumbered. */
const lines = longer(twenty.journal.events, EVENTS).map(event => JSON.stringify(event));
const parse = (line: string): Event & Stamped => JSON.parse(line) as Event & Stamped;
const started = performance.now();
const state = foldAll(lines.map(parse));
say(`${lines.length} events read and folded`, performance.now() - started, `${state.actions.size} actions`);

/** The fold alone: what it took of the time, an event after the other as a journal gives them, none of them kept. */
function foldedAlone(events: readonly Stamped[], wanted: number): { readonly ms: number; readonly actions: number } {
  let state = empty;
  let ms = 0;
  for (const piece of piecesOf(events, wanted)) {
    const before = performance.now();
    for (const event of piece) state = fold(state, event);
    ms += performance.now() - before;
  }
  return { ms, actions: state.actions.size };
}

/** The events of a long run, in pieces of one run's length. */
function* piecesOf(events: readonly Stamped[], wanted: number): Generator<readonly Stamped[]> {
  const body = events.filter(event => event.type.startsWith('action-'));
  const head = events.slice(
    0,
    events.findIndex(event => event.type.startsWith('action-')),
  );
  yield head;
  for (let [turn, seq] = [0, head.length]; seq < wanted; turn += 1) {
    const text = JSON.stringify(body.slice(0, wanted - seq)).replaceAll('toy/1.t', `toy/1.t${turn}.`);
    const piece = (JSON.parse(text) as Stamped[]).map((event, index) => ({ ...event, seq: seq + index + 1 }));
    seq += piece.length;
    yield piece;
  }
}

const alone = foldedAlone(twenty.journal.events, MANY_EVENTS);
say(
  `${MANY_EVENTS} events folded`,
  alone.ms,
  `${alone.actions} actions, ${Math.round(process.memoryUsage().rss / 2 ** 20)} MiB`,
);
process.stdout.write(
  `ratios: 20 tasks / 1 task ${(twenty.ms / single.ms).toFixed(1)}, 1000 hosts / 100 hosts ${(twenty.ms / hundred.ms).toFixed(1)}\n`,
);
