// A lab with the seed's two hosts and OpenSSH's own client in front of it. Skips aloud where there is no such client.
import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { labProgram } from '../../src/cli/lab.ts';

interface Ran {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

export interface OpenSsh {
  /** Runs a command line on a host and reads it to its end. */
  ssh(host: string, line: string): Promise<Ran>;
  /** The client's process, for tests that look at it while it runs. */
  start(host: string, line: string): ChildProcess;
  /** Knocks once a second until the host lets it in, at most so often. */
  patient(host: string, line: string, knocks: number): Promise<Ran>;
  /** Logs in, and runs the command line when it is told to go. */
  ready(host: string, line: string): Promise<{ readonly go: () => void; readonly ran: Promise<Ran> }>;
  /** Types lines at a terminal, each after the prompt. */
  type(host: string, lines: readonly string[]): Promise<Ran>;
  /** Gives a script to the login shell. */
  feed(host: string, script: string): Promise<Ran>;
  /** Runs lines of sftp's batch language. */
  sftp(host: string, lines: readonly string[]): Promise<Ran>;
  /** A folder for files of the test. */
  readonly dir: string;
}

const PROGRAMS = ['ssh', 'sftp'];

export function hasOpenSsh(): boolean {
  const missing = PROGRAMS.filter(name => spawnSync(name, ['-V']).error !== undefined);
  if (missing.length > 0)
    process.stderr.write(`skipped: no ${missing.join(', no ')} here; npm run test:debian brings it\n`);
  return missing.length === 0;
}

export function collected(child: ChildProcess): Promise<Ran> {
  const text = { out: '', err: '' };
  child.stdout?.on('data', (piece: Buffer) => (text.out += piece.toString()));
  child.stderr?.on('data', (piece: Buffer) => (text.err += piece.toString()));
  return new Promise(resolve => child.once('close', status => resolve({ status, ...text })));
}

/** Resolves once its words so far fit; rejects when it ends before that. */
export function said(child: ChildProcess, pattern: RegExp): Promise<void> {
  return new Promise((resolve, reject) => {
    let text = '';
    const hear = (piece: Buffer): void => {
      text += piece.toString();
      if (pattern.test(text)) resolve();
    };
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', hear);
    child.once('close', () => reject(new Error(`it ended before it said ${pattern}: ${text}`)));
  });
}

/** Starts the lab of the seed; `stop` ends it and removes its files. */
export async function startSeed(speed: number): Promise<OpenSsh & { readonly stop: () => Promise<void> }> {
  const dir = mkdtempSync(join(tmpdir(), 'zf-openssh-'));
  const labDir = join(dir, 'lab');
  const program = labProgram(fileURLToPath(import.meta.url)) ?? [];
  const words = ['up', '--fleet', 'seed', '--dir', labDir, '--speed', String(speed)];
  const lab = spawn(process.execPath, [...program, ...words], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const died = once(lab, 'exit').then(() => Promise.reject(new Error('the lab did not come up')));
  await Promise.race([once(lab, 'message'), died]);
  died.catch(() => {});
  const { hosts } = parse(readFileSync(join(labDir, 'inventory.yml'), 'utf8')).zonehosts;
  const options = [
    ...['-F', 'none', '-i', join(labDir, 'id_ed25519'), '-o', `UserKnownHostsFile=${join(labDir, 'known_hosts')}`],
    ...['-o', 'BatchMode=yes', '-o', 'IdentitiesOnly=yes', '-o', 'GlobalKnownHostsFile=none', '-o', 'LogLevel=ERROR'],
  ];
  const port = (host: string): string => String(hosts[host].port);
  const start = (host: string, line: string, more: readonly string[] = []): ChildProcess =>
    spawn('ssh', [...options, ...more, '-p', port(host), 'root@127.0.0.1', line], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  return {
    dir,
    start,
    ssh: (host, line) => collected(start(host, line)),
    patient: (host, line, knocks) => collected(start(host, line, ['-o', `ConnectionAttempts=${knocks}`])),
    async ready(host, line) {
      const child = spawn('ssh', [...options, '-T', '-p', port(host), 'root@127.0.0.1', `echo in; read go; ${line}`]);
      const ran = collected(child);
      await said(child, /^in$/m);
      const go = (): void => void child.stdin.end('\n');
      return { go, ran: ran.then(({ out, ...rest }) => ({ ...rest, out: out.replace(/^in\n/, '') })) };
    },
    type(host, lines) {
      const child = spawn('ssh', [...options, '-tt', '-p', port(host), 'root@127.0.0.1']);
      const left = [...lines];
      let seen = '';
      child.stdout.on('data', (piece: Buffer) => {
        seen += piece.toString();
        if (!seen.endsWith('# ')) return;
        seen = '';
        child.stdin.write(`${left.shift() ?? 'exit'}\r`);
      });
      return collected(child);
    },
    feed(host, script) {
      const child = spawn('ssh', [...options, '-T', '-p', port(host), 'root@127.0.0.1']);
      child.stdin.end(script);
      return collected(child);
    },
    sftp(host, lines) {
      const child = spawn('sftp', [...options, '-P', port(host), '-b', '-', 'root@127.0.0.1'], { cwd: dir });
      child.stdin.end(`${lines.join('\n')}\n`);
      return collected(child);
    },
    async stop() {
      const exit = once(lab, 'exit');
      lab.kill();
      await exit;
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
