// Law 0: what is born in a run is what the plan foresaw. Held against a journal: every action of the way forward, in
// its lane, in order, with its arguments, as far as the forecast knows them. Handlers and rescue aren't foreseen.
import type { Action } from '../../src/model/action.ts';
import type { Stamped } from '../../src/model/event.ts';
import { laneName } from '../../src/model/ids.ts';
import type { Forecast, Plan } from '../../src/model/plan.ts';
import type { Value } from '../../src/model/value.ts';

/** In words: what differs. */
export function unforeseen(plan: Plan, events: readonly Stamped[]): readonly string[] {
  const foreseen = plan.waves.flatMap(wave => wave.actions);
  const born = events.flatMap(bornBy).filter(action => !/\/\d+\.h\d/.test(action.id));
  const lanes = new Set([...foreseen, ...born].map(one => laneName(one.lane)));
  return [...lanes].flatMap(lane => {
    const expected = foreseen.filter(one => laneName(one.lane) === lane);
    return compared(
      expected,
      born.filter(one => laneName(one.lane) === lane),
    );
  });
}

function bornBy(event: Stamped): readonly Action[] {
  if (event.type === 'action-started') return [event.action];
  if (event.type !== 'action-ended' || event.born === null || event.why === 'when') return [];
  return [event.born];
}

function compared(expected: readonly Forecast[], born: readonly Action[]): readonly string[] {
  const certain = expected.filter(one => one.when.is === 'yes').map(one => one.id);
  const order = born.map(one => one.id).filter(id => certain.includes(id));
  const wrong = certain.join() === order.join() ? [] : [`foreseen ${certain.join(' ')}, born ${order.join(' ')}`];
  return [...wrong, ...born.flatMap(action => against(expected, action))];
}

function against(expected: readonly Forecast[], action: Action): readonly string[] {
  const forecast = expected.find(one => one.id === action.id);
  if (forecast === undefined) {
    const open = expected.some(one => one.task === action.task && one.when.is !== 'no' && one.expects === 'unknown');
    return open ? [] : [`${action.id} was born and not foreseen`];
  }
  if (forecast.when.is === 'no') return [`${action.id} was born and foreseen as skipped`];
  if (forecast.step !== action.step) return [`${action.id}: ${forecast.step} was foreseen, ${action.step} born`];
  const known = Object.entries(forecast.args).flatMap(([name, value]) => textOf(name, value));
  const whole = known.length === Object.keys(forecast.args).length;
  const now = Object.entries(action.args).filter(([name]) => whole || forecast.args[name]?.is === 'known');
  const [before, after] = [`{${known.join()}}`, JSON.stringify(Object.fromEntries(now))];
  return before === after ? [] : [`${action.id}: foreseen ${before}, born ${after}`];
}

const textOf = (name: string, value: Value): readonly string[] =>
  value.is === 'known' ? [`${JSON.stringify(name)}:${JSON.stringify(value.json)}`] : [];
