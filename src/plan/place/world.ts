// What the hosts will look like when something planned has happened: facts in, facts out. Nothing is observed here.
import { type Facts, known, type Known, type ZoneFacts } from '../../model/facts.ts';
import { memoryOf } from '../../model/room.ts';

/** The zone has come: in the list with its state, its memory taken. */
export function withZone(facts: Facts, zone: ZoneFacts): Facts {
  if (facts.zones.is === 'unknown') return facts;
  const others = facts.zones.value.filter(other => other.name !== zone.name);
  const memory = zone.state === 'running' ? memoryOf(zone) : known(0);
  return { ...facts, zones: known([...others, zone]), memory: taking(facts.memory, memory) };
}

/** What is left where a zone was: its configuration. */
export function shellOf(zone: ZoneFacts): ZoneFacts {
  return { ...zone, id: null, state: 'configured', aux: known(''), uuid: '' };
}

function taking(memory: Facts['memory'], bytes: Known<number>): Facts['memory'] {
  if (memory.freeBytes.is === 'unknown') return memory;
  return { ...memory, freeBytes: bytes.is === 'known' ? known(memory.freeBytes.value - bytes.value) : bytes };
}

const classed = new WeakMap<Facts, Facts>();

/** Processors by the name that an operator gives them; null: as the host names them. */
export function withClass(facts: Facts, cpuClass: string | null): Facts {
  if (cpuClass === null) return facts;
  const made = classed.get(facts);
  if (made?.cpuClass.is === 'known' && made.cpuClass.value === cpuClass) return made;
  const named = { ...facts, cpuClass: known(cpuClass) };
  classed.set(facts, named);
  return named;
}

/** The zone has gone: its configuration stays behind, its memory is free. */
export function withoutZone(facts: Facts, zone: ZoneFacts): Facts {
  if (facts.zones.is === 'unknown') return facts;
  const left = facts.zones.value.map(one => (one.name === zone.name ? shellOf(one) : one));
  const memory = zone.state === 'running' ? memoryOf(zone) : known(0);
  const freed = memory.is === 'known' ? known(-memory.value) : memory;
  return { ...facts, zones: known(left), memory: taking(facts.memory, freed) };
}

/** With so much more memory than it has. */
export function withMemory(facts: Facts, bytes: number): Facts {
  const more = (one: Known<number>): Known<number> => (one.is === 'known' ? known(one.value + bytes) : one);
  const { memory } = facts;
  return { ...facts, memory: { ...memory, totalBytes: more(memory.totalBytes), freeBytes: more(memory.freeBytes) } };
}

/** Once these zones are shut down: they keep nobody company any more. */
export function withStopped(facts: Facts, names: ReadonlySet<string>): Facts {
  if (facts.zones.is === 'unknown') return facts;
  const isDown = ({ name, state }: ZoneFacts): boolean => names.has(name) && state === 'running';
  const zones = facts.zones.value.map(
    (zone): ZoneFacts => (isDown(zone) ? { ...zone, id: null, state: 'installed' } : zone),
  );
  return { ...facts, zones: known(zones) };
}
