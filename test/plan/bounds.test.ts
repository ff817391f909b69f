// What no plan could beat: each bound by how it is made, and never above what a plan really needs.
import { expect } from 'chai';
import type { Bound } from '../../src/model/figures.ts';
import { hostName, zoneName } from '../../src/model/ids.ts';
import { type BoundQuestion, bounds } from '../../src/plan/figures/bounds.ts';

const leaver = (zone: string, home: string, bytes: number, returns = true) => ({
  zone: zoneName(zone),
  home: hostName(home),
  bytes,
  returns,
});
const room = (words: Readonly<Record<string, number>>) =>
  Object.entries(words).map(([host, bytes]) => ({ host: hostName(host), bytes }));
const out = (words: Readonly<Record<string, number>>) =>
  Object.entries(words).map(([host, aloneMs]) => ({ host: hostName(host), aloneMs }));

const three: BoundQuestion = {
  leavers: [leaver('z1', 'a', 10), leaver('z2', 'b', 20), leaver('z3', 'c', 30)],
  moved: { migrations: 6, bytes: 120 },
  out: out({ a: 60_000, b: 120_000, c: 180_000 }),
  waves: 3,
  maxOut: null,
  ms: 360_000,
  room: room({ a: 50, b: 50, c: 50 }),
  demand: 60,
};
const least = (question: BoundQuestion, of: Bound['of']) => bounds(question).find(one => one.of === of)?.least;

describe('the bounds of a plan', () => {
  it('of bytes are twice what leaves when zones come home', () => {
    expect(least(three, 'bytes')).to.equal(120);
    expect(least(three, 'migrations')).to.equal(6);
  });

  it('of bytes are what leaves and the lightest host once more when zones stay away and every host is taken out', () => {
    const stay = { ...three, leavers: three.leavers.map(one => ({ ...one, returns: false })) };
    expect(least(stay, 'bytes')).to.equal(60 + 10);
    expect(least({ ...stay, room: room({ a: 50, b: 50, c: 50, spare: 50 }) }, 'bytes')).to.equal(60);
    expect(least(stay, 'migrations')).to.equal(3);
  });

  it('of waves are by memory: as many hosts at once as leave room for all zones, the smallest first', () => {
    expect(least(three, 'waves')).to.equal(3);
    expect(least({ ...three, demand: 50 }, 'waves')).to.equal(2);
    expect(least({ ...three, room: room({ a: 5, b: 50, c: 60 }), demand: 60 }, 'waves')).to.equal(2);
  });

  it('of waves are by max_out where that is less', () => {
    const limited = bounds({ ...three, demand: 50, maxOut: 1 }).find(one => one.of === 'waves');
    expect(limited).to.deep.include({ least: 3, how: '3 hosts, 1 at once (max_out)' });
  });

  it('of time are the longest host alone, and the shortest of the others for each further wave', () => {
    expect(least({ ...three, demand: 0 }, 'makespan')).to.equal(180_000);
    expect(least(three, 'makespan')).to.equal(180_000 + 60_000 + 120_000);
  });

  it('are none for a plan that takes no host out', () => {
    expect(bounds({ ...three, out: [] })).to.deep.equal([]);
  });
});
