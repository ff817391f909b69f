#!/usr/bin/env node
// Starts zoneferry: from dist when installed, straight from the sources in a checkout. `--version` is answered before
// anything is loaded.
import { existsSync, readFileSync } from 'node:fs';

const here = new URL('../', import.meta.url);

if (process.argv[2] === '--version' || process.argv[2] === '-V') {
  process.stdout.on('error', error => {
    process.stderr.write(`standard output can't be written: ${error.message}\n`);
    process.exitCode = 2;
  });
  process.stdout.write(`${JSON.parse(readFileSync(new URL('package.json', here), 'utf8')).version}\n`);
} else {
  const sources = new URL('src/cli/main.ts', here);
  if (existsSync(sources)) await import('tsx');
  const { main } = await import(existsSync(sources) ? sources.href : new URL('dist/main.js', here).href);
  const status = await main(process.argv.slice(2));
  // Standard output that couldn't be written has spoken already.
  process.exitCode = status === 0 ? (process.exitCode ?? 0) : status;
}
