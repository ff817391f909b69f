// Files of a machine for an SFTP server: `const files = machineFiles(machine, 'root')`, then immediate calls that
// throw FileError (its `code` says which status to answer: ENOENT, EACCES/EPERM, EEXIST, ... ; EIO when the host is down):
//   new OpenFile(files, path, { read, write, append, create, truncate, exclusive, mode }) .read(at, length) .write(at, bytes) .stat() .setstat(..)
//   files.stat(path) .lstat(path) .list(dir) .mkdir(path, mode) .rmdir(path) .unlink(path) .rename(from, to) .symlink(target, path)
//   files.readlink(path) .realpath(path) .chmod(path, mode) .utimes(path, ms) .truncate(path, size)
// Relative paths start at the user's home. SFTP's rename must not replace: ask `files.exists(to)` first; posix-rename replaces.
import type { Machine } from './program.ts';
import { SimMachine } from './machine.ts';
import type { FileView } from './view.ts';

export { FileError } from './file-error.ts';
export { FileView, OpenFile } from './view.ts';

export function machineFiles(machine: Machine, user: string): FileView {
  if (!(machine instanceof SimMachine)) throw new Error(`${machine.name} wasn't made by makeMachine`);
  return machine.files(user);
}
