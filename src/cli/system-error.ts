// Errors that this machine gives, and nobody's code: no room, no right, no such folder. They are no bug.

export function isOfTheSystem(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error && 'code' in error && /^E[A-Z0-9]+$/.test(String(error.code));
}
