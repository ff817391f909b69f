// The results as tables, and into the page of the documentation between two marks.
import { readFileSync, writeFileSync } from 'node:fs';
import type { Budget, Result, Row } from './results.ts';

export function resultTable({ id, title, hosts, rows }: Result): string {
  const head = [
    `### ${title[0]?.toUpperCase()}${title.slice(1)}`,
    '',
    `${hosts} hosts.`,
    '',
    "| runner | seconds (least to most) | x bare script | processor s | ms a task and host | servers' processor s | connections / channels | MiB | runs |",
    '|---|---|---|---|---|---|---|---|---|',
  ];
  return [...head, ...rows.map(line(id)), ''].join('\n');
}

const NAMES: Readonly<Record<Row['runner'], string>> = {
  zoneferry: '**zoneferry**, journal on',
  changes: 'the same commands, not said to look only',
  ssh2: 'bare ssh2 script',
  openssh: 'OpenSSH, ControlMaster',
  clush: 'clush, ControlMaster',
  fabric: 'Fabric',
  ansible: 'Ansible, pipelining, forks = hosts',
  mitogen: 'the same with Mitogen',
};

/** Where the work is files. */
const FILE_NAMES: Readonly<Partial<Record<Row['runner'], string>>> = {
  zoneferry: '**zoneferry**, journal on, one task for the folder',
  changes: 'the same with a task for each file',
  ssh2: 'bare ssh2 script, one tar stream',
};

const line =
  (id: string) =>
  (row: Row): string => {
    const cells = [
      (id.startsWith('w3') ? FILE_NAMES[row.runner] : undefined) ?? NAMES[row.runner],
      `${row.wallS.toFixed(2)} (${row.leastS.toFixed(2)} to ${row.mostS.toFixed(2)})`,
      row.ratio === null ? '' : row.ratio.toFixed(2),
      row.cpuS.toFixed(2),
      row.cpuMsPerTask.toFixed(1),
      row.serversCpuS.toFixed(2),
      `${row.connections} / ${row.channels}`,
      String(row.rssMib),
      String(row.runs),
    ];
    return `| ${cells.join(' | ')} |`;
  };

export function budgetTable(budgets: readonly Budget[]): string {
  const rows = budgets.map(
    ({ what, wanted, got, held }) => `| ${what} | ${wanted} | ${got} | ${held ? 'yes' : '**no**'} |`,
  );
  return ['| what | wanted | got | held |', '|---|---|---|---|', ...rows, ''].join('\n');
}

const OPEN = '<!-- made by npm run bench:ssh -- --write -->';
const CLOSE = '<!-- end -->';

export function putInto(page: string, text: string): void {
  const before = readFileSync(page, 'utf8');
  const [from, to] = [before.indexOf(OPEN), before.indexOf(CLOSE)];
  if (from < 0 || to < from) throw new Error(`${page} has no place for the table`);
  writeFileSync(page, `${before.slice(0, from + OPEN.length)}\n\n${text}\n${before.slice(to)}`);
}
