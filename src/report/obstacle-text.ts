// Why a zone can't go to a host, or not any more, in words and numbers.
import type { Broken, Obstacle } from '../model/obstacle.ts';
import { listed } from '../text/listed.ts';
import { never } from '../text/never.ts';
import { bytesText } from '../text/size.ts';

export const obstaclesText = (all: readonly Obstacle[]): string => all.map(obstacleText).join('; ');

function obstacleText(one: Obstacle): string {
  switch (one.is) {
    case 'memory':
      return `${needsText(one)}, ${one.of === 'now' ? `has ${bytesText(one.free)} free now` : `can give ${bytesText(one.free)}`}`;
    case 'processors':
      return `needs ${one.needed} processors, has ${one.has}`;
    case 'overcommit':
      return `needs ${one.needed} processors, ${one.taken} of ${rounded(one.most)} are promised (cpu_overcommit)`;
    case 'taken':
      return 'what it needs there is taken by others that go there';
    case 'rule':
      return one.why;
    default:
      return never(one);
  }
}

/** Of several hosts at once: what each of them has is left out. */
export const obstaclesInShort = (all: readonly Obstacle[]): string =>
  all.map(one => (isPromised(one) ? `${needsText(one)}, can't give that much` : obstacleText(one))).join('; ');

type OfMemory = Extract<Obstacle, { readonly is: 'memory' }>;

const isPromised = (one: Obstacle): one is OfMemory => one.is === 'memory' && one.of === 'promised';

const needsText = ({ needed, with: others }: OfMemory): string =>
  `needs ${bytesText(needed)}${others.length === 0 ? '' : ` together with ${others.join(', ')}`}`;

const rounded = (number: number): string => String(Math.round(number * 10) / 10);

export function brokenText(one: Broken): string {
  switch (one.is) {
    case 'refused':
      return `host ${one.to}: ${one.zone} of ${one.from} can't come there any more: ${obstacleText(one.why)}`;
    case 'overfull':
      return `host ${one.to}: ${listed(one.zones)} need ${bytesText(one.neededBytes)} together, it can give ${bytesText(one.freeBytes)}`;
    default:
      return never(one);
  }
}
