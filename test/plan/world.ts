// Builders of facts for the planner's tests: a host with zones, in the fewest words.
import { type Facts, known, type ZoneFacts } from '../../src/model/facts.ts';

export const GiB = 1024 ** 3;

export interface ZoneWords {
  readonly name: string;
  readonly gib?: number;
  readonly vcpus?: number;
  readonly brand?: string;
  readonly state?: ZoneFacts['state'];
  readonly aux?: string;
  readonly storage?: readonly string[];
  readonly bound?: string;
  readonly target?: string;
  readonly cpuArch?: string;
  readonly autoboot?: boolean;
}

export function zone(words: ZoneWords): ZoneFacts {
  const { name, gib = 4, vcpus = 2, brand = 'solaris-kz', state = 'running', aux = '' } = words;
  const target =
    words.target === undefined ? known({ is: 'none' } as const) : known({ is: 'set', uri: words.target } as const);
  return {
    name,
    id: state === 'running' ? 7 : null,
    brand,
    state,
    aux: known(aux),
    path: '-',
    uuid: '',
    configuration: known({
      autoboot: words.autoboot ?? false,
      ram: brand === 'solaris-kz' ? { is: 'reserved', bytes: gib * GiB } : { is: 'none' },
      vcpus: { is: 'virtual', count: vcpus },
      storage: words.storage ?? [`iscsi://saison/luname.naa.${name}`],
      cpuArch: words.cpuArch ?? '',
      hostCompatible: '',
      autoshutdown: 'shutdown',
      movable: words.bound === undefined ? { is: 'movable' } : { is: 'bound', reasons: [words.bound] },
      properties: [],
    }),
    target,
    instanceTarget: target,
  };
}

export interface HostWords {
  readonly gib?: number;
  readonly cpus?: number;
  readonly arch?: string;
  readonly version?: string;
  readonly cpuClass?: string;
  readonly closed?: string;
  readonly freeGib?: number;
}

export function host(name: string, zones: readonly ZoneFacts[] = [], words: HostWords = {}): Facts {
  const { gib = 64, cpus = 32, arch = 'i386', version = '11.4.80.0.1.189.2', cpuClass = 'x86' } = words;
  return {
    host: name,
    at: '2026-01-01T00:00:00Z',
    clock: known(1767225600),
    os: known({ release: '5.11', version, arch, platform: 'i86pc', nodename: name }),
    boot: known({ time: 1767000000 }),
    be: known({ active: 'old', next: 'old', names: [] }),
    entire: known({ fmri: '', branch: version, version: `11.4-${version}` }),
    maintenance:
      words.closed === undefined
        ? { is: 'open' }
        : { is: 'closed', user: 'root', date: '2026-01-01 00:00', message: words.closed },
    record: { is: 'none' },
    rad: { local: known('online'), remote: known('disabled') },
    memory: { totalBytes: known(gib * GiB), freeBytes: known((words.freeGib ?? gib) * GiB), arcBytes: known(0) },
    cpus: known(cpus),
    cpuClass: known(cpuClass),
    pools: known([]),
    services: known({ maintenance: [], degraded: [], offline: [], inTransition: [] }),
    publishers: known([]),
    defaultTarget: known({ is: 'none' }),
    zones: known(zones),
    rights: { user: known({ name: 'root', uid: 0 }), profiles: known([]), auths: known([]) },
    atWork: known([]),
    unreadable: [],
  };
}
