// What a `pkg update` would do, and how it tells: for people and for programs. Texts: pkg(1) source (solaris-ips).
import type { Proc } from '../os/program.ts';
import { activeBe } from '../world/fleet.ts';
import { compareVersions, fullFmri, newestMatch, version } from '../world/versions.ts';
import type { Version } from '../world/versions.ts';
import { stampFor } from './pkg-facts.ts';
import type { Here } from './call.ts';

export interface UpdateOptions {
  readonly beName: string | null;
  readonly activate: boolean;
  readonly dry: boolean;
  readonly parsable: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
  readonly denyNewBe: boolean;
  readonly operands: readonly string[];
}

export interface Plan {
  readonly from: Version;
  readonly to: Version;
  readonly newBe: string;
  readonly activate: boolean;
}

export const SPACE_REQUIRED = 1_234_567_890;

export type Planned =
  | { readonly is: 'plan'; readonly plan: Plan }
  | { readonly is: 'nothing' }
  | { readonly is: 'no-match'; readonly operand: string };

export function planUpdate(here: Here, options: UpdateOptions): Planned {
  const { host } = here;
  const from = version(activeBe(host).entire);
  const offered = [...(host.catalogue.get('entire') ?? []).map(version), from];
  const operand = options.operands.find(o => /^(pkg:\/+)?(solaris\/)?entire(@|$)/.test(o));
  const wanted = operand?.split('@')[1] ?? 'latest';
  const to = newestMatch(offered, wanted);
  if (to === null) return { is: 'no-match', operand: operand ?? '' };
  if (compareVersions(to, from) === 0) return { is: 'nothing' };
  const newBe = options.beName ?? `${host.active}-${host.bes.size}`;
  return { is: 'plan', plan: { from, to, newBe, activate: options.activate } };
}

const yes = (value: boolean): string => (value ? 'Yes' : 'No');

export function planLines({ fleet }: Here, plan: Plan): readonly string[] {
  const { remove, install, update } = fleet.update;
  const rows: readonly (readonly [string, string])[] = [
    ['Packages to remove', String(remove)],
    ['Packages to install', String(install)],
    ['Packages to update', String(update)],
    ['Create boot environment', 'Yes'],
    ['Activate boot environment', yes(plan.activate)],
    ['Name of boot environment', plan.newBe],
    ['Create backup boot environment', 'No'],
  ];
  const width = Math.max(...rows.map(([, value]) => value.length));
  return rows.map(([label, value]) => `${label.padStart(30)}: ${value.padStart(width)}`);
}

/** Python's way of writing JSON: a blank after each comma and colon. */
function pythonJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(pythonJson).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    return `{${Object.entries(value)
      .map(([key, inner]) => `${JSON.stringify(key)}: ${pythonJson(inner)}`)
      .join(', ')}}`;
  }
  return JSON.stringify(value);
}

/** The one line of `--parsable=0`; without a plan its lists are empty. */
export function parsable(here: Here, plan: Plan | null): string {
  const fmri = (v: Version): string => fullFmri(v, stampFor(here.fleet, v));
  const made = plan !== null;
  return pythonJson({
    'activate-be': made && plan.activate,
    'add-packages': [],
    'affect-packages': [],
    'affect-services': [],
    'backup-be-name': null,
    'be-name': made ? plan.newBe : null,
    'boot-archive-rebuild': made,
    'change-editables': [],
    'change-facets': [],
    'change-mediators': [],
    'change-packages': made ? [[fmri(plan.from), fmri(plan.to)]] : [],
    'change-variants': [],
    'child-images': [],
    'create-backup-be': false,
    'create-new-be': made,
    'image-name': null,
    'item-messages': {},
    licenses: [],
    'release-notes': [],
    'remove-packages': [],
    'space-available': here.host.pools[0]?.freeBytes ?? 0,
    'space-required': made ? SPACE_REQUIRED : 0,
    version: 0,
  });
}

/** Says the lines of one phase with their times between, so that a reader sees progress. */
export async function paced(proc: Proc, ms: number, lines: readonly string[]): Promise<void> {
  for (const line of lines) {
    await proc.clock.sleep(ms / Math.max(1, lines.length));
    await proc.out(`${line}\n`);
  }
}
