// What goes wrong with files and descriptors, with the words the host's C library has for it.

const TEXTS = {
  ENOENT: 'No such file or directory',
  EEXIST: 'File exists',
  ENOTDIR: 'Not a directory',
  EISDIR: 'Is a directory',
  EACCES: 'Permission denied',
  EPERM: 'Not owner',
  ENOTEMPTY: 'Directory not empty',
  EBADF: 'Bad file number',
  ELOOP: 'Number of symbolic links encountered during path name traversal exceeds MAXSYMLINKS',
  EINVAL: 'Invalid argument',
  EXDEV: 'Cross-device link',
  EPIPE: 'Broken pipe',
  EIO: 'I/O error',
  ECONNREFUSED: 'Connection refused',
  ETIMEDOUT: 'Connection timed out',
  EHOSTUNKNOWN: 'node name or service name not known',
  EBUSY: 'Device busy',
  ENOEXEC: 'Exec format error',
} as const;

export type FileCode = keyof typeof TEXTS;

export class FileError extends Error {
  readonly code: FileCode;
  readonly path: string;
  /** The words alone, without the path. */
  readonly reason: string;

  constructor(code: FileCode, path: string) {
    super(`${path}: ${TEXTS[code]}`);
    this.name = 'FileError';
    this.code = code;
    this.path = path;
    this.reason = TEXTS[code];
  }
}
