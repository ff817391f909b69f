// The page for those who come from Ansible: its converted playbook is right as it stands, and of the original check says
// what to write instead, each thing in one pass.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { check, exampleIn, partOf } from './example.ts';

const page = readFileSync(join(dirname(fileURLToPath(import.meta.url)), '../../docs/coming-from-ansible.md'), 'utf8');
const { files } = exampleIn(partOf(page, 'A playbook, converted'));

describe('the page for those who come from Ansible', () => {
  it('shows a playbook that is right as it stands', async () => {
    expect(await check({ files, options: [] })).to.deep.equal([]);
  });

  it('shows one of Ansible, and each thing that means nothing here is told with what to write', async () => {
    const found = await check({ files: { 'site.yml': files['ansible.yml'] ?? '' }, options: [] });
    const told = found.map(one => `${one.code} ${one.span.line}: ${[...one.help].join('; ')}`);
    expect(told).to.deep.equal([
      'file-missing 8: templates are Handlebars here, not Jinja: {{x}}, {{#if x}}, {{#each x}}',
      'undefined-variable 20: write host.name',
      'bad-template 20: write {{length zones.stdout_lines}}',
      `bad-condition 21: write zones.rc == 0 && 'global' in zones.stdout_lines`,
      "bad-template 24: write {{default tag 'before'}}",
      'not-ours 25: write "loop:" with the list',
      'bad-condition 26: every name must be there: give "datasets" a value under "vars:" and compare with it',
      'unknown-step 29: write "command: svcadm restart NAME", or enable, disable, refresh',
    ]);
  });
});
