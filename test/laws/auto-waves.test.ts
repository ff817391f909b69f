// The four laws over the campaign with the waves that the planner finds, with zones that come home and with zones that
// stay where they went. `npm test` takes a few places of each law; LAWS=all takes them all, and starts the campaign
// again behind each.
import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { isLaw, type Stamped } from '../../src/model/event.ts';
import { type Campaign, campaign, campaignOf, looked, type Returns, RETURNS } from './campaigns.ts';
import { cutAnywhere, failAtEach, orderly, type Place, placesIn, twiceInARow } from './laws.ts';
import { type Fault, type Outcome, tried } from './subject.ts';
import { placeOf, siteOf } from './world.ts';

const ALL = process.env['LAWS'] === 'all';
const MINUTES = 60_000;
const SHIPPED = readFileSync('playbooks/rolling-upgrade.yml', 'utf8');
const FAULTS: readonly Fault[] = [
  ...(['refused', 'refused-after', 'lost-before', 'lost-after'] as const),
  ...(['unreachable', 'undo-refused', 'sick'] as const),
];

const some = <T>(things: readonly T[], every: number, offset: number): readonly T[] =>
  ALL ? things : things.filter((_, index) => index % every === offset);

for (const returns of RETURNS)
  describe(`the campaign with waves: auto and return: ${returns}`, function () {
    this.timeout(ALL ? 60 * MINUTES : 2 * MINUTES);
    lawsOver(returns);
  });

function lawsOver(returns: Returns): void {
  it('as it ships, it updates every host, and every zone runs where it is said to be', async () => {
    const text = SHIPPED.replace(/^ {2}serial: .*$/m, `  waves: auto\n  canary: 1\n  return: ${returns}`);
    const given = campaign(returns);
    const outcome = await tried(await campaignOf({ ...given, files: { [given.playbook]: text } }));
    expect([outcome.ran?.verdict, outcome.ran?.why]).to.deep.equal(['done', '']);
    expect([...siteOf(outcome.world).problems, ...(await looked(outcome))]).to.deep.equal([]);
    const { fleet } = siteOf(outcome.world);
    const homes = Object.entries({ evac1: 'nacaozumbi', web1: 'bjork', db1: 'caipira' });
    const atHome = homes.filter(([zone, host]) => placeOf(fleet, zone) === `runs on ${host}`);
    expect(atHome).to.have.length(returns === 'home' ? homes.length : 0);
  });

  it('1: each action done twice in a row changes nothing the second time', async function () {
    if (!ALL) return this.skip();
    expect(await twiceInARow(await campaignOf(campaign(returns)), true)).to.deep.equal([]);
  });

  it('2: a failure at any action leaves the failed host as before, and takes no other down after it', async () => {
    const subject = await campaignOf(campaign(returns));
    const rows = await failAtEach(subject, placesFor(returns), looked);
    expect(rows.flatMap(row => row.wrong.map(one => `${row.action} ${row.fault}: ${one}`))).to.deep.equal([]);
    expect(rows).to.have.length.above(1);
  });

  it('3: cut after any event and resumed, it comes to the same end', async () => {
    expect(await cutAnywhere(await campaignOf(campaign(returns)), {}, deathsFor(returns), looked)).to.deep.equal([]);
  });

  it('4: stopped anywhere and taken back, nothing starts after the turn and the order is kept', async () => {
    expect(await takenBack(await campaignOf(campaign(returns)), returns)).to.deep.equal([]);
  });
}

const offset = (returns: Returns): number => (returns === 'home' ? 7 : 19);

const placesFor =
  (returns: Returns) =>
  (whole: Outcome): readonly Place[] =>
    some(placesIn(whole, FAULTS), 97, offset(returns));

function deathsFor(returns: Returns): (event: Stamped) => readonly ('silent' | 'loud')[] {
  let n = 0;
  return event => {
    if (!isLaw(event)) return [];
    n += 1;
    if (ALL) return ['silent', 'loud'];
    return n % 67 === offset(returns) ? [n % 2 === 0 ? 'silent' : 'loud'] : [];
  };
}

async function takenBack(subject: Campaign, returns: Returns): Promise<readonly string[]> {
  const whole = await tried(subject);
  const places = some(whole.journal.events.filter(isLaw).slice(0, -1), 71, offset(returns));
  const wrong: string[] = [];
  for (const { seq, type } of places) {
    const outcome = await tried(subject, { onEvent: (event, say) => event.seq === seq && say('rollback') });
    const found = [...orderly(outcome), ...(outcome.world.problems?.() ?? []), ...(await looked(outcome))];
    wrong.push(...found.map(one => `said after ${seq} ${type}: ${one}`));
    if (outcome.ran === null) wrong.push(`said after ${seq} ${type}: it never ended`);
  }
  return wrong;
}
