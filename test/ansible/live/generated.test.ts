// Inventories that nobody thought of: made by chance in every format, read by Ansible and by us, the answers equal.
import fc from 'fast-check';
import { expect } from 'chai';
import { type Asker, openAsker } from '../asking.ts';
import { laidOut } from '../comparing.ts';
import { listOf, readCase, selectedBy } from '../ours.ts';
import { inventories, patterns } from './chance.ts';

const numRuns = process.env['ANSIBLE'] === 'all' ? 1000 : Number(process.env['ANSIBLE_RUNS'] ?? 60);

describe('inventories made by chance', () => {
  let asker: Asker;
  before(() => {
    asker = openAsker();
  });
  after(() => asker.close());

  it(`${numRuns} of them, and three patterns for each, mean the same to Ansible and to us`, () =>
    fc.assert(
      fc.asyncProperty(inventories, fc.array(patterns, { minLength: 3, maxLength: 3 }), (one, texts) =>
        laidOut(one, async folder => {
          const asked = texts.map(pattern => ({ pattern, limit: null, differs: null }));
          const answer = await asker.ask(one, asked, folder);
          const read = await readCase(one, folder);
          expect(await listOf(one, read)).to.deep.equal({ list: answer.list });
          for (const [index, pattern] of asked.entries()) {
            const theirs = answer.patterns?.[index];
            const ours = await selectedBy(read, pattern, folder);
            // A name that exists nowhere is an error here, nobody at all, too; Ansible passes over both.
            if (ours === 'unknown-host') continue;
            if (!Array.isArray(ours)) expect(theirs, pattern.pattern).to.satisfy(isNobody);
            else expect(theirs, pattern.pattern).to.have.members(ours);
          }
        }),
      ),
      { numRuns },
    ));
});

const isNobody = (said: unknown): boolean => !Array.isArray(said) || said.length === 0;
