// What a command came to: an answer, a refusal, something unreadable, or nothing heard.
import { expect } from 'chai';
import { type Ended, type Exited, ok, refused, unreadable } from '../../src/model/command.ts';
import { answer, type Refusal, tellRefusal } from '../../src/model/refusal.ts';

const said: Exited = { is: 'exited', code: 1, out: 'o', err: 'e' };
const never = (): never => {
  throw new Error('read without an ending');
};

function refusalOf(ended: Ended, read: Parameters<typeof answer>[2] = never): Refusal {
  const got = answer('zoneadm list', ended, read);
  if (got.is === 'ok') throw new Error('answered');
  return got.refusal;
}

describe('what a command came to', () => {
  it('is the value that its reader found', () => {
    expect(answer('true', said, () => ok(7))).to.deep.equal({ is: 'ok', value: 7 });
  });

  it('is read only when its end was seen', () => {
    expect(refusalOf({ is: 'lost', out: 'half', err: '' })).to.include({ is: 'lost', out: 'half' });
    expect(refusalOf({ is: 'timed-out', out: '', err: '' })).to.have.property('is', 'timed-out');
    expect(refusalOf({ is: 'not-sent', why: 'no route' })).to.deep.equal({
      is: 'not-sent',
      command: 'zoneadm list',
      why: 'no route',
    });
  });

  it('keeps what the host said when it refuses, and when it cannot be read', () => {
    expect(refusalOf(said, () => refused('no'))).to.deep.equal({
      is: 'refused',
      why: 'no',
      command: 'zoneadm list',
      status: 'exit 1',
      out: 'o',
      err: 'e',
    });
    const killed = { is: 'signalled', name: 'TERM', out: '', err: '' } as const;
    expect(refusalOf(killed, () => unreadable('?', 'odd'))).to.include({ is: 'unreadable', status: 'killed by TERM' });
  });

  it('is told in one line: what was tried and what came of it', () => {
    expect(tellRefusal(refusalOf(said, () => refused('no such zone')))).to.equal('zoneadm list: no such zone (exit 1)');
    expect(tellRefusal(refusalOf(said, () => unreadable('?', 'odd')))).to.equal(
      'zoneadm list: cannot read "?": odd (exit 1)',
    );
    for (const ended of [
      { is: 'lost', out: '', err: '' },
      { is: 'timed-out', out: '', err: '' },
      { is: 'not-sent', why: 'no route' },
    ] as const)
      expect(tellRefusal(refusalOf(ended))).to.match(/^zoneadm list: /);
  });
});
