// Where in a shell text we are: may a quoted value stand here as one word? A small machine fed with the author's
// text piece by piece. It errs to the strict side: what it isn't sure of is refused, since a quoted value inside
// quotes is a way in for whoever chooses the value. It runs nothing and rewrites nothing.

type Frame = 'plain' | 'paren' | 'single' | 'double' | 'backtick' | 'comment' | 'arithmetic';

/** What ends a here-document; `tabs`: behind tabs, too. */
interface Mark {
  readonly ends: string;
  readonly tabs: boolean;
}

export interface ShellState {
  /** Innermost last; never empty. */
  readonly frames: readonly Frame[];
  /** The last character seen, as far as it changes what follows; ? when it depends on values. */
  readonly last: string;
  /** Two backslashes are one; an odd one is open. */
  readonly escaped: boolean;
  /** Here-documents whose text begins at the next line break. */
  readonly pending: readonly Mark[];
  /** The one being read, with what is there of its current line. */
  readonly document: (Mark & { readonly line: string }) | null;
  /** Set once the text holds what this machine doesn't follow. */
  readonly unsure: string | null;
}

export const START: ShellState = {
  frames: ['plain'],
  last: '\n',
  escaped: false,
  pending: [],
  document: null,
  unsure: null,
};

/** Where a quoted value can't stand, as the end of a sentence, or null when it can stand here. */
export function refusal(state: ShellState): string | null {
  if (state.unsure !== null) return state.unsure;
  if (state.document !== null) return 'inside a here-document';
  switch (topOf(state)) {
    case 'single':
      return "inside single quotes ('...')";
    case 'double':
      return 'inside double quotes ("...")';
    case 'backtick':
      return 'inside backticks (`...`)';
    case 'comment':
      return 'inside a comment';
    case 'arithmetic':
      return 'inside arithmetic, where the shell reads values once more';
    default:
      break;
  }
  if (state.escaped) return 'right behind a backslash';
  return state.last === '$' ? 'right behind a $' : null;
}

/** The state behind a value. An empty list leaves nothing, so what stood before it may still count. */
export function behindValue(state: ShellState): ShellState {
  return { ...state, last: '?', escaped: false };
}

/** The state behind a block, where both ways through it end in the same quotes. */
export function eitherState(a: ShellState, b: ShellState): ShellState {
  const dollar = a.last === '$' || b.last === '$';
  return { ...a, last: a.last === b.last ? a.last : dollar ? '$' : '?' };
}

export function sameState(a: ShellState, b: ShellState): boolean {
  return JSON.stringify({ ...a, last: '' }) === JSON.stringify({ ...b, last: '' });
}

export function readShell(state: ShellState, text: string): ShellState {
  let now = state;
  for (let at = 0; at < text.length; ) {
    const step = advance(now, text, at);
    now = step.state;
    at = step.at;
  }
  return now;
}

interface Advance {
  readonly state: ShellState;
  readonly at: number;
}

function topOf(state: ShellState): Frame {
  return state.frames.at(-1) ?? 'plain';
}

function advance(state: ShellState, text: string, at: number): Advance {
  const here = text[at] ?? '';
  const to = (changes: Partial<ShellState>, length = 1): Advance => ({
    state: { ...state, escaped: false, last: text[at + length - 1] ?? here, ...changes },
    at: at + length,
  });
  if (state.document !== null) return inDocument(state, state.document, here, at);
  // A line that goes on: what stood before the backslash still decides what a # means.
  if (state.escaped) return to({ last: here === '\n' ? state.last : 'x' });
  switch (topOf(state)) {
    case 'single':
      return to(here === "'" ? { frames: state.frames.slice(0, -1), last: 'x' } : {});
    case 'comment':
      return here === '\n' ? lineBreak({ ...state, frames: state.frames.slice(0, -1) }, at) : to({});
    case 'backtick':
      if (here === '\\') return to({ escaped: true });
      return to(here === '`' ? { frames: state.frames.slice(0, -1), last: 'x' } : {});
    case 'arithmetic':
      return inArithmetic(state, here, to);
    case 'double':
      return inDouble(state, text, at, to);
    default:
      return inPlain(state, text, at, to);
  }
}

type To = (changes: Partial<ShellState>, length?: number) => Advance;

// One frame a parenthesis, so that the two that end it are counted right.
function inArithmetic(state: ShellState, here: string, to: To): Advance {
  if (here === '(') return to({ frames: [...state.frames, 'arithmetic'] });
  if (here === ')') return to({ frames: state.frames.slice(0, -1), last: 'x' });
  return to(/["'`\\]/.test(here) ? { unsure: 'behind quotes in arithmetic' } : {});
}

function inDouble(state: ShellState, text: string, at: number, to: To): Advance {
  const here = text[at] ?? '';
  if (here === '\\') return to({ escaped: true, last: state.last });
  if (here === '"') return to({ frames: state.frames.slice(0, -1), last: 'x' });
  return substitution(state, text, at, to) ?? to({});
}

/** $((, $( and backticks mean the same inside double quotes and outside. */
function substitution(state: ShellState, text: string, at: number, to: To): Advance | null {
  if (text.startsWith('$((', at)) return to({ frames: [...state.frames, 'arithmetic', 'arithmetic'] }, 3);
  if (text.startsWith('$(', at)) return to({ frames: [...state.frames, 'paren'] }, 2);
  if (text[at] === '`') return to({ frames: [...state.frames, 'backtick'] });
  return null;
}

const WORD_START = /[\s;&|()]/;

function inPlain(state: ShellState, text: string, at: number, to: To): Advance {
  const here = text[at] ?? '';
  const substituted = substitution(state, text, at, to);
  if (substituted !== null) return substituted;
  if (text.startsWith("$'", at)) return to({ unsure: "behind $'...', which shells read in different ways" }, 2);
  if (text.startsWith('((', at)) return to({ frames: [...state.frames, 'arithmetic', 'arithmetic'] }, 2);
  if (here === '<' && state.last !== '<' && /^<<(?!<)/.test(text.slice(at, at + 3)))
    return hereDocument(state, text, at);
  if (
    topOf(state) === 'paren' &&
    (state.last === '?' || WORD_START.test(state.last)) &&
    /^case\b/.test(text.slice(at, at + 5))
  ) {
    return to({ unsure: 'behind a "case" in parentheses, which is too hard to follow' });
  }
  switch (here) {
    case '\\':
      return to({ escaped: true, last: state.last });
    case "'":
      return to({ frames: [...state.frames, 'single'] });
    case '"':
      return to({ frames: [...state.frames, 'double'] });
    case '(':
      return to({ frames: [...state.frames, 'paren'] });
    case ')':
      return to(topOf(state) === 'paren' ? { frames: state.frames.slice(0, -1) } : {});
    case '#':
      if (state.last === '?') return to({ unsure: 'behind a # that may begin a comment or not' });
      return to(WORD_START.test(state.last) ? { frames: [...state.frames, 'comment'] } : {});
    case '\n':
      return lineBreak(state, at);
    default:
      return to({});
  }
}

function lineBreak(state: ShellState, at: number): Advance {
  const [ends, ...pending] = state.pending;
  const document = ends === undefined ? null : { ...ends, line: '' };
  return { state: { ...state, last: '\n', escaped: false, document, pending }, at: at + 1 };
}

function hereDocument(state: ShellState, text: string, at: number): Advance {
  const mark = /^<<-?[ \t]*(?:'([^'\n]*)'|"([^"\n]*)"|((?:[^\s;&|<>()'"\\]|\\.)+))/.exec(text.slice(at));
  if (mark === null) {
    const unsure = 'behind a here-document whose end mark is not written out';
    return { state: { ...state, last: '<', unsure }, at: at + 2 };
  }
  const ends = { ends: mark[1] ?? mark[2] ?? (mark[3] ?? '').replaceAll('\\', ''), tabs: mark[0].startsWith('<<-') };
  return { state: { ...state, last: 'x', pending: [...state.pending, ends] }, at: at + mark[0].length };
}

function inDocument(state: ShellState, document: Mark & { readonly line: string }, here: string, at: number): Advance {
  if (here !== '\n') {
    return { state: { ...state, document: { ...document, line: document.line + here } }, at: at + 1 };
  }
  const line = document.tabs ? document.line.replace(/^\t+/, '') : document.line;
  if (line === document.ends) return lineBreak({ ...state, document: null }, at);
  return { state: { ...state, document: { ...document, line: '' } }, at: at + 1 };
}
