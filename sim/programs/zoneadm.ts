// zoneadm(8): dispatch, rights, and the subcommands that change one zone on this host. `list` and `migrate` have files
// of their own.
import type { Proc } from '../os/program.ts';
import { isKernelZone } from '../world/config.ts';
import { zoneOn } from '../world/fleet.ts';
import { markZoneService } from '../world/power.ts';
import { may } from '../world/rights.ts';
import type { IndexedZone } from '../world/state.ts';
import { zoneadmUnprivileged } from '../world/texts.ts';
import { attach, boot, detach, halt, mayBoot, stateOf } from '../world/zones.ts';
import type { Here, HostProgram } from './call.ts';
import { getopts, optionOf } from './options.ts';
import { list } from './zoneadm-list.ts';
import { migrate } from './zoneadm-migrate.ts';

/** A subcommand on one zone of this host. */
export interface ZoneCall {
  readonly here: Here;
  readonly proc: Proc;
  readonly zone: IndexedZone;
  readonly args: readonly string[];
}

type Subcommand = (call: ZoneCall) => Promise<number>;

const BOOT_MS = 4_000;
const SHUTDOWN_MS = 10_000;
const HALT_MS = 1_000;
const ATTACH_MS = 2_000;

export async function complain(call: ZoneCall, text: string): Promise<number> {
  const lead = text.startsWith("zone '") ? '' : `zoneadm: zone '${call.zone.name}': `;
  await call.proc.err(`${lead}${text}\n`);
  return 1;
}

async function bootZone(call: ZoneCall): Promise<number> {
  const { here, proc, zone } = call;
  const state = stateOf(here.host, zone);
  if (state === 'running') return complain(call, 'zone is already booted');
  if (state === 'configured') return complain(call, 'must be installed before boot.');
  if (state !== 'installed') return complain(call, `zone is ${state}`);
  const early = mayBoot(here.fleet, here.host, zone);
  if (early.is === 'refused') return complain(call, early.text);
  await proc.clock.sleep(BOOT_MS);
  if (stateOf(here.host, zone) !== 'installed') return complain(call, `zone is already ${stateOf(here.host, zone)}`);
  const outcome = boot(here.fleet, here.host, zone);
  if (outcome.is === 'refused') return complain(call, outcome.text);
  markZoneService(here.fleet, here.host, zone.name, 'online');
  return 0;
}

async function notRunning(call: ZoneCall): Promise<number> {
  return complain(call, 'zone is not running');
}

async function stopZone(call: ZoneCall, ms: number): Promise<number> {
  const { here, proc, zone } = call;
  if (stateOf(here.host, zone) !== 'running') return notRunning(call);
  const live = here.host.live.get(zone.name);
  if (live !== undefined && live.aux === 'migrating-out') return complain(call, `zone is ${live.aux}`);
  await proc.clock.sleep(ms);
  if (here.host.live.get(zone.name) !== live) return notRunning(call);
  halt(here.fleet, here.host, zone.name);
  markZoneService(here.fleet, here.host, zone.name, 'disabled');
  return 0;
}

async function shutdownZone(call: ZoneCall): Promise<number> {
  const options = getopts(call.args, 'r');
  const status = await stopZone(call, SHUTDOWN_MS);
  return status === 0 && options.given.has('r') ? bootZone(call) : status;
}

async function rebootZone(call: ZoneCall): Promise<number> {
  const status = await stopZone(call, HALT_MS);
  return status === 0 ? bootZone(call) : status;
}

async function attachZone(call: ZoneCall): Promise<number> {
  const { here, proc, zone } = call;
  const options = getopts(call.args, 'uUFnx:c:a:');
  if (options.bad !== null) return complain(call, `attach: invalid option -- '${options.bad}'`).then(() => 2);
  const state = stateOf(here.host, zone);
  if (state !== 'configured' && state !== 'unavailable') return complain(call, `zone is already ${state}.`);
  const force = (options.given.get('x') ?? []).includes('force-takeover');
  if (here.host.maintenance === null) await proc.clock.sleep(ATTACH_MS);
  if (stateOf(here.host, zone) !== state) return complain(call, `zone is already ${stateOf(here.host, zone)}.`);
  const outcome = attach(here.fleet, here.host, zone, force);
  return outcome.is === 'refused' ? complain(call, outcome.text) : 0;
}

async function detachZone(call: ZoneCall): Promise<number> {
  const { here, proc, zone } = call;
  const state = stateOf(here.host, zone);
  if (state === 'configured') return complain(call, 'must be installed before detach.');
  if (state !== 'installed' && state !== 'unavailable') return complain(call, 'zone must be halted before detach');
  await proc.clock.sleep(ATTACH_MS);
  if (stateOf(here.host, zone) !== state) return complain(call, 'zone has changed');
  detach(here.fleet, here.host, zone);
  return 0;
}

async function uninstallZone(call: ZoneCall): Promise<number> {
  const { here, zone } = call;
  const state = stateOf(here.host, zone);
  if (state === 'running') return complain(call, 'zone must be halted before uninstall');
  if (state === 'unavailable')
    here.fleet.incidents.push(`${zone.name} was uninstalled on ${here.host.name} while away`);
  detach(here.fleet, here.host, zone);
  return 0;
}

async function verifyZone(call: ZoneCall): Promise<number> {
  const may = mayBoot(call.here.fleet, call.here.host, call.zone);
  return may.is === 'ok' ? 0 : complain(call, may.text);
}

async function markZone(call: ZoneCall): Promise<number> {
  const { here, zone, args } = call;
  const state = args[0];
  if (state !== 'incomplete' && state !== 'unavailable')
    return complain(call, 'mark: state must be incomplete or unavailable');
  here.fleet.change({ what: 'zone-marked', host: here.host.name, zone: zone.name }, () => {
    zone.state = state;
  });
  return 0;
}

async function suspendZone(call: ZoneCall): Promise<number> {
  const { here, proc, zone } = call;
  if (!isKernelZone(zone.config)) return complain(call, 'suspend is not supported for this brand');
  if (!zone.config.resources.some(r => r.type === 'suspend')) return complain(call, 'no suspend resource configured');
  if (stateOf(here.host, zone) !== 'running') return notRunning(call);
  await proc.clock.sleep(SHUTDOWN_MS);
  here.fleet.change({ what: 'zone-suspended', host: here.host.name, zone: zone.name }, () => {
    here.host.live.delete(zone.name);
    here.fleet.shouldRun.delete(zone.name);
    zone.suspended = true;
  });
  return 0;
}

const SUBCOMMANDS: ReadonlyMap<string, Subcommand> = new Map<string, Subcommand>([
  ['boot', bootZone],
  ['shutdown', shutdownZone],
  ['halt', call => stopZone(call, HALT_MS)],
  ['reboot', rebootZone],
  ['attach', attachZone],
  ['detach', detachZone],
  ['uninstall', uninstallZone],
  ['verify', verifyZone],
  ['mark', markZone],
  ['suspend', suspendZone],
  ['migrate', migrate],
]);

export const zoneadm: HostProgram = async (here, proc, argv) => {
  const options = getopts(argv.slice(1), 'z:u:R:');
  const [subcommand = '', ...args] = options.rest;
  const zone = optionOf(options, 'z');
  if (options.bad !== null || subcommand === '') {
    await proc.err('usage:\tzoneadm [-z zone | -u uuid-match] subcommand ...\n');
    return 2;
  }
  const entry = zone === null ? null : zoneOn(here.host, zone);
  if (zone !== null && entry === null && zone !== 'global') {
    await proc.err(`zoneadm: ${zone}: No such zone configured\n`);
    return 1;
  }
  if (subcommand === 'list') return list(here.host, proc, args, zone);
  const run = SUBCOMMANDS.get(subcommand);
  if (run === undefined || entry === null) {
    await proc.err(`zoneadm: ${run === undefined ? `${subcommand}: invalid subcommand` : 'a zone is required'}\n`);
    return 2;
  }
  const right = subcommand === 'migrate' ? 'zone-migration' : 'zone-management';
  if (!may(here.host, proc, right)) {
    await proc.err(`${zoneadmUnprivileged(subcommand)}\n`);
    return 1;
  }
  return run({ here, proc, zone: entry, args });
};
