// What a host says of its maintenance window and its evacuation record, asked together with the proof that sysadm can
// be asked at all.
import type { Answer } from '../model/refusal.ts';
import type { Looker } from '../model/step.ts';
import * as sysadm from '../solaris/sysadm.ts';
import { from } from './doubt.ts';

export async function closureOf(looker: Looker): Promise<Answer<sysadm.SysadmState>> {
  return from(looker.host, await looker.ask(sysadm.state()), 'sysadm maintain -l, sysadm evacuate -l');
}
