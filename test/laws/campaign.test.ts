// The whole campaign over two hosts, each the other's refuge: what becomes of the others when one fails.
import { expect } from 'chai';
import { CAMPAIGN } from './cases.ts';
import { failAtEach, type Place, placesIn } from './laws.ts';
import type { Outcome } from './subject.ts';
import { shipped } from './world.ts';

const ALL = process.env['LAWS'] === 'all';

describe('the whole campaign', function () {
  this.timeout(ALL ? 20 * 60_000 : 3 * 60_000);

  it('2: when the first host fails nothing of the second is touched; when the second does, the first stays new', async () => {
    const rows = await failAtEach(await shipped(CAMPAIGN), places);
    expect(rows.flatMap(row => row.wrong.map(wrong => `${row.action} ${row.fault}: ${wrong}`))).to.deep.equal([]);
    const verdicts = new Set(rows.filter(row => row.fault !== 'lost-after').map(row => row.verdict));
    expect([...verdicts].filter(verdict => verdict === 'done')).to.deep.equal([]);
  });
});

function places(whole: Outcome): readonly Place[] {
  const all = placesIn(whole, ['refused-after', 'unreachable', 'sick']);
  return ALL ? all : all.filter((_, index) => index % 13 === 5);
}
