// In which order zones move. Each stage is carried out on counted memory: what a law says of "any instant" is looked at
// while a stage is under way, with every zone at both of its ends.
import { expect } from 'chai';
import fc from 'fast-check';
import { type HostName, hostName, zoneName } from '../../src/model/ids.ts';
import type { MoveLimits } from '../../src/model/move-limits.ts';
import { type Leg, type MoveOrder, moveOrder, type Trip } from '../../src/plan/order/move-order.ts';

const free: MoveLimits = { fromHost: () => null, toHost: () => null, inAll: null };
const limited = (from: number | null, to: number | null, all: number | null): MoveLimits => ({
  fromHost: () => from,
  toHost: () => to,
  inAll: all,
});

/** `evac1 8 a b`: a zone of 8 on its way from a to b; `park` hosts behind a slash. */
function trip(words: string, apart: readonly string[] = []): Trip {
  const [way = '', parks = ''] = words.split('/');
  const [zone = '', bytes = '', from = '', to = ''] = way.trim().split(' ');
  return {
    zone: zoneName(zone),
    bytes: Number(bytes),
    from: hostName(from),
    to: hostName(to),
    parks: parks.split(' ').filter(Boolean).map(hostName),
    apart: apart.map(zoneName),
  };
}

const told = (order: MoveOrder): readonly string[] =>
  order.stages.map(stage => stage.map(({ zone, to, parks }) => `${zone}>${to}${parks ? ' parked' : ''}`).join(' '));

const room = (words: Readonly<Record<string, number>>): Readonly<Record<HostName, number>> => words;

describe('the order of migrations', () => {
  it('is largest first', () => {
    const trips = [trip('small 2 a b'), trip('big 9 a b'), trip('middle 4 a c')];
    expect(told(moveOrder({ trips, freeBytes: room({ b: 99, c: 99 }), limits: limited(1, null, null) }))).to.deep.equal(
      ['big>b', 'middle>c', 'small>b'],
    );
  });

  it('sends no more at once than the source, the destination and the whole may', () => {
    const trips = [trip('z1 4 a c'), trip('z2 3 a d'), trip('z3 2 b c'), trip('z4 1 b d')];
    const stages = (limits: MoveLimits) => told(moveOrder({ trips, freeBytes: {}, limits }));
    expect(stages(free)).to.deep.equal(['z1>c z2>d z3>c z4>d']);
    expect(stages(limited(1, null, null))).to.deep.equal(['z1>c z3>c', 'z2>d z4>d']);
    expect(stages(limited(null, 1, null))).to.deep.equal(['z1>c z2>d', 'z3>c z4>d']);
    expect(stages(limited(null, null, 3))).to.deep.equal(['z1>c z2>d z3>c', 'z4>d']);
  });

  it('lets a zone wait until the one whose room it needs has left, and says for whom it waits', () => {
    const trips = [trip('coming 8 a b'), trip('going 4 b c')];
    const order = moveOrder({ trips, freeBytes: room({ a: 0, b: 6, c: 9 }), limits: free });
    expect(told(order)).to.deep.equal(['going>c', 'coming>b']);
    expect(order.stages[1]?.[0]?.after).to.deep.equal(['going']);
  });

  it('does not give room away that another needs to get out of the way', () => {
    // If x took the room on h first, d could not come to h, and c could not leave it.
    const trips = [trip('x 10 a h'), trip('c 10 h k'), trip('d 10 k h')];
    const order = moveOrder({ trips, freeBytes: room({ a: 0, h: 10, k: 0 }), limits: free });
    expect(told(order)).to.deep.equal(['d>h', 'c>k', 'x>h']);
  });

  it('parks the smaller of two that wait for each other on a third host', () => {
    const trips = [trip('left 8 a b / spare'), trip('right 6 b a / spare')];
    const order = moveOrder({ trips, freeBytes: room({ a: 0, b: 2, spare: 7 }), limits: free });
    expect(told(order)).to.deep.equal(['right>spare parked', 'left>b', 'right>a']);
  });

  it('begins with the smallest where that saves a zone its stop on the way', () => {
    const trips = [trip('one 8 b a / c'), trip('two 5 c a / b'), trip('three 5 a c / b'), trip('four 2 a b / c')];
    const order = moveOrder({ trips, freeBytes: room({ a: 9, b: 1, c: 2 }), limits: free });
    expect(told(order)).to.deep.equal(['two>a', 'three>c', 'one>a', 'four>b']);
  });

  it('parks where most room is, the first by name of equals', () => {
    const trips = [trip('left 8 a b'), trip('right 5 b a / c d')];
    const parked = (c: number, d: number) =>
      told(moveOrder({ trips, freeBytes: room({ a: 4, b: 4, c, d }), limits: free }))[0];
    expect([parked(6, 9), parked(9, 6), parked(9, 9)]).to.deep.equal([
      'right>d parked',
      'right>c parked',
      'right>c parked',
    ]);
  });

  it('parks the largest where no leaving lets another in at once', () => {
    const trips = [trip('one 4 b a / c d'), trip('two 5 b a / c d'), trip('three 8 a b / c d')];
    const order = moveOrder({ trips, freeBytes: room({ a: 2, b: 2, c: 7, d: 5 }), limits: free });
    expect(told(order)).to.deep.equal(['two>c parked', 'one>d parked', 'three>b', 'two>a one>a']);
  });

  it('is blocked when nobody has room to park, and names who waits', () => {
    const trips = [trip('left 8 a b / spare'), trip('right 6 b a / spare')];
    const order = moveOrder({ trips, freeBytes: room({ a: 0, b: 2, spare: 5 }), limits: free });
    expect(order).to.deep.equal({ is: 'blocked', stages: [], waiting: ['left', 'right'] });
  });

  it('keeps zones apart on the way, too', () => {
    const trips = [trip('db1 1 a b / spare', ['db2']), trip('db2 1 b a / spare', ['db1'])];
    const order = moveOrder({ trips, freeBytes: {}, limits: free });
    expect(told(order)).to.deep.equal(['db1>spare parked', 'db2>a', 'db1>b']);
  });
});

interface Fleet {
  readonly caps: readonly number[];
  readonly zones: readonly { readonly bytes: number; readonly from: number; readonly to: number }[];
  readonly limits: readonly [number | null, number | null, number | null];
}

const few = fc.option(fc.integer({ min: 1, max: 3 }));

/** Hosts that are big enough for what they hold before and after; what is between is the order's business. */
const fleets: fc.Arbitrary<Fleet> = fc
  .integer({ min: 2, max: 6 })
  .chain(hosts =>
    fc.record({
      zones: fc.array(
        fc.record({ bytes: fc.integer({ min: 0, max: 9 }), from: fc.nat(hosts - 1), to: fc.nat(hosts - 1) }),
        { maxLength: 14 },
      ),
      caps: fc.array(fc.nat(6), { minLength: hosts, maxLength: hosts }),
      limits: fc.tuple(few, few, few),
    }),
  )
  .map(({ zones, caps, limits }) => {
    const sum = (key: 'from' | 'to', host: number) =>
      zones.reduce((all, zone) => all + (zone[key] === host ? zone.bytes : 0), 0);
    return { zones, limits, caps: caps.map((slack, host) => Math.max(sum('from', host), sum('to', host)) + slack) };
  });

const named = (host: number): HostName => hostName(`h${host}`);

function questionOf({ caps, zones, limits }: Fleet, spare: boolean) {
  const hosts = [...caps.map((_, host) => named(host)), ...(spare ? [hostName('spare')] : [])];
  const held = caps.map((_, host) => zones.reduce((all, zone) => all + (zone.from === host ? zone.bytes : 0), 0));
  const all = zones.reduce((sum, zone) => sum + zone.bytes, 0);
  const trips = zones.flatMap(({ bytes, from, to }, n): Trip[] =>
    from === to ? [] : [{ zone: zoneName(`z${n}`), bytes, from: named(from), to: named(to), parks: hosts, apart: [] }],
  );
  const freeBytes: Record<HostName, number> = {};
  caps.forEach((cap, host) => (freeBytes[named(host)] = cap - (held[host] ?? 0)));
  if (spare) freeBytes[hostName('spare')] = all;
  return { trips, freeBytes, limits: limited(...limits) };
}

/** Carries the stages out; throws when a host is over, a zone isn't where it leaves, or a limit is passed. */
function carriedOut(stages: readonly (readonly Leg[])[], { trips, freeBytes, limits }: ReturnType<typeof questionOf>) {
  const left: Record<string, number> = { ...freeBytes };
  const at = new Map(trips.map(one => [one.zone, one.from]));
  for (const stage of stages) {
    for (const { zone, from, to, bytes } of stage) {
      expect(at.get(zone)).to.equal(from);
      left[to] = (left[to] ?? 0) - bytes;
    }
    expect(Math.min(0, ...Object.values(left)), 'memory, while the stage is under way').to.equal(0);
    const most = (key: 'from' | 'to') =>
      Math.max(0, ...stage.map(leg => stage.filter(other => other[key] === leg[key]).length));
    expect(most('from')).to.be.at.most(limits.fromHost(named(0)) ?? Number.POSITIVE_INFINITY);
    expect(most('to')).to.be.at.most(limits.toHost(named(0)) ?? Number.POSITIVE_INFINITY);
    expect(stage.length).to.be.at.most(limits.inAll ?? Number.POSITIVE_INFINITY);
    for (const { zone, from, to, bytes } of stage) {
      left[from] = (left[from] ?? 0) + bytes;
      at.set(zone, to);
    }
  }
  return at;
}

describe('in any fleet', () => {
  it('no host is over its memory at any instant, no limit is passed, and every zone that moves arrives', () => {
    fc.assert(
      fc.property(fleets, fleet => {
        const question = questionOf(fleet, false);
        const order = moveOrder(question);
        const at = carriedOut(order.stages, question);
        const waiting = order.is === 'blocked' ? order.waiting : [];
        for (const { zone, to } of question.trips) if (!waiting.includes(zone)) expect(at.get(zone)).to.equal(to);
      }),
      { numRuns: 500 },
    );
  });

  it('with a spare host that could hold everything, no order is blocked', () => {
    fc.assert(
      fc.property(fleets, fleet => {
        const question = questionOf(fleet, true);
        const order = moveOrder(question);
        expect(order.is).to.equal('ordered');
        carriedOut(order.stages, question);
      }),
      { numRuns: 500 },
    );
  });

  it('the order in which the zones are asked for changes nothing', () => {
    fc.assert(
      fc.property(fleets, fleet => {
        const question = questionOf(fleet, true);
        const turned = { ...question, trips: [...question.trips].reverse() };
        expect(moveOrder(turned)).to.deep.equal(moveOrder(question));
      }),
    );
  });
});
