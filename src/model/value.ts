// Values of a playbook: known now, to be computed when its turn comes, or fixed later. And the scope they are computed in.
import type { Json, JsonObject } from '../text/json.ts';
import type { Span } from '../text/span.ts';
import type { TaskId } from './ids.ts';

export type Value =
  | { readonly is: 'known'; readonly json: Json }
  /** Known, and nobody may read it: what is made of it is hidden, too. What it `shows` may be read: that it changed something, a number. */
  | { readonly is: 'hidden'; readonly json: Json; readonly shows: JsonObject }
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

export const hidden = (json: Json): Value => ({ is: 'hidden', json, shows: {} });

/** Without what nobody may read: whatever needs it is then later. */
function veiled(value: Value): Value {
  return value.is === 'hidden' ? { is: 'foreseen', json: value.shows, after: [] } : value;
}

export const holdsHidden = (layer: Layer): boolean => Object.values(layer).some(value => value.is === 'hidden');

/** A scope in which the same expressions have a value only if nothing hidden flows into them. */
export function veiledScope({ layers }: Scope): Scope {
  return {
    layers: layers.map(layer => {
      const said = Object.entries(Object.getOwnPropertyDescriptors(layer));
      // A name that is made when it is asked for stays so.
      const kept = said.map(
        ([name, one]) => [name, one.get ? one : { ...one, value: veiled(layer[name] ?? known(null)) }] as const,
      );
      return Object.defineProperties({}, Object.fromEntries(kept));
    }),
  };
}

/** Each name of an object known for what it holds. */
export function layerOf(json: JsonObject): Layer {
  return Object.fromEntries(Object.entries(json).map(([name, value]) => [name, known(value)]));
}
