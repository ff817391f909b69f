// sysadm evacuate: what the person reads while RAD evacuates or returns zones, and the record afterwards. Texts of
// success are from the manual and the seed story; those of failure are inferred (sim/world/texts.ts).
import type { Proc } from '../os/program.ts';
import { evacuate, giveBack } from '../world/evacuation.ts';
import type { Listener, Result, Wish } from '../world/evacuation.ts';
import { strikes } from '../world/faults.ts';
import { powerCut } from '../world/power.ts';
import type { EvacuationRow } from '../world/state.ts';
import * as texts from '../world/texts.ts';
import { isAlive } from './call.ts';
import type { Here } from './call.ts';
import { getopts, optionOf } from './options.ts';
import type { Options } from './options.ts';
import { chosen, printTable, tell, usage } from './sysadm.ts';
import type { Field } from './sysadm.ts';

const FIELDS: readonly Field[] = [
  { name: 'ZONENAME', width: 16 },
  { name: 'STATE', width: 9 },
  { name: 'DEST', width: 40 },
  { name: 'ERROR', width: 0 },
];

async function listRecord(here: Here, proc: Proc, options: Options): Promise<number> {
  const fields = chosen(FIELDS, optionOf(options, 'o'));
  if (fields === null || (options.given.has('p') && !options.given.has('o'))) return usage(proc);
  if (here.host.evacuating) {
    await tell(here, proc, 'sysadm: evacuation in progress', 'word');
    return 0;
  }
  const record = here.host.evacuation;
  if (record === null) {
    await tell(here, proc, 'sysadm: no active evacuation', 'word');
    return 0;
  }
  const firstLine = (text: string): string => text.split('\n')[0] ?? '';
  // The guide's table leaves DEST of a skipped zone empty; what -p prints there is not known.
  const noDest = options.given.has('p') ? '-' : '';
  const dest = (r: EvacuationRow): string => (r.dest === '-' ? noDest : r.dest);
  const rows = record.map(r => ({ ZONENAME: r.zone, STATE: r.state, DEST: dest(r), ERROR: firstLine(r.error) }));
  await printTable(here, proc, { fields, rows }, options.given.has('p'));
  return 0;
}

interface Words {
  readonly preparing: (zones: number) => string;
  readonly initializing: (zone: string, dest: string) => string;
  readonly moving: (zones: number) => string;
  readonly migrating: (zone: string, dest: string) => string;
  readonly counted: readonly [preparing: string, moving: string];
  readonly done: string;
  readonly failed: string;
  readonly summary: (row: EvacuationRow) => string;
}

const LEAVE: Words = {
  preparing: zones => `sysadm: preparing ${zones} zone(s) for evacuation ...`,
  initializing: (zone, dest) => `sysadm: initializing migration of ${zone} to ${dest} ...`,
  moving: zones => `sysadm: evacuating ${zones} zone(s) ...`,
  migrating: (zone, dest) => `sysadm: migrating ${zone} to ${dest} ...`,
  counted: ['sysadm: preparing zones for evacuation ...', 'sysadm: evacuating zones ...'],
  done: 'sysadm: evacuation completed successfully.',
  failed: texts.evacuationFailed,
  summary: row => {
    if (row.state === 'EVACUATED') return `sysadm: ${row.zone}: evacuated to ${row.dest}`;
    const say = row.state === 'FAILED' ? texts.zoneEvacuationFailed : texts.zoneSkipped;
    return say(row.zone, row.error);
  },
};

const RETURN: Words = {
  preparing: zones => `sysadm: preparing ${zones} zone(s) for return...`,
  initializing: zone => `sysadm: initializing return of ${zone}`,
  moving: zones => `sysadm: returning ${zones} zone(s) ...`,
  migrating: zone => `sysadm: migrating ${zone}`,
  counted: ['sysadm: preparing zones for return ...', 'sysadm: returning zones ...'],
  done: 'sysadm: return completed successfully.',
  failed: texts.returnFailed,
  summary: row =>
    row.state === 'EVACUATED' ? `sysadm: ${row.zone}: returned` : texts.zoneReturnFailed(row.zone, row.error),
};

type Loudness = 'quiet' | 'normal' | 'verbose';

/** Lines in the order in which they were said; nobody waits for the reader but who calls `written`. */
interface Talk {
  readonly say: (line: string, kind: 'word' | 'error') => void;
  readonly written: () => Promise<void>;
}

function talkOf(here: Here, proc: Proc): Talk {
  let last: Promise<void> = Promise.resolve();
  return {
    say: (line, kind) => {
      last = last.then(() => tell(here, proc, line, kind));
    },
    written: () => last,
  };
}

interface How {
  readonly words: Words;
  readonly loud: Loudness;
  readonly dry: boolean;
}

/** Prints a line for each thing that happens, or only counts, or nothing. */
function listenerOf(here: Here, proc: Proc, talk: Talk, { words, loud, dry }: How): Listener {
  const verbose = (line: string): void => {
    if (loud === 'verbose') talk.say(line, 'word');
  };
  let prepared = 0;
  return {
    preparing: zones => {
      prepared = zones;
      verbose(`${words.preparing(zones)}${here.fleet.sysadmTrailingBlank ? ' ' : ''}`);
    },
    initializing: (zone, dest) => verbose(words.initializing(zone, dest)),
    moving: zones => {
      if (loud === 'normal') talk.say(`${words.counted[0]} ${prepared}/${prepared}`, 'word');
      if (!dry) verbose(words.moving(zones));
    },
    migrating: (zone, dest) => {
      if (!dry) verbose(words.migrating(zone, dest));
      strikeNow(here, proc, zone);
    },
  };
}

function strikeNow(here: Here, proc: Proc, zone: string): void {
  const { fleet, host } = here;
  if (strikes(fleet, host.name, 'power-cut-while-evacuating', zone)) powerCut(fleet, host);
  if (strikes(fleet, host.name, 'evacuate-killed', zone)) host.machine?.kill(proc.pid, 'KILL');
}

function summarize(talk: Talk, result: Result, { words, loud, dry }: How): void {
  const moved = result.rows.filter(r => r.state === 'EVACUATED').length;
  if (loud === 'normal' && !dry)
    talk.say(`${words.counted[1]} ${Math.min(moved, result.zones)}/${result.zones}`, 'word');
  if (!result.success) talk.say(dry ? texts.dryRunFailed : words.failed, 'error');
  else if (loud !== 'quiet') talk.say(dry ? 'sysadm: dry-run succeeded' : words.done, 'word');
  for (const row of result.rows) {
    const well = row.state === 'EVACUATED';
    if (!well || (loud === 'verbose' && !dry)) talk.say(words.summary(row), well ? 'word' : 'error');
  }
}

/** RAD does the work: it goes on, or is cancelled and tidied up, even when this process is no more. */
async function work(here: Here, wish: Wish): Promise<Result | null> {
  const { fleet, host } = here;
  const generation = host.generation;
  fleet.change({ what: 'evacuation-started', host: host.name }, () => {
    host.evacuating = true;
  });
  const result = await (wish.verb === 'return' ? giveBack(fleet, host, wish) : evacuate(fleet, host, wish));
  if (host.generation !== generation) return null;
  fleet.change({ what: 'evacuation-ended', host: host.name }, () => {
    host.evacuating = false;
  });
  return result;
}

async function run(here: Here, proc: Proc, options: Options): Promise<number> {
  const { host } = here;
  const has = (letter: string): boolean => options.given.has(letter);
  const back = has('r');
  const refusal = host.evacuating
    ? texts.secondEvacuation
    : back && host.evacuation === null
      ? texts.nothingToReturn
      : null;
  if (refusal !== null) {
    await tell(here, proc, refusal, 'error');
    return 1;
  }
  const loud: Loudness = has('q') ? 'quiet' : has('v') ? 'verbose' : 'normal';
  const how: How = { words: back ? RETURN : LEAVE, loud, dry: has('n') };
  const talk = talkOf(here, proc);
  const result = await work(here, {
    ...{ verb: back ? 'return' : 'evacuate', all: has('a'), dryRun: how.dry, overwrite: has('w'), user: proc.user },
    wanted: () => here.fleet.sysadm.killed === 'goes-on' || isAlive(here, proc),
    listener: listenerOf(here, proc, talk, how),
  });
  if (result === null) return 1;
  if (result.zones === 0 && !back && loud !== 'quiet') talk.say(texts.nothingToEvacuate, 'word');
  else summarize(talk, result, how);
  await talk.written();
  return result.success ? 0 : 1;
}

export async function evacuateCommand(here: Here, proc: Proc, args: readonly string[]): Promise<number> {
  const options = getopts(args, 'arnvqwlpo:');
  const has = (letter: string): boolean => options.given.has(letter);
  if (options.bad !== null || options.rest.length > 0 || (has('w') && has('n'))) return usage(proc);
  if (has('l')) return listRecord(here, proc, options);
  if (has('p') || has('o')) return usage(proc);
  return run(here, proc, options);
}
