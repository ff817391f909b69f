// The file tree as one user sees it: permissions, umask, relative paths. All calls are immediate and throw FileError.
// Processes have one each (proc.files); the SFTP server gets one from machineFiles().
import { FileError } from './file-error.ts';
import type { FileNode, FsNode } from './nodes.ts';
import { bytesOf, entriesOf, makeDir, makeFile, makeLink, NO_BYTES, replaceBytes, truncate, writeAt } from './nodes.ts';
import type { ProcFiles } from './program.ts';
import type { Place, Vfs, Want } from './vfs.ts';
import { absolute, mayDo } from './vfs.ts';

export interface Stat {
  readonly kind: FsNode['kind'];
  /** Permission bits only. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly size: number;
  /** Epoch milliseconds of the host's clock. */
  readonly mtime: number;
  readonly ino: number;
}

export interface OpenFlags {
  readonly read?: boolean;
  readonly write?: boolean;
  readonly append?: boolean;
  readonly create?: boolean;
  readonly truncate?: boolean;
  readonly exclusive?: boolean;
}

/** Whose eyes: cwd and umask are read at each call, so a process may change them. */
export interface Viewer {
  readonly uid: number;
  readonly cwd: string;
  readonly umask: number;
}

function statOf(node: FsNode): Stat {
  const size = node.kind === 'file' ? node.size : node.kind === 'link' ? node.target.length : 512;
  const { kind, mode, uid, gid, mtime, ino } = node;
  return { kind, mode, uid, gid, size, mtime, ino };
}

const ENCODER = new TextEncoder();

export class FileView implements ProcFiles {
  readonly vfs: Vfs;
  private readonly viewer: Viewer;

  constructor(vfs: Vfs, viewer: Viewer) {
    this.vfs = vfs;
    this.viewer = viewer;
  }

  read(path: string): Uint8Array {
    const node = this.open(path, { read: true });
    return node.kind === 'file' ? bytesOf(node).slice() : NO_BYTES;
  }

  /** Replaces the file or makes it. */
  write(path: string, bytes: Uint8Array | string, mode = 0o666): void {
    const node = this.open(path, { write: true, create: true }, mode);
    if (node.kind !== 'file') return;
    replaceBytes(node, typeof bytes === 'string' ? ENCODER.encode(bytes) : bytes.slice());
    node.mtime = this.vfs.now();
  }

  exists(path: string): boolean {
    return (this.find(path)?.node ?? null) !== null;
  }

  list(dir: string): readonly string[] {
    const place = this.must(dir, true);
    this.check(place, 'r', dir);
    return this.vfs.namesIn(place);
  }

  stat(path: string): Stat {
    return statOf(this.node(path, true));
  }

  lstat(path: string): Stat {
    return statOf(this.node(path, false));
  }

  /** As access(2): a missing file is simply false. */
  may(path: string, want: Want): boolean {
    const node = this.find(path)?.node ?? null;
    return node !== null && mayDo(node, this.viewer, want);
  }

  /** The file's node, for descriptors. Directories can be opened for reading only. */
  open(path: string, flags: OpenFlags, mode = 0o666): FsNode {
    let place = this.place(path, flags.exclusive !== true);
    if (place.node === null && flags.create === true) place = { ...place, node: this.create(place, path, mode) };
    else if (place.node !== null && flags.exclusive === true) throw new FileError('EEXIST', path);
    const { node } = place;
    if (node === null) throw new FileError('ENOENT', path);
    if (node.kind === 'dir' && flags.write === true) throw new FileError('EISDIR', path);
    if (flags.read === true) this.check(place, 'r', path);
    if (flags.write === true && !place.path.startsWith('/dev/')) this.check(place, 'w', path);
    if (node.kind === 'file' && flags.truncate === true) {
      truncate(node, 0);
      node.mtime = this.vfs.now();
    }
    return node;
  }

  mkdir(path: string, mode = 0o777): void {
    const place = this.place(path, false);
    if (place.node !== null) throw new FileError('EEXIST', path);
    this.mayChange(place, path);
    entriesOf(place.dir).set(place.name, makeDir(mode & ~this.viewer.umask, this.viewer.uid, this.vfs.now()));
    this.touched(place);
  }

  rmdir(path: string): void {
    const place = this.must(path, false);
    if (place.node?.kind !== 'dir') throw new FileError('ENOTDIR', path);
    if (this.vfs.isMountPoint(place.node)) throw new FileError('EBUSY', path);
    if (entriesOf(place.node).size > 0) throw new FileError('EEXIST', path);
    this.mayChange(place, path);
    entriesOf(place.dir).delete(place.name);
    this.touched(place);
  }

  /** Removes a file or a link. Open descriptors keep the content. */
  unlink(path: string): void {
    const place = this.must(path, false);
    if (place.node?.kind === 'dir') throw new FileError('EPERM', path);
    this.mayChange(place, path);
    entriesOf(place.dir).delete(place.name);
    this.touched(place);
  }

  rename(from: string, to: string): void {
    const source = this.must(from, false);
    const target = this.place(to, false);
    if (source.node === null || source.node === target.node) return;
    if (this.vfs.isMountPoint(source.node)) throw new FileError('EBUSY', from);
    if (this.vfs.deviceOf(source.path) !== this.vfs.deviceOf(target.path)) throw new FileError('EXDEV', from);
    if (`${target.path}/`.startsWith(`${source.path}/`)) throw new FileError('EINVAL', from);
    this.mayChange(source, from);
    this.mayChange(target, to);
    if (target.node !== null) checkReplace(source.node, target.node, to);
    entriesOf(source.dir).delete(source.name);
    entriesOf(target.dir).set(target.name, source.node);
    this.touched(source);
    this.touched(target);
  }

  symlink(target: string, path: string): void {
    const place = this.fresh(path);
    entriesOf(place.dir).set(place.name, makeLink(target, this.viewer.uid, this.vfs.now()));
    this.touched(place);
  }

  link(from: string, path: string): void {
    const node = this.node(from, false);
    if (node.kind === 'dir') throw new FileError('EPERM', from);
    const place = this.fresh(path);
    entriesOf(place.dir).set(place.name, node);
    this.touched(place);
  }

  readlink(path: string): string {
    const node = this.node(path, false);
    if (node.kind !== 'link') throw new FileError('EINVAL', path);
    return node.target;
  }

  realpath(path: string): string {
    return this.must(path, true).path;
  }

  chmod(path: string, mode: number): void {
    const node = this.owned(path);
    node.mode = mode & 0o7777;
  }

  chown(path: string, uid: number, gid: number): void {
    const node = this.owned(path);
    node.uid = uid;
    node.gid = gid;
  }

  utimes(path: string, mtime: number): void {
    this.owned(path).mtime = mtime;
  }

  truncate(path: string, size: number): void {
    const node = this.open(path, { write: true });
    if (node.kind === 'file') truncate(node, size);
  }

  /** Where the path leads, or null when it leads nowhere at all. */
  find(path: string): Place | null {
    try {
      return this.place(path, true);
    } catch (error) {
      if (error instanceof FileError) return null;
      throw error;
    }
  }

  place(path: string, follow: boolean): Place {
    if (path === '') throw new FileError('ENOENT', path);
    try {
      return this.vfs.walk(absolute(path, this.viewer.cwd), { who: this.viewer, follow });
    } catch (error) {
      // the caller's own words, not the absolute path
      throw error instanceof FileError ? new FileError(error.code, path) : error;
    }
  }

  private must(path: string, follow: boolean): Place {
    const place = this.place(path, follow);
    if (place.node === null) throw new FileError('ENOENT', path);
    return place;
  }

  private node(path: string, follow: boolean): FsNode {
    const { node } = this.place(path, follow);
    if (node === null) throw new FileError('ENOENT', path);
    return node;
  }

  private owned(path: string): FsNode {
    const node = this.node(path, true);
    if (this.viewer.uid !== 0 && node.uid !== this.viewer.uid) throw new FileError('EPERM', path);
    return node;
  }

  private fresh(path: string): Place {
    const place = this.place(path, false);
    if (place.node !== null) throw new FileError('EEXIST', path);
    this.mayChange(place, path);
    return place;
  }

  private create(place: Place, path: string, mode: number): FileNode {
    this.mayChange(place, path);
    const node = makeFile(mode & ~this.viewer.umask, this.viewer.uid, this.vfs.now());
    entriesOf(place.dir).set(place.name, node);
    this.touched(place);
    return node;
  }

  private check(place: Place, want: Want, path: string): void {
    if (place.node !== null && !mayDo(place.node, this.viewer, want)) throw new FileError('EACCES', path);
  }

  /** May entries of the directory be made or removed: write permission, and under a sticky one only what is yours. */
  private mayChange(place: Place, path: string): void {
    const { uid } = this.viewer;
    if (!mayDo(place.dir, this.viewer, 'w')) throw new FileError('EACCES', path);
    const isSticky = (place.dir.mode & 0o1000) !== 0;
    if (isSticky && uid !== 0 && place.node !== null && place.node.uid !== uid && place.dir.uid !== uid) {
      throw new FileError('EACCES', path);
    }
  }

  private touched(place: Place): void {
    place.dir.mtime = this.vfs.now();
  }
}

function checkReplace(source: FsNode, target: FsNode, path: string): void {
  if (target.kind === 'dir') {
    if (source.kind !== 'dir') throw new FileError('EISDIR', path);
    if (entriesOf(target).size > 0) throw new FileError('EEXIST', path);
  } else if (source.kind === 'dir') throw new FileError('ENOTDIR', path);
}

/** One open file of the SFTP server: reading and writing at any place. */
export class OpenFile {
  private readonly node: FsNode;
  private readonly view: FileView;
  private readonly flags: OpenFlags;
  readonly path: string;

  constructor(view: FileView, path: string, flags: OpenFlags & { readonly mode?: number }) {
    this.node = view.open(path, flags, flags.mode ?? 0o666);
    this.view = view;
    this.flags = flags;
    this.path = path;
  }

  /** At most `length` bytes from `at`; none at the end. */
  read(at: number, length: number): Uint8Array {
    if (this.flags.read !== true) throw new FileError('EBADF', this.path);
    if (this.node.kind === 'dir') throw new FileError('EISDIR', this.path);
    return this.node.kind === 'file' ? bytesOf(this.node).slice(at, at + length) : NO_BYTES;
  }

  write(at: number, bytes: Uint8Array): void {
    if (this.flags.write !== true) throw new FileError('EBADF', this.path);
    if (this.node.kind !== 'file') return;
    writeAt(this.node, this.flags.append === true ? this.node.size : at, bytes);
    this.node.mtime = this.view.vfs.now();
  }

  stat(): Stat {
    return statOf(this.node);
  }

  setstat(change: { readonly mode?: number; readonly mtime?: number; readonly size?: number }): void {
    if (change.mode !== undefined) this.node.mode = change.mode & 0o7777;
    if (change.size !== undefined && this.node.kind === 'file') truncate(this.node, change.size);
    if (change.mtime !== undefined) this.node.mtime = change.mtime;
  }
}
