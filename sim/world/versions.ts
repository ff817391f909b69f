// Versions of `entire`: `11.4-11.4.81.0.1.193.2` means SRU 81, build 193. Everything a host says about its release
// follows from the version in its active boot environment.

export interface Version {
  /** Without time stamp: 11.4-11.4.81.0.1.193.2 */
  readonly text: string;
  readonly branch: string;
  readonly parts: readonly number[];
}

export function version(text: string): Version {
  const bare = (text.split(':')[0] ?? text).replace(',5.11', '');
  const branch = bare.split('-')[1] ?? bare;
  return { text: bare, branch, parts: branch.split('.').map(Number) };
}

/** Component by component, as numbers. */
export function compareVersions(a: Version, b: Version): number {
  for (let i = 0; i < Math.max(a.parts.length, b.parts.length); i++) {
    const difference = (a.parts[i] ?? -1) - (b.parts[i] ?? -1);
    if (difference !== 0) return difference;
  }
  return 0;
}

export const sruOf = (v: Version): number => v.parts[2] ?? 0;

/** `uname -v`: 11.4.SRU.build.rev */
export function unameVersion(v: Version): string {
  const [a = 11, b = 4, sru = 0, , , build = 0, revision = 0] = v.parts;
  return [a, b, sru, build, revision].join('.');
}

/** The day on which it was published: one SRU a month; SRU 80 is of April 2025. */
export function stampOf(v: Version): string {
  const month = 2025 * 12 + 3 + (sruOf(v) - 80);
  const year = Math.floor(month / 12);
  return `${year}${String((month % 12) + 1).padStart(2, '0')}20T221212Z`;
}

export const fullFmri = (v: Version, stamp: string): string => `pkg://solaris/entire@11.4,5.11-${v.branch}:${stamp}`;
export const shortFmri = (v: Version, stamp: string): string => `pkg://solaris/entire@11.4-${v.branch}:${stamp}`;

/** The newest of those that an operand's version (a whole one or its beginning) allows, or null. */
export function newestMatch(offered: readonly Version[], wanted: string): Version | null {
  const want = version(wanted);
  const fits = (v: Version): boolean =>
    wanted === 'latest' || wanted === '' || wanted === '11.4' || want.parts.every((part, at) => v.parts[at] === part);
  const found = offered.filter(fits).sort(compareVersions);
  return found.at(-1) ?? null;
}
