// Plans of the shipped playbooks over facts made by hand.
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { diskFiles } from '../../src/edge/files.ts';
import { evaluate } from '../../src/load/expression/evaluate.ts';
import { loadInventory } from '../../src/load/inventory/inventory.ts';
import { loadProgram } from '../../src/load/playbook/playbook.ts';
import type { Facts } from '../../src/model/facts.ts';
import { hostName } from '../../src/model/ids.ts';
import type { Files } from '../../src/model/ports.ts';
import { makePlan } from '../../src/plan/make-plan.ts';
import { catalogue } from '../../src/steps/catalogue.ts';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
export const shipped = (name: string): string => `${root}/playbooks/${name}.yml`;

function files(extra: Readonly<Record<string, string>>): Files {
  const disk = diskFiles();
  return {
    list: dir => disk.list(dir),
    isFolder: path => disk.isFolder(path),
    real: path => disk.real(path),
    read: path => {
      const text = extra[path];
      return text === undefined ? disk.read(path) : Promise.resolve({ is: 'text', text });
    },
  };
}

export async function planned(
  playbooks: readonly string[],
  facts: readonly Facts[],
  extra: Readonly<Record<string, string>> = {},
) {
  const names = facts.map(one => `    ${one.host}: {}\n`).join('');
  const port = files({ '/inventory.yml': `zonehosts:\n  hosts:\n${names}`, ...extra });
  const { inventory } = await loadInventory(port, ['/inventory.yml']);
  if (inventory === null) throw new Error('no inventory');
  const loaded = await loadProgram({
    files: port,
    catalogue,
    inventory,
    playbooks,
    extra: {},
    limit: null,
    tags: [],
    skipTags: [],
  });
  if (loaded.program === null) throw new Error(loaded.diagnostics.map(one => one.message).join('\n'));
  return makePlan({
    program: loaded.program,
    inventory,
    facts: Object.fromEntries(facts.map(one => [hostName(one.host), one])),
    catalogue,
    evaluate,
    now: 0,
    playbooks: [],
    extra: {},
    options: { check: false, diff: false, forks: 10, tags: [], skipTags: [], limit: null },
  });
}
