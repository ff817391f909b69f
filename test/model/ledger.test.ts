// Which zones are away from home after a run, as its journal tells.
import { expect } from 'chai';
import { type Entries, entriesAfter, noEntries } from '../../src/model/ledger-fold.ts';
import { foldAll } from '../../src/model/fold.ts';
import type { Action, Outcome, Undo } from '../../src/model/action.ts';
import type { Event } from '../../src/model/event.ts';
import { actionId, hostName, runId, stepName, taskId, zoneName } from '../../src/model/ids.ts';
import type { JsonObject } from '../../src/text/json.ts';

const run = runId('0000beef');
const other = runId('0000cafe');
const begun: Event = { type: 'run-started', run, plan: '', by: 'joan', check: false, values: {} };

function action(n: number, host: string): Action {
  const lane = { is: 'host', host: hostName(host) } as const;
  const task = taskId(`site/1.t${n}`);
  return {
    ...{ id: actionId(task, null, lane), task, lane, on: hostName(host), step: stepName('zones.evacuate'), args: {} },
    ...{ become: { method: 'none', user: '' }, environment: {}, limitMs: null, hidden: false },
  };
}

/** The n-th thing done, on that host, with that result. */
function did(n: number, host: string, result: JsonObject, undone = false): readonly Event[] {
  const one = action(n, host);
  const forth: readonly Event[] = [
    { type: 'action-started', action: one, undo: { is: 'steps', steps: [] }, undoAfter: [] },
    { type: 'action-ended', action: one.id, born: null, outcome: 'changed', why: '', result, hidden: false },
  ];
  const back: readonly Event[] = [
    { type: 'undo-started', action: one.id },
    { type: 'undo-ended', action: one.id, outcome: 'changed', why: '' },
  ];
  return undone ? [...forth, ...back] : forth;
}

const after = (events: readonly (readonly Event[])[], before: Entries = noEntries): Entries =>
  entriesAfter(before, foldAll([begun, ...events.flat()]));
const moved = (zone: string, from: string, to: string) => ({ migrated: [{ zone, from, to, was: 'running' }] });
const away = (entries: Entries): readonly string[] =>
  entries.away.map(one => `${one.zone} of ${one.home} at ${one.at}, ${one.was}, ${one.run}`);

describe('zones that are away', () => {
  it('are those that moved, with their home and what they were', () => {
    expect(away(after([did(1, 'a', moved('evac1', 'a', 'b'))]))).to.deep.equal(['evac1 of a at b, running, 0000beef']);
  });

  it('that move on are away from the same home', () => {
    const on = after([did(1, 'a', moved('evac1', 'a', 'b')), did(2, 'b', moved('evac1', 'b', 'c'))]);
    expect(away(on)).to.deep.equal(['evac1 of a at c, running, 0000beef']);
  });

  it('that came home aren’t away, and others still are', () => {
    const two = { migrated: [...moved('evac1', 'a', 'b').migrated, ...moved('evac2', 'a', 'b').migrated] };
    const back = after([did(1, 'a', two), did(2, 'a', moved('evac1', 'b', 'a'))]);
    expect(away(back)).to.deep.equal(['evac2 of a at b, running, 0000beef']);
  });

  it('are the same as before when the move was put back', () => {
    expect(away(after([did(1, 'a', moved('evac1', 'a', 'b'), true)]))).to.deep.equal([]);
    const chain = after([did(1, 'a', moved('evac1', 'a', 'b')), did(2, 'b', moved('evac1', 'b', 'c'), true)]);
    expect(away(chain)).to.deep.equal(['evac1 of a at b, running, 0000beef']);
    const both = [did(1, 'a', moved('evac1', 'a', 'b'), true), did(2, 'b', moved('evac1', 'b', 'c'), true)];
    expect(away(after(both))).to.deep.equal([]);
  });

  it('of an earlier run stay in its name', () => {
    const before = after([did(1, 'a', moved('evac1', 'a', 'b'))]);
    const named = { ...before, away: before.away.map(one => ({ ...one, run: other })) };
    expect(away(after([did(1, 'b', moved('evac1', 'b', 'c'))], named))).to.deep.equal([
      'evac1 of a at c, running, 0000cafe',
    ]);
    expect(entriesAfter(named, foldAll([]))).to.equal(named);
  });

  it('are told apart by where they are: a zone of the same name elsewhere is another', () => {
    const both = after([did(1, 'a', moved('evac1', 'a', 'b')), did(2, 'c', moved('evac1', 'c', 'd'))]);
    expect(away(both)).to.deep.equal(['evac1 of a at b, running, 0000beef', 'evac1 of c at d, running, 0000beef']);
  });
});

describe('zones that an evacuation without a known end was sending', () => {
  const moves = { moves: [{ zone: 'evac1', to: 'b' }], alternatives: [{ zone: 'evac1', to: ['c', 'd'] }] };
  const perhaps = (entries: Entries): readonly string[] =>
    entries.perhaps.map(one => `${one.zone} of ${one.home} at ${one.at}, ${one.was}`);
  const sent = (args: JsonObject = moves, step = 'zones.evacuate', undo: Undo = { is: 'steps', steps: [] }): Event => ({
    ...{ type: 'action-started', undo, undoAfter: [] },
    action: { ...action(1, 'a'), args, step: stepName(step) },
  });
  const end = (outcome: Outcome, result: JsonObject = {}): Event => ({
    ...{ type: 'action-ended', action: action(1, 'a').id, born: null, outcome, why: '', result, hidden: false },
  });
  const everywhere = ['evac1 of a at b, running', 'evac1 of a at c, running', 'evac1 of a at d, running'];

  it('are perhaps at each host it was to try', () => {
    expect(perhaps(after([[sent()]]))).to.deep.equal(everywhere);
    expect(perhaps(after([[sent(), end('unknown')]]))).to.deep.equal(everywhere);
    expect(perhaps(after([[sent(), end('failed')]]))).to.deep.equal(everywhere);
  });

  it('are nowhere else when its end is known, nothing was begun, or it was put back', () => {
    expect(perhaps(after([[sent(), end('changed', moved('evac1', 'a', 'b'))]]))).to.deep.equal([]);
    expect(perhaps(after([[sent(), end('failed', { migrated: [] })]]))).to.deep.equal([]);
    expect(perhaps(after([[sent(moves, 'zones.evacuate', { is: 'nothing' }), end('failed')]]))).to.deep.equal([]);
    const id = action(1, 'a').id;
    const back: readonly Event[] = [
      { type: 'undo-started', action: id },
      { type: 'undo-ended', action: id, outcome: 'changed', why: '' },
    ];
    expect(perhaps(after([[sent(), end('failed'), ...back]]))).to.deep.equal([]);
  });

  it('aren’t meant by a trial (dry_run), nor by what other steps are told to move', () => {
    expect(perhaps(after([[sent({ ...moves, dry_run: true })]]))).to.deep.equal([]);
    expect(perhaps(after([[sent({ ...moves, dry_run: false })]]))).to.deep.equal(everywhere);
    expect(perhaps(after([[sent(moves, 'zones.return')]]))).to.deep.equal([]);
  });

  it('are perhaps there until a result tells of them, from their home or back to it', () => {
    const before = after([[sent()]]);
    expect(perhaps(after([did(2, 'a', moved('evac1', 'b', 'a'))], before))).to.deep.equal([]);
    expect(perhaps(after([did(2, 'a', moved('evac1', 'a', 'd'))], before))).to.deep.equal([]);
    expect(perhaps(after([did(2, 'a', moved('evac2', 'a', 'b'))], before))).to.deep.equal(everywhere);
    expect(perhaps(after([did(2, 'c', moved('evac1', 'c', 'd'))], before))).to.deep.equal(everywhere);
    expect(perhaps(after([did(2, 'a', moved('evac1', 'b', 'a'), true)], before))).to.deep.equal([]);
  });
});

describe('zones that stayed', () => {
  const stayed = (zone: string, was = 'running') => ({ stayed: [{ zone, was }] });
  const told = (entries: Entries) => entries.stayed.map(one => `${one.zone} on ${one.host}, ${one.was}`);

  it('are remembered until they are started again, on that host', () => {
    expect(told(after([did(1, 'a', stayed('tzone1'))]))).to.deep.equal(['tzone1 on a, running']);
    expect(told(after([did(1, 'a', stayed('tzone1')), did(2, 'a', { started: ['tzone1'] })]))).to.deep.equal([]);
    expect(told(after([did(1, 'a', stayed('tzone1')), did(2, 'b', { started: ['tzone1'] })]))).to.have.length(1);
    expect(told(after([did(1, 'a', stayed('tzone1')), did(2, 'a', { started: ['tzone2'] })]))).to.have.length(1);
  });

  it('have the newest word, once a host', () => {
    const again = [
      did(1, 'a', stayed('tzone1')),
      did(2, 'a', stayed('tzone1', 'installed')),
      did(3, 'b', stayed('tzone1')),
    ];
    expect(told(after(again))).to.deep.equal(['tzone1 on a, installed', 'tzone1 on b, running']);
  });

  it('are forgotten when that was put back', () => {
    expect(told(after([did(1, 'a', stayed('tzone1'), true)]))).to.deep.equal([]);
    expect(told(after([did(1, 'a', stayed('tzone1')), did(2, 'b', stayed('tzone1'), true)]))).to.deep.equal([
      'tzone1 on a, running',
    ]);
  });
});

describe('targets that were changed', () => {
  const former = (zone: string, target: string | null) => ({ former_targets: [{ zone, target }] });
  const told = (entries: Entries) => entries.formerTargets.map(one => `${one.zone} on ${one.host}: ${one.target}`);

  it('keep the oldest word, until they are restored on that host', () => {
    const twice = [did(1, 'a', former('evac1', 'ssh://b')), did(2, 'a', former('evac1', 'ssh://c'))];
    expect(told(after(twice))).to.deep.equal(['evac1 on a: ssh://b']);
    expect(told(after([...twice, did(3, 'a', { restored_targets: ['evac1'] })]))).to.deep.equal([]);
    expect(told(after([...twice, did(3, 'b', { restored_targets: ['evac1'] })]))).to.have.length(1);
  });

  it('may have been none', () => {
    expect(told(after([did(1, 'a', former('evac1', null))]))).to.deep.equal(['evac1 on a: null']);
  });

  it('are of one host each, and forgotten when that was put back', () => {
    const two = [did(1, 'a', former('evac1', 'ssh://b')), did(2, 'c', former('evac1', 'ssh://d'), true)];
    expect(told(after(two))).to.deep.equal(['evac1 on a: ssh://b']);
  });

  it('of an earlier run are there still', () => {
    const before = { ...noEntries, formerTargets: [{ zone: zoneName('z'), host: hostName('h'), target: null }] };
    expect(told(after([], before))).to.deep.equal(['z on h: null']);
  });
});
