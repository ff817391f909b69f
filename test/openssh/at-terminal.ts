// The program in a terminal of its own, and somebody who types there when something is said.
import { type ChildProcess, spawn } from 'node:child_process';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { quoteArgv } from '../../src/text/shell.ts';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

export const ENTER = '\r';
export const CTRL_C = '\u0003';

/** What is typed once this was seen, after what was typed before. */
export type Keys = readonly (readonly [RegExp, string])[];

export interface AtTerminal {
  readonly code: number | null;
  /** All that was on the screen, and what was typed there. */
  readonly seen: string;
}

export interface Terminals {
  start(words: readonly string[], state: string, keys: Keys): Promise<AtTerminal>;
}

/** They are closed after each test. */
export function freshTerminals(): Terminals {
  const started: ChildProcess[] = [];
  afterEach(() => started.splice(0).forEach(child => child.kill('SIGKILL')));
  return {
    start(words, state, keys) {
      // A shell that waits beside the program would die of Ctrl-C itself, and its end would be taken for the program's.
      const line = `exec ${quoteArgv([process.execPath, '--import', 'tsx', join(root, 'bin/zoneferry.js'), ...words])}`;
      const { CI: _, ...own } = process.env;
      const env = { ...own, ZONEFERRY_STATE: state, TERM: 'xterm' };
      const child = spawn('script', ['-qec', line, '/dev/null'], {
        cwd: root,
        env,
        stdio: ['pipe', 'pipe', 'inherit'],
      });
      started.push(child);
      let [seen, from] = ['', 0];
      const left = [...keys];
      child.stdout.on('data', (piece: Buffer) => {
        seen += piece.toString();
        const [next] = left;
        if (next === undefined || !next[0].test(seen.slice(from))) return;
        left.shift();
        from = seen.length;
        child.stdin.write(next[1]);
      });
      return new Promise(done => child.on('close', code => done({ code, seen })));
    },
  };
}
