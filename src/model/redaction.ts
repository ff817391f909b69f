// Keeps what hidden actions were given, and what they answered, out of everything that is told: words of a host, progress
// and reasons. It works by value, so it doesn't matter on which way a secret comes. Sealing of arguments and results is
// the journal's own business.
import { isArray, isObject, type Json } from '../text/json.ts';
import { never } from '../text/never.ts';
import { type OpenSecret, openSecretIn } from '../text/open-secret.ts';
import { type Redact, redacting } from '../text/redact.ts';
import type { Secret } from '../text/secret.ts';
import { SecretForms } from '../text/secret-forms.ts';
import type { Action } from './action.ts';
import type { Event } from './event.ts';
import { holdsSecret } from './scope.ts';
import { secretArgumentsOf, secretsInArguments } from './secret-arguments.ts';

/** A class, since it learns with every event; it never forgets. */
export class Redaction {
  readonly #secrets = new Set<string>();
  readonly #forms = new SecretForms();
  readonly #redact: Redact = redacting(this.#forms);
  /** What of some words has to wait for those that come behind them. */
  readonly openSecret: OpenSecret = openSecretIn(this.#forms);
  /** What was typed as a secret at the start, and what hidden actions said: whoever says it again is sealed. */
  #sealed: readonly string[];

  /** @param known what no event holds on purpose, as a password for sudo */
  constructor(known: readonly Secret[] = []) {
    this.#sealed = known.map(secret => secret.reveal());
    this.#hide(this.#sealed);
  }

  /** The event as it may be told. Hidden arguments and results stay in it: the journal seals them. */
  clean<E extends Event>(event: E): E {
    this.#learn(event);
    return this.#secrets.size === 0 ? event : { ...event, ...tellable(event, this.#redact), ...this.#sealing(event) };
  }

  /** A host may say it to somebody whom it wasn't given to: then the journal seals that as well. */
  #sealing(event: Event): { readonly hidden?: true } {
    if (event.type !== 'action-ended' && event.type !== 'attempt-ended') return {};
    return !event.hidden && holdsSecret(event.result, this.#sealed) ? { hidden: true } : {};
  }

  #learn(event: Event): void {
    const said = event.type === 'run-started' ? secretsIn(event) : saidIn(event);
    // A new list only for something new: what looks for its texts is made once a list.
    if (said.some(text => !this.#sealed.includes(text))) this.#sealed = [...new Set([...this.#sealed, ...said])];
    this.#hide(secretsIn(event));
  }

  #hide(texts: readonly string[]): void {
    for (const text of texts) {
      if (this.#secrets.has(text)) continue;
      this.#secrets.add(text);
      this.#forms.add(text);
    }
  }
}

function secretsIn(event: Event): readonly string[] {
  switch (event.type) {
    case 'action-started':
      return event.action.hidden ? given(event.action) : [];
    case 'attempt-ended':
      return event.hidden ? spoken(event.result) : [];
    case 'action-ended':
      return event.hidden ? [...(event.born === null ? [] : given(event.born)), ...spoken(event.result)] : [];
    case 'run-started':
      return (event.hidden ?? []).flatMap(name => leaves(event.values[name] ?? null));
    case 'loop-fixed':
      return event.hidden ? event.items.flatMap(leaves) : [];
    default:
      return [];
  }
}

/** Shorter words are said by many hosts, of many things. */
const SHORTEST_SAID = 8;

/** What a hidden action said, for looking for it elsewhere. */
function saidIn(event: Event): readonly string[] {
  if ((event.type !== 'attempt-ended' && event.type !== 'action-ended') || !event.hidden) return [];
  return spoken(event.result).flatMap(text => (text.length < SHORTEST_SAID ? [] : [text]));
}

/** Of a step with secrets of its own these: the rest of what it is given are words that others say, too. */
function given({ step, args, environment }: Action): readonly string[] {
  if (secretArgumentsOf(step).length > 0) return secretsInArguments(step, args);
  return [...leaves(args), ...leaves(environment)];
}

/** What a program said; the rest of a result are words of our own. */
function spoken(result: Json): readonly string[] {
  if (!isObject(result)) return [];
  const said = ['stdout', 'stderr', 'content', 'variables'].flatMap(name => leaves(result[name] ?? null));
  // Who asks for a program's word seldom keeps the end of its line.
  return [...new Set(said.flatMap(text => [text, text.trim()]))];
}

function leaves(json: Json): readonly string[] {
  if (typeof json === 'string') return json.trim() === '' ? [] : [json];
  if (isArray(json)) return json.flatMap(leaves);
  return isObject(json) ? Object.values(json).flatMap(leaves) : [];
}

/** The fields that people read, without secrets. None of them is read by decide. */
function tellable(event: Event, redact: Redact): { readonly text?: string; readonly why?: string } {
  switch (event.type) {
    case 'output':
    case 'progress':
    case 'noted':
    case 'diff':
      return { text: redact(event.text) };
    case 'action-ended':
    case 'undo-ended':
    case 'turned':
    case 'run-ended':
    case 'task-skipped':
      return { why: redact(event.why) };
    case 'looked':
    case 'run-started':
    case 'observed':
    case 'wave-planned':
    case 'block-entered':
    case 'loop-fixed':
    case 'action-started':
    case 'attempt-ended':
    case 'undo-started':
    case 'operator-said':
    case 'answered':
      return {};
    default:
      return never(event);
  }
}
