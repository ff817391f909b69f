// The worlds in which the single transcripts were taken: by transcript, a fleet and what happens before the command.
import { activeBe } from '../../world/fleet.ts';
import type { Fleet } from '../../world/fleet.ts';
import { readFleet } from '../../world/read.ts';
import { setProperty, refresh } from '../../world/smf.ts';
import type { Service } from '../../world/smf.ts';
import { hostsOf } from './hosts.ts';
import type { Hosts, Said } from './hosts.ts';
import { pkgWorlds } from './transcript-worlds-pkg.ts';
import { zonecfgWorlds } from './transcript-worlds-zonecfg.ts';
import type { Extent } from './transcript.ts';

export interface World {
  readonly extent: Extent;
  readonly play: (command: string) => Promise<Said>;
}

export interface Setting {
  /** A fleet file, without its first host's name: `hosts` in flow style. */
  readonly fleet: string;
  readonly at: string;
  readonly before?: (hosts: Hosts) => Promise<unknown> | unknown;
  readonly user?: string;
  /** Run instead of the transcript's command. */
  readonly command?: string;
  readonly extent?: Extent;
  readonly terminal?: boolean;
  readonly start?: number;
}

function world(setting: Setting): World {
  return {
    extent: setting.extent ?? 'whole',
    play: async command => {
      const hosts = hostsOf(readFleet(setting.fleet), setting.start);
      await setting.before?.(hosts);
      const line = setting.command ?? command;
      if (setting.terminal === true) return hosts.runOnTerminal(setting.at, line);
      return hosts.run(setting.at, line, setting.user ?? 'root');
    },
  };
}

const disk = (n: number): string => `iscsi://saison/luname.naa.600144f0dbf8af190000000000${String(n).padStart(6, '0')}`;

/** Two hosts, and zones on the first one by their lines. */
function pair(first: string, zones: string, second = 'bjork', more = ''): string {
  return `hosts: { ${first}: { zones: { ${zones} } ${more} }, ${second}: {} }`;
}

function service(fleet: Fleet, host: string, made: Partial<Service> & { fmri: string }): void {
  const plain: Service = {
    title: '',
    state: 'online',
    since: fleet.clock.now(),
    onlineAfterMs: 0,
    reason: '',
    man: '',
    ...made,
  };
  fleet.host(host).services.set(plain.fmri, plain);
}

function dnsClient(state: Service['state']): (hosts: Hosts) => void {
  return ({ fleet }) => {
    const fmri = 'svc:/network/dns/client:default';
    service(fleet, 'solaris11', { fmri, title: 'DNS resolver', man: '5 resolv.conf', state });
    const { smf } = activeBe(fleet.host('solaris11'));
    const set = (name: string, type: string, value: string): void =>
      setProperty(smf, fmri, 'config', [name, { type, values: [value] }]);
    set('domain', 'astring', 'dbaglobe.com');
    set('nameserver', 'net_address', '192.168.31.1');
    set('value_authorization', 'astring', 'solaris.smf.value.name-service.dns.client');
    refresh(smf, fmri);
  };
}

const solaris11 = 'entire: "11.4-11.4.0.0.1.15.0:20180817T004203Z"\nhosts: { solaris11: {} }';
const kzone = (n: number, more: string): string => `kzone${n}: { storage: "${disk(n)}", ${more} }`;

async function evacuated(hosts: Hosts): Promise<void> {
  await hosts.run('global', 'sysadm evacuate');
}

const twoKzones = [1, 2].map(n => kzone(n, 'target: "ssh://global2"')).join(', ');
const mixed = `${twoKzones}, my-ngz: { brand: solaris, storage: "${disk(9)}", target: "ssh://global2" }`;

const sysadm: readonly (readonly [string, World])[] = [
  [
    'sysadm/evacuate-l-all',
    world({ fleet: pair('global', mixed, 'global2'), at: 'global', before: evacuated, extent: 'cut' }),
  ],
  ['sysadm/evacuate-l-none', world({ fleet: pair('global', ''), at: 'global' })],
  ['sysadm/evacuate-n', world({ fleet: pair('source-host', kzone(1, 'target: "ssh://bjork"')), at: 'source-host' })],
  [
    'sysadm/evacuate-rv',
    world({
      fleet: `seed: 14\n${pair('global', twoKzones, 'global2')}`,
      at: 'global',
      before: evacuated,
    }),
  ],
  ['sysadm/evacuate-v-mixed', world({ fleet: `seed: 2\n${pair('global', mixed, 'global2')}`, at: 'global' })],
  [
    'sysadm/evacuate-v-one',
    world({
      fleet: pair('ldom1-04', kzone(1, 'target: "ssh://ldom1-08"'), 'ldom1-08'),
      at: 'ldom1-04',
      before: hosts => {
        hosts.fleet.sysadmTrailingBlank = true;
      },
    }),
  ],
  [
    'sysadm/maintain-l-manual',
    world({
      fleet: pair('global', ''),
      at: 'global',
      before: hosts => hosts.run('global', 'sysadm maintain -s -m "Updating system to new release"'),
    }),
  ],
];

const smf: readonly (readonly [string, World])[] = [
  [
    'svccfg/listprop-group',
    world({
      fleet: solaris11,
      at: 'solaris11',
      extent: 'part',
      before: hosts => {
        dnsClient('online')(hosts);
        const long = 'x'.repeat(62 - 'config/'.length);
        const { smf: repository } = activeBe(hosts.fleet.host('solaris11'));
        const value = { type: 'astring', values: ['y'] };
        setProperty(repository, 'svc:/network/dns/client:default', 'config', [long, value]);
      },
    }),
  ],
  ['svcprop/group', world({ fleet: solaris11, at: 'solaris11', before: dnsClient('online') })],
  ['svcprop/missing', world({ fleet: solaris11, at: 'solaris11', before: dnsClient('online') })],
  ['svcprop/one-property', world({ fleet: solaris11, at: 'solaris11', before: dnsClient('online') })],
  ['svcprop/target', world({ fleet: pair('global', twoKzones, 'global2'), at: 'global' })],
  [
    'svcs/list',
    world({
      fleet: solaris11,
      at: 'solaris11',
      before: hosts => {
        dnsClient('disabled')(hosts);
        service(hosts.fleet, 'solaris11', { fmri: 'lrc:/etc/rc2_d/S89PRESERVE', state: 'legacy_run' });
      },
    }),
  ],
  ['svcs/xv', world({ fleet: solaris11, at: 'solaris11', before: dnsClient('online') })],
];

function oldListing(hosts: Hosts): void {
  const host = hosts.fleet.host('global');
  const zone = activeBe(host).index.get('myzone');
  host.zoneListFields = 10;
  if (zone !== undefined)
    host.live.set('myzone', { id: 4, state: 'installed', aux: 'none', mode: 'R', running: zone.config });
}

const memlzr = [
  'create -b; set brand=solaris-kz; set host-compatible=memlzr; set autoboot=false',
  `add device; set storage=${disk(1)}; set id=1; set bootpri=0; end`,
].join('; ');

const native = (name: string, more: string): string => `${name}: { brand: solaris, storage: "${disk(7)}", ${more} }`;

const zoneadm: readonly (readonly [string, World])[] = [
  [
    'zoneadm/attach-storage-in-use',
    world({
      fleet: `hosts: { global: { zones: { ${kzone(1, 'state: configured')} } }, global2: { be: solaris-1, zones: { ${kzone(1, 'state: installed')} } } }`,
      at: 'global',
    }),
  ],
  [
    'zoneadm/list-cp-native',
    world({
      fleet: pair(
        'global',
        [
          native('mqlzrun', 'id: 2'),
          native('mqlzexcl', 'state: configured, properties: { file-mac-profile: fixed-configuration }'),
          native('mqlzshared', 'state: configured, properties: { ip-type: shared }'),
        ].join(', '),
      ),
      at: 'global',
    }),
  ],
  [
    'zoneadm/list-p-kernel-zone',
    world({
      fleet: pair(
        'global',
        `myzone: { storage: "${disk(1)}", state: installed, properties: { zonepath: /system/volatile/zones/myzone/zonepath } }`,
      ),
      at: 'global',
      before: oldListing,
    }),
  ],
  [
    'zoneadm/list-s',
    world({
      fleet: pair('global', `${kzone(1, 'id: 1')}, ${kzone(3, 'id: 3')}, ${kzone(2, 'state: installed')}`),
      at: 'global',
      before: hosts => {
        const live = hosts.fleet.host('global').live.get('kzone3');
        if (live !== undefined) live.aux = 'debugging';
      },
    }),
  ],
  [
    'zoneadm/migrate-config-refused',
    world({
      fleet: 'entire: 11.4-11.4.81.0.1.193.2\nhosts: { global: {}, bjork: { entire: 11.4-11.4.42.0.0.111.0 } }',
      at: 'global',
      before: async hosts => {
        await hosts.run('global', `zonecfg -z mykz '${memlzr}'`);
        await hosts.run('global', 'zoneadm -z mykz attach');
      },
    }),
  ],
  [
    'zoneadm/migrate-cpu-class',
    world({ fleet: `hosts: { global: { zones: { ${kzone(1, '')} } }, bjork: { cpu_class: class2 } }`, at: 'global' }),
  ],
  [
    'zoneadm/migrate-live',
    world({
      fleet: `hosts: { global: { zones: { ${kzone(1, '')} } }, bjork: { zones: { ${kzone(1, 'state: configured')} } } }`,
      at: 'global',
    }),
  ],
  [
    'zoneadm/migrate-n-cold',
    world({ fleet: pair('global', `kzone: { storage: "${disk(1)}", state: installed }`), at: 'global' }),
  ],
  ['zoneadm/migrate-n-live', world({ fleet: pair('global', `kzone: { storage: "${disk(1)}" }`), at: 'global' })],
];

/** Three environments of the guide, the last of them running. */
function environments(rows: readonly (readonly [string, string, number, number])[]): (hosts: Hosts) => void {
  return ({ fleet }) => {
    const host = fleet.host('solaris11');
    const first = activeBe(host);
    host.bes.clear();
    for (const [name, policy, spaceBytes, created] of rows)
      host.bes.set(name, { ...first, name, policy, spaceBytes, created, mountpoint: null });
    const last = [...host.bes.values()].at(-1);
    if (last === undefined) return;
    last.mountpoint = '/';
    host.active = last.name;
    host.next = last.name;
  };
}

const mebi = (n: number): number => Math.round(n * 2 ** 20);
const hostFacts: readonly (readonly [string, World])[] = [
  [
    'beadm/list',
    world({
      fleet: solaris11,
      at: 'solaris11',
      before: environments([
        ['BE1', 'static', mebi(6.13), Date.UTC(2014, 9, 9, 17, 21)],
        ['BE2', 'noevict,static', mebi(52.86), Date.UTC(2015, 0, 3, 16, 22)],
        ['BE3', 'static', mebi(313.1), Date.UTC(2015, 1, 4, 17, 36)],
      ]),
    }),
  ],
  [
    'beadm/list-H',
    world({
      fleet: solaris11,
      at: 'solaris11',
      before: environments([
        ['BE2', 'static', 55296, 1211397974000],
        ['BE5', 'static', 7786206208, 1221004384000],
      ]),
    }),
  ],
  ['etc/os-release', world({ fleet: solaris11, at: 'solaris11' })],
  ['kstat/boot-time', world({ fleet: solaris11, at: 'solaris11' })],
  ['kstat/freemem', world({ fleet: solaris11, at: 'solaris11' })],
  [
    'prtconf/memory',
    world({ fleet: 'hosts: { solaris11: { memory: 12G } }', at: 'solaris11', command: 'prtconf', extent: 'part' }),
  ],
  ['uname/a', world({ fleet: solaris11, at: 'solaris11' })],
  ['uname/v', world({ fleet: solaris11, at: 'solaris11' })],
  ['zpool/list', world({ fleet: 'hosts: { solaris11: { pool: 200G, pool_free: 190G } }', at: 'solaris11' })],
];

export const worlds: ReadonlyMap<string, World> = new Map([
  ...sysadm,
  ...smf,
  ...zoneadm,
  ...hostFacts,
  ...pkgWorlds(world),
  ...zonecfgWorlds(world),
]);
