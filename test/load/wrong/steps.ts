// Wrong playbooks: steps and their arguments.
import type { Case } from './case.ts';
import { play } from '../kit.ts';

export const WRONG_STEPS: readonly Case[] = [
  {
    claim: 'a step with a slip',
    code: 'unknown-step',
    files: play('- zones.evacute: { which: all }\n'),
    marked: 'zones.evacute',
    help: 'did you mean "zones.evacuate"?',
  },
  { claim: 'a planned step', code: 'not-yet', files: play('- zfs.snapshot: {}\n'), marked: 'zfs.snapshot' },
  { claim: 'a task without step', code: 'no-step', files: play('- name: nothing\n'), marked: 'name' },
  {
    claim: 'a task with two steps',
    code: 'no-step',
    files: play('- command: a\n  shell: b\n'),
    marked: 'shell',
    help: 'make two tasks of it',
  },
  {
    claim: 'a block with a step',
    code: 'no-step',
    files: play('- block: [command: a]\n  shell: b\n'),
    marked: 'shell',
  },
  {
    claim: 'meta with an unknown word',
    code: 'bad-argument',
    files: play('- meta: flush\n'),
    marked: 'flush',
    help: 'there are: flush_handlers, noop, end_host, end_batch, end_play',
  },
  {
    claim: 'an argument of the wrong type',
    code: 'bad-argument',
    files: play('- zones.evacuate: { which: all, batch: two }\n'),
    marked: 'two',
  },
  {
    claim: 'an argument that is none of the choices',
    code: 'bad-argument',
    files: play('- zones.evacuate: { which: runing }\n'),
    marked: 'runing',
    help: 'did you mean "running"?',
  },
  {
    claim: 'a number too small',
    code: 'bad-argument',
    files: play('- zones.evacuate: { which: all, batch: 0 }\n'),
    marked: '0',
  },
  {
    claim: 'a missing argument',
    code: 'missing-key',
    files: play('- maintenance.begin: {}\n'),
    marked: 'maintenance.begin',
  },
  {
    claim: 'an argument with a slip',
    code: 'unknown-key',
    files: play('- maintenance.begin: { mesage: x, message: y }\n'),
    marked: 'mesage',
    help: 'did you mean "message"?',
  },
  {
    claim: 'a plain no where a text was meant',
    code: 'bad-argument',
    files: play('- debug: { msg: no }\n'),
    marked: 'no',
    help: 'YAML reads no as false: put it in quotes, "no"',
  },
  {
    claim: 'arguments in one line',
    code: 'bad-argument',
    files: play('- copy: dest=/etc/x content=y\n'),
    marked: 'dest=/etc/x content=y',
    help: 'write copy: { dest: /etc/x, content: y }',
  },
  {
    claim: 'a template file that is not there',
    code: 'file-missing',
    files: play('- template: { src: no.hbs, dest: /x }\n'),
    marked: 'no.hbs',
  },
  {
    claim: 'a decimal mode of a file',
    code: 'bad-argument',
    files: play('- copy: { dest: /x, content: y, mode: 644 }\n'),
    marked: '644',
    help: 'write 0644 or "0644"',
  },
  {
    claim: 'a mode for folders where a file is copied',
    code: 'bad-argument',
    files: play('- copy: { dest: /etc/motd, content: y, directory_mode: "0711" }\n'),
    marked: '"0711"',
    help: 'name the folder in the task itself; for one that is there write "file: { path: …, mode: … }"',
  },
  {
    claim: 'an argument inside the text of a command',
    code: 'bad-argument',
    files: play('- command: touch /x creates=/x\n'),
    marked: 'touch /x creates=/x',
    help: 'write command: { cmd: touch /x, creates: /x }',
  },
];
