// The page for those who come from Ansible: each converted playbook is right as it stands, and of its original check says
// what to write instead, each thing in one pass.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { check, exampleIn, partOf } from './example.ts';

const page = readFileSync(join(dirname(fileURLToPath(import.meta.url)), '../../docs/coming-from-ansible.md'), 'utf8');
const CONVERTED = [...page.matchAll(/^## (.*, converted)$/gm)].map(([, heading]) => heading ?? '');

/** What check says of an example as Ansible has it. */
async function toldOf(heading: string): Promise<readonly string[]> {
  const { files } = exampleIn(partOf(page, heading));
  const theirs = Object.entries(files).flatMap(([name, text]): readonly (readonly [string, string])[] => {
    if (name === 'ansible.yml') return [['site.yml', text]];
    if (name.startsWith('ansible/')) return [[name.slice('ansible/'.length), text]];
    return name.startsWith('roles/') || name.startsWith('templates/') || (name === 'site.yml' && 'ansible.yml' in files)
      ? []
      : [[name, text]];
  });
  const found = await check({ files: Object.fromEntries(theirs), options: [] });
  return found.map(one => {
    const where = one.span.file === 'site.yml' ? '' : `${one.span.file}:`;
    return `${one.code} ${where}${one.span.line}: ${[...one.help].join('; ')}`;
  });
}

const TOLD: Readonly<Record<string, readonly string[]>> = {
  'A playbook, converted': [
    'file-missing 8: templates are Handlebars here, not Jinja: {{x}}, {{#if x}}, {{#each x}}',
    'undefined-variable 20: write host.name',
    'bad-template 20: write {{length zones.stdout_lines}}',
    "bad-condition 21: write zones.rc == 0 && 'global' in zones.stdout_lines",
    "bad-template 24: write {{default tag 'before'}}",
    'not-ours 25: write loop: "{{ datasets }}"',
    'bad-condition 26: every name must be there: give "datasets" a value under "vars:" and compare with it',
    'unknown-step 29: write "command: svcadm restart NAME", or enable, disable, refresh',
  ],
  'Host after host, converted': [
    'bad-template 13: write {{default limit 64}}',
    'not-ours 19: write loop: "{{ services }}"',
    "bad-condition 24: write state.stdout.trim() == 'online'",
    'not-ours 28: write loop: "{{ services }}"',
    'undefined-variable 32: write failed.task',
    'undefined-variable 32: write host.name',
    'undefined-variable 35: write host.name',
  ],
  'A role, converted': [
    'bad-argument roles/time/tasks/main.yml:2: write template: { src: ntp.conf.j2, dest: /etc/inet/ntp.conf }',
    'unknown-step roles/time/tasks/main.yml:5: write "command: svcadm restart NAME", or enable, disable, refresh',
    'bad-template roles/time/templates/ntp.conf.j2:1: write {{#if time_drift}}',
    'bad-template roles/time/templates/ntp.conf.j2:3: write {{/if}}',
    'bad-template roles/time/templates/ntp.conf.j2:4: write {{#each time_servers as |server|}}',
    'bad-template roles/time/templates/ntp.conf.j2:6: write {{/each}}',
    'unknown-step roles/time/handlers/main.yml:2: write "command: svcadm restart NAME", or enable, disable, refresh',
  ],
  'Tasks by what a host is, converted': [
    'bad-template 5: compare in "when:", choose with {{#if x}} … {{else}} … {{/if}}',
    'missing-key 8: list every file that it may be: { file: …, from: [a.yml, b.yml] }',
    'bad-argument 11: write stat: { path: /etc/told }',
    'bad-condition 18: write !told.stat.exists',
    'undefined-variable 21: write host.name',
    'bad-template 22: write {{groups.zonehosts.[0]}}',
  ],
  'What hosts know of each other, converted': [
    'not-ours 12: put the arguments under the step: command: { cmd: "cp -p /etc/inet/hosts /etc/inet/hosts.{{ stamp.stdout }}", creates: "/etc/inet/hosts.{{ stamp.stdout }}" }',
    'bad-template 18: write {{length groups.zonehosts}}',
    'bad-template 20: write {{groups.zonehosts}}',
    'undefined-variable 21: write host.name',
  ],
};

describe('the page for those who come from Ansible', () => {
  for (const heading of CONVERTED) {
    it(`${heading}: it is right as it stands`, async () => {
      const { files } = exampleIn(partOf(page, heading));
      expect(await check({ files, options: [] })).to.deep.equal([]);
    });

    it(`${heading}: of Ansible's, each thing that means nothing here is told with what to write`, async () => {
      expect(await toldOf(heading)).to.deep.equal(TOLD[heading]);
    });
  }
});
