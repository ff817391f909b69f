// Splitting one line of text into words the way a POSIX shell does, and no more: quotes and backslashes mean
// something, everything else (variables, globs, pipes) is an ordinary character.

export type Words =
  | { readonly is: 'words'; readonly words: readonly string[] }
  | { readonly is: 'open-quote'; readonly quote: string };

type Found = { readonly text: string; readonly next: number } | null;

/** Law: `splitWords(quoteArgv(list))` is the list again. */
export function splitWords(text: string): Words {
  const words: string[] = [];
  let at = 0;
  let word: string | null = null;
  while (at < text.length) {
    const char = text[at] ?? '';
    if (/\s/.test(char)) {
      if (word !== null) words.push(word);
      word = null;
      at += 1;
      continue;
    }
    const found = pieceAt(text, at, char);
    if (found === null) return { is: 'open-quote', quote: char };
    word = (word ?? '') + found.text;
    at = found.next;
  }
  return { is: 'words', words: word === null ? words : [...words, word] };
}

/** None where a quote is left open. */
export function wordsOfLine(text: string): readonly string[] {
  const split = splitWords(text);
  return split.is === 'words' ? split.words : [];
}

function pieceAt(text: string, at: number, char: string): Found {
  if (char === "'") return singleQuoted(text, at + 1);
  if (char === '"') return doubleQuoted(text, at + 1);
  if (char === '\\') return { text: text[at + 1] ?? '\\', next: at + 2 };
  return { text: char, next: at + 1 };
}

function singleQuoted(text: string, from: number): Found {
  const end = text.indexOf("'", from);
  return end < 0 ? null : { text: text.slice(from, end), next: end + 1 };
}

function doubleQuoted(text: string, from: number): Found {
  let out = '';
  for (let at = from; at < text.length; at++) {
    const char = text[at] ?? '';
    if (char === '"') return { text: out, next: at + 1 };
    const next = text[at + 1] ?? '';
    if (char === '\\' && ['"', '\\', '$', '`'].includes(next)) {
      out += next;
      at += 1;
    } else out += char;
  }
  return null;
}
