// zoneferry inventory: what was read, as Ansible would print it or as a short list.
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
  const width = Math.max(4, ...loaded.inventory.hosts.map(host => host.name.length));
  for (const host of loaded.inventory.hosts) {
    const { user, address, port } = host.connection;
    speech.out(`${host.name.padEnd(width)}  ${user}@${address}:${port}  ${host.groups.join(', ')}\n`);
  }
  return EXIT.done;
}
