// Where else a zone could go when every zone of the wave has come: taking one of these takes nobody else's room. The
// rules are those of the placement; which of the hosts that they allow would be used least is worked out here.
import { type HostName, hostName } from '../../model/ids.ts';
import { cpusOf, memoryOf, takesMemory } from '../../model/room.ts';
import type { Candidate } from './fit.ts';
import { roomIn } from './host-view.ts';
import { HostsFor, type Obstacles } from './hosts-for.ts';
import type { Request } from './placement.ts';
import type { Whereabouts } from './whereabouts.ts';

/** So many are told of each zone. */
const OTHERS = 3;

interface Added {
  readonly bytes: number;
  readonly cpus: number;
}

interface Option {
  readonly host: number;
  readonly use: number;
}

export class Elsewhere {
  readonly #world: readonly Candidate[];
  readonly #free: HostsFor;
  /** In use now, as numbers, and what counts as used whole. Nothing is known of a host without a number. */
  readonly #takenBytes: Float64Array;
  readonly #takenCpus: Float64Array;
  readonly #bytes: Float64Array;
  readonly #cpus: Float64Array;

  /** @param world by name. */
  constructor(world: readonly Candidate[], obstacles: Obstacles, where: Whereabouts) {
    this.#world = world;
    this.#free = new HostsFor(world, obstacles, where);
    const rooms = world.map(({ facts, reserveBytes }) => roomIn(facts, reserveBytes));
    const row = (pick: (n: number) => number): Float64Array => Float64Array.from(world, (_, n) => pick(n));
    const known = (n: number) => {
      const room = rooms[n];
      return room?.is === 'known' ? room.value : null;
    };
    this.#takenBytes = row(n => known(n)?.takenBytes ?? Number.POSITIVE_INFINITY);
    this.#takenCpus = row(n => known(n)?.takenCpus ?? 0);
    this.#bytes = row(n => known(n)?.totalBytes ?? 1);
    this.#cpus = row(n => known(n)?.cpus ?? 1);
  }

  /** Other than where it goes; the one that is then used least is first, of equals the first by name. */
  for(request: Request, to: Candidate): readonly HostName[] {
    const adds = addedBy(request);
    const first: Option[] = [];
    for (const host of this.#free.for(request)) {
      if (this.#world[host] === to) continue;
      const use = this.#useOf(host, adds);
      const last = first[OTHERS - 1];
      if (last !== undefined && use >= last.use) continue;
      first.push({ host, use });
      first.sort((a, b) => (a.use === b.use ? a.host - b.host : a.use - b.use));
      first.length = Math.min(first.length, OTHERS);
    }
    return first.flatMap(({ host }) => this.#world[host]?.facts.host ?? []).map(hostName);
  }

  /** The greater of memory and processors used then, as a share. More than any other where nobody knows. */
  #useOf(host: number, adds: Added): number {
    const memory = ((this.#takenBytes[host] ?? 0) + adds.bytes) / (this.#bytes[host] ?? 1);
    const processors = ((this.#takenCpus[host] ?? 0) + adds.cpus) / (this.#cpus[host] ?? 1);
    return Math.max(memory, processors) / (this.#world[host]?.weight ?? 1);
  }
}

/** What the zone takes of a host that it comes to. */
function addedBy({ zone }: Request): Added {
  const memory = memoryOf(zone);
  if (!takesMemory(zone)) return { bytes: 0, cpus: 0 };
  return { bytes: memory.is === 'known' ? memory.value : Number.POSITIVE_INFINITY, cpus: cpusOf(zone) };
}
