// Wrong files by the kind of place where the mistake stands, as far as no table says what may stand there.
import { type Kind, type Wrong } from './places.ts';

const inTask = (text: string): string => `- hosts: zonehosts\n  tasks:\n    - ${text}\n`;
const SITE = inTask('command: uname -a');
const ALL = SITE.replace('zonehosts', 'all');

function by(
  kind: Kind,
  files: Readonly<Record<string, string>>,
  claims: readonly string[] = Object.values(files).slice(-1),
): Wrong {
  return {
    kind,
    claim: (claims[0] ?? '').replaceAll('\n', ' ').trim(),
    example: { files: { 'site.yml': SITE, ...files }, options: [] },
  };
}

const argument = (text: string, more: Readonly<Record<string, string>> = {}): Wrong =>
  by('argument', { ...more, 'site.yml': inTask(text) }, [text]);
const shell = (text: string): Wrong => by('shell text', { 'site.yml': inTask(`shell: |\n        ${text}`) }, [text]);
const template = (text: string): Wrong =>
  by('template file', { 'site.yml': inTask('template: { src: motd.hbs, dest: /etc/motd }'), 'motd.hbs': `${text}\n` }, [
    text,
  ]);
const variables = (text: string): Wrong =>
  by('variables', { 'site.yml': `- hosts: zonehosts\n  vars: ${text}\n  tasks:\n    - debug: { msg: "{{a}}" }\n` }, [
    text,
  ]);
const varsFile = (text: string): Wrong =>
  by('file of variables', {
    'site.yml': '- hosts: zonehosts\n  vars_files: [more.yml]\n  tasks:\n    - debug: { msg: "{{a}}" }\n',
    'more.yml': text,
  });
/** Any list of tasks, handlers, or what else a play holds. */
const inPlay = (kind: Kind, keys: string, more: Readonly<Record<string, string>> = {}): Wrong =>
  by(kind, { ...more, 'site.yml': `- hosts: zonehosts\n  ${keys}\n` }, [keys]);
const hosts = (kind: 'group' | 'host' | 'zone rule', text: string): Wrong => by(kind, { 'hosts.yml': text });
/** An inventory of another name than the usual one, and what else is there. */
const inventory = (kind: Kind, name: string, text: string, more: Readonly<Record<string, string>> = {}): Wrong => ({
  kind,
  claim: text.trim().split('\n').at(-1) ?? '',
  example: { files: { 'site.yml': ALL, [name]: text, ...more }, options: ['-i', name] },
});
const ssh = (text: string): Wrong =>
  by('SSH configuration', {
    'hosts.yml': 'zonehosts: { hosts: { bjork: { ssh_config: fleet.conf } } }\n',
    'fleet.conf': text,
  });
const option = (options: string): Wrong => ({
  kind: 'option',
  claim: options,
  example: { files: { 'site.yml': SITE }, options: options.split(' ') },
});

const SELF = { 'more.yml': '- import_tasks: more.yml\n' };
const ROLES = { 'roles/web/tasks/main.yml': '- import_role: web\n' };
const ZONES = 'zonehosts: { hosts: { bjork: } }\nzones: ';

/** Where no table says what may stand. */
export const WRONG_ELSEWHERE: readonly Wrong[] = [
  inPlay(
    'on_event',
    'on_event: { on: run_ended, url: "https://example.org/told", headers: { X Key: a } }\n  tasks: []',
  ),
  inPlay('on_event', 'on_event: { on: run_ended }\n  tasks: []'),
  inPlay('between', 'gates: { between: { within: 5m } }'),
  inPlay('between', 'gates: { between: { checks: [services, moon], soak: 10m } }'),
  inPlay('play', 'vars_files: [none.yml]\n  tasks: []'),
  inPlay('play', 'tasks: [{ zones.evacuate: {} }, { maintenance.end: {} }, { zones.return: {} }]'),
  inPlay('task', 'tasks: [{ comand: uname -a }]'),
  inPlay('task', 'tasks: [{ name: nothing }]'),
  inPlay('handler', 'tasks: [{ command: a, notify: x }]\n  handlers: [{ name: x, comand: b }]'),
  inPlay('handler', 'tasks: [{ command: a, notify: x }]\n  handlers: [{ name: x }]'),
  inPlay('handler', 'tasks: [{ command: a, notify: x }]\n  handlers: [{ name: x, copy: { dst: /a } }]'),
  inPlay('import_tasks', 'tasks: [{ import_tasks: none.yml }]'),
  inPlay('import_tasks', 'tasks: [{ import_tasks: more.yml }]', SELF),
  inPlay('include_tasks', 'tasks: [{ include_tasks: none.yml }]'),
  inPlay('include_tasks', 'tasks: [{ include_tasks: more.yml }]', { 'more.yml': '- include_tasks: more.yml\n' }),
  inPlay('import_role', 'tasks: [{ import_role: none }]'),
  inPlay('import_role', 'tasks: [{ import_role: web }]', ROLES),
  inPlay('include_role', 'tasks: [{ include_role: none }]'),
  inPlay('include_role', 'tasks: [{ include_role: web }]', { 'roles/web/tasks/main.yml': '- include_role: web\n' }),
  inPlay('role', 'roles: [none]'),
  inPlay('role', 'roles: [web]', ROLES),
  by('import_playbook', { 'site.yml': '- import_playbook: site.yml\n' }),
  inPlay('undo', 'tasks: [{ command: a, undo: { comand: b } }]'),
  inPlay('undo', 'tasks: [{ command: a, undo: { name: b } }]'),
  inPlay('undo', 'tasks: [{ command: a, undo: { copy: { dst: /a } } }]'),
  inPlay('undo', 'tasks: [{ command: a, register: r, undo: { command: "b {{r.stdout}}" } }]'),
  inPlay('undo', 'tasks: [{ command: a, undo: { command: "b {{ nowhere | upper }}" } }]'),
  inPlay('prompt', 'vars_prompt: [{ private: yes }]\n  tasks: []'),
  argument('zones.evacuate: { which: runing }'),
  argument('maintenance.begin: {}'),
  argument('maintenance.begin: { mesage: x }'),
  argument('debug: { msg: "{{nowhere}}" }'),
  argument('debug: { msg: "{{ host.name | upper }}" }'),
  argument('debug: { msg: "{{#if host.name}}" }'),
  argument('debug: { msg: !x y }'),
  argument('debug: { msg: *x }'),
  argument('debug: { msg: a, msg: b }'),
  argument('debug: { msg: "a }'),
  argument('command: echo sysadm: x'),
  argument('assert: { that: "nowhere > 1" }'),
  argument('assert: { that: "not true" }'),
  argument('copy: { src: none.txt, dest: /a, content: b }'),
  argument('template: { src: none.hbs, dest: /a }'),
  argument('zones.evacute: {}'),
  argument('zfs.snapshot: {}'),
  argument('apt: { name: x }'),
  argument('set_fact: { facts: 1 }'),
  argument('command: { cmd: a, argv: [b] }'),
  argument('command: dest=/x creates=/y'),
  argument('copy: { content: a, dest: /a, mode: 644 }'),
  shell("echo '{{host.name}}'"),
  shell('echo "{{host.name}}"'),
  shell('echo a # {{host.name}}'),
  shell('cat <<E\n        {{host.name}}\n        E'),
  shell('echo {{nowhere}}'),
  shell('echo {{host.nmae}}'),
  shell('echo {{upper}}'),
  shell('echo {{ host.name | upper }}'),
  template('{{nowhere}}'),
  template('{{#each zones}}'),
  template('{{uper host.name}}'),
  variables('{ a: "{{b}}", b: "{{a}}" }'),
  variables('{ a-b: 1 }'),
  variables('{ run: 1, a: 2 }'),
  variables('{ a: "{{nowhere}}" }'),
  variables('{ a: 1, a: 2 }'),
  variables('[a]'),
  varsFile('[a]\n'),
  varsFile('a: "{{nowhere}}"\n'),
  varsFile('a: 1\na: 2\n'),
  varsFile('a: !x 1\n'),
  varsFile('a: "\n'),
  varsFile('<<: *x\na: 1\n'),
  varsFile('a-b: 1\na: 2\n'),
  varsFile('a: "{{a}}"\n'),
  by('file of variables', { 'site.yml': '- hosts: zonehosts\n  vars_files: [none.yml]\n  tasks: []\n' }, ['none.yml']),
  variables('{ a: "{{ b | upper }}" }'),
  variables('{ a: !x 1 }'),
  varsFile('a: "{{ b | upper }}"\n'),
  by('folder of variables', { 'group_vars/zonehosts.yml': 'a: 1\n', 'group_vars/zonehosts.yaml': 'a: 2\n' }),
  by('folder of variables', { 'group_vars/zonehosts/a.yml': 'a: "\n' }),
  by('folder of variables', { 'host_vars/bjork.yml': 'a-b: 1\n' }),
  by('folder of variables', { 'host_vars/bjork.yml': '[1]\n' }),
  hosts('group', 'hosts:\n  bjork:\n'),
  hosts('group', 'zonehosts: { hosts: { bjork: }, vars: { a: "{{ b | upper }}" } }\n'),
  hosts('group', 'zonehosts: { hosts: { bjork: }, vars: { a-b: 1 } }\n'),
  hosts('group', 'zonehosts: { hosts: { bjork: }, vars: { user: "{{user}}" } }\n'),
  hosts('group', 'zonehosts: { hosts: { bjork: }, vars: { ansible_connection: local } }\n'),
  hosts('group', 'zonehosts: { hosts: { bjork: }, vars: { ansible_password: x } }\n'),
  hosts('group', 'zonehosts: { hosts: { bjork: }, vars: { jump: a b } }\n'),
  hosts('group', 'zonehosts: { hosts: { bjork: }, vars: { a: !x 1 } }\n'),
  hosts('group', 'zonehosts: { hosts: { bjork: }, vars: { ssh_config: none.conf } }\n'),
  hosts('host', 'zonehosts: { hosts: { bjork: { a: "{{ b | upper }}" } } }\n'),
  hosts('host', 'zonehosts: { hosts: { bjork: { jump: a b } } }\n'),
  hosts('host', 'zonehosts: { hosts: { bjork: { ssh_config: none.conf } } }\n'),
  hosts('zone rule', `${ZONES}{ evac1: { pin: bjork, pin: bjork } }\n`),
  hosts('zone rule', `${ZONES}{ evac1: { keep_apart: a, keep_together: a } }\n`),
  inventory('INI inventory', 'hosts.ini', '[zonehosts]\nbjork port = 2222\n'),
  inventory('INI inventory', 'hosts.ini', '[zonehosts]\nbjork\n[fleet:children]\nzonehost\n'),
  inventory('INI inventory', 'hosts.ini', '[a]\nbjork\n[a:children]\na\n'),
  inventory('INI inventory', 'hosts.ini', '[a]\nbjork port=many\n'),
  inventory('INI inventory', 'hosts.ini', '[a]\nbjork ansible_connection=local\n'),
  inventory('INI inventory', 'hosts.ini', '[a]\nbjork ansible_password=x\n'),
  inventory('INI inventory', 'hosts.ini', '[a]\nbjork a-b=1\n'),
  inventory('INI inventory', 'hosts.ini', '[a]\nbjork a="{{ b | upper }}"\n'),
  inventory('INI inventory', 'hosts.ini', '[a]\nn[3:1]\n'),
  inventory('inventory program', 'fleet.sh', '#!/bin/sh\n', { 'fleet.sh --list': 'bjork\n' }),
  inventory('inventory program', 'fleet.sh', '#!/bin/sh\n', { 'fleet.sh --list': '{"a": {"hosts": ["b c"]}}' }),
  inventory('inventory program', 'fleet.sh', '#!/bin/sh\n', {
    'fleet.sh --list': '{"a": {"hosts": ["b"], "vars": {"port": "many", "c-d": 1, "ansible_connection": "local"}}}',
  }),
  ssh('Host bjork\n  ProxyCommand /usr/bin/connect-by-hand %h %p\n'),
  ssh('Host bjork\n  Port many\n'),
  ssh('Include "none\n'),
  hosts('group', 'all:\n  host:\n    bjork:\n'),
  hosts('group', 'all: [bjork]\n'),
  hosts('group', 'all:\n  hosts: [bjork]\n'),
  hosts('group', 'zonehosts:\n  hosts: { bjork: }\n  children:\n    a: { children: { zonehosts: } }\n'),
  hosts('group', 'zonehosts:\n  hosts: { bjork: }\n  vars: [1]\n'),
  hosts('group', 'zonehosts:\n  hosts: { bjork: }\n  hosts: { evac1: }\n'),
  hosts('group', 'zonehosts:\n  hosts: { "ev[3:1]": }\n'),
  hosts('group', 'all: *x\n'),
  hosts('group', 'all:\n\thosts:\n'),
  hosts('host', 'zonehosts:\n  hosts: { bjork: { port: many } }\n'),
  hosts('host', 'zonehosts:\n  hosts: { bjork: { ansible_connection: local } }\n'),
  hosts('host', 'zonehosts:\n  hosts: { bjork: { ansible_password: x } }\n'),
  hosts('host', 'zonehosts:\n  hosts: { bjork: { a-b: 1 } }\n'),
  hosts('host', 'zonehosts:\n  hosts: { bjork: { address: "{{nowhere}}" } }\n'),
  hosts('host', 'zonehosts:\n  hosts: { bjork: { a: 1, a: 2 } }\n'),
  hosts('host', 'zonehosts:\n  hosts: { bjork: { a: !x 1 } }\n'),
  hosts('host', 'zonehosts:\n  hosts: { bjork: { user: root, rack: "{{rack}}" } }\n'),
  hosts('zone rule', 'zonehosts: { hosts: { bjork: } }\nzones: { evac1: { pin: bjrok } }\n'),
  hosts('zone rule', 'zonehosts: { hosts: { bjork: } }\nzones: { evac1: { pinn: bjork } }\n'),
  hosts('zone rule', 'zonehosts: { hosts: { bjork: } }\nzones: { evac1: bjork }\n'),
  hosts('zone rule', 'zonehosts: { hosts: { bjork: } }\nzones: { evac1: { pin: { a: 1 } } }\n'),
  option('-e {'),
  option('-e [1]'),
  option('-e a-b=1'),
  option('-e @none.yml'),
  option('-l nobody'),
  option('-l zonehosts:!zonehosts'),
  option('-l ~('),
  option('--tags nothing'),
  option('-i none.yml'),
];
