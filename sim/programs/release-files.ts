// Files that say which release a boot environment holds. They change with the boot environment, not with the host.
import type { Fleet } from '../world/fleet.ts';
import { version } from '../world/versions.ts';
import { stampFor } from './pkg-facts.ts';

const MONTHS = 'January February March April May June July August September October November December'.split(' ');

function centred(text: string): string {
  return `${' '.repeat(Math.max(0, Math.floor((80 - text.length) / 2)))}${text}`;
}

/** /etc/release and /etc/os-release of a version of `entire`. */
export function releaseFiles(fleet: Fleet, entire: string, platform: string): Readonly<Record<string, string>> {
  const v = version(entire);
  const stamp = stampFor(fleet, v);
  const [year, month, day] = [stamp.slice(0, 4), stamp.slice(4, 6), stamp.slice(6, 8)];
  const release = [
    `Oracle Solaris 11.4 ${platform === 'i86pc' ? 'X86' : 'SPARC'}`,
    `Copyright (c) 1983, ${year}, Oracle and/or its affiliates.`,
    `Assembled ${day} ${MONTHS[Number(month) - 1]} ${year}`,
  ];
  return {
    '/etc/release': `${release.map(centred).join('\n')}\n`,
    '/etc/os-release': `NAME="Oracle Solaris"
PRETTY_NAME="Oracle Solaris 11.4"
CPE_NAME="cpe:/o:oracle:solaris:11:4"
ID=solaris
VERSION_ID=11.4
VERSION=11.4
BUILD_ID=${v.branch}
`,
  };
}
