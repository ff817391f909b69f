// What a long command says is told once, however often its runner dies: the journal knows how far, and who takes the
// command up goes on from there.
import { expect } from 'chai';
import type { Stamped } from '../../src/model/event.ts';
import { NOTHING_TOLD, type ToldBytes } from '../../src/model/told-output.ts';
import type { Far, Said } from '../../src/run/detached/job.ts';
import { supervise } from '../../src/run/detached/watch.ts';
import { openSecretIn } from '../../src/text/open-secret.ts';
import { SecretForms } from '../../src/text/secret-forms.ts';
import { MemoryJournal } from '../run/harness.ts';
import { PAIR } from '../laws/fleets.ts';
import { type Outcome, type Subject, tried } from '../laws/subject.ts';
import { shipped } from '../laws/world.ts';
import { begun, endOf, farOf, fleet, jobOf, lineFor } from './kit.ts';

const UPDATE = { fleet: PAIR, playbook: 'playbooks/update.yml', limit: 'nacaozumbi' };

const isOutput = (event: Stamped) => event.type === 'output';

const saidIn = (events: readonly Stamped[]): string =>
  events.flatMap(event => (event.type === 'output' && event.stream === 'out' ? [event.text] : [])).join('');

/** A controller whose build of zoneferry didn't write how far it had told. */
function older(events: readonly Stamped[]): readonly Stamped[] {
  return events.map(event => {
    if (event.type !== 'output') return event;
    const { of: _, ...rest } = event;
    return rest;
  });
}

/** The journal knows these as secrets; runners in memory write it as it is. */
function knowing(subject: Subject, ...secrets: readonly string[]): Subject {
  const openSecret = openSecretIn(new SecretForms(secrets));
  return { ...subject, setting: (world, journal) => ({ ...subject.setting?.(world, journal), openSecret }) };
}

async function dyingAt(subject: Subject, seq: number, remembered = (all: readonly Stamped[]) => all): Promise<Outcome> {
  const cut = await tried(subject, { journal: new MemoryJournal([], seq, 'silent') });
  const journal = new MemoryJournal(remembered(cut.journal.events));
  return tried(subject, { world: cut.world, journal, resume: true });
}

describe('a run that dies between two words of a long command, and is resumed', function () {
  this.timeout(60_000);

  it('tells each of them once', async () => {
    const subject = await shipped(UPDATE);
    const whole = await tried(subject);
    const outputs = whole.journal.events.filter(isOutput);
    expect(outputs.length).to.be.greaterThan(5);
    for (const at of [0, 1, Math.floor(outputs.length / 2), outputs.length - 1]) {
      const resumed = await dyingAt(subject, outputs[at]?.seq ?? 0);
      expect(resumed.ran?.verdict).to.equal('done');
      expect(saidIn(resumed.journal.events), String(at)).to.equal(saidIn(whole.journal.events));
    }
  });

  it('tells them from the start where the journal is of before it said how far, and from then on once', async () => {
    const subject = await shipped(UPDATE);
    const whole = await tried(subject);
    const seq = whole.journal.events.filter(isOutput)[2]?.seq ?? 0;
    const resumed = await dyingAt(subject, seq, older);
    expect(resumed.ran?.verdict).to.equal('done');
    const events = resumed.journal.events;
    expect(saidIn(events.slice(seq))).to.equal(saidIn(whole.journal.events));
  });
});

describe('a run whose host says secrets, wherever the polls cut them', function () {
  this.timeout(60_000);

  it('tells none of them in two pieces, and each of its words once, though it dies and is resumed', async () => {
    const plain = await shipped(UPDATE);
    const said = saidIn((await tried(plain)).journal.events);
    const pieces = (await tried(plain)).journal.events.flatMap(event =>
      event.type === 'output' && event.stream === 'out' ? [event.text] : [],
    );
    // Across the ends of the pieces that it comes in.
    const [one = '', two = '', three = ''] = pieces;
    const secrets = [`${one.slice(-25)}${two.slice(0, 5)}`, `${two.slice(-20)}${three.slice(0, 20)}`];
    expect(new Set(secrets.map(secret => said.split(secret).length))).to.deep.equal(new Set([2]));
    const subject = knowing(plain, ...secrets);
    const whole = await tried(subject);
    expect(saidIn(whole.journal.events)).to.equal(said);
    const outputs = whole.journal.events.filter(isOutput);
    for (const { seq } of outputs.slice(0, 4)) {
      const { ran, journal } = await dyingAt(subject, seq);
      expect(ran?.verdict).to.equal('done');
      expect(saidIn(journal.events)).to.equal(said);
      const texts = journal.events.flatMap(event => (event.type === 'output' ? [event.text] : []));
      for (const secret of secrets) expect(texts.filter(text => text.includes(secret))).to.have.length(1);
    }
  });
});

describe('a command that is watched a second time', () => {
  const bytes = (skip: number, count: number): string => `dd if=/tmp/f bs=1 skip=${skip} count=${count} 2>/dev/null`;
  /** Cut in the middle of the ã. */
  const line = lineFor(`printf 'São\\nPaulo\\n' >/tmp/f; ${bytes(0, 2)}; sleep 300; ${bytes(2, 9)}`);

  /** Whoever watches goes away when it was heard for the first time. */
  async function heardOnce(far: Far): Promise<readonly Said[]> {
    const heard: Said[] = [];
    const leaving = { ...far, stopping: () => heard.length > 0 };
    const outcome = await supervise(leaving, jobOf(line, { onOutput: said => void heard.push(said) }));
    expect(outcome.is).to.equal('left-alone');
    return heard;
  }

  it('goes on behind the last whole character that was told', async () => {
    const far = farOf(fleet());
    const [first, ...more] = await heardOnce(far);
    expect([first?.text, first?.upTo, more]).to.deep.equal(['S', 1, []]);
    const heard: Said[] = [];
    const work = { is: 'begun', folder: await begun(far, line) } as const;
    const told = (): ToldBytes => ({ out: first?.upTo ?? 0, err: 0 });
    const ended = endOf(await supervise(far, jobOf(line, { work, told, onOutput: said => void heard.push(said) })));
    expect(heard.map(({ text }) => text).join('')).to.equal('ão\nPaulo\n');
    expect(heard.map(({ again }) => again)).to.not.include(true);
    expect(ended).to.deep.include({ is: 'exited', code: 0 });
  });

  it('has nothing new to say when it is over and all of it was told, half a character at its end included', async () => {
    const far = farOf(fleet());
    const half = lineFor(`printf 'São\\n' >/tmp/f; ${bytes(0, 2)}`);
    const first: Said[] = [];
    await supervise(far, jobOf(half, { onOutput: said => void first.push(said) }));
    expect(first.map(({ text }) => text).join('')).to.equal('S\uFFFD');
    const heard: Said[] = [];
    const told = (): ToldBytes => ({ out: first.at(-1)?.upTo ?? 0, err: 0 });
    await supervise(far, jobOf(half, { told, onOutput: said => void heard.push(said) }));
    expect(heard.map(({ text }) => text).join('')).to.equal('S\uFFFD');
    expect(heard.filter(({ again }) => !again)).to.deep.equal([]);
  });

  it('is heard whole by who wants to read it, with what was told before marked as that', async () => {
    const far = farOf(fleet());
    const [first] = await heardOnce(far);
    const heard: Said[] = [];
    const told = (folder: string): ToldBytes => (folder === first?.folder ? { out: first.upTo, err: 0 } : NOTHING_TOLD);
    const ended = endOf(await supervise(far, jobOf(line, { told, onOutput: said => void heard.push(said) })));
    expect(ended).to.deep.equal({ is: 'exited', code: 0, out: 'São\nPaulo\n', err: '' });
    const [again, fresh] = [true, false].map(one => heard.filter(said => said.again === one));
    expect(again?.map(({ text }) => text).join('')).to.equal('S');
    expect(fresh?.map(({ text }) => text).join('')).to.equal('ão\nPaulo\n');
  });
});
