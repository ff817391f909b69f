// Values of a playbook: known now, to be computed when its turn comes, or fixed later. And the scope they are computed in.
import type { Json, JsonObject } from '../text/json.ts';
import type { Span } from '../text/span.ts';
import type { TaskId } from './ids.ts';

export type Value =
  | { readonly is: 'known'; readonly json: Json }
  /** `text`: every string in `source` is a template, values go in verbatim; `shell`: one string that a shell will read, values go in quoted; `condition`: CEL, a list of them gives a list of booleans. */
  | { readonly is: 'expression'; readonly language: Language; readonly source: Json; readonly at: Span }
  /** Fixed by `run-started`: prompts, `run.id`. */
  | { readonly is: 'at-start'; readonly name: string; readonly at: Span }
  /** Shown as `(known after ...)`: rests on the results of these tasks. */
  | { readonly is: 'later'; readonly source: string; readonly after: readonly TaskId[]; readonly at: Span }
  /** A result that was only foreseen: the members that it has are known, any other one is later, and so is the whole. */
  | { readonly is: 'foreseen'; readonly json: JsonObject; readonly after: readonly TaskId[] };

export type Language = 'text' | 'shell' | 'condition';

/** Names and what they stand for. A value may refer to names of any layer; it is computed when asked for, and a circle is a problem. */
export type Layer = Readonly<Record<string, Value>>;

/** Highest precedence first. */
export interface Scope {
  readonly layers: readonly Layer[];
}

export type Evaluated =
  | { readonly is: 'value'; readonly json: Json }
  | { readonly is: 'at-start'; readonly name: string }
  | { readonly is: 'later'; readonly after: readonly TaskId[] }
  | { readonly is: 'problem'; readonly message: string; readonly at: Span };

/** Pure: same value and scope, same answer. Handed to `plan` and `run`; `load` makes it. */
export type Evaluate = (value: Value, scope: Scope) => Evaluated;

export const known = (json: Json): Value => ({ is: 'known', json });

/** Each name of an object known for what it holds. */
export function layerOf(json: JsonObject): Layer {
  return Object.fromEntries(Object.entries(json).map(([name, value]) => [name, known(value)]));
}
