// Arguments of steps that are secrets by what they are, whoever writes them: an action that has one is hidden as with
// no_log, and the plan doesn't show them. What else such a step is given may be shown as far as the step itself does.
import { isObject, type Json, type JsonObject } from '../text/json.ts';
import { secretsInAddress, secretsInHeader } from '../text/web-address.ts';
import type { StepName } from './ids.ts';

const SECRET: Readonly<Record<string, readonly string[]>> = { 'notify.webhook': ['url', 'headers'] };

/** Empty: it has none. */
export const secretArgumentsOf = (step: StepName): readonly string[] => SECRET[step] ?? [];

/** The texts that nobody may read, of the arguments of such a step. */
export function secretsInArguments(step: StepName, args: JsonObject): readonly string[] {
  return secretArgumentsOf(step).flatMap(name => secretsIn(args[name] ?? null));
}

function secretsIn(value: Json): readonly string[] {
  if (typeof value === 'string') return secretsInAddress(value);
  return isObject(value) ? Object.values(value).flatMap(one => secretsInHeader(String(one))) : [];
}
