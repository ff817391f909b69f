// `zoneferry lab`: the simulated fleet is a package and a process of its own. This only finds it, starts it with the
// same words, and keeps it company: when this process goes away the lab ends, unless it was started with --detach.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { EXIT } from './exit.ts';

const PACKAGE = 'zoneferry-lab';
const HOW_TO_GET_IT = `the lab is a package of its own and isn't here; \`npm install ${PACKAGE}\` brings it`;

/** Arguments for node that start the lab; null when it isn't installed. */
export function labProgram(from: string): readonly string[] | null {
  const require = createRequire(from);
  const manifest = placeOf(require, `${PACKAGE}/package.json`);
  if (manifest === null) return null;
  const dir = dirname(manifest);
  const built = join(dir, 'dist', 'main.js');
  const source = join(dir, 'main.ts');
  if (!existsSync(source)) return existsSync(built) ? [built] : null;
  // Only a checkout has the source, and with it the loader
  const loader = placeOf(require, 'tsx');
  return loader === null ? [source] : ['--import', pathToFileURL(loader).href, source];
}

function placeOf(require: NodeJS.Require, name: string): string | null {
  try {
    return require.resolve(name);
  } catch {
    return null;
  }
}

/** @returns the exit status of the lab's own program */
export async function lab(args: readonly string[]): Promise<number> {
  const program = labProgram(import.meta.url);
  if (program === null) {
    process.stderr.write(`zoneferry lab: ${HOW_TO_GET_IT}\n`);
    return EXIT.wrong;
  }
  const child = spawn(process.execPath, [...program, ...args], { stdio: ['inherit', 'inherit', 'inherit', 'ipc'] });
  // A terminal sends Ctrl-C to both; any other signal came only to us
  const pass = (signal: NodeJS.Signals): void => void child.kill(signal);
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, pass);
  const status = await new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', code => resolve(code ?? EXIT.interrupted));
  });
  for (const signal of signals) process.off(signal, pass);
  return status;
}
