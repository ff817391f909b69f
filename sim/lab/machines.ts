// Puts a machine under every host of a fleet: its accounts, its clock, the programs of its world.
import { makeMachine } from '../os/machine.ts';
import type { Fleet } from '../world/fleet.ts';
import { fleetPrograms, hostFiles } from '../programs/fleet-programs.ts';
import { hostClock } from '../world/fleet.ts';

/** What sshd gives a command, not what a profile would (sshd is built with it). */
const SSHD_PATH = '/usr/bin:/bin:/usr/sbin:/sbin';

export function putMachines(fleet: Fleet): void {
  for (const host of fleet.hosts.values()) {
    const machine = makeMachine({
      name: host.name,
      clock: hostClock(fleet, host.name),
      accounts: host.users,
      programs: fleetPrograms(fleet, host.name),
      files: hostFiles(fleet, host.name),
      path: SSHD_PATH,
      root: host.active,
    });
    fleet.attach(host.name, machine);
  }
}
