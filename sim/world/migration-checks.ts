// What two hosts check before they let a zone go from one to the other. Each answer is null or the failure that the
// migration ends with; nothing is changed here.
import { exportText, globalOf, immovable, isKernelZone } from './config.ts';
import type { ZoneConfig } from './config.ts';
import { activeBe, zoneOn } from './fleet.ts';
import type { Fleet } from './fleet.ts';
import type { Failure, Kind, Prepared } from './migration.ts';
import type { Host } from './state.ts';
import * as texts from './texts.ts';
import { sruOf, version } from './versions.ts';
import { ATTACH_PREVENTED, hostDataText, otherHolder, unseenStorage } from './zones.ts';

export const failed = (operation: string, text: string): Failure => ({ is: 'failed', operation, text });

export function hostsRefuse(from: Host, to: Host, config: ZoneConfig, kind: Kind): Failure | null {
  if (from === to) return failed('CONNECT', texts.badUri(to.name));
  if (to.services.get('svc:/system/rad:local')?.state !== 'online') return failed('CONNECT', texts.radMissing(to.name));
  if (from.hardware.platform !== to.hardware.platform) return failed('CONFIG_CHECK', texts.wrongPlatform);
  const why = immovable(config);
  if (why !== null) return failed('CONFIG_CHECK', texts.localStorage(why));
  if (kind === 'live' && !isKernelZone(config)) return failed('CONFIG_CHECK', texts.brandNotLive('solaris'));
  const stream = to.services.get('svc:/network/kz-migr:stream')?.state;
  if (kind === 'live' && stream !== 'online') return failed('CONNECT', texts.migrationService(to.name));
  return null;
}

/** The level from which a host knows `host-compatible=memlzr`. */
const MEMLZR: Readonly<Record<string, number>> = { i86pc: 51, sun4v: 45 };

/** What the destination says to a configuration with a value that its older release doesn't know, or null. */
export function unknownThere(config: ZoneConfig, to: Host): string | null {
  if (!globalOf(config, 'host-compatible').includes('memlzr')) return null;
  if (sruOf(version(activeBe(to).entire)) >= (MEMLZR[to.hardware.platform] ?? 0)) return null;
  const text = exportText(config);
  const line = text.split('\n').findIndex(l => l.includes('memlzr')) + 1;
  const lead = 'configuration failed:\n-----BEGIN CONFIGURATION-----';
  const tail = `-----END CONFIGURATION-----\nError received from the target machine:\nOn line ${line}:`;
  return `${lead}\n${text}${tail}\nmemlzr: Invalid argument`;
}

export function attachRefusal(fleet: Fleet, prepared: Prepared): Failure | null {
  const { to, request, source, target } = prepared;
  // A reboot or somebody else may have come between.
  const same = zoneOn(to, source.name) === target && zoneOn(request.from, source.name) === source;
  if (!same || target.state !== 'configured') return failed('ATTACH', texts.zoneChanged);
  if (to.maintenance !== null) return failed('ATTACH', ATTACH_PREVENTED);
  const unseen = unseenStorage(to, source.config);
  if (unseen !== null) return failed('ATTACH', texts.storageMissing(unseen));
  const holder = otherHolder(fleet, request.from, source.config);
  return holder === null ? null : failed('ATTACH', hostDataText(fleet, source.name, holder));
}

/** A zone with a migration class moves between models; any other only between equal ones. */
export function cpuFits(config: ZoneConfig, from: Host, to: Host): boolean {
  const arch = config.globals.find(([key]) => key === 'cpu-arch')?.[1] ?? '';
  if (arch !== '' && arch !== 'generic') return true;
  return from.hardware.cpuClass === to.hardware.cpuClass;
}
