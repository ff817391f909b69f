// From the files a user names to a program that may be planned: everything that is wrong with any of them in one pass,
// drawn, with the exit status that fits. Nothing is connected to.
import { dirname } from 'node:path';
import { diskFiles } from '../edge/files.ts';
import { controllerPrograms } from '../edge/controller-programs.ts';
import { loadExtra } from '../load/extra.ts';
import { loadInventory } from '../load/inventory.ts';
import { withLogins } from '../load/login.ts';
import { loadProgram } from '../load/playbook.ts';
import type { Inventory } from '../model/inventory.ts';
import type { Program } from '../model/program.ts';
import type { Layer } from '../model/value.ts';
import { catalogue } from '../steps/catalogue.ts';
import { type Diagnostic, hasErrors } from '../text/diagnostic.ts';
import { drawn, type TextOf } from '../text/draw.ts';
import { counted } from '../text/fit.ts';
import { EXIT, type Exit } from './exit.ts';
import type { Running, Selecting } from './options.ts';
import type { Speech } from './speech.ts';

export interface Loaded {
  readonly is: 'loaded';
  readonly inventory: Inventory;
  readonly program: Program;
  readonly extra: Layer;
  readonly playbooks: readonly { readonly path: string; readonly digest: string }[];
  /** Of a file that was read, for drawing what turns out to be wrong in it later. */
  readonly textOf: TextOf;
}

export type Wrong = { readonly is: 'wrong'; readonly exit: Exit };

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

export async function loadHosts(
  speech: Speech,
  options: Selecting,
): Promise<{ readonly is: 'loaded'; readonly inventory: Inventory } | Wrong> {
  const { inventory, diagnostics, texts } = await loadInventory(diskFiles(), options.inventory, {
    programs: controllerPrograms(),
  });
  drawnTo(speech)(diagnostics, file => texts[file] ?? null);
  if (inventory === null) return { is: 'wrong', exit: exitFor(diagnostics) };
  return { is: 'loaded', inventory };
}

/** Says what is wrong with the files, all at once; called once, with nothing when nothing is. */
export type Teller = (diagnostics: readonly Diagnostic[], textOf: TextOf) => void;

/** Of a file that isn't what it was taken for every line is wrong: what follows from the first few is only counted. */
function worthShowing(diagnostics: readonly Diagnostic[]) {
  const seen = new Map<string, number>();
  const shown = diagnostics.filter(({ code, span: { file } }) => {
    if (code !== 'yaml-syntax') return true;
    seen.set(file, (seen.get(file) ?? 0) + 1);
    return (seen.get(file) ?? 0) <= SYNTAX_SHOWN;
  });
  const more = [...seen].map(([file, count]) => [file, count - SYNTAX_SHOWN] as const);
  return { shown, more: more.filter(([, count]) => count > 0) };
}

const SYNTAX_SHOWN = 3;

/** For people, on standard error. */
export function drawnTo(speech: Speech): Teller {
  return (diagnostics, textOf) => {
    const { shown, more } = worthShowing(diagnostics);
    for (const one of shown) speech.err(`${drawn(one, textOf, speech.colour)}\n`);
    for (const [file, count] of more) speech.err(`and ${counted(count, 'more syntax error')} in ${file}\n`);
    const errors = diagnostics.filter(one => one.severity === 'error').length;
    if (errors > 0) speech.err(`${errors === 1 ? '1 error' : `${errors} errors`}; nothing was touched\n`);
  };
}

/** What turns out to be wrong later, drawn, and the exit status for it. */
export function refusal(speech: Speech, diagnostics: readonly Diagnostic[], textOf: TextOf): Exit {
  drawnTo(speech)(diagnostics, textOf);
  return exitFor(diagnostics);
}

/** `nobody` only when nothing else is wrong. */
function exitFor(diagnostics: readonly Diagnostic[]): Exit {
  const errors = diagnostics.filter(one => one.severity === 'error');
  return errors.length > 0 && errors.every(one => one.code === 'empty-selection') ? EXIT.nobody : EXIT.wrong;
}
