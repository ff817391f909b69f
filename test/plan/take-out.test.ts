// Whether hosts can be taken out together, with how good the answer is.
import { expect } from 'chai';
import fc from 'fast-check';
import type { Facts } from '../../src/model/facts.ts';
import { NO_SETTINGS } from '../../src/model/host-variable.ts';
import { hostName } from '../../src/model/ids.ts';
import { takeOut, type TakeOut } from '../../src/plan/take-out.ts';
import { host, zone } from './world.ts';

function asked(facts: readonly Facts[], hosts: readonly string[], placement: 'spread' | 'pack' = 'spread'): TakeOut {
  return {
    hosts: hosts.map(hostName),
    facts: Object.fromEntries(facts.map(one => [hostName(one.host), one])),
    evacuation: { which: 'running', native: 'stay', placement },
    rules: [],
    settings: () => NO_SETTINGS,
  };
}

const evac = (name: string, gib: number) => zone({ name, gib });

describe('hosts that are to be taken out', () => {
  it('can be, when the others have room: with the room of each before, meanwhile and after', () => {
    const facts = [host('nacaozumbi', [evac('evac1', 8)]), host('bjork'), host('saison', [evac('web', 16)])];
    const found = takeOut(asked(facts, ['nacaozumbi']), false);
    if (found.is === 'no') throw new Error(found.shortfall.message);
    expect(found.plan.migrations.map(one => `${one.zone}>${one.to}`)).to.deep.equal(['evac1>bjork']);
    const bjork = found.rooms.find(room => room.host === 'bjork');
    expect(bjork?.during).to.equal((bjork?.before ?? 0) + (found.plan.migrations[0]?.bytes ?? 0));
    expect(bjork?.after).to.equal(bjork?.before);
  });

  it('are told how near the best the answer is: here the host that was fullest stays it', () => {
    const facts = [host('nacaozumbi', [evac('evac1', 4)]), host('bjork'), host('saison', [evac('web', 40)])];
    const found = takeOut(asked(facts, ['nacaozumbi']), false);
    expect(found.is === 'yes' && found.goodness.how).to.equal('saison is that full now');
    expect(found.is === 'yes' && found.goodness.value - found.goodness.least).to.equal(0);
  });

  it('packed, are told how many hosts take zones, and how many would be the fewest', () => {
    const facts = [host('nacaozumbi', [evac('evac1', 8), evac('evac2', 8)]), host('bjork'), host('saison')];
    const found = takeOut(asked(facts, ['nacaozumbi'], 'pack'), false);
    expect(found.is === 'yes' && found.goodness).to.deep.include({ of: 'destinations', value: 1, least: 1 });
  });

  it("can't be, when a zone fits nowhere", () => {
    const found = takeOut(
      asked([host('nacaozumbi', [evac('evac1', 60)]), host('bjork', [evac('web', 30)])], ['nacaozumbi']),
      false,
    );
    expect(found.is === 'no' && found.shortfall.reasons.map(one => one.host)).to.deep.equal(['bjork']);
  });

  it('of a large fleet that is full are told the ways out, too', () => {
    const eight = (name: string) => Array.from({ length: 8 }, (_, n) => evac(`${name}-${n}`, 8));
    const facts = Array.from({ length: 150 }, (_, n) => host(`host${n}`, eight(`evac${n}`), { gib: 76, cpus: 256 }));
    const found = takeOut(asked(facts, ['host0', 'host1', 'host2']), false);
    expect(found.is === 'no' && found.shortfall.ways.map(one => one.is)).to.deep.equal(['stop', 'memory']);
  });

  it('can be when a zone of another host goes first, which is offered, and done only when it is asked for', () => {
    const facts = [
      host('nacaozumbi', [evac('evac1', 45)]),
      host('bjork', [evac('web1', 30)]),
      host('saison', [evac('web2', 20)]),
    ];
    const without = takeOut(asked(facts, ['nacaozumbi']), false);
    expect(without.is === 'no' && without.shortfall.help[0]).to.match(/^move web1 from bjork to saison first/);
    const found = takeOut(asked(facts, ['nacaozumbi']), true);
    if (found.is === 'no') throw new Error(found.shortfall.message);
    expect(found.first).to.deep.equal([{ zone: 'web1', from: 'bjork', to: 'saison' }]);
    expect(found.plan.migrations.map(one => `${one.zone}>${one.to}`)).to.deep.equal(['evac1>bjork']);
    const bjork = found.rooms.find(room => room.host === 'bjork');
    expect((bjork?.during ?? 0) / (bjork?.totalBytes ?? 1)).to.be.below(1);
  });

  it('never have a placement better than the bound, in any fleet', () => {
    const sizes = fc.array(fc.array(fc.integer({ min: 1, max: 12 }), { maxLength: 4 }), { minLength: 3, maxLength: 6 });
    fc.assert(
      fc.property(sizes, fc.boolean(), (fleet, packed) => {
        const facts = fleet.map((zones, h) =>
          host(
            `h${h}`,
            zones.map((gib, z) => evac(`z${h}-${z}`, gib)),
            { gib: 64 },
          ),
        );
        const found = takeOut(asked(facts, ['h0'], packed ? 'pack' : 'spread'), false);
        if (found.is === 'no') return;
        expect(found.goodness.least).to.be.at.most(found.goodness.value + 1e-9);
        for (const { during, totalBytes } of found.rooms) expect(during).to.be.at.most(totalBytes);
      }),
      { numRuns: 60 },
    );
  });
});
