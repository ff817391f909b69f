#!/usr/bin/env node
// Starts zoneferry: from dist when installed, straight from the sources in a checkout. `--version` is answered before
// anything is loaded.
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';

const here = new URL('../', import.meta.url);

if (process.argv[2] === '--version' || process.argv[2] === '-V') {
  process.stdout.on('error', error => {
    process.stderr.write(`standard output can't be written: ${error.message}\n`);
    process.exitCode = 2;
  });
  process.stdout.write(`${JSON.parse(readFileSync(new URL('package.json', here), 'utf8')).version}\n`);
} else {
  // A command mostly ends before code that was made faster has paid for being made: V8 waits eight times as long as it
  // would. A run of hours loses nothing, one of a second a fifth of its work.
  setFlagsFromString('--interrupt-budget=540672');
  const { main, keep } = await started();
  const status = await main(process.argv.slice(2));
  // Standard output that couldn't be written has spoken already.
  process.exitCode = status === 0 ? (process.exitCode ?? 0) : status;
  if (status === 0) keep();
}

async function started() {
  const sources = new URL('src/cli/main.ts', here);
  if (existsSync(sources)) {
    await import('tsx');
    return { main: (await import(sources.href)).main, keep: () => undefined };
  }
  const { cacheFolder, startCompiled } = await import(new URL('dist/compiled.js', here).href);
  const path = fileURLToPath(new URL('dist/main.cjs', here));
  const { exports, keep } = startCompiled(path, process.argv[2] ?? '', cacheFolder(process.env));
  return { main: exports.main, keep };
}
