// Steps that change nothing on any host: they speak, decide or remember. All of them run under --check.
import * as z from 'zod';
import type { Json, JsonObject } from '../text/json.ts';
import { neverApplied, NOTHING_TO_UNDO, type Shape, stepOf } from './shape.ts';
import type { Step } from '../model/step.ts';

type Nothing = Record<string, never>;
const PLAIN: JsonObject = { changed: false, failed: false, skipped: false };

/** A step that is done by being looked at. */
function speaking<A extends JsonObject>(
  shape: Pick<Shape<A, Nothing>, 'name' | 'summary' | 'args' | 'say'> &
    Partial<
      Pick<Shape<A, Nothing>, 'returns' | 'bareArgument' | 'conditionArguments' | 'nameArguments' | 'notOurs'>
    > & {
      /** null: all is well. Otherwise the failure, in words. */
      readonly wrong?: (args: A) => string | null;
      readonly gives?: (args: A) => JsonObject;
      /** Everybody hears it, not only who asks for more words. */
      readonly aloud?: (args: A) => boolean;
    },
): Step {
  const { wrong = () => null, gives = () => ({}), aloud = () => false, ...rest } = shape;
  return stepOf<A, Nothing>({
    returns: () => z.looseObject({ msg: z.string().optional() }),
    ...rest,
    reads: true,
    staysHere: true,
    needsFacts: false,
    limitMs: () => 60_000,
    foresee: args => {
      const why = wrong(args);
      return why === null
        ? { is: 'nothing', result: { ...PLAIN, ...gives(args), msg: shape.say(args) } }
        : { is: 'unknown', why: `it will fail: ${why}` };
    },
    async check(args, looker) {
      const why = wrong(args);
      if (why !== null) return { is: 'blocked', seen: {}, why };
      if (aloud(args)) await looker.tell({ type: 'noted', level: 'note', text: `${looker.host}: ${shape.say(args)}` });
      return { is: 'done', seen: {}, text: shape.say(args) };
    },
    undo: () => NOTHING_TO_UNDO,
    apply: neverApplied(shape.name),
    result: args => ({ ...PLAIN, ...gives(args), failed: wrong(args) !== null, msg: wrong(args) ?? shape.say(args) }),
  });
}

const assertArgs = () =>
  z.strictObject({
    that: z
      .union([z.array(z.boolean()).min(1), z.boolean().transform(one => [one])])
      .describe('a condition, or several, all of which must hold'),
    msg: z.string().nullable().default(null).describe("said when one doesn't hold"),
    fail_msg: z.string().nullable().default(null).describe('the same'),
    success_msg: z.string().default('all conditions hold').describe('said when they hold'),
    quiet: z.boolean().default(false).describe('say nothing when they hold'),
  });
type AssertArgs = z.infer<ReturnType<typeof assertArgs>>;

const brokenMessage = (args: AssertArgs): string => args.fail_msg ?? args.msg ?? "a condition doesn't hold";

export const assert = speaking<AssertArgs>({
  name: 'assert',
  summary: 'fail unless conditions hold',
  args: assertArgs,
  conditionArguments: ['that'],
  say: args => (args.quiet ? 'conditions hold' : args.success_msg),
  wrong: args => {
    const broken = args.that.findIndex(holds => !holds);
    return broken < 0
      ? null
      : args.that.length === 1
        ? brokenMessage(args)
        : `${brokenMessage(args)} (condition ${broken + 1} of ${args.that.length})`;
  },
});

const debugArgs = () =>
  z
    .strictObject({
      msg: z.json().default(null).describe('what to show: a text or any value'),
      var: z.json().default(null).describe('the name of a variable, or a member of one, to show'),
      verbosity: z.int().min(0).default(0).describe('1 or more: shown only to who asks for more words (-v)'),
    })
    .refine(args => args.msg === null || args.var === null, 'give msg or var, one of the two');
type DebugArgs = z.infer<ReturnType<typeof debugArgs>>;

const shown = (args: DebugArgs): Json => args.msg ?? args.var;

export const debug = speaking<DebugArgs>({
  name: 'debug',
  summary: 'show a text or a value',
  args: debugArgs,
  bareArgument: 'msg',
  nameArguments: ['var'],
  aloud: args => args.verbosity === 0,
  say: args => textOf(shown(args)),
});

const textOf = (value: Json): string => (typeof value === 'string' ? value : JSON.stringify(value));

const failArgs = () => z.strictObject({ msg: z.string().default('failed as requested').describe('why') });
export const fail = speaking<z.infer<ReturnType<typeof failArgs>>>({
  name: 'fail',
  summary: 'fail, with a message',
  args: failArgs,
  bareArgument: 'msg',
  say: args => `fail: ${args.msg}`,
  wrong: args => args.msg,
});

const includeArgs = () =>
  z.strictObject({
    file: z.string().min(1).describe('a YAML file of variables beside the playbook, or in its folder "vars"'),
    from: z
      .array(z.string())
      .default([])
      .describe('every file it may be, where that is known only in the run: all are read and checked before it'),
    name: z.string().nullable().default(null).describe('put all of them into one variable of this name'),
    variables: z
      .record(z.string(), z.record(z.string(), z.json()))
      .default({})
      .describe('what each file says; filled in when the playbook is loaded'),
  });
type IncludeArgs = z.infer<ReturnType<typeof includeArgs>>;

const included = ({ file, name, variables }: IncludeArgs): JsonObject => {
  const said = variables[file] ?? {};
  return name === null ? said : { [name]: said };
};

const ONE_FILE = 'write one task a file, or a loop over their names';

export const includeVars = speaking<IncludeArgs>({
  name: 'include_vars',
  summary: 'take variables from a file for the rest of the run',
  args: includeArgs,
  returns: () => z.looseObject({ ansible_facts: z.record(z.string(), z.json()), file: z.string() }),
  bareArgument: 'file',
  notOurs: {
    dir: ONE_FILE,
    depth: ONE_FILE,
    files_matching: ONE_FILE,
    ignore_files: ONE_FILE,
    extensions: 'leave it out: any name will do',
    ignore_unknown_extensions: 'leave it out: any name will do',
    hash_behaviour: 'leave it out: the newer value takes the place of the older',
  },
  say: args => `variables of ${args.file}`,
  wrong: ({ file, variables }) =>
    Object.hasOwn(variables, file) ? null : `${file} is none of: ${Object.keys(variables).join(', ')}`,
  gives: args => ({ variables: included(args), ansible_facts: included(args), file: args.file }),
});

const setFactArgs = () => z.record(z.string().regex(/^[A-Za-z_]\w*$/, 'a variable name'), z.json());
export const setFact = speaking<z.infer<ReturnType<typeof setFactArgs>>>({
  name: 'set_fact',
  summary: 'set variables of this host for the rest of the run',
  notOurs: { cacheable: 'leave it out: a fact lives as long as the run' },
  args: setFactArgs,
  returns: () => z.looseObject({ ansible_facts: z.record(z.string(), z.json()) }),
  say: args => `set ${Object.keys(args).join(', ')}`,
  gives: args => ({ variables: args, ansible_facts: args }),
});
