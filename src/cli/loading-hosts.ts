// From the inventory that a user names to its hosts, without any playbook: steps, templates of tasks and conditions
// stay unloaded.
import { dirname } from 'node:path';
import { controllerPrograms } from '../edge/controller-programs.ts';
import { surroundings } from '../edge/surroundings.ts';
import { diskFiles } from '../edge/files.ts';
import { loadInventory, readInventory } from '../load/inventory/inventory.ts';
import { secretsOf } from '../load/inventory/passwords.ts';
import type { HostName } from '../model/ids.ts';
import type { Plan } from '../model/plan.ts';
import type { Inventory } from '../model/inventory.ts';
import type { Secret } from '../text/secret.ts';
import type { Selecting } from './options.ts';
import type { Speech } from './speech.ts';
import { drawnTo, exitFor, type Wrong } from './telling.ts';

export interface LoadedHosts {
  readonly is: 'loaded';
  readonly inventory: Inventory;
  readonly passwords: ReadonlyMap<HostName, Secret>;
}

export async function loadHosts(speech: Speech, options: Selecting): Promise<LoadedHosts | Wrong> {
  const { inventory, diagnostics, texts, read } = await loadInventory(diskFiles(), options.inventory, {
    programs: controllerPrograms(),
    around: surroundings(),
  });
  drawnTo(speech)(diagnostics, file => texts[file] ?? null);
  if (inventory === null) return { is: 'wrong', exit: exitFor(diagnostics) };
  return { is: 'loaded', inventory, passwords: secretsOf(read) };
}

/** A saved plan has none of them: they are read again. What is wrong with the files is for `staleness` to say. */
export async function passwordsIn(paths: readonly string[], plan: Plan): Promise<LoadedHosts['passwords']> {
  const playbookFolders = plan.playbooks.map(path => dirname(path));
  const options = { programs: controllerPrograms(), playbookFolders };
  return secretsOf(await readInventory(diskFiles(), paths, options));
}
