// The Solaris programs of one host, by absolute path. Utilities that any system has (cat, grep, date, ...) are the
// machine's own.
import type { Program } from '../os/program.ts';
import { activeBe } from '../world/fleet.ts';
import type { Fleet } from '../world/fleet.ts';
import { beadm } from './beadm.ts';
import { onHost } from './call.ts';
import type { HostProgram } from './call.ts';
import * as hardware from './hardware-commands.ts';
import * as facts from './host-facts.ts';
import { kstat } from './kstat.ts';
import { pkg } from './pkg.ts';
import { halt, init, reboot, shutdown } from './power-commands.ts';
import { releaseFiles } from './release-files.ts';
import { auths, pfexec, profiles } from './rights-commands.ts';
import { ssh } from './ssh.ts';
import { mpathadm, suriadm, zfs, zpool } from './storage-commands.ts';
import { svcadm } from './svcadm.ts';
import { svccfg } from './svccfg.ts';
import { svcprop } from './svcprop.ts';
import { svcs } from './svcs.ts';
import { sysadm } from './sysadm.ts';
import { zoneadm } from './zoneadm.ts';
import { zonecfg } from './zonecfg.ts';

/** In /usr/sbin, and by its old name in /sbin. */
const SBIN: Readonly<Record<string, HostProgram>> = {
  ...{ sysadm, zoneadm, zonecfg, beadm, svcadm, svccfg, zpool, zfs, suriadm, mpathadm },
  ...hardware,
  ...{ shutdown, init, reboot, halt, poweroff: halt },
  ...{ prtconf: facts.prtconf, psrinfo: facts.psrinfo, virtinfo: facts.virtinfo },
};

const BIN: Readonly<Record<string, HostProgram>> = {
  ...{ pkg, svcs, svcprop, kstat, ssh, pfexec, profiles, auths },
  ...{ uname: facts.uname, hostname: facts.hostname, hostid: facts.hostid, pagesize: facts.pagesize },
  ...{ who: facts.who, zonename: facts.zonename, isainfo: facts.isainfo, uptime: facts.uptime },
};

/** What makeMachine is given as `programs` for this host. */
export function fleetPrograms(fleet: Fleet, hostName: string): ReadonlyMap<string, Program> {
  const here = { fleet, host: fleet.host(hostName) };
  const programs = new Map<string, Program>();
  const add = (folders: readonly string[], own: Readonly<Record<string, HostProgram>>): void => {
    for (const [name, program] of Object.entries(own)) {
      const wrapped = onHost(here, name, program);
      for (const folder of folders) programs.set(`${folder}/${name}`, wrapped);
    }
  };
  add(['/usr/sbin', '/sbin'], SBIN);
  add(['/usr/bin', '/bin'], BIN);
  return programs;
}

/** The files of a host that the world knows, for makeMachine. */
export function hostFiles(fleet: Fleet, hostName: string): Readonly<Record<string, string>> {
  const host = fleet.host(hostName);
  const hosts = [...fleet.hosts.values()].map(h => `# ${h.fullName} ${h.name}`);
  return {
    ...releaseFiles(fleet, activeBe(host).entire, host.hardware.platform),
    '/etc/nodename': `${host.name}\n`,
    '/etc/inet/hosts': `127.0.0.1 localhost\n${hosts.join('\n')}\n`,
  };
}
