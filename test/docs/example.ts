// The examples of a documentation page: files in fences that carry their names, and the command that reads them. They
// are loaded as `zoneferry check` loads them, with the real steps and a small inventory where a page shows none.
import { loadExtra } from '../../src/load/expression/extra.ts';
import { loadInventory } from '../../src/load/inventory/inventory.ts';
import { loadProgram } from '../../src/load/playbook/playbook.ts';
import type { Programs } from '../../src/model/ports.ts';
import { catalogue } from '../../src/steps/catalogue.ts';
import type { Diagnostic } from '../../src/text/diagnostic.ts';
import { memoryFiles } from '../load/kit.ts';

export interface Example {
  readonly files: Readonly<Record<string, string>>;
  /** The options of its `$ zoneferry check site.yml ...`, in words. */
  readonly options: readonly string[];
}

const HOSTS = `all:
  children:
    zonehosts:
      hosts: { nacaozumbi: , bjork: }
`;

/** The part of a page under this heading. */
export function partOf(page: string, heading: string): string {
  const parts = page.split(/^## /m);
  return parts.find(part => part.startsWith(`${heading}\n`)) ?? '';
}

export function exampleIn(text: string): Example {
  const fences = [...text.matchAll(/^```(?:yaml|ini|sh|json|text) (\S[^\n]*)\n(.*?)^```$/gms)];
  const command = /^\$ zoneferry check site\.yml(.*)$/m.exec(text)?.[1] ?? '';
  const words = [...command.matchAll(/'([^']*)'|(\S+)/g)].map(match => match[1] ?? match[2] ?? '');
  return { files: Object.fromEntries(fences.map(([, name, body]) => [name ?? '', body ?? ''])), options: words };
}

const after = (words: readonly string[], option: string): readonly string[] =>
  words.filter((_, index) => words[index - 1] === option);

/** Programs print what the page shows under their call: `fleet.sh --list`. */
function printing(shown: Readonly<Record<string, string>>): Programs {
  return {
    executable: async () => true,
    run: async (path, words) => ({ is: 'exited', code: 0, out: shown[[path, ...words].join(' ')] ?? '', err: '' }),
  };
}

export async function check({ files: shown, options }: Example): Promise<readonly Diagnostic[]> {
  const files = memoryFiles({ 'hosts.yml': HOSTS, ...shown });
  const given = await loadExtra(files, after(options, '-e'));
  const [named = 'hosts.yml'] = after(options, '-i');
  const hosts = await loadInventory(files, [named], { playbookFolders: ['.'], programs: printing(shown) });
  const book = await loadProgram({
    ...{ files, catalogue, inventory: hosts.inventory, playbooks: ['site.yml'], extra: given.extra },
    ...{ limit: after(options, '-l').join(',') || null, tags: after(options, '--tags'), skipTags: [] },
  });
  return [...given.diagnostics, ...hosts.diagnostics, ...book.diagnostics];
}
