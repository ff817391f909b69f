// Ansible itself, asked in a process of its own: one question a line, one answer a line.
import { spawn } from 'node:child_process';
import { readFileSync, realpathSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Json } from '../../src/text/json.ts';
import type { Case, Pattern } from './cases.ts';

export interface Answer {
  readonly version: string;
  readonly list?: Json;
  readonly patterns?: readonly (readonly string[] | { readonly error: string })[];
  /** Ansible gave up altogether. */
  readonly error?: string;
}

export interface Asker {
  ask(one: Case, patterns: readonly Pattern[], folder: string): Promise<Answer>;
  close(): Promise<void>;
}

/** The Python that Ansible was installed for, which needn't be the first one on the path. */
function python(): string {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    try {
      const first = readFileSync(realpathSync(join(folder, 'ansible-inventory')), 'utf8').split('\n')[0] ?? '';
      if (first.startsWith('#!')) return first.slice(2).trim().split(' ')[0] ?? 'python3';
    } catch {
      // Not in this folder.
    }
  }
  throw new Error('ansible-inventory is nowhere on the path; run npm run test:ansible');
}

export function openAsker(): Asker {
  const script = join(dirname(fileURLToPath(import.meta.url)), 'ask.py');
  const child = spawn(python(), [script], {
    stdio: ['pipe', 'pipe', 'inherit'],
    // Nobody's configuration.
    env: { PATH: process.env['PATH'], HOME: '/nonexistent', LC_ALL: 'C.UTF-8' },
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async ask(one, patterns, folder) {
      const { sources, playbookFolder, extra } = one;
      const asked = patterns.map(({ pattern, limit }) => [pattern, limit]);
      child.stdin.write(`${JSON.stringify({ folder, sources, playbookFolder, extra, patterns: asked })}\n`);
      const line = await lines.next();
      if (line.done === true) throw new Error('Ansible gave no answer');
      return JSON.parse(line.value) as Answer;
    },
    close: () =>
      new Promise(done => {
        child.on('close', () => done());
        child.stdin.end();
      }),
  };
}
