// What an update is wanted to bring: the arguments of be.update, how an installed level stands to them, and whether that
// very update is at work on a host.
import * as z from 'zod';
import type { Entire } from '../model/facts.ts';
import type { Answer } from '../model/refusal.ts';
import type { Looker } from '../model/step.ts';
import * as host from '../solaris/host.ts';
import type { Update } from '../solaris/pkg.ts';
import { isLevel } from '../solaris/pkg-version.ts';
import { compareReleases } from '../text/release.ts';
import { from } from './doubt.ts';
import { beField, duration } from './fields.ts';

const PACKAGE = /^(?:entire(?:@[0-9A-Za-z.,:-]+)?|\*)$/;

export const updateArgs = () =>
  z.strictObject({
    be_name: beField.describe('the new boot environment; named after the campaign, not the day'),
    packages: z
      .array(z.string().regex(PACKAGE, 'entire@VERSION, entire or *'))
      .min(1)
      .default(['entire', '*'])
      .describe('the level of `entire`, best in full; * takes along what it does not hold'),
    accept: z.literal(true).default(true).describe('licences are accepted: nobody is there to be asked'),
    activate: z.literal(false).default(false).describe('never here: be.boot activates'),
    allow_downgrade: z.boolean().default(false).describe('also when the host is newer'),
    zones_at_once: z.int().min(1).default(2).describe('zones that share the kernel, updated side by side'),
    timeout: duration('for the build', '2h'),
    lock_waits: z
      .array(z.union([z.string(), z.number()]))
      .default(['60s', '120s', '300s'])
      .describe('while another pkg is at work, before each further try'),
  });
export type UpdateArgs = z.infer<ReturnType<typeof updateArgs>>;

export type UpdateSeen = {
  readonly installed: string;
  /** A boot environment of that name exists. */
  readonly exists: boolean;
  /** It is what a failed update left: mounted, and never booted. */
  readonly leftover: boolean;
  /** It is the wanted update, and isn't running. */
  readonly pending: boolean;
};

export interface Wish {
  /** As an operand of pkg; null: the newest there is. */
  readonly entire: string | null;
  /** Also packages that `entire` doesn't hold. */
  readonly everything: boolean;
}

export function wishOf(packages: readonly string[]): Wish {
  const entire = packages.find(name => name.startsWith('entire@'))?.slice('entire@'.length) ?? null;
  return { entire: entire === 'latest' ? null : entire, everything: packages.includes('*') };
}

/** `newest`: only pkg can say. */
export function standingTo(installed: Entire, { entire }: Wish): 'same' | 'older' | 'newer' | 'newest' {
  if (entire === null) return 'newest';
  const branch = branchOf(entire);
  if (isLevel(installed.branch, branch)) return 'same';
  return compareReleases(installed.branch, branch) > 0 ? 'newer' : 'older';
}

/** `11.4-11.4.81.0.1.193.1:20250520T221212Z` and `11.4.81` both name a branch. */
export function branchOf(operand: string): string {
  const text = operand.split(':')[0] ?? '';
  return text.includes('-') ? (text.split('-')[1] ?? '') : text;
}

export function updateOf({ be_name, packages, zones_at_once }: UpdateArgs): Update {
  return { be: be_name, zonesAtOnce: zones_at_once, ...wishOf(packages) };
}

/** Our own update, still at work after a cut: without a terminal it runs on. */
export async function atWork(be: string, looker: Looker): Promise<Answer<string | null>> {
  const lines = from(looker.host, await looker.ask(host.atWork()));
  if (lines.is === 'no') return lines;
  const ours = lines.value.find(line => /\bpkg update\b/.test(line) && line.split(/\s+/).includes(be));
  return { is: 'ok', value: ours ?? null };
}
