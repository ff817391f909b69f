// A connection that is lost once spoils nothing: whatever command it was, and whether the host heard it or not, the run
// looks, does again what is still to do, and comes to the end it would have come to.
import { expect } from 'chai';
import { CASES } from './cases.ts';
import { orderly } from './laws.ts';
import { changesOf, type Cut, cutLine, CUTS } from './lines.ts';
import { snapshots, type Subject, tried } from './subject.ts';
import { shipped } from './world.ts';

const ALL = process.env['LAWS'] === 'all';
/** The campaign holds what most others do. */
const OFTEN = ['maintain, closed', 'maintain, open', 'rolling-upgrade'];

describe('a connection that is lost once', function () {
  this.timeout(ALL ? 20 * 60_000 : 3 * 60_000);

  for (const [name, given] of Object.entries(CASES)) {
    if (!ALL && !OFTEN.includes(name)) continue;
    it(`spoils nothing, whatever command it was: ${name}`, async () => {
      expect(await spoilt(await shipped({ ...given, onFailure: 'rollback' }))).to.deep.equal([]);
    });
  }
});

async function spoilt(subject: Subject): Promise<readonly string[]> {
  const changes = await changesOf(subject);
  const { whole } = await ended(subject);
  const wrong: string[] = [];
  for (const [index, line] of changes.entries())
    for (const cut of cutsAt(index)) {
      const { whole: now, broken } = await ended(cutLine(subject, index + 1, cut));
      const told = [...broken, ...(now === whole ? [] : [`ends ${now}, else it ends ${whole}`])];
      wrong.push(...told.map(one => `cut ${cut} ${line}: ${one}`));
    }
  return wrong;
}

/** One of them, in turn, when there is no time for all. */
const cutsAt = (index: number): readonly Cut[] => (ALL ? CUTS : CUTS.filter((_, n) => n === index % CUTS.length));

async function ended(subject: Subject): Promise<{ readonly whole: string; readonly broken: readonly string[] }> {
  const outcome = await tried(subject);
  const whole = JSON.stringify([outcome.ran?.verdict, ...(await snapshots(subject, outcome.world))]);
  return { whole, broken: [...orderly(outcome), ...(outcome.world.problems?.() ?? [])] };
}
