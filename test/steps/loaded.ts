// A playbook read with the shipped steps, for what is wrong with it before any host is asked.
import { loadProgram } from '../../src/load/playbook/playbook.ts';
import { catalogue } from '../../src/steps/catalogue.ts';
import type { Diagnostic } from '../../src/text/diagnostic.ts';
import { fleet, memoryFiles } from '../load/kit.ts';

export async function problems(
  playbook: string,
  more: Readonly<Record<string, string>> = {},
): Promise<readonly Diagnostic[]> {
  const inventory = await fleet('all:\n  hosts: { nacaozumbi: {} }\n');
  const { diagnostics } = await loadProgram({
    ...{ files: memoryFiles({ 'site.yml': playbook, ...more }), catalogue, inventory, playbooks: ['site.yml'] },
    ...{ extra: {}, limit: null, tags: [], skipTags: [] },
  });
  return diagnostics;
}
