// A playbook as its author writes it, carried out in memory: the real reader, the real planner, the real engine, hosts
// that hold named values (test/run/toy.ts), and a journal that can break off and be taken up again.
import { loadExtra } from '../../src/load/expression/extra.ts';
import { evaluate } from '../../src/load/expression/evaluate.ts';
import { loadProgram } from '../../src/load/playbook/playbook.ts';
import { runId } from '../../src/model/ids.ts';
import type { Plan } from '../../src/model/plan.ts';
import type { Catalogue } from '../../src/model/step.ts';
import { makePlan } from '../../src/plan/make-plan.ts';
import { planWaveOf } from '../../src/plan/waves/ways.ts';
import { resumeRun, runPlan } from '../../src/run/run.ts';
import { catalogue as shipped } from '../../src/steps/catalogue.ts';
import { drawnAll } from '../../src/text/draw.ts';
import type { JsonObject } from '../../src/text/json.ts';
import { fleet, memoryFiles } from '../load/kit.ts';
import { MemoryJournal, portsOf, type Setting, tell, type Told } from '../run/harness.ts';
import { catalogueOf, Toy, toyGates, toySteps } from '../run/toy.ts';

const SPEAKING = ['assert', 'command', 'debug', 'fail', 'include_vars', 'pause', 'set_fact'];
const spoken = SPEAKING.flatMap(name => shipped.get(name) ?? []);

/** The toy's own steps, and those of ours that need no host. */
const catalogue: Catalogue = catalogueOf([
  ...toySteps.filter(step => !SPEAKING.includes(step.name)),
  ...toyGates,
  ...spoken,
]);

export interface Playing {
  readonly hosts?: string;
  readonly toy?: Toy;
  readonly extra?: readonly string[];
  readonly tags?: readonly string[];
  readonly skipTags?: readonly string[];
  readonly limit?: string;
  readonly check?: boolean;
  readonly values?: JsonObject;
  readonly setting?: Partial<Setting>;
}

export interface Played extends Told {
  readonly plan: Plan;
  readonly toy: Toy;
  /** `t1@a changed`, hosts in the order in which things ended. */
  readonly story: readonly string[];
}

const HOSTS = 'all:\n  hosts: { a: { n: 1 }, b: { n: 2 }, c: { n: 3 } }\n';

export async function planned(texts: string | Readonly<Record<string, string>>, playing: Playing = {}): Promise<Plan> {
  const all = typeof texts === 'string' ? { 'site.yml': texts } : texts;
  const files = memoryFiles(all);
  const inventory = await fleet(playing.hosts ?? HOSTS);
  const given = await loadExtra(files, playing.extra ?? []);
  const { tags = [], skipTags = [], limit = null, check = false } = playing;
  const selection = { tags, skipTags, limit };
  const book = await loadProgram({
    ...{ files, catalogue, inventory, playbooks: ['site.yml'], extra: given.extra },
    ...selection,
  });
  if (book.program === null) throw new Error(drawnAll(book.diagnostics, file => book.texts[file] ?? null));
  const made = makePlan({
    ...{ program: book.program, inventory, facts: {}, catalogue, evaluate, now: 0, playbooks: [] },
    extra: given.extra,
    options: { ...selection, check, diff: false, forks: 50 },
  });
  if (made.is !== 'plan') throw new Error(JSON.stringify(made));
  return made.plan;
}

export async function played(texts: string | Readonly<Record<string, string>>, playing: Playing = {}): Promise<Played> {
  const plan = await planned(texts, playing);
  const toy = playing.toy ?? new Toy();
  const ports = portsFor(plan, toy, playing);
  return told(plan, toy, tell(await runPlan(ports), ports.journal));
}

function portsFor(plan: Plan, toy: Toy, playing: Playing) {
  const ports = portsOf({
    ...{ plan, catalogue, evaluate, hosts: name => toy.host(name), planWave: planWaveOf(catalogue, evaluate) },
    run: runId('0000beef'),
    ...playing.setting,
  });
  return { ...ports, values: playing.values ?? {} };
}

/** As `zoneferry resume` does, by another process. */
export async function goneOn(run: Played, playing: Playing = {}): Promise<Played> {
  const journal = new MemoryJournal(run.journal.events);
  const ports = portsFor(run.plan, run.toy, { ...playing, setting: { ...playing.setting, journal } });
  return told(run.plan, run.toy, tell(await resumeRun(ports), journal));
}

/** The same run, cut after each of its events and taken up again: the stories of how it ended each time. */
export async function cutEverywhere(
  texts: string | Readonly<Record<string, string>>,
  playing: () => Playing,
): Promise<readonly string[]> {
  const whole = await played(texts, playing());
  const ends: string[] = [];
  for (let last = 1; last < whole.journal.events.length; last += 1) {
    const given = playing();
    const toy = given.toy ?? new Toy();
    const first = new MemoryJournal([], last, 'silent');
    const broken = portsFor(whole.plan, toy, { ...given, setting: { ...given.setting, journal: first } });
    await Promise.race([runPlan(broken), first.died]);
    const again = portsFor(whole.plan, toy, {
      ...given,
      setting: { ...given.setting, journal: new MemoryJournal(first.events) },
    });
    const ran = await resumeRun(again);
    ends.push(`${ran.verdict} ${toy.snapshot()}`);
  }
  return [...new Set(ends)];
}

function told(plan: Plan, toy: Toy, said: Told): Played {
  const story = said.story.map(line => line.replace(/^(undo )?\w+\/\d+\./, '$1'));
  return { ...said, story, plan, toy };
}

/** Every order of hosts within a task is as good as another: by task, hosts sorted. */
export const sorted = (story: readonly string[]): readonly string[] => story.toSorted();

/** What the plan shows of the tasks of a host: `t1 change`, `t2 later t1`. */
export function shown(plan: Plan, host: string): readonly string[] {
  return plan.waves.flatMap(wave =>
    wave.actions
      .filter(action => action.id.endsWith(`@${host}`))
      .map(({ id, when, text }) => {
        const after = when.is === 'later' ? ` after ${when.after.join()}` : '';
        return `${id.replace(/^site\/\d+\./, '').replace(/@.*/, '')} ${when.is}${after}: ${text}`;
      }),
  );
}
