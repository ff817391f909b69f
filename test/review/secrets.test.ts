// What a resumed process may tell: it must know the secrets of the process that died.
import { expect } from 'chai';
import type { Event, Stamped } from '../../src/model/event.ts';
import { actionId, hostName, stepName, taskId } from '../../src/model/ids.ts';
import type { Journal } from '../../src/model/ports.ts';
import { redacting } from '../../src/cli/running.ts';

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
