// What the hosts in memory print and do for each command line, after the manual pages in transcripts/.
import type { Ended } from '../../src/model/command.ts';
import { type Fleet, GIB, type MemoryHost, type MemoryZone, type Row } from './fleet.ts';

type Programs = Readonly<Record<string, (host: MemoryHost, args: readonly string[], fleet: Fleet) => Ended>>;

const out = (text: string): Ended => ({ is: 'exited', code: 0, out: text, err: '' });
const fail = (err: string, code = 1): Ended => ({ is: 'exited', code, out: '', err: `${err}\n` });
const silent = out('');
const PREVENTED = 'prevented due to system maintenance: see sysadm(8)';

export function answering(fleet: Fleet) {
  return (host: MemoryHost, argv: readonly string[]): Ended => {
    const [path = '', ...args] = argv;
    const program = path.split('/').at(-1) ?? '';
    if (program === 'sh') return script(fleet, host, args);
    const answer = PROGRAMS[program];
    if (answer === undefined) throw new Error(`the hosts in memory have no ${argv.join(' ')}`);
    return answer(host, args, fleet);
  };
}

/** The one script we send: parts framed by marker lines. */
function script(fleet: Fleet, host: MemoryHost, [, text = '']: readonly string[]): Ended {
  const mark = /^zf=([^;]+)/.exec(text)?.[1];
  if (mark === undefined) throw new Error(`the hosts in memory read no such script: ${text}`);
  let [stdout, stderr] = ['', ''];
  const part = (line: string): boolean => {
    const [, name = '', ...argv] = words(line);
    const ended = answering(fleet)(host, argv);
    if (ended.is !== 'exited') throw new Error('parts of a script end');
    stdout += `${mark} begin ${name}\n${ended.out}\n${mark} end ${ended.code} ${name}\n`;
    stderr += `${mark} begin ${name}\n${ended.err}\n${mark} end ${ended.code} ${name}\n`;
    return ended.code === 0;
  };
  for (const line of text.split('; ')) {
    if (line === 'begin zones') part('part zones /usr/sbin/zoneadm list -cp');
    if (line.startsWith('part ') && !line.includes('$zone')) part(line);
    // The loop over zones: each of its lines for each zone, the second half only when the first one failed.
    if (!line.startsWith('part ') || !line.includes('$zone')) continue;
    for (const zone of host.zones.keys()) {
      const [first = '', second] = line.replaceAll('"$zone"', zone).replaceAll('$zone', zone).split(' || ');
      if (!part(first) && second !== undefined) part(second);
    }
  }
  return { is: 'exited', code: 0, out: stdout, err: stderr };
}

function words(line: string): string[] {
  return [...line.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(match => match[1] ?? match[2] ?? match[3] ?? '');
}

const PROGRAMS: Programs = {
  sysadm: (host, args, fleet) => {
    if (host.rad !== 'online') return fail('sysadm: unable to connect to RAD');
    return args[0] === 'maintain' ? maintain(host, args.slice(1)) : evacuateProgram(host, args.slice(1), fleet);
  },
  zoneadm,
  svcs: (host, args) => {
    const wanted = args.slice(3);
    const all: [string, string][] = [
      [host.rad, 'svc:/system/rad:local'],
      ['online', 'svc:/system/rad:remote'],
      [host.multiUser, 'svc:/milestone/multi-user-server:default'],
      ...host.services,
      ...[...host.zones].map(([name, zone]): [string, string] => [
        zone.failedBoot ? 'maintenance' : zone.state === 'running' ? 'online' : 'disabled',
        `svc:/system/zones/zone:${name}`,
      ]),
    ];
    const rows = wanted.length === 0 ? all : all.filter(([, fmri]) => wanted.includes(fmri));
    if (rows.length === 0) return fail(`svcs: Pattern '${wanted.join(' ')}' doesn't match any instances`);
    return out(rows.map(([state, fmri]) => `${state.padEnd(15)}${fmri}\n`).join(''));
  },
  svcprop: (host, args) => {
    const own = args.includes('-C');
    const fmri = args.at(-1) ?? '';
    const zone = host.zones.get(fmri.split(':').at(-1) ?? '');
    const isService = fmri === 'svc:/system/zones/zone';
    if (!isService && zone === undefined) return fail(`svcprop: Pattern \`${fmri}' doesn't match any entities`);
    const value = isService ? host.defaultTarget : (zone?.refreshed ?? (own ? null : host.defaultTarget));
    if (value === null) return fail(`svcprop: Couldn't find property group \`evacuation' for instance \`${fmri}'.`);
    return out(`${value}\n`);
  },
  svccfg: (host, args) => {
    const zone = zoneOf(host, args[1]);
    if (args[2] === 'setprop') zone.target = args.at(-1) ?? '';
    if (args[2] === 'delprop') zone.target = null;
    return silent;
  },
  svcadm: (host, args) => {
    const zone = zoneOf(host, args[1]);
    if (args[0] === 'refresh') zone.refreshed = zone.target;
    if (args[0] === 'clear') zone.failedBoot = false;
    return silent;
  },
  beadm,
  kstat: (host, args) => {
    const values: Record<string, number> = {
      'unix:0:system_misc:boot_time': host.bootTime,
      'unix:0:system_pages:freemem': (host.freeGiB * GIB) / 4096,
      'zfs:0:arcstats:size': GIB,
    };
    return out(`${args[1]}\t${values[args[1] ?? '']}\n`);
  },
  date: (_, __, fleet) => out(`${Math.floor(fleet.time / 1000)}\n`),
  uname: host => out(`SunOS ${host.name} 5.11 ${host.release} i86pc ${host.arch} i86pc\n`),
  pagesize: () => out('4096\n'),
  prtconf: host => out(`Memory size: ${host.memoryGiB * 1024} Megabytes\n`),
  psrinfo: (_, args) =>
    out(args[0] === '-pv' ? 'The processor\n  x86 (GenuineIntel 306F2)\n' : '0\ton-line\n1\ton-line\n'),
  zpool: host => out(`rpool\t${200 * GIB}\t${100 * GIB}\t50\t${host.pool}\n`),
  id: host => out(host.root ? 'uid=0(root) gid=0(root)\n' : 'uid=101(jdoe) gid=10(staff)\n'),
  profiles: host => out(host.profiles.map(name => `${name}\n`).join('')),
  auths: () => out('solaris.*\n'),
  pgrep: host => (host.atWork.length === 0 ? { is: 'exited', code: 1, out: '', err: '' } : out(host.atWork.join('\n'))),
  true: () => silent,
  zonecfg: (host, args) => {
    const zone = host.zones.get(args[1] ?? '');
    if (zone === undefined) return fail(`${args[1]}: No such zone configured`);
    return out(configuration(args[1] ?? '', zone));
  },
  pkg,
  shutdown: (host, _, fleet) => {
    host.up = false;
    const { be, milliseconds = 120_000, never, multiUser = 'online', also } = host.nextBoot;
    host.nextBoot = also ?? {};
    if (never !== true) fleet.after(milliseconds, () => bootInto(fleet, host, be ?? host.next, multiUser));
    return { is: 'lost', out: '', err: '' };
  },
  ssh: (host, args, fleet) => {
    const to = (args.at(-2) ?? '').split('@').at(-1) ?? '';
    return host.strangers.includes(to) || fleet.hosts.get(to)?.up !== true
      ? fail('Host key verification failed.', 255)
      : silent;
  },
};

function bootInto(fleet: Fleet, host: MemoryHost, name: string, multiUser: string): void {
  for (const [other, be] of host.bes) {
    be.flags = be.flags.replace('N', '');
    if (other === name) be.flags = `N${be.flags}`;
  }
  host.up = true;
  host.bootTime = Math.floor(fleet.time / 1000);
  host.multiUser = multiUser;
  for (const zone of host.zones.values()) if (zone.state === 'running') zone.state = 'installed';
}

function configuration(name: string, zone: MemoryZone): string {
  const disk = zone.brand === 'solaris-kz' ? 'device' : 'rootzpool';
  return `zonename: ${name}
brand: ${zone.brand}
autoboot: ${zone.autoboot}
autoshutdown: shutdown
cpu-arch: generic
${disk}:
\tstorage: ${zone.storage}
virtual-cpu:
\tncpus: 2
capped-memory:
\tphysical: ${zone.ramGiB}G
`;
}

function pkg(host: MemoryHost, args: readonly string[], fleet: Fleet): Ended {
  const running = host.bes.get(host.active)?.entire ?? '';
  if (args[0] === 'list') return out(`pkg://solaris/entire@${running}:20260421T221212Z                 i--\n`);
  if (args[0] === 'publisher') {
    return out(
      'PUBLISHER\tSTICKY\tSYSPUB\tENABLED\tTYPE\tSTATUS\tURI\tPROXY\nsolaris\ttrue\tfalse\ttrue\torigin\tonline\thttp://pkg.example.com/\t-\n',
    );
  }
  if (args[0] === 'history') {
    const line = ([outcome, made]: [string, string]) =>
      `2026-11-23T05:18:08 update ${outcome} ${host.active} ${made} (None)\n`;
    return out(host.history.map(line).join(''));
  }
  const be = args[args.indexOf('--be-name') + 1] ?? '';
  const wanted = args.find(word => word.startsWith('entire@'))?.slice('entire@'.length) ?? host.pkgOffers;
  if (args.includes('-n')) return plan(be, running, wanted);
  const status = host.pkgStatuses.shift() ?? (running === wanted ? 4 : 0);
  if (status === 4) return fail('No updates available for this image.', 4);
  if (status === 7)
    return fail(
      'pkg: The image cannot be modified as it is currently in use by another package client: pkg on nacaozumbi, pid 4711.',
      7,
    );
  if (host.bes.has(be)) return fail(`pkg update: The boot environment '${be}' already exists.`);
  const clone = {
    uuid: `be-${be}`,
    flags: '',
    policy: 'static',
    created: Math.floor(fleet.time / 1000),
    entire: wanted,
  };
  if (status === 0) {
    host.bes.set(be, { ...clone, mountpoint: '' });
    host.history.push(['Succeeded', be]);
    return silent;
  }
  if (status === 1) host.bes.set(be, { ...clone, mountpoint: '/tmp/tmpAbCdEf' });
  return fail('pkg: it did not work', status);
}

function plan(be: string, running: string, wanted: string): Ended {
  if (running === wanted) return fail('No updates available for this image.', 4);
  const fmri = (version: string) => `pkg://solaris/entire@${version}:20260420T221212Z`;
  const lists = ['add-packages', 'remove-packages', 'child-images'].map(name => [name, []]);
  return out(
    `${JSON.stringify({
      ...Object.fromEntries(lists),
      'activate-be': false,
      'be-name': be,
      'create-new-be': true,
      'change-packages': [[fmri(running), fmri(wanted)]],
      'space-available': 100 * GIB,
      'space-required': GIB,
      version: 0,
    })}\n`,
  );
}

function zoneOf(host: MemoryHost, fmri = ''): MemoryZone {
  const zone = host.zones.get(fmri.split(':').at(-1) ?? '');
  if (zone === undefined) throw new Error(`no zone for ${fmri}`);
  return zone;
}

function maintain(host: MemoryHost, args: readonly string[]): Ended {
  const window = host.maintenance;
  if (args[0] === '-s') {
    if (window !== null) return fail('sysadm: system is already in maintenance mode');
    host.maintenance = { user: 'root', date: '2026-11-20 22:00', message: args[2] ?? '' };
    host.record = null;
    return silent;
  }
  if (args[0] === '-e') {
    if (window === null) return fail('sysadm: system is not in maintenance mode');
    host.maintenance = null;
    return silent;
  }
  if (window === null) return silent;
  if (args.includes('MESSAGE')) return out(`${window.message}\n`);
  return out(
    `TYPE   USER     DATE               MESSAGE\nadmin  ${window.user.padEnd(8)} ${window.date.padEnd(18)} ${window.message}\n`,
  );
}

function evacuateProgram(host: MemoryHost, args: readonly string[], fleet: Fleet): Ended {
  if (args.includes('-l')) return listRecord(host, args);
  if (args.includes('-r')) return returnZones(host, args.includes('-a'), fleet);
  const all = args.includes('-a');
  const chosen = [...host.zones].filter(([, zone]) => zone.state === 'running' || (all && zone.state === 'installed'));
  const rows = chosen.map(([name, zone]): Row => {
    const uri = zone.refreshed ?? host.defaultTarget;
    if (uri === null) return { zone: name, state: 'SKIPPED', destination: '', error: 'no evacuation target' };
    if (zone.brand !== 'solaris-kz' && zone.state === 'running') {
      return { zone: name, state: 'SKIPPED', destination: '', error: 'brand does not support live migration' };
    }
    const why = migrate(fleet, host, name, uri);
    return { zone: name, state: why === null ? 'EVACUATED' : 'FAILED', destination: uri, error: why ?? '' };
  });
  const kept = (host.record ?? []).filter(row => !rows.some(({ zone }) => zone === row.zone));
  host.record = [...kept, ...rows];
  const good = rows.every(({ state }) => state === 'EVACUATED');
  return good ? out('sysadm: evacuation completed successfully.\n') : fail('sysadm: evacuation failed.');
}

function listRecord(host: MemoryHost, args: readonly string[]): Ended {
  if (host.inProgress) return out('sysadm: evacuation in progress\n');
  const rows = host.record ?? [];
  if (rows.length === 0) return out('sysadm: no active evacuation\n');
  const dash = (text: string) => (text === '' ? '-' : text);
  const line = (row: Row) => {
    if (args.includes('ZONENAME,STATE')) return `${row.zone}:${row.state}`;
    if (args.includes('DEST')) return dash(row.destination);
    if (args.includes('ERROR')) return dash(row.error);
    return `${row.zone.padEnd(16)} ${row.state.padEnd(9)} ${dash(row.destination).padEnd(40)} ${dash(row.error)}`;
  };
  const header = args.includes('-p') ? '' : `${'ZONENAME'.padEnd(16)} STATE     ${'DEST'.padEnd(40)} ERROR\n`;
  return out(`${header}${rows.map(row => `${line(row)}\n`).join('')}`);
}

function returnZones(home: MemoryHost, all: boolean, fleet: Fleet): Ended {
  if (home.maintenance !== null) return fail(`sysadm: attach ${PREVENTED}`);
  let good = true;
  for (const row of (home.record ?? []).filter(({ state }) => state === 'EVACUATED')) {
    const there = fleet.host(row.destination.split('@').at(-1) ?? '');
    const zone = there.zones.get(row.zone);
    if (zone === undefined || (zone.state !== 'running' && !all)) continue;
    const why = migrate(fleet, there, row.zone, `ssh://root@${home.name}`);
    if (why === null) home.record = (home.record ?? []).filter(one => one !== row);
    else {
      row.error = why;
      good = false;
    }
  }
  if (home.record?.every(({ state }) => state !== 'EVACUATED')) home.record = null;
  return good ? out('sysadm: return completed successfully.\n') : fail('sysadm: return failed.');
}

/** Moves one zone, or says why not. */
function migrate(fleet: Fleet, from: MemoryHost, name: string, uri: string): string | null {
  const to = fleet.hosts.get(uri.split('@').at(-1) ?? '');
  const zone = from.zones.get(name);
  if (to === undefined || !to.up) return `cannot connect to ${uri}`;
  if (zone === undefined) return 'no such zone';
  if (to.maintenance !== null) return `attach ${PREVENTED}`;
  const key = `${name}>${to.name}`;
  const failures = fleet.failing.get(key) ?? 0;
  if (failures > 0) {
    fleet.failing.set(key, failures - 1);
    return 'not enough memory';
  }
  to.zones.set(name, {
    ...zone,
    id: zone.state === 'running' ? 50 + to.zones.size : null,
    target: null,
    refreshed: null,
  });
  from.zones.set(name, { ...zone, state: 'configured', id: null });
  return null;
}

function zoneadm(host: MemoryHost, args: readonly string[], fleet: Fleet): Ended {
  if (args[0] === 'list') return out(args[1] === '-cs' ? auxTable(host) : zoneTable(host));
  const [, name = '', verb = ''] = args;
  const zone = host.zones.get(name);
  if (zone === undefined) return fail(`zoneadm: zone '${name}': No such zone configured`);
  const set = (state: MemoryZone['state']) => {
    zone.state = state;
    zone.id = state === 'running' ? 90 : null;
    return silent;
  };
  if (['boot', 'attach'].includes(verb) && host.maintenance !== null) {
    return fail(`zoneadm: zone '${name}': ${verb} ${PREVENTED}`);
  }
  switch (verb) {
    case 'boot':
      return zone.failedBoot ? fail(`zoneadm: zone '${name}': in maintenance`) : set('running');
    case 'attach':
    case 'shutdown':
    case 'halt':
      return set('installed');
    case 'detach':
      return set('configured');
    case 'migrate': {
      if (args.includes('-n')) return out(`zoneadm: zone '${name}': Dry-run migration successful.\n`);
      const why = migrate(fleet, host, name, args.at(-1) ?? '');
      return why === null ? silent : fail(`zoneadm: zone '${name}': ${why}`);
    }
    default:
      throw new Error(`the hosts in memory have no zoneadm ${verb}`);
  }
}

function zoneTable(host: MemoryHost): string {
  const rows = [...host.zones].map(
    ([name, { id, state, brand }]) => `${id ?? '-'}:${name}:${state}:-::${brand}:excl:-:::`,
  );
  return ['0:global:running:/::solaris:shared:-:none::', ...rows].map(row => `${row}\n`).join('');
}

function auxTable(host: MemoryHost): string {
  const rows = [...host.zones].map(([name, { state, aux }]) => `${name.padEnd(16)}${state.padEnd(17)}${aux}`.trimEnd());
  return ['NAME             STATUS           AUXILIARY STATE', 'global          running', ...rows]
    .map(row => `${row}\n`)
    .join('');
}

function beadm(host: MemoryHost, args: readonly string[]): Ended {
  const [verb = ''] = args;
  const name = args.at(-1) ?? '';
  if (verb === 'list') {
    const rows = [...host.bes].map(
      ([be, { uuid, flags, mountpoint, policy, created }]) =>
        `${be};${uuid};${flags};${mountpoint};${GIB};${policy};${created}`,
    );
    return out(rows.map(row => `${row}\n`).join(''));
  }
  const be = host.bes.get(name);
  if (verb === 'create') {
    if (be !== undefined) return fail(`BE ${name} already exists. Please choose a different BE name.`);
    const entire = host.bes.get(host.active)?.entire ?? '';
    host.bes.set(name, {
      uuid: `be-${name}`,
      flags: '',
      mountpoint: '',
      policy: 'static',
      created: 1_600_000_000,
      entire,
    });
    return silent;
  }
  if (be === undefined) return fail(`beadm: '${name}' does not exist`);
  switch (verb) {
    case 'activate':
      for (const other of host.bes.values()) other.flags = other.flags.replace('R', '');
      be.flags += 'R';
      return silent;
    case 'destroy':
      if (be.flags !== '') return fail(`Unable to destroy ${name}.`);
      if (be.mountpoint !== '' && args[1] !== '-fF') return fail(`Unable to destroy ${name}: it is mounted.`);
      host.bes.delete(name);
      return silent;
    case 'unmount':
      be.mountpoint = '';
      return silent;
    case 'set-policy': {
      const policy = args[2] ?? '';
      const rest = be.policy.split(',').filter(word => word !== policy.replace(/^-/, ''));
      be.policy = policy.startsWith('-') ? rest.join(',') : [...rest, policy].join(',');
      return silent;
    }
    default:
      throw new Error(`the hosts in memory have no beadm ${verb}`);
  }
}
