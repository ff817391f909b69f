// What is told of a run holds no secret, on whatever way it came.
import { expect } from 'chai';
import type { Event } from '../../src/model/event.ts';
import { actionId, hostName, stepName, taskId } from '../../src/model/ids.ts';
import { Redaction } from '../../src/model/redaction.ts';

const host = hostName('nacaozumbi');
const lane = { is: 'host', host } as const;
const task = taskId('p/1.t1');
const id = actionId(task, null, lane);

const started = (hidden: boolean): Event => ({
  type: 'action-started',
  action: {
    id,
    task,
    lane,
    on: host,
    step: stepName('shell'),
    args: { cmd: 'login s3cr3t-token' },
    become: { method: 'none', user: '' },
    environment: {},
    limitMs: null,
    hidden,
  },
  undo: { is: 'nothing' },
  undoAfter: [],
});
const output = (text: string): Event => ({ type: 'output', action: id, on: host, stream: 'out', text });

const attempt = (stdout: string, hidden: boolean): Event => ({
  ...{ type: 'attempt-ended', action: id, n: 1, result: { stdout }, hidden },
});

describe('what is told of a run', () => {
  it('holds nothing that a hidden action was given', () => {
    const redaction = new Redaction();
    redaction.clean(started(true));
    expect(redaction.clean(output('ran login s3cr3t-token, ok'))).to.include({ text: 'ran ***, ok' });
  });

  it('holds no address that a webhook was posted to, and its other words are everybody’s', () => {
    const redaction = new Redaction();
    const one = started(true);
    if (one.type !== 'action-started') throw new Error('it does not start');
    const args = { url: 'https://pager.example.org/T000/B000', headers: { Key: 'key-of-mine' }, text: 'bjork is done' };
    redaction.clean({ ...one, action: { ...one.action, step: stepName('notify.webhook'), args } });
    const told = redaction.clean(output('bjork is done: https://pager.example.org/T000/B000 with key-of-mine'));
    expect(told).to.include({ text: 'bjork is done: *** with ***' });
    const origin = redaction.clean(output('https://pager.example.org was not told'));
    expect(origin).to.include({ text: 'https://pager.example.org was not told' });
  });

  it('holds nothing that a hidden action answered, in whatever event comes after', () => {
    const redaction = new Redaction();
    redaction.clean({
      type: 'action-ended',
      action: id,
      born: null,
      outcome: 'changed',
      why: '',
      result: { stdout: 'pa55word' },
      hidden: true,
    });
    expect(redaction.clean({ type: 'turned', lane, towards: 'rollback', why: 'refused pa55word' })).to.include({
      why: 'refused ***',
    });
    expect(
      redaction.clean({ type: 'noted', level: 'note', text: Buffer.from('pa55word').toString('base64') }),
    ).to.include({ text: '***' });
  });

  it('leaves alone what nobody hid', () => {
    const redaction = new Redaction();
    redaction.clean(started(false));
    expect(redaction.clean(output('login s3cr3t-token'))).to.deep.equal(output('login s3cr3t-token'));
    redaction.clean(attempt('busy', false));
    expect(redaction.clean(output('busy'))).to.deep.equal(output('busy'));
  });

  it('holds no secret in two pieces, however late it was learned', () => {
    const redaction = new Redaction();
    expect(redaction.openSecret('said pa55')).to.equal(0);
    redaction.clean(attempt('pa55word', true));
    expect(redaction.openSecret('said pa55')).to.equal(4);
    redaction.clean(attempt('said nothing', true));
    expect(redaction.openSecret('said pa55')).to.equal(4);
    expect(redaction.openSecret('said')).to.equal(4);
    expect(redaction.openSecret(`said ${Buffer.from('pa55word').toString('base64').slice(0, -2)}`)).to.equal(10);
  });

  it('holds nothing that an attempt of a hidden action answered', () => {
    const redaction = new Redaction();
    redaction.clean(attempt('pa55word', true));
    expect(redaction.clean(output('said pa55word'))).to.include({ text: 'said ***' });
  });
});
