// One host's name space: a root tree with other trees mounted in it, and walking a path through both. Programs that
// the world registers appear as executable files. Permissions are checked here for searching; the rest is view.ts.
import { FileError } from './file-error.ts';
import type { DirNode, FsNode } from './nodes.ts';
import { entriesOf, makeDir, makeFile } from './nodes.ts';

export interface Who {
  readonly uid: number;
}

/** Where a path leads: the directory that holds it, the last name, and what is there (null: nothing yet). */
export interface Place {
  readonly dir: DirNode;
  readonly name: string;
  readonly node: FsNode | null;
  /** Absolute, without symbolic links (but for a last one that wasn't followed). */
  readonly path: string;
}

export type Want = 'r' | 'w' | 'x';

const BITS: Readonly<Record<Want, number>> = { r: 4, w: 2, x: 1 };
const MOST_LINKS = 20;

export function mayDo(node: FsNode, who: Who, want: Want): boolean {
  if (who.uid === 0) return want !== 'x' || node.kind === 'dir' || (node.mode & 0o111) !== 0;
  const shift = node.uid === who.uid ? 6 : 0;
  return ((node.mode >> shift) & BITS[want]) !== 0;
}

export function absolute(path: string, cwd: string): string {
  return path.startsWith('/') ? path : `${cwd}/${path}`;
}

interface Step {
  readonly name: string;
  readonly node: FsNode;
}

export interface WalkOptions {
  readonly who: Who;
  /** Whether a symbolic link at the end is followed. */
  readonly follow: boolean;
}

export class Vfs {
  private root: DirNode;
  private readonly mounts = new Map<DirNode, DirNode>();
  private readonly programs: ReadonlyMap<string, unknown>[];
  private isOn = true;
  private readonly phantoms = new Map<string, FsNode>();
  readonly now: () => number;

  constructor(root: DirNode, programs: ReadonlyMap<string, unknown>[], now: () => number) {
    this.root = root;
    this.programs = programs;
    this.now = now;
  }

  /** Mounts a tree over a directory, which is made when it is missing. */
  mount(path: string, tree: DirNode): void {
    this.mounts.set(this.makePath(path), tree);
  }

  /** While the power is off every call fails. */
  power(isOn: boolean): void {
    this.isOn = isOn;
  }

  /** Forgets the mounts and takes another root. */
  setRoot(root: DirNode): void {
    this.root = root;
    this.mounts.clear();
  }

  get top(): DirNode {
    return this.root;
  }

  /** Makes every missing directory of an absolute path, as root. */
  makePath(path: string): DirNode {
    let dir = this.over(this.root);
    for (const name of path.split('/')) {
      if (name === '') continue;
      const next = entriesOf(dir).get(name);
      if (next?.kind === 'dir') dir = this.over(next);
      else {
        const made = makeDir(0o755, 0, this.now());
        entriesOf(dir).set(name, made);
        dir = made;
      }
    }
    return dir;
  }

  walk(path: string, { who, follow }: WalkOptions): Place {
    if (!this.isOn) throw new FileError('EIO', path);
    if (path === '' || !path.startsWith('/')) throw new FileError('ENOENT', path);
    const stack: Step[] = [{ name: '', node: this.over(this.root) }];
    const todo = path.split('/').reverse();
    let links = 0;
    for (let name = todo.pop(); name !== undefined; name = todo.pop()) {
      if (name === '' || name === '.') continue;
      if (name === '..') {
        if (stack.length > 1) stack.pop();
        continue;
      }
      const dir = this.searchable(stack, who, path);
      const node = this.child(dir, name, stack);
      const isLast = todo.every(rest => rest === '' || rest === '.');
      if (node === null) {
        if (!isLast) throw new FileError('ENOENT', path);
        return { dir, name, node: null, path: pathOf([...stack, { name, node: dir }]) };
      }
      if (node.kind === 'link' && (!isLast || follow || todo.length > 0)) {
        if (++links > MOST_LINKS) throw new FileError('ELOOP', path);
        if (node.target.startsWith('/')) stack.length = 1;
        todo.push(...node.target.split('/').reverse());
        continue;
      }
      stack.push({ name, node });
    }
    return this.placeOf(stack, path);
  }

  /** What is in a directory, programs of the world included. */
  namesIn(place: Place): readonly string[] {
    if (place.node?.kind !== 'dir') throw new FileError('ENOTDIR', place.path);
    const names = new Set(entriesOf(place.node).keys());
    const prefix = place.path === '/' ? '/' : `${place.path}/`;
    for (const programs of this.programs) {
      for (const path of programs.keys()) {
        if (path.startsWith(prefix) && !path.slice(prefix.length).includes('/')) names.add(path.slice(prefix.length));
      }
    }
    return [...names].sort();
  }

  isMountPoint(node: FsNode): boolean {
    for (const [point, tree] of this.mounts) if (node === point || node === tree) return true;
    return false;
  }

  /** The mounted tree a place is in, as an identity to compare: renaming from one to another doesn't work. */
  deviceOf(path: string): DirNode {
    let device = this.root;
    let dir = this.root;
    for (const name of path.split('/')) {
      if (name === '') continue;
      const next = entriesOf(dir).get(name);
      if (next?.kind !== 'dir') break;
      dir = this.over(next);
      if (dir !== next) device = dir;
    }
    return device;
  }

  private over(dir: DirNode): DirNode {
    return this.mounts.get(dir) ?? dir;
  }

  private searchable(stack: readonly Step[], who: Who, path: string): DirNode {
    const dir = stack[stack.length - 1]?.node;
    if (dir?.kind !== 'dir') throw new FileError('ENOTDIR', path);
    if (!mayDo(dir, who, 'x')) throw new FileError('EACCES', path);
    return dir;
  }

  private child(dir: DirNode, name: string, stack: readonly Step[]): FsNode | null {
    const node = entriesOf(dir).get(name);
    if (node !== undefined) return node.kind === 'dir' ? this.over(node) : node;
    return this.phantom(pathOf([...stack, { name, node: dir }]));
  }

  private phantom(path: string): FsNode | null {
    if (!this.programs.some(programs => programs.has(path))) return null;
    const known = this.phantoms.get(path);
    if (known !== undefined) return known;
    const node = makeFile(0o555, 0, 0);
    this.phantoms.set(path, node);
    return node;
  }

  private placeOf(stack: readonly Step[], path: string): Place {
    const last = stack[stack.length - 1];
    const above = stack[stack.length - 2]?.node ?? this.over(this.root);
    if (last === undefined || above.kind !== 'dir') throw new FileError('ENOTDIR', path);
    if (/[^/]\/+$/.test(path) && last.node.kind !== 'dir') throw new FileError('ENOTDIR', path);
    return { dir: above, name: last.name, node: last.node, path: pathOf(stack) };
  }
}

function pathOf(stack: readonly Step[]): string {
  const path = stack.map(step => step.name).join('/');
  return path === '' ? '/' : path;
}
