// What a task leaves behind that only said what it would do (--check, `check_mode: yes`): results of which some members
// were foreseen and the others are known later, and names that it would have given.
import { isArray, isObject, type Json, type JsonObject } from '../text/json.ts';
import type { TaskId } from './ids.ts';
import type { TaskEntry } from './program.ts';
import { known, type Layer, type Value } from './value.ts';

/** Of a task of which nobody can say before another has run whether it is for the host, or with what arguments. */
export const UNDECIDED: JsonObject = { foreseen: true, failed: false };

export const isUndecided = (result: JsonObject): boolean => isForeseen(result) && result['changed'] === undefined;

const isForeseen = (json: Json): boolean => isObject(json) && json['foreseen'] === true;

/** What `register` makes of it. A loop registers a list of results: each of them may be foreseen. */
export function registeredValue(task: TaskEntry, result: JsonObject, secret: boolean): Value {
  const { results } = result;
  const foreseen = isForeseen(result) || (isArray(results) && results.some(isForeseen));
  if (foreseen) return { is: 'foreseen', json: result, after: [task.id] };
  return secret ? { is: 'hidden', json: result, shows: labelsOf(result) } : known(result);
}

/** `changed`, `failed`, `rc`: of a hidden result, yes and no and numbers may be read. */
const labelsOf = (result: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(result).filter(([, one]) => typeof one === 'boolean' || typeof one === 'number'));

/** The names that the task gives by itself (set_fact, include_vars), as known after it. */
export function laterNames(task: TaskEntry): Layer {
  return Object.fromEntries(namesGiven(task).map(name => [name, laterValue(task, name)]));
}

export const laterValue = ({ id, at }: TaskEntry, source: string): Value => ({ is: 'later', source, after: [id], at });

function namesGiven({ step, args }: TaskEntry): readonly string[] {
  if (step === 'set_fact') return Object.keys(args);
  const { variables, name } = args;
  if (step !== 'include_vars' || variables?.is !== 'expression' || !isObject(variables.source)) return [];
  if (name?.is === 'known' && typeof name.json === 'string') return [name.json];
  return Object.values(variables.source).flatMap(file => (isObject(file) ? Object.keys(file) : []));
}

/** The tasks that something which is foreseen on a host waits for. */
export function awaited(results: Layer): ReadonlySet<TaskId> {
  return new Set(
    Object.values(results).flatMap(value => (value.is === 'foreseen' || value.is === 'later' ? value.after : [])),
  );
}
