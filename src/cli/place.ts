// zoneferry place: can these hosts be taken out, and where does everything go? From a facts file alone; no host is asked,
// nothing is journaled.
import { systemClock } from '../edge/clock.ts';
import { type HostSettings, NO_SETTINGS, plainSettings } from '../model/host-variable.ts';
import { type HostName, hostName } from '../model/ids.ts';
import type { SaidOfZones } from '../model/inventory.ts';
import type { Migration } from '../model/plan.ts';
import { takeOut, type TakenOut, type TakeOut } from '../plan/take-out.ts';
import { obstaclesText } from '../report/obstacle-text.ts';
import { noPlaceText, placeText } from '../report/place-text.ts';
import { asJson, canonical } from '../text/json.ts';
import { didYouMean } from '../text/nearest.ts';
import { compareReleases } from '../text/release.ts';
import { EXIT, type Exit } from './exit.ts';
import { factsFromFile } from './facts-given.ts';
import { loadHosts } from './loading-hosts.ts';
import type { Placing } from './options.ts';
import { solverFor } from './solver.ts';
import type { Speech } from './speech.ts';
import { timeZone } from './viewing.ts';

export async function place(speech: Speech, options: Placing): Promise<Exit> {
  const read = await factsFromFile(speech, options.facts);
  if (read.is === 'no') return read.exit;
  const names = Object.values(read.facts).map(one => one.host);
  const strangers = options.out.filter(name => !names.includes(name));
  for (const name of strangers) speech.err(`${options.facts} has no host "${name}"${hint(name, names)}\n`);
  if (strangers.length > 0) return EXIT.wrong;
  const said = await saidOf(speech, options);
  if (said.is === 'wrong') return said.exit;
  const { rules, settings } = said;
  const hosts = [...new Set(options.out)].map(hostName);
  for (const line of oldText(Object.values(read.facts).map(({ at }) => Date.parse(at)))) speech.err(`${line}\n`);
  const evacuation = { which: 'running', native: 'stay', placement: options.policy } as const;
  const solver = await solverFor(speech, options.exact);
  if (solver.is === 'no') return solver.exit;
  const exact = solver.exact ? { exact: solver.exact } : {};
  return answered(speech, options, { hosts, facts: read.facts, evacuation, rules, settings, ...exact });
}

const DAY_MS = 24 * 3_600_000;

/** What was so yesterday may not be so tonight. */
function oldText(times: readonly number[]): readonly string[] {
  const oldMs = systemClock().now() - Math.min(...times);
  if (!(oldMs >= 2 * DAY_MS)) return [];
  return [`the facts are ${Math.floor(oldMs / DAY_MS)} days old: zoneferry facts --out FILE asks the hosts anew`];
}

const hint = (name: string, names: readonly string[]): string => {
  const near = didYouMean(name, names);
  return near.length === 0 ? '' : `; ${near.join('; ')}`;
};

type SaidOf =
  | {
      readonly is: 'said';
      readonly rules: readonly SaidOfZones[];
      readonly settings: (host: HostName) => HostSettings;
    }
  | { readonly is: 'wrong'; readonly exit: Exit };

async function saidOf(speech: Speech, options: Placing): Promise<SaidOf> {
  if (!options.named) return { is: 'said', rules: [], settings: () => NO_SETTINGS };
  const loaded = await loadHosts(speech, options);
  if (loaded.is === 'wrong') return loaded;
  const settings = new Map(loaded.inventory.hosts.map(host => [host.name, plainSettings(host)]));
  return { is: 'said', rules: loaded.inventory.zoneRules, settings: host => settings.get(host) ?? NO_SETTINGS };
}

function answered(speech: Speech, options: Placing, asked: TakeOut): Exit {
  const found = takeOut(asked, options.makeRoom);
  const times = Object.values(asked.facts).map(one => one.at);
  const asOf = [times.toSorted()[0] ?? '', times.toSorted().at(-1) ?? ''] as const;
  speech.out(
    options.json
      ? `${canonical(asJson(jsonOf(asked, asOf, found)))}\n`
      : textOf(speech, options, { asked, asOf, found }),
  );
  return found.is === 'yes' ? EXIT.done : EXIT.refused;
}

interface Answer {
  readonly asked: TakeOut;
  readonly asOf: readonly [string, string];
  readonly found: TakenOut;
}

function textOf({ columns }: Speech, { verbose }: Placing, { asked, asOf, found }: Answer): string {
  if (found.is === 'no') return noPlaceText(asked.hosts, asOf, found.shortfall, columns);
  const { plan, rooms, goodness, first, down, told } = found;
  const { migrations, staying } = plan;
  const exact = plan.exact ?? null;
  const newer = migrations.filter(one => goesToNewer(asked, one));
  const answer = { hosts: asked.hosts, asOf, migrations, staying, down, told, newer, rooms, goodness, first, exact };
  return placeText(answer, { columns, timeZone: timeZone(), verbose });
}

function goesToNewer({ facts }: TakeOut, { from, to }: Migration): boolean {
  const [home, there] = [facts[from]?.os, facts[to]?.os];
  if (home?.is !== 'known' || there?.is !== 'known') return false;
  return compareReleases(there.value.version, home.value.version) > 0;
}

/** `v` counts its forms. */
function jsonOf(asked: TakeOut, asOf: Answer['asOf'], found: TakenOut) {
  const base = { v: 1, hosts: asked.hosts, facts: { oldest: asOf[0], newest: asOf[1] } };
  if (found.is === 'no') {
    const { message, proof, ways, help } = found.shortfall;
    const reasons = found.shortfall.reasons.map(one => ({ ...one, why: obstaclesText(one.why), lacks: one.why }));
    return { ...base, answer: 'no', message, proof, reasons, ways, help };
  }
  const { plan, rooms, goodness, first, told } = found;
  return {
    ...base,
    answer: 'yes',
    first,
    migrations: plan.migrations,
    staying: plan.staying,
    told,
    rooms,
    goodness,
    exact: plan.exact ?? null,
  };
}
