// Puts a machine under every host of a fleet: its accounts, its clock, the programs of its world.
import { makeMachine } from '../os/machine.ts';
import type { Connected } from '../os/program.ts';
import type { Fleet } from '../world/fleet.ts';
import { fleetPrograms, hostFiles } from '../programs/fleet-programs.ts';
import { hostClock } from '../world/fleet.ts';

/** What sshd gives a command, not what a profile would (sshd is built with it). */
const SSHD_PATH = '/usr/bin:/bin:/usr/sbin:/sbin';

const SSH_PORT = 22;

/** Every host listens for SSH and for nothing else; one that is down doesn't answer. */
function connected(fleet: Fleet, from: string, { name, port }: { name: string; port: number }): Connected {
  const to = ['127.0.0.1', '::1', 'localhost'].includes(name) ? fleet.host(from) : fleet.find(name);
  if (to === null) return 'unknown-name';
  if (to.machine?.isUp !== true) return 'no-answer';
  return port === SSH_PORT && to.port === 'open' ? 'open' : 'refused';
}

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
      connects: (name, port) => connected(fleet, host.name, { name, port }),
    });
    fleet.attach(host.name, machine);
  }
}
