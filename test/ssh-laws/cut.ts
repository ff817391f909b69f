// Law 3 over real connections: the runner dies right behind an event, its connections break, the hosts go on by
// themselves; another runner folds what is on the disk and goes on.
import { orderly } from '../laws/laws.ts';
import { snapshots, tried } from '../laws/subject.ts';
import { MemoryJournal } from '../run/harness.ts';
import type { SshSubject } from './place.ts';

export interface End {
  readonly verdict: string | undefined;
  readonly picture: string;
}

/** @returns what is wrong, in words. */
export async function cutAfter(subject: SshSubject, last: number, end: End): Promise<readonly string[]> {
  const cut = await tried(subject, { journal: new MemoryJournal([], last, 'silent') });
  await cut.world.settle();
  const { world } = cut;
  const resumed = await tried(subject, { world, journal: new MemoryJournal(cut.journal.events), resume: true });
  const picture = JSON.stringify([...(await snapshots(subject, world))]);
  const at = `cut after ${last} ${cut.journal.events.at(-1)?.type}`;
  const wrong = [
    ...(resumed.ran?.verdict === end.verdict ? [] : [`${at}: ${resumed.ran?.verdict}: ${resumed.ran?.why}`]),
    ...(picture === end.picture ? [] : [`${at}: ${picture} instead of ${end.picture}`]),
    ...[...orderly(resumed), ...(world.problems?.() ?? [])].map(one => `${at}: ${one}`),
  ];
  await world.close();
  return wrong;
}
