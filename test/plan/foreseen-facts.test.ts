// A host's facts as they will be once zones have come and gone.
import { expect } from 'chai';
import { type Facts, unknown } from '../../src/model/facts.ts';
import { shellOf, withZone } from '../../src/plan/place/world.ts';
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

describe('what a zone leaves behind', () => {
  it('is its configuration: nothing that runs, and nothing that is installed', () => {
    const { id, state, uuid, configuration } = shellOf({ ...zone({ name: 'evac1' }), uuid: 'f00' });
    expect({ id, state, uuid }).to.deep.equal({ id: null, state: 'configured', uuid: '' });
    expect(configuration).to.deep.equal(zone({ name: 'evac1' }).configuration);
  });
});
