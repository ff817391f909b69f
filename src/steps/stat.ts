// stat: what lies at a path, under Ansible's names. It only looks.
import * as z from 'zod';
import type { Looker } from '../model/step.ts';
import { octal } from '../solaris/file-change.ts';
import type { FileLook } from '../solaris/file-look.ts';
import type { JsonObject } from '../text/json.ts';
import { contentOf, lookAt, notThere, pathField, sha256 } from './place.ts';
import { type Found, neverApplied, NOTHING_TO_UNDO, stepOf } from './shape.ts';

const statArgs = () =>
  z.strictObject({
    path: pathField('where on the host'),
    follow: z.boolean().default(false).describe('tell of what a link leads to'),
    get_checksum: z
      .boolean()
      .default(true)
      .describe('whether "checksum" is told: of an ordinary file that may be read'),
  });
type StatArgs = z.infer<ReturnType<typeof statArgs>>;

const returns = () =>
  z.object({
    stat: z
      .looseObject({
        exists: z.boolean(),
        path: z.string(),
        isdir: z.boolean(),
        isreg: z.boolean(),
        islnk: z.boolean(),
        mode: z.string().describe("as '0644'"),
        uid: z.number(),
        gid: z.number(),
        pw_name: z.string(),
        gr_name: z.string(),
        size: z.number(),
        inode: z.number(),
        nlink: z.number(),
        mtime: z.number().describe('seconds since 1970'),
        readable: z.boolean().describe('by the user of the task; writeable and executable likewise'),
        lnk_target: z.string().describe('of a link: as it is written'),
        checksum: z.string().describe('sha256'),
      })
      .partial()
      .describe('only "exists" and "path" when nothing is there'),
  });

type Seen = { readonly stat: JsonObject };

const ALWAYS_SHA256 = 'leave it out: "checksum" is sha256';

export const stat = stepOf<StatArgs, Seen>({
  name: 'stat',
  summary: 'tell what lies at a path',
  args: statArgs,
  returns,
  bareArgument: 'path',
  notOurs: {
    checksum_algorithm: ALWAYS_SHA256,
    checksum_algo: ALWAYS_SHA256,
    checksum: ALWAYS_SHA256,
    get_md5: ALWAYS_SHA256,
    get_mime: 'use "command: file PATH" with "reads: yes"',
    mime: 'use "command: file PATH" with "reads: yes"',
    get_attributes: "leave it out: file attributes are Linux's",
    dest: 'write "path"',
    name: 'write "path"',
  },
  reads: true,
  needsFacts: false,
  limitMs: () => 120_000,
  say: args => `look at ${args.path}`,
  foresee: () => ({ is: 'unknown', why: 'it is looked at when its turn comes' }),
  check: found,
  undo: () => NOTHING_TO_UNDO,
  apply: neverApplied('stat'),
  result: (_args, before) => ({ changed: false, failed: false, skipped: false, stat: before.stat }),
});

async function found(args: StatArgs, looker: Looker): Promise<Found<Seen>> {
  const want = args.get_checksum ? 'digest' : 'attributes';
  const answer = await lookAt(looker, args.path, { follow: args.follow, want }, true);
  if (answer.is === 'no') return { is: 'no-answer', refusal: answer.refusal };
  const place = answer.value;
  if (place.kind === 'locked' || place.kind === 'circle')
    return { is: 'blocked', seen: { stat: {} }, why: notThere(place) ?? '' };
  if (place.attributes === null) {
    const text = `${args.path} isn't there`;
    return { is: 'done', seen: { stat: { exists: false, path: args.path } }, text };
  }
  const checksum = args.get_checksum && place.kind === 'file' && place.readable ? await digest(looker, place) : null;
  return { is: 'done', seen: { stat: told(args, place, checksum) }, text: `${args.path} is there` };
}

/** Few hosts lack every program for it; then the content comes here. */
async function digest(looker: Looker, place: FileLook): Promise<string | null> {
  if (place.sha256 !== null) return place.sha256;
  const content = await contentOf(looker, place);
  return content.is === 'bytes' ? sha256(content.bytes) : null;
}

function told(args: StatArgs, place: FileLook, checksum: string | null): JsonObject {
  const { kind, attributes, size, inode, hardLinks, modified, target } = place;
  const { mode, uid, gid, owner, group } = attributes ?? { mode: 0, uid: 0, gid: 0, owner: '', group: '' };
  return {
    ...{ exists: true, path: args.path, isdir: kind === 'directory', isreg: kind === 'file', islnk: kind === 'link' },
    ...{ mode: octal(mode), uid, gid, pw_name: owner, gr_name: group, size, inode, nlink: hardLinks },
    ...{ readable: place.readable, writeable: place.writable, executable: place.executable },
    ...(modified === null ? {} : { mtime: secondsOf(modified) }),
    ...(target === null ? {} : { lnk_target: target }),
    ...(checksum === null ? {} : { checksum }),
  };
}

/** `2026-03-06 20:00:00.000000000 +0000` */
function secondsOf(text: string): number {
  const iso = text.replace(/^(\S+) (\d\d:\d\d:\d\d)([.]\d{1,3})?\d* ([-+]\d\d)(\d\d)$/, '$1T$2$3$4:$5');
  return Date.parse(iso) / 1000;
}
