// The words of a host line in an INI inventory, each with its place: blanks part them, quotes hold them together and
// vanish, a backslash takes the next character as it is, and `#` begins a comment even inside a word, as in Ansible.

export interface Word {
  readonly text: string;
  /** Offsets in the line, quotes included. */
  readonly start: number;
  readonly end: number;
}

export type Words =
  | { readonly is: 'words'; readonly words: readonly Word[] }
  | { readonly is: 'wrong'; readonly why: string; readonly at: number };

/** What may follow each other inside of a word. */
const PIECE = /[^\s'"\\#]+|'([^']*)'|"((?:[^"\\]|\\.)*)"|\\(.)/sy;

export function iniWords(line: string): Words {
  const words: Word[] = [];
  let at = 0;
  for (;;) {
    at += /^\s*/.exec(line.slice(at))?.[0].length ?? 0;
    if (at >= line.length || line[at] === '#') return { is: 'words', words };
    const start = at;
    let text = '';
    while (at < line.length && !/[\s#]/.test(line[at] ?? '')) {
      PIECE.lastIndex = at;
      const piece = PIECE.exec(line);
      if (piece === null) return { is: 'wrong', why: brokenAt(line[at] ?? ''), at };
      const [whole, single, double, plain] = piece;
      text += single ?? double?.replaceAll(/\\(["\\])/g, '$1') ?? plain ?? whole;
      at += whole.length;
    }
    words.push({ text, start, end: at });
  }
}

function brokenAt(character: string): string {
  return character === '\\' ? 'a backslash stands at the end' : 'a quote is opened and never closed';
}
