// What a key of the language is, for the table of them in keys.ts: where it may stand, and what it takes.

/** Where keys stand. `role` is an entry of `roles:`, `prompt` one of `vars_prompt:`, `replan` the mapping under that key. */
export type Place =
  | 'play'
  | 'import_playbook'
  | 'task'
  | 'handler'
  | 'block'
  | 'import_tasks'
  | 'include_tasks'
  | 'import_role'
  | 'include_role'
  | 'role'
  | 'meta'
  | 'undo'
  | 'loop_control'
  | 'prompt'
  | 'replan'
  | 'window'
  | 'on_event'
  | 'gates'
  | 'between'
  | 'include_tasks file'
  | 'role name';

/** What a key takes, for the reference and the schema. Any value but a list of tasks may hold a placeholder where it says so. */
export type KeyShape =
  | { readonly is: 'text' | 'duration' | 'conditions' | 'variables' | 'tasks' | 'list' | 'any' | 'pattern' | 'waves' }
  /** @param placeholder a template that comes out as yes or no will do, too. */
  | { readonly is: 'truth'; readonly placeholder: boolean }
  | { readonly is: 'count'; readonly least: number; readonly placeholder: boolean }
  | { readonly is: 'number'; readonly from: number; readonly to: number | null }
  | { readonly is: 'one of' | 'some of'; readonly words: readonly string[] }
  /** A number, or a text like "10%". */
  | { readonly is: 'percent' }
  /** @param commas `a,b` in one text counts as two. */
  | { readonly is: 'texts'; readonly commas: boolean }
  /** A mapping of names to texts. */
  | { readonly is: 'texts by name' }
  /** A mapping, or a list of mappings, whose keys are those of a place. */
  | { readonly is: 'mapping' | 'mappings'; readonly of: Place }
  /** A name, or a mapping with the keys of a place. */
  | { readonly is: 'text or mapping'; readonly of: Place }
  | { readonly is: 'texts or mappings'; readonly of: Place };

export interface KeyDefinition {
  readonly key: string;
  readonly on: readonly Place[];
  readonly takes: KeyShape;
  /** One line, what it does. */
  readonly says: string;
}
