// What a host has learned on its way: registered results, set facts, facts read anew, handlers that are due. Filled by
// the walk as it passes over what the journal knows; it lives no longer than one walk.
import type { Facts } from '../model/facts.ts';
import { isUndecided, laterNames, registeredValue } from '../model/foreseen-result.ts';
import type { HostName, TaskId } from '../model/ids.ts';
import type { Notice, Play, TaskEntry } from '../model/program.ts';
import type { ActionState, Ending, RunState } from '../model/state.ts';
import type { Catalogue } from '../model/step.ts';
import { hidden, known, type Value } from '../model/value.ts';
import { isObject, type JsonObject, trusted } from '../text/json.ts';

export const SKIPPED: JsonObject = { skipped: true, changed: false, failed: false };

export interface Knowledge {
  readonly results: Record<string, Value>;
  facts: Facts | null;
  /** Something on this host was only foreseen (--check): later looks at the host itself prove nothing. */
  foreseen: boolean;
  /** Handlers notified and not run since. */
  readonly due: Set<TaskId>;
}

export function learn(
  know: Knowledge,
  action: ActionState,
  ended: Ending,
  { catalogue, state }: { readonly catalogue: Catalogue; readonly state: Pick<RunState, 'check'> },
): void {
  const { variables, facts } = ended.result;
  const given = action.action.hidden ? hidden : known;
  if (isObject(variables)) for (const [name, value] of Object.entries(variables)) know.results[name] = given(value);
  if (isObject(facts) && action.action.step === 'facts') know.facts = trusted<Facts>(facts);
  // A task that only says what it would do leaves the host as it is for those after it.
  if (ended.outcome !== 'would-change' || !state.check) return;
  know.foreseen = true;
  if (isUndecided(ended.result)) return;
  const foreseen = catalogue.get(action.action.step)?.foresee(action.action.args, know.facts);
  if (foreseen?.is === 'change') know.facts = foreseen.facts;
}

/** @param secret nobody may read it. */
export function register(know: Knowledge, task: TaskEntry, result: JsonObject, secret: boolean): void {
  if (isUndecided(result)) Object.assign(know.results, laterNames(task));
  if (task.register !== null) know.results[task.register] = registeredValue(task, result, secret);
}

/** A name stands for the handler that has it and for every handler that listens to it. */
export function handlersOf(play: Play, notices: readonly Notice[], host: HostName): readonly TaskEntry[] {
  const names = notices.flatMap(notice => {
    if (typeof notice === 'string') return [notice];
    return notice.hosts.includes(host) ? [notice.name] : [];
  });
  return play.handlers.filter(one => names.includes(one.name) || one.listen.some(topic => names.includes(topic)));
}

export function notify(know: Knowledge, play: Play, task: TaskEntry, host: HostName): void {
  for (const handler of handlersOf(play, task.notify, host)) know.due.add(handler.id);
}
