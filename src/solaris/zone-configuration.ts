// What follows from a zone's configuration: memory, processors, storage, and whether it can move at all. Pure; which
// host could take it is placement's question.
import { type Known, known, unknown } from '../model/facts.ts';
import type { Movable, Ram, Vcpus, ZoneConfiguration, ZoneProperty } from '../model/facts.ts';
import { parseSuri } from './suri.ts';

/** `whole` when every property was asked for: then one that is missing is no default but a gap. */
export type Extent = 'whole' | 'without-defaults';

const KERNEL_ZONE = 'solaris-kz';

export function configurationOf(properties: readonly ZoneProperty[], extent: Extent): Known<ZoneConfiguration> {
  const brand = text(properties, 'brand');
  if (brand === '') return unknown('zonecfg names no brand');
  const autoboot = flag(text(properties, 'autoboot'), extent);
  if (autoboot === null) return unknown('zonecfg does not say whether it boots with its host');
  return known({
    autoboot,
    ram: ramOf(properties, brand),
    vcpus: vcpusOf(properties, brand),
    storage: storageOf(properties).map(property => property.value),
    cpuArch: text(properties, 'cpu-arch'),
    hostCompatible: text(properties, 'host-compatible'),
    autoshutdown: text(properties, 'autoshutdown'),
    movable: movableOf(properties, brand),
    properties,
  });
}

function text(properties: readonly ZoneProperty[], name: string): string {
  return properties.find(one => one.resource === '' && one.name === name)?.value ?? '';
}

function values(properties: readonly ZoneProperty[], resource: string, name: string): readonly string[] {
  return properties.flatMap(one =>
    one.resource === resource && one.name === name && one.value !== '' ? [one.value] : [],
  );
}

function flag(value: string, extent: Extent): boolean | null {
  if (value === 'true') return true;
  if (value === 'false') return false;
  return value === '' && extent === 'without-defaults' ? false : null;
}

const UNITS: Readonly<Record<string, number>> = { '': 1, K: 2 ** 10, M: 2 ** 20, G: 2 ** 30, T: 2 ** 40 };

/** `4G`, `1.5T`, `512M`, or bytes. Null when it is none of these. */
export function sizeInBytes(value: string): number | null {
  const found = /^(\d+(?:\.\d+)?)([KMGT]?)B?$/i.exec(value);
  const unit = UNITS[(found?.[2] ?? '').toUpperCase()];
  if (!found?.[1] || unit === undefined) return null;
  return Math.round(Number(found[1]) * unit);
}

function ramOf(properties: readonly ZoneProperty[], brand: string): Ram {
  const [size] = values(properties, 'capped-memory', 'physical');
  const kernel = brand === KERNEL_ZONE;
  // A kernel zone always has memory of its own; not being told how much is no reason to plan with none.
  if (size === undefined) return kernel ? unknown('zonecfg names no memory for a kernel zone') : { is: 'none' };
  const bytes = sizeInBytes(size);
  if (bytes === null) return unknown(`not a size: ${size}`);
  return { is: kernel ? 'reserved' : 'capped', bytes };
}

function vcpusOf(properties: readonly ZoneProperty[], brand: string): Vcpus {
  const [virtual] = values(properties, 'virtual-cpu', 'ncpus');
  if (virtual !== undefined) return counted('virtual', virtual);
  const [dedicated] = values(properties, 'dedicated-cpu', 'ncpus');
  if (dedicated !== undefined) return counted('dedicated', dedicated);
  const [capped] = values(properties, 'capped-cpu', 'ncpus');
  if (capped !== undefined) return counted('capped', capped);
  return brand === KERNEL_ZONE ? unknown('zonecfg names no processors for a kernel zone') : { is: 'none' };
}

/** `4`, `1.50`, or a range `2-4`, of which the larger is what the zone may come to need. */
function counted(is: 'virtual' | 'dedicated' | 'capped', value: string): Vcpus {
  const found = /^(?:\d+-)?(\d+(?:\.\d+)?)$/.exec(value);
  return found?.[1] ? { is, count: Number(found[1]) } : unknown(`not a number of processors: ${value}`);
}

/** What the zone lives on. The suspend resource isn't: it only holds the image of a suspended zone. */
function storageOf(properties: readonly ZoneProperty[]): readonly ZoneProperty[] {
  return properties.filter(
    one => ['device', 'rootzpool', 'zpool'].includes(one.resource) && one.name === 'storage' && one.value !== '',
  );
}

/** Every reason at once, so that an operator fixes them in one go. */
function movableOf(properties: readonly ZoneProperty[], brand: string): Movable {
  const kernel = brand === KERNEL_ZONE;
  const storage = storageOf(properties);
  const strange = storage.find(one => parseSuri(one.value).is === 'unknown');
  if (strange) return unknown(`not a storage URI that is known: ${strange.value}`);
  const reasons = [
    ...values(properties, 'device', 'match').map(match => `device ${match} belongs to this host`),
    ...storage.flatMap(one =>
      parseSuri(one.value).is === 'local' ? [`${one.resource} on local storage ${one.value}`] : [],
    ),
    ...(kernel ? kernelReasons(storage) : nativeReasons(properties, storage)),
  ];
  return reasons.length === 0 ? { is: 'movable' } : { is: 'bound', reasons };
}

function kernelReasons(storage: readonly ZoneProperty[]): readonly string[] {
  return storage.some(one => one.resource === 'device') ? [] : ['no disk on shared storage'];
}

function nativeReasons(properties: readonly ZoneProperty[], storage: readonly ZoneProperty[]): readonly string[] {
  const inside = ['fs', 'dataset'].filter(kind => properties.some(one => one.resource === kind));
  return [
    ...inside.map(kind => `has a resource of kind ${kind}`),
    ...storage.flatMap(one => {
      const suri = parseSuri(one.value);
      return suri.is === 'shared' && suri.scheme === 'nfs' ? [`${one.resource} on NFS ${one.value}`] : [];
    }),
    ...(storage.some(one => one.resource === 'rootzpool')
      ? []
      : ['its root has no pool on shared storage (rootzpool)']),
  ];
}
