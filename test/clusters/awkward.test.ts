// The fleet of docs/planning.md, made by hand to be awkward. What zoneferry answers is checked against the rules anew, by
// arithmetic of its own: an answer is only as good as somebody else's check of it.
import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import type { Migration } from '../../src/model/plan.ts';
import { here } from '../cli/stage.ts';

const GiB = 1024 ** 3;
const FACTS = 'clusters/awkward/fleet.json';

interface ZoneSaid {
  readonly name: string;
  readonly brand: string;
  readonly state: string;
  readonly configuration: { value: { autoboot: boolean; cpuArch: string; storage: string[]; ram: { bytes?: number } } };
}

interface HostSaid {
  readonly host: string;
  readonly os: { value: { arch: string; version: string } };
  readonly maintenance: { is: string };
  readonly cpuClass: { value: string };
  readonly memory: { totalBytes: { value: number }; freeBytes: { value: number } };
  readonly zones: { value: ZoneSaid[] };
}

const hosts: readonly HostSaid[] = JSON.parse(readFileSync(FACTS, 'utf8')).hosts;
const hostNamed = (name: string): HostSaid => {
  const found = hosts.find(one => one.host === name);
  if (found === undefined) throw new Error(`no host ${name}`);
  return found;
};

async function asked(out: string, ...more: readonly string[]) {
  const said = await here(
    ['place', '--facts', FACTS, '-i', 'clusters/awkward/hosts.yml', '--json', '--out', out, ...more],
    { CI: '1' },
  );
  return { code: said.code, ...JSON.parse(said.out) };
}

const held = (zone: ZoneSaid): number =>
  zone.brand === 'solaris-kz' ? (zone.configuration.value.ram.bytes ?? 0) * 1.05 + GiB / 4 : 0;
const takes = ({ state, configuration }: ZoneSaid): boolean =>
  state === 'running' || (state === 'installed' && configuration.value.autoboot);

const ORACLE = ['bjork', 'monk', 'mingus'];

/** What is wrong with sending these zones there, in a word each. */
function wrong(
  out: readonly string[],
  migrations: readonly Pick<Migration, 'zone' | 'from' | 'to'>[],
): readonly string[] {
  const arrivals = (host: string): readonly ZoneSaid[] =>
    migrations.filter(({ to }) => to === host).map(({ zone, from }) => zoneOn(from, zone));
  const perZone = migrations.flatMap(({ zone, from, to }) => {
    const [a, b, moved] = [hostNamed(from), hostNamed(to), zoneOn(from, zone)];
    const there = b.zones.value.find(({ name }) => name === zone);
    const rivals = [...b.zones.value.filter(({ state }) => state === 'running'), ...arrivals(to)];
    const faults = {
      'goes to a host that is out': out.includes(to),
      'is closed': b.maintenance.is !== 'open',
      'other architecture': a.os.value.arch !== b.os.value.arch,
      'older system': b.os.value.version < a.os.value.version,
      'other processors':
        a.cpuClass.value !== b.cpuClass.value &&
        (moved.configuration.value.cpuArch === '' || b.cpuClass.value.includes('AMD')),
      'not licensed': zone.startsWith('ora') && !ORACLE.includes(to),
      'no kernel zone': moved.brand !== 'solaris-kz',
      'two webs': zone.startsWith('web') && rivals.filter(({ name }) => name.startsWith('web')).length > 1,
      'another zone of its name': there !== undefined,
    };
    return Object.entries(faults).flatMap(([why, is]) => (is ? [`${zone} on ${to}: ${why}`] : []));
  });
  const perHost = hosts.flatMap(({ host, memory, zones }) => {
    const coming = arrivals(host).reduce((sum, zone) => sum + held(zone), 0);
    const full = zones.value.filter(takes).reduce((sum, zone) => sum + held(zone), 0) + coming;
    const overFull = full > memory.totalBytes.value || coming > memory.freeBytes.value;
    return coming > 0 && overFull ? [`${host}: over its memory`] : [];
  });
  const pays = new Set(migrations.filter(({ zone }) => zone.startsWith('pay')).map(({ to }) => to));
  return [...perZone, ...perHost, ...(pays.size > 1 ? ['pay1 and pay2 are parted'] : [])];
}

function zoneOn(host: string, zone: string): ZoneSaid {
  const found = hostNamed(host).zones.value.find(({ name }) => name === zone);
  if (found === undefined) throw new Error(`${zone} isn't on ${host}`);
  return found;
}

const running = (names: readonly string[]): readonly string[] =>
  names.flatMap(name =>
    hostNamed(name).zones.value.flatMap(({ name: zone, brand, state }) =>
      brand === 'solaris-kz' && state === 'running' ? [zone] : [],
    ),
  );

describe('an awkward fleet, asked whether hosts can be taken out tonight', function () {
  // Ways out are searched for, each a plan: a second of a processor, which can be a quarter of a minute on a busy one.
  this.timeout(60_000);

  for (const out of [['nacaozumbi', 'coltrane'], ['bjork'], ['nacaozumbi'], ['saison', 'coltrane'], ['satie']])
    it(`${out.join(' and ')}: every zone that must leave has one place, and no rule is broken`, async () => {
      const { code, answer, migrations } = await asked(out.join(','));
      expect([code, answer]).to.deep.equal([0, 'yes']);
      expect(migrations.map((one: Migration) => one.zone)).to.have.members(running(out));
      expect(wrong(out, migrations)).to.deep.equal([]);
    });

  it('says no to three of them, and each way out that it offers is one', async () => {
    const three = ['nacaozumbi', 'bjork', 'coltrane'];
    const no = await asked(three.join(','));
    expect([no.code, no.answer]).to.deep.equal([5, 'no']);
    const waves = no.ways.find((way: { is: string }) => way.is === 'smaller-waves');
    expect(waves.waves).to.deep.equal([['nacaozumbi', 'coltrane'], ['bjork']]);
    const yes = await asked(three.join(','), '--make-room');
    expect(yes.code).to.equal(0);
    expect(wrong([], yes.first)).to.deep.equal([]);
    const [moved] = yes.first;
    const before = wrong(three, yes.migrations).filter(one => !one.startsWith(`${moved.from}:`));
    expect(before).to.deep.equal([]);
  });

  it('tells which zones go to a newer system, from where they come home only to one as new', async () => {
    const said = await here(['place', '--facts', FACTS, '-i', 'clusters/awkward/hosts.yml', '--out', 'satie'], {
      CI: '1',
    });
    expect(said.out).to.contain('To a newer system: old1 (satie). It comes home live only when home is as new.');
  });

  it('never says yes where a zone is pinned, moved by a cluster, or has no other host of its kind', async () => {
    for (const out of ['ella', 'parker', 'mingus', 'simone', 'coltrane,parker'])
      expect((await asked(out)).code, out).to.equal(5);
  });
});
