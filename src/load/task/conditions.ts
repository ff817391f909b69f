// Conditions under a key: one, or a list of which all must hold. What a condition may say stands in condition.ts.
import type { Value } from '../../model/value.ts';
import { valueOf } from '../expression/values.ts';
import { type Here, noting, type Reading } from '../playbook/reading.ts';
import type { Pair } from '../yaml/node.ts';

export function conditionsAt(reading: Reading, here: Here, pair: Pair | null): readonly Value[] | null {
  if (pair === null) return null;
  const items = pair.value.is === 'list' ? pair.value.items : [pair.value];
  return noting(reading, here, notes => items.map(item => valueOf(here.source, item, 'condition', notes)));
}
