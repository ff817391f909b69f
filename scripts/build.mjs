// Bundles the program for publishing: dist/main.cjs, one file that is started from what V8 made of it before
// (dist/compiled.cjs, src/edge/compiled.ts). What only some commands need is in it, too, and runs when they need it. The
// packages are bundled: reading hundreds of small files takes longer than most commands do; their licences are put
// beside them. The lab is a package of its own and gets its own dist, with the shipped fleets beside it.
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');

// V8 keeps what it made of a script, but not of a module: so the program is one in the older way.
const SCRIPT = {
  format: 'cjs',
  // An object made of others within it is made at once: a run on 1,000 hosts takes 6 % less. Short names are read sooner:
  // one host at a time over twenty takes 5 % less. What a bug says of itself is told with the map (src/edge/positions.ts).
  minify: true,
  lineLimit: 200,
  sourcemap: 'external',
  sourcesContent: false,
  outExtension: { '.js': '.cjs' },
  supported: { 'dynamic-import': false },
  define: { 'import.meta.url': 'hereUrl' },
  banner: { js: "const hereUrl = require('node:url').pathToFileURL(__filename).href;" },
};
/**
 * What ssh2 has in C++, where it could be built, stays where it was installed. Its own path to it leads nowhere from a
 * bundle; it does without, and its arithmetic takes half as long again.
 */
const addons = {
  name: 'addons',
  setup: ({ onResolve }) => {
    onResolve({ filter: /\/sshcrypto\.node$/ }, ({ path }) => ({
      path: join('ssh2/lib/protocol', path),
      external: true,
    }));
  },
};

/** Of Node's own modules: what few commands need is read when it is asked for, not at every start. */
const late = {
  name: 'late',
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: /^(?:node:)?(?:child_process|dns|net|readline)$/ }, ({ path, namespace }) => {
      const name = `node:${path.replace('node:', '')}`;
      return namespace === 'late' ? { path: name, external: true } : { path: name, namespace: 'late' };
    });
    onLoad({ filter: /./, namespace: 'late' }, async ({ path }) => {
      const names = Object.entries(await import(path)).filter(([name]) => name !== 'default');
      const members = names.map(([name, member]) =>
        // A function may be taken by its name from the start, and is read when it is called.
        typeof member === 'function' && /^[a-z]/.test(name)
          ? `${name}(...given) { return require('${path}').${name}(...given); }`
          : `get ${name}() { return require('${path}').${name}; }`,
      );
      return { contents: `module.exports = { ${members.join(', ')} };` };
    });
  },
};

/**
 * What ssh2 reads at its start and nobody here uses: its agents for HTTP, with all of Node's HTTP and TLS behind them, and
 * a package in C++ that says which cipher this processor is quick at. Without that it takes AES first, as it should.
 */
const unused = {
  name: 'unused',
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: /^(?:\.\/http-agents\.js|cpu-features)$/ }, ({ path, importer }) =>
      /\/node_modules\/ssh2\/lib\//.test(importer) ? { path, namespace: 'unused' } : undefined,
    );
    onLoad({ filter: /./, namespace: 'unused' }, () => ({ contents: 'module.exports = {};' }));
  },
};

const MODULES = { format: 'esm', splitting: true };

async function bundle(entryPoints, dist, options) {
  const { metafile } = await build({
    // The paths of its inputs are told from here, wherever this was started.
    absWorkingDir: root,
    entryPoints,
    outdir: resolve(root, dist),
    bundle: true,
    platform: 'node',
    target: 'node20',
    metafile: true,
    logLevel: 'warning',
    ...options,
  });
  const text = licences(Object.keys(metafile.inputs));
  if (text !== '') writeFileSync(resolve(root, dist, 'LICENCES.txt'), text);
}

/** Letters of one byte are read in a third of the time. What is left of others stands in comments and patterns. */
function ascii(path) {
  const escaped = letter => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`;
  writeFileSync(resolve(root, path), readFileSync(resolve(root, path), 'utf8').replace(/[^\0-\x7f]/g, escaped));
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

for (const dist of ['dist', 'sim/dist']) rmSync(resolve(root, dist), { recursive: true, force: true });
await bundle({ main: 'src/cli/main.ts' }, 'dist', {
  ...SCRIPT,
  plugins: [addons, unused, late],
  external: ['highs'],
});
ascii('dist/main.cjs');
await bundle({ compiled: 'src/edge/compiled.ts' }, 'dist', { format: 'cjs', outExtension: { '.js': '.cjs' } });
await bundle({ main: 'sim/main.ts' }, 'sim/dist', { ...MODULES, packages: 'external' });
cpSync(resolve(root, 'clusters'), resolve(root, 'sim/dist/clusters'), { recursive: true });
