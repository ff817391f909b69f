// One line of a text set, replaced or taken away, by Ansible's rules for lineinfile. Pure, and on texts in which every
// byte of the file is one character: what isn't touched stays as it is, in whatever encoding.

export interface Edit {
  readonly state: 'present' | 'absent';
  readonly line: string | null;
  readonly regexp: string | null;
  readonly searchString: string | null;
  readonly backrefs: boolean;
  readonly insertAfter: string | null;
  readonly insertBefore: string | null;
  readonly firstMatch: boolean;
}

export interface Edited {
  readonly text: string;
  /** Ansible's words: `line added`, `line replaced`, `2 line(s) removed`; empty: nothing changed. */
  readonly note: string;
}

/** The regular expression as JavaScript reads it, from how Python writes it. @throws SyntaxError */
export function expression(python: string): RegExp {
  const flags = /^\(\?([aimsux]+)\)/.exec(python);
  const rest = python
    .slice(flags?.[0].length ?? 0)
    .replaceAll('(?P<', '(?<')
    .replaceAll(/\(\?P=(\w+)\)/g, '\\k<$1>')
    .replace(/^\\A/, '^')
    .replace(/\\Z$/, '$');
  return new RegExp(rest, [...(flags?.[1] ?? '')].filter(flag => 'ims'.includes(flag)).join(''));
}

export function isExpression(text: string): boolean {
  try {
    expression(text);
    return true;
  } catch {
    return false;
  }
}

/** A line with its end: the last one may have none. */
interface Line {
  readonly text: string;
  readonly end: string;
}

export function edited(text: string, edit: Edit): Edited {
  const lines = linesOf(text);
  return edit.state === 'absent' ? without(lines, edit) : withLine(lines, edit);
}

function linesOf(text: string): readonly Line[] {
  return [...text.matchAll(/([^\n]*?)(\r?\n|$)/g)]
    .map(([, line = '', end = '']) => ({ text: line, end }))
    .filter(line => line.text !== '' || line.end !== '');
}

const joined = (lines: readonly Line[]): string => lines.map(line => line.text + line.end).join('');

/** Which line is meant: by expression, by a text in it, or by being it. */
function matcher(edit: Edit): (line: string) => RegExpExecArray | boolean {
  const { regexp, searchString, line } = edit;
  if (regexp !== null) {
    const pattern = expression(regexp);
    return text => pattern.exec(text) ?? false;
  }
  if (searchString !== null) return text => text.includes(searchString);
  return text => text === line;
}

function without(lines: readonly Line[], edit: Edit): Edited {
  const isMeant = matcher(edit);
  const left = lines.filter(line => isMeant(line.text) === false);
  const gone = lines.length - left.length;
  return { text: joined(left), note: gone === 0 ? '' : `${gone} line(s) removed` };
}

function withLine(lines: readonly Line[], edit: Edit): Edited {
  const wanted = edit.line ?? '';
  const found = matched(lines, edit);
  if (found !== null)
    return replaced(lines, found.at, edit.backrefs && found.match ? filled(wanted, found.match) : wanted);
  if (edit.backrefs) return { text: joined(lines), note: '' };
  const at = placeFor(lines, edit);
  return { text: joined(inserted(lines, at < 0 ? lines.length : at, wanted)), note: 'line added' };
}

interface Match {
  readonly at: number;
  readonly match: RegExpExecArray | null;
}

/** The last match, or the first when that is wished; without one, a line that is the wanted one already. */
function matched(lines: readonly Line[], edit: Edit): Match | null {
  const isMeant = matcher(edit);
  const all = lines.flatMap((line, at): readonly Match[] => {
    const match = isMeant(line.text);
    return match === false ? [] : [{ at, match: match === true ? null : match }];
  });
  const chosen = edit.firstMatch ? all[0] : all.at(-1);
  if (chosen !== undefined) return chosen;
  const same = lines.findLastIndex(line => line.text === edit.line);
  return same < 0 || edit.backrefs ? null : { at: same, match: null };
}

/** Before which line the new one goes; -1: nobody said a place that is there, so at the end. */
function placeFor(lines: readonly Line[], { insertAfter, insertBefore, firstMatch }: Edit): number {
  if (insertBefore === 'BOF' || insertAfter === 'BOF') return 0;
  const said = insertBefore ?? insertAfter;
  if (said === null || insertAfter === 'EOF') return -1;
  const pattern = expression(said);
  const hits = lines.flatMap((line, at) => (pattern.test(line.text) ? [at] : []));
  const hit = firstMatch ? hits[0] : hits.at(-1);
  if (hit === undefined) return -1;
  return insertBefore === null ? hit + 1 : hit;
}

function replaced(lines: readonly Line[], at: number, wanted: string): Edited {
  const old = lines[at];
  if (old === undefined || old.text === wanted) return { text: joined(lines), note: '' };
  const line = { text: wanted, end: old.end === '' ? '\n' : old.end };
  return { text: joined(lines.with(at, line)), note: 'line replaced' };
}

function inserted(lines: readonly Line[], at: number, text: string): readonly Line[] {
  const end = lines.find(line => line.end !== '')?.end ?? '\n';
  const before = lines.slice(0, at).map(line => ({ ...line, end: line.end === '' ? end : line.end }));
  return [...before, { text, end }, ...lines.slice(at)];
}

/** `\1`, `\g<1>` and `\g<name>` of the wanted line, from what matched. */
function filled(wanted: string, match: RegExpExecArray): string {
  return wanted.replaceAll(/\\(?:g<(\w+)>|(\d{1,2})|(\\))/g, (_all, name?: string, digits?: string, back?: string) => {
    if (back !== undefined) return '\\';
    const group = digits ?? name ?? '0';
    return (/^\d+$/.test(group) ? match[Number(group)] : match.groups?.[group]) ?? '';
  });
}
