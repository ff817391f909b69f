import { expect } from 'chai';
import { type Facts, unknown } from '../../src/model/facts.ts';
import { withoutZone, withZone } from '../../src/plan/world.ts';
import { GiB, host, zone } from './world.ts';

const need = Math.ceil(4 * GiB * 1.05) + GiB / 4;
const free = (facts: Facts): number | string =>
  facts.memory.freeBytes.is === 'known' ? facts.memory.freeBytes.value : facts.memory.freeBytes.why;
const zones = (facts: Facts): readonly string[] =>
  facts.zones.is === 'known' ? facts.zones.value.map(one => `${one.name} ${one.state}`) : [];

describe('a zone that comes to a host', () => {
  it('takes its memory there and stands in the list once', () => {
    const after = withZone(host('bjork', [zone({ name: 'evac1', state: 'configured' })]), zone({ name: 'evac1' }));
    expect(zones(after)).to.deep.equal(['evac1 running']);
    expect(free(after)).to.equal(64 * GiB - need);
  });

  it('takes no memory as long as it doesn’t run', () => {
    expect(free(withZone(host('bjork'), zone({ name: 'evac1', state: 'installed' })))).to.equal(64 * GiB);
  });

  it('leaves other zones as they are', () => {
    expect(zones(withZone(host('bjork', [zone({ name: 'web1' })]), zone({ name: 'evac1' })))).to.deep.equal([
      'web1 running',
      'evac1 running',
    ]);
  });

  it('makes free memory unknown when its own isn’t known', () => {
    const odd = { ...zone({ name: 'evac1' }), configuration: unknown('zonecfg: killed') };
    expect(free(withZone(host('bjork'), odd))).to.contain('zonecfg: killed');
  });
});

describe('a zone that leaves a host', () => {
  it('gives its memory back and leaves its configuration', () => {
    const before = host('nacaozumbi', [zone({ name: 'web1' }), zone({ name: 'evac1' })]);
    const after = withoutZone(before, 'evac1');
    expect(zones(after)).to.deep.equal(['web1 running', 'evac1 configured']);
    expect(free(after)).to.equal(64 * GiB + need);
    expect(after.zones.is === 'known' && after.zones.value[1]).to.include({ id: null, uuid: '' });
  });

  it('that isn’t there changes nothing', () => {
    const before = host('nacaozumbi', [zone({ name: 'web1' })]);
    expect(withoutZone(before, 'evac1')).to.equal(before);
  });

  it('that didn’t run gives no memory back', () => {
    const before = host('nacaozumbi', [zone({ name: 'evac1', state: 'installed' })]);
    expect(free(withoutZone(before, 'evac1'))).to.equal(64 * GiB);
  });

  it('and comes back leaves all as it was', () => {
    const before = host('nacaozumbi', [zone({ name: 'evac1' })]);
    expect(withZone(withoutZone(before, 'evac1'), zone({ name: 'evac1' }))).to.deep.equal(before);
  });
});
