// Letters beside a run: in order, tried a few times, never twice where the first may have been read, never for long.
import { expect } from 'chai';
import { Outbox, type Parcel } from '../../src/edge/outbox.ts';
import type { Letter, Posted } from '../../src/model/ports.ts';

interface Desk {
  readonly box: Outbox;
  readonly lost: string[];
  readonly posted: string[];
  readonly slept: number[];
}

/** @param answers of the far side, the last of them again and again. null: none until it is given up. */
function desk(...answers: readonly (Posted | null)[]): Desk {
  const [lost, posted, slept]: [string[], string[], number[]] = [[], [], []];
  let taken = 0;
  const post = (letter: Letter, giveUp?: AbortSignal): Promise<Posted> => {
    posted.push(letter.body);
    const answer = answers[Math.min(taken, answers.length - 1)] ?? null;
    taken += 1;
    if (answer !== null) return Promise.resolve(answer);
    return new Promise(resolve =>
      giveUp?.addEventListener('abort', () => resolve({ is: 'unanswered', why: 'it was given up' }), { once: true }),
    );
  };
  // The long wait of the end is over at once, but behind everything that is ready.
  const sleep = (ms: number): Promise<void> => {
    slept.push(ms);
    return new Promise(resolve => setImmediate(resolve));
  };
  return { box: new Outbox({ post, clock: { sleep }, lost: text => void lost.push(text) }), lost, posted, slept };
}

const parcel = (body: string, host = 'a.example.org'): Parcel => ({
  letter: { url: `https://${host}/secret`, headers: {}, body },
  origin: `https://${host}`,
  what: `news ${body}`,
});
const TAKEN: Posted = { is: 'taken', status: 200 };
const BUSY: Posted = { is: 'declined', status: 503, why: 'it answered 503' };

describe('letters beside a run', () => {
  it('arrive in the order in which they were sent', async () => {
    const { box, posted, lost } = desk(TAKEN);
    for (const body of ['1', '2', '3']) box.send(parcel(body));
    await box.end(10);
    expect(posted).to.deep.equal(['1', '2', '3']);
    expect(lost).to.deep.equal([]);
  });

  it('are tried again, each time later, by one who says "not now" or can not be reached', async () => {
    const { box, posted, slept, lost } = desk(BUSY, { is: 'not-sent', why: 'refused' }, TAKEN);
    box.send(parcel('1'));
    while (posted.length < 3) await new Promise(resolve => setImmediate(resolve));
    await box.end(10);
    expect(posted).to.deep.equal(['1', '1', '1']);
    expect(slept.slice(0, 2)).to.deep.equal([1_000, 4_000]);
    expect(lost).to.deep.equal([]);
  });

  it('are not sent again where the first may have been read, or will never be taken', async () => {
    const unanswered = desk({ is: 'unanswered', why: 'no answer in 10 s' });
    unanswered.box.send(parcel('1'));
    await unanswered.box.end(10);
    expect(unanswered.posted).to.deep.equal(['1']);
    const unread = 'https://a.example.org was not told of news 1: no answer in 10 s; nobody knows whether it was read';
    expect(unanswered.lost).to.deep.equal([unread]);
    const refused = desk({ is: 'declined', status: 403, why: 'it answered 403' });
    refused.box.send(parcel('1'));
    await refused.box.end(10);
    expect(refused.posted).to.deep.equal(['1']);
    expect(refused.lost).to.deep.equal(['https://a.example.org was not told of news 1: it answered 403']);
  });

  it('of one address wait for none of another', async () => {
    const { box, posted } = desk(null, TAKEN);
    box.send(parcel('1'));
    box.send(parcel('2', 'b.example.org'));
    await box.end(10);
    expect(posted).to.deep.equal(['1', '2']);
  });

  it('are given up a while after the end of the run, and told as lost', async () => {
    const { box, lost, slept } = desk(null);
    box.send(parcel('1'));
    box.send(parcel('2'));
    await box.end(10);
    expect(slept).to.deep.equal([10]);
    const why = 'the run was over, and it took too long';
    expect(lost).to.deep.equal(['1', '2'].map(body => `https://a.example.org was not told of news ${body}: ${why}`));
    box.send(parcel('3'));
    expect(lost).to.have.lengthOf(3);
  });

  it('are not heaped up without end, and neither is what is told of the lost ones', async () => {
    const { box, posted, lost } = desk(null);
    for (let n = 0; n < 600; n += 1) box.send(parcel(String(n)));
    await box.end(10);
    expect(posted).to.have.lengthOf(1);
    expect(lost).to.have.lengthOf(11);
    expect(lost[0]).to.contain('too much is waiting for it');
    expect(lost.at(-1)).to.equal('590 more messages did not reach https://a.example.org');
  });
});
