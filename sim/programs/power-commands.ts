// shutdown, init, reboot, halt, poweroff: each begins the end and returns for a moment before the connection drops.
import type { Proc } from '../os/program.ts';
import { hostNow } from '../world/fleet.ts';
import { shutDown } from '../world/power.ts';
import { may } from '../world/rights.ts';
import { beMissing, shutdownDenied } from '../world/texts.ts';
import { longDate } from '../world/zones.ts';
import type { Here, HostProgram } from './call.ts';
import { getopts, optionOf } from './options.ts';

async function denied(proc: Proc, program: string): Promise<number> {
  await proc.err(`${shutdownDenied(program)}\n`);
  return 1;
}

function go(here: Here, to: 'reboot' | 'off', graceful: boolean): number {
  shutDown(here.fleet, here.host, { graceful, to });
  return 0;
}

/** `Fri Feb  2 01:20:00 UTC 2018` */
function dateLine(at: number): string {
  return longDate(at).replace(/ (\d{4})$/, ' UTC $1');
}

export const shutdown: HostProgram = async (here, proc, argv) => {
  const options = getopts(argv.slice(1), 'yrg:i:');
  const state = optionOf(options, 'i') ?? (options.given.has('r') ? '6' : 's');
  const grace = Number(optionOf(options, 'g') ?? '60');
  if (options.bad !== null || !/^[0156sS]$/.test(state) || Number.isNaN(grace)) {
    await proc.err('Usage: shutdown [-y] [-r] [-g<grace>] [-i<initstate>] [<message>]\n');
    return 1;
  }
  if (!may(here.host, proc, 'shutdown')) return denied(proc, 'shutdown');
  const at = hostNow(here.fleet, here.host);
  await proc.out(`\nShutdown started.    ${dateLine(at)}\n\n`);
  if (!options.given.has('y')) {
    await proc.out('Do you want to continue? (y or n):   ');
    if (!/^y/i.test((await proc.readLine()) ?? '')) return 1;
  }
  if (grace > 0) await proc.clock.sleep(grace * 1000);
  await proc.out(`Changing to init state ${state} - please wait\n`);
  if (state === '6') return go(here, 'reboot', true);
  return state === '0' || state === '5' ? go(here, 'off', true) : 0;
};

export const init: HostProgram = async (here, proc, argv) => {
  if (!may(here.host, proc, 'shutdown')) return denied(proc, 'init');
  if (argv[1] === '6') return go(here, 'reboot', true);
  if (argv[1] === '0' || argv[1] === '5') return go(here, 'off', true);
  await proc.err('Usage: init [0123456abcQqSs]\n');
  return 1;
};

export const reboot: HostProgram = async (here, proc, argv) => {
  const options = getopts(argv.slice(1), 'dlnqfpe:');
  if (!may(here.host, proc, 'shutdown')) return denied(proc, 'reboot');
  const once = optionOf(options, 'e');
  const clash = options.given.has('f') && options.given.has('p');
  if (options.bad !== null || clash || (once !== null && !here.host.bes.has(once))) {
    await proc.err(
      once === null || clash ? 'usage: reboot [ -dlnqpf ] [ -e be ] [ boot args ]\n' : `${beMissing(once)}\n`,
    );
    return 1;
  }
  if (once !== null) {
    here.fleet.change({ what: 'boot-once-set', host: here.host.name }, () => {
      here.host.bootOnce = once;
    });
  }
  return go(here, 'reboot', false);
};

export const halt: HostProgram = async (here, proc) =>
  may(here.host, proc, 'shutdown') ? go(here, 'off', false) : denied(proc, 'halt');
