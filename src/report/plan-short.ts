// Why there is no plan: each zone with each host that can't take it, in numbers, and the ways out.
import type { Shortfall } from '../model/plan.ts';
import { table, wrapped } from '../text/fit.ts';
import { visible } from '../text/visible.ts';

/** Why a wave can't be, in numbers, and the ways out. */
export function shortfallText(shortfall: Shortfall, columns: number): string {
  const titles = [
    { title: 'ZONE', least: 10 },
    { title: 'HOST', least: 10 },
    { title: 'WHY NOT', least: 16, wraps: true },
  ] as const;
  const rows = shortfall.reasons.map(one => [one.zone, one.host, one.why].map(visible));
  return [
    ...wrapped(visible(shortfall.message), columns),
    ...(rows.length === 0 ? [] : ['', ...table(titles, rows, columns)]),
    ...(shortfall.proof === null ? [] : ['', ...wrapped(`There can be none: ${visible(shortfall.proof)}.`, columns)]),
    ...(shortfall.help.length === 0 ? [] : ['', 'Ways out, best first:']),
    ...shortfall.help.flatMap((text, n) => wrapped(`${n + 1}. ${visible(text)}`, columns - 2).map(line => `  ${line}`)),
    '',
  ].join('\n');
}
