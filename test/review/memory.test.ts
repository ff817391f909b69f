// What a run remembers for the next one: zones that left before a refusal, zones that people moved in between, zones
// that stayed once and left later.
import { expect } from 'chai';
import type { Event } from '../../src/model/event.ts';
import { foldAll } from '../../src/model/fold.ts';
import { actionId, type HostName, hostName, runId, stepName, taskId, zoneName } from '../../src/model/ids.ts';
import { entriesAfter, type Entries, noEntries } from '../../src/model/ledger-fold.ts';
import type { RunState } from '../../src/model/state.ts';
import type { Step } from '../../src/model/step.ts';
import { resumeRun, runPlan } from '../../src/run/run.ts';
import { MemoryJournal, portsOf } from '../run/harness.ts';
import { play, planOf, task } from '../run/program.ts';
import { catalogueOf, Toy, toySteps } from '../run/toy.ts';

import { Fleet } from '../steps/fleet.ts';
import { Controller } from '../steps/perform.ts';
import { z } from 'zod';

/** A run of steps whose results say what is given, one after another, on host a. */
async function ran(results: readonly object[]): Promise<RunState> {
  const journal = new MemoryJournal();
  const found = toySteps.find(one => one.name === 'set_fact');
  if (found === undefined) throw new Error('no set_fact');
  const saying = {
    ...found,
    name: stepName('say'),
    args: () => z.looseObject({}),
    result: (args: object) => ({ ...args }),
  };
  const tasks = results.map(result => task('say', result as never));
  const toy = new Toy();
  const catalogue = catalogueOf([...toySteps, saying as never]);
  await runPlan(portsOf({ plan: planOf([play(['a'], tasks)]), catalogue, hosts: name => toy.host(name), journal }));
  return foldAll(journal.events);
}

const after = async (before: Entries, ...results: readonly object[]) => entriesAfter(before, await ran(results));
const went = (from: string, to: string) => ({ migrated: [{ zone: 'evac1', from, to, was: 'running' }] });
const places = ({ away }: Entries) => away.map(({ zone, home, at }) => `${zone} of ${home} on ${at}`);

describe('the ledger', () => {
  it('knows a zone once, though somebody brought it home by hand before it left again', async () => {
    const first = await after(noEntries, went('a', 'b'));
    expect(places(await after(first, went('a', 'c')))).to.deep.equal(['evac1 of a on c']);
    expect(places(await after(first, went('a', 'c'), went('c', 'a')))).to.deep.equal([]);
  });

  it('knows a zone at home, though somebody had moved it on before it came', async () => {
    const first = await after(noEntries, went('a', 'b'));
    expect(places(await after(first, went('d', 'a')))).to.deep.equal([]);
  });

  it('forgets that a zone stayed once it has left', async () => {
    const stayed = await after(noEntries, { stayed: [{ zone: 'evac1', was: 'installed' }] });
    expect(stayed.stayed).to.have.length(1);
    expect((await after(stayed, went('a', 'b'))).stayed).to.deep.equal([]);
  });

  it('keeps zones of one name on two hosts apart', async () => {
    const web = { zone: zoneName('evac1'), home: hostName('x'), at: hostName('y'), was: 'running' };
    const before = { ...noEntries, away: [{ ...web, run: 'cafe0000' as never }] };
    expect(places(await after(before, went('a', 'b')))).to.deep.equal(['evac1 of x on y', 'evac1 of a on b']);
  });
});

describe('an evacuation that is refused half way', () => {
  it('tells the ledger of the zone that had left by then', async () => {
    const journal = new MemoryJournal();
    const found = toySteps.find(one => one.name === 'toy.set');
    if (found === undefined) throw new Error('no toy.set');
    let gone = false;
    const half: Step = {
      ...{ ...found, name: stepName('half'), args: () => z.looseObject({}) as never },
      check: () => Promise.resolve({ is: 'todo', seen: { gone }, text: 'evac2 is here' }),
      apply: () => {
        gone = true;
        const said = { command: 'svccfg', status: 'exit 1', out: '', err: '', why: 'no' };
        return Promise.resolve({ is: 'refused', refusal: { is: 'refused', ...said } });
      },
      undo: () => ({ is: 'left', why: 'a test' }),
      result: (_, __, seen) => (seen.gone === true ? went('a', 'b') : { migrated: [] }),
    };
    const plan = planOf([play(['a'], [task('half')], { onFailure: 'hold' })]);
    const toy = new Toy();
    const catalogue = catalogueOf([...toySteps, half]);
    const end = await runPlan(portsOf({ plan, catalogue, hosts: name => toy.host(name), journal }));
    expect([end.verdict, end.why]).to.deep.equal(['stuck', 'a: half : svccfg: no (exit 1)']);
    expect(places(entriesAfter(noEntries, end.state))).to.deep.equal(['evac1 of a on b']);
  });
});

describe('an evacuation of which nobody saw the end', () => {
  const lane = { is: 'host', host: hostName('a') } as const;
  const id = actionId(taskId('x/1.t1'), null, lane);
  const args = { moves: [{ zone: 'evac1', to: 'b', gib: 4 }], alternatives: [{ zone: 'evac1', to: ['c'] }] };
  const action = {
    ...{ id, task: taskId('x/1.t1'), lane, on: hostName('a'), step: stepName('zones.evacuate'), args },
    ...{ become: { method: 'none' as const, user: '' }, environment: {}, limitMs: null, hidden: false },
  };
  const started: Event[] = [
    { type: 'run-started', run: runId('0000beef'), plan: '', by: 'joan', check: false, values: {} },
    { type: 'action-started', action, undo: { is: 'nothing' }, undoAfter: [] },
  ];
  const unknown: Event = {
    ...{ type: 'action-ended', action: id, born: null, outcome: 'unknown', why: 'lost', result: {}, hidden: false },
  };

  it('leaves zones that may be on their destinations, until somebody sees where they are', async () => {
    for (const events of [started, [...started, unknown]]) {
      const entries = entriesAfter(noEntries, foldAll(events));
      expect(entries.perhaps.map(({ zone, home, at }) => `${zone} of ${home} on ${at}`)).to.deep.equal([
        'evac1 of a on b',
        'evac1 of a on c',
      ]);
      expect((await after(entries, went('b', 'a'))).perhaps).to.deep.equal([]);
    }
  });

  it('keeps the host that holds such a zone from being closed', async () => {
    const fleet = new Fleet();
    fleet.add('b').zone('evac1');
    const admin = new Controller(fleet);
    admin.memory.perhaps.push(...entriesAfter(noEntries, foldAll(started)).perhaps);
    const end = await admin.perform('maintenance.begin', { message: 'x' }, 'b');
    expect([end.outcome, fleet.host('b').maintenance]).to.deep.equal(['failed', null]);
    expect(end.why).to.include('holds evac1 of a');
    const other = new Fleet();
    other.add('c').zone('evac1', { state: 'configured' });
    const calm = new Controller(other);
    calm.memory.perhaps.push(...entriesAfter(noEntries, foldAll(started)).perhaps);
    expect((await calm.perform('maintenance.begin', { message: 'x' }, 'c')).outcome).to.equal('changed');
  });
});

describe('a rehearsal (--check)', () => {
  it('leaves nothing in the ledger: what was only foreseen did not happen', () => {
    const lane = { is: 'host', host: hostName('a') } as const;
    const id = actionId(taskId('x/1.t1'), null, lane);
    const born = {
      ...{ id, task: taskId('x/1.t1'), lane, on: hostName('a'), step: stepName('zones.evacuate'), args: {} },
      ...{ become: { method: 'none' as const, user: '' }, environment: {}, limitMs: null, hidden: false },
    };
    const result = { ...went('a', 'b'), stayed: [{ zone: 'tzone1', was: 'running' }], changed: true };
    const events: Event[] = [
      { type: 'run-started', run: runId('0000beef'), plan: '', by: 'joan', check: true, values: {} },
      { type: 'action-ended', action: id, born, outcome: 'would-change', why: '', result, hidden: false },
    ];
    expect(entriesAfter(noEntries, foldAll(events))).to.deep.equal(noEntries);
  });
});

describe('an evacuation that is taken up after a crash, on a host that somebody opened meanwhile', () => {
  it('fails, and tells the ledger of the zones that had left', async () => {
    const found = toySteps.find(one => one.name === 'toy.set');
    if (found === undefined) throw new Error('no toy.set');
    let crashed = false;
    const half: Step = {
      ...{ ...found, name: stepName('half'), args: () => z.looseObject({}) as never },
      check: () =>
        Promise.resolve(
          crashed
            ? { is: 'blocked', seen: { gone: true }, why: 'the host is open' }
            : { is: 'todo', seen: { gone: false }, text: 'evac1 is here' },
        ),
      apply: () => Promise.reject(new Error('never')),
      undo: () => ({ is: 'left', why: 'a test' }),
      result: (_, __, seen) => (seen.gone === true ? went('a', 'b') : { migrated: [] }),
    };
    const plan = planOf([play(['a'], [task('half')], { onFailure: 'hold' })]);
    const toy = new Toy();
    const more = { plan, catalogue: catalogueOf([...toySteps, half]), hosts: (name: HostName) => toy.host(name) };
    const journal = new MemoryJournal();
    await runPlan(portsOf({ ...more, journal })).catch(() => null);
    crashed = true;
    const began = journal.events.slice(0, journal.events.findIndex(({ type }) => type === 'action-started') + 1);
    const end = await resumeRun(portsOf({ ...more, journal: new MemoryJournal(began) }));
    expect(end.why).to.include('the host is open');
    expect(places(entriesAfter(noEntries, end.state))).to.deep.equal(['evac1 of a on b']);
  });
});
