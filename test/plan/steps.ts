// A few steps for the planner's tests, whose foresight is as plain as can be: closing, emptying, filling again, setting
// a value. They are never carried out.
import { z } from 'zod';
import type { Facts } from '../../src/model/facts.ts';
import { stepName } from '../../src/model/ids.ts';
import type { Foreseen } from '../../src/model/plan.ts';
import type { BirthContext, Catalogue, Step } from '../../src/model/step.ts';
import { withoutZone } from '../../src/plan/place/world.ts';
import type { JsonObject } from '../../src/text/json.ts';
import { PLAIN_STEP } from '../model/plain-step.ts';

const never = (): never => {
  throw new Error('a plan carries nothing out');
};

function step(name: string, foresee: (args: JsonObject, facts: Facts) => Foreseen, more: Partial<Step> = {}): Step {
  return {
    ...PLAIN_STEP,
    ...{ name: stepName(name), summary: name, needsFacts: true, limitMs: () => 1000 },
    args: () => z.looseObject({}) as unknown as z.ZodType<JsonObject>,
    say: args => `${name} ${JSON.stringify(args)}`,
    foresee: (args, facts) => (facts === null ? { is: 'unknown', why: 'no facts' } : foresee(args, facts)),
    ...{ check: never, apply: never },
    ...more,
  };
}

const change = (text: string, facts: Facts, result: JsonObject = {}): Foreseen => ({
  is: 'change',
  text,
  facts,
  result,
});

const names = (args: JsonObject): readonly string[] => (Array.isArray(args.zones) ? args.zones.map(String) : []);

/** As evacuation leaves it: the configuration stays, the memory is free. */
function leaving(facts: Facts, name: string): Facts {
  const zone = facts.zones.is === 'known' ? facts.zones.value.find(one => one.name === name) : undefined;
  return zone ? withoutZone(facts, zone) : facts;
}

const steps: readonly Step[] = [
  step('maintenance.begin', (_args, facts) =>
    facts.maintenance.is === 'closed'
      ? { is: 'nothing', result: { was: 'closed' } }
      : change(`closes ${facts.host}`, {
          ...facts,
          maintenance: { is: 'closed', user: 'root', date: '', message: 'ours' },
        }),
  ),
  step('maintenance.end', (_args, facts) => change(`opens ${facts.host}`, { ...facts, maintenance: { is: 'open' } })),
  step(
    'zones.evacuate',
    (args, facts) => change('sends its zones away', names(args).reduce(leaving, facts)),
    // As the real one: which zones go where is the plan's to say.
    { born: (args, { migrations }: BirthContext) => ({ ...args, zones: migrations.map(one => one.zone) }) },
  ),
  step('zones.return', (_args, facts) => change('brings its zones home', facts)),
  step('say', (args, facts) => change('says', facts, { said: args.text ?? null }), {
    args: () => z.strictObject({ text: z.string() }),
  }),
  step('set_fact', args => ({ is: 'nothing', result: { variables: args } })),
  step('ask', () => ({ is: 'unknown', why: 'only the host knows' })),
];

const byName = new Map<string, Step>(steps.map(one => [one.name, one]));
export const catalogue: Catalogue = { names: steps.map(one => one.name), get: name => byName.get(name) ?? null };
