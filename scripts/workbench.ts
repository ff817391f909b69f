// A copy of the program in a temporary folder, compiled file by file, where one file at a time can be changed and the
// tests run. Each child is a process group of its own, so that a test that hangs is ended with all it started.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  closeSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { transformSync } from 'esbuild';

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');

const COMPILED = ['src', 'sim', 'test', 'scripts'];
const BESIDE = ['transcripts', 'clusters', 'playbooks', 'inventory', 'docs', 'schema', 'CHANGELOG.md', 'package.json'];
/** The laws are tried with the same examples each time: a mutant's fate must not hang on chance. */
const SAME_EXAMPLES = "import fc from 'fast-check';\nfc.configureGlobal({ seed: 20180202 });\n";

const SAID = 'said.txt';

export type Tested = 'passed' | 'failed' | 'too-slow';

export class Workbench {
  readonly #folder: string;
  readonly #children = new Set<ChildProcess>();

  constructor() {
    this.#folder = mkdtempSync(join(tmpdir(), 'zoneferry-mutate-'));
    // Some tests become a user without rights, who is to come through.
    chmodSync(this.#folder, 0o755);
    symlinkSync(join(root, 'node_modules'), join(this.#folder, 'node_modules'));
    mkdirSync(join(this.#folder, '.tmp'));
    for (const name of BESIDE) cpSync(join(root, name), join(this.#folder, name), { recursive: true });
    for (const name of COMPILED) this.#compile(name);
    writeFileSync(join(this.#folder, 'same-examples.mjs'), SAME_EXAMPLES);
  }

  #compile(path: string): void {
    mkdirSync(join(this.#folder, path), { recursive: true });
    for (const entry of readdirSync(join(root, path), { withFileTypes: true })) {
      const inside = join(path, entry.name);
      if (entry.isDirectory()) this.#compile(inside);
      else if (entry.name.endsWith('.ts')) this.put(inside, readFileSync(join(root, inside), 'utf8'));
      else cpSync(join(root, inside), join(this.#folder, inside));
    }
  }

  /** Takes the text of a TypeScript file, and keeps it as JavaScript under the name that others import it by. */
  put(file: string, text: string): void {
    const { code } = transformSync(text, { loader: 'ts', format: 'esm', target: 'node20' });
    const named = code.replace(/(["'])(\.{1,2}\/[^"'\n]*)\.ts\1/g, '$1$2.js$1');
    writeFileSync(join(this.#folder, file.replace(/\.ts$/, '.js')), named);
  }

  test(specs: readonly string[], limitMs: number): Promise<Tested> {
    const globs = specs.map(spec => (spec.endsWith('.ts') ? spec.replace(/\.ts$/, '.js') : `${spec}/**/*.test.js`));
    // A test that waits for ever has been waited for long enough before all of them have had their time.
    const words = ['--no-config', '--bail', '--reporter', 'dot', '--timeout', String(Math.ceil(limitMs / 4))];
    const mocha = [join(root, 'node_modules/mocha/bin/mocha.js'), ...words, '--require', './same-examples.mjs'];
    const said = openSync(join(this.#folder, SAID), 'w');
    return new Promise(done => {
      const child = spawn(process.execPath, [...mocha, ...globs], {
        cwd: this.#folder,
        env: { ...process.env, LAWS: 'few', TMPDIR: join(this.#folder, '.tmp') },
        stdio: ['ignore', said, said],
        detached: true,
      });
      closeSync(said);
      this.#children.add(child);
      let late = false;
      const timer = setTimeout(() => {
        late = true;
        end(child);
      }, limitMs);
      child.on('close', code => {
        clearTimeout(timer);
        this.#children.delete(child);
        done(late ? 'too-slow' : code === 0 ? 'passed' : 'failed');
      });
    });
  }

  /** Of the tests that ran last: what failed, and how. */
  said(): string {
    return readFileSync(join(this.#folder, SAID), 'utf8').replace(/^[^]*?(?= +\d+ passing)/, '');
  }

  /** Leaves nothing behind, neither processes nor files. */
  clear(): void {
    for (const child of this.#children) end(child);
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

function end(child: ChildProcess): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  } catch {
    // It has just ended by itself.
  }
}

/** The compiler's other complaints are off: that a branch is never taken is for a test to notice. */
const TYPES_ALONE = ['--allowUnreachableCode', 'true', '--noUnusedLocals', 'false', '--noUnusedParameters', 'false'];

/** What the types alone refuse, no test needs to catch. */
export class TypeBench {
  readonly #folder: string;

  constructor() {
    this.#folder = mkdtempSync(join(tmpdir(), 'zoneferry-mutate-'));
    symlinkSync(join(root, 'node_modules'), join(this.#folder, 'node_modules'));
    for (const name of ['src', 'tsconfig.json', 'package.json'])
      cpSync(join(root, name), join(this.#folder, name), { recursive: true });
  }

  refuses(file: string, text: string): boolean {
    const path = join(this.#folder, file);
    const before = readFileSync(path, 'utf8');
    writeFileSync(path, text);
    const tsc = join(root, 'node_modules/typescript-7/bin/tsc');
    const { status } = spawnSync(process.execPath, [tsc, '--noEmit', ...TYPES_ALONE], {
      cwd: this.#folder,
      stdio: 'ignore',
    });
    writeFileSync(path, before);
    return status !== 0;
  }

  clear(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
