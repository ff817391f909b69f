// What a file tree is made of. Directories of a cloned tree are copied when first looked into, file bytes when first
// changed, so a thousand hosts share one template. Knows nothing of paths, mounts or permissions (see vfs.ts).

interface Meta {
  readonly ino: number;
  mode: number;
  uid: number;
  gid: number;
  mtime: number;
}

export interface FileNode extends Meta {
  readonly kind: 'file';
  /** Room; only the first `size` bytes count. */
  bytes: Uint8Array;
  size: number;
  /** True when another tree may hold the same bytes: copy before changing them in place. */
  isShared: boolean;
}

export interface DirNode extends Meta {
  readonly kind: 'dir';
  entries: Map<string, FsNode> | null;
  /** Where the entries come from while `entries` is null. Never changes again: a template, or a copy made for this. */
  source: DirNode | null;
}

export interface LinkNode extends Meta {
  readonly kind: 'link';
  readonly target: string;
}

export interface DeviceNode extends Meta {
  readonly kind: 'device';
  readonly device: 'null' | 'zero' | 'tty';
}

export type FsNode = FileNode | DirNode | LinkNode | DeviceNode;

let inodes = 2;

export const NO_BYTES = new Uint8Array(0);

function meta(mode: number, uid: number, now: number): Meta {
  return { ino: ++inodes, mode, uid, gid: uid === 0 ? 0 : 10, mtime: now };
}

export function makeFile(mode: number, uid: number, now: number): FileNode {
  return { kind: 'file', ...meta(mode, uid, now), bytes: NO_BYTES, size: 0, isShared: false };
}

export function makeDir(mode: number, uid: number, now: number): DirNode {
  return { kind: 'dir', ...meta(mode, uid, now), entries: new Map(), source: null };
}

export function makeLink(target: string, uid: number, now: number): LinkNode {
  return { kind: 'link', ...meta(0o777, uid, now), target };
}

export function makeDevice(device: DeviceNode['device']): DeviceNode {
  return { kind: 'device', ...meta(0o666, 0, 0), device };
}

function copyOf(node: FsNode): FsNode {
  switch (node.kind) {
    case 'file':
      node.isShared = true;
      return { ...node, ino: ++inodes, bytes: node.bytes.subarray(0, node.size), isShared: true };
    case 'dir':
      return lazyCopy(node);
    case 'link':
    case 'device':
      return { ...node, ino: ++inodes };
  }
}

/** A copy whose entries are made on first sight. Only of a tree that never changes again. */
export function lazyCopy(dir: DirNode): DirNode {
  const source = dir.entries === null ? dir.source : dir;
  return { ...dir, ino: ++inodes, entries: null, source };
}

/** A copy of a tree that lives on: what it has looked into is copied now, the rest stays with the template. */
export function deepCopy(dir: DirNode): DirNode {
  if (dir.entries === null) return lazyCopy(dir);
  const entries = new Map<string, FsNode>();
  for (const [name, node] of dir.entries) entries.set(name, node.kind === 'dir' ? deepCopy(node) : copyOf(node));
  return { ...dir, ino: ++inodes, entries, source: null };
}

export function entriesOf(dir: DirNode): Map<string, FsNode> {
  if (dir.entries !== null) return dir.entries;
  const entries = new Map<string, FsNode>();
  if (dir.source !== null) for (const [name, node] of entriesOf(dir.source)) entries.set(name, copyOf(node));
  dir.entries = entries;
  dir.source = null;
  return entries;
}

export function bytesOf(file: FileNode): Uint8Array {
  return file.bytes.subarray(0, file.size);
}

function makeRoom(file: FileNode, size: number): void {
  if (size <= file.bytes.length && !file.isShared) return;
  const room = new Uint8Array(size <= file.bytes.length ? file.bytes.length : Math.max(64, size * 2));
  room.set(bytesOf(file));
  file.bytes = room;
  file.isShared = false;
}

export function writeAt(file: FileNode, at: number, bytes: Uint8Array): void {
  const end = at + bytes.length;
  makeRoom(file, Math.max(end, file.size));
  if (at > file.size) file.bytes.fill(0, file.size, at);
  file.bytes.set(bytes, at);
  file.size = Math.max(file.size, end);
}

export function truncate(file: FileNode, size: number): void {
  if (size > file.size) {
    makeRoom(file, size);
    file.bytes.fill(0, file.size, size);
  } else if (size === 0) {
    file.bytes = NO_BYTES;
    file.isShared = false;
  }
  file.size = size;
}

/** The whole content at once; the array must not be changed afterwards. */
export function replaceBytes(file: FileNode, bytes: Uint8Array): void {
  file.bytes = bytes;
  file.size = bytes.length;
  file.isShared = true;
}
