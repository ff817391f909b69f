// Which hosts of a play are out together: the sizes of `serial`, the last one repeated, as in Ansible.
import type { HostName } from '../model/ids.ts';
import type { Play, Share } from '../model/program.ts';

/** Every host exactly once, in the play's order; no wave is empty. */
export function wavesOf(play: Play): readonly (readonly HostName[])[] {
  const said = play.waves === 'auto' ? [1] : play.serial.map(share => sizeOf(share, play.hosts.length));
  const sizes = play.canary > 0 ? [play.canary, ...(said.length > 0 ? said : [play.hosts.length])] : said;
  const waves: (readonly HostName[])[] = [];
  let taken = 0;
  while (taken < play.hosts.length) {
    const size = sizes[Math.min(waves.length, sizes.length - 1)] ?? play.hosts.length;
    waves.push(play.hosts.slice(taken, taken + size));
    taken += size;
  }
  return waves;
}

function sizeOf(share: Share, hosts: number): number {
  const size = share.is === 'hosts' ? share.count : Math.floor((hosts * share.percent) / 100);
  return Math.max(1, size);
}
