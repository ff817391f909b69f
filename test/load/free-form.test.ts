import { expect } from 'chai';
import { GIVEN_SHAPES } from '../../src/load/expression/shape.ts';
import { ANSIBLE_PATHS } from '../../src/load/tables/ansible-facts.ts';
import { catalogue } from '../../src/steps/catalogue.ts';
import { load, play } from './kit.ts';
import { mappingOf } from '../../src/load/task/free-form.ts';

describe('arguments in the older way', () => {
  const cases: readonly (readonly [text: string, bare: string | null, mapping: string])[] = [
    ['src=a dest=/b mode=644', null, '{ src: a, dest: /b, mode: 0644 }'],
    ['path={{ app_dir }}/{{ item }} state=directory', null, '{ path: "{{ app_dir }}/{{ item }}", state: directory }'],
    ['prompt="go on?"', null, '{ prompt: "go on?" }'],
    ['line="{{ a }} {{ b }}" create=yes', null, '{ line: "{{ a }} {{ b }}", create: yes }'],
    ['count={{ out.stdout_lines | length }}', null, '{ count: "{{ out.stdout_lines | length }}" }'],
    ['var=st.stat.exists', 'msg', '{ var: st.stat.exists }'],
    ['msg="many"', 'msg', '{ msg: "many" }'],
    ['touch /x creates=/x', 'cmd', '{ cmd: touch /x, creates: /x }'],
    ['msg=\'say "x"\'', 'msg', `{ msg: 'say "x"' }`],
  ];
  for (const [text, bare, mapping] of cases)
    it(`${text} is ${mapping}`, () => expect(mappingOf(text, bare)).to.equal(mapping));
});

describe("Ansible's older ways are told once, with what to write, and read on", () => {
  const files = {
    'more.yml': '- command: { cmd: uname, reads: true }\n  register: u\n',
    'roles/x/tasks/main.yml': '- command: uname\n',
    'roles/x/tasks/y.yml': '- command: uname\n  register: u\n',
    'other.yml': '- hosts: all\n  tasks: [{ command: uname }]\n',
  };
  const told = async (text: string): Promise<readonly string[]> => {
    const { diagnostics } = await load({ ...files, 'site.yml': text });
    return diagnostics.map(one => `${one.code}: ${one.help.join('; ')}`);
  };
  const THIS = ' and "delegate_to: NAME", with this machine as NAME in the inventory';
  const USES = '- debug: { msg: "{{u.stdout}}" }\n';
  const cases: readonly (readonly [tasks: string, ...told: readonly string[]])[] = [
    [`- include_role: name=x tasks_from=y\n${USES}`, 'bad-argument: write include_role: { name: x, tasks_from: y }'],
    ['- import_role: name=x\n', 'bad-argument: write import_role: { name: x }'],
    ['- import_role: name=z\n', 'bad-argument: write import_role: { name: z }', 'file-missing: did you mean "x"?'],
    [`- include: more.yml\n${USES}`, 'not-ours: write import_tasks: more.yml'],
    [`- ansible.builtin.include: more.yml\n${USES}`, 'not-ours: write import_tasks: more.yml'],
    [`- include: more.yml x=2\n${USES}`, 'not-ours: write import_tasks: more.yml and vars: { x: 2 }'],
    [`- import_tasks: more.yml tags=x,y\n${USES}`, 'bad-argument: write import_tasks: more.yml and tags: "x,y"'],
    [
      '- include_tasks: file=more.yml tags=x n=2\n',
      'bad-argument: write include_tasks: more.yml and tags: x and vars: { n: 2 }',
    ],
    [`- include: more.yml tags=x\n${USES}`, 'not-ours: write import_tasks: more.yml and tags: x'],
    [
      '- include: "{{ item }}.yml"\n  loop: [more]\n',
      'not-ours: write include_tasks: { file: "{{ item }}.yml", from: [a.yml, b.yml] }, with every file it may be',
    ],
    [`- import_tasks: file=more.yml\n${USES}`, 'bad-argument: write import_tasks: more.yml'],
    [`- local_action: command uname -a\n  register: u\n${USES}`, `not-ours: write "command: uname -a"${THIS}`],
    [
      `- local_action: { module: copy, dest: /b, content: c }\n`,
      `not-ours: write "copy: { dest: /b, content: c }"${THIS}`,
    ],
    ['- action: copy dest=/b content=c\n', 'not-ours: write "copy: { dest: /b, content: c }"'],
    [
      '- command: ls\n  args: { creates: /x, chdr: /tmp }\n',
      'not-ours: put the arguments under the step: command: { cmd: ls, creates: /x, chdr: /tmp }',
      'unknown-key: there are: cmd, argv, creates, reads',
    ],
    [
      '- copy: dest=/a content={{ host.name | upper }}\n',
      'bad-argument: write copy: { dest: /a, content: "{{ host.name | upper }}" }',
      'bad-template: write {{upper host.name}}',
    ],
  ];
  for (const [tasks, ...expected] of cases)
    it(JSON.stringify(tasks), async () => expect(await told(play(tasks))).to.deep.equal(expected));

  it('marks what is wrong inside at its own place', async () => {
    const text = play('- copy: dest=/a content={{ nowhere }}\n');
    const { diagnostics } = await load({ 'site.yml': text });
    expect(diagnostics.map(one => text.slice(one.span.start, one.span.end))).to.deep.equal([
      'dest=/a content={{ nowhere }}',
      'nowhere',
    ]);
  });

  it('a file of variables that is chosen', async () => {
    for (const [tasks, help] of [
      [
        '- include_vars: "{{ item }}"\n  with_first_found: [a.yml, b.yml]\n',
        'write include_vars: { file: …, from: [a.yml, b.yml] }, with "file" the name of the one that is meant',
      ],
      [
        '- include_vars: "{{ ansible_os_family }}.yml"\n',
        'list every file it may be: { file: "{{ ansible_os_family }}.yml", from: [a.yml, b.yml] }',
      ],
    ] as const) {
      const { diagnostics } = await load({ 'site.yml': play(tasks) }, { catalogue });
      expect(diagnostics.map(one => one.help.join('; '))).to.deep.equal([help]);
    }
  });

  it('among plays', async () =>
    expect(await told('- include: other.yml\n')).to.deep.equal(['not-ours: write import_playbook: other.yml']));

  it('among handlers', async () =>
    expect(
      await told(play('- command: a\n  notify: h\n', 'handlers:\n- { name: h, local_action: command uname }\n')),
    ).to.deep.equal([`not-ours: write "command: uname"${THIS}`]));

  it('a list among the files of variables', async () =>
    expect(await told(play('- command: a\n', 'vars_files: [[a.yml, b.yml]]\n'))).to.deep.equal([
      'wrong-type: write one of them: a.yml, or b.yml',
    ]));
});

describe("Ansible's own names", () => {
  for (const [use, help] of [
    ['{{ansible_os_family}}', 'every host here is an Oracle Solaris'],
    ['{{ansible_facts.distribution}}', 'every host here is an Oracle Solaris'],
    ['{{ansible_fqdn}}', 'write facts.os.nodename'],
    ['{{ansible_processor_cores}}', 'write facts.cpus'],
    ['{{ansible_facts.memtotal_mb}}', 'write facts.memory.totalBytes'],
    ['{{ansible_managed}}', 'at the top of the template'],
    ['{{ansible_bios_date}}', 'no fact says so'],
    ["{{ ansible_facts['os_family'] | lower }}", 'ansible_facts.os_family: leave it out'],
  ] as const)
    it(`${use}: ${help}`, async () => {
      const { diagnostics } = await load({ 'site.yml': play(`- debug: { msg: "${use}" }\n`) });
      expect(diagnostics).to.have.lengthOf(1);
      expect(diagnostics[0]?.help.join('; ')).to.contain(help);
    });

  it('every path that is offered is one that the runner gives', () => {
    for (const ours of Object.values(ANSIBLE_PATHS).filter(path => !path.startsWith('failed'))) {
      const [name = '', member = ''] = ours.split('.');
      const shape = GIVEN_SHAPES[name];
      expect(shape?.is === 'members' && Object.hasOwn(shape.members, member), ours).to.equal(true);
    }
  });
});
