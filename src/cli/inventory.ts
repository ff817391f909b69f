// zoneferry inventory: what was read, as a table, or as Ansible's own programs print it, to be compared with them. For
// that no connection is made out of the variables, and templates stay as they were written.
import { diskFiles } from '../edge/files.ts';
import { controllerPrograms } from '../edge/controller-programs.ts';
import { loadExtra } from '../load/expression/extra.ts';
import { type ReadInventory, readInventory } from '../load/inventory/inventory.ts';
import { ansibleGraph, ansibleHost, ansibleList, pythonJson } from '../load/inventory/inventory-listing.ts';
import type { Layer } from '../model/value.ts';
import { inventoryTable } from '../report/fleet-tables.ts';
import { hasErrors, problem } from '../text/diagnostic.ts';
import { didYouMean } from '../text/nearest.ts';
import { spanOf } from '../text/span.ts';
import { EXIT, type Exit } from './exit.ts';
import { chosenHosts } from './choosing.ts';
import { loadHosts } from './loading-hosts.ts';
import { drawnTo, refusal, type Wrong } from './telling.ts';
import type { Listing } from './options.ts';
import type { Speech } from './speech.ts';

export async function inventory(speech: Speech, options: Listing): Promise<Exit> {
  if (!['text', 'ansible'].includes(options.format)) {
    speech.err(`zoneferry: --format is text or ansible, not ${options.format}\n`);
    return EXIT.wrong;
  }
  const likeAnsible = options.host !== null || options.graph !== null || options.format === 'ansible';
  return likeAnsible ? asAnsible(speech, options) : asTable(speech, options);
}

async function asTable(speech: Speech, options: Listing): Promise<Exit> {
  const loaded = await loadHosts(speech, options);
  if (loaded.is === 'wrong') return loaded.exit;
  const chosen = await chosenHosts(speech, loaded.inventory, { ...options, pattern: 'all' });
  if (chosen.is === 'wrong') return chosen.exit;
  speech.out(inventoryTable(loaded.inventory, chosen.hosts, speech.columns));
  return EXIT.done;
}

async function asAnsible(speech: Speech, options: Listing): Promise<Exit> {
  const read = await readForListing(speech, options);
  if (read.is === 'wrong') return read.exit;
  const { found, extra } = read;
  if (options.graph !== null) {
    const text = ansibleGraph(found.tree, options.graph);
    if (text === null) return unknown(speech, 'group', options.graph, [...found.tree.groups.keys()]).exit;
    speech.out(text);
  } else if (options.host === null) speech.out(`${pythonJson(ansibleList(found, extra))}\n`);
  else {
    const host = found.whole.hosts.find(one => one.name === options.host);
    if (host === undefined) {
      const names = found.whole.hosts.map(one => one.name);
      return unknown(speech, 'host', options.host, names).exit;
    }
    speech.out(`${pythonJson(ansibleHost(host, extra))}\n`);
  }
  return EXIT.done;
}

function unknown(speech: Speech, kind: 'host' | 'group', name: string, there: readonly string[]): Wrong {
  const said = `no ${kind} is called "${name}"`;
  const option = kind === 'host' ? '--host' : '--graph';
  const told = [problem('unknown-host', spanOf(option), said, ...didYouMean(name, there))];
  return { is: 'wrong', exit: refusal(speech, told, () => null) };
}

type ForListing = { readonly is: 'read'; readonly found: ReadInventory; readonly extra: Layer } | Wrong;

/** Templates are printed, not filled in: what is wrong in one matters to nobody here. */
async function readForListing(speech: Speech, options: Listing): Promise<ForListing> {
  const files = diskFiles();
  const given = await loadExtra(files, options.extra);
  const playbookFolders = options.playbookFolder === null ? [] : [options.playbookFolder];
  const found = await readInventory(files, options.inventory, { programs: controllerPrograms(), playbookFolders });
  const told = [...given.diagnostics, ...found.diagnostics].filter(one => one.code !== 'bad-template');
  const texts = { ...given.texts, ...found.texts };
  drawnTo(speech)(told, file => texts[file] ?? null);
  if (hasErrors(told)) return { is: 'wrong', exit: EXIT.wrong };
  return { is: 'read', found, extra: given.extra };
}
