// Wrong playbooks: names: of variables, of tags, and what they stand for.
import type { Case } from './case.ts';
import { play } from '../kit.ts';

export const WRONG_NAMES: readonly Case[] = [
  {
    claim: 'an undefined variable in a template',
    code: 'undefined-variable',
    files: play('- command: "echo {{hots.name}}"\n'),
    marked: 'hots.name',
    help: 'did you mean "host"?',
  },
  {
    claim: 'an undefined variable in a condition',
    code: 'undefined-variable',
    files: play('- command: a\n  when: wich == "all"\n', 'vars: { which: all }\n'),
    marked: 'wich',
    help: 'did you mean "which"?',
  },
  {
    claim: 'an undefined variable inside #if',
    code: 'undefined-variable',
    files: play('- command: "echo {{#if nope}}x{{/if}}"\n'),
    marked: 'nope',
  },
  {
    claim: 'a variable that some hosts lack',
    code: 'undefined-variable',
    files: play('- command: "echo {{owner}}"\n'),
    marked: 'owner',
  },
  {
    claim: 'an undefined variable in a variable',
    code: 'undefined-variable',
    files: play('- command: "echo {{a}}"\n', 'vars: { a: "{{bb}}" }\n'),
    marked: 'bb',
  },
  {
    claim: "a member that a step's result doesn't have",
    code: 'undefined-variable',
    files: play('- be.update: { be_name: x }\n  register: update\n- command: a\n  when: update.pendng\n'),
    marked: 'update.pendng',
    help: 'did you mean "update.pending"?',
  },
  {
    claim: 'a result that comes later',
    code: 'undefined-variable',
    files: play('- command: a\n  when: b.rc == 0\n- command: b\n  register: b\n'),
    marked: 'b.rc',
  },
  {
    claim: "Ansible's name of the host",
    code: 'undefined-variable',
    files: play('- command: "echo {{inventory_hostname}}"\n'),
    marked: 'inventory_hostname',
    help: 'write host.name',
  },
  {
    claim: 'item without a loop',
    code: 'undefined-variable',
    files: play('- command: "echo {{item}}"\n'),
    marked: 'item',
  },
  {
    claim: 'failed outside of rescue',
    code: 'undefined-variable',
    files: play('- command: "echo {{failed.task}}"\n'),
    marked: 'failed.task',
  },
  {
    claim: 'a fact that nobody observes',
    code: 'undefined-variable',
    files: play('- command: a\n  when: facts.zone.size() > 0\n'),
    marked: 'facts.zone',
    help: 'did you mean "facts.zones"?',
  },
  {
    claim: 'hosts that rest on a variable of the play',
    code: 'undefined-variable',
    files: '- hosts: "{{who}}"\n  vars: { who: all }\n  tasks: [command: a]\n',
    marked: '"{{who}}"',
  },
  {
    claim: "a variable that can't be a name",
    code: 'bad-name',
    files: play('- command: a\n', 'vars: { boot-limit: 1 }\n'),
    marked: 'boot-limit',
    help: 'call it "boot_limit"',
  },
  {
    claim: 'a result called facts',
    code: 'bad-name',
    files: play('- command: a\n  register: facts\n'),
    marked: 'facts',
  },
  {
    claim: 'a variable that refers to itself',
    code: 'variable-cycle',
    files: play('- command: "echo {{a}}"\n', 'vars: { a: "{{b}}", b: "{{c}}", c: "{{a}}" }\n'),
    marked: '"{{b}}"',
  },
  {
    claim: 'a variable of a task that refers to itself',
    code: 'variable-cycle',
    files: play('- command: "echo {{a}}"\n  vars: { a: "{{a}}!" }\n'),
    marked: '"{{a}}!"',
  },
];
