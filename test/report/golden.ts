// Texts as they should be, kept as files. UPDATE_GOLDEN=1 writes them anew; the difference is read like code.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';

const folder = join(dirname(fileURLToPath(import.meta.url)), 'golden');

export function golden(name: string, text: string): void {
  const path = join(folder, `${name}.txt`);
  if (process.env['UPDATE_GOLDEN'] === '1') {
    mkdirSync(folder, { recursive: true });
    writeFileSync(path, text);
  }
  expect(existsSync(path) ? readFileSync(path, 'utf8') : `no file ${name}.txt yet`).to.equal(text);
}
