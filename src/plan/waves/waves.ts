// How many hosts of a play are out together where it says so itself: the sizes of `serial`, the last one repeated, as in
// Ansible, behind a canary if it has one. Who they are, and the waves of `waves: auto`, are found from the facts.
import type { Play, Share } from '../../model/program.ts';

/** Of one wave after the other, until every host has had one; no wave is empty. */
export function sizesOf(play: Play): readonly number[] {
  const all = play.hosts.length;
  const said = play.serial.map(share => sizeOf(share, all));
  const inOrder = play.canary > 0 ? [play.canary, ...(said.length > 0 ? said : [all])] : said;
  const sizes: number[] = [];
  let taken = 0;
  while (taken < all) {
    const size = Math.min(inOrder[Math.min(sizes.length, inOrder.length - 1)] ?? all, all - taken);
    sizes.push(size);
    taken += size;
  }
  return sizes;
}

function sizeOf(share: Share, hosts: number): number {
  const size = share.is === 'hosts' ? share.count : Math.floor((hosts * share.percent) / 100);
  return Math.max(1, size);
}
