// Small playbooks that both Ansible and we can read: what happens on each host, in which order, must be the same, but for
// the differences that "Coming from Ansible" lists. Conditions and placeholders are such as mean the same in both.
import { createHash } from 'node:crypto';

export interface PlaybookCase {
  readonly name: string;
  /** By path, `site.yml` among them. */
  readonly files: Readonly<Record<string, string>>;
  readonly options: readonly string[];
  /** The key of the difference that it shows; null: it must be the same. */
  readonly differs: string | null;
}

/** Hosts a, b and c are this machine: what they touch lies in a folder of their own. */
export const HOST_VARS = ['a', 'b', 'c'].map((host, index) => ({ host, vars: `n=${index + 1} me=${host}` }));

export function digestOf({ files, options }: PlaybookCase): string {
  return createHash('sha256')
    .update(JSON.stringify([files, options]))
    .digest('hex')
    .slice(0, 12);
}

interface More {
  readonly files?: Readonly<Record<string, string>>;
  readonly options?: readonly string[];
  readonly differs?: string;
}

const indented = (text: string, by: number): string => text.trim().replaceAll(/^(?=.)/gm, ' '.repeat(by));

function site(name: string, text: string, { files = {}, options = [], differs }: More = {}): PlaybookCase {
  return { name, files: { 'site.yml': `${text.trim()}\n`, ...files }, options, differs: differs ?? null };
}

/** One play on all hosts. */
function tasks(name: string, text: string, more: More & { readonly play?: string } = {}): PlaybookCase {
  const words = more.play === undefined ? '' : `${indented(more.play, 2)}\n`;
  return site(name, `- hosts: all\n${words}  tasks:\n${indented(text, 4)}`, more);
}

const HANDLERS = `handlers:
  - { name: one, command: echo one }
  - { name: two, command: echo two }
  - { name: three, command: echo three, listen: topic }`;

const RAN: readonly PlaybookCase[] = [
  tasks('a task after another', '- { name: first, command: echo 1 }\n- { name: second, debug: { msg: hello } }'),
  tasks('a condition by host', '- { name: only b, command: echo 1, when: n == 2 }\n- { name: all, command: echo 2 }'),
  tasks('a condition that is a list', '- { name: both, command: echo 1, when: [n > 1, n < 3] }'),
  tasks(
    'a condition on what was registered',
    '- { name: ask, command: "echo {{me}}", register: r }\n- { name: says a, command: echo 1, when: r.stdout == "a" }\n- { name: rc, command: echo 2, when: r.rc == 0 }',
  ),
  tasks(
    'a skipped task registers that it was',
    '- { name: not on a, command: echo 1, when: n > 1, register: r }\n- { name: where skipped, command: echo 2, when: r.skipped == true }',
    { options: ['-l', 'a'] },
  ),
  tasks(
    'changed_when no',
    '- { name: ask, command: echo 1, changed_when: false }\n- { name: say, command: echo 2, changed_when: n == 1 }',
  ),
  tasks(
    'failed_when',
    '- { name: judged, command: echo bad, register: r, failed_when: r.stdout == "good" }\n- { name: after, command: echo 1 }',
  ),
  tasks(
    'failed_when holds',
    '- { name: bad, command: echo bad, register: r, failed_when: [r.stdout == "bad", n == 2] }\n- { name: after, command: echo 1 }',
  ),
  tasks(
    'failed_when saves',
    '- { name: saved, command: "false", failed_when: false }\n- { name: after, command: echo 1 }',
  ),
  tasks(
    'a failure ends the host',
    '- { name: bad, command: "false", when: n == 2 }\n- { name: after, command: echo 1 }',
  ),
  tasks(
    'a failure that is ignored',
    '- { name: bad, command: "false", ignore_errors: yes }\n- { name: after, command: echo 1 }',
  ),
  tasks('fail', '- { name: bad, fail: { msg: no more }, when: n == 1 }\n- { name: after, command: echo 1 }'),
  tasks('assert', '- { name: holds, assert: { that: ["n < 3"] } }\n- { name: after, command: echo 1 }'),
  tasks(
    'set_fact',
    '- { name: set, set_fact: { seen: "{{me}}x" } }\n- { name: use, command: echo 1, when: seen == "ax" }',
  ),
  tasks(
    'creates, there already',
    '- { name: make, command: { cmd: "touch {{dir}}/x", creates: "{{dir}}/x" } }\n- { name: again, command: { cmd: "touch {{dir}}/x", creates: "{{dir}}/x" } }',
  ),
  tasks('removes, not there', '- { name: gone, command: { cmd: "rm {{dir}}/x", removes: "{{dir}}/x" } }'),
  tasks(
    'copy, twice',
    '- { name: put, copy: { dest: "{{dir}}/f", content: hello } }\n- { name: same, copy: { dest: "{{dir}}/f", content: hello } }\n- { name: other, copy: { dest: "{{dir}}/f", content: world } }',
  ),
  tasks(
    'copy of a folder, twice; and folders below it get their mode back',
    [
      `- { name: put, copy: &conf { src: conf/, dest: "{{dir}}/app", mode: "0640", directory_mode: "0711" } }`,
      '- { name: same, copy: *conf }',
      '- { name: shut, file: { path: "{{dir}}/app/d", state: directory, mode: "0700" } }',
      '- { name: opened, copy: *conf }',
      '- { name: ask, command: "stat -c %a {{dir}}/app {{dir}}/app/d {{dir}}/app/d/one", register: r }',
      `- { name: modes, command: echo yes, when: 'r.stdout == "711\\n711\\n640"' }`,
    ].join('\n'),
    { files: { 'conf/main': 'main\n', 'conf/d/one': 'one\n' } },
  ),
  tasks(
    'copy of a folder by its name into one that is there, which stays as it is; a file that differs keeps its mode',
    [
      '- { name: there, file: { path: "{{dir}}/conf", state: directory, mode: "0700" } }',
      '- { name: old, copy: { dest: "{{dir}}/conf/main", content: old, mode: "0600" } }',
      '- { name: put, copy: { src: conf, dest: "{{dir}}", directory_mode: "0711" } }',
      '- { name: ask, command: "stat -c %a {{dir}}/conf {{dir}}/conf/main {{dir}}/conf/d", register: r }',
      `- { name: modes, command: echo yes, when: 'r.stdout == "700\\n600\\n711"' }`,
    ].join('\n'),
    { files: { 'conf/main': 'main\n', 'conf/d/one': 'one\n' } },
  ),
  // Loops
  tasks('a loop', '- { name: each, command: "echo {{item}}", loop: [x, y, z] }'),
  tasks(
    'a loop with a condition on its items',
    '- { name: each, command: "echo {{item}}", loop: [1, 2, 3], when: item != 2 }',
  ),
  tasks(
    'a loop none of whose items is for anybody',
    '- { name: each, command: "echo {{item}}", loop: [1, 2], when: item > 5 }',
  ),
  tasks("a loop that isn't for this host", '- { name: each, command: "echo {{item}}", loop: [1, 2], when: n == 1 }'),
  tasks(
    'a failed item ends no loop, but the host',
    '- { name: each, command: "test {{item}} != 2", loop: [1, 2, 3] }\n- { name: after, command: echo 1 }',
  ),
  tasks(
    'a failed item that is ignored',
    '- { name: each, command: "test {{item}} != 2", loop: [1, 2, 3], ignore_errors: yes }\n- { name: after, command: echo 1 }',
  ),
  tasks(
    'a loop over what was registered',
    '- { name: ask, shell: "echo p; echo q", register: r }\n- { name: each, command: "echo {{item}}", loop: "{{r.stdout_lines}}" }',
  ),
  tasks(
    'loop_control',
    '- { name: each, command: "echo {{z}} {{i}}", loop: [x, y], loop_control: { loop_var: z, index_var: i }, when: i == 1 }',
  ),
  tasks(
    'the results of a loop',
    `- { name: each, command: "echo {{item}}", loop: [x, y], register: r }
- name: second
  command: echo 1
  when: r.results[1].stdout == "y"`,
  ),
  tasks(
    'a loop over mappings',
    '- { name: each, command: "echo {{item.k}}", loop: [{ k: 1 }, { k: 2 }], when: item.k > 1 }',
  ),
  tasks(
    'until',
    `- name: try
  shell: echo x >> {{dir}}/t; wc -l < {{dir}}/t | tr -d ' '
  register: r
  until: r.stdout == "3"
  retries: 5
  delay: 0
- { name: after, command: echo 1, when: r.attempts == 3 }`,
  ),
  tasks(
    'until never',
    '- { name: try, command: "false", register: r, until: r.rc == 0, retries: 2, delay: 0 }\n- { name: after, command: echo 1 }',
  ),
  // Blocks
  tasks(
    'a block',
    '- name: together\n  block:\n    - { name: one, command: echo 1 }\n    - { name: two, command: echo 2 }',
  ),
  tasks(
    'a block with a condition',
    '- when: n == 1\n  block:\n    - { name: one, command: echo 1 }\n    - { name: two, command: echo 2 }\n- { name: after, command: echo 3 }',
  ),
  tasks(
    'rescue',
    '- block:\n    - { name: bad, command: "false", when: n == 2 }\n    - { name: not there, command: echo 1 }\n  rescue:\n    - { name: mended, command: echo 2 }\n- { name: after, command: echo 3 }',
  ),
  tasks(
    'rescue that fails',
    '- block:\n    - { name: bad, command: "false" }\n  rescue:\n    - { name: worse, command: "false", when: n == 1 }\n- { name: after, command: echo 3 }',
  ),
  tasks(
    'always',
    '- block:\n    - { name: bad, command: "false", when: n == 2 }\n  always:\n    - { name: in any case, command: echo 2 }\n- { name: after, command: echo 3 }',
  ),
  tasks(
    'rescue and always, one in the other',
    '- block:\n    - block:\n        - { name: bad, command: "false" }\n      always:\n        - { name: inner always, command: echo 1 }\n  rescue:\n    - { name: outer rescue, command: echo 2 }\n  always:\n    - { name: outer always, command: echo 3 }\n- { name: after, command: echo 4 }',
  ),
  tasks(
    'a failure in always',
    '- block:\n    - { name: good, command: echo 1 }\n  always:\n    - { name: bad, command: "false" }\n- { name: after, command: echo 3 }',
  ),
  tasks(
    'ignore_errors of a block',
    '- ignore_errors: yes\n  block:\n    - { name: bad, command: "false" }\n    - { name: goes on, command: echo 1 }',
  ),
  // Which value counts
  site(
    'what is said to an include counts more than what was set',
    `- hosts: all
  tasks:
    - { name: set, set_fact: { x: set } }
    - { name: included, include_tasks: in.yml, vars: { x: said } }
    - { name: imported, import_tasks: out.yml, vars: { x: said } }
    - { name: looped, include_tasks: item.yml, loop: [one], loop_control: { loop_var: x } }
    - { name: role, include_role: { name: r }, vars: { x: said } }`,
    {
      files: {
        'in.yml':
          '- { name: said, debug: { msg: hi }, when: x == "said" }\n- { name: own, debug: { msg: hi }, when: x == "own", vars: { x: own } }\n',
        'out.yml': '- { name: still set, debug: { msg: hi }, when: x == "set" }\n',
        'item.yml': '- { name: item, debug: { msg: hi }, when: x == "one" }\n',
        'roles/r/tasks/main.yml': '- { name: said to a role, debug: { msg: hi }, when: x == "said" }\n',
      },
    },
  ),
  site(
    'a role that is included keeps its variables to itself',
    `- hosts: all
  roles: [r]
  tasks:
    - { name: included, include_role: { name: q } }
    - { name: default of r, debug: { msg: hi }, when: x == "r" }
    - { name: var of r, debug: { msg: hi }, when: y == "r" }`,
    {
      files: {
        'roles/r/tasks/main.yml': '- { name: in r, debug: { msg: hi }, when: [x == "r", y == "r"] }\n',
        'roles/r/defaults/main.yml': 'x: r\n',
        'roles/r/vars/main.yml': 'y: r\n',
        'roles/q/tasks/main.yml': '- { name: in q, command: echo 1, when: [x == "q", y == "q"], notify: hq }\n',
        'roles/q/handlers/main.yml': '- { name: hq, debug: { msg: hi }, when: [x == "q", y == "q"] }\n',
        'roles/q/defaults/main.yml': 'x: q\n',
        'roles/q/vars/main.yml': 'y: q\n',
      },
    },
  ),
  tasks(
    'a file of variables after a fact',
    '- { name: set, set_fact: { x: set } }\n- { name: read, include_vars: more.yml }\n- { name: as it was set, debug: { msg: hi }, when: x == "set" }\n- { name: as it was read, debug: { msg: hi }, when: x == "read" }',
    { files: { 'more.yml': 'x: read\n' }, differs: 'newest-word' },
  ),
  // Handlers
  tasks(
    'handlers',
    '- { name: t1, command: echo 1, notify: two }\n- { name: t2, command: echo 2, notify: [one, two] }\n- { name: t3, command: echo 3 }',
    { play: HANDLERS },
  ),
  tasks('a handler that nothing changed for', '- { name: t1, command: echo 1, changed_when: false, notify: one }', {
    play: HANDLERS,
  }),
  tasks('a topic', '- { name: t1, command: echo 1, notify: topic }', { play: HANDLERS }),
  tasks(
    'flush_handlers',
    '- { name: t1, command: echo 1, notify: one }\n- meta: flush_handlers\n- { name: t2, command: echo 2, notify: one }',
    { play: HANDLERS },
  ),
  tasks(
    'handlers of a host that fails',
    '- { name: t1, command: echo 1, notify: one }\n- { name: bad, command: "false", when: n == 2 }',
    { play: HANDLERS },
  ),
  tasks('a loop notifies once', '- { name: t1, command: "echo {{item}}", loop: [1, 2], notify: one }', {
    play: HANDLERS,
  }),
  tasks('a handler that notifies', '- { name: t1, command: echo 1, notify: first }', {
    play: 'handlers:\n  - { name: first, command: echo 1, notify: second }\n  - { name: second, command: echo 2 }',
  }),
  site(
    'the sections of a play',
    `- hosts: all
  pre_tasks: [{ name: before, command: echo 1, notify: h }]
  tasks: [{ name: middle, command: echo 2, notify: h }]
  post_tasks: [{ name: behind, command: echo 3, notify: h }]
  handlers: [{ name: h, command: echo h }]`,
  ),
  // Once, elsewhere
  tasks(
    'run_once',
    '- { name: once, command: "echo {{me}}", run_once: yes, register: r }\n- { name: all know, command: echo 1, when: r.stdout == "a" }',
  ),
  tasks(
    'delegate_to',
    '- { name: there, command: "touch {{dir}}/from-{{me}}", delegate_to: c }\n- { name: after, command: echo 1 }',
  ),
  tasks(
    'environment',
    '- { name: see, shell: "echo $WORD", environment: { WORD: hi }, register: r }\n- { name: seen, command: echo 1, when: r.stdout == "hi" }',
  ),
  tasks('strategy free', '- { name: one, command: echo 1 }\n- { name: two, command: echo 2, when: n > 1 }', {
    play: 'strategy: free',
  }),
  tasks('order', '- { name: one, command: echo 1 }', { play: 'order: reverse_sorted' }),
  tasks('serial', '- { name: one, command: echo 1 }\n- { name: two, command: echo 2 }', { play: 'serial: 1' }),
  tasks(
    'serial of one and a failure',
    '- { name: one, command: "false", when: n == 2 }\n- { name: two, command: echo 2 }',
    { play: 'serial: 1' },
  ),
  tasks('any_errors_fatal', '- { name: one, command: "false", when: n == 2 }\n- { name: two, command: echo 2 }', {
    play: 'any_errors_fatal: yes',
  }),
  tasks(
    'end_host',
    '- { name: one, command: echo 1 }\n- { meta: end_host, when: n == 2 }\n- { name: two, command: echo 2 }',
  ),
  tasks(
    'end_play',
    '- { name: one, command: echo 1 }\n- { meta: end_play, when: n == 1 }\n- { name: two, command: echo 2 }',
  ),
  site(
    'a second play knows what the first registered',
    '- hosts: all\n  tasks: [{ name: one, command: "echo {{me}}", register: r }]\n- hosts: b\n  tasks: [{ name: two, command: echo 2, when: r.stdout == "b" }]',
  ),
  site(
    'a host that failed is out of the next play',
    '- hosts: all\n  tasks: [{ name: one, command: "false", when: n == 2 }]\n- hosts: all\n  tasks: [{ name: two, command: echo 2 }]',
    { differs: 'failures' },
  ),
  // Files
  tasks('import_tasks', '- import_tasks: more.yml\n  vars: { word: x }\n- { name: after, command: echo 1 }', {
    files: { 'more.yml': '- { name: imported, command: "echo {{word}}" }\n' },
  }),
  tasks('import_tasks with a condition', '- import_tasks: more.yml\n  when: n == 1', {
    files: { 'more.yml': '- { name: imported, command: echo 1 }\n- { name: too, command: echo 2 }\n' },
  }),
  tasks('include_tasks', '- { name: more, include_tasks: more.yml }\n- { name: after, command: echo 1 }', {
    files: { 'more.yml': '- { name: included, command: echo 1 }\n' },
  }),
  tasks('include_tasks in a loop', '- include_tasks: more.yml\n  loop: [x, y]', {
    files: { 'more.yml': '- { name: included, command: "echo {{item}}" }\n' },
  }),
  tasks('include_tasks by host', '- include_tasks: "of-{{kind}}.yml"\n  vars: { kind: "{{me}}" }', {
    files: {
      'of-a.yml': '- { name: for a, command: echo a }\n',
      'of-b.yml': '- { name: for b, command: echo b }\n',
      'of-c.yml': '- { name: for c, command: echo c }\n',
    },
  }),
  site(
    'import_playbook',
    '- import_playbook: other.yml\n  vars: { word: x }\n- hosts: a\n  tasks: [{ name: own, command: echo 1 }]',
    {
      files: { 'other.yml': '- hosts: b\n  tasks: [{ name: other, command: "echo {{word}}" }]\n' },
    },
  ),
  site(
    'a role',
    '- hosts: all\n  roles: [web]\n  tasks: [{ name: task, command: "echo {{speed}}", register: r }, { name: knows, command: echo 1, when: r.stdout == "low" }]',
    {
      files: {
        'roles/web/tasks/main.yml':
          '- { name: role task, command: "echo {{speed}} {{zone}}", notify: role handler }\n- import_tasks: more.yml\n',
        'roles/web/tasks/more.yml': '- { name: more of it, command: echo 2 }\n',
        'roles/web/handlers/main.yml': '- { name: role handler, command: echo h }\n',
        'roles/web/defaults/main.yml': 'speed: low\n',
        'roles/web/vars/main.yml': 'zone: evac1\n',
        'roles/web/meta/main.yml': 'dependencies: [{ role: base }]\n',
        'roles/base/tasks/main.yml': '- { name: base task, command: echo 0 }\n',
      },
    },
  ),
  site('roles, each once', '- hosts: a\n  roles: [base, base, { role: base, vars: { speed: x } }]', {
    files: { 'roles/base/tasks/main.yml': '- { name: base task, command: echo 0 }\n' },
  }),
  tasks(
    'import_role and include_role',
    '- import_role: { name: base }\n- include_role: { name: base, tasks_from: other }',
    {
      files: {
        'roles/base/tasks/main.yml': '- { name: base task, command: echo 0 }\n',
        'roles/base/tasks/other.yml': '- { name: other task, command: echo 1 }\n',
      },
    },
  ),
  site(
    "a handler of the play instead of a role's",
    '- hosts: a\n  roles: [web]\n  handlers: [{ name: h, command: echo play }]',
    {
      files: {
        'roles/web/tasks/main.yml': '- { name: t, command: echo 1, notify: h }\n',
        'roles/web/handlers/main.yml': '- { name: h, debug: { msg: role } }\n',
      },
    },
  ),
  // Tags
  ...(
    [
      ['-t', 'x'],
      ['-t', 'y'],
      ['--skip-tags', 'x'],
      ['-t', 'never'],
      ['--skip-tags', 'always'],
      ['-t', 'tagged'],
      ['-t', 'untagged'],
    ] as const
  ).map(options =>
    tasks(
      `tags: ${options.join(' ')}`,
      '- { name: x, command: echo x, tags: x }\n- { name: y, command: echo y, tags: [y] }\n- { name: none, command: echo n }\n- { name: any, command: echo a, tags: always }\n- { name: not, command: echo v, tags: [never, y] }\n- tags: x\n  block:\n    - { name: in block, command: echo b }',
      { options },
    ),
  ),
  // Precedence of variables
  tasks(
    'variables of a task above those of a block and a play',
    '- vars: { v: block }\n  block:\n    - { name: task, command: echo 1, vars: { v: task }, when: v == "task" }\n    - { name: block, command: echo 1, when: v == "block" }\n- { name: play, command: echo 1, when: v == "play" }',
    { play: 'vars: { v: play }' },
  ),
  tasks(
    'set_fact above variables of a play',
    '- { name: set, set_fact: { v: set } }\n- { name: seen, command: echo 1, when: v == "set" }',
    { play: 'vars: { v: play }' },
  ),
  tasks(
    '-e above all',
    '- { name: set, set_fact: { v: set } }\n- { name: seen, command: echo 1, when: v == "given" }',
    { options: ['-e', 'v=given'] },
  ),
  tasks('vars_files above vars', '- { name: seen, command: echo 1, when: v == "file" }', {
    play: 'vars: { v: play }\nvars_files: [v.yml]',
    files: { 'v.yml': 'v: file\n' },
  }),
];

const DIFFERENT: readonly PlaybookCase[] = [
  tasks(
    'two of two at once, one of them fails',
    '- { name: one, command: "false", when: n == 1 }\n- { name: two, command: echo 2 }',
    { play: 'serial: 2', differs: 'failures' },
  ),
  tasks('run_once in waves', '- { name: once, command: echo 1, run_once: yes }', {
    play: 'serial: 1',
    differs: 'run-once',
  }),
  tasks(
    'a block is asked once',
    '- when: v == 1\n  block:\n    - { name: one, set_fact: { v: 2 } }\n    - { name: two, command: echo 2 }',
    { play: 'vars: { v: 1 }', differs: 'block-when' },
  ),
  tasks('tags of an include', '- include_tasks: more.yml\n  tags: x', {
    options: ['-t', 'x'],
    files: { 'more.yml': '- { name: included, command: echo 1 }\n' },
    differs: 'include-tags',
  }),
  tasks('a tag inside an include', '- include_tasks: more.yml', {
    options: ['-t', 'x'],
    files: { 'more.yml': '- { name: included, command: echo 1, tags: x }\n' },
    differs: 'include-tags',
  }),
  tasks('a command under --check', '- { name: ask, command: { cmd: echo 1 } }', {
    options: ['--check'],
    differs: 'check-command',
  }),
  tasks(
    'a text is no yes',
    '- { name: ask, command: echo x, register: r }\n- { name: text, command: echo 1, when: r.stdout }',
    {
      differs: 'truth',
    },
  ),
  tasks(
    'a name that nobody gave',
    '- { name: first, command: echo 1 }\n- { name: slip, command: echo 2, when: nosuch == 1 }',
    {
      differs: 'told-before',
    },
  ),
  tasks(
    'a file before a failure',
    '- { name: put, copy: { dest: "{{dir}}/f", content: hello } }\n- { name: bad, command: "false" }',
    {
      differs: 'rollback',
    },
  ),
  tasks(
    'a value that a shell could misread',
    `- vars: { v: "x; echo y" }
  block:
    - { name: say, shell: "echo {{v}}", register: r }
    - name: one word
      command: echo 1
      when: r.stdout == "x; echo y"`,
    { differs: 'quoting' },
  ),
];

export const PLAYBOOK_CASES: readonly PlaybookCase[] = [...RAN, ...DIFFERENT];
