// What in a template's text is Jinja: each placeholder, statement and comment with its place and what to write instead.
// Looks at nothing that a template here may hold.
import { ansibleNamesIn } from './jinja-names.ts';
import { COMPUTES, placeholderOfJinja, statementOfJinja } from './jinja-to-template.ts';
import { readJinja } from './jinja.ts';

export interface JinjaFault {
  readonly message: string;
  readonly help: readonly string[];
  readonly start: number;
  readonly end: number;
}

const STATEMENT =
  /\{%[-+]?\s*((?:if|elif|else|endif|for|endfor|set|endset|raw|endraw|include|import|from|macro|endmacro|block|endblock|extends|filter|endfilter|do|with|endwith|call|endcall)\b(?:"[^"]*"|'[^']*'|(?!%\})[\s\S])*?)[-+]?%\}/g;
/** `${#x}` is the shell's. */
const COMMENT = /(?<!\$)\{#-?\s([\s\S]*?)-?#\}/g;

/** A text that no reader of templates is asked about otherwise. */
export function hasStatement(text: string): boolean {
  return text.includes('{%') || text.includes('#}');
}

/** Statements and comments: they would arrive on the host as they stand. `isOurs` as below. */
export function jinjaStatements(text: string, isOurs: (text: string) => boolean): readonly JinjaFault[] {
  if (!hasStatement(text)) return [];
  const at = (found: RegExpExecArray): { start: number; end: number } => ({
    start: found.index,
    end: found.index + found[0].length,
  });
  return [
    ...[...text.matchAll(STATEMENT)].map(found => ({
      message: '{% … %} is Jinja, not Handlebars',
      help: [readable(statementOfJinja(found[1] ?? ''), isOurs)],
      ...at(found),
    })),
    ...[...text.matchAll(COMMENT)].map(found => ({
      message: '{# … #} is Jinja, not Handlebars',
      help: [`write {{!-- ${(found[1] ?? '').trim()} --}}`],
      ...at(found),
    })),
  ].sort((one, other) => one.start - other.start);
}

/** What is offered must be read as it is written, once what it opens is closed. */
function readable(help: string, isOurs: (text: string) => boolean): string {
  const offer = /^write (\{\{.*)$/s.exec(help)?.[1];
  if (offer === undefined) return help;
  if (offer.startsWith('{{#if')) return isOurs(`${offer}{{/if}}`) ? help : COMPUTES;
  if (offer.startsWith('{{else if')) return isOurs(`{{#if one}}${offer}{{/if}}`) ? help : COMPUTES;
  if (offer.startsWith('{{#each')) return isOurs(`${offer}{{/each}}`) ? help : COMPUTES;
  return help;
}

/** Placeholders that only Jinja understands. `isOurs` knows what a template here may hold, and so what may be offered. */
export function jinjaPlaceholders(text: string, isOurs: (placeholder: string) => boolean): readonly JinjaFault[] {
  const faults: JinjaFault[] = [];
  for (let start = text.indexOf('{{'); start !== -1; start = text.indexOf('{{', start + 2)) {
    const end = endOf(text, start + 2);
    if (end === null) continue;
    const whole = text.slice(start, end);
    const inside = whole.slice(2, -2).replace(/^-|-$/g, '').trim();
    if (!/^[#/!>^&{~]/.test(inside) && !isOurs(whole)) {
      const fault = faultOf(inside, isOurs);
      if (fault !== null) faults.push({ ...fault, start, end });
    }
    start = end - 2;
  }
  return faults;
}

/** Behind the braces that close it; those of a mapping inside and those in quotes close nothing. */
function endOf(text: string, from: number): number | null {
  let depth = 0;
  for (let at = from; at < text.length; at += 1) {
    const character = text[at];
    if (character === '"' || character === "'") {
      const close = text.indexOf(character, at + 1);
      if (close === -1) return null;
      at = close;
    } else if (character === '{') depth += 1;
    else if (character === '}' && depth > 0) depth -= 1;
    else if (character === '}') return text[at + 1] === '}' ? at + 2 : null;
  }
  return null;
}

function faultOf(inside: string, isOurs: (text: string) => boolean): Pick<JinjaFault, 'message' | 'help'> | null {
  const ours = placeholderOfJinja(inside);
  const read = readJinja(inside);
  // A plain path or a value that is written out is no Jinja of its own.
  if (ours === null || read === null || read.is === 'literal') return null;
  if (ours.is === 'said' && ours.text === `{{${inside}}}`) return null;
  const message = messageOf(inside);
  if (ours.is === 'unsaid') return { message, help: [ours.why] };
  // What is offered must be read as it is written.
  if (!isOurs(ours.text)) return { message, help: [COMPUTES] };
  return { message, help: [`write ${ours.text}`, ...ansibleNamesIn(ours.text)] };
}

function messageOf(inside: string): string {
  const bare = inside.replaceAll(/"[^"]*"|'[^']*'/g, '""');
  if (bare.includes('|')) return 'a filter behind a bar is Jinja, not Handlebars';
  if (/\bif\b.*\belse\b/s.test(bare)) return '"if … else" is Jinja, not Handlebars';
  if (/\bis\s/.test(bare)) return 'a test behind "is" is Jinja, not Handlebars';
  if (/\w\(/.test(bare)) return 'a call is Jinja, not Handlebars';
  if (/[\w\])]\[/.test(bare)) return 'a member is named behind a dot';
  return 'a placeholder holds a name or a helper and computes nothing';
}
