// From the inventory that a user names to its hosts, without any playbook: steps, templates of tasks and conditions
// stay unloaded.
import { controllerPrograms } from '../edge/controller-programs.ts';
import { surroundings } from '../edge/surroundings.ts';
import { diskFiles } from '../edge/files.ts';
import { loadInventory } from '../load/inventory/inventory.ts';
import type { Inventory } from '../model/inventory.ts';
import type { Selecting } from './options.ts';
import type { Speech } from './speech.ts';
import { drawnTo, exitFor, type Wrong } from './telling.ts';

export async function loadHosts(
  speech: Speech,
  options: Selecting,
): Promise<{ readonly is: 'loaded'; readonly inventory: Inventory } | Wrong> {
  const { inventory, diagnostics, texts } = await loadInventory(diskFiles(), options.inventory, {
    programs: controllerPrograms(),
    around: surroundings(),
  });
  drawnTo(speech)(diagnostics, file => texts[file] ?? null);
  if (inventory === null) return { is: 'wrong', exit: exitFor(diagnostics) };
  return { is: 'loaded', inventory };
}
