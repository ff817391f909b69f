// Whether a task will be for its host, whether it changes anything, and with what arguments: as far as that can be known
// before the run.
import type { Got } from '../../model/birth.ts';
import type { Forecast } from '../../model/plan.ts';
import type { Json } from '../../text/json.ts';

export type Whether = Forecast['when'];

/** It will be done, or may be, and changes something or may. */
export function happens({ when, expects }: Pick<Forecast, 'when' | 'expects'>): boolean {
  return when.is !== 'no' && expects !== 'nothing';
}

/** null when it isn't known before the run. */
export function argOf(forecast: Forecast, name: string): Json | null {
  const value = forecast.args[name];
  return value?.is === 'known' ? value.json : null;
}

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
