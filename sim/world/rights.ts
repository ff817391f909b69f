// Who may do what on a host: root everything; another user what his rights profiles say, and only through pfexec.
import type { Proc } from '../os/program.ts';
import type { Host } from './state.ts';

/** pfexec marks a process with this; children inherit it, as they inherit the PRIV_PFEXEC flag of a real process. */
export const PFEXEC_MARK = 'LAB_PRIV_PFEXEC';

export type Right =
  | 'maintenance'
  | 'zone-migration'
  | 'zone-management'
  | 'zone-configuration'
  | 'software'
  | 'boot-environments'
  | 'smf'
  | 'shutdown';

/** Profiles that grant a right; `System Administrator` covers much, but not maintenance mode. */
const GRANTS: Readonly<Record<Right, readonly string[]>> = {
  maintenance: ['Maintenance and Repair'],
  'zone-migration': ['Zone Migration'],
  'zone-management': ['Zone Management', 'Zone Security'],
  'zone-configuration': ['Zone Configuration', 'Zone Security'],
  software: ['Software Installation', 'System Administrator'],
  'boot-environments': ['Software Installation', 'ZFS File System Management', 'System Administrator'],
  smf: ['Service Management', 'Service Operator', 'Zone Management', 'System Administrator'],
  shutdown: ['Maintenance and Repair', 'System Administrator'],
};

export function profilesOf(host: Host, user: string): readonly string[] {
  return host.users.find(u => u.name === user)?.profiles ?? [];
}

export function may(host: Host, proc: Proc, right: Right): boolean {
  if (host.rightsLost) return false;
  if (proc.uid === 0) return true;
  if (proc.env.get(PFEXEC_MARK) !== '1') return false;
  return profilesOf(host, proc.user).some(profile => profile === 'All Rights' || GRANTS[right].includes(profile));
}
