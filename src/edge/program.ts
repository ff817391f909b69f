// What lies beside the program itself, in a checkout and when installed: its version, the pages it ships.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isObject, parseJson } from '../text/json.ts';

/** The nearest folder above this file that holds a package.json. */
function root(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json')) && dirname(folder) !== folder) folder = dirname(folder);
  return folder;
}

export function programVersion(): string {
  const manifest = parseJson(readFileSync(join(root(), 'package.json'), 'utf8'));
  return isObject(manifest) ? String(manifest['version']) : 'unknown';
}

const pagePath = (code: string): string => join(root(), 'docs/diagnostics', `${code}.md`);

/** The page of a diagnostic's code, in Markdown, or null. */
export function diagnosticPage(code: string): string | null {
  const known = readdirSync(dirname(pagePath(code))).includes(`${code}.md`);
  return known ? readFileSync(pagePath(code), 'utf8') : null;
}
