// Law 2 over real SSH, lost: the connection is cut at each changing command of the rolling upgrade, before, during or
// after its effect, in turns; LAWS=all cuts each command in all three ways.
import { expect } from 'chai';
import { PAIR } from '../laws/fleets.ts';
import { overSsh } from './place.ts';
import { wrongRows } from './rows.ts';
import { whole } from './strike.ts';

const WAYS = ['lost-before', 'lost-during', 'lost-after'] as const;

describe('rolling-upgrade.yml over real SSH, the connection cut at each changing command', () => {
  it('the failed host is as before, the other as its outcome says, and the world was whole all the time', async () => {
    const subject = await overSsh({ fleet: PAIR, playbook: 'playbooks/rolling-upgrade.yml' });
    const base = await whole(subject);
    const all = base.spots.flatMap((spot, at) => WAYS.map((effect, way) => ({ spot, effect, isDue: at % 3 === way })));
    const wanted = all.filter(one => one.isDue || process.env['LAWS'] === 'all');
    expect(wanted).to.have.length.above(20);
    expect(await wrongRows(subject, base, wanted)).to.deep.equal([]);
  });
});
