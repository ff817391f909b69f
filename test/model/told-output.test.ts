// What a journal knows of the output of long commands: how far each stream was told, for whoever takes them up.
import { expect } from 'chai';
import type { Event } from '../../src/model/event.ts';
import { foldAll } from '../../src/model/fold.ts';
import { hostName } from '../../src/model/ids.ts';
import { toldBytes } from '../../src/model/told-output.ts';
import { began, ended, idOf, on, started, undid } from '../run/events.ts';

const BJORK = on('bjork');
const ID = idOf('t1', BJORK);

function output(stream: 'out' | 'err', of: { readonly folder: string; readonly upTo: number } | null): Event {
  const event = { type: 'output', action: ID, on: hostName('bjork'), stream, text: 'x' } as const;
  return of === null ? event : { ...event, of };
}

function toldAfter(...events: readonly Event[]) {
  const { toldOutput } = foldAll([began, started('t1', BJORK), ...events]);
  const known = toldOutput.get(ID) ?? [];
  const { out, err } = toldBytes(known, hostName('bjork'), 'one');
  return [out, err];
}

describe('what was told of the output of a long command', () => {
  const told = [output('out', { folder: 'one', upTo: 5 }), output('err', { folder: 'one', upTo: 2 })];

  it('is known by its folder and stream, however much others say', () => {
    const other = output('out', { folder: 'two', upTo: 9 });
    expect(toldAfter(...told, other, output('out', { folder: 'one', upTo: 7 }))).to.deep.equal([7, 2]);
  });

  it('is not known of events that say nothing of it, as those of older journals', () => {
    expect(toldAfter(output('out', null), output('err', null))).to.deep.equal([0, 0]);
    expect(toldAfter(...told, output('out', null))).to.deep.equal([5, 2]);
  });

  it('is known until the end of the action is, and longer where nobody knows that', () => {
    expect(toldAfter(...told, ended('t1', BJORK))).to.deep.equal([0, 0]);
    expect(toldAfter(...told, ended('t1', BJORK, 'unknown'))).to.deep.equal([5, 2]);
  });

  it('is known of an undo, too, until that has ended', () => {
    const [begins, ends] = undid('t1', BJORK);
    if (begins === undefined || ends === undefined) throw new Error('no undo');
    expect(toldAfter(ended('t1', BJORK), begins, ...told)).to.deep.equal([5, 2]);
    expect(toldAfter(ended('t1', BJORK), begins, ...told, ends)).to.deep.equal([0, 0]);
  });
});
