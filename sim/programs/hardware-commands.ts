// Hardware and its neighbours as a person looks at them before maintenance: faults, domains, dumps, links, paths, clock.
// All forms are from common knowledge, not from a capture: nobody should read more from them than "all is well" or
// "not". Nothing is ever wrong but what a fault of the fleet says.
import type { Host } from '../world/state.ts';
import type { HostProgram } from './call.ts';
import { getopts, optionOf } from './options.ts';

/** `fmadm faulty` prints nothing when nothing is. */
export const fmadm: HostProgram = async (_here, proc, argv) => {
  if (argv[1] === 'faulty' || argv[1] === 'list' || argv[1] === 'list-fault') return 0;
  await proc.err('Usage: fmadm <subcommand>\n');
  return 2;
};

/** Only on a control domain; elsewhere the program isn't there. */
export const ldm: HostProgram = async ({ host }, proc, argv) => {
  if (host.guestDomains.length === 0) {
    await proc.err('ldm: command not found\n');
    return 127;
  }
  if (argv[1] !== 'list' && argv[1] !== 'ls') return 0;
  const domain = (name: string, flags: string): string =>
    `DOMAIN|name=${name}|state=active|flags=${flags}|cons=UART|ncpu=8|mem=17179869184|util=0.1|uptime=864000\n`;
  const guests = host.guestDomains.map(name => domain(name, 'normal'));
  await proc.out(`VERSION 1.21\n${domain('primary', 'normal,control,vio-service')}${guests.join('')}`);
  return 0;
};

export const dumpadm: HostProgram = async (_here, proc, argv) => {
  if (argv.includes('-e')) {
    await proc.out('Estimated space required for dump: 4.00G\n');
    return 0;
  }
  await proc.out(`      Dump content      : kernel with ZFS metadata
      Dump device       : /dev/zvol/dsk/rpool/dump (dedicated)
      Savecore directory: /var/crash
      Savecore enabled  : yes
      Save compressed   : on
`);
  return 0;
};

/** The rows of dladm's listings: one link, no aggregations, no VLANs. */
const LINKS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'show-link': { link: 'net0', class: 'phys', mtu: '1500', state: 'up', over: '--' },
  'show-phys': { link: 'net0', media: 'Ethernet', state: 'up', speed: '10000', duplex: 'full', device: 'i40e0' },
};

export const dladm: HostProgram = async (_here, proc, argv) => {
  const [sub = 'show-link', ...args] = argv.slice(1);
  const options = getopts(args, 'pPxLlo:');
  const row = LINKS[sub];
  if (row === undefined || options.bad !== null) return options.bad === null ? 0 : 1;
  const wanted = (optionOf(options, 'o') ?? 'all').toLowerCase();
  const fields = wanted === 'all' ? Object.keys(row) : wanted.split(',');
  const cells = fields.map(field => (row[field] ?? '').replace('--', options.given.has('p') ? '' : '--'));
  if (options.given.has('p')) {
    await proc.out(`${cells.join(':')}\n`);
    return 0;
  }
  const line = (texts: readonly string[]): string => `${texts.map(text => text.padEnd(12)).join(' ')}\n`;
  await proc.out(`${line(fields.map(f => f.toUpperCase()))}${line(cells)}`);
  return 0;
};

/** No IPMP group: nothing to print. */
export const ipmpstat: HostProgram = () => Promise.resolve(0);

export const ntpq: HostProgram = async ({ host }, proc) => {
  const offset = (-host.clockSkewMs + 0.112).toFixed(3).padStart(8);
  await proc.out(`     remote           refid      st t when poll reach   delay   offset  jitter
==============================================================================
*192.0.2.1       .GPS.            1 u   33   64  377    0.321 ${offset}   0.050
`);
  return 0;
};

function targetText(host: Host, uri: string): string {
  const lun = uri
    .slice(-32)
    .replace(/[^0-9a-f]/gi, '')
    .toUpperCase();
  return `Target: iqn.1986-03.com.sun:02:saison
        Alias: -
        TPGT: 1
        Connections: ${host.onePathMissing ? 1 : 2}
        LUN: 0
             Vendor:  SUN
             Product: COMSTAR
             OS Device Name: /dev/rdsk/c0t${lun}d0s2
`;
}

export const iscsiadm: HostProgram = async ({ fleet, host }, proc, argv) => {
  if (argv[1] !== 'list' || argv[2] !== 'target') return 0;
  const held = [...fleet.holders].filter(([uri, h]) => h.host === host.name && uri.startsWith('iscsi:'));
  await proc.out(held.map(([uri]) => targetText(host, uri)).join(''));
  return 0;
};

export const fcinfo: HostProgram = async (_here, proc) => {
  await proc.out('No Adapters Found.\n');
  return 0;
};

export const eeprom: HostProgram = async ({ host }, proc, argv) => {
  if (host.hardware.platform === 'i86pc') return 0;
  const known: Readonly<Record<string, string>> = { 'boot-device': 'rpool', 'auto-boot?': 'true' };
  const wanted = argv.slice(1).length === 0 ? Object.keys(known) : argv.slice(1);
  await proc.out(wanted.map(name => `${name}=${known[name] ?? 'data not available.'}\n`).join(''));
  return 0;
};

export const bootadm: HostProgram = async ({ host }, proc, argv) => {
  if (argv[1] !== 'list-menu') return 0;
  const names = [...host.bes.keys()];
  const rows = names.map((name, at) => `${at} ${name}\n`).join('');
  await proc.out(`the location of the boot loader configuration files is: /rpool/boot/grub
default ${names.indexOf(host.next)}
console text
timeout 30
${rows}`);
  return 0;
};
