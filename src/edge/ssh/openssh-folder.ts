// The private folder of control sockets, and who clears it away: a shell that waits until this process is gone, in
// whatever way, and then ends every master that is still there. A master has no standard input to notice that by itself.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * A socket's path has room for 104 bytes on some systems, and ssh binds a longer name first (a dot and 16 letters).
 * ssh reads % and ${} in it; a folder with those, or a long one, is passed over.
 */
const FITS = /^[^%$"\s]{1,64}$/;

/**
 * With the folder renamed a master that is just logging in can't make its socket, and ends by itself; the others are
 * told to, by their sockets: there is no process number that could be somebody else's by now.
 */
const CLEAR_AWAY = `cat >/dev/null
mv "$1" "$1.gone" || exit 0
for socket in "$1.gone"/*; do ssh -F none -S "$socket" -O exit gone; done
rm -rf "$1.gone"`;

interface Open {
  readonly path: string;
  readonly watch: ChildProcess;
}

/** Opened for the first that enters, cleared away when the last has left. */
export class ControlFolder {
  #inside = 0;
  #sockets = 0;
  #open: Promise<Open> | null = null;

  /** @returns a path for one socket. @throws when there is no folder for it */
  async enter(): Promise<string> {
    this.#inside += 1;
    this.#open ??= opened();
    try {
      const { path } = await this.#open;
      this.#sockets += 1;
      return join(path, String(this.#sockets));
    } catch (error) {
      this.leave();
      throw error;
    }
  }

  /** Once for each that entered. */
  leave(): void {
    this.#inside -= 1;
    if (this.#inside > 0) return;
    const open = this.#open;
    this.#open = null;
    void open?.then(
      ({ watch }) => watch.stdin?.end(),
      () => undefined,
    );
  }
}

async function opened(): Promise<Open> {
  const path = await privateFolder();
  // In a session of its own: what a terminal sends to everybody in the foreground isn't for it.
  const watch = spawn('/bin/sh', ['-c', CLEAR_AWAY, 'sh', path], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  watch.on('error', () => undefined);
  watch.stdin.on('error', () => undefined);
  watch.unref();
  return { path, watch };
}

async function privateFolder(): Promise<string> {
  const roots = [process.env['XDG_RUNTIME_DIR'] ?? '', tmpdir(), '/tmp'].filter(root => FITS.test(root));
  for (const root of roots.slice(0, -1)) {
    const made = await mkdtemp(join(root, 'zf-')).catch(() => null);
    if (made !== null) return made;
  }
  return mkdtemp('/tmp/zf-');
}
