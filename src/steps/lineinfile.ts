// lineinfile: one line of a file is there, or isn't. Which line is meant is the work of line-edit; writing, keeping and
// putting back that of all steps that write files.
import * as z from 'zod';
import { bounded, SIMPLER } from '../text/bounded.ts';
import { type Edit, edited, isExpression } from './line-edit.ts';
import { SELINUX } from './not-ours.ts';
import { pathField } from './place.ts';
import { type Wanted, type Written, writtenFields, writtenReturns, writtenStep } from './written.ts';

const pattern = (says: string) =>
  z
    .string()
    .min(1)
    .refine(isExpression, "a regular expression that can't be read")
    .nullable()
    .default(null)
    .describe(says);

const lineArgs = () =>
  z
    .strictObject({
      path: pathField('the file on the host'),
      line: z
        .string()
        .regex(/^[^\n\r\0]*$/, 'one line, without its end')
        .nullable()
        .default(null)
        .describe('the line that should be there; with backrefs, \\1 and \\g<name> stand for what regexp found'),
      state: z.enum(['present', 'absent']).default('present').describe('whether the line should be there'),
      regexp: pattern('the line to replace, or the lines to take away; the last match counts'),
      search_string: z.string().min(1).nullable().default(null).describe('the same by a text that is in the line'),
      backrefs: z.boolean().default(false).describe('line refers to regexp; without a match nothing is done'),
      insertafter: pattern(
        'where a new line goes: after the last match of this, or BOF, or EOF, where it goes without a word',
      ),
      insertbefore: pattern('where a new line goes: before the last match of this, or BOF'),
      firstmatch: z.boolean().default(false).describe('the first match counts, not the last'),
      create: z.boolean().default(false).describe('make the file when it is not there'),
      ...writtenFields(),
    })
    .refine(args => args.state === 'absent' || args.line !== null, 'state: present needs "line"')
    .refine(
      args => [args.line, args.regexp, args.search_string].some(one => one !== null),
      'state: absent needs "line", "regexp" or "search_string"',
    )
    .refine(args => args.regexp === null || args.search_string === null, 'give regexp or search_string, not both')
    .refine(args => !args.backrefs || args.regexp !== null, 'backrefs needs "regexp"')
    .refine(
      args => args.insertafter === null || args.insertbefore === null,
      'give insertafter or insertbefore, not both',
    );
type LineArgs = z.infer<ReturnType<typeof lineArgs>>;

export const lineinfile = writtenStep<LineArgs & Written>(
  {
    name: 'lineinfile',
    summary: 'have one line in a file, or not',
    args: lineArgs,
    returns: () =>
      z.object({
        ...writtenReturns(),
        msg: z.string().describe("'line added', 'line replaced', '2 line(s) removed'"),
      }),
    notOurs: {
      ...SELINUX,
      dest: 'write "path"',
      destfile: 'write "path"',
      name: 'write "path"',
      value: 'write "line"',
      regex: 'write "regexp"',
      others: 'leave it out',
      unsafe_writes: 'leave it out: a file is replaced whole or not at all',
      encoding: 'leave it out: bytes that are not touched stay as they are',
    },
    say: args => (args.state === 'absent' ? `take a line out of ${args.path}` : `have a line in ${args.path}`),
  },
  {
    pathOf: args => args.path,
    needsOld: true,
    wanted: (args, _looker, old) => Promise.resolve(wanted(args, old)),
    extra: (_args, seen) => ({ msg: seen.note }),
  },
);

/** A byte a character, so that no other byte of the file can change. */
const bytewise = (text: string): string => Buffer.from(text).toString('latin1');
const orNull = (text: string | null): string | null => (text === null ? null : bytewise(text));

function wanted(args: LineArgs, old: Uint8Array | null): Wanted {
  if (old === null && args.state === 'absent') return { is: 'enough', text: `${args.path} isn't there` };
  if (old === null && !args.create) return { is: 'blocked', why: `${args.path} isn't there: "create: yes" makes it` };
  if (old?.includes(0)) return { is: 'blocked', why: `${args.path} isn't text: it holds NUL bytes` };
  const edit: Edit = {
    ...{ state: args.state, line: orNull(args.line), regexp: orNull(args.regexp) },
    ...{ searchString: orNull(args.search_string), backrefs: args.backrefs, firstMatch: args.firstmatch },
    ...{ insertAfter: orNull(args.insertafter), insertBefore: orNull(args.insertbefore) },
  };
  const text = Buffer.from(old ?? []).toString('latin1');
  const after = bounded(text.length, () => edited(text, edit));
  if (after.is === 'too-slow')
    return { is: 'blocked', why: `its regular expression takes too long on ${args.path}: ${SIMPLER}` };
  return { is: 'bytes', bytes: Buffer.from(after.value.text, 'latin1'), note: after.value.note };
}
