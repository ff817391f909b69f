// The four laws of undo and resume, as questions to any subject. Each answers with what is wrong, in words; an empty
// list is what a test wants.
import type { Verdict } from '../../src/model/action.ts';
import type { Stamped } from '../../src/model/event.ts';
import { foldAll } from '../../src/model/fold.ts';
import { type ActionId, laneName, laneNameOf } from '../../src/model/ids.ts';
import { MemoryJournal } from '../run/harness.ts';
import {
  type Fault,
  FAULTS,
  type Moment,
  type Outcome,
  snapshots,
  type Subject,
  tried,
  type Trial,
  watched,
} from './subject.ts';

/**
 * Law 1: each action done twice in a row changes nothing the second time, although it knows nothing of the first.
 * @param mayRefuse the second time a host may say that there is nothing to do; the action is then seen to be done.
 */
export async function twiceInARow(subject: Subject, mayRefuse = false): Promise<readonly string[]> {
  const world = await subject.makeWorld();
  const wrong: string[] = [];
  const working = new Set<string>();
  const watching = new Set<Set<string>>();
  const catalogue = watched(subject.catalogue, async (step, action, doIt) => {
    const lane = laneNameOf(action);
    working.add(lane);
    for (const others of watching) others.add(lane);
    const first = await doIt();
    // What happens meanwhile on hosts that other lanes work on isn't this action's doing.
    const others = new Set(working);
    watching.add(others);
    const before = await snapshots(subject, world);
    const second = first.is === 'refused' ? null : await doIt();
    const after = await snapshots(subject, world);
    watching.delete(others);
    working.delete(lane);
    if (second?.is === 'refused' && !mayRefuse) wrong.push(`${action} (${step.name}): refused the second time`);
    const own = [...after].filter(([host, now]) => now !== before.get(host) && (host === lane || !others.has(host)));
    wrong.push(...own.map(([host, now]) => `${action} (${step.name}): ${before.get(host)} became ${now}`));
    return first;
  });
  const outcome = await tried(subject, { world, catalogue });
  if (outcome.ran?.verdict !== 'done') wrong.push(`the run ended ${outcome.ran?.verdict}: ${outcome.ran?.why}`);
  await world.close();
  return wrong;
}

/** The whole run once more: nothing changes any more. */
export async function runAgain(subject: Subject): Promise<readonly string[]> {
  const world = await subject.makeWorld();
  await tried(subject, { world });
  const again = await tried(subject, { world });
  await world.close();
  return again.journal.laws('action-started').map(event => `${event.action.id} had something to do again`);
}

/** One row of the table of outcomes. */
export interface Row {
  readonly action: ActionId;
  readonly step: string;
  readonly fault: Fault;
  readonly verdict: Verdict;
  readonly why: string;
  readonly wrong: readonly string[];
}

/** A place to fail at. */
export interface Place {
  readonly action: ActionId;
  readonly fault: Fault;
}

/** Every action that changed something, with each fault; and every one that only looked, which then finds something wrong. */
export function placesIn({ applied, journal }: Outcome, faults: readonly Fault[] = FAULTS): readonly Place[] {
  const looked = journal.laws('action-ended').flatMap(({ born, action }) => (born === null ? [] : [action]));
  return [
    ...[...new Set(applied)].flatMap(action => faults.map(fault => ({ action, fault }))),
    ...(faults.includes('sick') ? looked.map(action => ({ action, fault: 'sick' as const })) : []),
  ];
}

/** What else must be so at the end of a run, of one subject: what isn't, in words. */
export type Look = (outcome: Outcome) => Promise<readonly string[]>;
const NOTHING_ELSE: Look = () => Promise.resolve([]);

/** Law 2: fail at each action in turn. Every host that was taken back is as before; every other as its own outcome says. */
export async function failAtEach(
  subject: Subject,
  choose: (whole: Outcome) => readonly Place[] = placesIn,
  look = NOTHING_ELSE,
): Promise<readonly Row[]> {
  const before = await snapshots(subject, await subject.makeWorld());
  const whole = await tried(subject);
  const after = await snapshots(subject, whole.world);
  await whole.world.close();
  const rows: Row[] = [];
  for (const { action, fault } of choose(whole)) {
    const outcome = await tried(subject, { faults: new Map([[action, fault]]) });
    const told = await asTold(subject, outcome, before, after);
    const wrong = [...told, ...orderly(outcome), ...problemsOf(outcome), ...(await look(outcome))];
    const { verdict = 'stuck', why = '' } = outcome.ran ?? {};
    rows.push({ action, step: stepOf(outcome, action), fault, verdict, why, wrong });
    await outcome.world.close();
  }
  return rows;
}

const problemsOf = ({ world }: Outcome): readonly string[] => world.problems?.() ?? [];

function stepOf({ journal }: Outcome, id: ActionId): string {
  const born = [
    ...journal.laws('action-started').map(event => event.action),
    ...journal.laws('action-ended').map(event => event.born),
  ];
  return born.find(action => action?.id === id)?.step ?? '';
}

async function asTold(
  subject: Subject,
  { ran, world }: Outcome,
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): Promise<readonly string[]> {
  if (ran === null) return ['the run never ended'];
  const wrong: string[] = [];
  for (const [host, now] of await snapshots(subject, world)) {
    const lane = ran.state.lanes.get(host);
    const begun = lane !== undefined && lane.actions.length > 0;
    if (!subject.plan.program.plays.some(play => play.hosts.includes(host))) continue;
    const whole = !lane?.actions.values().some(id => ran.state.actions.get(id)?.ended?.outcome === 'failed');
    const goesBack = lane?.turned?.towards === 'rollback' || !begun;
    if (goesBack && now !== before.get(host)) wrong.push(`${host} should be as before: ${before.get(host)}, is ${now}`);
    if (begun && whole && lane.turned === null && now !== after.get(host))
      wrong.push(`${host} should be done: ${after.get(host)}, is ${now}`);
  }
  return wrong;
}

/** Law 3: cut the journal after each event, both just before and just after the effect that follows it, and resume: the same end. */
export async function cutAnywhere(
  subject: Subject,
  trial: Trial = {},
  deaths: (event: Stamped) => readonly ('silent' | 'loud')[] = () => ['silent', 'loud'],
  look = NOTHING_ELSE,
): Promise<readonly string[]> {
  const whole = await tried(subject, trial);
  const end = await endOf(subject, whole);
  await whole.world.close();
  const wrong: string[] = [];
  for (const event of whole.journal.events.slice(0, -1))
    for (const death of deaths(event)) {
      const cut = await tried(subject, { ...trial, journal: new MemoryJournal([], event.seq, death) });
      await cut.world.settle();
      foldAll(cut.journal.events);
      const journal = new MemoryJournal(cut.journal.events);
      const resumed = await tried(subject, { ...trial, world: cut.world, journal, resume: true });
      const now = await endOf(subject, resumed);
      const at = `cut ${death} after ${event.seq} ${event.type}`;
      if (now !== end) wrong.push(`${at}: ends ${now}, whole it ended ${end}`);
      const found = [...orderly(resumed), ...problemsOf(resumed), ...(await look(resumed))];
      wrong.push(...found.map(one => `${at}: ${one}`));
      await cut.world.close();
    }
  return wrong;
}

async function endOf(subject: Subject, { ran, world }: Outcome): Promise<string> {
  return JSON.stringify([ran?.verdict, ...(await snapshots(subject, world))]);
}

/** Law 4: nothing of a lane starts after its turn, no undo begins while something is being applied there, and undo keeps the order of the journal. */
export function orderly(outcome: Pick<Outcome, 'journal' | 'moments'>): readonly string[] {
  const { events } = outcome.journal;
  return [...startsAfterTurn(events), ...undoWhileApplying(events, outcome.moments), ...undoOutOfOrder(events)];
}

const isAfterRollback = (action: ActionId): boolean => action.includes('~undo');

function startsAfterTurn(events: readonly Stamped[]): readonly string[] {
  const turned = new Set<string>();
  return events.flatMap(event => {
    if (event.type === 'turned') turned.add(laneName(event.lane));
    if (event.type === 'operator-said' && event.word === 'go-on') turned.clear();
    if (event.type !== 'action-started') return [];
    const { id } = event.action;
    return turned.has(laneNameOf(id)) && !isAfterRollback(id) ? [`${id} started after its lane had turned`] : [];
  });
}

function undoWhileApplying(events: readonly Stamped[], moments: readonly Moment[]): readonly string[] {
  const wrong: string[] = [];
  const applying = new Set<ActionId>();
  const open = new Set<ActionId>();
  const seen = new Map(events.map(event => [event.seq, event]));
  for (const moment of moments) {
    if (moment.is === 'apply' && !moment.undo) applying.add(moment.action);
    if (moment.is === 'applied') applying.delete(moment.action);
    const event = moment.is === 'event' ? seen.get(moment.seq) : undefined;
    if (event?.type === 'action-started') open.add(event.action.id);
    if (event?.type === 'action-ended') open.delete(event.action);
    if (event?.type !== 'undo-started') continue;
    for (const action of new Set([...applying, ...open]))
      if (laneNameOf(action) === laneNameOf(event.action))
        wrong.push(`${event.action} was undone while ${action} was at work`);
  }
  return wrong;
}

/** Worked out here once more, from the events alone: newest first, but never before those it waits for. */
function undoOutOfOrder(events: readonly Stamped[]): readonly string[] {
  const owed = new Map<ActionId, { readonly seq: number; readonly after: readonly ActionId[] }>();
  return events.flatMap(event => {
    if (event.type === 'action-started' && event.undo.is === 'barrier')
      for (const id of owed.keys()) if (laneNameOf(id) === laneNameOf(event.action.id)) owed.delete(id);
    if (event.type === 'action-started' && event.undo.is === 'steps')
      owed.set(event.action.id, { seq: event.seq, after: event.undoAfter });
    if (event.type === 'undo-ended') owed.delete(event.action);
    if (event.type !== 'undo-started') return [];
    const lane = [...owed].filter(([id]) => laneNameOf(id) === laneNameOf(event.action));
    const ready = lane.filter(([, one]) => !one.after.some(id => owed.has(id)));
    const expected = ready.toSorted(([, a], [, b]) => b.seq - a.seq)[0]?.[0];
    return expected === event.action ? [] : [`${event.action} was undone where ${expected ?? 'nothing'} was due`];
  });
}
