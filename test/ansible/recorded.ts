// Ansible's recorded answers: one line a case, beside what was asked (as a digest) and, where we differ on purpose,
// our own answer. `ANSIBLE=write npm run test:ansible` writes the file anew; its difference is read like code.
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Json } from '../../src/text/json.ts';
import type { Ours } from './ours.ts';

export interface Recorded {
  /** Of the inputs. */
  readonly input: string;
  /** What `ansible-inventory --list` prints; null when it gives up. */
  readonly list: Json;
  /** Where we differ. */
  readonly ours?: Ours;
  /** Pattern as written -> hosts, in order. */
  readonly patterns?: Readonly<Record<string, Hosts>>;
}

/** Ansible's hosts or its words; behind them ours, where we differ. */
export type Hosts = readonly string[] | { readonly ansible: Json; readonly ours: Json };

export interface Record_ {
  readonly version: string;
  readonly cases: Readonly<Record<string, Recorded>>;
}

const path = join(dirname(fileURLToPath(import.meta.url)), 'recorded.json');

export const readRecord = (): Record_ => JSON.parse(readFileSync(path, 'utf8')) as Record_;

export function writeRecord({ version, cases }: Record_): void {
  const lines = Object.entries(cases).map(([name, one]) => `    ${JSON.stringify(name)}: ${JSON.stringify(one)}`);
  writeFileSync(path, `{\n  "version": ${JSON.stringify(version)},\n  "cases": {\n${lines.join(',\n')}\n  }\n}\n`);
}
