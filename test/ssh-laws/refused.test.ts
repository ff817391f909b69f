// Law 2 over real SSH, refused: each changing command of the rolling upgrade says no once.
import { expect } from 'chai';
import { PAIR } from '../laws/fleets.ts';
import { overSsh } from './place.ts';
import { wrongRows } from './rows.ts';
import { whole } from './strike.ts';

describe('rolling-upgrade.yml over real SSH, each changing command refused in turn', () => {
  it('the failed host is as before, the other as its outcome says, and the world was whole all the time', async () => {
    const subject = await overSsh({ fleet: PAIR, playbook: 'playbooks/rolling-upgrade.yml' });
    const base = await whole(subject);
    const wanted = base.spots.map(spot => ({ spot, effect: 'refuses' }) as const);
    expect(wanted).to.have.length.above(20);
    expect(await wrongRows(subject, base, wanted)).to.deep.equal([]);
  });
});
