// Saved drawings of diagnostics: one file a name under test/load/golden. Run the tests with GOLDEN=write to save
// what is drawn now, and read the difference like code.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import type { Diagnostic } from '../../src/text/diagnostic.ts';
import { drawnAll } from '../../src/text/draw.ts';

const folder = join(dirname(fileURLToPath(import.meta.url)), 'golden');

export function expectGolden(
  name: string,
  diagnostics: readonly Diagnostic[],
  texts: Readonly<Record<string, string>>,
): void {
  const now = drawnAll(diagnostics, file => texts[file] ?? null);
  const path = join(folder, `${name}.txt`);
  if (process.env['GOLDEN'] === 'write') writeFileSync(path, now);
  expect(existsSync(path), `${path} is there`).to.equal(true);
  expect(now).to.equal(readFileSync(path, 'utf8'));
}
