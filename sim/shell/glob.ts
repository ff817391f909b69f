// Pathname expansion: the names that match a pattern, sorted as in the C locale.
import type { FileView } from '../os/view.ts';
import { hasWildcard, matches, unescapePattern } from './pattern.ts';

export function globbed(files: FileView, pattern: string): readonly string[] {
  const isAbsolute = pattern.startsWith('/');
  const steps = pattern.split('/').filter(step => step !== '');
  const isDirOnly = pattern.endsWith('/');
  let found = [isAbsolute ? '/' : ''];
  for (const [i, step] of steps.entries()) {
    const isLast = i === steps.length - 1;
    found = found.flatMap(base => next(files, base, step).filter(path => isLast || isDir(files, path)));
  }
  const names = isDirOnly ? found.filter(path => isDir(files, path)).map(path => `${path}/`) : found;
  return names.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}

function next(files: FileView, base: string, step: string): string[] {
  const at = (name: string): string => (base === '' || base === '/' ? base + name : `${base}/${name}`);
  if (!hasWildcard(step)) {
    const path = at(unescapePattern(step));
    return exists(files, path) ? [path] : [];
  }
  const shown = (name: string): boolean => !name.startsWith('.') || step.startsWith('.') || step.startsWith('\\.');
  return list(files, base === '' ? '.' : base)
    .filter(name => shown(name) && matches(name, step))
    .map(at);
}

function list(files: FileView, dir: string): readonly string[] {
  try {
    return files.list(dir);
  } catch {
    return [];
  }
}

function exists(files: FileView, path: string): boolean {
  try {
    files.lstat(path);
    return true;
  } catch {
    return false;
  }
}

function isDir(files: FileView, path: string): boolean {
  return files.find(path)?.node?.kind === 'dir';
}
