// Ansible carries out a tenth of the playbooks afresh, all of them with ANSIBLE=all; with ANSIBLE=write what it did
// with those that are new is recorded (with ANSIBLE=rewrite with all), and beside it what we do where that differs.
import { execFileSync } from 'node:child_process';
import { expect } from 'chai';
import { askedOfAnsible, doneByUs, openShells, type Shells } from '../playbook-asking.ts';
import { digestOf, PLAYBOOK_CASES } from '../playbook-cases.ts';
import { readPlaybookRecord, type RecordedStory, writePlaybookRecord } from '../playbook-record.ts';

const wish = process.env['ANSIBLE'] ?? '';

describe('what is recorded of ansible-playbook', () => {
  let shells: Shells;
  before(async () => {
    shells = await openShells();
  });
  after(() => shells.close());

  if (wish === 'write' || wish === 'rewrite') {
    it('is written down', async () => {
      const before = readPlaybookRecord().cases;
      const told = execFileSync('ansible-playbook', ['--version'], { encoding: 'utf8' });
      const version = /\[core ([\d.]+)\]/.exec(told)?.[1] ?? '';
      const cases: [string, RecordedStory][] = [];
      for (const one of PLAYBOOK_CASES) {
        const recorded = before[one.name];
        const asked = wish === 'write' && recorded?.input === digestOf(one);
        const ansible = asked ? recorded.ansible : await askedOfAnsible(one);
        const own = one.differs === null ? {} : { ours: await doneByUs(one, shells) };
        cases.push([one.name, { input: digestOf(one), ansible, ...own }]);
        // After each: asking takes minutes, and what is recorded isn't asked again.
        writePlaybookRecord({ version, cases: { ...(wish === 'write' ? before : {}), ...Object.fromEntries(cases) } });
      }
      writePlaybookRecord({ version, cases: Object.fromEntries(cases) });
    });
    return;
  }

  const record = readPlaybookRecord();
  for (const [index, one] of PLAYBOOK_CASES.entries()) {
    if (wish !== 'all' && index % 10 !== 0) continue;
    it(`${one.name} is still so`, async () => {
      expect(await askedOfAnsible(one)).to.deep.equal(record.cases[one.name]?.ansible);
    });
  }
});
