// The exact pass: the same question for a solver of mixed integer programs, which is handed in. It is limited by nodes,
// never by time, so that the same question has the same answer. Its packing is taken only where the quick search found
// none, or one that is worse by more than 2 %; and only after it was checked here, in whole bytes.
import type { ExactSolver } from '../../../model/exact-solver.ts';
import { itemAndBin, lpOf } from './exact-model.ts';
import type { Instance } from './instance.ts';
import type { Packed } from './pack.ts';
import { Packing } from './packing.ts';
import { valueOf } from './value.ts';

export interface Exactly {
  readonly packed: Packed;
  /** How good it is, for people. */
  readonly told: string;
}

const NODES = 3000;
/** Choices of a bin for an item; more than that is no question for the solver. */
const MOST_CHOICES = 5000;
/** Worse by so much is worth another plan. */
const WORSE = 1.02;

/** What was found keeps all rules in whole bytes; the solver counts in fractions. */
const CONTRADICTED = 'nothing is proved of it: the exact pass found no placement, and here is one';

export function packExactly(instance: Instance, quick: Packed, solver: ExactSolver): Exactly {
  const choices = instance.items.reduce((sum, item) => sum + item.bins.length, 0);
  if (choices > MOST_CHOICES)
    return { packed: quick, told: `too large for the exact pass (${choices} choices, ${MOST_CHOICES} at most)` };
  if (instance.items.some(item => item.bins.length === 0))
    return { packed: quick, told: 'proved: there is no placement' };
  const answer = solver(lpOf(instance, 'whole'), NODES);
  if (answer.is === 'broken') return { packed: quick, told: `the exact pass broke off: ${answer.why}` };
  if (answer.is === 'infeasible')
    return { packed: quick, told: quick.is === 'packed' ? CONTRADICTED : 'proved: there is no placement' };
  const exact = answer.chosen === null ? null : checked(instance, answer.chosen);
  const bound = answer.is === 'optimal' ? answer.value : relaxed(instance, solver);
  const better = exact !== null && (quick.is === 'stuck' || quick.value.use > exact.value.use * WORSE);
  const packed = better ? exact : quick;
  return {
    packed,
    told: toldOf(packed, bound, { better, optimal: answer.is === 'optimal', stuck: quick.is === 'stuck' }),
  };
}

function relaxed(instance: Instance, solver: ExactSolver): number | null {
  const answer = solver(lpOf(instance, 'relaxed'), NODES);
  return answer.is === 'broken' ? null : answer.value;
}

interface Course {
  readonly better: boolean;
  readonly optimal: boolean;
  readonly stuck: boolean;
}

function toldOf(packed: Packed, bound: number | null, { better, optimal, stuck }: Course): string {
  if (packed.is === 'stuck') return 'the exact pass found no placement either, and no proof that there is none';
  const whose = better ? (stuck ? 'found by the exact pass alone; ' : 'by the exact pass; ') : '';
  // A packing that holds in whole bytes is below it: then it is no bound, whatever the solver says.
  if (bound === null || bound <= 0 || packed.value.use < bound / 1.001) return `${whose}nothing is proved of it`;
  const gap = Math.max(0, packed.value.use / bound - 1);
  const least = optimal ? 'the least possible' : 'a bound that may be out of reach';
  const above = gap < 0.0005 ? 'at' : `${(gap * 100).toFixed(1)} % above`;
  return `${whose}highest use ${(packed.value.use * 100).toFixed(1)} %, ${above} ${least}`;
}

/** null when it doesn't hold in whole bytes: the solver counts in fractions. */
function checked(instance: Instance, chosen: readonly string[]): Extract<Packed, { is: 'packed' }> | null {
  const packing = new Packing(instance);
  for (const name of chosen) {
    const place = itemAndBin(name);
    if (place === null) continue;
    packing.take(place.item);
    if (!packing.may(place.item, place.bin) || !packing.fits(place.item, place.bin)) return null;
    packing.put(place.item, place.bin);
  }
  const bins = packing.assignment;
  return bins.some(bin => bin < 0) ? null : { is: 'packed', bins, value: valueOf(packing) };
}
