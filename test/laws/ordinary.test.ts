// The laws of undo and resume over the steps for ordinary work. `npm run laws` takes every place, `npm test` every n-th.
import { expect } from 'chai';
import { isLaw } from '../../src/model/event.ts';
import { cutAnywhere, failAtEach, orderly, placesIn, runAgain, twiceInARow } from './laws.ts';
import { ordinarySubject } from './ordinary.ts';
import { tried } from './subject.ts';

const ALL = process.env['LAWS'] === 'all';
const some = <T>(things: readonly T[], every: number): readonly T[] =>
  ALL ? things : things.filter((_, at) => at % every === 0);

describe('the laws, over files, lines, links and programs', function () {
  this.timeout(ALL ? 1_200_000 : 240_000);

  it('the whole of it works, and the second time there is nothing to do', async () => {
    expect(await runAgain(await ordinarySubject())).to.deep.equal([]);
  });

  it('1: each action done twice in a row changes nothing the second time', async () => {
    expect(await twiceInARow(await ordinarySubject(), true)).to.deep.equal([]);
  });

  it('2: a failure at any action leaves the failed host as before', async () => {
    const faults = ['refused', 'refused-after', 'lost-before', 'lost-after'] as const;
    const rows = await failAtEach(await ordinarySubject(), whole => some(placesIn(whole, faults), 7));
    expect(rows.flatMap(row => row.wrong.map(one => `${row.action} ${row.fault}: ${one}`))).to.deep.equal([]);
    expect(rows.filter(row => row.verdict === 'stuck')).to.deep.equal([]);
  });

  it('3: cut after any event and resumed, it comes to the same end', async () => {
    let n = 0;
    const wrong = await cutAnywhere(await ordinarySubject(), {}, event => {
      if (!isLaw(event)) return [];
      n += 1;
      return ALL || n % 5 === 0 ? [n % 2 === 0 ? 'silent' : 'loud'] : [];
    });
    expect(wrong).to.deep.equal([]);
  });

  it('4: stopped anywhere and taken back, nothing starts after the turn, and the host is as before', async () => {
    const subject = await ordinarySubject();
    const whole = await tried(subject);
    const wrong: string[] = [];
    for (const { seq } of some(whole.journal.events.filter(isLaw).slice(0, -1), 9)) {
      const outcome = await tried(subject, { onEvent: (event, say) => event.seq === seq && say('rollback') });
      wrong.push(...orderly(outcome).map(one => `said after ${seq}: ${one}`));
    }
    expect(wrong).to.deep.equal([]);
  });
});
