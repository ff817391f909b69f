// zoneferry check: everything that is wrong with playbook and inventory, in one pass, before any host is asked.
import { loadAll } from './loading.ts';
import { EXIT, type Exit } from './exit.ts';
import type { Running } from './options.ts';
import type { Speech } from './speech.ts';

export async function check(speech: Speech, options: Running, playbooks: readonly string[]): Promise<Exit> {
  const loaded = await loadAll(speech, options, playbooks);
  if (loaded.is === 'wrong') return loaded.exit;
  for (const play of loaded.program.plays)
    speech.out(`ok  ${play.file}: ${play.name} (${play.hosts.length} ${play.hosts.length === 1 ? 'host' : 'hosts'})\n`);
  return EXIT.done;
}
