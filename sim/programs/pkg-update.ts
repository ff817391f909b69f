// pkg update: plans, clones the running boot environment, updates the clone. The running system is never touched. When
// it fails or dies in the clone, the clone stays behind, mounted. Texts and exit codes: pkg(1) source (solaris-ips).
import type { Proc } from '../os/program.ts';
import { activate, create, mount, unmount } from '../world/boot-environments.ts';
import { strikes } from '../world/faults.ts';
import { powerCut } from '../world/power.ts';
import type { BootEnvironment } from '../world/state.ts';
import { chance, hex } from '../world/chance.ts';
import type { Here } from './call.ts';
import { SPACE_REQUIRED, paced, parsable, planLines, planUpdate } from './pkg-plan.ts';
import type { Plan, UpdateOptions } from './pkg-plan.ts';
import { progressOf } from './pkg-progress.ts';
import { releaseFiles } from './release-files.ts';

const REFRESH_MS = 5_000;
const PLAN_S = 21.42;
const FAIL_MS = 20_000;

/** The lock goes with its process; a pkg that was killed is found in the history as Canceled. */
export function settleLock(here: Here): void {
  const { fleet, host } = here;
  const lock = host.pkgLock;
  if (lock === null || host.machine === null) return;
  if (host.machine.processes().some(line => line.pid === lock.pid)) return;
  record(here, lock.startedAt, 'Canceled/None', lock.newBe);
  fleet.change({ what: 'pkg-unlocked', host: host.name }, () => {
    host.pkgLock = null;
  });
}

function record(here: Here, start: number, outcome: string, newBe: string): void {
  const finish = here.fleet.clock.now();
  here.host.pkgHistory.push({ start, finish, operation: 'update', outcome, be: here.host.active, newBe });
}

interface Failure {
  readonly status: number;
  readonly text: string;
  readonly outcome: string;
}

/** What forbids an update before anything is looked up. */
function early(here: Here, options: UpdateOptions): Failure | null {
  const { host } = here;
  const name = options.beName;
  if (host.pkgLock !== null) {
    const who = `pkg on ${host.name}, pid ${host.pkgLock.pid}`;
    const text = `pkg: The image cannot be modified as it is currently in use by another package client: ${who}.`;
    return { status: 7, text, outcome: 'Failed/Locked' };
  }
  if (name !== null && !/^[A-Za-z0-9][A-Za-z0-9_.:-]*$/.test(name))
    return {
      status: 1,
      text: `pkg update: '${name}' is not a valid boot environment name.`,
      outcome: 'Failed/Bad Request',
    };
  if (name !== null && host.bes.has(name))
    return {
      status: 1,
      text: `pkg update: The boot environment '${name}' already exists.`,
      outcome: 'Failed/Bad Request',
    };
  return null;
}

function spaceFailure(here: Here): Failure | null {
  const free = here.host.pools[0]?.freeBytes ?? 0;
  if (free >= SPACE_REQUIRED) return null;
  const gb = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(2)} GB`;
  const room = `Available space: ${gb(free)}. Estimated required: ${gb(SPACE_REQUIRED)}.`;
  const text = `pkg: Insufficient disk space available for root filesystem. ${room}`;
  return { status: 1, text, outcome: 'Failed/Insufficient Disk Space' };
}

async function fail(here: Here, proc: Proc, failure: Failure, start: number): Promise<number> {
  record(here, start, failure.outcome, '');
  await proc.err(`\n${failure.text}\n`);
  return failure.status;
}

export async function update(here: Here, proc: Proc, options: UpdateOptions): Promise<number> {
  const start = here.fleet.clock.now();
  settleLock(here);
  const refusal = early(here, options);
  if (refusal !== null) return fail(here, proc, refusal, start);
  const { fleet, host } = here;
  const lock = { pid: proc.pid, startedAt: start, newBe: options.beName ?? '' };
  fleet.change({ what: 'pkg-locked', host: host.name }, () => {
    host.pkgLock = lock;
  });
  const status = await locked(here, proc, options, start);
  fleet.change({ what: 'pkg-unlocked', host: host.name }, () => {
    if (host.pkgLock === lock) host.pkgLock = null;
  });
  return status;
}

const talks = (options: UpdateOptions): boolean => !options.quiet && !options.parsable;

async function locked(here: Here, proc: Proc, options: UpdateOptions, start: number): Promise<number> {
  if (talks(options)) {
    await paced(proc, REFRESH_MS, [" Startup: Refreshing catalog 'solaris' ... Done"]);
    await paced(proc, PLAN_S * 1000, ['Planning: Solver setup ... Done', 'Planning: Running solver ... Done']);
    await proc.out(`Planning: Planning completed in ${PLAN_S} seconds\n`);
  } else await proc.clock.sleep(REFRESH_MS + PLAN_S * 1000);
  const planned = planUpdate(here, options);
  if (planned.is === 'no-match') return noMatch(here, proc, planned.operand, start);
  if (planned.is === 'nothing') return nothing(here, proc, options, start);
  const { plan } = planned;
  const refused = options.denyNewBe ? NEEDS_BE : spaceFailure(here);
  if (refused !== null && !options.dry) return fail(here, proc, refused, start);
  if (options.parsable) await proc.out(`${parsable(here, plan)}\n`);
  else if (!options.quiet) await proc.out(`${planLines(here, plan).join('\n')}\n\n`);
  if (options.dry) return 0;
  return execute(here, proc, { plan, talk: talks(options), start });
}

const NEEDS_BE: Failure = {
  status: 5,
  text: 'pkg update: The proposed operation cannot be performed on a live image.',
  outcome: 'Failed/Bad Request',
};

async function noMatch(here: Here, proc: Proc, operand: string, start: number): Promise<number> {
  const text = `pkg update: The following pattern(s) did not match any allowable packages.  Try
using a different matching pattern, or refreshing publisher information:

\t${operand}`;
  return fail(here, proc, { status: 1, text, outcome: 'Failed/Bad Request' }, start);
}

async function nothing(here: Here, proc: Proc, options: UpdateOptions, start: number): Promise<number> {
  record(here, start, 'Ignored/Nothing to do', '');
  if (options.parsable) await proc.out(`${parsable(here, null)}\n`);
  else if (!options.quiet) await proc.out('No updates available for this image.\n');
  return 4;
}

interface Work {
  readonly plan: Plan;
  readonly talk: boolean;
  readonly start: number;
}

async function execute(here: Here, proc: Proc, work: Work): Promise<number> {
  const { fleet, host } = here;
  const { plan } = work;
  const progress = progressOf(here, proc, work.talk);
  await progress.download();
  const be = create(fleet, host, plan.newBe);
  const at = `/tmp/tmp${hex(chance(fleet.seed, host.name, plan.newBe), 6)}`;
  mount(fleet, host, plan.newBe, at);
  if (strikes(fleet, host.name, 'pkg-fails-half-way')) return failInClone(here, proc, be, work);
  await progress.actions();
  await progress.finalize();
  finish(here, be, plan);
  record(here, work.start, 'Succeeded/None', plan.newBe);
  if (work.talk) await proc.out(plan.activate ? activated(plan, host.active) : notActivated(plan, host.active));
  if (strikes(fleet, host.name, 'power-cut-after-build')) powerCut(fleet, host);
  return 0;
}

/** The clone becomes the new release; it is active on reboot unless that was not wanted (or a fault forgot it). */
function finish(here: Here, be: BootEnvironment, plan: Plan): void {
  const { fleet, host } = here;
  fleet.change({ what: 'be-updated', host: host.name }, () => {
    be.entire = plan.to.text;
    be.packages.set('pkg:/package/pkg', plan.to.text);
    for (const [path, text] of Object.entries(releaseFiles(fleet, plan.to.text, host.hardware.platform)))
      host.machine?.trees.write(be.name, path, new TextEncoder().encode(text), 0o644);
  });
  unmount(fleet, host, be.name);
  if (plan.activate && !strikes(fleet, host.name, 'pkg-not-activated')) activate(fleet, host, be.name);
}

async function failInClone(here: Here, proc: Proc, be: BootEnvironment, work: Work): Promise<number> {
  await proc.clock.sleep(FAIL_MS);
  record(here, work.start, 'Failed/Unknown', be.name);
  const where = `This clone is mounted at ${be.mountpoint} should you wish to inspect it.`;
  const text = `Modifications were only made to a clone (${be.name}) of the running system.  ${where}`;
  await proc.err(`The running system has not been modified. ${text}\n`);
  return 1;
}

const activated = (plan: Plan, from: string): string => `
A clone of ${from} exists and has been updated and activated.
On the next boot the Boot Environment ${plan.newBe} will be
mounted on '/'.  Reboot when ready to switch to this updated BE.

`;

const notActivated = (plan: Plan, from: string): string => `
A clone of ${from} exists and has been updated.  To set the
new BE as the active one on next boot, execute the following
command as a privileged user and reboot when ready to switch to
the updated BE:

beadm activate ${plan.newBe}

`;
