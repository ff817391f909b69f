// The journal file: what is in it was on disk before anybody heard of it, and no byte of it changes unseen.
import { randomBytes } from 'node:crypto';
import { readFileSync, statSync, writeFileSync, readdirSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { createJournal, readJournal, reopenJournal } from '../../src/edge/journal-file.ts';
import { DamagedJournal, digestOfLine, NO_LINE_BEFORE, readLines } from '../../src/edge/journal-lines.ts';
import { seal, unseal } from '../../src/edge/seal.ts';
import type { Action } from '../../src/model/action.ts';
import type { Event, Stamped } from '../../src/model/event.ts';
import { actionId, hostName, stepName, taskId } from '../../src/model/ids.ts';
import type { Clock } from '../../src/model/ports.ts';
import { freshFolders } from './folder.ts';

const key = randomBytes(32);
const clock: Clock = { now: () => 1_795_000_000_000, monotonicMs: () => 0, sleep: () => Promise.resolve() };
const note = (text: string): Event => ({ type: 'noted', level: 'note', text });

const lane = { is: 'host', host: hostName('nacaozumbi') } as const;
const task = taskId('secret/1.t1');
const hiddenAction: Action = {
  id: actionId(task, null, lane),
  task,
  lane,
  on: hostName('nacaozumbi'),
  step: stepName('command'),
  args: { cmd: 'hunter2-argument' },
  become: { method: 'none', user: 'root' },
  environment: { PASSWORD: 'hunter2-environment' },
  limitMs: null,
  hidden: true,
};
const hiddenEvents: readonly Event[] = [
  {
    type: 'action-started',
    action: hiddenAction,
    undo: { is: 'steps', steps: [{ step: stepName('command'), args: { cmd: 'hunter2-undo' } }] },
    undoAfter: [],
  },
  { type: 'attempt-ended', action: hiddenAction.id, n: 1, result: { stdout: 'hunter2-attempt' }, hidden: true },
  {
    type: 'action-ended',
    action: hiddenAction.id,
    born: hiddenAction,
    outcome: 'changed',
    why: '',
    result: { stdout: 'hunter2-result' },
    hidden: true,
  },
  { type: 'loop-fixed', task, lane, items: ['hunter2-item', { sealed: 'looks like one' }], hidden: true },
];

async function all(events: AsyncIterable<Stamped>): Promise<readonly Stamped[]> {
  const list: Stamped[] = [];
  for await (const event of events) list.push(event);
  return list;
}

const plain = (event: Stamped): unknown => {
  const { v: _v, seq: _seq, at: _at, prev: _prev, ...rest } = event;
  return rest;
};

describe('the journal file', () => {
  const folder = freshFolders();
  const path = (): string => join(folder(), 'journal.jsonl');

  it('numbers and chains lines in the order of the calls, however many wait at once', async () => {
    const file = path();
    const journal = await createJournal(file, key, clock);
    const order: number[] = [];
    await Promise.all(
      Array.from({ length: 300 }, async (_, n) => {
        const line = await journal.append(note(`n ${n}`));
        expect(line.seq).to.equal(n + 1);
        order.push(line.seq);
      }),
    );
    await journal.close();
    expect(order).to.deep.equal(Array.from({ length: 300 }, (_, n) => n + 1));
    const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1);
    expect(lines.map(line => JSON.parse(line).text)).to.deep.equal(order.map(n => `n ${n - 1}`));
    expect(lines.map(line => JSON.parse(line).prev)).to.deep.equal([
      NO_LINE_BEFORE,
      ...lines.slice(0, -1).map(digestOfLine),
    ]);
  });

  it('a line is on disk before its append resolves, and before a listener hears of it', async () => {
    const file = path();
    const journal = await createJournal(file, key, clock);
    const heard: boolean[] = [];
    journal.subscribe(line => heard.push(readFileSync(file, 'utf8').includes(`"seq":${line.seq},`)));
    for (const text of ['one', 'two']) {
      await journal.append(note(text));
      expect(readFileSync(file, 'utf8')).to.contain(`"text":"${text}"}\n`);
    }
    expect(heard).to.deep.equal([true, true]);
    await journal.close();
  });

  /** As the kernel says; 0o10000 is O_DSYNC. */
  function writesThrough(file: string): boolean {
    const fd = readdirSync('/proc/self/fd').find(name => linkOf(name) === file);
    const flags = /^flags:\s*([0-7]+)$/m.exec(readFileSync(`/proc/self/fdinfo/${fd}`, 'utf8'))?.[1] ?? '';
    return (Number.parseInt(flags, 8) & 0o10000) !== 0;
  }

  function linkOf(fd: string): string {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`);
    } catch {
      return '';
    }
  }

  it('is written through to the disk, new or gone on with', async function () {
    if (process.platform !== 'linux') this.skip();
    const file = path();
    for (const opening of [createJournal, reopenJournal]) {
      const journal = await opening(file, key, clock);
      expect(writesThrough(file), opening.name).to.equal(true);
      await journal.append(note('through'));
      await journal.close();
    }
  });

  it('is for its owner alone and never written over', async () => {
    const file = path();
    await (await createJournal(file, key, clock)).close();
    expect(statSync(file).mode & 0o777).to.equal(0o600);
    expect(await createJournal(file, key, clock).catch((error: Error) => error.message)).to.contain('EEXIST');
  });

  it('goes on after a torn last line, and says how much of it was dropped', async () => {
    const file = path();
    const first = await createJournal(file, key, clock);
    await first.append(note('whole'));
    await first.close();
    writeFileSync(file, '{"v":1,"seq":2,"at', { flag: 'a' });
    const second = await reopenJournal(file, key, clock);
    expect(second.tornBytes).to.equal(18);
    await second.append(note('goes on'));
    expect((await all(second.read())).map(plain)).to.deep.equal([note('whole'), note('goes on')]);
    await second.close();
  });

  it('cut at any byte it reads as the lines that were whole, and nothing else', async () => {
    const file = path();
    const journal = await createJournal(file, key, clock);
    const events = ['eins', 'zwei: äöü 🧳', 'drei\nlines'].map(note);
    for (const event of events) await journal.append(event);
    await journal.close();
    const bytes = readFileSync(file);
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: bytes.length }),
        fc.integer({ min: 1, max: 90 }),
        async (cut, size) => {
          const text = bytes.subarray(0, cut);
          const chunks = Array.from({ length: Math.ceil(cut / size) }, (_, n) =>
            text.subarray(n * size, (n + 1) * size),
          );
          let torn = -1;
          const read = await all(readLines(chunks, tail => (torn = tail.torn)));
          const whole = text.filter(byte => byte === 10).length;
          expect(read.map(plain)).to.deep.equal(events.slice(0, whole));
          expect(torn).to.equal(cut - (text.lastIndexOf(10) + 1));
        },
      ),
      { numRuns: 400 },
    );
  });

  it('any byte changed before the last newline is damage, never a different history', async () => {
    const file = path();
    const journal = await createJournal(file, key, clock);
    for (const text of ['one', 'two', 'three']) await journal.append(note(text));
    await journal.close();
    const bytes = readFileSync(file);
    // The last line has no line after it that would vouch for it, so a change of its text alone can't be seen.
    const vouched = bytes.subarray(0, -1).lastIndexOf(10) + 1;
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: vouched - 1 }), fc.integer({ min: 1, max: 255 }), async (at, flip) => {
        const changed = Buffer.from(bytes);
        changed[at] = (changed[at] ?? 0) ^ flip;
        const outcome = await all(readLines([changed], () => {})).catch((error: unknown) => error);
        expect(outcome).to.be.instanceOf(DamagedJournal);
      }),
      { numRuns: 300 },
    );
  });

  it('after a failed write nothing more is written, and every waiting append says so', async () => {
    const journal = await createJournal(path(), key, clock);
    await journal.close();
    const outcomes = await Promise.allSettled([journal.append(note('a')), journal.append(note('b'))]);
    expect(outcomes.map(outcome => outcome.status)).to.deep.equal(['rejected', 'rejected']);
    expect((await Promise.allSettled([journal.append(note('c'))]))[0]?.status).to.equal('rejected');
  });

  it('hidden arguments, environments, results, undos and items are sealed on disk and for listeners, and open for the run', async () => {
    const file = path();
    const journal = await createJournal(file, key, clock);
    const heard: string[] = [];
    journal.subscribe(line => heard.push(JSON.stringify(line)));
    const returned = [];
    for (const event of hiddenEvents) returned.push(plain(await journal.append(event)));
    expect(returned).to.deep.equal(hiddenEvents);
    expect((await all(journal.read())).map(plain)).to.deep.equal(hiddenEvents);
    await journal.close();
    expect(readFileSync(file, 'utf8')).to.not.contain('hunter2');
    expect(heard.map(line => `${line}\n`).join('')).to.equal(readFileSync(file, 'utf8'));
    const closed = await all(readJournal(file, null).events);
    expect(closed.map(event => event.type)).to.deep.equal(hiddenEvents.map(event => event.type));
    expect(JSON.stringify(closed)).to.not.contain('hunter2');
  });
});

describe('a sealed value', () => {
  it('opens with its own key and no other', () => {
    fc.assert(
      fc.property(fc.json(), text => {
        const value = JSON.parse(text);
        const sealed = seal(value, key);
        expect(unseal(sealed.sealed, key)).to.deep.equal(JSON.parse(JSON.stringify(value)));
        expect(() => unseal(sealed.sealed, randomBytes(32))).to.throw();
      }),
    );
  });
});
