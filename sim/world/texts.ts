// Every text of a host that no manual, capture or source shows: deduced, to be replaced as soon as somebody has seen
// the real one. Documented texts stand in the programs that print them. Nothing may depend on these words.

/** Printed only when a fleet file says that an open host answers in words. */
export const noMaintenance = 'sysadm: system is not in maintenance mode';
export const alreadyInMaintenance = 'sysadm: system is already in maintenance mode';
export const noRoomForState = 'sysadm: unable to record system maintenance: No space left on device';
export const notInMaintenance = 'sysadm: system is not in maintenance mode';
export const sysadmUnprivileged = 'sysadm: insufficient privileges';
export const sysadmNoRad = 'sysadm: unable to connect to RAD: Connection refused';
export const secondEvacuation = 'sysadm: evacuation already in progress';
export const nothingToEvacuate = 'sysadm: no zones to evacuate';
export const nothingToReturn = 'sysadm: no active evacuation';
export const evacuationFailed = 'sysadm: evacuation failed.';
export const returnFailed = 'sysadm: return failed.';
export const dryRunFailed = 'sysadm: dry-run failed';
export const zoneEvacuationFailed = (zone: string, why: string): string => `sysadm: ${zone}: evacuation failed: ${why}`;
export const zoneSkipped = (zone: string, why: string): string => `sysadm: ${zone}: skipped: ${why}`;
export const zoneReturnFailed = (zone: string, why: string): string => `sysadm: ${zone}: return failed: ${why}`;
export const noTarget = 'no evacuation target';
export const noLiveMigration = 'zone is running and its brand does not support live migration';
export const notOnDest = (dest: string): string => `zone is not on ${dest}`;
export const cancelled = 'migration cancelled';
export const injected = 'internal error';

export const bootPrevented = 'boot prevented due to system maintenance: see sysadm(8)';
export const noMemory = (needed: string, present: string): string =>
  `not enough memory to boot zone: ${needed} needed, ${present} available`;
export const storageMissing = (uri: string): string => `storage ${uri} is not accessible on this host`;
export const localStorage = (why: string): string => `migration is not supported: ${why}`;
export const configurationMismatch = (property: string): string => `configuration check failed: ${property} differs`;
export const zoneExists = 'zone is already installed on the destination';
export const zoneChanged = 'zone has been changed meanwhile';
export const poolInUse = 'root pool may be in use from another system';
export const streamLost = 'migration failed: connection to the destination lost';
export const streamTimeout = 'migration failed: timed out';
export const brandNotLive = (brand: string): string => `live migration is not supported for zones of brand ${brand}`;
export const notRunningLive = 'live migration requires a running zone';
export const wrongPlatform = 'destination has another architecture';
export const badUri = (uri: string): string => `invalid destination: ${uri}`;
export const connectFailed = (host: string, why: string): string => `unable to connect to ${host}: ${why}`;
export const radMissing = (host: string): string => `unable to connect to RAD on ${host}`;
export const migrationService = (host: string): string => `kernel zone migration service is not online on ${host}`;
/** The line after `error: Suspended image ca` is cut off in the page. */
export const cpuMismatch = 'error: Suspended image cannot be resumed: CPU features differ';

export const zoneadmUnprivileged = (command: string): string =>
  `zoneadm: ${command} operation requires that this user has all privileges`;
export const zonecfgUnprivileged = 'zonecfg: insufficient privileges';
export const svccfgDenied = (fmri: string): string => `svccfg: Permission denied: ${fmri}`;
export const svcadmDenied = (fmri: string): string => `svcadm: ${fmri}: Permission denied.`;
export const beadmDenied = 'beadm: insufficient privileges';
export const shutdownDenied = (program: string): string => `${program}: insufficient privileges`;

export const beMissing = (be: string): string => `beadm: '${be}' does not exist`;
export const beExists = (be: string): string => `BE ${be} already exists. Please choose a different BE name.`;
export const beUndestroyable = (be: string, why: string): string => `Unable to destroy ${be}: ${why}`;
export const beMounted = (be: string): string => `BE ${be} is already mounted`;
export const beNotMounted = (be: string): string => `BE ${be} is not mounted`;
