// The options that several subcommands share, with Ansible's letters. Only their shape; what they mean is with whom
// they are for.
import type { Command } from 'commander';
import { USUAL_INVENTORY } from '../load/inventory/usual.ts';

export interface Selecting {
  readonly inventory: readonly string[];
  readonly limit: string | null;
  readonly extra: readonly string[];
}

export interface Running extends Selecting {
  readonly tags: readonly string[];
  readonly skipTags: readonly string[];
  readonly forks: number;
  readonly check: boolean;
  readonly diff: boolean;
  readonly become: boolean;
  readonly askBecomePass: boolean;
  readonly verbose: boolean;
  readonly yes: boolean;
  readonly json: boolean;
  readonly renderer: 'default' | 'simple' | 'verbose' | 'silent';
  /** A facts file instead of asking the hosts. */
  readonly facts: string | null;
  /** Write the plan here. */
  readonly out: string | null;
  readonly detailedExitcode: boolean;
  readonly exact: boolean;
}

const FORKS = 100;

const gather = (value: string, before: readonly string[] = []): readonly string[] => [...before, value];
export const words = (value: string, before: readonly string[] = []): readonly string[] => [
  ...before,
  ...value.split(',').filter(word => word !== ''),
];

/** Where variables come from. */
export function knowing(command: Command): Command {
  return command
    .option('-i, --inventory <path>', 'inventory file or folder; may be given again (default: inventory/)', gather)
    .option('-e, --extra-vars <vars>', 'name=value, @file or JSON; above everything else', gather);
}

export function selecting(command: Command): Command {
  return knowing(command).option('-l, --limit <pattern>', 'only these hosts');
}

/** Which tasks of which hosts: all that a look at the files needs. */
export function reading(command: Command): Command {
  return selecting(command)
    .option('-t, --tags <tags>', 'only tasks with one of these tags', words)
    .option('--skip-tags <tags>', 'no tasks with one of these tags', words);
}

/** What a plan is made of. */
export function planning(command: Command): Command {
  return telling(reading(command))
    .option('-C, --check', 'change nothing; say what would change')
    .option('-D, --diff', 'show what changes in files')
    .option('-b, --become', 'run commands with pfexec unless the inventory says how')
    .option('--exact', 'look for better destinations with an exact solver, and say how good they are')
    .option('--facts <file>', 'plan from a facts file; ask no host')
    .option('--detailed-exitcode', 'exit 8 when there are changes');
}

/** How a plan is carried out: a new one, or that of a run which goes on. */
export function running(command: Command): Command {
  return command
    .option('--yes', "don't ask, at no time; the plan is approved, what has to be approved between waves is not")
    .option('--renderer <kind>', 'default, simple, verbose or silent (default: default)');
}

/** Who asks hosts for anything may need it. */
export function withPassword(command: Command): Command {
  return command.option('-K, --ask-become-pass', 'ask for the password that sudo wants');
}

/** How many at once, and how much is told. */
export function telling(command: Command): Command {
  return withPassword(command)
    .option('-f, --forks <n>', `how many actions at once, at most (default: ${FORKS})`)
    .option('-v, --verbose', 'say more')
    .option('--json', 'JSON on standard output');
}

/** What commander hands over, by name. */
export type Raw = Readonly<Record<string, unknown>>;

const texts = (value: unknown): readonly string[] => (Array.isArray(value) ? value.map(String) : []);
const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);

export function selectingOf(raw: Raw): Selecting {
  const inventory = texts(raw['inventory']);
  return {
    inventory: inventory.length > 0 ? inventory : [USUAL_INVENTORY],
    limit: text(raw['limit']),
    extra: texts(raw['extraVars']),
  };
}

export interface Listing extends Selecting {
  readonly host: string | null;
  /** The group to begin with, or null without `--graph`. */
  readonly graph: string | null;
  readonly format: string;
  readonly playbookFolder: string | null;
}

export function listingOf(raw: Raw): Listing {
  return {
    ...selectingOf(raw),
    host: text(raw['host']),
    graph: raw['graph'] === true ? 'all' : text(raw['graph']),
    format: text(raw['format']) ?? 'text',
    playbookFolder: text(raw['playbookDir']),
  };
}

export type Read<T> = { readonly is: 'ok'; readonly value: T } | { readonly is: 'wrong'; readonly message: string };

/** Of `place`. An inventory counts only when it is named: the facts file alone is enough. */
export function placingOf(raw: Raw): Placing {
  return {
    ...selectingOf(raw),
    facts: text(raw['facts']) ?? '',
    out: texts(raw['out']),
    policy: raw['policy'] === 'pack' ? 'pack' : 'spread',
    exact: raw['exact'] === true,
    makeRoom: raw['makeRoom'] === true,
    json: raw['json'] === true,
    verbose: raw['verbose'] === true,
    named: texts(raw['inventory']).length > 0,
  };
}

export interface Placing extends Selecting {
  readonly facts: string;
  readonly out: readonly string[];
  readonly policy: 'spread' | 'pack';
  /** With the exact pass. */
  readonly exact: boolean;
  /** Also when zones of other hosts would have to go first. */
  readonly makeRoom: boolean;
  readonly json: boolean;
  readonly verbose: boolean;
  /** An inventory was named: its rules for zones and what it says of hosts hold. */
  readonly named: boolean;
}

/** How what is wrong in files is told. */
export const FORMS = ['drawn', 'json', 'github', 'sarif'] as const;
export type Form = (typeof FORMS)[number];

/** `--json` is short for `--format json`. */
export function formOf(raw: Raw): Form {
  return raw['json'] === true ? 'json' : (FORMS.find(form => form === raw['format']) ?? 'drawn');
}

const RENDERERS = ['default', 'simple', 'verbose', 'silent'] as const;

export function runningOf(raw: Raw): Read<Running> {
  const forks = Number(raw['forks'] ?? FORKS);
  if (!Number.isInteger(forks) || forks < 1)
    return { is: 'wrong', message: `--forks wants a whole number of at least 1, not ${String(raw['forks'])}` };
  const renderer = RENDERERS.find(kind => kind === (raw['renderer'] ?? 'default'));
  if (renderer === undefined)
    return { is: 'wrong', message: `--renderer is one of ${RENDERERS.join(', ')}, not ${String(raw['renderer'])}` };
  const flag = (name: string): boolean => raw[name] === true;
  return {
    is: 'ok',
    value: {
      ...selectingOf(raw),
      tags: texts(raw['tags']),
      skipTags: texts(raw['skipTags']),
      forks,
      check: flag('check'),
      diff: flag('diff'),
      become: flag('become'),
      askBecomePass: flag('askBecomePass'),
      verbose: flag('verbose'),
      yes: flag('yes'),
      json: flag('json'),
      renderer,
      facts: text(raw['facts']),
      out: text(raw['out']),
      detailedExitcode: flag('detailedExitcode'),
      exact: flag('exact'),
    },
  };
}
