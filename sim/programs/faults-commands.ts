// fmadm, ldm, dumpadm, dladm: hardware as a person looks at it before maintenance. Nothing is ever faulty but what a
// fault of the fleet says.
import type { HostProgram } from './call.ts';

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

export const dladm: HostProgram = async (_here, proc, argv) => {
  const sub = argv[1] ?? 'show-link';
  if (sub === 'show-link') {
    const rows = [
      'LINK                CLASS     MTU    STATE    OVER',
      'net0                phys      1500   up       --',
    ];
    if (argv.includes('-p')) await proc.out('net0:phys:1500:up:\n');
    else await proc.out(`${rows.join('\n')}\n`);
  }
  return 0;
};
