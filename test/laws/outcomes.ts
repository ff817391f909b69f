// The table of outcomes: what each shipped playbook comes to when one of its actions fails, in the words of the run
// itself. It is committed; a test makes it anew and fails on any row that is worse. OUTCOMES=write saves it, and
// `npm run laws` is what sees every row.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { VERDICTS } from '../../src/model/action.ts';

const PATH = join(dirname(fileURLToPath(import.meta.url)), '..', 'outcomes.md');

export interface OutcomeRow {
  readonly playbook: string;
  /** `rollback`, or what the play itself says. */
  readonly policy: string;
  readonly action: string;
  readonly fault: string;
  readonly verdict: string;
  readonly why: string;
}

const HEAD = `# What comes of a failure

Each action of each shipped playbook made to fail in turn, in a simulated fleet: *refused* (before, or after it took
effect), *lost* (the connection, before or after), *unreachable* (and the host never answers again), *undo-refused* (it
fails after it took effect, and can't be undone), *sick* (a step that only looks finds something wrong). Once with
\`on_failure: rollback\` and once as shipped. Made by the tests (\`OUTCOMES=write npm run laws\`), which fail on any row that is
worse than here: done, rolled-back, stopped, stuck.

A *stuck* row is one where a person is needed: a host that can't be reached, an undo that was made to fail, one that the
host itself refuses (a closed host boots no zone; opening it starts what stayed), past a barrier (the host is opened and
its zones come home: from there the way is forward only), or a playbook that holds by its own wish.

| playbook | on failure | action | fault | verdict | what the run says |
| --- | --- | --- | --- | --- | --- |
`;

const cells = (row: OutcomeRow): readonly string[] =>
  [row.playbook, row.policy, row.action, row.fault, row.verdict, row.why].map(cell => cell.replaceAll('|', '\\|'));

const keyOf = (row: readonly string[]): string => row.slice(0, 4).join(' | ');

const saved: Map<string, string> = new Map();

/** Rows of these playbooks that the committed table lacks, or that are worse than there, in words. */
export function worseThanTable(rows: readonly OutcomeRow[]): readonly string[] {
  if (process.env['OUTCOMES'] === 'write') {
    for (const row of rows) saved.set(keyOf(cells(row)), `| ${cells(row).join(' | ')} |`);
    writeFileSync(PATH, `${HEAD}${[...saved.values()].join('\n')}\n`);
    return [];
  }
  const before = new Map(readTable().map(row => [keyOf(row), row[4] ?? '']));
  return rows.flatMap(row => {
    const key = keyOf(cells(row));
    const was = before.get(key);
    if (was === undefined) return [`not in the table: ${key} | ${row.verdict} | ${row.why}`];
    return rank(row.verdict) > rank(was) ? [`${key}: was ${was}, is ${row.verdict}: ${row.why}`] : [];
  });
}

/** Rows of the table that no playbook has any more. */
export function rowsLeft(playbooks: readonly string[]): readonly string[] {
  return readTable().flatMap(row => (playbooks.includes(row[0] ?? '') ? [] : [keyOf(row)]));
}

const rank = (verdict: string): number => VERDICTS.findIndex(one => one === verdict);

function readTable(): readonly (readonly string[])[] {
  if (!existsSync(PATH)) return [];
  const lines = readFileSync(PATH, 'utf8').split('\n');
  const first = lines.findIndex(line => line.startsWith('| --- '));
  return lines
    .slice(first + 1)
    .filter(line => line.startsWith('| '))
    .map(line => line.slice(2, -2).split(' | '));
}
