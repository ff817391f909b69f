// Held against Ansible's recorded answers: what an inventory says, and whom a pattern means. Where we differ, both
// answers are there, and the page that tells people why.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { allCases } from './cases.ts';
import { expectAsRecorded, expectSelected, laidOut, textOf } from './comparing.ts';
import { readRecord } from './recorded.ts';

const page = join(dirname(fileURLToPath(import.meta.url)), '../../docs/coming-from-ansible.md');
const cases = allCases();
const record = readRecord();

describe('an inventory means what it means to Ansible', () => {
  for (const one of cases) {
    it(`${one.name}${one.differs === null ? '' : ` (but for "${one.differs}")`}`, () =>
      laidOut(one, async folder => {
        const recorded = record.cases[one.name];
        if (recorded === undefined) throw new Error('not recorded: ANSIBLE=write npm run test:ansible');
        await expectAsRecorded(one, recorded, folder);
      }));
  }
});

describe('a pattern means whom it means to Ansible', () => {
  for (const one of cases) {
    for (const pattern of one.patterns) {
      it(`${one.name}: ${textOf(pattern)}${pattern.differs === null ? '' : ` (but for "${pattern.differs}")`}`, () =>
        laidOut(one, async folder => {
          const hosts = record.cases[one.name]?.patterns?.[textOf(pattern)];
          if (hosts === undefined) throw new Error('not recorded: ANSIBLE=write npm run test:ansible');
          await expectSelected(one, pattern, hosts, folder);
        }));
    }
  }
});

describe('the corpus', () => {
  it('has no two cases of one name, and nothing is recorded that it lacks', () => {
    expect(Object.keys(record.cases)).to.deep.equal(cases.map(one => one.name));
  });

  it('has as many inventories and patterns as were promised', () => {
    expect(cases.filter(one => one.differs === null).length).to.be.at.least(60);
    expect(cases.flatMap(one => one.patterns).filter(one => one.differs === null).length).to.be.at.least(150);
  });

  it('shows each difference that "Coming from Ansible" lists, and no other', () => {
    const text = readFileSync(page, 'utf8').split('\n## Inventory\n')[1]?.split('\n## ')[0]?.split('\n### ')[1] ?? '';
    const listed = [...text.matchAll(/^\| `([\w-]+)` \|/gm)].map(match => match[1] ?? '');
    const shown = cases.flatMap(one => [one.differs, ...one.patterns.map(pattern => pattern.differs)]);
    expect(listed.toSorted()).to.deep.equal([...new Set(shown)].filter(key => key !== null).toSorted());
  });
});
