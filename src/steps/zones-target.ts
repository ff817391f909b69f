// zones.target: makes the effective evacuation target of every zone of the host what the plan says; a zone that stays
// has none. It moves nothing. Former values are put back by zones.return when the last zone is home.
import * as z from 'zod';
import type { Facts, ZoneFacts } from '../model/facts.ts';
import type { Looker } from '../model/step.ts';
import { evacuateArgs } from './departure.ts';
import { doubt, refusedWith } from './doubt.ts';
import { factsOf } from './look.ts';
import { movesText, plannedMoves, uriOf } from './moves.ts';
import { type Found, NOTHING_TO_UNDO, stepOf, undoSteps } from './shape.ts';
import { compareTargets, defaultObjection, ownTargets, setTargets, type Target, targetsField } from './targets.ts';

// With the arguments of zones.evacuate, since a playbook writes them once for both.
const args = () =>
  z.strictObject({
    ...evacuateArgs().shape,
    values: targetsField.nullable().default(null).describe('exact values instead of a plan; null as a target: none'),
  });
type Args = z.infer<ReturnType<typeof args>>;

type Seen = { readonly differing: readonly Target[]; readonly former: readonly Target[] };

const NOTHING_SEEN: Seen = { differing: [], former: [] };

export const zonesTarget = stepOf<Args, Seen>({
  name: 'zones.target',
  summary: 'sets where each zone of the host would be evacuated to',
  args,
  returns: () =>
    z.object({
      targets: targetsField.describe('what was set'),
      former_targets: targetsField.describe('what the zones had before'),
      restored_targets: z.array(z.string()),
    }),
  // While zones are away there is nothing to put their targets back on: first they come home.
  undoNeeds: ['maintenance.begin', 'be.boot'],
  limitMs: () => 15 * 60_000,
  born: (written, context) => ({
    ...written,
    moves: written.values === null ? (written.moves ?? plannedMoves(context)) : null,
    former: written.former ?? (context.facts === null ? null : ownTargets(context.facts)),
  }),
  say: ({ moves, values }) => (values === null ? `set targets: ${movesText(moves)}` : 'put targets back'),
  foresee(written, facts) {
    if (written.dry_run) return { is: 'nothing', result: resultOf(written, NOTHING_SEEN) };
    if (facts === null) return { is: 'unknown', why: 'nothing is known of the host' };
    const objection = written.values === null ? defaultObjection(facts) : null;
    if (objection !== null) return { is: 'unknown', why: objection };
    const compared = compareTargets(facts, zone => wanted(written, zone));
    if (compared.is === 'unknown') return { is: 'unknown', why: compared.why };
    const result = resultOf(written, { differing: compared.differing, former: compared.former });
    if (compared.differing.length === 0) return { is: 'nothing', result };
    return {
      is: 'change',
      text: targetsText(compared.differing),
      facts: withTargets(facts, compared.differing),
      result,
    };
  },
  check,
  undo(written, { former }) {
    if (former.length === 0) return NOTHING_TO_UNDO;
    return undoSteps(['zones.target', { ...written, moves: null, values: former, former: null }]);
  },
  async apply(_, { differing }, doer) {
    const refusal = await setTargets(doer, differing);
    return refusal === null ? { is: 'applied', reply: {} } : refusedWith(refusal);
  },
  result: (written, before) => resultOf(written, before),
});

/** undefined: not a zone this is about. */
function wanted(written: Args, { name }: ZoneFacts): string | null | undefined {
  if (written.values !== null) return written.values.find(({ zone }) => zone === name)?.target;
  const move = written.moves?.find(({ zone }) => zone === name);
  return move === undefined ? null : uriOf(move.to, written);
}

async function check(written: Args, looker: Looker): Promise<Found<Seen>> {
  if (written.dry_run) return { is: 'done', seen: NOTHING_SEEN, text: 'a dry run needs no targets' };
  const facts = await factsOf(looker);
  if (facts.is === 'no') return { is: 'no-answer', refusal: facts.refusal };
  const about = `${looker.host}: zones.target`;
  const { defaultTarget } = facts.value;
  if (defaultTarget.is === 'unknown') {
    return { is: 'no-answer', refusal: doubt(about, `cannot tell the service's default target: ${defaultTarget.why}`) };
  }
  const objection = written.values === null ? defaultObjection(facts.value) : null;
  if (objection !== null) return { is: 'blocked', seen: NOTHING_SEEN, why: `${looker.host}: ${objection}` };
  const compared = compareTargets(facts.value, zone => wanted(written, zone));
  if (compared.is === 'unknown') return { is: 'no-answer', refusal: doubt(about, `cannot tell ${compared.why}`) };
  const seen = { differing: compared.differing, former: compared.former };
  if (compared.differing.length === 0) return { is: 'done', seen, text: 'every target is as wanted' };
  return { is: 'todo', seen, text: targetsText(compared.differing) };
}

function targetsText(targets: readonly Target[]): string {
  return targets.map(({ zone, target }) => `${zone}: ${target ?? 'no target'}`).join(', ');
}

/** The value from before the run is the one to keep: after a crash some zones already have ours. */
function resultOf(written: Args, before: Seen) {
  if (written.values !== null) {
    return { targets: before.differing, former_targets: [], restored_targets: written.values.map(({ zone }) => zone) };
  }
  if (written.dry_run) return { targets: [], former_targets: [], restored_targets: [] };
  const atBirth = (written.former ?? []).filter(({ zone, target }) => {
    const move = written.moves?.find(one => one.zone === zone);
    return target !== (move === undefined ? null : uriOf(move.to, written));
  });
  const others = before.former.filter(({ zone }) => !written.former?.some(one => one.zone === zone));
  return { targets: before.differing, former_targets: [...atBirth, ...others], restored_targets: [] };
}

function withTargets(facts: Facts, targets: readonly Target[]): Facts {
  if (facts.zones.is === 'unknown') return facts;
  const changed = (zone: ZoneFacts): ZoneFacts => {
    const set = targets.find(target => target.zone === zone.name);
    if (set === undefined) return zone;
    const value = set.target === null ? ({ is: 'none' } as const) : ({ is: 'set', uri: set.target } as const);
    return { ...zone, target: { is: 'known', value }, instanceTarget: { is: 'known', value } };
  };
  return { ...facts, zones: { is: 'known', value: facts.zones.value.map(changed) } };
}
