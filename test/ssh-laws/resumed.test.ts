// Laws 1 and 3 over real SSH: a second run finds nothing to do; a runner that dies behind any event is followed by one
// that comes to the same end. LAWS=all also dies behind what is only told.
import { expect } from 'chai';
import { isLaw } from '../../src/model/event.ts';
import { PAIR } from '../laws/fleets.ts';
import { runAgain } from '../laws/laws.ts';
import { snapshots, tried } from '../laws/subject.ts';
import { cutAfter } from './cut.ts';
import { overSsh, type SshSubject } from './place.ts';
import { progress } from './progress.ts';

describe('rolling-upgrade.yml over real SSH', () => {
  let subject: SshSubject;
  before(async () => {
    subject = await overSsh({ fleet: PAIR, playbook: 'playbooks/rolling-upgrade.yml' });
  });

  it('a second run after a done one changes nothing but what is kept: the new system is now the way back', async () => {
    const again = await runAgain(subject);
    const kept = (words: string): boolean => words.startsWith('rolling-upgrade/1.t1.2@');
    expect(again.filter(words => !kept(words))).to.deep.equal([]);
  });

  it('a runner that dies behind any event is followed by one that comes to the same end', async () => {
    const { ran, journal, world } = await tried(subject);
    const end = { verdict: ran?.verdict, picture: JSON.stringify([...(await snapshots(subject, world))]) };
    await world.close();
    const places = journal.events.slice(0, -1).filter(event => isLaw(event) || process.env['LAWS'] === 'all');
    const say = progress('law 3', places.length);
    const wrong: string[] = [];
    for (const event of places) {
      wrong.push(...(await cutAfter(subject, event.seq, end)));
      say(`cut after ${event.seq} ${event.type}`);
    }
    expect(wrong).to.deep.equal([]);
  });
});
