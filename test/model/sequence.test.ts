// A list that never changes, though its versions share what they hold.
import { expect } from 'chai';
import * as fc from 'fast-check';
import { Sequence } from '../../src/model/sequence.ts';

describe('a sequence', () => {
  it('made longer from any of its versions holds what a copy would hold, and so do all others', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 1000 })), steps => {
        const lists: (readonly number[])[] = [[]];
        const made: Sequence<number>[] = [Sequence.empty()];
        for (const [n, step] of steps.entries()) {
          // The newest more often than not, as the fold does it.
          const at = step % 3 > 0 ? lists.length - 1 : step % lists.length;
          lists.push([...(lists[at] ?? []), n]);
          made.push((made[at] ?? Sequence.empty<number>()).with(n));
        }
        expect(made.map(one => one.values())).to.deep.equal(lists);
        expect(made.map(one => one.length)).to.deep.equal(lists.map(one => one.length));
      }),
    );
  });
});
