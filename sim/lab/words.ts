// The words after `zoneferry lab`, as data. It reads no file and knows nothing of a running lab.
import { parseArgs } from 'node:util';

export type FleetWish =
  | { readonly is: 'file'; readonly name: string }
  | { readonly is: 'made'; readonly hosts: number; readonly zones: number; readonly seed: number };

export interface UpWords {
  readonly is: 'up';
  readonly dir: string;
  readonly fleet: FleetWish;
  /** Null when host time shall run as real time does. */
  readonly speed: number | null;
  readonly detach: boolean;
}

export interface FaultWords {
  readonly is: 'fault';
  readonly dir: string;
  readonly host: string;
  readonly fault: string;
  readonly nth: number;
  readonly zone: string | null;
}

export type Words =
  | UpWords
  | FaultWords
  | { readonly is: 'world' | 'down'; readonly dir: string }
  | { readonly is: 'faults' | 'help' }
  | { readonly is: 'wrong'; readonly text: string };

const DEFAULTS = { dir: '.lab', hosts: 8, zonesPerHost: 3, seed: 1 };
const MOST_HOSTS = 2000;

export const USAGE = `usage: zoneferry lab up [--fleet FILE | --hosts N --zones M --seed S] [--dir DIR] [--speed X] [--detach]
       zoneferry lab world [--dir DIR]
       zoneferry lab fault HOST FAULT [--nth N] [--zone Z] [--dir DIR]
       zoneferry lab faults
       zoneferry lab down [--dir DIR]

up      starts a simulated fleet behind real SSH servers on 127.0.0.1 and writes inventory.yml, id_ed25519 and
        known_hosts into DIR; it runs until Ctrl-C, or with --detach until \`zoneferry lab down\`
world   prints the true state of every host and zone as JSON
fault   arms a fault at a host; \`faults\` lists them
down    stops the lab of DIR and removes what it wrote

--fleet FILE  a fleet file, or the name of a shipped one (seed)
--hosts N     how many hosts (${DEFAULTS.hosts})
--zones M     how many zones in all (${DEFAULTS.zonesPerHost} for each host)
--seed S      another seed, another fleet (${DEFAULTS.seed})
--dir DIR     where the lab keeps its files (${DEFAULTS.dir})
--speed X     host time runs X times as fast; the inventory says so to the runner (time_scale)
--nth N       the fault strikes at the N-th time (1)
--zone Z      only for that zone
`;

const DIR = { dir: { type: 'string' } } as const;
const UP = {
  ...DIR,
  fleet: { type: 'string' },
  hosts: { type: 'string' },
  zones: { type: 'string' },
  seed: { type: 'string' },
  speed: { type: 'string' },
  detach: { type: 'boolean' },
} as const;
const FAULT = { ...DIR, nth: { type: 'string' }, zone: { type: 'string' } } as const;

class Wrong extends Error {}

export function readWords(args: readonly string[]): Words {
  const [word, ...rest] = args;
  if (word === undefined) return { is: 'wrong', text: 'say what to do: up, world, fault, faults or down' };
  if (args.some(arg => arg === '--help' || arg === '-h') || word === 'help') return { is: 'help' };
  try {
    return readCommand(word, rest);
  } catch (error) {
    if (error instanceof Wrong) return { is: 'wrong', text: error.message };
    // node's own complaint about an option, without its hints for programmers
    if (error instanceof TypeError) return { is: 'wrong', text: error.message.split('. ')[0] ?? error.message };
    throw error;
  }
}

function readCommand(word: string, rest: readonly string[]): Words {
  switch (word) {
    case 'up':
      return readUp(rest);
    case 'fault':
      return readFault(rest);
    case 'world':
    case 'down': {
      const { values, positionals } = parseArgs({ args: [...rest], options: DIR, allowPositionals: true });
      none(positionals);
      return { is: word, dir: values.dir ?? DEFAULTS.dir };
    }
    case 'faults':
      none(parseArgs({ args: [...rest], options: {}, allowPositionals: true }).positionals);
      return { is: 'faults' };
    default:
      throw new Wrong(`there is no \`lab ${word}\`; there is up, world, fault, faults and down`);
  }
}

function readUp(rest: readonly string[]): UpWords {
  const { values, positionals } = parseArgs({ args: [...rest], options: UP, allowPositionals: true });
  none(positionals);
  const { fleet, hosts, zones, seed } = values;
  if (fleet !== undefined && [hosts, zones, seed].some(value => value !== undefined))
    throw new Wrong('--fleet says which hosts and zones there are; leave --hosts, --zones and --seed out');
  const count = whole('--hosts', hosts, { fallback: DEFAULTS.hosts, least: 1, most: MOST_HOSTS });
  return {
    is: 'up',
    dir: values.dir ?? DEFAULTS.dir,
    fleet:
      fleet === undefined
        ? {
            is: 'made',
            hosts: count,
            zones: whole('--zones', zones, { fallback: DEFAULTS.zonesPerHost * count, least: 0, most: 100_000 }),
            seed: whole('--seed', seed, { fallback: DEFAULTS.seed, least: 0, most: 2 ** 31 }),
          }
        : { is: 'file', name: fleet },
    speed: values.speed === undefined ? null : speedOf(values.speed),
    detach: values.detach ?? false,
  };
}

function readFault(rest: readonly string[]): FaultWords {
  const { values, positionals } = parseArgs({ args: [...rest], options: FAULT, allowPositionals: true });
  const [host, fault, ...more] = positionals;
  if (host === undefined || fault === undefined)
    throw new Wrong('say which host and which fault: zoneferry lab fault HOST FAULT');
  none(more);
  const nth = whole('--nth', values.nth, { fallback: 1, least: 1, most: 1_000_000 });
  return { is: 'fault', dir: values.dir ?? DEFAULTS.dir, host, fault, nth, zone: values.zone ?? null };
}

function none(words: readonly string[]): void {
  if (words[0] !== undefined) throw new Wrong(`what is \`${words[0]}\` to mean here?`);
}

interface Bounds {
  readonly fallback: number;
  readonly least: number;
  readonly most: number;
}

function whole(option: string, text: string | undefined, { fallback, least, most }: Bounds): number {
  if (text === undefined) return fallback;
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw new Wrong(`${option} is a whole number from ${least} to ${most}, not \`${text}\``);
}

function speedOf(text: string): number {
  const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (value > 0 && value <= 100_000) return value;
  throw new Wrong(`--speed is a number above 0, such as 20, not \`${text}\``);
}
