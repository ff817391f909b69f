// zoneferry facts and status: what the hosts say of themselves, as a file for planning off line or as a table.
import { writeNamed } from '../edge/durable.ts';
import { stateRoot } from '../edge/state-folder.ts';
import { systemClock } from '../edge/clock.ts';
import { writeFacts } from '../model/facts-file.ts';
import { hostName } from '../model/ids.ts';
import { type Answered, factsTable, statusTable } from '../report/fleet-tables.ts';
import { chosenHosts } from './choosing.ts';
import { EXIT, type Exit } from './exit.ts';
import { loadHosts } from './loading-hosts.ts';
import { becomes, observe, type Observed } from './observing.ts';
import { ledgerOf, readOldRuns, unreadText } from './old-runs.ts';
import type { Selecting } from './options.ts';
import { passwordsFor } from './passwords.ts';
import { connectTo } from './planning.ts';
import type { Speech } from './speech.ts';

interface Asked extends Selecting {
  readonly pattern: string;
  readonly askBecomePass: boolean;
}

export async function facts(
  speech: Speech,
  options: Asked & { readonly out: string | null; readonly json: boolean },
): Promise<Exit> {
  const asked = await ask(speech, options);
  if (asked.is === 'wrong') return asked.exit;
  const text = writeFacts(Object.values(asked.observed.facts));
  const unwritten = options.out === null ? null : await writeNamed(options.out, text);
  if (unwritten !== null) {
    speech.err(`--out: ${unwritten}\n`);
    return EXIT.wrong;
  }
  if (options.out === null) speech.out(options.json ? text : factsTable(answersOf(asked.observed), speech.columns));
  return tellSilent(speech, asked.observed);
}

export async function status(speech: Speech, options: Asked): Promise<Exit> {
  const asked = await ask(speech, options);
  if (asked.is === 'wrong') return asked.exit;
  const { runs, unread } = await readOldRuns(stateRoot(speech.env));
  for (const one of unread) speech.err(unreadText(one));
  speech.out(statusTable(answersOf(asked.observed), ledgerOf(runs, null, unread), speech.columns));
  return Object.keys(asked.observed.silent).length === 0 ? EXIT.done : EXIT.refused;
}

function answersOf({ facts, silent }: Observed): readonly Answered[] {
  return [
    ...Object.values(facts).map((one): Answered => ({ is: 'facts', facts: one })),
    ...Object.entries(silent).map(([host, why]): Answered => ({ is: 'silent', host: hostName(host), why })),
  ];
}

type Asking = { readonly is: 'asked'; readonly observed: Observed } | { readonly is: 'wrong'; readonly exit: Exit };

async function ask(speech: Speech, options: Asked): Promise<Asking> {
  const loaded = await loadHosts(speech, options);
  if (loaded.is === 'wrong') return loaded;
  const names = await chosenHosts(speech, loaded.inventory, options);
  if (names.is === 'wrong') return names;
  const passwords = await passwordsFor(speech, options, loaded.passwords);
  if (passwords === null) return { is: 'wrong', exit: EXIT.wrong };
  const hosts = connectTo(loaded.inventory, null, passwords);
  try {
    return { is: 'asked', observed: await observe(names.hosts, hosts.host, systemClock(), becomes(loaded.inventory)) };
  } finally {
    await hosts.close();
  }
}

function tellSilent(speech: Speech, observed: Observed): Exit {
  const silent = Object.entries(observed.silent);
  for (const [host, why] of silent) speech.err(`host ${host}: ${why}\n`);
  return silent.length === 0 ? EXIT.done : EXIT.refused;
}
