// Faults on the host's side of the wire, at an exact place: the n-th changing command of one action. The command is
// refused, or the connection is really cut before, during or after its effect. What is done to put an action back
// works. And what each host must come to after that.
import type { ActionId, HostName } from '../../src/model/ids.ts';
import type { Catalogue, Doer } from '../../src/model/step.ts';
import type { Verdict } from '../../src/model/action.ts';
import { exitOfRun } from '../../src/cli/exit-of-run.ts';
import type { Fleet } from '../../sim/world/fleet.ts';
import { orderly } from '../laws/laws.ts';
import { type Outcome, snapshots, tried } from '../laws/subject.ts';
import { type SshSubject, sshWorld } from './place.ts';

export const EFFECTS = ['refuses', 'lost-before', 'lost-during', 'lost-after'] as const;
export type Effect = (typeof EFFECTS)[number];

export interface Spot {
  readonly action: ActionId;
  /** Counted from 1 within the action. */
  readonly nth: number;
  readonly words: string;
}

export interface Whole {
  readonly spots: readonly Spot[];
  readonly events: number;
  readonly before: ReadonlyMap<HostName, string>;
  readonly after: ReadonlyMap<HostName, string>;
}

export interface Row {
  readonly spot: Spot;
  readonly effect: Effect;
  readonly verdict: Verdict;
  readonly exit: number;
  readonly why: string;
  readonly wrong: readonly string[];
}

export const nameOf = ({ action, nth, words }: Spot): string =>
  `${action.slice(action.indexOf('/') + 1)} command ${nth} (${words})`;

type OnCommand = (doer: Doer, action: ActionId, words: string) => void;

/** Hears of every changing command of an action's first way, before it is sent. */
function listening(catalogue: Catalogue, undoing: (action: ActionId) => boolean, heard: OnCommand): Catalogue {
  const over = (doer: Doer): Doer => ({
    ...doer,
    get ledger() {
      return doer.ledger;
    },
    do(command, options) {
      if (!undoing(doer.action)) heard(doer, doer.action, command.argv.slice(0, 3).join(' ').slice(0, 60));
      return doer.do(command, options);
    },
    peer: name => over(doer.peer(name)),
  });
  return {
    names: catalogue.names,
    get: name => {
      const step = catalogue.get(name);
      return step && { ...step, apply: (args, seen, doer) => step.apply(args, seen, over(doer)) };
    },
  };
}

/** One run without a fault: every place where one can strike, and the two pictures to compare with. */
export async function whole(subject: SshSubject): Promise<Whole> {
  const world = await subject.makeWorld();
  const before = await snapshots(subject, world);
  const spots: Spot[] = [];
  const catalogue = listening(
    subject.catalogue,
    () => false,
    (_, action, words) => spots.push({ action, nth: 1 + spots.filter(spot => spot.action === action).length, words }),
  );
  const { ran, journal } = await tried(subject, { world, catalogue });
  if (ran?.verdict !== 'done') throw new Error(`without a fault it ended ${ran?.verdict}: ${ran?.why}`);
  const after = await snapshots(subject, world);
  await world.close();
  return { spots, events: journal.events.length, before, after };
}

export async function struck(subject: SshSubject, spot: Spot, effect: Effect, { before, after }: Whole): Promise<Row> {
  const world = await subject.makeWorld();
  const { fleet } = sshWorld(world);
  const turned = new Set<ActionId>();
  let count = 0;
  const catalogue = listening(
    subject.catalogue,
    action => turned.has(action),
    (doer, action) => {
      if (action !== spot.action) return;
      count += 1;
      if (count === spot.nth) fleet.fault(doer.host, `any-command-${effect}`);
    },
  );
  const outcome = await tried(subject, {
    world,
    catalogue,
    onEvent: event => event.type === 'undo-started' && turned.add(event.action),
  });
  const { ran } = outcome;
  const wrong = [
    ...(await asTold(subject, outcome, before, after)),
    ...orderly(outcome),
    ...(world.problems?.() ?? []),
    ...(isSpent(fleet) ? [] : ['the fault struck nothing']),
  ];
  await world.close();
  const exit = ran === null ? -1 : exitOfRun(ran.state, ran.verdict);
  return { spot, effect, verdict: ran?.verdict ?? 'stuck', exit, why: ran?.why ?? 'never ended', wrong };
}

const isSpent = (fleet: Fleet): boolean => fleet.armed.every(fault => fault.spent);

/** A host that was taken back is as before, one that is done is as after, one that had no turn is as it was. */
async function asTold(
  subject: SshSubject,
  { ran, world }: Outcome,
  before: ReadonlyMap<HostName, string>,
  after: ReadonlyMap<HostName, string>,
): Promise<readonly string[]> {
  if (ran === null) return ['the run never ended'];
  const wrong: string[] = [];
  for (const [host, now] of await snapshots(subject, world)) {
    const lane = ran.state.lanes.get(host);
    const begun = lane !== undefined && lane.actions.length > 0;
    const isStuck =
      lane?.turned?.towards === 'stuck' || lane?.actions.values().some(id => ran.state.actions.get(id)?.is === 'stuck');
    if (isStuck) continue;
    const goesBack = !begun || lane.turned !== null;
    const wanted = goesBack ? before.get(host) : after.get(host);
    if (now !== wanted && !isSameButBootedBe(now, wanted ?? ''))
      wrong.push(`${host} should be ${goesBack ? 'as before' : 'done'}: ${wanted}, is ${now}`);
  }
  return wrong;
}

/** A boot environment that was ever active is never destroyed: it may be one more than before. */
function isSameButBootedBe(now: string, wanted: string): boolean {
  const [is, was] = [now, wanted].map(text => JSON.parse(text) as { bes: { names: string[] } });
  if (is === undefined || was === undefined) return false;
  const more = is.bes.names.filter(name => !was.bes.names.includes(name));
  return more.length === 1 && JSON.stringify({ ...is, bes: { ...is.bes, names: was.bes.names } }) === wanted;
}
