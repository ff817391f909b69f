// zoneferry run: plan, show, ask, carry out. Or carry out a plan that was saved and is still true.
import { systemClock } from '../edge/clock.ts';
import { confirm } from '../edge/terminal.ts';
import type { Inventory } from '../model/inventory.ts';
import { type Plan, playOf } from '../model/plan.ts';
import { objectionTo } from '../model/window.ts';
import { planText } from '../report/plan-text.ts';
import { EXIT, type Exit } from './exit.ts';
import { figuresFor } from './figuring.ts';
import { passwordsIn } from './loading-hosts.ts';
import type { Running } from './options.ts';
import { passwordsFor } from './passwords.ts';
import { readPlan } from './plan-file.ts';
import { connectTo, type Reached, withPlan } from './planning.ts';
import { answersTo } from './prompting.ts';
import { carryOut } from './running.ts';
import type { Speech } from './speech.ts';
import { staleness } from './staleness.ts';
import { planLook } from './viewing.ts';

export async function run(speech: Speech, options: Running, paths: readonly string[]): Promise<Exit> {
  const [first = '', ...more] = paths;
  if (!options.yes && !options.check && !speech.interactive) return nobody(speech);
  if (first.endsWith('.json') && more.length === 0) return runSaved(speech, options, first);
  const wanted = { options, playbooks: paths, carriedOut: true, forSure: options.yes || options.check };
  return withPlan(speech, wanted, (plan, reached) => showAskAndGo(speech, options, plan, reached));
}

async function runSaved(speech: Speech, options: Running, path: string): Promise<Exit> {
  const read = await readPlan(path);
  if (read.is !== 'plan') {
    speech.err(`${read.why}; nothing was touched\n`);
    speech.err(`make it again with the playbooks that it was made of: zoneferry plan PLAYBOOK... --out ${path}\n`);
    return EXIT.wrong;
  }
  const passwords = await passwordsFor(speech, options, await passwordsIn(options.inventory, read.plan));
  if (passwords === null) return EXIT.wrong;
  const hosts = connectTo(inventoryIn(read.plan), null, passwords);
  try {
    const stale = await staleness(read.plan, hosts, options.inventory);
    if (stale.length === 0) return await showAskAndGo(speech, options, read.plan, { hosts, passwords });
    speech.err(`the plan is out of date; nothing was touched\n${stale.map(one => `  ${one}\n`).join('')}`);
    return EXIT.refused;
  } finally {
    await hosts.close();
  }
}

export function inventoryIn(plan: Plan): Pick<Inventory, 'hosts'> {
  return { hosts: Object.values(plan.hosts) };
}

/** Later waves are held against their window when they are looked at; this one before anything begins. */
function outsideWindow(plan: Plan): string | null {
  const [first] = plan.waves;
  const window = first === undefined ? null : playOf(plan, first.plan.wave).window;
  return window === null ? null : objectionTo(window, systemClock().now());
}

async function showAskAndGo(speech: Speech, options: Running, plan: Plan, reached: Reached): Promise<Exit> {
  if (!options.json) speech.err(planText(plan, planLook(speech, options, plan), await figuresFor(speech, plan)));
  const shut = options.check ? null : outsideWindow(plan);
  if (shut !== null) {
    speech.err(`no wave may begin now: ${shut}; nothing was touched\n`);
    return EXIT.refused;
  }
  if (!options.yes && !options.check) {
    const said = await confirmed(speech);
    if (said !== 'yes') return said === 'no' ? EXIT.interrupted : EXIT.wrong;
  }
  const asked = await answersTo(speech, plan);
  if (asked.is === 'nobody') return EXIT.wrong;
  return carryOut(speech, { ...reached, plan, options, values: asked.values, paths: null, way: 'run' });
}

/** Before anything is read: whoever forgot the word shouldn't have to look for it behind a plan. */
function nobody(speech: Speech): Exit {
  speech.err('nobody is here to be asked; nothing was touched\n');
  speech.err('say --yes to carry it out, --check to rehearse it; zoneferry plan shows it\n');
  return EXIT.wrong;
}

export async function confirmed(speech: Speech): Promise<'yes' | 'no' | 'nobody'> {
  if (!speech.interactive) {
    speech.err('nobody is here to be asked: say --yes; nothing was touched\n');
    return 'nobody';
  }
  if (await confirm('carry it out?')) return 'yes';
  speech.err('nothing was touched\n');
  return 'no';
}
