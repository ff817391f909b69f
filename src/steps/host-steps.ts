// The steps that know Solaris: what a zone host and its zones are asked and told. The ordinary ones stand elsewhere.
import type { Step } from '../model/step.ts';
import { beBoot } from './be-boot.ts';
import { beActivate, beCreate, beDestroy, beKeep } from './be-commands.ts';
import { beUpdate } from './be-update.ts';
import { facts } from './facts.ts';
import { gate } from './gate.ts';
import { hostReboot, hostWait } from './host-reboot.ts';
import { maintenanceBegin } from './maintenance-begin.ts';
import { maintenanceEnd } from './maintenance-end.ts';
import { preflight } from './preflight.ts';
import { zoneAttach, zoneDetach } from './zone-attach.ts';
import { zonePowers } from './zone-power.ts';
import { zonesEvacuate } from './zones-evacuate.ts';
import { zonesMigrate } from './zones-migrate.ts';
import { zonesReturn } from './zones-return.ts';
import { zonesStartStayed } from './zones-start-stayed.ts';
import { zonesTarget } from './zones-target.ts';

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
