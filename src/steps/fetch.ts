// fetch: bring a file from the host to this side. The host is only looked at, so there is nothing to undo; a file that
// was brought stays after a rollback, too: it is what was seen.
import { posix } from 'node:path';
import * as z from 'zod';
import type { Applied, Doer, Looker } from '../model/step.ts';
import type { JsonObject } from '../text/json.ts';
import { objection } from './doubt.ts';
import { tellDiff } from './file-diff.ts';
import { contentOf, lookAt, notThere, pathField, plainPath, sha256, unreadable } from './place.ts';
import { type Found, NOTHING_TO_UNDO, stepOf } from './shape.ts';

const fetchArgs = () =>
  z.strictObject({
    src: pathField('the file on the host'),
    dest: z
      .string()
      .min(1)
      .describe('a folder on this side, beside the playbook unless absolute: the file lies in it under HOST/PATH'),
    flat: z
      .boolean()
      .default(false)
      .describe('dest is the file itself or, with a / at its end, the folder it lies in under its own name'),
    fail_on_missing: z.boolean().default(true).describe('no: a file that is not there is passed over'),
  });
type FetchArgs = z.infer<ReturnType<typeof fetchArgs>>;

interface Seen extends JsonObject {
  readonly dest: string;
  readonly checksum: string;
  readonly size: number;
  readonly note: string;
}

export const fetch = stepOf<FetchArgs, Seen>({
  name: 'fetch',
  summary: 'bring a file from the host to this side',
  args: fetchArgs,
  returns: () =>
    z.object({
      dest: z.string().describe('where it lies on this side'),
      checksum: z.string().describe('sha256'),
      size: z.number(),
      msg: z.string(),
    }),
  notOurs: {
    validate_checksum: 'leave it out: what arrives is always compared',
    file: 'write "src"',
  },
  needsFacts: false,
  limitMs: () => 600_000,
  say: args => `fetch ${args.src}`,
  foresee: () => ({ is: 'unknown', why: 'the file is compared when its turn comes' }),
  check: found,
  undo: () => NOTHING_TO_UNDO,
  apply: applied,
  result: (_args, _before, after, reply) => ({
    ...{ changed: reply !== null, failed: false, skipped: false },
    ...{ dest: after.dest, checksum: after.checksum, size: after.size, msg: after.note, ...reply },
  }),
});

/** Where it lies on this side. The host gives no part of the name. */
function destOf({ src, dest, flat }: FetchArgs, looker: Looker): string {
  const path = plainPath(src);
  if (!flat) return posix.join(dest, looker.host, path);
  return dest.endsWith('/') ? dest + posix.basename(path) : dest;
}

type Brought =
  | { readonly is: 'bytes'; readonly bytes: Uint8Array }
  | { readonly is: 'missing'; readonly why: string }
  | Extract<Found<Seen>, { readonly is: 'no-answer' }>
  | { readonly is: 'blocked'; readonly why: string };

async function brought(args: FetchArgs, looker: Looker): Promise<Brought> {
  const answer = await lookAt(looker, args.src, { follow: true, want: 'digest' });
  if (answer.is === 'no') return { is: 'no-answer', refusal: answer.refusal };
  const place = answer.value;
  if (place.kind === 'absent' || place.kind === 'astray') return { is: 'missing', why: notThere(place) ?? '' };
  const why = unreadable(place);
  if (why !== null) return { is: 'blocked', why };
  const content = await contentOf(looker, place);
  if (content.is === 'no') return { is: 'no-answer', refusal: content.answer.refusal };
  return content;
}

async function found(args: FetchArgs, looker: Looker): Promise<Found<Seen>> {
  const dest = destOf(args, looker);
  const nothing: Seen = { dest, checksum: '', size: 0, note: '' };
  const there = await brought(args, looker);
  if (there.is === 'no-answer') return there;
  if (there.is === 'blocked') return { is: 'blocked', seen: nothing, why: there.why };
  if (there.is === 'missing') {
    if (args.fail_on_missing) return { is: 'blocked', seen: nothing, why: there.why };
    return { is: 'done', seen: { ...nothing, note: there.why }, text: there.why };
  }
  const { bytes } = there;
  const seen: Seen = { dest, checksum: sha256(bytes), size: bytes.length, note: '' };
  const here = await looker.fetched.read(dest);
  if (here !== null && sha256(here) === seen.checksum) return { is: 'done', seen, text: `${dest} is the same` };
  await tellDiff(looker, { path: dest, before: here, after: bytes, attributes: '' });
  return { is: 'todo', seen, text: `fetch ${args.src} (${bytes.length} bytes) to ${dest}` };
}

/** The file here is compared with what came, and not with the host's once more: a log has grown by then. */
async function applied(args: FetchArgs, seen: Seen, doer: Doer): Promise<Applied> {
  const there = await brought(args, doer);
  if (there.is === 'no-answer') return { is: 'refused', refusal: there.refusal };
  if (there.is !== 'bytes') return objection(`fetch ${args.src}`, there.why);
  const why = await doer.fetched.write(seen.dest, there.bytes);
  if (why !== null) return objection(`fetch ${args.src}`, why);
  const checksum = sha256(there.bytes);
  const here = await doer.fetched.read(seen.dest);
  if (here === null || sha256(here) !== checksum)
    return objection(`fetch ${args.src}`, `${seen.dest} isn't what was written there: another host's, perhaps`);
  return { is: 'answered', reply: { checksum, size: there.bytes.length } };
}
