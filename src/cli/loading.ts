// From the files a user names to a program that may be planned: everything that is wrong with any of them in one pass,
// drawn, with the exit status that fits. Nothing is connected to.
import { dirname } from 'node:path';
import { diskFiles } from '../edge/files.ts';
import { loadExtra } from '../load/extra.ts';
import { loadInventory } from '../load/inventory.ts';
import { loadProgram } from '../load/playbook.ts';
import type { Inventory } from '../model/inventory.ts';
import type { Files } from '../model/ports.ts';
import type { Program } from '../model/program.ts';
import type { Layer } from '../model/value.ts';
import { catalogue } from '../steps/catalogue.ts';
import type { Diagnostic } from '../text/diagnostic.ts';
import { drawn } from '../text/draw.ts';
import { EXIT, type Exit } from './exit.ts';
import type { Running, Selecting } from './options.ts';
import type { Speech } from './speech.ts';

export interface Loaded {
  readonly is: 'loaded';
  readonly inventory: Inventory;
  readonly program: Program;
  readonly extra: Layer;
  readonly playbooks: readonly { readonly path: string; readonly digest: string }[];
}

export type Wrong = { readonly is: 'wrong'; readonly exit: Exit };

export async function loadAll(speech: Speech, options: Pick<Running, keyof Selecting | 'tags' | 'skipTags'>, playbooks: readonly string[]): Promise<Loaded | Wrong> {
  const { files, textOf } = remembering(diskFiles());
  const extra = await loadExtra(files, options.extra);
  const { inventory, diagnostics } = await loadInventory(files, options.inventory, playbooks.map(path => dirname(path)));
  const before = [...extra.diagnostics, ...diagnostics];
  if (inventory === null) return tell(speech, before, textOf);
  const { program, diagnostics: after } = await loadProgram({
    files,
    catalogue,
    inventory,
    playbooks,
    extra: extra.layer,
    limit: options.limit,
    tags: options.tags,
    skipTags: options.skipTags,
  });
  const all = [...before, ...after];
  if (program === null || all.some(one => one.severity === 'error')) return tell(speech, all, textOf);
  if (all.length > 0) tell(speech, all, textOf);
  const named = playbooks.map(path => ({ path, digest: program.files[path] ?? '' }));
  return { is: 'loaded', inventory, program, extra: extra.layer, playbooks: named };
}

export async function loadHosts(speech: Speech, options: Selecting): Promise<{ readonly is: 'loaded'; readonly inventory: Inventory } | Wrong> {
  const { files, textOf } = remembering(diskFiles());
  const { inventory, diagnostics } = await loadInventory(files, options.inventory, []);
  if (inventory === null || diagnostics.some(one => one.severity === 'error')) return tell(speech, diagnostics, textOf);
  if (diagnostics.length > 0) tell(speech, diagnostics, textOf);
  return { is: 'loaded', inventory };
}

/** All of them, worst first; `nobody` only when nothing else is wrong. */
export function tell(speech: Speech, diagnostics: readonly Diagnostic[], textOf: (file: string) => string | null): Wrong {
  for (const one of diagnostics) speech.err(`${drawn(one, textOf)}\n`);
  const errors = diagnostics.filter(one => one.severity === 'error');
  const nobody = errors.length > 0 && errors.every(one => one.code === 'empty-selection');
  if (errors.length > 0) speech.err(`${errors.length === 1 ? '1 error' : `${errors.length} errors`}; nothing was touched\n`);
  return { is: 'wrong', exit: nobody ? EXIT.nobody : EXIT.wrong };
}

/** Files as read, so that a drawing shows the line that was judged. */
function remembering(files: Files): { files: Files; textOf: (file: string) => string | null } {
  const texts = new Map<string, string>();
  return {
    textOf: file => texts.get(file) ?? null,
    files: {
      list: dir => files.list(dir),
      read: async path => {
        const found = await files.read(path);
        if (found.is === 'text') texts.set(path, found.text);
        return found;
      },
    },
  };
}
