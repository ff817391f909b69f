// `pkg history`: which operations made which boot environments. The one way to tell an updated clone from a mere copy
// without mounting it.
import { type Command, type Finished, ok, type Reading, unreadable } from '../model/command.ts';
import { look, rows } from './reading.ts';

export interface Operation {
  readonly operation: string;
  /** Succeeded, Ignored, Canceled, Failed. */
  readonly outcome: string;
  /** The boot environment it made; empty when none, or when it is gone. */
  readonly madeBe: string;
  /** Empty where the release doesn't keep it. */
  readonly command: string;
}

/** The newest operations. */
export function history(count: number): Command<readonly Operation[]> {
  const columns = 'start,operation,outcome,be,new_be,command';
  return look(['/usr/bin/pkg', 'history', '-H', '-n', String(count), '-o', columns], readHistory);
}

// 2026-11-23T05:18:08       update                    Succeeded    solaris              s11.4.81-w48         (None)
// A boot environment that is gone is shown with a star behind its name.
export function readHistory(ended: Finished): Reading<readonly Operation[]> {
  return rows(ended, line => {
    const [start, operation, outcome, be, newBe, ...command] = line.trim().split(/\s+/);
    if (!start || !operation || !outcome || !be || !newBe) return unreadable(line, 'fewer than 5 columns');
    const madeBe = newBe.startsWith('(') || newBe.endsWith('*') ? '' : newBe;
    const said = command.join(' ');
    return ok({ operation, outcome, madeBe, command: said.startsWith('(') ? '' : said });
  });
}
