// A condition of Ansible in CEL, or why there is none: for messages only, which name the whole of what to write.
import { pathOf } from './jinja-names.ts';
import { type Said, told, Unsaid } from './jinja-said.ts';
import { type Argument, type Jinja, readJinja } from './jinja.ts';

export function conditionOfJinja(text: string): Said | null {
  const read = readJinja(text);
  return read === null ? null : told(() => say(read, CHOICE));
}

// How tightly a form binds: what binds less stands in parentheses.
const CHOICE = 0;
const OR = 1;
const AND = 2;
const COMPARES = 3;
const ADDS = 4;
const TIMES = 5;
const UNARY = 6;
const WHOLE = 7;

function say(node: Jinja, tight: number): string {
  const [text, own] = form(node);
  return own < tight ? `(${text})` : text;
}

type Form = readonly [text: string, binds: number];

function form(node: Jinja): Form {
  const path = pathOf(node);
  if (path !== null) return [dotted(path), WHOLE];
  switch (node.is) {
    case 'name':
      return [node.name, WHOLE];
    case 'member':
      return [`${say(node.of, WHOLE)}.${node.name}`, WHOLE];
    case 'literal':
      return [node.written, WHOLE];
    case 'list':
      return [`[${node.items.map(item => say(item, CHOICE)).join(', ')}]`, WHOLE];
    case 'mapping':
      throw new Unsaid('give the mapping to a variable under "vars:"');
    case 'item':
      return [`${say(node.of, WHOLE)}[${say(node.index, CHOICE)}]`, WHOLE];
    case 'call':
      return called(node);
    case 'filter':
      return filtered(node);
    case 'test':
      return tested(node);
    case 'pair':
      return pair(node);
    case 'not':
      return opposite([say(node.of, UNARY), UNARY]);
    case 'minus':
      return [`-${say(node.of, UNARY)}`, UNARY];
    case 'choice':
      return [`${say(node.test, OR)} ? ${say(node.yes, OR)} : ${say(node.no, CHOICE)}`, CHOICE];
  }
}

function dotted(path: readonly string[]): string {
  return path
    .map((name, at) => (at === 0 ? name : plain(name) ? `.${name}` : `[${/^\d+$/.test(name) ? name : quoted(name)}]`))
    .join('');
}

const plain = (name: string): boolean => /^[A-Za-z_]\w*$/.test(name);
const quoted = (text: string): string => (text.includes("'") ? JSON.stringify(text) : `'${text}'`);

const SIGNS: Readonly<Record<string, readonly [sign: string, binds: number]>> = {
  ...{ or: ['||', OR], and: ['&&', AND] },
  ...{ '+': ['+', ADDS], '~': ['+', ADDS], '-': ['-', ADDS], '*': ['*', TIMES], '/': ['/', TIMES], '%': ['%', TIMES] },
};

function pair({ sign, left, right }: Extract<Jinja, { is: 'pair' }>): Form {
  if (sign === 'in' || sign === 'not in') return within(left, right, sign === 'not in');
  const [ours, binds] = SIGNS[sign] ?? [sign, COMPARES];
  if (sign === '//' || sign === '**') throw new Unsaid('compute it in a command, and register what that prints');
  return [`${say(left, binds)} ${ours} ${say(right, binds + 1)}`, binds];
}

const TEXTS = ['stdout', 'stderr', 'msg', 'message', 'content'];

function within(sought: Jinja, where: Jinja, negated: boolean): Form {
  // `in x.keys()` is `in x`.
  const keys = where.is === 'call' && where.of.is === 'member' && where.of.name === 'keys' ? where.of.of : where;
  const literal = keys.is === 'literal' && keys.kind === 'text';
  const isText = literal || TEXTS.includes(pathOf(keys)?.at(-1) ?? '');
  const said: Form = isText
    ? [`${say(keys, WHOLE)}.contains(${say(sought, CHOICE)})`, WHOLE]
    : [`${say(sought, ADDS)} in ${say(keys, ADDS)}`, COMPARES];
  return negated ? opposite(said) : said;
}

function opposite([text, binds]: Form): Form {
  return [binds < UNARY ? `!(${text})` : `!${text}`, UNARY];
}

// ---- tests

const TYPES: Readonly<Record<string, string>> = {
  ...{ string: 'string', number: 'double', integer: 'int', float: 'double', boolean: 'bool' },
  ...{ mapping: 'map', sequence: 'list', iterable: 'list', list: 'list' },
};

const COMPARED = 'compare with ==, !=, <, ask a text with .contains, .startsWith or .matches, a list with size(x)';

function tested({ of, name, args, negated }: Extract<Jinja, { is: 'test' }>): Form {
  const turned = (form: Form): Form => (negated ? opposite(form) : form);
  const type = Object.hasOwn(TYPES, name) ? TYPES[name] : undefined;
  if (type !== undefined) return [`type(${say(of, CHOICE)}) ${negated ? '!=' : '=='} ${type}`, COMPARES];
  const only = args[0]?.value;
  switch (name) {
    case 'defined':
      return turned(defined(of));
    case 'undefined':
      return negated ? defined(of) : opposite(defined(of));
    case 'failed':
    case 'changed':
    case 'skipped':
      return turned([`${say(of, WHOLE)}.${name}`, WHOLE]);
    case 'succeeded':
    case 'success':
      return negated ? [`${say(of, WHOLE)}.failed`, WHOLE] : opposite([`${say(of, WHOLE)}.failed`, WHOLE]);
    case 'none':
    case 'null':
      return [`${say(of, ADDS)} ${negated ? '!=' : '=='} null`, COMPARES];
    case 'true':
    case 'True':
    case 'truthy':
      return turned([say(of, UNARY), UNARY]);
    case 'false':
    case 'False':
    case 'falsy':
      return negated ? [say(of, UNARY), UNARY] : opposite([say(of, UNARY), UNARY]);
    case 'match':
    case 'search':
    case 'regex':
      return turned([`${say(of, WHOLE)}.matches(${pattern(only, name === 'match')})`, WHOLE]);
    case 'in':
      if (only !== undefined) return within(of, only, negated);
      break;
    case 'version':
    case 'version_compare':
      throw new Unsaid(`of a text the letters are compared: take its part, int(${say(of, WHOLE)}.split(".")[1]) >= 4`);
    case 'eq':
    case 'equalto':
      if (only !== undefined) return [`${say(of, ADDS)} ${negated ? '!=' : '=='} ${say(only, ADDS)}`, COMPARES];
      break;
    default:
  }
  throw new Unsaid(COMPARED);
}

function defined(of: Jinja): Form {
  const path = pathOf(of);
  if (path === null) throw new Unsaid('ask whether a member is there: has(x.member)');
  const [first = ''] = path;
  if (path.length === 1)
    throw new Unsaid(`every name must be there: give "${first}" a value under "vars:" and compare with it`);
  return [`has(${dotted(path)})`, WHOLE];
}

/** `match` holds from the start on, the others anywhere. */
function pattern(sought: Jinja | undefined, fromStart: boolean): string {
  if (sought?.is !== 'literal') return sought === undefined ? '"pattern"' : say(sought, CHOICE);
  return fromStart && !/^.\^/.test(sought.written)
    ? `${sought.written.slice(0, 1)}^${sought.written.slice(1)}`
    : sought.written;
}

// ---- filters

function filtered({ of, name, args }: Extract<Jinja, { is: 'filter' }>): Form {
  switch (name) {
    case 'int':
    case 'string':
    case 'bool':
      return [`${name}(${say(of, CHOICE)})`, WHOLE];
    case 'float':
      return [`double(${say(of, CHOICE)})`, WHOLE];
    case 'length':
    case 'count':
      return [`size(${say(of, CHOICE)})`, WHOLE];
    case 'trim':
      return [`${say(of, WHOLE)}.trim()`, WHOLE];
    case 'lower':
      return [`${say(of, WHOLE)}.lowerAscii()`, WHOLE];
    case 'upper':
      return [`${say(of, WHOLE)}.upperAscii()`, WHOLE];
    case 'list':
      return form(of);
    case 'first':
      return [`${say(of, WHOLE)}[0]`, WHOLE];
    case 'last':
      return [`${say(of, WHOLE)}[size(${say(of, CHOICE)}) - 1]`, WHOLE];
    case 'default':
    case 'd':
      return defaulted(of, args);
    case 'ternary':
      return form(choiceOf(of, args));
    case 'map':
      return mapped(of, args);
    case 'selectattr':
    case 'rejectattr':
      return selected({ of, args, rejected: name === 'rejectattr' });
    case 'regex_search':
      return [`${say(of, WHOLE)}.matches(${pattern(args[0]?.value, false)})`, WHOLE];
    default:
      throw new Unsaid(`no condition does what the filter "${name}" does: compute it in a variable: "{{helper x}}"`);
  }
}

function choiceOf(test: Jinja, args: readonly Argument[]): Jinja {
  const [yes, no] = args;
  if (yes === undefined || no === undefined) throw new Unsaid(COMPARED);
  return { is: 'choice', test, yes: yes.value, no: no.value };
}

function defaulted(of: Jinja, args: readonly Argument[]): Form {
  const path = pathOf(of);
  const other = args[0]?.value ?? { is: 'literal', kind: 'text', written: "''" };
  if (path !== null && path.length === 1)
    throw new Unsaid(`every name must be there: give "${path[0]}" the value ${say(other, CHOICE)} under "vars:"`);
  if (path === null) throw new Unsaid('write has(x.y) ? x.y : "other", or give the variable a value under "vars:"');
  return [`has(${dotted(path)}) ? ${dotted(path)} : ${say(other, OR)}`, CHOICE];
}

function mapped(of: Jinja, args: readonly Argument[]): Form {
  const attribute = args.find(one => one.name === 'attribute')?.value;
  if (attribute?.is !== 'literal')
    throw new Unsaid('walk the list with x.map(i, i.member) or x.exists(i, i.member == 1)');
  return [`${say(of, WHOLE)}.map(i, ${dotted(['i', ...attribute.written.slice(1, -1).split('.')])})`, WHOLE];
}

const EQUAL = ['equalto', 'eq', '=='];

function selected(call: { readonly of: Jinja; readonly args: readonly Argument[]; readonly rejected: boolean }): Form {
  const [attribute, test, operand] = call.args.map(one => one.value);
  const known = attribute?.is === 'literal' && (test === undefined || isEqual(test));
  if (!known) throw new Unsaid('walk the list with x.filter(i, i.member == 1) or x.exists(i, i.member == 1)');
  const member = dotted(['i', ...attribute.written.slice(1, -1).split('.')]);
  const asked: Form = operand === undefined ? [member, WHOLE] : [`${member} == ${say(operand, ADDS)}`, COMPARES];
  return [`${say(call.of, WHOLE)}.filter(i, ${(call.rejected ? opposite(asked) : asked)[0]})`, WHOLE];
}

function isEqual(test: Jinja): boolean {
  return test.is === 'literal' && EQUAL.includes(test.written.slice(1, -1));
}

// ---- calls

const METHODS: Readonly<Record<string, string>> = {
  ...{ startswith: 'startsWith', endswith: 'endsWith', strip: 'trim', lower: 'lowerAscii', upper: 'upperAscii' },
  ...{ split: 'split' },
};

function called({ of, args }: Extract<Jinja, { is: 'call' }>): Form {
  if (of.is === 'name' && of.name === 'len')
    return [`size(${args.map(one => say(one.value, CHOICE)).join(', ')})`, WHOLE];
  if (of.is === 'name' && ['lookup', 'query', 'q'].includes(of.name))
    throw new Unsaid('register what a task reads, or give it to a variable with -e');
  const method = of.is === 'member' && Object.hasOwn(METHODS, of.name) ? METHODS[of.name] : undefined;
  if (of.is !== 'member' || method === undefined) throw new Unsaid('compute it in a variable: "{{helper x}}"');
  return [`${say(of.of, WHOLE)}.${method}(${args.map(one => say(one.value, CHOICE)).join(', ')})`, WHOLE];
}
