// Handlebars, tamed: plain data in, text or a value out. Values go in verbatim, or (for a shell) quoted as one word
// each. Overriding `escapeExpression` on an instance does nothing, since a compiled template takes it from the
// module: the documented way is a subclass of its code generator, whose output calls our own function for every value.
// `strict` is left off: it says nothing of helpers' operands and trips over its own feet; our functions refuse undefined.
import Handlebars from 'handlebars';
import { quoteAlways } from '../../text/shell.ts';
import { HelperFault, textOf, truth } from './helper-values.ts';
import { readTemplate } from './template-ast.ts';
import { callHelper, HELPER_NAMES } from './template-helpers.ts';

export type Wanted = 'text' | 'shell' | 'value';

/** What a template could not do, at its line and column when Handlebars said so. */
export class TemplateFailure extends Error {}

/**
 * @param context an object without prototype; its members may be getters, and what they throw comes out as it is.
 * @throws TemplateFailure for what the template did wrong.
 */
export function render(text: string, wanted: Wanted, context: object): unknown {
  const engine = engineFor(wanted);
  const run = compiled(engine, text);
  try {
    engine.whole.value = '';
    const written = run(context);
    return wanted === 'value' ? engine.whole.value : written;
  } catch (error) {
    if (error instanceof HelperFault) throw new TemplateFailure(undefinedName(text, context) ?? error.message);
    if (error instanceof Handlebars.Exception) throw new TemplateFailure(String(error.message));
    throw error;
  }
}

interface Engine {
  readonly language: 'text' | 'shell';
  readonly handlebars: typeof Handlebars;
  readonly compiled: Map<string, HandlebarsTemplateDelegate<object>>;
  /** Where a whole-value template leaves its value. */
  readonly whole: { value: unknown };
}

const engines = new Map<Wanted, Engine>();

function engineFor(wanted: Wanted): Engine {
  const there = engines.get(wanted);
  if (there !== undefined) return there;
  const language = wanted === 'shell' ? 'shell' : 'text';
  const made: Engine = { language, handlebars: Handlebars.create(), compiled: new Map(), whole: { value: '' } };
  engines.set(wanted, made);
  replaceCodeGenerator(made.handlebars);
  registerHelpers(made.handlebars);
  made.handlebars.registerHelper('__value', (given: unknown) => {
    const value = present(given);
    if (wanted === 'value') made.whole.value = value;
    return wanted === 'shell' ? shellWords(value) : wanted === 'text' ? textOf(value) : '';
  });
  made.handlebars.registerHelper('__verbatim', (given: unknown) => {
    const value = present(given);
    if (wanted === 'value') made.whole.value = value;
    return wanted === 'value' ? '' : textOf(value);
  });
  return made;
}

function compiled(engine: Engine, text: string): HandlebarsTemplateDelegate<object> {
  const there = engine.compiled.get(text);
  if (there !== undefined) return there;
  const knownHelpers = Object.fromEntries([...HELPER_NAMES, 'if', 'unless', 'each', 'with'].map(name => [name, true]));
  const [wrong] = readTemplate(text, engine.language).faults;
  if (wrong !== undefined) throw new TemplateFailure(wrong.message);
  const made = engine.handlebars.compile<object>(text, {
    knownHelpersOnly: true,
    knownHelpers: { helperMissing: false, blockHelperMissing: false, log: false, lookup: false, ...knownHelpers },
  });
  engine.compiled.set(text, made);
  return made;
}

/** Every value that a template writes goes through one of our two functions. */
function replaceCodeGenerator(handlebars: typeof Handlebars): void {
  const base: unknown = Reflect.get(handlebars, 'JavaScriptCompiler');
  if (typeof base !== 'function') throw new Error('handlebars has no code generator to derive from');
  const original = base;
  function Generator(this: object, ...given: unknown[]): void {
    Reflect.apply(original, this, given);
  }
  const through = (helper: string) =>
    function append(this: object): void {
      const call = (name: string, ...given: readonly unknown[]): unknown =>
        Reflect.apply(Reflect.get(this, name), this, given);
      call('pushSource', call('appendToBuffer', [`helpers.${helper}.call(depth0,`, call('popStack'), ',{})']));
    };
  Generator.prototype = Object.assign(Object.create(original.prototype), {
    compiler: Generator,
    appendEscaped: through('__value'),
    append: through('__verbatim'),
  });
  Reflect.set(handlebars, 'JavaScriptCompiler', Generator);
}

function registerHelpers(handlebars: typeof Handlebars): void {
  for (const name of HELPER_NAMES) {
    // The last thing handed to a helper is Handlebars' own.
    handlebars.registerHelper(name, (...given: unknown[]) => callHelper(name, given.slice(0, -1)));
  }
  const original: Readonly<Record<string, unknown>> = {
    each: handlebars.helpers['each'],
    with: handlebars.helpers['with'],
  };
  const choose = (name: string, wantedTruth: boolean): void =>
    handlebars.registerHelper(name, function choice(this: object, value: unknown, options: Handlebars.HelperOptions) {
      return truth(defined(name, value)) === wantedTruth ? options.fn(this) : options.inverse(this);
    });
  choose('if', true);
  choose('unless', false);
  for (const name of ['each', 'with']) {
    const inner = original[name];
    if (typeof inner !== 'function') throw new Error(`handlebars has no #${name}`);
    handlebars.registerHelper(name, function walk(this: object, value: unknown, options: Handlebars.HelperOptions) {
      return Reflect.apply(inner, this, [defined(name, value), options]);
    });
  }
}

function present(value: unknown): unknown {
  if (value === undefined) throw new HelperFault('a name in this template is undefined');
  return value;
}

function defined(name: string, value: unknown): unknown {
  if (value === undefined) throw new HelperFault(`what #${name} asks for is undefined`);
  return value;
}

/** A list gives one word an item. */
function shellWords(value: unknown): string {
  if (value === null || value === undefined)
    throw new HelperFault('nothing can\'t stand in a shell text: use {{default x ""}}');
  if (Array.isArray(value)) return value.map(item => quoteAlways(noNul(textOf(item)))).join(' ');
  return quoteAlways(noNul(textOf(value)));
}

function noNul(text: string): string {
  if (text.includes('\0')) throw new HelperFault("a text with a NUL can't go to a shell");
  return text;
}

/** The first name of the template that leads nowhere, in words: Handlebars only knows that something was missing. */
function undefinedName(text: string, context: object): string | null {
  for (const reference of readTemplate(text, 'text').references) {
    if (reference.optional) continue;
    let value: unknown = context;
    for (const [index, member] of reference.path.entries()) {
      if (typeof value !== 'object' || value === null || !(member in value)) {
        return `"${reference.path.slice(0, index + 1).join('.')}" is undefined`;
      }
      value = Reflect.get(value, member);
    }
  }
  return null;
}
