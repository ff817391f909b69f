// What is wrong in files and options is told with its place and an exit status of its own, and no host is touched.
import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { openStage, type Stage, type World } from './stage.ts';

describe('bad input', function () {
  this.timeout(60_000);
  let stage: Stage;
  let untouched: World;
  before(async () => {
    stage = await openStage('--fleet', 'seed', '--speed', '60');
    untouched = await stage.world();
  });
  after(async () => {
    expect(await stage.world()).to.deep.equal(untouched);
    await stage.close();
  });

  const refused = async (
    code: number,
    says: readonly (string | RegExp)[],
    ...words: readonly string[]
  ): Promise<void> => {
    const said = await stage.zf(words);
    expect(said.code, said.err).to.equal(code);
    for (const text of says)
      expect(said.err).to.match(
        text instanceof RegExp ? text : new RegExp(text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')),
      );
  };
  const book = (text: string): string => stage.write('book.yml', text);

  it('an unknown key is named with its place, a caret and the nearest key', () =>
    refused(
      2,
      ['book.yml:2:3', 'hots', '^^^^', 'hosts'],
      'run',
      book('- name: x\n  hots: all\n  tasks: []\n'),
      '--yes',
    ));

  it('an unknown step, a wrong type and an undefined variable are all told in one pass', () =>
    refused(
      2,
      ['book.yml:3:7', 'book.yml:4:', 'book.yml:5:', 'wy', 'why'],
      'check',
      book(
        '- hosts: all\n  tasks:\n    - maintenance.beginn: { message: x }\n    - pause: { seconds: soon }\n    - debug: { msg: "{{wy}}" }\n  vars: { why: x }\n',
      ),
    ));

  it('an unknown host is 2, a selection that leaves nobody is 6', async () => {
    await refused(2, ['nakaozumbi', 'nacaozumbi'], 'run', 'playbooks/maintain.yml', '-l', 'nakaozumbi', '--yes');
    await refused(6, [], 'run', 'playbooks/maintain.yml', '-l', 'nacaozumbi:!zonehosts', '--yes');
  });

  it("broken YAML and a file that isn't there have their place", async () => {
    await refused(2, [/book\.yml:\d+:\d+/], 'check', book('- hosts: all\n  tasks:\n   - {{{\n'));
    await refused(2, ['nowhere.yml'], 'check', 'nowhere.yml');
    await refused(2, ['nowhere'], 'run', 'playbooks/maintain.yml', '-i', 'nowhere', '--yes');
  });

  it('a step of later is called not here yet', () =>
    refused(2, ['not-yet', 'zfs.snapshot'], 'check', book('- hosts: all\n  tasks: [{ zfs.snapshot: {} }]\n')));

  it("options that don't exist, or make no sense, are 2", async () => {
    await refused(2, ['--lmit', '--limit'], 'run', 'playbooks/maintain.yml', '--lmit', 'bjork');
    await refused(2, ['--forks'], 'run', 'playbooks/maintain.yml', '-f', 'many');
    await refused(2, ['facts.json'], 'plan', 'playbooks/maintain.yml', '--facts', 'facts.json');
  });

  it('a wrong key and an unknown host key are refusals, with what to do', async () => {
    const text = readFileSync(stage.inventory, 'utf8');
    const lab = `${stage.dir}/lab`;
    const unknown = stage.write(
      'unknown.yml',
      text
        .replaceAll('known_hosts: known_hosts', 'known_hosts: nobody_known')
        .replaceAll('identity_file: id_ed25519', `identity_file: ${lab}/id_ed25519`),
    );
    await refused(5, ['nacaozumbi', 'nothing was touched'], 'run', 'playbooks/maintain.yml', '-i', unknown, '--yes');
    const noKey = stage.write(
      'no-key.yml',
      text
        .replaceAll('identity_file: id_ed25519', 'identity_file: no_such_key')
        .replaceAll('known_hosts: known_hosts', `known_hosts: ${lab}/known_hosts`),
    );
    await refused(5, ['no_such_key', 'nothing was touched'], 'run', 'playbooks/maintain.yml', '-i', noKey, '--yes');
  });
});
