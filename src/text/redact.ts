// Takes known secrets out of text, whatever brought them there and however they are dressed. It can't know a secret that
// nobody named.
import type { Secret } from './secret.ts';
import { SecretForms } from './secret-forms.ts';

const MASK = '***';

export type Redact = (text: string) => string;

/** What these forms learn later is taken out then, too. */
export function redacting(forms: SecretForms): Redact {
  return text => {
    // What is left on both sides of a mask may spell a secret again. Every mask is shorter than what it hides, so this ends.
    let [before, after] = ['', text];
    while (after !== before) [before, after] = [after, masked(after, forms)];
    return after;
  };
}

export function redactor(secrets: readonly Secret[]): Redact {
  return redacting(new SecretForms(secrets.map(secret => secret.reveal())));
}

function masked(text: string, forms: SecretForms): string {
  if (forms.isEmpty) return text;
  const parts: string[] = [];
  let from = 0;
  for (let found = forms.find(text, 0); found !== null; found = forms.find(text, from)) {
    parts.push(text.slice(from, found.at), MASK);
    from = found.end;
  }
  return from === 0 ? text : parts.join('') + text.slice(from);
}
