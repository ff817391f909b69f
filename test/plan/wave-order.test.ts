// The migrations of a wave begin with the largest, each once, in whatever order they were placed.
import { expect } from 'chai';
import { hostName, zoneName } from '../../src/model/ids.ts';
import type { Migration } from '../../src/model/plan.ts';
import { NO_LIMITS } from '../../src/model/move-limits.ts';
import { freeBytesOf, inMoveOrder, stagesOf } from '../../src/plan/order/wave-order.ts';
import { GiB, host, zone } from './world.ts';

function migration(name: string, from: string, gib: number): Migration {
  return {
    zone: zoneName(name),
    from: hostName(from),
    to: hostName('saison'),
    bytes: gib * GiB,
    why: '',
    others: [],
    stays: false,
  };
}

const namesIn = (migrations: readonly Migration[]) =>
  inMoveOrder(migrations, stagesOf(migrations, {}, NO_LIMITS)).map(one => `${one.zone}@${one.from}`);

describe('the migrations of a wave', () => {
  it('begin with the largest, whatever the order they were placed in', () => {
    const placed = [migration('evac1', 'bjork', 4), migration('evac2', 'bjork', 16), migration('evac3', 'bjork', 8)];
    expect(namesIn(placed)).to.deep.equal(['evac2@bjork', 'evac3@bjork', 'evac1@bjork']);
    expect(namesIn([...placed].reverse())).to.deep.equal(namesIn(placed));
  });

  it('are all there when two hosts have a zone of the same name', () => {
    const placed = [migration('web', 'nacaozumbi', 4), migration('web', 'bjork', 8)];
    expect(namesIn(placed)).to.deep.equal(['web@bjork', 'web@nacaozumbi']);
  });

  it('find what a host may still take: what is promised or what is free, whichever is less', () => {
    const facts = { saison: host('saison', [zone({ name: 'a', gib: 20 })], { gib: 64, freeGib: 10 }) };
    expect(freeBytesOf(facts, () => null)).to.deep.equal({ saison: 10 * GiB });
  });
});
