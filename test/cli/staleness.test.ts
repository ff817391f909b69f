// What makes a saved plan untrue, by the facts it rests on.
import { expect } from 'chai';
import type { Facts } from '../../src/model/facts.ts';
import { NO_SETTINGS } from '../../src/model/host-variable.ts';
import { hostName } from '../../src/model/ids.ts';
import type { SaidOfZones } from '../../src/model/inventory.ts';
import type { Plan } from '../../src/model/plan.ts';
import { noRule } from '../../src/model/zone-rule.ts';
import { differences } from '../../src/cli/staleness.ts';
import { brokenText } from '../../src/report/obstacle-text.ts';
import { brokenDestinations } from '../../src/plan/still-fits.ts';
import { planned, shipped } from '../plan/shipped-plan.ts';
import { host, zone } from '../plan/world.ts';

const evac1 = zone({ name: 'evac1', gib: 8 });
const before = host('bjork', [evac1]);

describe('a saved plan is out of date', () => {
  it('when a host has another boot environment, window, record, size or other zones', () => {
    expect(differences(before, before)).to.deep.equal([]);
    const said = (now: Facts) => differences(before, now).join('; ');
    expect(said(host('bjork', [evac1], { closed: 'by hand' }))).to.match(/maintenance is not what it was/);
    expect(said(host('bjork', [evac1, zone({ name: 'new' })]))).to.match(/its zones are not what they were/);
    expect(said(host('bjork', [zone({ name: 'evac1', gib: 16 })]))).to.equal(
      'zone evac1 is configured otherwise than it was',
    );
    expect(said({ ...before, record: { is: 'in-progress' } })).to.equal('its evacuation record is not what it was');
    expect(said(host('bjork', [evac1], { gib: 32, freeGib: 64 }))).to.match(/it had 64 GiB of memory.* and has 32 GiB/);
  });

  it('not when free memory drifted and everything still fits', () => {
    expect(differences(before, host('bjork', [evac1], { freeGib: 20 }))).to.deep.equal([]);
  });

  const fleet = (freeGib: number, version: string) => [
    host('nacaozumbi', [zone({ name: 'evac1', gib: 8 }), zone({ name: 'evac2', gib: 8 })]),
    host('bjork', [], { freeGib, version }),
  ];
  const broken = async (freeGib: number, version = '11.4.80.0.1.189.2') => {
    const made = await planned([shipped('rolling-upgrade')], fleet(64, '11.4.80.0.1.189.2'));
    if (made.is !== 'plan') throw new Error(JSON.stringify(made));
    const plan: Plan = made.plan;
    const first = { ...plan, waves: plan.waves.filter(wave => wave.plan.migrations.length > 0) };
    const now = Object.fromEntries(fleet(freeGib, version).map(one => [hostName(one.host), one]));
    return brokenDestinations(first, now, () => NO_SETTINGS).map(brokenText);
  };

  it('when a zone would come to one that it must be kept apart from, or be parted from one that it must be with', async () => {
    const made = await planned([shipped('rolling-upgrade')], fleet(64, '11.4.80.0.1.189.2'));
    if (made.is !== 'plan') throw new Error(JSON.stringify(made));
    const [source, to] = fleet(64, '11.4.80.0.1.189.2');
    const web = (...zones: Parameters<typeof zone>[0][]) => host('bjork', zones.map(zone));
    const facts = (...all: readonly (Facts | undefined)[]) =>
      Object.fromEntries(all.flatMap(one => (one === undefined ? [] : [[hostName(one.host), one]])));
    const said = (rule: Partial<SaidOfZones>, now: ReturnType<typeof facts>) => {
      const waves = made.plan.waves.filter(wave => wave.plan.migrations.length > 0);
      const plan = { ...made.plan, waves, zoneRules: [{ ...noRule('evac1'), ...rule }] };
      return brokenDestinations(plan, now, () => NO_SETTINGS).map(brokenText);
    };
    const apart = { keepApart: ['web1'] };
    const together = { keepTogether: ['web1'] };
    const [without, beside] = [facts(source, to), facts(source, web({ name: 'web1', gib: 4 }))];
    const elsewhere = facts(source, to, host('saison', [zone({ name: 'web1', gib: 4 })]));
    expect([said(apart, without), said(apart, elsewhere)]).to.deep.equal([[], []]);
    expect([said(together, without), said(together, beside)]).to.deep.equal([[], []]);
    const no = "host bjork: evac1 of nacaozumbi can't come there any more: must";
    expect(said(apart, beside)).to.deep.equal([`${no} be kept apart from web1, beside which it would run`]);
    expect(said(together, elsewhere)).to.deep.equal([`${no} run together with web1, which runs on saison`]);
  });

  it('when a chosen destination breaks a hard rule now, or has no room for all that come', async () => {
    expect(await broken(64)).to.deep.equal([]);
    expect((await broken(64, '11.4.70.0.1.1.1'))[0]).to.match(
      /^host bjork: evac1 of nacaozumbi can't come there any more: is older/,
    );
    expect(await broken(12)).to.deep.equal(['host bjork: evac1, evac2 need 17.3 GiB together, it can give 12 GiB']);
  });
});
