// Laws 1 and 2 over real SSH for other shipped playbooks, by sample: each changing command refused, with rollback in the
// place of what the play says.
import { expect } from 'chai';
import { PAIR } from '../laws/fleets.ts';
import { runAgain } from '../laws/laws.ts';
import { overSsh, type Wish } from './place.ts';
import { wrongRows } from './rows.ts';
import { whole } from './strike.ts';

const WISHES: Readonly<Record<string, Wish>> = {
  'maintain.yml': { playbook: 'playbooks/maintain.yml', extra: ['why=DIMM swap'], limit: 'nacaozumbi' },
  'evacuate.yml': { playbook: 'playbooks/evacuate.yml', limit: 'nacaozumbi' },
  'update.yml': { playbook: 'playbooks/update.yml', limit: 'bjork' },
};

for (const [name, wish] of Object.entries(WISHES))
  describe(`${name} over real SSH`, () => {
    it('changes nothing the second time', async () => {
      expect(await runAgain(await overSsh({ fleet: PAIR, ...wish }))).to.deep.equal([]);
    });

    it('each changing command refused in turn, the host is as before or done', async () => {
      const subject = await overSsh({ fleet: PAIR, ...wish, onFailure: 'rollback' });
      const base = await whole(subject);
      const wanted = base.spots.map(spot => ({ spot, effect: 'refuses' }) as const);
      expect(wanted).to.have.length.above(0);
      expect(await wrongRows(subject, base, wanted)).to.deep.equal([]);
    });
  });
