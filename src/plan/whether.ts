// Whether a task will be for its host, as far as that can be known before the run.
import type { Got } from '../model/birth.ts';
import type { Forecast } from '../model/plan.ts';

export type Whether = Forecast['when'];

/** A condition that can't be asked leaves it open: the task may be reached. */
export function decided(holds: Got<boolean>): Whether {
  if (holds.is === 'got') return { is: holds.value ? 'yes' : 'no' };
  return { is: 'later', after: holds.is === 'later' ? holds.after : [] };
}

export function both(outer: Whether, inner: Whether): Whether {
  if (outer.is === 'no' || inner.is === 'no') return { is: 'no' };
  if (outer.is === 'later' && inner.is === 'later') return { is: 'later', after: [...outer.after, ...inner.after] };
  return outer.is === 'later' ? outer : inner;
}
