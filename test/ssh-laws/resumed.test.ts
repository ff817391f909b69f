// Laws 1 and 3 over real SSH: a second run finds nothing to do; a runner that dies behind any event is followed by one
// that comes to the same end. The other half of the events is in resumed-even.test.ts.
import { expect } from 'chai';
import { PAIR } from '../laws/fleets.ts';
import { runAgain } from '../laws/laws.ts';
import { wrongCuts } from './cut.ts';
import { overSsh } from './place.ts';

describe('rolling-upgrade.yml over real SSH', () => {
  it('a second run after a done one changes nothing but what is kept: the new system is now the way back', async () => {
    const again = await runAgain(await overSsh({ fleet: PAIR, playbook: 'playbooks/rolling-upgrade.yml' }));
    const kept = (words: string): boolean => words.startsWith('rolling-upgrade/1.t1.2@');
    expect(again.filter(words => !kept(words))).to.deep.equal([]);
  });

  it('a runner that dies behind an event, every other one, is followed by one that comes to the same end', async () => {
    expect(await wrongCuts('odd')).to.deep.equal([]);
  });
});
