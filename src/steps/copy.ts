// copy and template: put a file on the host, whole or not at all, from beside the playbook, from the playbook itself, or
// from the host; or a folder from beside the playbook, with all that is in it (folder-copy.ts).
import { posix } from 'node:path';
import * as z from 'zod';
import type { Applied, Doer, Looker, Step } from '../model/step.ts';
import { isObject, type JsonObject } from '../text/json.ts';
import { modeField } from './attributes.ts';
import { folderBack, folderBeforeSchema } from './folder-back.ts';
import { folderCopy } from './folder-copy.ts';
import { contentOf, lookAt, pathField, unreadable } from './place.ts';
import {
  type Before,
  beforeOf,
  beforeSchema,
  type Owed,
  restore,
  restored,
  type Wrote,
  wroteSchema,
} from './restore.ts';
import { type Found, stepOf, undoSteps } from './shape.ts';
import { SELINUX } from './not-ours.ts';
import { type Wanted, type Written, writtenFields, writtenReturns, writtenStep } from './written.ts';

const destination = () => pathField('where on the host; with a / at its end, the folder for the file');
const forceField = () => z.boolean().default(true).describe('no: only when nothing is there yet');

const copyArgs = () =>
  z
    .strictObject({
      dest: destination(),
      src: z
        .string()
        .min(1)
        .nullable()
        .default(null)
        .describe(
          'a file beside the playbook or in its folder "files"; or a folder, with a / at its end only what is in it',
        ),
      content: z.string().nullable().default(null).describe('the content itself'),
      remote_src: z.boolean().default(false).describe('src is a path on the host'),
      force: forceField(),
      ...writtenFields(),
      directory_mode: modeField().describe(
        'permissions of the folders that a copied folder makes, and of those below it that are there; none given: 0755, or as they are',
      ),
      tree: z
        .strictObject({ folders: z.array(z.string()), files: z.array(z.string()) })
        .nullable()
        .default(null)
        .describe('what is in the folder src; filled in when the playbook is loaded'),
      restore: z
        .union([beforeSchema, folderBeforeSchema])
        .nullable()
        .default(null)
        .describe("what lay there before, as this step's own undo names it"),
      wrote: wroteSchema
        .nullable()
        .default(null)
        .describe('what this run put there, beside restore: anything else stays'),
    })
    .refine(
      args => [args.src, args.content, args.restore].filter(given => given !== null).length === 1,
      'give src or content, one of the two',
    )
    .refine(
      args => !args.remote_src || args.src?.startsWith('/'),
      'remote_src needs src, an absolute path on the host',
    );
type CopyArgs = z.infer<ReturnType<typeof copyArgs>>;

const NOT_OURS = {
  ...SELINUX,
  follow: 'leave it out: a link at dest stays, and the file it leads to is replaced',
  local_follow: 'leave it out: links beside the playbook are followed',
  checksum: 'leave it out: what arrives is compared anyway',
  decrypt: 'leave it out: files are copied as they are',
  unsafe_writes: 'leave it out: a file is replaced whole or not at all',
};

/** A folder as dest gets the file's own name. */
function withName<A extends { readonly dest: string; readonly src: string | null }>(args: A): A {
  if (!args.dest.endsWith('/') || args.src === null) return args;
  return { ...args, dest: args.dest + posix.basename(args.src) };
}

async function copyWanted(args: CopyArgs, looker: Looker): Promise<Wanted> {
  if (args.content !== null) return { is: 'bytes', bytes: Buffer.from(args.content), note: '' };
  const src = args.src ?? '';
  if (args.remote_src) return fromHost(src, looker);
  const bytes = await looker.localFile(src);
  if (bytes !== null) return { is: 'bytes', bytes, note: '' };
  return {
    is: 'blocked',
    why: `no such file beside the playbook: ${src} (a folder is copied where its name stands in the task itself)`,
  };
}

async function fromHost(src: string, looker: Looker): Promise<Wanted> {
  const answer = await lookAt(looker, src, { follow: true, want: 'digest' });
  if (answer.is === 'no') return { is: 'no', answer };
  const why = unreadable(answer.value);
  if (why !== null) return { is: 'blocked', why: `src: ${why}` };
  const content = await contentOf(looker, answer.value);
  return content.is === 'bytes' ? { ...content, note: '' } : content;
}

const one = writtenStep<CopyArgs & Written>(
  {
    name: 'copy',
    summary: 'put a file on the host',
    args: copyArgs,
    returns: () =>
      z.object({
        ...writtenReturns(),
        files: z.array(z.string()).optional().describe('of a folder: what was written, each by its path'),
      }),
    notOurs: NOT_OURS,
    localFile: 'src',
    born: withName,
    say: args => `write ${args.dest}`,
  },
  {
    pathOf: args => args.dest,
    needsOld: false,
    wanted: (args, looker, old) => unlessThere(args, looker, old, () => copyWanted(args, looker)),
  },
);

/** With force off a file that is there will do. */
async function unlessThere(
  args: { readonly dest: string; readonly force: boolean },
  looker: Looker,
  old: Uint8Array | null,
  make: () => Promise<Wanted>,
): Promise<Wanted> {
  if (args.force) return make();
  if (old !== null) return { is: 'enough', text: `${args.dest} is there` };
  const answer = await lookAt(looker, args.dest, { follow: true, want: 'attributes' });
  if (answer.is === 'no') return { is: 'no', answer };
  return answer.value.kind === 'absent' ? make() : { is: 'enough', text: `${args.dest} is there` };
}

type RestoreArgs = { readonly dest: string; readonly restore: Before; readonly wrote: Wrote } & JsonObject;

interface BackSeen extends JsonObject {
  readonly before: Before | null;
  /** Why it stays as it is; empty: it doesn't. */
  readonly left: string;
}

/** The undo's own form of copy: what is to be there isn't in the arguments but in the run's keep. Old journals lack fields. */
const back = stepOf<RestoreArgs, BackSeen>({
  name: 'copy',
  summary: '',
  args: () => z.object({ dest: destination(), restore: beforeSchema, wrote: wroteSchema.nullable() }),
  returns: () => z.object({}),
  needsFacts: false,
  limitMs: () => 600_000,
  say: args => `put ${args.dest} back as it was`,
  foresee: () => ({ is: 'unknown', why: 'the file is compared when its turn comes' }),
  check: (args, looker) => backFound(args, looker),
  undo: (args, seen) =>
    seen.before === null ? { is: 'nothing' } : undoSteps(['copy', { dest: args.dest, restore: seen.before }]),
  apply: (args, _seen, doer): Promise<Applied> => restore(doer, owedBy(args)),
  result: (args, _before, { left }, reply) => ({
    ...{ changed: reply !== null && left === '', failed: false, skipped: false, dest: args.dest },
    ...(left === '' ? {} : { left }),
  }),
});

const owedBy = (args: RestoreArgs): Owed => ({
  path: args.dest,
  before: beforeSchema.parse(args.restore),
  wrote: wroteSchema.nullable().parse(args['wrote'] ?? null),
});

async function backFound(args: RestoreArgs, looker: Looker): Promise<Found<BackSeen>> {
  const state = await restored(looker, owedBy(args));
  if (state.is === 'no') return { is: 'no-answer', refusal: state.answer.refusal };
  if (state.is === 'blocked') return { is: 'blocked', seen: { before: null, left: '' }, why: state.why };
  const left = state.is === 'left' ? state.text : '';
  const seen = { left, before: state.place.kind === 'file' ? null : beforeOf(state.place, '') };
  return { is: state.is === 'to-restore' ? 'todo' : 'done', seen, text: state.text };
}

/** One step with four forms, since journals name the undo of a copy `copy`, and Ansible a folder's copy. */
function formOf(args: JsonObject): Step {
  const { restore: owed, tree } = args;
  if (owed === null || owed === undefined) return tree === null || tree === undefined ? one : folderCopy;
  return isObject(owed) && owed['is'] === 'tree' ? folderBack : back;
}

export const copy: Step = {
  ...one,
  born: (args, context) => formOf(args).born(args, context),
  say: args => formOf(args).say(args),
  foresee: (args, facts) => formOf(args).foresee(args, facts),
  check: (args, looker: Looker) => formOf(args).check(args, looker),
  undo: (args, seen) => formOf(args).undo(args, seen),
  apply: (args, seen, doer: Doer) => formOf(args).apply(args, seen, doer),
  result: (args, before, after, reply) => formOf(args).result(args, before, after, reply),
};

const templateArgs = () =>
  z.strictObject({
    dest: destination(),
    src: z.string().min(1).describe('a template beside the playbook, or in its folder "templates"'),
    text: z.string().default('').describe('what the template says; filled in when the playbook is loaded'),
    force: forceField(),
    ...writtenFields(),
  });
type TemplateArgs = z.infer<ReturnType<typeof templateArgs>>;

const NOT_JINJA = 'leave it out: templates are Handlebars';

export const template = writtenStep<TemplateArgs & Written>(
  {
    name: 'template',
    summary: 'put a file on the host, made from a template',
    args: templateArgs,
    returns: () => z.object(writtenReturns()),
    notOurs: {
      ...NOT_OURS,
      ...Object.fromEntries(
        ['block_start_string', 'block_end_string', 'variable_start_string', 'variable_end_string'].map(name => [
          name,
          NOT_JINJA,
        ]),
      ),
      ...{ comment_start_string: NOT_JINJA, comment_end_string: NOT_JINJA, trim_blocks: NOT_JINJA },
      ...{ lstrip_blocks: NOT_JINJA, keep_trailing_newline: NOT_JINJA },
      newline_sequence: 'leave it out: the file has the line ends of the template',
      output_encoding: 'leave it out: files are UTF-8',
    },
    templateFiles: [{ path: 'src', text: 'text' }],
    born: withName,
    say: args => `write ${args.dest} from ${args.src}`,
  },
  {
    pathOf: args => args.dest,
    needsOld: false,
    wanted: (args, looker, old) =>
      unlessThere(args, looker, old, () => Promise.resolve({ is: 'bytes', bytes: Buffer.from(args.text), note: '' })),
  },
);
