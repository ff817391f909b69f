// The campaign with the waves that the planner finds, and with zones that stay where they went: carried out to its end
// on simulated hosts, none ever over its memory and no zone lost or doubled.
import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { PAIR } from './fleets.ts';
import { tried } from './subject.ts';
import { placeOf, shipped, siteOf } from './world.ts';

const SHIPPED = readFileSync('playbooks/rolling-upgrade.yml', 'utf8');
const SPARE = `${PAIR}  spare:\n    memory: 128G\n`;

function campaign(returns: 'home' | 'stay') {
  const text = SHIPPED.replace(/^ {2}serial: .*$/m, `  waves: auto\n  canary: 1\n  return: ${returns}`);
  return { fleet: SPARE, playbook: 'playbooks/auto.yml', files: { 'playbooks/auto.yml': text } };
}

describe('the campaign with waves: auto', function () {
  this.timeout(120_000);

  for (const returns of ['home', 'stay'] as const) {
    it(`with return: ${returns} updates every host and keeps every zone running`, async () => {
      const { ran, world } = await tried(await shipped(campaign(returns)));
      expect([ran?.verdict, ran?.why]).to.deep.equal(['done', '']);
      expect(siteOf(world).problems).to.deep.equal([]);
      const { fleet } = siteOf(world);
      const places = ['evac1', 'evac2', 'web1'].map(zone => placeOf(fleet, zone));
      expect(places.every(place => place.startsWith('runs on ') && !place.includes(' and '))).to.equal(true);
      if (returns === 'home')
        expect(places).to.deep.equal(['runs on nacaozumbi', 'runs on nacaozumbi', 'runs on bjork']);
    });
  }
});
