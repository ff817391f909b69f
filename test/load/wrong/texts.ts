// Wrong playbooks: templates, conditions, files and imports.
import type { Case } from './case.ts';
import { play } from '../kit.ts';

export const WRONG_TEXTS: readonly Case[] = [
  {
    claim: 'a filter in a template',
    code: 'bad-template',
    files: play('- debug: { msg: "{{ why | upper }}" }\n', 'vars: { why: x }\n'),
    marked: '{{ why | upper }}',
    help: 'write {{upper why}}',
  },
  {
    claim: 'a placeholder inside quotes of a shell text',
    code: 'template-in-quotes',
    files: play(`- shell: echo '{{host.name}}'\n`),
    marked: '{{host.name}}',
    help: 'leave the quotes out: {{host.name}} is quoted as one word already',
  },
  {
    claim: 'a placeholder in the second line of a shell text',
    code: 'template-in-quotes',
    files: play('- shell: |\n    echo {{host.name}}\n    echo "{{host.name}}"\n'),
    marked: '{{host.name}}',
  },
  {
    claim: 'a condition in words',
    code: 'bad-condition',
    files: play('- command: a\n  when: host.name == "bjork" and true\n'),
    marked: 'and',
    help: 'write host.name == "bjork" && true',
  },
  {
    claim: 'a condition that is a number',
    code: 'bad-condition',
    files: play('- command: a\n  when: 1\n'),
    marked: '1',
  },
  {
    claim: 'a condition that is a text',
    code: 'bad-condition',
    files: play('- command: a\n  when: "\'x\'"\n'),
    marked: "'x'",
  },
  {
    claim: 'a wrong condition in an argument',
    code: 'bad-condition',
    files: play('- assert: { that: ["not x"] }\n', 'vars: { x: 1 }\n'),
    marked: 'not',
  },
  {
    claim: 'an imported file that is not there',
    code: 'file-missing',
    files: play('- import_tasks: no.yml\n'),
    marked: 'no.yml',
  },
  {
    claim: 'a file of variables that is not there',
    code: 'file-missing',
    files: play('- command: a\n', 'vars_files: [no.yml]\n'),
    marked: 'no.yml',
  },
  {
    claim: 'a file that imports itself',
    code: 'import-cycle',
    files: {
      'site.yml': play('- import_tasks: a.yml\n'),
      'a.yml': '- import_tasks: b.yml\n',
      'b.yml': '- import_tasks: a.yml\n',
    },
    marked: 'a.yml',
  },
  {
    claim: 'a playbook that imports itself',
    code: 'import-cycle',
    files: '- import_playbook: site.yml\n',
    marked: 'site.yml',
  },
  {
    claim: 'an import that depends on a variable',
    code: 'undefined-variable',
    files: play('- import_tasks: "{{host.name}}.yml"\n'),
    marked: '"{{host.name}}.yml"',
  },
  { claim: 'a text that is no YAML', code: 'yaml-syntax', files: '- hosts: all\n\ttasks: []\n', marked: '\t' },
  { claim: 'a key twice', code: 'duplicate-key', files: play('- command: a\n  command: b\n'), marked: 'command' },
  { claim: 'an alias to nothing', code: 'bad-merge', files: play('- command: *a\n'), marked: '*a' },
  { claim: 'a tag of YAML that means nothing', code: 'bad-tag', files: play('- command: !x a\n'), marked: 'a' },
];
