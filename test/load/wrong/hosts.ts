// Wrong playbooks: hosts, handlers, undo and brackets.
import type { Case } from './case.ts';
import { play } from '../kit.ts';

export const WRONG_HOSTS: readonly Case[] = [
  {
    claim: 'a host that nobody knows',
    code: 'unknown-host',
    files: '- hosts: zonehost\n  tasks: [command: a]\n',
    marked: 'zonehost',
    help: 'did you mean "zonehosts"?',
  },
  {
    claim: "a pattern that can't be read",
    code: 'bad-pattern',
    files: '- hosts: "~("\n  tasks: [command: a]\n',
    marked: '~(',
  },
  {
    claim: 'hosts that leave nobody',
    code: 'empty-selection',
    files: '- hosts: zonehosts:!zonehosts\n  tasks: [command: a]\n',
    marked: 'zonehosts:!zonehosts',
  },
  {
    claim: 'a limit that leaves nobody',
    code: 'empty-selection',
    files: '- hosts: ldoms\n  tasks: [command: a]\n',
    marked: '',
    change: { limit: 'zonehosts' },
  },
  {
    claim: 'a limit that nobody knows',
    code: 'unknown-host',
    files: play('- command: a\n'),
    marked: '',
    change: { limit: 'nacaozumb' },
    help: 'did you mean "nacaozumbi"?',
  },
  {
    claim: 'tags that leave nothing',
    code: 'unknown-tag',
    files: play('- command: a\n  tags: x\n'),
    marked: '',
    change: { skipTags: ['x'] },
  },
  {
    claim: 'a handler that nobody wrote',
    code: 'unknown-handler',
    files: play('- command: a\n  notify: Restrt\n', 'handlers: [{ name: Restart, command: r }]\n'),
    marked: 'Restrt',
    help: 'did you mean "Restart"?',
  },
  {
    claim: 'a handler that would be known only when its turn comes',
    code: 'unknown-handler',
    files: play(
      '- command: a\n  loop: [x]\n  notify: "Restart {{item}}"\n',
      'handlers: [{ name: Restart x, command: r }]\n',
    ),
    marked: '"Restart {{item}}"',
    help: 'write a task for each handler, with a "when:" and its "notify:"',
  },
  {
    claim: 'a handler whose name on one host nobody wrote',
    code: 'unknown-handler',
    files: play('- command: a\n  notify: "Restart {{host.name}}"\n', 'handlers: [{ name: Restart a, command: r }]\n'),
    marked: '"Restart {{host.name}}"',
  },
  {
    claim: 'an undo that knows its own result',
    code: 'bad-undo',
    files: play('- command: a\n  register: made\n  undo: { command: "rm {{made.stdout}}" }\n'),
    marked: 'made.stdout',
  },
  {
    claim: 'an undo with a condition',
    code: 'bad-undo',
    files: play('- command: a\n  undo: { command: b, when: x }\n'),
    marked: 'when',
  },
  {
    claim: 'an evacuation and a return without a guard',
    code: 'unguarded-bracket',
    files: play('- zones.evacuate: { which: all }\n- maintenance.end: {}\n- zones.return: { which: recorded }\n'),
    marked: 'zones.evacuate',
  },
  {
    claim: 'an unknown name among others in a pattern, which is marked alone,',
    code: 'unknown-host',
    files: '- hosts: all:!retierd:&bjork\n  tasks: [command: a]\n',
    marked: 'retierd',
  },
  {
    claim: 'an unknown name in a list of patterns, which is marked alone,',
    code: 'unknown-host',
    files: '- hosts: [bjork, "nacaozumbi:nope"]\n  tasks: [command: a]\n',
    marked: 'nope',
  },
];
