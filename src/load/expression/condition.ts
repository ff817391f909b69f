// Conditions: CEL read, checked and computed. The types of variables aren't known here, so the check finds what is
// wrong whatever they are; names are looked up by whoever knows them. Jinja's habits get an answer of their own.
import { type ASTNode, Environment, EvaluationError, ParseError, TypeError as TypeFault } from '@marcbachmann/cel-js';
import { bounded, SIMPLER } from '../../text/bounded.ts';
import { jinjaHabit } from './condition-habits.ts';
import { ansibleNamesIn } from './jinja-names.ts';
import { conditionOfJinja } from './jinja-to-condition.ts';
import type { Reference } from './template-ast.ts';

export interface ConditionFault {
  readonly message: string;
  readonly help: readonly string[];
  readonly start: number;
  readonly end: number;
}

export interface ReadCondition {
  readonly references: readonly Reference[];
  readonly faults: readonly ConditionFault[];
}

/** What a condition could not do when it was computed. */
export class ConditionFailure extends Error {}

const made = new Map<'cel', Environment>();

function cel(): Environment {
  const there = made.get('cel');
  if (there !== undefined) return there;
  const environment = new Environment({ unlistedVariablesAreDyn: true, homogeneousAggregateLiterals: false });
  // Numbers of ours are doubles, numbers in a condition are ints: let them meet.
  const mixed: readonly (readonly [string, (a: number, b: number) => number])[] = [
    ['+', (a, b) => a + b],
    ['-', (a, b) => a - b],
    ['*', (a, b) => a * b],
    ['/', (a, b) => a / b],
  ];
  for (const [sign, compute] of mixed) {
    environment.registerOperator(`int ${sign} double`, (a: bigint, b: number) => compute(Number(a), b));
    environment.registerOperator(`double ${sign} int`, (a: number, b: bigint) => compute(a, Number(b)));
  }
  made.set('cel', environment);
  return environment;
}

/** A condition is asked for each host, and says the same for each. */
const readSoFar = new Map<string, ReadCondition>();

export function readCondition(text: string): ReadCondition {
  const there = readSoFar.get(text);
  if (there !== undefined) return there;
  const read = newlyRead(text);
  readSoFar.set(text, read);
  return read;
}

function newlyRead(text: string): ReadCondition {
  const habit = jinjaHabit(text);
  if (habit !== null) return { references: [], faults: [wholly(text, habit)] };
  try {
    const parsed = cel().parse(text);
    const checked = parsed.check();
    const references: Reference[] = [];
    collect(parsed.ast, [], references);
    if (!checked.valid) return { references, faults: [faultOf(text, checked.error)] };
    return { references, faults: yieldsBoolean(text, checked.type) };
  } catch (error) {
    return { references: [], faults: [faultOf(text, error)] };
  }
}

/** What to write for all of a condition of Jinja's, where that can be said, instead of for its first habit. */
function wholly(text: string, habit: ConditionFault): ConditionFault {
  const ours = conditionOfJinja(text);
  if (ours === null) return habit;
  if (ours.is === 'unsaid') return { ...habit, help: [ours.why] };
  const isOurs = jinjaHabit(ours.text) === null && isRead(ours.text);
  return isOurs ? { ...habit, help: [`write ${ours.text}`, ...ansibleNamesIn(ours.text)] } : habit;
}

function isRead(text: string): boolean {
  try {
    return cel().parse(text).check().valid;
  } catch {
    return false;
  }
}

function yieldsBoolean(text: string, type: string | undefined): readonly ConditionFault[] {
  if (type === undefined || type === 'bool' || type === 'dyn') return [];
  const message = `a condition is yes or no, this is ${WORDS[type] ?? type}`;
  return [{ message, help: ['compare it: x == "text", size(list) > 0'], start: 0, end: text.length }];
}

const WORDS: Readonly<Record<string, string>> = {
  string: 'a text',
  int: 'a number',
  double: 'a number',
  list: 'a list',
};

function faultOf(text: string, error: unknown): ConditionFault {
  const known = error instanceof ParseError || error instanceof TypeFault || error instanceof EvaluationError;
  const range = known ? error.range : undefined;
  const start = Math.min(range?.start ?? 0, text.length);
  const end = Math.max(start + 1, range?.end ?? text.length);
  const said = known ? error.summary : error instanceof Error ? error.message : String(error);
  if (/no such overload: string in string/.test(said)) {
    const [inner, outer] = text.slice(start, end).split(/\s+in\s+/);
    return {
      message: 'a text can\'t be looked for with "in"',
      help: [`write ${outer ?? 'text'}.contains(${inner ?? '"x"'})`],
      start,
      end,
    };
  }
  if (/EOF/.test(said))
    return {
      message: 'the condition ends too early',
      help: [],
      start: Math.max(0, text.trimEnd().length - 1),
      end: text.length,
    };
  return { message: `this condition can't be read: ${lowered(said)}`, help: [], start, end };
}

function lowered(text: string): string {
  return `${text.slice(0, 1).toLowerCase()}${text.slice(1)}`;
}

// ---- names

const MACROS = ['all', 'exists', 'exists_one', 'map', 'filter'];
/** Names that are types in CEL, as in type(x) == int. */
const TYPES = ['int', 'uint', 'double', 'bool', 'string', 'bytes', 'list', 'map', 'null_type', 'type', 'google'];

function collect(node: ASTNode, bound: readonly string[], into: Reference[]): void {
  const chain = chainOf(node);
  if (chain !== null) {
    const [first] = chain;
    if (first === undefined || bound.includes(first) || TYPES.includes(first)) return;
    into.push({ path: chain, start: node.start, end: node.end, optional: false });
    return;
  }
  switch (node.op) {
    case 'value':
    case 'id':
      return;
    case 'rcall': {
      const [name, receiver, operands] = node.args;
      collect(receiver, bound, into);
      const [variable] = operands;
      const inner = MACROS.includes(name) && variable?.op === 'id' ? [...bound, variable.args] : bound;
      for (const operand of operands) if (operand !== variable || inner === bound) collect(operand, inner, into);
      return;
    }
    case 'call':
      for (const operand of node.args[1]) collectOperand(node.args[0], operand, bound, into);
      return;
    default:
      for (const child of childrenOf(node.args)) collect(child, bound, into);
  }
}

// has(x.y): the last member may be missing.
function collectOperand(name: string, operand: ASTNode, bound: readonly string[], into: Reference[]): void {
  const found: Reference[] = [];
  collect(operand, bound, found);
  const asked = name === 'has' ? found.map(one => ({ ...one, path: one.path.slice(0, -1) })) : found;
  into.push(...asked.filter(one => one.path.length > 0));
}

/** a.b.c as its names, or null for anything else. */
function chainOf(node: ASTNode): readonly string[] | null {
  if (node.op === 'id') return [node.args];
  if (node.op !== '.') return null;
  const above = chainOf(node.args[0]);
  return above === null ? null : [...above, node.args[1]];
}

function childrenOf(args: unknown): readonly ASTNode[] {
  if (Array.isArray(args)) return args.flatMap(childrenOf);
  return isNode(args) ? [args] : [];
}

function isNode(value: unknown): value is ASTNode {
  return typeof value === 'object' && value !== null && 'op' in value && 'args' in value;
}

// ---- computing

const parsedConditions = new Map<string, ReturnType<Environment['parse']>>();

/** Of all that a condition may hold only a regular expression can take for ever. */
function inTime(text: string, work: () => unknown): unknown {
  const found = bounded(0, work);
  if (found.is === 'done') return found.value;
  throw new ConditionFailure(`the condition "${text}" takes too long: ${SIMPLER}`);
}

/**
 * @param context an object whose members may be getters; what they throw comes out as it is.
 * @throws ConditionFailure
 */
export function decide(text: string, context: Record<string, unknown>): boolean {
  try {
    const parsed = parsedConditions.get(text) ?? cel().parse(text);
    parsedConditions.set(text, parsed);
    const value: unknown = text.includes('matches') ? inTime(text, () => parsed(context)) : parsed(context);
    if (typeof value === 'boolean') return value;
    throw new ConditionFailure(`the condition "${text}" is neither yes nor no`);
  } catch (error) {
    if (error instanceof EvaluationError || error instanceof ParseError || error instanceof TypeFault) {
      const said = lowered(error.summary);
      const help = /string in dyn<string>|string in string/.test(said)
        ? '; a text is looked for with x.contains("text")'
        : '';
      throw new ConditionFailure(`the condition "${text}" can't be computed: ${said}${help}`);
    }
    throw error;
  }
}
