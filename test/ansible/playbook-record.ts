// What Ansible did with each playbook, recorded, and where we differ what we do. `ANSIBLE=write npm run test:ansible`
// writes it anew.
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Story } from './playbook-asking.ts';

export interface RecordedStory {
  /** Digest of the playbook and its options. */
  readonly input: string;
  readonly ansible: Story;
  /** Where we differ. */
  readonly ours?: Story;
}

export interface PlaybookRecord {
  readonly version: string;
  readonly cases: Readonly<Record<string, RecordedStory>>;
}

const path = join(dirname(fileURLToPath(import.meta.url)), 'playbooks.json');

export const readPlaybookRecord = (): PlaybookRecord => JSON.parse(readFileSync(path, 'utf8')) as PlaybookRecord;

export function writePlaybookRecord({ version, cases }: PlaybookRecord): void {
  const lines = Object.entries(cases).map(([name, one]) => `    ${JSON.stringify(name)}: ${JSON.stringify(one)}`);
  writeFileSync(path, `{\n  "version": ${JSON.stringify(version)},\n  "cases": {\n${lines.join(',\n')}\n  }\n}\n`);
}
