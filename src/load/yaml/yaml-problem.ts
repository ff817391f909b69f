// Syntax errors of the `yaml` package in our words: what an author did, and what to write instead.
import { Lexer, type YAMLParseError } from 'yaml';
import { type Diagnostic, problem } from '../../text/diagnostic.ts';
import { type Source, spanIn } from '../../text/source.ts';
import type { Span } from '../../text/span.ts';

/** One a line: what the parser says of the rest of a line that it couldn't read is an echo. */
export function yamlProblems(source: Source, errors: readonly YAMLParseError[]): readonly Diagnostic[] {
  const seen = new Set<number>();
  // Behind a quote that is never closed everything is text: what the parser says of it is an echo as well.
  const open = errors.findIndex(isOpenQuote);
  return (open === -1 ? errors : errors.slice(0, open + 1))
    .map(error => tabInFront(source, error) ?? yamlProblem(source, error))
    .filter(one => !seen.has(one.span.line) && seen.add(one.span.line));
}

function isOpenQuote(error: YAMLParseError): boolean {
  return error.code === 'MISSING_CHAR' && /closing ["']\s?quote/.test(error.message);
}

function tabInFront(source: Source, error: YAMLParseError): Diagnostic | null {
  const lineStart = source.text.lastIndexOf('\n', error.pos[0] - 1) + 1;
  const blank = /^[ ]*\t\s*(?=\S)/.exec(source.text.slice(lineStart))?.[0];
  if (blank === undefined || blank.includes('\n')) return null;
  return problem('yaml-syntax', spanIn(source, lineStart, lineStart + blank.length), TABS);
}

const TABS = 'YAML is indented with blanks, not with tabs';

function yamlProblem(source: Source, error: YAMLParseError): Diagnostic {
  const [start, end] = error.pos;
  const span = spanIn(source, start, Math.max(end, start + 1));
  const line = source.text.slice(source.text.lastIndexOf('\n', start - 1) + 1).split('\n')[0] ?? '';
  switch (error.code) {
    case 'TAB_AS_INDENT':
      return problem('yaml-syntax', span, TABS);
    case 'MULTIPLE_DOCS':
      return problem('yaml-syntax', span, 'a file holds one document', 'put what follows "---" into a file of its own');
    case 'MISSING_CHAR':
      if (!isOpenQuote(error)) break;
      return problem('yaml-syntax', openedBefore(source, start) ?? span, 'a quote is opened and never closed');
    case 'BLOCK_AS_IMPLICIT_KEY':
    case 'UNEXPECTED_TOKEN':
    case 'BAD_SCALAR_START':
      return (
        colonInside(source, start, line) ?? problem('yaml-syntax', span, lowered(error.message), ...quotesFor(line))
      );
    default:
      break;
  }
  return problem('yaml-syntax', span, lowered(error.message));
}

/** The quoted text that ends at `end`, from its first line: the parser tells where it noticed, mostly the end of the file. */
function openedBefore(source: Source, end: number): Span | null {
  let at = 0;
  for (const lexeme of new Lexer().lex(source.text)) {
    if (/^[\u0002\u0018\u001f]$/.test(lexeme)) continue;
    if (/^["']/.test(lexeme) && at + lexeme.length >= end)
      return spanIn(source, at, at + (lexeme.split('\n')[0] ?? lexeme).trimEnd().length);
    at += lexeme.length;
  }
  return null;
}

/** `command: echo sysadm: x`: the plain text ends at the second colon, which no author expects. */
function colonInside(source: Source, start: number, line: string): Diagnostic | null {
  const lineStart = source.text.lastIndexOf('\n', start - 1) + 1;
  const parts = /^(\s*(?:- )*[^\s:#'"]+:\s+)([^\s'"|>[{&*!%@`#][^\n]*?):(?=\s)/.exec(line);
  const [upTo, before = '', text = ''] = parts ?? [];
  if (upTo === undefined || text.includes(' #')) return null;
  const colon = lineStart + upTo.length - 1;
  const whole = line.slice(before.length).trimEnd();
  return problem(
    'yaml-syntax',
    spanIn(source, colon, colon + 1),
    `a colon and a blank end a plain text: YAML reads "${text}" as a key`,
    `put the whole value in quotes: ${quoted(whole)}`,
  );
}

const quoted = (text: string): string => (text.includes("'") ? JSON.stringify(text) : `'${text}'`);

/** The parser quotes what it couldn't read, however long. */
const LONGEST = 160;

function lowered(message: string): string {
  const first = message.split('\n')[0] ?? '';
  const short = first.length > LONGEST ? `${first.slice(0, LONGEST)} ...` : first;
  return `${short.slice(0, 1).toLowerCase()}${short.slice(1)}`.replace(/[.:]$/, '');
}

// The three habits that break YAML most: a bare {{, a second colon, a % or @ at the start of a value.
function quotesFor(line: string): readonly string[] {
  const value = /^\s*(?:- )?[^\s:#'"]+:\s+(\S.*)$/.exec(line)?.[1];
  if (value === undefined || /^['"|>[]/.test(value)) return [];
  const special = value.startsWith('{{') || value.includes(': ') || /^[%@`&*!]/.test(value);
  return special ? [`put the value in quotes: "${value.replaceAll('"', "'")}"`] : [];
}
