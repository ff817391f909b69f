// The steps that know Solaris: what a zone host and its zones are asked and told. The ordinary ones stand elsewhere.
import type { Step } from '../model/step.ts';
import { beBoot } from './be_boot.ts';
import { beActivate, beCreate, beDestroy, beKeep } from './be_commands.ts';
import { beUpdate } from './be_update.ts';
import { facts } from './facts.ts';
import { gate } from './gate.ts';
import { hostReboot, hostWait } from './host_reboot.ts';
import { maintenanceBegin } from './maintenance_begin.ts';
import { maintenanceEnd } from './maintenance_end.ts';
import { preflight } from './preflight.ts';
import { zoneAttach, zoneDetach } from './zone_attach.ts';
import { zonePowers } from './zone_power.ts';
import { zonesEvacuate } from './zones_evacuate.ts';
import { zonesMigrate } from './zones_migrate.ts';
import { zonesReturn } from './zones_return.ts';
import { zonesStartStayed } from './zones_start_stayed.ts';
import { zonesTarget } from './zones_target.ts';

export const HOST_STEPS: readonly Step[] = [
  beActivate,
  beBoot,
  beCreate,
  beDestroy,
  beKeep,
  beUpdate,
  facts,
  gate,
  hostReboot,
  hostWait,
  maintenanceBegin,
  maintenanceEnd,
  preflight,
  zonesEvacuate,
  zonesMigrate,
  zonesReturn,
  zonesStartStayed,
  zonesTarget,
  ...zonePowers,
  zoneAttach,
  zoneDetach,
];
