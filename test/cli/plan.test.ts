// zoneferry plan off line, and the difference of two saved plans: no host is asked, and none is there.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { writeFacts } from '../../src/model/facts-file.ts';
import { host, zone } from '../plan/world.ts';
import { here } from './stage.ts';

const PLAYBOOK = `- hosts: zonehosts
  serial: 1
  tasks:
    - maintenance.begin: { message: "{{why}}" }
    - zones.evacuate: { which: running }
    - maintenance.end: {}
    - zones.return: {}
`;

describe('zoneferry plan, off line', () => {
  let dir = '';
  const at = (name: string): string => join(dir, name);
  const facts = (gib: number) =>
    writeFacts([
      host('nacaozumbi', [zone({ name: 'evac1', gib: 8 })]),
      host('bjork', [zone({ name: 'web1', gib })]),
      host('saison', [zone({ name: 'web2', gib: 16 })]),
    ]);
  before(() => {
    dir = mkdtempSync(join(tmpdir(), 'zf-plan-'));
    // Nobody listens at these addresses: whoever asked a host would fail.
    const hosts = ['nacaozumbi', 'bjork', 'saison'].map(name => `    ${name}: { address: 127.0.0.1, port: 1 }\n`);
    writeFileSync(at('inventory.yml'), `zonehosts:\n  hosts:\n${hosts.join('')}`);
    writeFileSync(at('site.yml'), PLAYBOOK);
    writeFileSync(at('one.json'), facts(4));
    writeFileSync(at('other.json'), facts(24));
  });
  after(() => rmSync(dir, { recursive: true, force: true }));
  const zf = (...words: readonly string[]) => here(words, { CI: '1', ZONEFERRY_STATE: at('state') });
  const plan = (from: string, out: string, ...more: readonly string[]) =>
    zf(
      'plan',
      at('site.yml'),
      '-i',
      at('inventory.yml'),
      '--facts',
      at(from),
      '--out',
      at(out),
      '-e',
      'why=test',
      ...more,
    );

  it('plans from a facts file alone, with times, room and bounds', async () => {
    const said = await plan('one.json', 'a-plan.json');
    expect(said.code, said.err).to.equal(0);
    expect(said.out)
      .to.contain('How good it is')
      .and.to.contain('Point of no return')
      .and.to.contain('Memory given away');
  });

  it('of two plans says nothing when they do the same, and exits 0', async () => {
    await plan('one.json', 'a-plan.json');
    await plan('one.json', 'b-plan.json');
    const said = await zf('plan', 'diff', at('a-plan.json'), at('b-plan.json'));
    expect([said.code, said.out]).to.deep.equal([0, 'both plans do the same\n']);
  });

  it('says which zones go elsewhere and which arguments differ, and exits 8', async () => {
    await plan('one.json', 'a-plan.json');
    await plan('other.json', 'b-plan.json', '-e', 'why=later');
    const said = await zf('plan', 'diff', at('a-plan.json'), at('b-plan.json'));
    expect(said.code).to.equal(8);
    expect(said.out).to.contain('  - evac1 goes from nacaozumbi to bjork\n');
    expect(said.out).to.contain('  + evac1 goes from nacaozumbi to saison\n');
    expect(said.out).to.match(/~ maintenance\.begin \(site\/1\.t1@nacaozumbi\): message was "test", is "later"/);
  });

  it('takes a file that is no plan for a mistake', async () => {
    const said = await zf('plan', 'diff', at('one.json'), at('one.json'));
    expect([said.code, said.err.split('\n')[0]]).to.deep.equal([2, `${at('one.json')} isn't a plan`]);
  });
});
