// The program as it is started: through a link in a `bin` folder, as npm and npx do, and what it loads for what.
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, realpathSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect } from 'chai';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  readonly version: string;
  readonly bin: { readonly zoneferry: string };
};
const program = join(root, manifest.bin.zoneferry);
const start = promisify(execFile);

/** Says each package on standard error as its first module is loaded, in a process that is started with it. */
const HOOKS = `
import { writeSync } from 'node:fs';
export async function load(url, context, next) {
  const [, name] = /.*\\/node_modules\\/((?:@[^/]+\\/)?[^/]+)\\//.exec(url) ?? [];
  if (name !== undefined) writeSync(2, 'LOADED ' + name + '\\n');
  return next(url, context);
}`;
const dataUrl = (code: string): string => `data:text/javascript,${encodeURIComponent(code)}`;
const PROBE = dataUrl(`import { register } from 'node:module'; register(${JSON.stringify(dataUrl(HOOKS))});`);

async function loadedBy(
  ...words: readonly string[]
): Promise<{ readonly out: string; readonly packages: ReadonlySet<string> }> {
  const { stdout, stderr } = await start(process.execPath, ['--import', PROBE, ...words], { cwd: root });
  return { out: stdout, packages: new Set([...stderr.matchAll(/^LOADED (.*)$/gm)].map(([, name]) => name ?? '')) };
}

describe('the program', function () {
  // Programs are started and load what they load, four in one test: nine seconds on two processors with ten others to serve.
  this.timeout(120_000);

  it('is what the package calls zoneferry: npx finds it, a link to it starts it', async () => {
    expect(statSync(program).mode & 0o111).to.equal(0o111);
    const dir = realpathSync(mkdtempSync(join(tmpdir(), 'zf-bin-')));
    try {
      symlinkSync(program, join(dir, 'zoneferry'));
      const { stdout } = await start(join(dir, 'zoneferry'), ['--version'], { cwd: dir });
      expect(stdout).to.equal(`${manifest.version}\n`);
    } finally {
      rmSync(dir, { recursive: true });
    }
  });

  it('loads no package at all to say its version', async () => {
    const { out, packages } = await loadedBy(program, '-V');
    expect(out).to.equal(`${manifest.version}\n`);
    expect([...packages]).to.deep.equal([]);
  });

  it('loads neither SSH nor the live view for --help and check', async () => {
    const seen = await loadedBy('--input-type=module', '-e', "await import('ssh2'); await import('listr2')");
    expect([...seen.packages], 'what would be seen').to.include.members(['ssh2', 'listr2']);
    const [help, check] = await Promise.all([
      loadedBy(program, '--help'),
      loadedBy(program, 'check', 'playbooks/maintain.yml', '-i', 'inventory'),
    ]);
    expect(help.out).to.contain('rollback');
    expect(check.out).to.match(/^ok /);
    for (const { packages } of [help, check]) {
      expect([...packages]).to.include('commander');
      expect([...packages]).to.not.include.members(['ssh2']);
      expect([...packages]).to.not.include.members(['listr2']);
    }
    expect([...help.packages]).to.not.include.members(['yaml']);
  });
});
