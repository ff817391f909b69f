// Law 3 over real SSH, the half of the events that resumed.test.ts leaves: two files, because files run side by side.
import { expect } from 'chai';
import { wrongCuts } from './cut.ts';

describe('rolling-upgrade.yml over real SSH, behind the other half of the events', () => {
  it('a runner that dies is followed by one that comes to the same end', async () => {
    expect(await wrongCuts('even')).to.deep.equal([]);
  });
});
