// What a zone needs and what a host has; unknown is never nothing.
import { expect } from 'chai';
import { known, unknown, type ZoneFacts } from '../../src/model/facts.ts';
import { cpusOf, memoryOf, roomOf } from '../../src/model/room.ts';
import { GiB, host, zone } from '../plan/world.ts';

const need = (gib: number): number => Math.ceil(gib * GiB * 1.05) + GiB / 4;

function configured(one: ZoneFacts, change: object): ZoneFacts {
  if (one.configuration.is === 'unknown') return one;
  return { ...one, configuration: known({ ...one.configuration.value, ...change }) };
}

describe('what a zone needs', () => {
  it('is its memory with what the hypervisor adds; a native zone reserves none', () => {
    expect(memoryOf(zone({ name: 'evac1', gib: 4 }))).to.deep.equal(known(need(4)));
    expect(memoryOf(zone({ name: 'tzone1', brand: 'solaris' }))).to.deep.equal(known(0));
  });

  it('is unknown, never nothing, for a kernel zone that says no memory', () => {
    const odd = configured(zone({ name: 'evac1' }), { ram: { is: 'none' } });
    expect(memoryOf(odd)).to.deep.equal(unknown('evac1 says no memory'));
    expect(memoryOf(configured(odd, { ram: { is: 'capped', bytes: 4 } })).is).to.equal('unknown');
    expect(memoryOf(configured(odd, { ram: { is: 'unknown', why: '?' } }))).to.deep.equal(
      unknown("the memory of evac1 isn't known: ?"),
    );
  });

  it('is its processors, virtual, dedicated or capped', () => {
    for (const is of ['virtual', 'dedicated', 'capped'])
      expect(cpusOf(configured(zone({ name: 'evac1' }), { vcpus: { is, count: 3 } })), is).to.equal(3);
    expect(cpusOf(configured(zone({ name: 'evac1' }), { vcpus: { is: 'none' } }))).to.equal(0);
    expect(cpusOf({ ...zone({ name: 'evac1' }), configuration: unknown('?') })).to.equal(0);
  });
});

describe('room on a host', () => {
  const room = (zones: readonly ZoneFacts[], reserve: number | null = 0) => {
    const found = roomOf(host('bjork', zones, { gib: 64, cpus: 16 }), reserve);
    if (found.is === 'unknown') throw new Error(found.why);
    return found.value;
  };

  it('is what its kernel zones and the reserve leave', () => {
    expect(room([zone({ name: 'z1', gib: 4, vcpus: 2 }), zone({ name: 'z2', gib: 8, vcpus: 4 })], GiB)).to.deep.equal({
      totalBytes: 64 * GiB,
      takenBytes: GiB + need(4) + need(8),
      freeBytes: 63 * GiB - need(4) - need(8),
      cpus: 16,
      takenCpus: 6,
    });
  });

  it('keeps a twentieth for the host, and at least 2 GiB, unless the inventory says otherwise', () => {
    expect(room([], null).takenBytes).to.equal(Math.floor((64 * GiB) / 20));
    const small = roomOf(host('bjork', [], { gib: 8 }), null);
    expect(small.is === 'known' && small.value.takenBytes).to.equal(2 * GiB);
  });

  it('counts zones that hold memory, and those that start with the host', () => {
    const taken = (words: Partial<Parameters<typeof zone>[0]>): boolean =>
      room([zone({ name: 'z1', ...words })]).takenBytes > 0;
    expect(taken({ state: 'running' })).to.equal(true);
    expect(taken({ state: 'ready' })).to.equal(true);
    expect(taken({ state: 'shutting_down' })).to.equal(true);
    expect(taken({ state: 'installed' })).to.equal(false);
    expect(taken({ state: 'installed', autoboot: true })).to.equal(true);
    expect(taken({ state: 'configured', autoboot: true })).to.equal(false);
    expect(taken({ brand: 'solaris' })).to.equal(false);
    expect(room([zone({ name: 'z1', brand: 'solaris', vcpus: 4 })]).takenCpus).to.equal(0);
  });

  it('is unknown when any part of it is', () => {
    const facts = host('bjork');
    const why = unknown('killed');
    expect(roomOf({ ...facts, zones: why }, 0).is).to.equal('unknown');
    expect(roomOf({ ...facts, cpus: why }, 0).is).to.equal('unknown');
    expect(roomOf({ ...facts, memory: { ...facts.memory, totalBytes: why } }, 0).is).to.equal('unknown');
    expect(roomOf({ ...facts, zones: known([{ ...zone({ name: 'z1' }), configuration: why }]) }, 0).is).to.equal(
      'unknown',
    );
  });
});
