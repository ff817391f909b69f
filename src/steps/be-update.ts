// be.update: builds an updated boot environment beside the running system and never activates it: be.boot does, right
// before the reboot. A newer host is left as it is; a name in use is refused unless it is the very update that is
// wanted; what a failed update leaves behind is cleared away only under our own name.
import * as z from 'zod';
import { type BootEnvironment, type BootEnvironments, type Entire, type Facts, known } from '../model/facts.ts';
import type { Foreseen } from '../model/plan.ts';
import type { Looker } from '../model/step.ts';
import * as boot from '../solaris/boot.ts';
import * as pkg from '../solaris/pkg.ts';
import { history } from '../solaris/pkg-history.ts';
import { kernelVersionOf } from '../solaris/pkg-version.ts';
import { cloneNamed, environmentsOf } from './be-commands.ts';
import { build } from './build.ts';
import { doubt, from } from './doubt.ts';
import { ms } from './fields.ts';
import { type Found, NOTHING_TO_UNDO, stepOf, undoSteps } from './shape.ts';
import {
  atWork,
  branchOf,
  standingTo,
  type UpdateArgs,
  updateArgs,
  updateOf,
  type UpdateSeen,
  wishOf,
} from './update-wish.ts';

export const beUpdate = stepOf<UpdateArgs, UpdateSeen>({
  name: 'be.update',
  summary: 'builds an updated boot environment beside the running system, without activating it',
  takesLong: true,
  args: updateArgs,
  returns: () =>
    z.object({
      be: z.string(),
      built: z.boolean().describe('by this action'),
      pending: z.boolean().describe('it exists, whoever built it, and is not running: boot it'),
      installed: z.string().describe('what runs now'),
    }),
  limitMs: ({ timeout, lock_waits }) =>
    2 * ms(timeout) + lock_waits.reduce<number>((sum, one) => sum + ms(one), 0) + 15 * 60_000,
  say: ({ be_name, packages }) => `build ${be_name}: ${packages.join(' ')}`,
  foresee,
  check,
  undo({ be_name }, seen) {
    if (seen.exists && !seen.leftover) return NOTHING_TO_UNDO;
    return undoSteps(['be.destroy', { be_name, if_never_active: true }]);
  },
  apply: build,
  result: ({ be_name }, before, after) => ({
    be: be_name,
    built: !before.pending && after.pending,
    pending: after.pending,
    installed: after.installed,
  }),
});

async function check(written: UpdateArgs, looker: Looker): Promise<Found<UpdateSeen>> {
  const working = await atWork(written.be_name, looker);
  if (working.is === 'no') return { is: 'no-answer', refusal: working.refusal };
  if (working.value !== null) {
    return {
      is: 'no-answer',
      refusal: doubt(`${looker.host}: be.update`, `it is still at work there: ${working.value}`),
    };
  }
  const installed = from(looker.host, await looker.ask(pkg.entire()));
  if (installed.is === 'no') return { is: 'no-answer', refusal: installed.refusal };
  const be = await environmentsOf(looker);
  if (be.is === 'no') return { is: 'no-answer', refusal: be.refusal };
  const found = be.value.names.find(({ name }) => name === written.be_name);
  const seen = { installed: installed.value.version, exists: found !== undefined, leftover: false, pending: false };
  const runs = runsAlready(written, installed.value);
  if (runs !== null) return { is: 'done', seen, text: runs };
  if (found !== undefined) return inUse(written, looker, found, seen);
  return wishOf(written.packages).entire === null
    ? asPkgSays(written, looker, seen)
    : { is: 'todo', seen, text: `${seen.installed} runs` };
}

function runsAlready(written: UpdateArgs, installed: Entire): string | null {
  const standing = standingTo(installed, wishOf(written.packages));
  if (standing === 'same') return `${installed.version} runs already`;
  if (standing === 'newer' && !written.allow_downgrade) return `already newer: ${installed.version}`;
  return null;
}

async function inUse(
  written: UpdateArgs,
  looker: Looker,
  found: BootEnvironment,
  seen: UpdateSeen,
): Promise<Found<UpdateSeen>> {
  const { be_name } = written;
  const refused = (why: string) =>
    ({ is: 'blocked', seen, why: `${looker.host}: the name ${be_name} is in use: ${why}` }) as const;
  if (found.flags.includes('N')) return refused(`it runs, with ${seen.installed}; name the new one otherwise`);
  if (found.mountpoint !== '') {
    const booted = from(looker.host, await looker.ask(boot.bootTime()));
    if (booted.is === 'no') return { is: 'no-answer', refusal: booted.refusal };
    if (found.created <= booted.value) return refused(`it is mounted at ${found.mountpoint} and may have been booted`);
    return {
      is: 'todo',
      seen: { ...seen, leftover: true },
      text: `a failed update left ${be_name} at ${found.mountpoint}`,
    };
  }
  const operations = from(looker.host, await looker.ask(history(HISTORY)));
  if (operations.is === 'no' && operations.refusal.is !== 'refused')
    return { is: 'no-answer', refusal: operations.refusal };
  const made = operations.is === 'ok' ? operations.value.filter(({ madeBe }) => madeBe === be_name) : [];
  const { entire } = wishOf(written.packages);
  const right = made.some(({ operation, outcome, command }) => {
    const level = entire === null || command === '' || command.includes(`entire@${entire}`);
    return operation === 'update' && outcome === 'Succeeded' && level;
  });
  if (!right) return refused(`pkg knows of no such update; if nobody wants it: beadm destroy ${be_name}`);
  return { is: 'done', seen: { ...seen, pending: true }, text: `${be_name} is built and not running` };
}

const HISTORY = 50;

/** Only pkg knows the newest level: its trial run says whether there is anything to do. */
async function asPkgSays(written: UpdateArgs, looker: Looker, seen: UpdateSeen): Promise<Found<UpdateSeen>> {
  const plan = from(looker.host, await looker.ask(pkg.updatePlan(updateOf(written)), { limitMs: ms(written.timeout) }));
  if (plan.is === 'ok') {
    if (plan.value.is === 'nothing-to-do') return { is: 'done', seen, text: `${seen.installed} is the newest` };
    return { is: 'todo', seen, text: `${plan.value.plan.changed} packages would change` };
  }
  const { refusal } = plan;
  if (refusal.is !== 'refused') return { is: 'no-answer', refusal };
  if (refusal.why.startsWith('locked')) return { is: 'todo', seen, text: 'another pkg is at work' };
  return { is: 'blocked', seen, why: `${looker.host}: ${refusal.why}` };
}

function foresee(written: UpdateArgs, facts: Facts | null): Foreseen {
  if (facts === null) return { is: 'unknown', why: 'nothing is known of the host' };
  if (facts.entire.is === 'unknown') return { is: 'unknown', why: facts.entire.why };
  if (facts.be.is === 'unknown') return { is: 'unknown', why: facts.be.why };
  const installed = facts.entire.value;
  const result = { be: written.be_name, built: false, pending: false, installed: installed.version };
  if (runsAlready(written, installed) !== null) return { is: 'nothing', result };
  const be = facts.be.value;
  const found = be.names.find(({ name }) => name === written.be_name);
  if (found !== undefined && be.active !== found.name)
    return { is: 'nothing', result: { ...result, pending: true }, facts: withLevel(written, facts, be) };
  if (found !== undefined) return { is: 'unknown', why: `${written.be_name} runs, with ${installed.version}` };
  if (wishOf(written.packages).entire === null) return { is: 'unknown', why: 'only pkg can say what is newest' };
  const cloned = { ...be, names: [...be.names, cloneNamed(written.be_name)] };
  const text = `build ${written.be_name} from ${installed.version}`;
  const then = withLevel(written, facts, cloned);
  return { is: 'change', text, facts: then, result: { ...result, built: true, pending: true } };
}

/** What runs once it is booted says where zones may go from then on: none that ran on a newer system goes to an older one. */
function withLevel({ be_name, packages }: UpdateArgs, facts: Facts, be: BootEnvironments): Facts {
  const { entire } = wishOf(packages);
  const level = entire === null ? '' : branchOf(entire);
  if (kernelVersionOf(level) === null) return { ...facts, be: known(be) };
  const names = be.names.map(one => (one.name === be_name ? { ...one, level } : one));
  return { ...facts, be: known({ ...be, names }) };
}
