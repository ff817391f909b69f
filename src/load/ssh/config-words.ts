// One line of an SSH configuration: its keyword and its words, as ssh_config(5) has them. Blanks part words, either kind
// of quote holds them together, `=` may stand behind the keyword, and `#` begins a comment where a word could begin.

export type ConfigWords =
  | { readonly is: 'nothing' }
  | { readonly is: 'words'; readonly keyword: string; readonly words: readonly string[] }
  | { readonly is: 'wrong'; readonly why: string };

const KEYWORD = /^\s*([^\s=#"][^\s=]*)\s*=?\s*/;

export function configWords(line: string): ConfigWords {
  const found = KEYWORD.exec(line);
  if (found === null) return /^\s*(?:#|$)/.test(line) ? { is: 'nothing' } : { is: 'wrong', why: 'no keyword' };
  const words = wordsIn(line.slice(found[0].length));
  return words === null
    ? { is: 'wrong', why: 'a quote is opened and never closed' }
    : { is: 'words', keyword: found[1] ?? '', words };
}

/** null: a quote isn't closed. */
function wordsIn(text: string): readonly string[] | null {
  const words: string[] = [];
  let at = 0;
  for (;;) {
    while (/\s/.test(text[at] ?? '')) at += 1;
    if (at >= text.length || text[at] === '#') return words;
    const word = wordAt(text, at);
    if (word === null) return null;
    words.push(word.text);
    at = word.next;
  }
}

function wordAt(text: string, from: number): { readonly text: string; readonly next: number } | null {
  let [word, quote, at] = ['', '', from];
  for (; at < text.length; at++) {
    const char = text[at] ?? '';
    const next = text[at + 1] ?? '';
    if (char === '\\' && (['"', "'", '\\'].includes(next) || (quote === '' && next === ' '))) {
      word += next;
      at += 1;
    } else if (quote === '' && /\s/.test(char)) break;
    else if (quote === '' && (char === '"' || char === "'")) quote = char;
    else if (char === quote) quote = '';
    else word += char;
  }
  return quote === '' ? { text: word, next: at } : null;
}
