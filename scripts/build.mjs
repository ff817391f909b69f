// Bundles the program for publishing: dist/main.js, with what only a run needs in chunks that are loaded when it runs.
// The lab is a package of its own and gets its own dist, with the shipped fleets beside it.
import { cpSync, rmSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');

async function bundle(source, dist) {
  rmSync(resolve(root, dist), { recursive: true, force: true });
  await build({
    entryPoints: { main: resolve(root, source) },
    outdir: resolve(root, dist),
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    logLevel: 'warning',
  });
}

await bundle('src/cli/main.ts', 'dist');
await bundle('sim/main.ts', 'sim/dist');
cpSync(resolve(root, 'clusters'), resolve(root, 'sim/dist/clusters'), { recursive: true });
