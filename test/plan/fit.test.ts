// The inventory's rules on which zone may run where.
import { expect } from 'chai';
import { type Facts, known, unknown, type ZoneFacts } from '../../src/model/facts.ts';
import { type HostSettings, NO_SETTINGS } from '../../src/model/host-variable.ts';
import { hostName, zoneName } from '../../src/model/ids.ts';
import type { ZoneRule } from '../../src/model/inventory.ts';
import { noRule } from '../../src/model/zone-rule.ts';
import { companyIn } from '../../src/plan/place/company.ts';
import { obstacles } from '../../src/plan/place/fit.ts';
import { obstaclesText } from '../../src/report/obstacle-text.ts';
import { GiB, host, type HostWords, zone, type ZoneWords } from './world.ts';

const none: ZoneRule = noRule('evac1');
const evac1 = (words: Partial<ZoneWords> = {}): ZoneFacts => zone({ name: 'evac1', ...words });

interface Case {
  readonly zone?: ZoneFacts;
  readonly from?: Facts;
  readonly to?: Facts;
  readonly accepts?: boolean;
  readonly reserveBytes?: number;
  readonly settings?: Partial<HostSettings>;
  readonly rule?: Partial<ZoneRule>;
}

/** Of evac1 on nacaozumbi, with bjork as its destination. */
function no(given: Case = {}): readonly string[] {
  const { accepts = true, reserveBytes = 0 } = given;
  const candidate = { ...NO_SETTINGS, ...given.settings, facts: given.to ?? host('bjork'), reserveBytes, accepts };
  const rule = given.rule ? { ...none, ...given.rule } : null;
  const [zone, source] = [given.zone ?? evac1(), given.from ?? host('nacaozumbi')];
  const company = companyIn(
    rule === null ? [] : [rule],
    [{ ...source, zones: known([zone]) }, candidate.facts],
    () => false,
  )(zone.name);
  return obstacles({ zone, source, rule, company }, candidate).map(one => obstaclesText([one]));
}

const bjork = (words: HostWords = {}, zones: readonly ZoneFacts[] = []): Facts => host('bjork', zones, words);
const h = (...names: readonly string[]) => names.map(hostName);

type Said = readonly [resource: string, name: string, value: string];

function withProperties(facts: ZoneFacts, ...said: readonly Said[]): ZoneFacts {
  if (facts.configuration.is === 'unknown') throw new Error('no configuration');
  const properties = said.map(([resource, name, value]) => ({ resource, index: 0, name, value }));
  return { ...facts, configuration: known({ ...facts.configuration.value, properties }) };
}

describe('the rules of the inventory', () => {
  it('a host that takes no zones takes none', () => {
    expect(no({ accepts: false })).to.deep.equal(['takes no zones (inventory)']);
  });

  it('a pinned zone goes to its host and to no other', () => {
    expect(no({ rule: { pin: hostName('saison') } })).to.deep.equal(['the zone is pinned to saison']);
    expect(no({ rule: { pin: hostName('bjork') } })).to.deep.equal([]);
  });

  it('a zone goes only where it is allowed', () => {
    expect(no({ rule: { allowed: h('saison') } })).to.deep.equal(['not among the hosts allowed for the zone']);
    expect(no({ rule: { allowed: h('saison', 'bjork') } })).to.deep.equal([]);
    expect(no({ rule: { allowed: [] } })).to.have.length(1);
  });

  it('zones that must be kept apart never run on one host', () => {
    const apart = { keepApart: [zoneName('web2')] };
    expect(no({ rule: apart, to: bjork({}, [zone({ name: 'web2' })]) })).to.deep.equal([
      'must be kept apart from web2, beside which it would run',
    ]);
    expect(no({ rule: apart, to: bjork({}, [zone({ name: 'web3' })]) })).to.deep.equal([]);
    expect(no({ rule: apart, to: bjork({}, [zone({ name: 'web2', state: 'installed' })]) })).to.deep.equal([]);
  });
});

describe('room on a host', () => {
  // 4 GiB with 5 % and 256 MiB for the hypervisor.
  const need = Math.ceil(4 * GiB * 1.05) + GiB / 4;
  const sized = (bytes: number, free = bytes): Facts => {
    const facts = bjork();
    return {
      ...facts,
      memory: {
        totalBytes: { is: 'known', value: bytes },
        freeBytes: { is: 'known', value: free },
        arcBytes: { is: 'known', value: 0 },
      },
    };
  };

  it('is enough when it is exactly what the zone needs, and not a byte less', () => {
    expect(no({ to: sized(need) })).to.deep.equal([]);
    expect(no({ to: sized(need - 1) })).to.have.length(1);
    expect(no({ to: sized(need, need - 1) })).to.have.length(1);
  });

  it('leaves the reserve alone', () => {
    expect(no({ to: sized(need + 1), reserveBytes: 1 })).to.deep.equal([]);
    expect(no({ to: sized(need + 1), reserveBytes: 2 })).to.have.length(1);
  });

  it('counts the cache as free, since it shrinks', () => {
    const facts = sized(2 * need, need - 1);
    const memory = { ...facts.memory, arcBytes: { is: 'known', value: 1 } } as const;
    expect(no({ to: { ...facts, memory } })).to.deep.equal([]);
  });

  it('is asked for processors too', () => {
    expect(no({ zone: evac1({ vcpus: 8 }), to: bjork({ cpus: 8 }) })).to.deep.equal([]);
    expect(no({ zone: evac1({ vcpus: 9 }), to: bjork({ cpus: 8 }) })).to.deep.equal(['needs 9 processors, has 8']);
  });

  it('promises each processor as often as the host may (cpu_overcommit), and as often as need be unless said', () => {
    const busy = bjork({ cpus: 8 }, [zone({ name: 'web1', vcpus: 12 })]);
    const wants = evac1({ vcpus: 4 });
    expect(no({ zone: wants, to: busy })).to.deep.equal([]);
    expect(no({ zone: wants, to: busy, settings: { cpuOvercommit: 2 } })).to.deep.equal([]);
    expect(no({ zone: wants, to: busy, settings: { cpuOvercommit: 1.5 } })).to.deep.equal([
      'needs 4 processors, 12 of 12 are promised (cpu_overcommit)',
    ]);
  });

  it('counts zones that aren’t up and will be at the host’s next start', () => {
    const sleeper = zone({ name: 'web1', gib: 60, state: 'installed', autoboot: true });
    expect(no({ to: bjork({ gib: 64 }, [sleeper]) })).to.have.length(1);
    expect(no({ to: bjork({ gib: 64 }, [{ ...sleeper, state: 'configured' }]) })).to.deep.equal([]);
  });

  it('from a pool of reserved memory is only where the inventory says that the pool is', () => {
    const pooled = withProperties(evac1(), ['capped-memory', 'memory-reserve', 'zones']);
    expect(no({ zone: pooled })).to.deep.equal([
      'the zone takes its memory from the pool "zones", and nobody knows if it is there (say so: placement: { pools: [zones] })',
    ]);
    expect(no({ zone: pooled, settings: { pools: ['zones'] } })).to.deep.equal([]);
  });

  it('is not asked of a host for a zone that comes installed', () => {
    expect(no({ zone: evac1({ state: 'installed', gib: 500 }), to: bjork({ gib: 1 }) })).to.deep.equal([]);
  });

  it('never says yes where nobody knows', () => {
    const why = unknown('kstat: timed out');
    expect(no({ to: { ...bjork(), cpus: why } })).to.deep.equal(["processors aren't known: kstat: timed out"]);
    expect(no({ to: { ...bjork(), memory: { ...bjork().memory, totalBytes: why } } })).to.have.length(1);
    expect(no({ to: { ...bjork(), zones: why } })).to.include("its zones aren't known: kstat: timed out");
    expect(no({ zone: { ...evac1(), configuration: why } })).to.have.length(1);
    expect(no({ to: { ...bjork(), maintenance: { is: 'unknown', why: 'no answer' } } })).to.deep.equal([
      'nobody can say if it is closed: no answer',
    ]);
  });
});

describe('systems and processors', () => {
  it('a zone goes to an equal or newer system, never to an older one', () => {
    const from = host('nacaozumbi', [], { version: '11.4.80' });
    expect(no({ from, to: bjork({ version: '11.4.80' }) })).to.deep.equal([]);
    expect(no({ from, to: bjork({ version: '11.4.81' }) })).to.deep.equal([]);
    expect(no({ from, to: bjork({ version: '11.4.9' }) })).to.deep.equal([
      'is older (11.4.9) than nacaozumbi (11.4.80)',
    ]);
  });

  it('a system that nobody could read is no destination, and no source either', () => {
    const os = unknown('uname: killed');
    expect(no({ to: { ...bjork(), os } })).to.deep.equal(["its system isn't known: uname: killed"]);
    expect(no({ from: { ...host('nacaozumbi'), os } })).to.deep.equal([
      "the system of nacaozumbi isn't known: uname: killed",
    ]);
  });

  it('only a running kernel zone cares for the kind of processor', () => {
    const to = bjork({ cpuClass: 'other' });
    expect(no({ to })).to.deep.equal(['other processors, and the zone has no migration class (cpu-arch)']);
    expect(no({ to, zone: evac1({ cpuArch: 'generic' }) })).to.have.length(1);
    expect(no({ to, zone: evac1({ cpuArch: 'migration-class1' }) })).to.deep.equal([]);
    expect(no({ to, zone: evac1({ state: 'installed' }) })).to.deep.equal([]);
    expect(no({ to, zone: evac1({ brand: 'solaris' }) })).to.deep.equal([]);
  });

  it('on AMD no migration class makes unlike processors alike', () => {
    const to = bjork({ cpuClass: 'x86 (AuthenticAMD 830F10)' });
    expect(no({ to, zone: evac1({ cpuArch: 'migration-class1' }) })).to.deep.equal([
      'other processors, and AMD ones have no migration classes',
    ]);
  });

  it('processors nobody could read stop a running kernel zone', () => {
    const cpuClass = unknown('psrinfo: refused');
    expect(no({ to: { ...bjork(), cpuClass } })).to.deep.equal(["its processors aren't known: psrinfo: refused"]);
    expect(no({ from: { ...host('nacaozumbi'), cpuClass } })).to.have.length(1);
  });
});

describe('a configuration of the same name at the destination', () => {
  const there = (words: Partial<ZoneWords>): Facts => bjork({}, [evac1({ state: 'configured', ...words })]);

  it('must be the zone’s own: storage, memory and processors', () => {
    expect(no({ to: there({}) })).to.deep.equal([]);
    expect(no({ to: there({ gib: 8 }) })).to.deep.equal(['has another configuration of this name: memory']);
    expect(no({ to: there({ vcpus: 9 }) })).to.deep.equal(['has another configuration of this name: processors']);
    expect(no({ to: there({ storage: ['iscsi://saison/x'], gib: 8 }) })).to.deep.equal([
      'has another configuration of this name: storage, memory',
    ]);
  });

  it('must have the same page sizes, and disks under the same ids', () => {
    const mine = withProperties(evac1(), ['device', 'storage', 'iscsi://x'], ['device', 'id', '0']);
    const other = (...said: readonly Said[]) => bjork({}, [withProperties(evac1({ state: 'configured' }), ...said)]);
    const disk: readonly Said[] = [['device', 'storage', 'iscsi://X']];
    expect(no({ zone: mine, to: other(...disk, ['device', 'id', '0']) })).to.deep.equal([]);
    expect(no({ zone: mine, to: other(...disk, ['device', 'id', '1']) })).to.deep.equal([
      'has another configuration of this name: ids of devices',
    ]);
    const pages: Said = ['capped-memory', 'pagesize-policy', 'largest-only'];
    expect(no({ zone: mine, to: other(...disk, ['device', 'id', '0'], pages) })).to.deep.equal([
      'has another configuration of this name: page sizes',
    ]);
  });

  it('names the same storage in any order and any case', () => {
    const mine = evac1({ storage: ['iscsi://saison/luname.naa.0A', 'iscsi://saison/luname.naa.0B'] });
    const to = there({ storage: ['iscsi://saison/luname.naa.0b', 'iscsi://saison/luname.naa.0a'] });
    expect(no({ zone: mine, to })).to.deep.equal([]);
  });

  it('that can’t be compared is in the way', () => {
    const shell = { ...evac1({ state: 'configured' }), configuration: unknown('zonecfg: killed') };
    expect(no({ to: bjork({}, [shell]) })).to.deep.equal(["has a configuration of this name that can't be compared"]);
  });
});
