// Builders for what is foreseen of a wave: an action of a host, a zone's way, in the fewest words.
import { hostName, laneName, stepName, zoneName } from '../../src/model/ids.ts';
import type { Forecast, Migration } from '../../src/model/plan.ts';
import { known } from '../../src/model/value.ts';
import type { Json } from '../../src/text/json.ts';
import { laneOf, planFor } from '../report/sample.ts';

export function action(n: number, step: string, host: string, args: Readonly<Record<string, Json>> = {}): Forecast {
  const [template] = planFor([host]).waves[0]?.actions ?? [];
  if (template === undefined) throw new Error('no forecast');
  const lane = laneOf(host);
  const values = Object.fromEntries(Object.entries(args).map(([name, json]) => [name, known(json)]));
  const id = template.task.replace(/\d+$/, String(n)) as typeof template.task;
  return {
    ...template,
    task: id,
    id: `${id}@${laneName(lane)}` as typeof template.id,
    lane,
    step: stepName(step),
    args: values,
    when: { is: 'yes' },
    expects: 'change',
  };
}

export const migration = (zone: string, from: string, to: string, bytes: number): Migration => ({
  zone: zoneName(zone),
  from: hostName(from),
  to: hostName(to),
  bytes,
  why: '',
  others: [],
  stays: false,
});
