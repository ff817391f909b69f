// A template read but not run: the names it uses, with their places, and what is wrong with its text. Only roots of
// the outermost context can be named here; what an item of `each` holds is known when it runs.
import Handlebars from 'handlebars';
import { didYouMean } from '../../text/nearest.ts';
import { jinjaPlaceholders, jinjaStatements } from './jinja-faults.ts';
import { behindValue, eitherState, readShell, refusal, type ShellState, sameState, START } from './shell-state.ts';
import { exampleOf, HELPER_NAMES, operandsOf } from './template-helpers.ts';

export interface Reference {
  /** `update`, `be`: the name itself, then the members after it as far as they are written. */
  readonly path: readonly string[];
  readonly start: number;
  readonly end: number;
  /** First operand of `default`: may be undefined. */
  readonly optional: boolean;
}

export interface TemplateFault {
  readonly code: 'bad-template' | 'template-in-quotes';
  readonly message: string;
  readonly help: readonly string[];
  readonly start: number;
  readonly end: number;
}

export interface ReadTemplate {
  readonly references: readonly Reference[];
  readonly faults: readonly TemplateFault[];
  /** The whole text is one placeholder: its value keeps its type. */
  readonly whole: boolean;
}

export function hasTemplate(text: string): boolean {
  return text.includes('{{');
}

type Program = hbs.AST.Program;
type Expression = hbs.AST.Expression;

interface Walk {
  readonly text: string;
  readonly lineStarts: readonly number[];
  readonly references: Reference[];
  readonly faults: TemplateFault[];
  /** Innermost last: is this context the outermost one, and which names are block parameters? */
  readonly contexts: readonly { readonly root: boolean; readonly names: readonly string[] }[];
}

export function readTemplate(text: string, language: 'text' | 'shell'): ReadTemplate {
  const statements = jinjaStatements(text, isOurs);
  const ours = statements.length === 0 ? readOurs(text, language) : null;
  if (ours !== null && ours.faults.length === 0) return ours;
  const foreign = [...statements, ...jinjaPlaceholders(text, isOurs)];
  if (ours !== null && foreign.length === 0) return ours;
  // What is Jinja is told as Jinja; what Handlebars says of it would be an echo, so it is asked about the rest alone.
  const rest = readOurs(foreign.reduce(blanked, text), language);
  const faults = [...foreign.map(fault => ({ code: 'bad-template', ...fault }) as const), ...rest.faults];
  return {
    // A statement may give names and stand around others: what is between is known when it is converted.
    references: statements.length === 0 ? rest.references : [],
    faults: faults.sort((one, other) => one.start - other.start),
    whole: false,
  };
}

/** Every other letter keeps its place. */
function blanked(text: string, { start, end }: { readonly start: number; readonly end: number }): string {
  return text.slice(0, start) + text.slice(start, end).replaceAll(/[^\n]/g, ' ') + text.slice(end);
}

function isOurs(placeholder: string): boolean {
  const { faults } = readOurs(placeholder, 'text');
  return faults.length === 0;
}

function readOurs(text: string, language: 'text' | 'shell'): ReadTemplate {
  const lineStarts = [0, ...[...text.matchAll(/\r\n?|\n/g)].map(found => found.index + found[0].length)];
  const walk: Walk = { text, lineStarts, references: [], faults: [], contexts: [{ root: true, names: [] }] };
  try {
    const program = Handlebars.parseWithoutProcessing(text);
    namesInProgram(walk, program);
    // With the blanks taken out that ~ and lines of blocks take out: a placeholder must not slip into a comment so.
    if (language === 'shell' && walk.faults.length === 0) quotes(walk, Handlebars.parse(text), START);
    return { references: walk.references, faults: walk.faults, whole: isWhole(program) };
  } catch (error) {
    return { references: [], faults: [syntaxFault(text, lineStarts, error)], whole: false };
  }
}

function isWhole(program: Program): boolean {
  return program.body.length === 1 && program.body[0]?.type === 'MustacheStatement';
}

function syntaxFault(text: string, lineStarts: readonly number[], error: unknown): TemplateFault {
  const said = error instanceof Error ? error.message : String(error);
  const line = Number(/line (\d+)/.exec(said)?.[1] ?? / - (\d+):\d+$/.exec(said)?.[1] ?? 1);
  const wrong = [...text.matchAll(/\{\{[^}]*\}?\}?/g)].find(found => habitOf(found[0]) !== null);
  const lineStart = lineStarts[line - 1] ?? 0;
  const start = wrong?.index ?? Math.max(text.indexOf('{{', lineStart), 0);
  const close = text.indexOf('}}', start);
  const [message, ...help] = habitOf(wrong?.[0] ?? '') ?? syntaxWords(said);
  return { code: 'bad-template', message, help, start, end: close === -1 ? text.length : close + 2 };
}

type Said = readonly [string, ...string[]];

/** What people bring along from Jinja, and what to write instead. */
function habitOf(placeholder: string): Said | null {
  const inside = placeholder.replace(/^\{\{\{?[#/]?|\}\}$/g, '').replaceAll(/"[^"]*"|'[^']*'/g, '""');
  if (placeholder.startsWith('{{') && !placeholder.endsWith('}}'))
    return ['this placeholder is never closed', 'close it with }}'];
  if (inside.includes(' as |')) return null;
  if (inside.includes('|')) return ['a filter behind a bar is Jinja, not Handlebars', ...filterHelp(placeholder)];
  if (/\w\[/.test(inside))
    return ['a member is named behind a dot', 'write {{x.name}}, {{x.[a-name]}} or {{list.[0]}}'];
  if (/\.\d/.test(inside)) return ['an item of a list is named in brackets', 'write {{list.[0]}}'];
  if (/[-+*/%<>=]\s|[?(]\w*\s*,|\bif\b.*\belse\b/.test(inside)) {
    return [
      'a placeholder holds a name or a helper and computes nothing',
      'compare in "when:", choose with {{#if x}} … {{else}} … {{/if}}',
    ];
  }
  return null;
}

function syntaxWords(said: string): Said {
  const mismatch = /(\S+) doesn't match (\S+)/.exec(said);
  if (mismatch !== null) return [`the block #${mismatch[1]} is closed as /${mismatch[2]}`];
  if (/got 'EOF'/.test(said))
    return ['a block is opened and never closed', 'close it with {{/if}}, {{/unless}}, {{/each}} or {{/with}}'];
  return ["this template can't be read", 'a placeholder is {{name}}, {{name.member}} or {{helper name}}'];
}

// {{ x | default('y') | upper }} becomes {{upper (default x 'y')}}.
function filterHelp(placeholder: string): readonly string[] {
  const [value, ...filters] = placeholder.replace(/^\{\{\s*|\s*\}\}$/g, '').split(/\s*\|\s*/);
  const rewritten = filters.reduce((inner, filter) => {
    const call = /^(\w+)\s*(?:\((.*)\))?$/.exec(filter.trim());
    const operand = inner.includes(' ') ? `(${inner})` : inner;
    return call === null ? inner : [call[1], operand, ...(call[2] ?? '').split(/\s*,\s*/)].filter(Boolean).join(' ');
  }, value ?? '');
  const offered = `{{${rewritten}}}`;
  return isOurs(offered) ? [`write ${offered}`] : [];
}

function offset(walk: Walk, position: hbs.AST.Position): number {
  return (walk.lineStarts[position.line - 1] ?? 0) + position.column;
}

/** `message` is followed by lines of help. */
function fault(
  walk: Walk,
  node: hbs.AST.Node,
  code: TemplateFault['code'],
  said: readonly [string, ...string[]],
): void {
  const [message, ...help] = said;
  walk.faults.push({ code, message, help, start: offset(walk, node.loc.start), end: offset(walk, node.loc.end) });
}

// ---- names

function namesInProgram(walk: Walk, program: Program | undefined): void {
  for (const statement of program?.body ?? []) namesInStatement(walk, statement);
}

function namesInStatement(walk: Walk, node: hbs.AST.Statement): void {
  if (isMustache(node)) mustache(walk, node);
  else if (isBlock(node)) block(walk, node);
  else if (node.type !== 'ContentStatement' && node.type !== 'CommentStatement') {
    fault(walk, node, 'bad-template', ['partials and decorators are not part of the language']);
  }
}

function isMustache(node: hbs.AST.Node): node is hbs.AST.MustacheStatement {
  return node.type === 'MustacheStatement';
}
function isBlock(node: hbs.AST.Node): node is hbs.AST.BlockStatement {
  return node.type === 'BlockStatement';
}
function isPath(node: hbs.AST.Node): node is hbs.AST.PathExpression {
  return node.type === 'PathExpression';
}
function isCall(node: hbs.AST.Node): node is hbs.AST.SubExpression {
  return node.type === 'SubExpression';
}
function isContent(node: hbs.AST.Node): node is hbs.AST.ContentStatement {
  return node.type === 'ContentStatement';
}

function mustache(walk: Walk, node: hbs.AST.MustacheStatement): void {
  if (!isPath(node.path)) {
    const written = walk.text.slice(offset(walk, node.path.loc.start), offset(walk, node.path.loc.end));
    fault(walk, node, 'bad-template', ['a value that is written out needs no braces', `write ${written}`]);
    return;
  }
  const name = node.path.original;
  const bare = node.params.length === 0 && (node.hash?.pairs ?? []).length === 0;
  if (!bare) call(walk, node.path, node.params);
  else if (HELPER_NAMES.includes(name)) {
    fault(walk, node, 'bad-template', [
      `"${name}" is a helper and needs something to work on`,
      `{{${name} x}}, or {{this.${name}}} for a variable of that name`,
    ]);
  } else path(walk, node.path, false);
}

function call(walk: Walk, name: hbs.AST.PathExpression, params: readonly Expression[]): void {
  if (!HELPER_NAMES.includes(name.original)) {
    const help = BLOCKS.includes(name.original)
      ? `write {{#${name.original} …}} … {{/${name.original}}}`
      : (didYouMean(name.original, HELPER_NAMES)[0] ?? `there are: ${HELPER_NAMES.join(', ')}`);
    fault(walk, name, 'bad-template', [`no helper is called "${name.original}"`, help]);
  } else operands(walk, name, params.length);
  params.forEach((param, index) => expression(walk, param, name.original === 'default' && index === 0));
}

/** A helper would find out only when its turn comes. */
function operands(walk: Walk, name: hbs.AST.PathExpression, given: number): void {
  const { least, most } = operandsOf(name.original);
  if (given >= least && given <= most) return;
  const takes = least === most ? String(most) : `${least} or ${most}`;
  const message = `"${name.original}" takes ${takes} ${most === 1 ? 'operand' : 'operands'}, not ${given}`;
  fault(walk, name, 'bad-template', [message, `for example ${exampleOf(name.original)}`]);
}

function expression(walk: Walk, node: Expression, optional: boolean): void {
  if (isPath(node)) path(walk, node, optional);
  else if (isCall(node) && isPath(node.path)) call(walk, node.path, node.params);
}

const BLOCKS = ['if', 'unless', 'each', 'with'];

function block(walk: Walk, node: hbs.AST.BlockStatement): void {
  const name = node.path.original;
  if (!BLOCKS.includes(name)) {
    fault(walk, node.path, 'bad-template', [
      `no block is called "${name}"`,
      `there are: ${BLOCKS.map(word => `#${word}`).join(', ')}`,
    ]);
    return;
  }
  for (const param of node.params) expression(walk, param, false);
  const here = walk.contexts.at(-1) ?? { root: true, names: [] };
  const names = node.program?.blockParams ?? [];
  const inner = name === 'if' || name === 'unless' ? [] : [{ root: false, names }];
  namesInProgram({ ...walk, contexts: [...walk.contexts, ...inner] }, node.program);
  namesInProgram({ ...walk, contexts: [...walk.contexts.slice(0, -1), here] }, node.inverse);
}

function path(walk: Walk, node: hbs.AST.PathExpression, optional: boolean): void {
  const parts = node.parts.filter(part => typeof part === 'string');
  if (node.data && parts[0] !== 'root') return;
  const members = node.data ? parts.slice(1) : parts;
  const [first] = members;
  if (first === undefined) return;
  const context = node.data ? walk.contexts[0] : walk.contexts.at(-1 - node.depth);
  if (context === undefined) {
    fault(walk, node, 'bad-template', [`${node.original} leads out of the template`]);
    return;
  }
  const bound = node.depth === 0 && walk.contexts.some(one => one.names.includes(first));
  if (!context.root || bound) return;
  walk.references.push({
    path: members,
    start: offset(walk, node.loc.start),
    end: offset(walk, node.loc.end),
    optional,
  });
}

// ---- quotes

/** Follows the author's text through the shell's quoting; both ways through a block must end alike. */
function quotes(walk: Walk, program: Program | undefined, start: ShellState): ShellState {
  let state = start;
  for (const node of program?.body ?? []) {
    if (isContent(node)) state = readShell(state, node.value);
    else if (isMustache(node)) state = value(walk, node, state);
    else if (isBlock(node)) state = branches(walk, node, state);
  }
  return state;
}

function value(walk: Walk, node: hbs.AST.MustacheStatement, state: ShellState): ShellState {
  if (!node.escaped) return behindValue(state);
  const where = refusal(state);
  if (where === null) return behindValue(state);
  const placeholder = walk.text.slice(offset(walk, node.loc.start), offset(walk, node.loc.end));
  const help = /quotes \(/.test(where)
    ? [`leave the quotes out: ${placeholder} is quoted as one word already`]
    : ['give the value to a variable of the shell first: x={{value}}'];
  fault(walk, node, 'template-in-quotes', [`a placeholder can't stand ${where}`, ...help]);
  return state;
}

function branches(walk: Walk, node: hbs.AST.BlockStatement, state: ShellState): ShellState {
  const once = quotes(walk, node.program, state);
  // What one round of a loop leaves behind stands before the next.
  const again = node.path.original === 'each' && walk.faults.length === 0;
  const yes = again ? eitherState(quotes(walk, node.program, once), once) : once;
  const no = quotes(walk, node.inverse, state);
  if (!sameState(yes, no)) {
    fault(walk, node, 'template-in-quotes', [
      'the ways through this block end in different quotes',
      'close every quote in the block that opens it',
    ]);
  }
  return eitherState(yes, no);
}
