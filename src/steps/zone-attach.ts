// zone.attach and zone.detach: a zone's configuration gets its storage, or lets go of it. Nothing is ever forced: a zone
// in use elsewhere is refused, and the host's advice how to take it anyway is not followed.
import * as z from 'zod';
import type { Facts, ZoneState } from '../model/facts.ts';
import type { Foreseen } from '../model/plan.ts';
import type { Looker } from '../model/step.ts';
import * as zoneadm from '../solaris/zoneadm.ts';
import { elsewhereIn } from './abroad.ts';
import { censusOf } from './census.ts';
import { refusedWith } from './doubt.ts';
import { zoneField } from './fields.ts';
import { type Found, stepOf, undoSteps } from './shape.ts';
import { sightingText } from './zone-places.ts';

const args = () =>
  z.strictObject({
    zone: zoneField,
    update: z.boolean().default(false).describe("bring a zone that shares the kernel to the host's level"),
  });
type Args = z.infer<ReturnType<typeof args>>;

type Seen = { readonly state: string };

const returns = () => z.object({ state: z.string().describe('its state before') });
const LIMIT_MS = 60 * 60_000;

export const zoneAttach = stepOf<Args, Seen>({
  name: 'zone.attach',
  summary: 'attaches a zone that is configured on the host; never by force',
  args,
  returns,
  bareArgument: 'zone',
  undoNeeds: ['maintenance.begin'],
  limitMs: () => LIMIT_MS,
  say: ({ zone }) => `attach ${zone}`,
  foresee: ({ zone }, facts) => foresee(zone, facts, 'installed'),
  check: ({ zone }, looker) => check(zone, looker, { from: 'configured', done: ['installed', 'running', 'ready'] }),
  undo: ({ zone }) => undoSteps(['zone.detach', { zone, update: false }]),
  async apply({ zone, update }, _, doer) {
    const ended = await doer.do(zoneadm.attach(zone, update ? 'update' : 'as-is'), { limitMs: LIMIT_MS });
    return ended.is === 'ok' ? { is: 'applied', reply: {} } : refusedWith(ended.refusal);
  },
  result: (_, before) => before,
});

export const zoneDetach = stepOf<Args, Seen>({
  name: 'zone.detach',
  summary: 'detaches an installed zone: its configuration stays, its storage is free to go elsewhere',
  args,
  returns,
  bareArgument: 'zone',
  // Attaching again is refused while the host is closed.
  undoNeeds: ['maintenance.begin'],
  limitMs: () => LIMIT_MS,
  say: ({ zone }) => `detach ${zone}`,
  foresee: ({ zone }, facts) => foresee(zone, facts, 'configured'),
  check: ({ zone }, looker) => check(zone, looker, { from: 'installed', done: ['configured'] }),
  undo: ({ zone }) => undoSteps(['zone.attach', { zone, update: false }]),
  async apply({ zone }, _, doer) {
    const ended = await doer.do(zoneadm.detach(zone), { limitMs: LIMIT_MS });
    return ended.is === 'ok' ? { is: 'applied', reply: {} } : refusedWith(ended.refusal);
  },
  result: (_, before) => before,
});

interface Wanted {
  readonly from: ZoneState;
  readonly done: readonly ZoneState[];
}

async function check(zone: string, looker: Looker, wanted: Wanted): Promise<Found<Seen>> {
  const census = await censusOf(looker);
  if (census.is === 'no') return { is: 'no-answer', refusal: census.refusal };
  const sighting = census.value.get(zone);
  const seen = { state: sightingText(sighting) };
  if (sighting !== undefined && wanted.done.includes(sighting.state))
    return { is: 'done', seen, text: `${zone} is ${seen.state}` };
  const [elsewhere] = elsewhereIn(looker, zone);
  if (elsewhere !== undefined) return { is: 'blocked', seen, why: `${looker.host}: ${elsewhere}` };
  if (sighting?.state === wanted.from) return { is: 'todo', seen, text: `${zone} is ${seen.state}` };
  return { is: 'blocked', seen, why: `${looker.host}: zone ${zone} is ${seen.state}, expected ${wanted.from}` };
}

function foresee(zone: string, facts: Facts | null, state: ZoneState): Foreseen {
  if (facts === null || facts.zones.is === 'unknown') return { is: 'unknown', why: 'nothing is known of the zones' };
  const now = facts.zones.value.find(({ name }) => name === zone)?.state ?? 'absent';
  if (now === state) return { is: 'nothing', result: { state: now } };
  const zones = facts.zones.value.map(one => (one.name === zone ? { ...one, state } : one));
  return {
    is: 'change',
    text: `${zone}: ${now} -> ${state}`,
    facts: { ...facts, zones: { is: 'known', value: zones } },
    result: { state: now },
  };
}
