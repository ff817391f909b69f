// Boot environments: cloning, activating, destroying. Each carries its own zone index, service properties and SSH
// files; a clone has them as they were at that moment, which is why a host that boots into it may be surprised.
import { chance, uuid } from './chance.ts';
import { activeBe } from './fleet.ts';
import type { Fleet } from './fleet.ts';
import { cloneRepository } from './smf.ts';
import { ok, refused } from './state.ts';
import type { BootEnvironment, Host, Outcome } from './state.ts';
import { beMissing, beMounted, beNotMounted, beUndestroyable } from './texts.ts';

const NEW_SPACE = 1_234_567_890;

function cloneOf(fleet: Fleet, host: Host, from: BootEnvironment, name: string): BootEnvironment {
  return {
    ...from,
    name,
    uuid: uuid(chance(fleet.seed, host.name, name, host.bes.size, host.boots)),
    created: fleet.clock.now(),
    policy: 'static',
    spaceBytes: NEW_SPACE,
    mountpoint: null,
    packages: new Map(from.packages),
    publishers: new Map(from.publishers),
    index: new Map([...from.index].map(([zone, entry]) => [zone, { ...entry }])),
    smf: cloneRepository(from.smf),
    everActive: false,
  };
}

export function create(fleet: Fleet, host: Host, name: string, from = activeBe(host)): BootEnvironment {
  const be = cloneOf(fleet, host, from, name);
  fleet.change({ what: 'be-created', host: host.name }, () => {
    host.bes.set(name, be);
    for (const pool of host.pools.slice(0, 1)) pool.freeBytes -= be.spaceBytes;
    host.machine?.trees.clone(from.name, name);
  });
  return be;
}

export function activate(fleet: Fleet, host: Host, name: string): Outcome {
  if (!host.bes.has(name)) return refused(beMissing(name));
  fleet.change({ what: 'be-activated', host: host.name }, () => {
    host.next = name;
  });
  return ok;
}

export function destroy(fleet: Fleet, host: Host, name: string, unmount: boolean): Outcome {
  const be = host.bes.get(name);
  if (be === undefined) return refused(beMissing(name));
  if (name === host.active) return refused(beUndestroyable(name, 'it is the active boot environment'));
  if (name === host.next) return refused(beUndestroyable(name, 'it is active on reboot'));
  if (be.mountpoint !== null && !unmount) return refused(beUndestroyable(name, 'it is mounted'));
  fleet.change({ what: 'be-destroyed', host: host.name }, () => {
    host.bes.delete(name);
    for (const pool of host.pools.slice(0, 1)) pool.freeBytes += be.spaceBytes;
    host.machine?.trees.drop(name);
  });
  return ok;
}

export function rename(fleet: Fleet, host: Host, from: string, to: string): Outcome {
  const be = host.bes.get(from);
  if (be === undefined) return refused(beMissing(from));
  if (from === host.active) return refused(`BE ${from} is active and can't be renamed`);
  fleet.change({ what: 'be-renamed', host: host.name }, () => {
    host.bes.delete(from);
    be.name = to;
    host.bes.set(to, be);
    if (host.next === from) host.next = to;
    host.machine?.trees.clone(from, to);
    host.machine?.trees.drop(from);
  });
  return ok;
}

export function mount(fleet: Fleet, host: Host, name: string, at: string): Outcome {
  const be = host.bes.get(name);
  if (be === undefined) return refused(beMissing(name));
  if (be.mountpoint !== null) return refused(beMounted(name));
  fleet.change({ what: 'be-mounted', host: host.name }, () => {
    be.mountpoint = at;
  });
  return ok;
}

export function unmount(fleet: Fleet, host: Host, name: string): Outcome {
  const be = host.bes.get(name);
  if (be === undefined) return refused(beMissing(name));
  if (be.mountpoint === null) return refused(beNotMounted(name));
  if (name === host.active) return refused(`BE ${name} is active and can't be unmounted`);
  fleet.change({ what: 'be-unmounted', host: host.name }, () => {
    be.mountpoint = null;
  });
  return ok;
}

export function flagsOf(host: Host, be: BootEnvironment): string {
  return `${be.name === host.active ? 'N' : ''}${be.name === host.next ? 'R' : ''}`;
}
