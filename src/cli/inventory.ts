// zoneferry inventory: what was read, as Ansible would print it or as a short list.
import { inventoryTable } from '../report/fleet-tables.ts';
import { EXIT, type Exit } from './exit.ts';
import { loadHosts } from './loading.ts';
import type { Selecting } from './options.ts';
import type { Speech } from './speech.ts';

export async function inventory(speech: Speech, options: Selecting, list: boolean): Promise<Exit> {
  const loaded = await loadHosts(speech, options);
  if (loaded.is === 'wrong') return loaded.exit;
  if (list) {
    speech.out(`${JSON.stringify(loaded.inventory.raw, null, 4)}\n`);
    return EXIT.done;
  }
  const names = loaded.inventory.hosts.map(host => host.name);
  speech.out(inventoryTable(loaded.inventory, names, speech.columns));
  return EXIT.done;
}
