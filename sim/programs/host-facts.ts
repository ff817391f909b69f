// Small programs that say what a host is: uname, hostname, hostid, pagesize, psrinfo, prtconf, who, zonename, virtinfo,
// isainfo, uptime. Formats: captures and manual pages.
import { activeBe, hostNow } from '../world/fleet.ts';
import type { Host } from '../world/state.ts';
import { unameVersion, version } from '../world/versions.ts';
import { longDate } from '../world/zones.ts';
import type { HostProgram } from './call.ts';
import { getopts } from './options.ts';

const processor = (host: Host): string => (host.hardware.platform === 'i86pc' ? 'i386' : 'sparc');

/** A program that prints one line, whatever it is asked. */
function printing(text: (host: Host) => string): HostProgram {
  return async ({ host }, proc) => {
    await proc.out(`${text(host)}\n`);
    return 0;
  };
}

export const uname: HostProgram = async ({ host }, proc, argv) => {
  const { platform } = host.hardware;
  const fields: readonly (readonly [string, string])[] = [
    ['s', 'SunOS'],
    ['n', host.name],
    ['r', '5.11'],
    ['v', unameVersion(version(activeBe(host).entire))],
    ['m', platform],
    ['p', processor(host)],
    ['i', platform],
  ];
  const options = getopts(argv.slice(1), 'asnrvmpiX');
  if (options.bad !== null) {
    await proc.err('usage:\tuname [-snrvmapiX]\n');
    return 2;
  }
  const wanted = options.given.size === 0 ? new Set(['s']) : options.given;
  const shown = wanted.has('a') ? fields : fields.filter(([letter]) => wanted.has(letter));
  await proc.out(`${shown.map(([, value]) => value).join(' ')}\n`);
  return 0;
};

export const hostname = printing(host => host.name);
export const hostid = printing(host => host.hardware.hostid);
export const pageBytes = (host: Host): number => (host.hardware.platform === 'i86pc' ? 4096 : 8192);
export const pagesize = printing(host => String(pageBytes(host)));
export const zonename = printing(() => 'global');
export const isainfo = printing(host => (host.hardware.platform === 'i86pc' ? 'amd64 i386' : 'sparcv9 sparc'));

export const prtconf: HostProgram = async ({ host }, proc) => {
  const megabytes = Math.round(host.hardware.memoryBytes / 2 ** 20);
  await proc.out(`System Configuration:  Oracle Corporation  ${host.hardware.platform}
Memory size: ${megabytes} Megabytes
System Peripherals (Software Nodes):

${host.hardware.platform}
`);
  return 0;
};

function stampLine(at: number): string {
  const d = new Date(at).toISOString();
  return `${d.slice(5, 7)}/${d.slice(8, 10)}/${d.slice(0, 4)} ${d.slice(11, 19)}`;
}

export const psrinfo: HostProgram = async ({ host }, proc, argv) => {
  const { cpus, cpuModel, platform } = host.hardware;
  const options = getopts(argv.slice(1), 'pvt');
  if (!options.given.has('p')) {
    const lines = Array.from({ length: cpus }, (_, at) => `${at}\ton-line   since ${stampLine(host.bootedAt)}\n`);
    await proc.out(lines.join(''));
    return 0;
  }
  if (!options.given.has('v')) {
    await proc.out('1\n');
    return 0;
  }
  const cores = Math.max(1, cpus / 2);
  const chip =
    platform === 'i86pc'
      ? `  x86 (GenuineIntel 306F2 family 6 model 63 step 2 clock 2300 MHz)\n\t${cpuModel}\n`
      : `  ${cpuModel} (chipid 0, clock 4133 MHz)\n`;
  const lead = `The physical processor has ${cores} cores and ${cpus} virtual processors (0-${cpus - 1})\n`;
  await proc.out(`${lead}${chip}`);
  return 0;
};

/** `Feb  2 01:22` */
const shortDate = (at: number): string => longDate(at).slice(4, 16);

export const who: HostProgram = async (here, proc, argv) => {
  if (argv.includes('-b')) {
    await proc.out(`   .        system boot  ${shortDate(here.host.reportedBoot)}\n`);
    return 0;
  }
  return 0;
};

export const uptime: HostProgram = async (here, proc) => {
  const now = hostNow(here.fleet, here.host);
  const up = Math.max(0, now - here.host.bootedAt);
  const days = Math.floor(up / 86_400_000);
  const clock = new Date(up % 86_400_000).toISOString().slice(11, 16).replace(/^0/, '');
  const span = days > 0 ? `${days} day(s), ${clock}` : clock;
  await proc.out(
    ` ${new Date(now).toISOString().slice(11, 16)}  up ${span},  0 users,  load average: 0.10, 0.12, 0.11\n`,
  );
  return 0;
};

export const virtinfo: HostProgram = async ({ host }, proc, argv) => {
  const rows: (readonly [string, string])[] = [
    ['kernel-zone', 'supported'],
    ['non-global-zone', 'supported'],
  ];
  if (host.guestDomains.length > 0) rows.unshift(['logical-domain', 'current']);
  const names = rows.map(([name]) => name);
  const wanted = argv.slice(1).find(a => names.includes(a));
  const klass = argv[argv.indexOf('-c') + 1];
  const byClass = argv.includes('-c') ? rows.filter(([, c]) => c === klass) : rows;
  const shown = byClass.filter(([name]) => wanted === undefined || name === wanted);
  if (shown.length === 0) return 1;
  await proc.out([['NAME', 'CLASS'] as const, ...shown].map(([n, c]) => `${n.padEnd(15)} ${c}\n`).join(''));
  return 0;
};
