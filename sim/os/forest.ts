// The file trees of one host: a root for each boot environment, trees that all share, trees that a halt empties.
// The template is made once for all hosts; a host copies what it looks into.
import type { DirNode } from './nodes.ts';
import { bytesOf, deepCopy, entriesOf, lazyCopy, makeDevice, makeDir } from './nodes.ts';
import type { Account, Trees } from './program.ts';
import { Vfs } from './vfs.ts';
import { FileView } from './view.ts';

const DIRS = [
  '/dev',
  '/etc/ssh',
  '/etc/default',
  '/etc/zones',
  '/export',
  '/mnt',
  '/opt',
  '/root',
  '/rpool',
  '/system',
  '/usr/bin',
  '/usr/sbin',
  '/usr/lib',
  '/usr/gnu/bin',
  '/usr/xpg4/bin',
  '/usr/share',
  '/var/adm',
  '/var/log',
  '/var/mail',
  '/var/share',
  '/var/tmp',
];
const SHARED = ['/var/share', '/export'];
const VOLATILE = ['/tmp', '/system/volatile'];
const ROOT = { uid: 0, cwd: '/', umask: 0o022 };

function viewOf(root: DirNode): FileView {
  return new FileView(new Vfs(root, [], () => 0), ROOT);
}

let template: DirNode | null = null;

function templateTree(): DirNode {
  if (template !== null) return template;
  const root = makeDir(0o755, 0, 0);
  const view = viewOf(root);
  for (const dir of DIRS) view.vfs.makePath(dir);
  for (const [path, target] of [
    ['/bin', 'usr/bin'],
    ['/sbin', 'usr/sbin'],
    ['/lib', 'usr/lib'],
    ['/var/run', '../system/volatile'],
  ] as const) {
    view.symlink(target, path);
  }
  view.chmod('/var/tmp', 0o1777);
  view.chmod('/root', 0o700);
  const dev = entriesOf(view.vfs.makePath('/dev'));
  for (const device of ['null', 'zero', 'tty'] as const) dev.set(device, makeDevice(device));
  template = root;
  return root;
}

export interface ForestStart {
  readonly root: string;
  readonly hostName: string;
  readonly accounts: readonly Account[];
  readonly files: Readonly<Record<string, string>>;
  readonly programs: ReadonlyMap<string, unknown>[];
  readonly now: () => number;
}

export class Forest implements Trees {
  readonly vfs: Vfs;
  private readonly roots = new Map<string, DirNode>();
  private readonly shared = new Map<string, DirNode>();
  private mounted: string;

  constructor(start: ForestStart) {
    const now = start.now();
    const root = lazyCopy(templateTree());
    this.roots.set(start.root, root);
    this.mounted = start.root;
    for (const path of SHARED) this.shared.set(path, makeDir(0o755, 0, now));
    this.vfs = new Vfs(root, start.programs, start.now);
    this.mount(start.root);
    this.fill(start);
  }

  private fill(start: ForestStart): void {
    const view = new FileView(this.vfs, ROOT);
    for (const account of start.accounts) {
      this.vfs.makePath(account.home);
      view.chown(account.home, account.uid, account.uid === 0 ? 0 : 10);
    }
    const passwd = start.accounts.map(a => `${a.name}:x:${a.uid}:${a.uid === 0 ? 0 : 10}::${a.home}:${a.shell}\n`);
    view.write('/etc/passwd', passwd.join(''), 0o644);
    view.write('/etc/nodename', `${start.hostName}\n`, 0o644);
    for (const [path, text] of Object.entries(start.files)) {
      this.vfs.makePath(path.slice(0, path.lastIndexOf('/')));
      view.write(path, text, text.startsWith('#!') ? 0o755 : 0o644);
    }
  }

  /** Takes a tree as root and mounts the others over it; volatile ones come up empty. */
  mount(name: string): void {
    this.vfs.setRoot(this.rootOf(name));
    this.mounted = name;
    for (const [path, tree] of this.shared) this.vfs.mount(path, tree);
    for (const path of VOLATILE) this.vfs.mount(path, makeDir(path === '/tmp' ? 0o1777 : 0o755, 0, this.vfs.now()));
  }

  private rootOf(name: string): DirNode {
    const root = this.roots.get(name);
    if (root === undefined) throw new Error(`no file tree is called ${name}`);
    return root;
  }

  clone(from: string, to: string): void {
    if (this.roots.has(to)) throw new Error(`a file tree is called ${to} already`);
    this.roots.set(to, deepCopy(this.rootOf(from)));
  }

  drop(name: string): void {
    if (name === this.mounted) throw new Error(`file tree ${name} is the root`);
    this.roots.delete(name);
  }

  read(tree: string, path: string): Uint8Array | null {
    const view = viewOf(this.rootOf(tree));
    const node = view.find(path)?.node;
    return node?.kind === 'file' ? bytesOf(node).slice() : null;
  }

  write(tree: string, path: string, bytes: Uint8Array, mode = 0o644): void {
    const view = viewOf(this.rootOf(tree));
    view.vfs.makePath(path.slice(0, path.lastIndexOf('/')));
    view.write(path, bytes, mode);
  }
}
