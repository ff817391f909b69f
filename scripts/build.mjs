// Bundles the program for publishing: dist/main.js, with what only a run needs in chunks that are loaded when it runs.
// The packages that every command loads are bundled, too: reading hundreds of small files takes longer than most
// commands do; their licences are put beside them. The lab is a package of its own and gets its own dist, with the
// shipped fleets beside it.
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');

// Some of the bundled packages ask for modules of node in the older way.
const REQUIRE = "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";

async function bundle(source, dist, outside) {
  rmSync(resolve(root, dist), { recursive: true, force: true });
  const { metafile } = await build({
    // The paths of its inputs are told from here, wherever this was started.
    absWorkingDir: root,
    entryPoints: { main: resolve(root, source) },
    outdir: resolve(root, dist),
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    metafile: true,
    logLevel: 'warning',
    ...outside,
  });
  const text = licences(Object.keys(metafile.inputs));
  if (text !== '') writeFileSync(resolve(root, dist, 'LICENCES.txt'), text);
}

/** Of every package that a bundle holds a part of. */
function licences(inputs) {
  const folders = inputs.flatMap(path => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? []);
  return [...new Set(folders)].sort().map(licence).join('\n');
}

function licence(folder) {
  const path = join(root, folder);
  const { name, version, license } = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8'));
  const file = readdirSync(path).find(one => /^licen[cs]e/i.test(one));
  const text =
    file !== undefined && existsSync(join(path, file)) ? readFileSync(join(path, file), 'utf8') : `${license}\n`;
  return `---- ${name} ${version}\n\n${text}`;
}

await bundle('src/cli/main.ts', 'dist', { external: ['ssh2', 'listr2'], banner: { js: REQUIRE } });
await bundle('sim/main.ts', 'sim/dist', { packages: 'external' });
cpSync(resolve(root, 'clusters'), resolve(root, 'sim/dist/clusters'), { recursive: true });
