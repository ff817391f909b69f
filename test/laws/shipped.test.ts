// The laws of undo and resume over every shipped playbook, each as it ships and with `on_failure: rollback` put in its
// place. `npm test` takes every n-th place of the long ones; `npm run laws` takes them all.
import { readdirSync } from 'node:fs';
import { expect } from 'chai';
import { isLaw, type Stamped } from '../../src/model/event.ts';
import { CASES } from './cases.ts';
import { cutAnywhere, failAtEach, orderly, type Place, placesIn, type Row, twiceInARow } from './laws.ts';
import { type OutcomeRow, rowsLeft, worseThanTable } from './outcomes.ts';
import { type Fault, type Outcome, type Subject, tried } from './subject.ts';
import { type Case, shipped } from './world.ts';

const ALL = process.env['LAWS'] === 'all';
const MINUTES = 60_000;
const SHIPPED_FAULTS: readonly Fault[] = [
  ...(['refused', 'refused-after', 'lost-before', 'lost-after'] as const),
  ...(['unreachable', 'undo-refused', 'sick'] as const),
];

/** Every n-th; all of them when there is time. */
function some<T>(things: readonly T[], every: number, offset = 0): readonly T[] {
  return ALL ? things : things.filter((_, index) => index % every === offset % every);
}

const isLong = (name: string): boolean => name === 'rolling-upgrade' || name === 'reboot into NEW';

describe('the laws, over the shipped playbooks', () => {
  it('every shipped playbook is among the cases', () => {
    const files = readdirSync('playbooks').filter(file => file.endsWith('.yml') && file !== 'campaign.yml');
    const tried = Object.values(CASES).map(({ playbook }) => playbook);
    expect(files.filter(file => !tried.includes(`playbooks/${file}`))).to.deep.equal([]);
  });

  it('the table of outcomes speaks of no playbook that is gone', () => {
    expect(rowsLeft(Object.keys(CASES))).to.deep.equal([]);
  });

  for (const [name, given] of Object.entries(CASES)) {
    describe(name, function () {
      this.timeout(ALL ? 30 * MINUTES : 3 * MINUTES);
      lawsOver(name, given);
    });
  }
});

function lawsOver(name: string, given: Case): void {
  const goingBack = (): Promise<Subject> => shipped({ ...given, onFailure: 'rollback' });

  it('1: each action done twice in a row changes nothing the second time', async () => {
    expect(await twiceInARow(await goingBack(), true)).to.deep.equal([]);
  });

  it('2: a failure at any action leaves the failed host as before, and every other as its outcome says', async () => {
    const rows = await failAtEach(await goingBack(), placesFor(name, 4));
    expectAsTold(rows, name, 'rollback');
  });

  it('2: as it ships, it ends as the table of outcomes says', async function () {
    const subject = await shipped(given);
    const policy = subject.plan.program.plays[0]?.onFailure ?? 'rollback';
    if (policy === 'rollback') return this.skip();
    expectAsTold(await failAtEach(subject, placesFor(name, 4, 2)), name, policy);
  });

  it('3: cut after any event and resumed, it comes to the same end', async () => {
    expect(await cutAnywhere(await goingBack(), {}, deathsFor(name))).to.deep.equal([]);
  });

  it('4: stopped anywhere and taken back, nothing starts after the turn and the order is kept', async () => {
    expect(await stoppedAnywhere(await goingBack(), name)).to.deep.equal([]);
  });
}

/** @param every of the long playbooks. @param others of the others. */
const placesFor =
  (name: string, every: number, others = 1) =>
  (whole: Outcome): readonly Place[] =>
    some(placesIn(whole, SHIPPED_FAULTS), isLong(name) ? every : others);

function expectAsTold(rows: readonly Row[], playbook: string, policy: string): void {
  const wrong = rows.flatMap(row => row.wrong.map(one => `${row.action} ${row.fault}: ${one}`));
  expect(wrong).to.deep.equal([]);
  const told = rows.map(
    ({ action, step, fault, verdict, why }): OutcomeRow => ({
      ...{ playbook, policy, action: `${action.slice(action.indexOf('/') + 1)} ${step}`, fault, verdict, why },
    }),
  );
  expect(worseThanTable(told)).to.deep.equal([]);
}

/** Both deaths everywhere; or, after every event that rests on the one before, one of the two in turn. */
function deathsFor(name: string): (event: Stamped) => readonly ('silent' | 'loud')[] {
  let n = 0;
  return event => {
    if (!isLaw(event)) return ALL ? ['silent'] : [];
    if (ALL) return ['silent', 'loud'];
    n += 1;
    if (isLong(name) && n % 5 !== 0) return [];
    return [n % 2 === 0 ? 'silent' : 'loud'];
  };
}

async function stoppedAnywhere(subject: Subject, name: string): Promise<readonly string[]> {
  const whole = await tried(subject);
  const places = some(whole.journal.events.filter(isLaw).slice(0, -1), isLong(name) ? 5 : 2, 1);
  const wrong: string[] = [];
  for (const { seq, type } of places) {
    const outcome = await tried(subject, { onEvent: (event, say) => event.seq === seq && say('rollback') });
    const found = [...orderly(outcome), ...(outcome.world.problems?.() ?? [])];
    wrong.push(...found.map(one => `said after ${seq} ${type}: ${one}`));
    if (outcome.ran === null) wrong.push(`said after ${seq} ${type}: it never ended`);
  }
  return wrong;
}
