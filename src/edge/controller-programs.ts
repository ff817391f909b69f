// Programs on the controller, started without a shell and ended with all that they started when their time is up. What
// they print is for others.
import { spawn } from 'node:child_process';
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Programs, Ran } from '../model/ports.ts';

/** More than any inventory: what comes behind it is cut. */
const MOST_OUTPUT = 256 * 1024 * 1024;

export function controllerPrograms(): Programs {
  return { executable, run };
}

async function executable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function run(path: string, words: readonly string[], limitMs: number): Promise<Ran> {
  return new Promise(done => {
    // A group of its own, so that its children end with it.
    const child = spawn(resolve(path), [...words], { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    const out = gathered(child.stdout);
    const err = gathered(child.stderr);
    let late = false;
    const limit = setTimeout(() => {
      late = true;
      endGroup(child.pid);
    }, limitMs);
    child.on('error', error => {
      clearTimeout(limit);
      done({ is: 'not-started', why: error.message });
    });
    child.on('close', (code, signal) => {
      clearTimeout(limit);
      const printed = { out: out(), err: err() };
      if (late) done({ is: 'timed-out', ...printed });
      else if (code !== null) done({ is: 'exited', code, ...printed });
      else done({ is: 'signalled', signal: signal ?? 'a signal', ...printed });
    });
  });
}

function gathered(stream: NodeJS.ReadableStream): () => string {
  const pieces: Buffer[] = [];
  let size = 0;
  stream.on('data', (piece: Buffer) => {
    size += piece.length;
    if (size <= MOST_OUTPUT) pieces.push(piece);
  });
  return () => Buffer.concat(pieces).toString('utf8');
}

function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended by itself in between.
  }
}
