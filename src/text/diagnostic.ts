// What is wrong in a user's file: a code, a span, and if there is one the way out. Collected, never thrown.
import type { Span } from './span.ts';

/** Codes are forever: documents and scripts refer to them. The text says what each one means. */
export const CODES = {
  'file-missing': "a file that is named doesn't exist or can't be read",
  'yaml-syntax': "the text isn't YAML",
  'bad-merge': "a `<<` or an alias can't be followed",
  'bad-tag': 'a YAML tag that means nothing here',
  'duplicate-key': 'a mapping holds the same key twice',
  'wrong-type': 'a value has another type than the place needs',
  'missing-key': "a key that must be there isn't",
  'unknown-key': 'a key that means nothing here',
  'double-word': 'two keys of one place say the same thing',
  'not-yet': 'a key or step that is planned and not there yet',
  'not-ours': "a key that Ansible has and this language doesn't",
  'unknown-step': 'no step has this name',
  'no-step': 'a task names no step, or more than one',
  'bad-argument': 'an argument of a step has the wrong type or value',
  'undefined-variable': 'a template or condition uses a name that nothing defines',
  'bad-name': "a name that can't be one, or that already means something else",
  'variable-cycle': 'a variable refers to itself',
  'bad-template': "a template can't be read",
  'template-in-quotes':
    "a placeholder stands inside the author's own quotes, a comment or a here-document of a shell text",
  'bad-condition': "a condition can't be read or isn't a yes or no",
  'unknown-host': 'a pattern names a host or group that exists nowhere',
  'bad-pattern': "a host pattern can't be read",
  'empty-selection': 'every name exists, but no host is left',
  'bad-inventory': "the inventory can't be read",
  'bad-ini': "a line of an INI inventory can't be read",
  'bad-ssh-config': "a line of an SSH configuration can't be read, or what it asks for can't be done here",
  'unknown-group': 'an INI inventory speaks of a group that has no section',
  'bad-program': "an executable inventory fails, takes too long, or doesn't print an inventory",
  'hidden-file': "a file of variables isn't read, since another one comes first",
  'group-cycle': 'a group contains itself',
  'import-cycle': 'a file imports itself',
  'bad-extra': "an extra variable on the command line can't be read",
  'unknown-tag': 'a tag that is asked for stands on no task',
  'unknown-handler': "a task notifies a handler that doesn't exist",
  'bad-undo': "the undo of a task can't be known before the task runs",
  'unguarded-bracket':
    'an evacuation and its return stand without a guard: a second run would empty the hosts for nothing',
} as const;

export type Code = keyof typeof CODES;

export interface Diagnostic {
  readonly code: Code;
  readonly severity: 'error' | 'warning';
  /** Lower case, no full stop: what is wrong. */
  readonly message: string;
  readonly span: Span;
  /** What to write instead, a line each. */
  readonly help: readonly string[];
  /** Where the cause lies, when it lies elsewhere. */
  readonly also: readonly { readonly span: Span; readonly message: string }[];
}

export function problem(code: Code, span: Span, message: string, ...help: readonly string[]): Diagnostic {
  return { code, severity: 'error', message, span, help, also: [] };
}

export function warning(code: Code, span: Span, message: string, ...help: readonly string[]): Diagnostic {
  return { code, severity: 'warning', message, span, help, also: [] };
}

/** The same diagnostic, pointing to one more place. */
export function andAt(diagnostic: Diagnostic, span: Span, message: string): Diagnostic {
  return { ...diagnostic, also: [...diagnostic.also, { span, message }] };
}

export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some(diagnostic => diagnostic.severity === 'error');
}

/** File by file in the order they were met, top to bottom in each; what was said twice is there once. */
export function inOrder(found: readonly Diagnostic[]): readonly Diagnostic[] {
  const files = [...new Set(found.map(one => one.span.file))];
  const seen = new Set<string>();
  const once = found.filter(one => {
    const key = `${one.code} ${one.span.file} ${one.span.start} ${one.message}`;
    return !seen.has(key) && seen.add(key);
  });
  return once.toSorted(
    (a, b) => files.indexOf(a.span.file) - files.indexOf(b.span.file) || a.span.start - b.span.start,
  );
}
