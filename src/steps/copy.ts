// copy and template: put a file on the host, whole or not at all. The old content is kept on this side before anything
// is changed, so that the undo can bring it back byte for byte. Files are read and written with the login's own rights.
import { createHash } from 'node:crypto';
import { createTwoFilesPatch } from 'diff';
import { z } from 'zod';
import type { Undo } from '../model/action.ts';
import type { Answer } from '../model/refusal.ts';
import type { Applied, Doer, Looker, Step } from '../model/step.ts';
import type { JsonObject } from '../text/json.ts';
import { program } from './ran.ts';
import { type Found, stepOf, undoSteps } from './shape.ts';

const modeField = z
  .union([z.string().regex(/^[0-7]{3,4}$/, "an octal mode as a string: '0644'"), z.number().int().min(0).max(0o7777)])
  .nullable()
  .default(null)
  .describe("permissions: '0644'; none given: those of the old file, or 0644");

const before = z.union([
  z.strictObject({ is: z.literal('absent') }),
  z.strictObject({ is: z.literal('file'), digest: z.string(), mode: z.number() }),
]);
/** What lay at `dest`: content by its sha256 in the run's keep. */
type Before = z.infer<typeof before>;

const copyArgs = z
  .strictObject({
    dest: z.string().startsWith('/', 'an absolute path').describe('where on the host'),
    src: z.string().nullable().default(null).describe('a file beside the playbook'),
    content: z.string().nullable().default(null).describe('the content itself'),
    restore: before.nullable().default(null).describe("what lay there before, as this step's own undo names it"),
    mode: modeField,
  })
  .refine(
    args => [args.src, args.content, args.restore].filter(given => given !== null).length === 1,
    'give src or content, one of the two',
  );

const templateArgs = z.strictObject({
  dest: z.string().startsWith('/', 'an absolute path').describe('where on the host'),
  src: z.string().min(1).describe('a template beside the playbook'),
  text: z.string().default('').describe('what the template says; filled in when the playbook is loaded'),
  mode: modeField,
});

const returns = z.object({
  dest: z.string(),
  checksum: z.string().describe('sha256 of the new content'),
  mode: z.string(),
});

interface Seen extends JsonObject {
  readonly before: Before;
  readonly digest: string;
  readonly mode: number;
}

/** What should lie at `dest`; null: nothing. */
interface Wanted {
  readonly bytes: Uint8Array;
  readonly mode: number | null;
}

const TWO_MINUTES = 120_000;

function fileStep<A extends JsonObject & { readonly dest: string }>(
  shape: Pick<Step<A>, 'summary' | 'args' | 'templateFiles'> & {
    readonly name: string;
    readonly say: (args: A) => string;
  },
  wantedOf: (args: A, looker: Looker) => Promise<Wanted | null | string>,
): Step {
  return stepOf<A, Seen>({
    ...shape,
    returns,
    needsFacts: false,
    limitMs: () => TWO_MINUTES,
    foresee: () => ({ is: 'unknown', why: 'the file is compared when its turn comes' }),
    check: async (args, looker) => found(args.dest, await wantedOf(args, looker), looker),
    undo: (args, seen) => undoOf(args.dest, seen),
    apply: async (args, seen, doer) => applied(args.dest, seen, await wantedOf(args, doer), doer),
    result: (args, _before, after, reply) => ({
      changed: reply !== null,
      failed: false,
      skipped: false,
      dest: args.dest,
      checksum: after.digest,
      mode: after.mode.toString(8).padStart(4, '0'),
    }),
  });
}

async function found(dest: string, wanted: Wanted | null | string, looker: Looker): Promise<Found<Seen>> {
  const answer = await looker.readFile(dest);
  if (answer.is === 'no') return { is: 'no-answer', refusal: answer.refusal };
  const there = answer.value;
  const was: Before =
    there === null ? { is: 'absent' } : { is: 'file', digest: sha256(there.bytes), mode: there.mode & 0o7777 };
  if (typeof wanted === 'string') return { is: 'blocked', seen: { before: was, digest: '', mode: 0 }, why: wanted };
  if (wanted === null) {
    const seen: Seen = { before: was, digest: '', mode: 0 };
    return there === null
      ? { is: 'done', seen, text: `${dest} isn't there` }
      : { is: 'todo', seen, text: `remove ${dest}` };
  }
  const mode = wanted.mode ?? (was.is === 'file' ? was.mode : 0o644);
  const seen: Seen = { before: was, digest: sha256(wanted.bytes), mode };
  if (was.is === 'file' && was.digest === seen.digest && was.mode === mode)
    return { is: 'done', seen, text: `${dest} is as it should be` };
  if (there !== null) await looker.keep.put(there.bytes);
  if (looker.diff) await tellDiff(dest, there?.bytes ?? null, wanted.bytes, looker);
  return { is: 'todo', seen, text: `${there === null ? 'create' : 'replace'} ${dest} (${wanted.bytes.length} bytes)` };
}

async function tellDiff(dest: string, before: Uint8Array | null, after: Uint8Array, looker: Looker): Promise<void> {
  const binary = [before ?? after, after].some(bytes => bytes.includes(0));
  const text = binary
    ? `${dest}: not text; ${before?.length ?? 0} bytes before, ${after.length} after`
    : createTwoFilesPatch(before === null ? '/dev/null' : dest, dest, textOf(before), textOf(after));
  await looker.tell({ type: 'diff', action: looker.action, on: looker.host, text });
}

const textOf = (bytes: Uint8Array | null): string => (bytes === null ? '' : Buffer.from(bytes).toString());

function undoOf(dest: string, seen: Seen): Undo {
  return undoSteps(['copy', { dest, restore: seen.before }]);
}

async function applied(dest: string, seen: Seen, wanted: Wanted | null | string, doer: Doer): Promise<Applied> {
  if (typeof wanted === 'string') throw new Error(`applied although check was blocked: ${wanted}`);
  const answer: Answer<unknown> =
    wanted === null
      ? await doer.do(program(['/usr/bin/rm', '-f', '--', dest], true))
      : await doer.writeFile(dest, wanted.bytes, seen.mode);
  return answer.is === 'no' ? { is: 'refused', refusal: answer.refusal } : { is: 'applied', reply: {} };
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function modeOf(mode: string | number | null): number | null {
  return typeof mode === 'string' ? Number.parseInt(mode, 8) : mode;
}

async function copyWanted(args: z.infer<typeof copyArgs>, looker: Looker): Promise<Wanted | null | string> {
  if (args.content !== null) return { bytes: Buffer.from(args.content), mode: modeOf(args.mode) };
  if (args.src !== null) {
    const bytes = await looker.localFile(args.src);
    return bytes === null ? `no such file beside the playbook: ${args.src}` : { bytes, mode: modeOf(args.mode) };
  }
  if (args.restore === null || args.restore.is === 'absent') return null;
  const kept = await looker.keep.get(args.restore.digest);
  return kept === null
    ? `the old content (sha256 ${args.restore.digest}) isn't in this run's keep`
    : { bytes: kept, mode: args.restore.mode };
}

export const copy = fileStep<z.infer<typeof copyArgs>>(
  {
    name: 'copy',
    summary: 'put a file on the host',
    args: copyArgs,
    templateFiles: [],
    say: args => (args.restore === null ? `write ${args.dest}` : `put ${args.dest} back as it was`),
  },
  copyWanted,
);

export const template = fileStep<z.infer<typeof templateArgs>>(
  {
    name: 'template',
    summary: 'put a file on the host, made from a template',
    args: templateArgs,
    templateFiles: [{ path: 'src', text: 'text' }],
    say: args => `write ${args.dest} from ${args.src}`,
  },
  args => Promise.resolve({ bytes: Buffer.from(args.text), mode: modeOf(args.mode) }),
);
