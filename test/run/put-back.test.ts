// The undo of one action: what it says of itself when it is refused, unheard, cut or had nothing to do; and a run that is
// taken up, or taken back, by its journal.
import { expect } from 'chai';
import type { Law } from '../../src/model/event.ts';
import { foldAll } from '../../src/model/fold.ts';
import type { Entry } from '../../src/model/program.ts';
import { owedBy, resumeRun } from '../../src/run/run.ts';
import { MemoryJournal, portsOf } from './harness.ts';
import { handler, planOf, play, task } from './program.ts';
import { cut, log, LOOK, no, run, set, unsent } from './single.ts';
import { Toy, toyCatalogue } from './toy.ts';
import { Wire } from './wire.ts';

const fails = task('fail', { message: 'no' });
const back = { onFailure: 'rollback' } as const;
const restart = handler('restart', 'toy.log', { text: 'restarted' });
const isUndo = (event: Law): boolean => event.type === 'undo-started';

async function undo(tasks: readonly Entry[], options: Parameters<typeof run>[1] = {}) {
  const told = await run([...tasks, fails], { ...back, ...options });
  const [over] = told.journal.laws('undo-ended');
  return { told, outcome: over?.outcome, why: over?.why };
}

describe('an undo', () => {
  it('that is refused when it looks has failed; one that can’t be sent is unknown; both need a person', async () => {
    const after = (answer: typeof no | typeof unsent) =>
      new Wire((line, n) => (line === LOOK && n > 2 ? answer : null));
    const refused = await undo([set()], { wire: after(no) });
    expect([refused.outcome, refused.why, refused.told.verdict]).to.deep.equal([
      ...['failed', 'toy.set: /toy/get k: no (exit 1)', 'stuck'],
    ]);
    const unheard = await undo([set()], { wire: after(unsent) });
    expect([unheard.outcome, unheard.told.verdict]).to.deep.equal(['unknown', 'stuck']);
  });

  it('that is refused has failed', async () => {
    const wire = new Wire(line => (line === 'a: /toy/set k ' ? no : null));
    expect((await undo([set()], { wire })).outcome).to.equal('failed');
  });

  it('that says it failed has failed, in its words', async () => {
    const bad = set({ undo: [log({}, 'bad')] });
    const told = await undo([bad]);
    expect([told.outcome, told.why]).to.deep.equal(['failed', 'toy.log: it says it failed']);
    const says = { 'toy.log': { result: () => ({ failed: true, message: 'exit 3' }) } };
    expect((await undo([bad], { steps: says })).why).to.equal('toy.log: exit 3');
  });

  it('that says it changed nothing changed nothing', async () => {
    const says = (changed: boolean) => ({ 'toy.log': { result: () => ({ changed }) } });
    expect((await undo([set({ undo: [log()] })], { steps: says(false) })).outcome).to.equal('unchanged');
    expect((await undo([set({ undo: [log()] })], { steps: says(true) })).outcome).to.equal('changed');
    expect((await undo([set({ undo: [set(), log(), set()] })], { steps: says(true) })).outcome).to.equal('changed');
  });

  it('that leaves alone what somebody else changed says what stays, and is no failure', async () => {
    const says = { 'toy.log': { result: () => ({ changed: false, left: '/etc/motd stays as it is' }) } };
    const told = await undo([set({ undo: [log(), set()] })], { steps: says });
    expect([told.outcome, told.why, told.told.verdict]).to.deep.equal([
      ...['unchanged', '/etc/motd stays as it is', 'rolled-back'],
    ]);
  });

  it('of several steps ends at the first that fails', async () => {
    const wire = new Wire();
    const steps = [task('toy.never'), log()];
    expect((await undo([set({ undo: steps })], { wire })).why).to.equal('toy.never: it never can');
    expect(wire.toy.on('a').has('log')).to.equal(false);
  });

  it('that was cut is done again, begins once, and restarts what is due though nothing was left', async () => {
    const wire = new Wire();
    const told = await cut([set({ notify: ['restart'] }), fails], isUndo, { wire, ...back, handlers: [restart] });
    expect(told.journal.laws('undo-started').length).to.equal(1);
    expect(told.story.slice(2)).to.deep.equal(['undo t1@a changed', 'h1~undo@a changed']);
  });

  it('that is cut off by now stays open', async () => {
    const journal = new MemoryJournal();
    const wire = new Wire(line => (line === 'a: /toy/set k ' ? { is: 'lost', out: '', err: '' } : null));
    await run([set(), fails], {
      ...{ ...back, wire },
      more: {
        journal,
        onEvent: (event, say) => event.type === 'output' || (event.type === 'undo-started' && say('now')),
      },
    });
    expect(journal.laws('undo-ended')).to.deep.equal([]);
  });
});

describe('a run that is taken up', () => {
  const plan = planOf([play(['a'], [set(), log()])]);
  const hosts = (toy: Toy) => (name: Parameters<Toy['host']>[0]) => toy.host(name);
  const words = (journal: MemoryJournal) => journal.laws('operator-said').map(event => event.word);

  async function taken(events: MemoryJournal['events'], more: readonly Law[] = [], planDigest = 'digest') {
    const journal = new MemoryJournal(events);
    for (const event of more) await journal.append(event);
    const ports = portsOf({ plan, catalogue: toyCatalogue, hosts: hosts(new Toy()), journal });
    const { verdict } = await resumeRun({ ...ports, planDigest });
    return { verdict, words: words(journal), added: journal.events.length - events.length };
  }

  const whole = async () => (await run([set(), log()])).journal.events;
  const said = (word: 'stop' | 'now'): Law => ({ type: 'operator-said', word, who: 'joan', host: null });

  it('after it broke off needs no word; after it was stopped it is told to go on', async () => {
    const events = (await whole()).slice(0, 5);
    expect(await taken(events)).to.deep.include({ verdict: 'done', words: [] });
    for (const word of ['stop', 'now'] as const)
      expect(await taken(events, [said(word)])).to.deep.include({ verdict: 'done', words: [word, 'go-on'] });
  });

  it('before its first event reached the disk begins anew', async () => {
    expect((await taken([])).verdict).to.equal('done');
  });

  it('when it is done, or back, stays as it is', async () => {
    expect(await taken(await whole())).to.deep.equal({ verdict: 'done', words: [], added: 0 });
    const { journal } = await run([set(), fails], back);
    expect(await taken(journal.events)).to.deep.equal({ verdict: 'rolled-back', words: [], added: 0 });
  });

  it('with another plan than it was begun with isn’t', async () => {
    const failure = await taken(await whole(), [], 'another').catch((error: unknown) => String(error));
    expect(failure).to.equal('Error: the journal of run 0000beef belongs to another plan');
  });
});

describe('what a rollback would undo', () => {
  it('is shown newest first, over all hosts', async () => {
    const toy = new Toy();
    const key = (name: string) => task('toy.set', { key: name, value: '1' });
    const ports = portsOf({
      ...{ plan: planOf([play(['a', 'b'], [key('k'), key('l')])]), catalogue: toyCatalogue },
      hosts: name => toy.host(name),
    });
    await resumeRun(ports);
    const owed = owedBy(foldAll(ports.journal.events));
    expect(owed.map(one => one.seq)).to.deep.equal(owed.map(one => one.seq).toSorted((a, b) => b - a));
    expect(owed.length).to.equal(4);
  });
});
