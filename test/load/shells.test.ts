// What a value is made of doesn't matter: in a shell it is one word, wherever a placeholder may stand.
import { expect } from 'chai';
import fc from 'fast-check';
import { anyText, isThere, lostOnTheWay } from './shells.ts';

describe('a value in a shell text', function () {
  this.timeout(60_000);
  for (const shell of ['sh', 'bash', 'ksh']) {
    it(`arrives in ${shell} as one argument, byte for byte`, function () {
      if (!isThere(shell)) this.skip();
      const texts = fc.array(anyText, { minLength: 24, maxLength: 24 });
      fc.assert(
        fc.property(texts, some => void expect(lostOnTheWay(shell, some)).to.deep.equal([])),
        { numRuns: 40 },
      );
    });
  }
});
