// Ansible is asked afresh: a tenth of the corpus, all of it with ANSIBLE=all, and with ANSIBLE=write its answers are
// recorded. That the quick way of asking is the same as the command itself is tried on a few.
import { execFileSync } from 'node:child_process';
import { expect } from 'chai';
import { type Asker, openAsker } from '../asking.ts';
import { allCases } from '../cases.ts';
import { expectSameAnswer, laidOut, recordOf } from '../comparing.ts';
import { readRecord, type Recorded, writeRecord } from '../recorded.ts';

const wish = process.env['ANSIBLE'] ?? '';
const cases = allCases();

describe('what is recorded of Ansible', () => {
  let asker: Asker;
  before(() => {
    asker = openAsker();
  });
  after(() => asker.close());

  if (wish === 'write') {
    it('is written down anew', async () => {
      const answers: [string, Recorded][] = [];
      let version = '';
      for (const one of cases) {
        await laidOut(one, async folder => {
          const answer = await asker.ask(one, one.patterns, folder);
          version = answer.version;
          answers.push([one.name, await recordOf(one, answer, folder)]);
        });
      }
      writeRecord({ version, cases: Object.fromEntries(answers) });
    });
    return;
  }

  const record = readRecord();
  for (const [index, one] of cases.entries()) {
    // Patterns share one process and one inventory: all of them cost no more than one.
    if (wish !== 'all' && index % 10 !== 0 && one.patterns.length === 0) continue;
    it(`${one.name} is still so`, () =>
      laidOut(one, async folder => {
        const recorded = record.cases[one.name];
        if (recorded === undefined) throw new Error('not recorded: ANSIBLE=write npm run test:ansible');
        const answer = await asker.ask(one, one.patterns, folder);
        expectSameAnswer(recorded, await recordOf(one, answer, folder));
      }));
  }

  for (const one of cases.filter((_, index) => index % 40 === 5)) {
    it(`${one.name}: ansible-inventory --list prints the same as was asked for`, () =>
      laidOut(one, async folder => {
        const words = one.sources.flatMap(source => ['-i', source]);
        const near = one.playbookFolder === null ? [] : ['--playbook-dir', one.playbookFolder];
        const extra = one.extra.flatMap(said => ['-e', said]);
        const env = { PATH: process.env['PATH'], HOME: '/nonexistent', LC_ALL: 'C.UTF-8' };
        const printed = execFileSync('ansible-inventory', ['--list', ...words, ...near, ...extra], {
          ...{ cwd: folder, encoding: 'utf8', env, stdio: ['ignore', 'pipe', 'ignore'] },
        });
        expect(JSON.parse(printed)).to.deep.equal((await asker.ask(one, [], folder)).list);
      }));
  }
});
