// Toy hosts as a subject of the laws.
import type { HostName } from '../../src/model/ids.ts';
import type { Plan } from '../../src/model/plan.ts';
import { PASSING, Toy, toyCatalogue } from '../run/toy.ts';
import type { Subject, World } from './subject.ts';

export interface ToyStart {
  readonly things?: Readonly<Record<string, string>>;
  readonly values?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

export function toySubject(plan: Plan, start: ToyStart = {}): Subject {
  const things = start.things ?? {};
  const makeWorld = (): Promise<World> => {
    const toy = new Toy(things);
    for (const [host, values] of Object.entries(start.values ?? {}))
      for (const [key, value] of Object.entries(values)) toy.on(host).set(key, value);
    return Promise.resolve(worldOf(toy, things));
  };
  return { plan, catalogue: toyCatalogue, makeWorld };
}

/** A thing counts for its home. */
function worldOf(toy: Toy, homes: Readonly<Record<string, string>>): World {
  return {
    hosts: name => toy.host(name),
    snapshot(host: HostName) {
      const values = [...toy.on(host)].filter(([key]) => !PASSING.includes(key)).sort();
      const things = [...toy.things].filter(([thing]) => homes[thing] === host).sort();
      return Promise.resolve(JSON.stringify([values, things]));
    },
    async settle() {
      for (let i = 0; i < 5; i += 1) await new Promise(resolve => setImmediate(resolve));
    },
    close: () => Promise.resolve(),
  };
}
