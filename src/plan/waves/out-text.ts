// What holds a wave back, or makes it dangerous, in words: hosts that are out, and hosts whose zones would have no place.
import type { HostName } from '../../model/ids.ts';
import { listed } from '../../text/listed.ts';

const SHOWN = 5;

const namesOf = (hosts: readonly HostName[]): string => listed(hosts, SHOWN);

export const unsafeText = (lost: readonly HostName[]): string =>
  `the zones of ${namesOf(lost)} would have no place if that host were lost, too`;

export const openText = (lost: readonly HostName[]): string => `open ${namesOf(lost)} again, then resume the run`;

export function maxOutText(maxOut: number, lost: readonly HostName[]): string {
  const still = lost.length === 1 ? 'is still out' : 'are still out';
  return `max_out: ${maxOut}${lost.length === 0 ? '' : `, and ${namesOf(lost)} ${still}`}`;
}
