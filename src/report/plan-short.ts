// Why there is no plan: each zone with each host that can't take it, in numbers, and the ways out.
import type { Refused, Shortfall } from '../model/plan.ts';
import { counted, table, wrapped } from '../text/fit.ts';
import { grouped } from '../text/grouped.ts';
import { visible } from '../text/visible.ts';
import { obstaclesInShort, obstaclesText } from './obstacle-text.ts';

/** More than these are told by zone and kind of reason, without the numbers of each host. */
const REASONS_IN_FULL = 24;

function reasonRows(reasons: Shortfall['reasons']): readonly (readonly string[])[] {
  const inFull = reasons.length <= REASONS_IN_FULL;
  const rows = alikeBy(reasons, inFull ? obstaclesText : obstaclesInShort).map(({ one, hosts }) => {
    const isNamed = inFull || hosts.length === 1;
    const [who, why] = isNamed
      ? [hosts.join(' '), obstaclesText(one.why)]
      : [counted(hosts.length, 'host'), obstaclesInShort(one.why)];
    return [one.zone, who, why].map(visible);
  });
  const more = inFull ? 0 : rows.length - REASONS_IN_FULL;
  return more <= 0 ? rows : [...rows.slice(0, REASONS_IN_FULL), [`and ${more} more`, '', '']];
}

/** A zone with the hosts that refuse it in the same words. */
interface Alike {
  readonly one: Refused;
  readonly hosts: readonly string[];
}

function alikeBy(reasons: Shortfall['reasons'], textOf: (why: Refused['why']) => string): readonly Alike[] {
  const alike = grouped(reasons, one => `${one.zone}\n${textOf(one.why)}`);
  return [...alike.values()].flatMap(all => {
    const [one] = all;
    return one === undefined ? [] : [{ one, hosts: all.map(({ host }) => host) }];
  });
}

/** What is proved holds with the zones of all other hosts where they are: there may be a way out that moves some first. */
function none({ ways }: Shortfall): string {
  const moved = ways.some(way => way.is === 'move-first');
  return moved ? 'With the zones of other hosts where they are, there can be none' : 'There can be none';
}

/** Why a wave can't be, in numbers, and the ways out. */
export function shortfallText(shortfall: Shortfall, columns: number): string {
  const titles = [
    { title: 'ZONE', least: 10 },
    { title: 'HOST', least: 10 },
    { title: 'WHY NOT', least: 16, wraps: true },
  ] as const;
  const rows = reasonRows(shortfall.reasons);
  return [
    ...wrapped(visible(shortfall.message), columns),
    ...(rows.length === 0 ? [] : ['', ...table(titles, rows, columns)]),
    ...(shortfall.proof === null ? [] : ['', ...wrapped(`${none(shortfall)}: ${visible(shortfall.proof)}.`, columns)]),
    ...(shortfall.help.length === 0 ? [] : ['', 'Ways out, best first:']),
    ...shortfall.help.flatMap((text, n) =>
      wrapped(visible(text), columns - 5).map((line, i) => `${i === 0 ? `${n + 1}. `.padStart(5) : '     '}${line}`),
    ),
    '',
  ].join('\n');
}
