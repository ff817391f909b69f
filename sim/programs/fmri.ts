// Which services a pattern on a command line means, and what state each has. Used by svcs, svcadm, svcprop, svccfg.
import { activeBe } from '../world/fleet.ts';
import type { Host } from '../world/state.ts';
import { isInstance } from '../world/smf.ts';
import type { Service, ServiceState } from '../world/smf.ts';
import { stateOf } from '../world/zones.ts';

const ZONE = /^svc:\/system\/zones\/zone:(.*)$/;

/** The zone whose own service this is, or null. */
export function zoneOfFmri(fmri: string): string | null {
  return ZONE.exec(fmri)?.[1] ?? null;
}

function zoneState(host: Host, zone: string): ServiceState {
  const entry = activeBe(host).index.get(zone);
  return entry !== undefined && stateOf(host, entry) === 'running' ? 'online' : 'disabled';
}

function zoneService(host: Host, fmri: string, zone: string): Service {
  const marked = host.services.get(fmri);
  const state = marked?.state === 'maintenance' ? 'maintenance' : zoneState(host, zone);
  const since = marked?.since ?? host.bootedAt;
  const reason = state === 'maintenance' ? (marked?.reason ?? '') : '';
  return { fmri, title: `Zone ${zone}`, state, since, onlineAfterMs: 0, reason, man: '8 zoneadm' };
}

/** Every service instance of a host as it is now. */
export function instances(host: Host): readonly Service[] {
  const plain = [...host.services.values()].filter(s => zoneOfFmri(s.fmri) === null);
  const zones = [...activeBe(host).index.keys()].map(zone => `svc:/system/zones/zone:${zone}`);
  return [...plain, ...zones.map(fmri => zoneService(host, fmri, zoneOfFmri(fmri) ?? ''))];
}

function globbed(pattern: string): RegExp {
  const body = pattern
    .replace(/[.+^${}()|\\/]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${body}$`);
}

/** smf(7): a whole FMRI, or an end of its service name with or without an instance, or a glob over the whole. */
function fits(fmri: string, pattern: string): boolean {
  if (/[*?[]/.test(pattern)) return globbed(pattern).test(fmri) || globbed(`svc:/${pattern}`).test(fmri);
  const wanted = pattern.replace(/^svc:\/+/, '');
  const own = fmri.replace(/^svc:\//, '');
  const service = own.replace(/:.*$/, '');
  const ends = (whole: string): boolean => whole === wanted || whole.endsWith(`/${wanted}`);
  return ends(own) || (!wanted.includes(':') && ends(service));
}

export function matching(host: Host, pattern: string): readonly Service[] {
  return instances(host).filter(s => fits(s.fmri, pattern));
}

/** The entity that svccfg or svcprop works on: a service when its name is given in full, else an instance. */
export function entityOf(host: Host, pattern: string): string | null {
  const known = new Set([...activeBe(host).smf.current.keys(), ...instances(host).map(s => s.fmri)]);
  const full = pattern.startsWith('svc:/') ? pattern : `svc:/${pattern}`;
  if (known.has(full)) return full;
  const found = [...known].filter(fmri => fits(fmri, pattern));
  return found.find(isInstance) ?? found[0] ?? null;
}
