// Package names and versions, and which of two is newer. Pure text; pkg itself is in pkg.ts.
import { compareReleases } from '../text/release.ts';

export interface Fmri {
  readonly publisher: string;
  readonly name: string;
  /** Between `@` and `-`, without the build release: 11.4. */
  readonly component: string;
  /** Between `-` and `:`, e.g. 11.4.81.0.1.193.1. Empty when not given. */
  readonly branch: string;
  /** Empty when not given. */
  readonly timestamp: string;
}

const FORM = /^(?:pkg:\/\/([^/]+)\/|pkg:\/)?([^@\s]+)@([0-9.]+)(?:,[0-9.]+)?(?:-([0-9.]+))?(?::(\d{8}T\d{6}Z))?$/;

// pkg://solaris/entire@11.4-11.4.42.0.0.111.0:20211203T221558Z
// pkg://solaris/entire@11.4,5.11-11.4.80.0.1.189.2:20250420T221212Z
export function parseFmri(text: string): Fmri | null {
  const found = FORM.exec(text);
  if (!found?.[2] || !found[3]) return null;
  return {
    publisher: found[1] ?? '',
    name: found[2],
    component: found[3],
    branch: found[4] ?? '',
    timestamp: found[5] ?? '',
  };
}

/** The version as an operand that means this level and no other: `11.4-11.4.81.0.1.193.1`. */
export function operandOf(fmri: Fmri): string {
  return fmri.branch === '' ? fmri.component : `${fmri.component}-${fmri.branch}`;
}

/** Component, branch, then the time it was published. */
export function compareFmri(a: Fmri, b: Fmri): number {
  return (
    compareReleases(a.component, b.component) ||
    compareReleases(a.branch, b.branch) ||
    (a.timestamp < b.timestamp ? -1 : a.timestamp > b.timestamp ? 1 : 0)
  );
}

/** True when `wanted`, perhaps shortened (11.4.81), names the level `full` (11.4.81.0.1.193.1). */
export function isLevel(full: string, wanted: string): boolean {
  return full === wanted || full.startsWith(`${wanted}.`);
}

/** What `uname -v` will say in a system of this level (11.4.81.0.1.193.2: 11.4.81.193.2); null when it doesn't name one build. */
export function kernelVersionOf(branch: string): string | null {
  const found = /^(\d+\.\d+\.\d+)\.\d+\.\d+\.(\d+\.\d+)$/.exec(branch);
  return found === null ? null : `${found[1]}.${found[2]}`;
}
