// The journal as JSON Lines: the very lines of the file, secrets sealed. The last one is `run-ended` with the verdict.
import type { Stamped } from '../model/event.ts';

export function jsonLine(line: Stamped): string {
  return `${JSON.stringify(line)}\n`;
}
