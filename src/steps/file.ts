// file: what lies at a path, and whose it is: a directory, a link, an empty file, nothing. Content is for copy and
// lineinfile. What it takes away it keeps on this side first; a directory with something in it can't be kept, so that
// takes a word of its own and has no undo.
import * as z from 'zod';
import type { Undo } from '../model/action.ts';
import type { Applied, Doer, Looker } from '../model/step.ts';
import { makeEmpty, makeFolders, makeLink, octal, remove, setAttributes } from '../solaris/file-change.ts';
import type { FileLook } from '../solaris/file-look.ts';
import type { JsonObject } from '../text/json.ts';
import { never } from '../text/never.ts';
import { type Act, decide, type FileArgs, fileArgs } from './file-wish.ts';
import { SELINUX } from './not-ours.ts';
import { change, lookAt, sha256 } from './place.ts';
import type { Before, Wrote } from './restore.ts';
import { type Found, stepOf, undoSteps } from './shape.ts';

interface Seen extends JsonObject {
  readonly path: string;
  readonly act: Act & JsonObject;
  /** null: it can't be put back. */
  readonly before: Before | null;
  readonly kind: string;
  readonly mode: string;
  readonly owner: string;
  readonly group: string;
  readonly size: number;
}

export const file = stepOf<FileArgs & JsonObject, Seen>({
  name: 'file',
  summary: 'make a directory, a link or an empty file, set mode and owner, or remove',
  args: fileArgs,
  returns: () =>
    z.object({
      path: z.string(),
      state: z.string().describe('file, directory, link or absent'),
      mode: z.string(),
      owner: z.string(),
      group: z.string(),
      size: z.number(),
    }),
  notOurs: {
    ...SELINUX,
    dest: 'write "path"',
    name: 'write "path"',
    follow: 'leave it out: with state: link the link itself is meant, otherwise what it leads to',
    modification_time: 'leave it out, or use "command: touch -t ..."',
    modification_time_format: 'leave it out',
    access_time: 'leave it out, or use "command: touch -a -t ..."',
    access_time_format: 'leave it out',
    unsafe_writes: 'leave it out: a file is replaced whole or not at all',
  },
  needsFacts: false,
  limitMs: () => 600_000,
  say: args => (args.state === null ? `mode and owner of ${args.path}` : `${args.path}: ${args.state}`),
  foresee: () => ({ is: 'unknown', why: 'it is looked at when its turn comes' }),
  check: fileFound,
  undo: (args, seen) => undoOf(args, seen),
  apply: (args, seen, doer) => fileApplied(args, seen, doer),
  result: (args, _before, after, reply) => ({
    ...{ changed: reply !== null, failed: false, skipped: false, path: args.path, state: after.kind },
    ...{ mode: after.mode, owner: after.owner, group: after.group, size: after.size },
  }),
});

/** Only what is made or removed as a link is meant itself; everything else goes to what it leads to. */
const follows = ({ state }: FileArgs): boolean => !['absent', 'link', 'hard'].includes(state ?? '');

async function fileFound(args: FileArgs, looker: Looker): Promise<Found<Seen>> {
  const want = args.state === 'absent' || args.force ? 'digest' : 'attributes';
  const answer = await lookAt(looker, args.path, { follow: follows(args), want });
  if (answer.is === 'no') return { is: 'no-answer', refusal: answer.refusal };
  const place = answer.value;
  const decided = await decide(args, place, looker);
  const none = { is: 'none' } as const;
  switch (decided.is) {
    case 'no-answer':
      return decided;
    case 'blocked':
      return { is: 'blocked', seen: seenOf(place, none, null), why: decided.why };
    case 'done':
      return { is: 'done', seen: seenOf(place, none, null), text: decided.text };
    case 'todo':
      return { is: 'todo', seen: seenOf(place, decided.act, decided.before), text: decided.text };
    default:
      return never(decided);
  }
}

function seenOf(place: FileLook, act: Act, before: Before | null): Seen {
  const { mode, owner, group } = place.attributes ?? { mode: 0, owner: '', group: '' };
  const kind = place.attributes === null ? 'absent' : place.kind;
  return { path: place.path, act, before, kind, mode: octal(mode), owner, group, size: place.size };
}

function undoOf(args: FileArgs, seen: Seen): Undo {
  if (seen.before === null) return { is: 'left', why: `${seen.path} was removed with what was in it` };
  return undoSteps(['copy', { dest: seen.path, restore: seen.before, wrote: wroteBy(args, seen.act) }]);
}

/** What will lie there afterwards, as its undo must find it. */
function wroteBy({ src, state }: FileArgs, act: Act): Wrote {
  switch (act.is) {
    case 'empty':
      return { is: 'file', digest: sha256(new Uint8Array()) };
    case 'remove':
      return { is: 'absent' };
    case 'link':
      return state === 'hard' ? { is: 'same', as: src ?? '' } : { is: 'link', target: src ?? '' };
    case 'attributes':
    case 'folders':
    case 'none':
      return null;
    default:
      return never(act);
  }
}

function fileApplied(args: FileArgs, { path, act }: Seen, doer: Doer): Promise<Applied> {
  switch (act.is) {
    case 'attributes':
      return change(doer, `change ${path}`, setAttributes(path, act.owner, act.mode));
    case 'folders':
      return change(doer, `make ${path}`, makeFolders(act.paths, act.owner, act.mode));
    case 'empty':
      return change(doer, `make ${path}`, makeEmpty(path, act.owner, act.mode));
    case 'remove':
      return change(doer, `remove ${path}`, remove(path, act.what));
    case 'link': {
      const link = { path, target: args.src ?? '', hard: args.state === 'hard' };
      return change(doer, `link ${path}`, makeLink(link, { replace: act.replace }));
    }
    case 'none':
      throw new Error(`applied although there was nothing to do: ${path}`);
    default:
      return never(act);
  }
}
