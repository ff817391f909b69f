// From the files a user names to a program that may be planned: everything that is wrong with any of them in one pass,
// drawn, with the exit status that fits. Nothing is connected to.
import { dirname } from 'node:path';
import { diskFiles } from '../edge/files.ts';
import { controllerPrograms } from '../edge/controller-programs.ts';
import { surroundings } from '../edge/surroundings.ts';
import { loadExtra } from '../load/expression/extra.ts';
import { loadInventory } from '../load/inventory/inventory.ts';
import { secretsOf } from '../load/inventory/passwords.ts';
import { withLogins } from '../load/playbook/login.ts';
import { loadProgram } from '../load/playbook/playbook.ts';
import type { Inventory } from '../model/inventory.ts';
import type { Program } from '../model/program.ts';
import type { HostName } from '../model/ids.ts';
import type { Secret } from '../text/secret.ts';
import type { Layer } from '../model/value.ts';
import { catalogue } from '../steps/catalogue.ts';
import { hasErrors } from '../text/diagnostic.ts';
import type { TextOf } from '../text/draw.ts';
import type { Running, Selecting } from './options.ts';
import type { Speech } from './speech.ts';
import { drawnTo, exitFor, type Teller, type Wrong } from './telling.ts';

export interface Loaded {
  readonly is: 'loaded';
  readonly inventory: Inventory;
  readonly program: Program;
  readonly passwords: ReadonlyMap<HostName, Secret>;
  readonly extra: Layer;
  readonly playbooks: readonly { readonly path: string; readonly digest: string }[];
  /** Of a file that was read, for drawing what turns out to be wrong in it later. */
  readonly textOf: TextOf;
}

export async function loadAll(
  speech: Speech,
  options: Pick<Running, keyof Selecting | 'tags' | 'skipTags' | 'become'>,
  playbooks: readonly string[],
  tell: Teller = drawnTo(speech),
): Promise<Loaded | Wrong> {
  const files = diskFiles();
  const given = await loadExtra(files, options.extra);
  const hosts = await loadInventory(files, options.inventory, {
    programs: controllerPrograms(),
    around: surroundings(),
    playbookFolders: playbooks.map(path => dirname(path)),
  });
  const book = await loadProgram({
    files,
    catalogue,
    inventory: hosts.inventory,
    playbooks,
    extra: given.extra,
    limit: options.limit,
    tags: options.tags,
    skipTags: options.skipTags,
  });
  const all = [...given.diagnostics, ...hosts.diagnostics, ...book.diagnostics];
  const texts = { ...given.texts, ...hosts.texts, ...book.texts };
  const textOf = (file: string): string | null => texts[file] ?? null;
  tell(all, textOf);
  const { inventory } = hosts;
  const { program } = book;
  if (inventory === null || program === null || hasErrors(all)) return { is: 'wrong', exit: exitFor(all) };
  const named = playbooks.map(path => ({ path, digest: program.files[path] ?? '' }));
  return {
    is: 'loaded',
    inventory: options.become ? withRights(withLogins(inventory, program)) : withLogins(inventory, program),
    passwords: secretsOf(hosts.read),
    program,
    extra: given.extra,
    playbooks: named,
    textOf,
  };
}

/** `-b`: what the inventory says of no host is done with pfexec, as root. */
function withRights(inventory: Inventory): Inventory {
  const become = { method: 'pfexec', user: 'root' } as const;
  const hosts = inventory.hosts.map(host =>
    host.connection.become.method === 'none' ? { ...host, connection: { ...host.connection, become } } : host,
  );
  return { ...inventory, hosts };
}
