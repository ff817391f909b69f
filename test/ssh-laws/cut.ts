// Law 3 over real connections: the runner dies right behind an event, its connections break, the hosts go on by
// themselves; another runner folds what is on the disk and goes on. LAWS=all also dies behind what is only told.
import { isLaw } from '../../src/model/event.ts';
import { PAIR } from '../laws/fleets.ts';
import { orderly } from '../laws/laws.ts';
import { snapshots, tried } from '../laws/subject.ts';
import { MemoryJournal } from '../run/harness.ts';
import { overSsh, type SshSubject } from './place.ts';
import { progress } from './progress.ts';

/** Files of tests run at the same time: each takes every other place. */
type Turn = 'odd' | 'even';

/** @returns what is wrong after the runner of the rolling upgrade died, in words. */
export async function wrongCuts(turn: Turn): Promise<readonly string[]> {
  const subject = await overSsh({ fleet: PAIR, playbook: 'playbooks/rolling-upgrade.yml' });
  const { ran, journal, world } = await tried(subject);
  const end = { verdict: ran?.verdict, picture: JSON.stringify([...(await snapshots(subject, world))]) };
  await world.close();
  const places = journal.events
    .slice(0, -1)
    .filter(event => isLaw(event) || process.env['LAWS'] === 'all')
    .filter((_, at) => at % 2 === (turn === 'odd' ? 0 : 1));
  const say = progress(`law 3, ${turn} places`, places.length);
  const wrong: string[] = [];
  for (const event of places) {
    wrong.push(...(await cutAfter(subject, event.seq, end)));
    say(`cut after ${event.seq} ${event.type}`);
  }
  return places.length > 20 ? wrong : ['too few places'];
}

export interface End {
  readonly verdict: string | undefined;
  readonly picture: string;
}

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
