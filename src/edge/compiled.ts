// Starts a bundle from what V8 made of it at an earlier start: to compile takes longer than most commands do. What is
// kept is never needed, and never trusted further than its owner: it belongs to these very bytes and this very V8, and
// counts only where nobody else can write. Why not otherwise: docs/decisions/compiled-once.md.
import { closeSync, existsSync, fstatSync, fsyncSync, lstatSync, mkdirSync, openSync } from 'node:fs';
import { readdirSync, readFileSync, renameSync, rmSync, type Stats, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import { cachedDataVersionTag } from 'node:v8';
import { Script } from 'node:vm';
import { crc32 } from 'node:zlib';

export interface Compiled {
  /** What the bundle exports; it has run. */
  readonly exports: Exports;
  /** Whether nothing had to be compiled. */
  readonly wasKept: boolean;
  /** For the next start, with all that has been compiled by now. */
  keep(): void;
}

type Exports = Readonly<Record<string, unknown>>;

/** As Node starts a module of the older kind. */
type Bundle = (
  ...given: readonly [exports: Exports, require: NodeJS.Require, module: { readonly exports: Exports }, ...string[]]
) => void;

/** A relative XDG_CACHE_HOME is to be ignored (XDG Base Directory Specification 0.8). null: nothing is to be kept. */
export function cacheFolder(env: Readonly<Record<string, string | undefined>>): string | null {
  // Node's own word for the same wish.
  if (env['NODE_DISABLE_COMPILE_CACHE']) return null;
  const xdg = env['XDG_CACHE_HOME'];
  return join(xdg && isAbsolute(xdg) ? xdg : join(homedir(), '.cache'), 'zoneferry');
}

/** @param path of a bundle in ASCII. @param first of the words it is started with, the command: each compiles another part. */
export function startCompiled(path: string, first: string, folder: string | null): Compiled {
  const bytes = readFileSync(path);
  const word = first.replace(/^-*/, '');
  const name = `${word}-${bytes.length}-${crc32(bytes).toString(16)}-${cachedDataVersionTag().toString(16)}`;
  const mayKeep = folder !== null && /^[a-z]+$/.test(word);
  const cachedData = mayKeep ? ownFile(folder, name) : undefined;
  const script = new Script(
    `(function (exports, require, module, __filename, __dirname) {${bytes.toString('latin1')}\n})`,
    {
      filename: path,
      ...(cachedData ? { cachedData } : {}),
    },
  );
  const module = { exports: {} };
  const run: Bundle = script.runInThisContext();
  run(module.exports, createRequire(path), module, path, dirname(path));
  const wasKept = cachedData !== undefined && script.cachedDataRejected === false;
  return {
    exports: module.exports,
    wasKept,
    keep: () => {
      if (mayKeep && !wasKept) write(folder, name, script.createCachedData());
    },
  };
}

/** In front of what V8 made: its CRC-32, as gzip has it, the lowest byte first. In eight: V8 copies what isn't aligned. */
const CHECKSUM_BYTES = 8;

function checksum(data: Uint8Array): Buffer {
  const sum = Buffer.alloc(CHECKSUM_BYTES);
  sum.writeUInt32LE(crc32(data));
  return sum;
}

const isOurs = ({ uid, mode }: Stats): boolean => uid === process.getuid?.() && (mode & 0o022) === 0;

/** Whoever writes there decides what this process does. */
const isOwnFolder = (folder: string): boolean => {
  const found = lstatSync(folder);
  return found.isDirectory() && isOurs(found);
};

/** undefined where there is none, where it could be another's word, and where a bit of it has turned: V8 doesn't look. */
function ownFile(folder: string, name: string): Buffer | undefined {
  try {
    if (!isOwnFolder(folder)) return undefined;
    const file = openSync(join(folder, name), 'r');
    try {
      if (!isOurs(fstatSync(file))) return undefined;
      const kept = readFileSync(file);
      const data = kept.subarray(CHECKSUM_BYTES);
      return kept.subarray(0, CHECKSUM_BYTES).equals(checksum(data)) ? data : undefined;
    } finally {
      closeSync(file);
    }
  } catch {
    return undefined;
  }
}

/** One for each word: that of an older bundle goes. On disk before it has its name, so that a power cut leaves no half. */
function write(folder: string, name: string, data: Buffer): void {
  try {
    for (const one of [dirname(folder), folder]) if (!existsSync(one)) mkdirSync(one, { mode: 0o700 });
    if (!isOwnFolder(folder)) return;
    const temporary = join(folder, `${name}.${process.pid}.${Date.now()}`);
    const file = openSync(temporary, 'wx', 0o600);
    try {
      writeFileSync(file, Buffer.concat([checksum(data), data]));
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, join(folder, name));
    const word = name.slice(0, name.indexOf('-') + 1);
    for (const old of readdirSync(folder)) if (old.startsWith(word) && old !== name) rmSync(join(folder, old));
  } catch {
    // A command has done what it was to do, whether or not the next one starts sooner.
  }
}
