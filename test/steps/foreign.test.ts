// Arguments that Ansible's modules have and our steps haven't, and what else they share with them.
import { expect } from 'chai';
import { catalogue } from '../../src/steps/catalogue.ts';
import { problems } from './loaded.ts';

describe('arguments that Ansible has and a step has not', () => {
  for (const name of catalogue.names) {
    const step = catalogue.get(name);
    for (const [argument, instead] of Object.entries(step?.notOurs ?? {}))
      it(`${name}: ${argument} is told, with what to write instead`, async () => {
        const found = await problems(`- hosts: all\n  tasks:\n    - ${name}: { ${argument}: x }\n`);
        const told = found.filter(one => one.code === 'not-ours');
        expect(told.map(one => one.message)).to.deep.equal([
          `Ansible's "${name}" has "${argument}", this step doesn't`,
        ]);
        expect(told[0]?.help).to.deep.equal([instead]);
        expect(found.filter(one => one.code === 'unknown-key')).to.deep.equal([]);
      });
  }
});

describe('debug with the name of a variable', () => {
  it('takes a name or a member, which must be there', async () => {
    const play = (name: string) =>
      problems(`- hosts: all\n  vars: { entire: { version: 11.4.81 } }\n  tasks:\n    - debug: { var: ${name} }\n`);
    expect(await play('entire.version')).to.deep.equal([]);
    expect((await play('entyre')).map(one => one.code)).to.deep.equal(['undefined-variable']);
    expect((await play('"entire.version + 1"')).map(one => one.code)).to.deep.equal(['bad-argument']);
  });
});
