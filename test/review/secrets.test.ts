// What may be told and written: a resumed process must know the secrets of the process that died, and whoever is given
// a secret in whatever dress is hidden.
import { expect } from 'chai';
import type { Event, Stamped } from '../../src/model/event.ts';
import { born } from '../../src/model/birth.ts';
import { actionId, hostName, runId, stepName, taskId } from '../../src/model/ids.ts';
import type { Journal } from '../../src/model/ports.ts';
import { redacting } from '../../src/cli/run-ports.ts';
import { holdsSecret } from '../../src/model/scope.ts';
import { known } from '../../src/model/value.ts';
import { quoteWord } from '../../src/text/shell.ts';
import { evaluate } from '../run/evaluate.ts';
import { task } from '../run/program.ts';
import { toyCatalogue } from '../run/toy.ts';

const NO_CONTEXT = {
  facts: null,
  migrations: [],
  staying: [],
  fleet: {},
  reserveBytes: () => null,
  cpuClass: () => null,
  returns: () => null,
};

const host = hostName('nacaozumbi');
const lane = { is: 'host', host } as const;
const action = {
  ...{ id: actionId(taskId('x/1.t1'), null, lane), task: taskId('x/1.t1'), lane, on: host, step: stepName('command') },
  ...{ args: { cmd: 'login --with tiger-in-the-tank' }, environment: { TOKEN: 'swordfish-at-noon' } },
  ...{ become: { method: 'none' as const, user: '' }, limitMs: null, hidden: true },
} as const;
const started: Event = { type: 'action-started', action, undo: { is: 'nothing' }, undoAfter: [] };

function journalOf(events: readonly Event[]): Journal & { readonly written: Event[] } {
  const written: Event[] = [];
  return {
    written,
    async append(event) {
      written.push(event);
      return { ...event, v: 1, seq: 1, at: 0, prev: '' } as never;
    },
    async *read() {
      for (const event of events) yield event as Stamped;
    },
  };
}

describe('a resumed run', () => {
  it('tells no secret that the process before it was given, in arguments or in variables', async () => {
    const journal = journalOf([started]);
    const clean = redacting(journal);
    for await (const _ of clean.read());
    const text = 'TOKEN=swordfish-at-noon: login --with tiger-in-the-tank failed';
    await clean.append({ type: 'noted', level: 'warning', text });
    expect(JSON.stringify(journal.written)).to.not.match(/swordfish|tiger/);
  });
});

describe('what was typed as a secret at the start', () => {
  const began: Event = {
    ...{ type: 'run-started', run: runId('0a1b7f3a'), plan: '', by: 'joan', check: false },
    ...{ values: { pw: "it's a tiger" }, hidden: ['pw'] },
  };
  const open = { ...action, args: { cmd: 'cat /etc/token' }, environment: {}, hidden: false };

  it('is found in what a shell is given, in whatever way it is quoted', () => {
    for (const cmd of [`login --with ${quoteWord("it's a tiger")}`, JSON.stringify({ pw: "it's a tiger" })])
      expect(holdsSecret({ cmd }, ["it's a tiger"]), cmd).to.equal(true);
    expect(holdsSecret({ cmd: 'login' }, ["it's a tiger"])).to.equal(false);
  });

  it('is sealed in what any host says of it, though nobody gave it to that task', async () => {
    const journal = journalOf([began]);
    const clean = redacting(journal);
    for await (const _ of clean.read());
    const said = { stdout: "the token is it's a tiger", rc: 0 };
    const ends = { action: action.id, born: open, outcome: 'changed', why: '', hidden: false } as const;
    await clean.append({ type: 'action-ended', ...ends, result: said });
    await clean.append({ type: 'action-ended', ...ends, result: { stdout: 'nothing', rc: 0 } });
    await clean.append({ type: 'attempt-ended', action: action.id, n: 1, result: said, hidden: false });
    expect(journal.written.map(event => 'hidden' in event && event.hidden)).to.deep.equal([true, false, true]);
  });

  it('hides an action also when only its undo is given it', () => {
    const undo = [{ step: stepName('toy.set'), args: { key: known('pw'), value: known('tiger') } }];
    const one = task('toy.set', { key: 'k', value: '1' }, { undo });
    const got = born({
      ...{
        task: one,
        id: one.id,
        item: null,
        lane,
        home: host,
        scope: { layers: [] },
        veiled: null,
        evaluate,
        secrets: ['tiger'],
      },
      ...{ catalogue: toyCatalogue, context: on => ({ ...NO_CONTEXT, host: on }), become: () => action.become },
    });
    expect(got.is === 'got' && got.value.action.hidden).to.equal(true);
  });
});
