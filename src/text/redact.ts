// Takes known secrets out of text, whatever brought them there: as they are, as base64, as a shell or JSON would quote
// them, line by line. It can't know a secret that nobody named, and values under four characters are not looked for:
// they would blacken everything.
import type { Secret } from './secret.ts';

const SHORTEST = 4;
/** A line of a longer secret (a private key) is worth hiding; its short last line isn't a secret. */
const SHORTEST_LINE = 8;
const MASK = '***';

export type Redact = (text: string) => string;

const quoted = (text: string): string => text.replaceAll("'", `'\\''`);

/** Base64 groups three bytes: inside a longer text the value can begin at any of three places, and its outer characters depend on the neighbours. */
function base64(value: string): readonly string[] {
  const forms = [0, 1, 2].map(shift => {
    const text = Buffer.concat([Buffer.alloc(shift), Buffer.from(value)])
      .toString('base64')
      .replace(/=+$/, '');
    const unsure = Buffer.byteLength(value) + shift;
    const whole = text.slice(shift === 0 ? 0 : shift + 1, unsure % 3 === 0 ? text.length : text.length - 1);
    return whole;
  });
  const all = [Buffer.from(value).toString('base64'), ...forms];
  return all.flatMap(form => [form, form.replaceAll('+', '-').replaceAll('/', '_')]).filter(form => form.length >= 6);
}

function formsOf(value: string): readonly string[] {
  const lines = value.split(/\r?\n/).filter(line => line.length >= SHORTEST_LINE && line !== value);
  return [value, ...lines].flatMap(text => [
    text,
    quoted(text),
    quoted(quoted(text)),
    JSON.stringify(text).slice(1, -1),
    encodeURIComponent(Buffer.from(text).toString()),
    ...base64(text),
  ]);
}

/** Longest first, so that a secret within another doesn't leave the other's rest behind. */
export function redactor(secrets: readonly Secret[]): Redact {
  const values = secrets.map(secret => secret.reveal()).filter(value => value.length >= SHORTEST);
  if (values.length === 0) return text => text;
  const forms = [...new Set(values.flatMap(formsOf))].filter(form => form.length >= SHORTEST);
  const pattern = new RegExp(
    forms
      .sort((a, b) => b.length - a.length)
      .map(form => form.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'))
      .join('|'),
    'g',
  );
  return text => {
    // What is left on both sides of a mask may spell a secret again. Every mask is shorter than what it hides, so this ends.
    let [before, after] = ['', text];
    while (after !== before) [before, after] = [after, after.replace(pattern, MASK)];
    return after;
  };
}
