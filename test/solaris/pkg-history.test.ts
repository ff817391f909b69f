// pkg history: which operation made which boot environment.
import { expect } from 'chai';
import { readHistory } from '../../src/solaris/pkg-history.ts';

const read = (out: string) => readHistory({ is: 'exited', code: 0, out, err: '' });

describe('pkg history', () => {
  it('tells which operation made which boot environment', () => {
    const made =
      '2026-11-23T05:18:08       update                    Succeeded    solaris              s11.4.81-w48         (None)\n';
    const told =
      '2026-11-22T01:00:00       update                    Failed       solaris              old*                 /usr/bin/pkg update entire@11.4\n';
    expect(read(`${made}${told}`)).to.deep.equal({
      is: 'ok',
      value: [
        { operation: 'update', outcome: 'Succeeded', madeBe: 's11.4.81-w48', command: '' },
        { operation: 'update', outcome: 'Failed', madeBe: '', command: '/usr/bin/pkg update entire@11.4' },
      ],
    });
  });

  it('says so when it meets a line of another shape', () => {
    expect(read('no history\n').is).to.equal('unreadable');
  });
});
