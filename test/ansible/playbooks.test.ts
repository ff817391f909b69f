// Held against what ansible-playbook did, as recorded: the tasks of each host in their order, what is skipped, changed,
// failed and rescued, and which handlers run. Where we differ, both answers are there, and the page that tells people why.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { doneByUs, openShells, type Shells } from './playbook-asking.ts';
import { digestOf, PLAYBOOK_CASES } from './playbook-cases.ts';
import { readPlaybookRecord } from './playbook-record.ts';

const page = join(dirname(fileURLToPath(import.meta.url)), '../../docs/coming-from-ansible.md');
const record = readPlaybookRecord();

describe('a playbook does what it does with Ansible', function () {
  this.timeout(60_000);
  let shells: Shells;
  before(async () => {
    shells = await openShells();
  });
  after(() => shells.close());

  for (const one of PLAYBOOK_CASES) {
    it(`${one.name}${one.differs === null ? '' : ` (but for "${one.differs}")`}`, async () => {
      const recorded = record.cases[one.name];
      if (recorded === undefined) throw new Error('not recorded: ANSIBLE=write npm run test:ansible');
      expect(digestOf(one), 'the case as it was recorded').to.equal(recorded.input);
      const ours = await doneByUs(one, shells);
      expect(ours).to.deep.equal(recorded.ours ?? recorded.ansible);
      if (one.differs !== null) expect(ours, 'a difference').to.not.deep.equal(recorded.ansible);
    });
  }
});

describe('the playbooks that are compared', () => {
  it('are as many as were promised, each name once, and nothing is recorded that they lack', () => {
    expect(PLAYBOOK_CASES.filter(one => one.differs === null).length).to.be.at.least(40);
    expect(Object.keys(record.cases)).to.deep.equal(PLAYBOOK_CASES.map(one => one.name));
  });

  it('show each difference that "Coming from Ansible" lists, and no other: fifteen at most', () => {
    const text = readFileSync(page, 'utf8').split('\n## Playbooks\n')[1]?.split('\n## ')[0]?.split('\n### ')[1] ?? '';
    const listed = [...text.matchAll(/^\| `([\w-]+)` \|/gm)].map(match => match[1] ?? '');
    const shown = new Set(PLAYBOOK_CASES.flatMap(one => one.differs ?? []));
    expect(listed.toSorted()).to.deep.equal([...shown].toSorted());
    expect(listed.length).to.be.at.most(15);
  });
});
