// One wrong playbook a complaint: its code, what its span covers, and a saved drawing for each code.
import { expect } from 'chai';
import { loadExtra } from '../../src/load/expression/extra.ts';
import { known } from '../../src/model/value.ts';
import { CODES, type Code } from '../../src/text/diagnostic.ts';
import { expectGolden } from './golden.ts';
import { type Change, fleet, load, memoryFiles, play } from './kit.ts';

interface Case {
  readonly claim: string;
  readonly code: Code;
  /** The playbook, or all files. */
  readonly files: string | Readonly<Record<string, string>>;
  /** What the span covers. */
  readonly marked: string;
  readonly help?: string;
  readonly change?: Change;
}

const CASES: readonly Case[] = [
  // Keys
  {
    claim: 'a key of a task with a slip',
    code: 'unknown-key',
    files: play('- command: a\n  regster: x\n'),
    marked: 'regster',
    help: 'did you mean "register"?',
  },
  {
    claim: 'a key of a play with a slip',
    code: 'unknown-key',
    files: play('- command: a\n', 'seril: 1\n'),
    marked: 'seril',
    help: 'did you mean "serial"?',
  },
  {
    claim: 'a key of a task in a play',
    code: 'unknown-key',
    files: play('- command: a\n', 'when: "true"\n'),
    marked: 'when',
    help: 'put it under "tasks:"',
  },
  {
    claim: 'a planned key of a play',
    code: 'not-yet',
    files: play('- command: a\n', 'waves: auto\n'),
    marked: 'waves',
  },
  {
    claim: 'a key that says what another one says',
    code: 'double-word',
    files: play('- command: a\n  run_once: yes\n  once_per: wave\n'),
    marked: 'once_per',
    help: 'keep "once_per"',
  },
  {
    claim: 'two limits of failures',
    code: 'double-word',
    files: play('- command: a\n', 'max_failures: 1\nmax_fail_percentage: 20\n'),
    marked: 'max_fail_percentage',
  },
  {
    claim: 'a delegate that no host is',
    code: 'unknown-host',
    files: play('- command: a\n  delegate_to: bjrk\n'),
    marked: 'bjrk',
    help: 'did you mean "bjork"?',
  },
  {
    claim: 'the machine itself as delegate',
    code: 'unknown-host',
    files: play('- command: a\n  delegate_to: localhost\n'),
    marked: 'localhost',
    help: 'the machine that zoneferry runs on is a host like any other: put it into the inventory',
  },
  {
    claim: 'a throttle of less than one host',
    code: 'wrong-type',
    files: play('- command: a\n  throttle: -1\n'),
    marked: '-1',
  },
  {
    claim: 'a wait that gets shorter',
    code: 'wrong-type',
    files: play('- command: a\n  retries: 3\n  backoff: 0.5\n'),
    marked: '0.5',
  },
  {
    claim: 'a backoff of nothing',
    code: 'missing-key',
    files: play('- command: a\n  backoff: 2\n'),
    marked: 'backoff',
  },
  {
    claim: 'an environment that is a text',
    code: 'wrong-type',
    files: play('- command: a\n  environment: "{{host.name}}"\n'),
    marked: '"{{host.name}}"',
    help: 'write NAME: "{{value}}" for each',
  },
  {
    claim: 'an environment variable with a dash',
    code: 'bad-name',
    files: play('- command: a\n  environment: { MY-PATH: x }\n'),
    marked: 'MY-PATH',
  },
  {
    claim: 'a strategy of Ansible that is not here',
    code: 'not-ours',
    files: play('- command: a\n', 'strategy: host_pinned\n'),
    marked: 'host_pinned',
    help: 'write "strategy: free"',
  },
  {
    claim: 'an include that is known only later, without its candidates',
    code: 'missing-key',
    files: play('- command: a\n  register: r\n- include_tasks: "{{r.stdout}}.yml"\n'),
    marked: '"{{r.stdout}}.yml"',
    help: 'list every file that it may be: { file: …, from: [a.yml, b.yml] }',
  },
  {
    claim: 'a candidate that is not there',
    code: 'file-missing',
    files: {
      'site.yml': play(
        '- command: a\n  register: r\n- include_tasks: { file: "{{r.stdout}}.yml", from: [a.yml, gone.yml] }\n',
      ),
      'a.yml': '- command: a\n',
    },
    marked: 'gone.yml',
  },
  {
    claim: 'an import in a loop',
    code: 'unknown-key',
    files: { 'site.yml': play('- import_tasks: a.yml\n  loop: [1]\n'), 'a.yml': '- command: a\n' },
    marked: 'loop',
    help: 'write "include_tasks: FILE" with the loop',
  },
  {
    claim: 'a block in a loop',
    code: 'unknown-key',
    files: play('- block: [{ command: a }]\n  loop: [1]\n'),
    marked: 'loop',
    help: 'put its tasks into a file, and write "include_tasks: FILE" with the loop',
  },
  {
    claim: "Ansible's loop over a mapping",
    code: 'not-ours',
    files: play('- command: a\n  with_dict: {}\n'),
    marked: 'with_dict',
    help: 'write "loop:" with a list of { key: …, value: … }',
  },
  {
    claim: "a word of Ansible's to the runner",
    code: 'not-ours',
    files: play('- meta: refresh_inventory\n'),
    marked: 'refresh_inventory',
  },
  {
    claim: 'a block among the handlers',
    code: 'unknown-key',
    files: play('- command: a\n', 'handlers: [{ block: [{ command: b }] }]\n'),
    marked: 'block',
    help: 'let several handlers "listen" to one name',
  },
  {
    claim: "Ansible's older loop",
    code: 'not-ours',
    files: play('- command: a\n  with_items: [1]\n'),
    marked: 'with_items',
    help: 'write "loop:" with the list',
  },
  { claim: "Ansible's async", code: 'not-ours', files: play('- command: a\n  async: 10\n'), marked: 'async' },
  {
    claim: "a play's collections",
    code: 'not-ours',
    files: play('- command: a\n', 'collections: [x.y]\n'),
    marked: 'collections',
  },
  {
    claim: 'a play without hosts',
    code: 'missing-key',
    files: '- name: x\n  tasks: [command: a]\n',
    marked: 'name',
    help: 'write "hosts: all", or a group',
  },
  {
    claim: 'rescue without block',
    code: 'missing-key',
    files: play('- command: a\n  rescue: [command: b]\n'),
    marked: 'rescue',
  },
  { claim: 'a delay of nothing', code: 'missing-key', files: play('- command: a\n  delay: 3\n'), marked: 'delay' },
  {
    claim: 'loop_control without loop',
    code: 'missing-key',
    files: play('- command: a\n  loop_control: { label: x }\n'),
    marked: 'loop_control',
  },
  {
    claim: 'tasks as a mapping',
    code: 'wrong-type',
    files: '- hosts: all\n  tasks: { command: a }\n',
    marked: '{ command: a }',
  },
  { claim: 'a playbook that is a mapping', code: 'wrong-type', files: 'hosts: all\n', marked: 'hosts: all' },
  {
    claim: 'serial: 0',
    code: 'wrong-type',
    files: play('- command: a\n', 'serial: 0\n'),
    marked: '0',
    help: 'leave "serial" out for all hosts at once',
  },
  {
    claim: 'a timeout without unit of time',
    code: 'wrong-type',
    files: play('- command: a\n  timeout: soon\n'),
    marked: 'soon',
  },
  {
    claim: 'a loop over a bare name',
    code: 'wrong-type',
    files: play('- command: a\n  loop: zones\n'),
    marked: 'zones',
    help: 'write "{{zones}}" for the variable',
  },
  {
    claim: 'plays imported as tasks',
    code: 'wrong-type',
    files: { 'site.yml': play('- import_tasks: b.yml\n'), 'b.yml': '- hosts: all\n' },
    marked: 'h',
  },
  // Steps
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
  // Arguments
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
    claim: 'an argument inside the text of a command',
    code: 'bad-argument',
    files: play('- command: touch /x creates=/x\n'),
    marked: 'touch /x creates=/x',
    help: 'write command: { cmd: …, creates: … }',
  },
  // Names
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
  // Templates and conditions
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
  // Files and imports
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
  // Hosts, handlers, undo, brackets
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
    marked: '"~("',
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
];

function texts(one: Case): Readonly<Record<string, string>> {
  return typeof one.files === 'string' ? { 'site.yml': one.files } : one.files;
}

describe('what is wrong with a playbook', () => {
  for (const one of CASES) {
    it(`${one.claim} is ${one.code}`, async () => {
      const { program, diagnostics } = await load(texts(one), one.change ?? {});
      const seen = diagnostics.map(
        found => `${found.code} ${texts(one)[found.span.file]?.slice(found.span.start, found.span.end) ?? ''}`,
      );
      expect(seen).to.deep.equal([`${one.code} ${one.marked}`]);
      if (one.help !== undefined) expect(diagnostics[0]?.help.join('\n') ?? '').to.contain(one.help);
      expect(program === null).to.equal(diagnostics[0]?.severity === 'error');
    });
  }

  it('all of it is told in one pass', async () => {
    const text = play('- comand: a\n- command: "{{nope}}"\n  notify: nobody\n- copy: { dest: 1 }\n', 'seril: 1\n');
    const { diagnostics } = await load({ 'site.yml': text });
    expect(diagnostics.map(one => one.code)).to.deep.equal([
      'unknown-key',
      'unknown-step',
      'undefined-variable',
      'unknown-handler',
      'missing-key',
      'bad-argument',
    ]);
  });

  it("is told even when the inventory can't be read", async () => {
    const { program, diagnostics } = await load(
      { 'site.yml': play('- comand: a\n- command: "{{from_inventory}}"\n') },
      { inventory: null },
    );
    expect(program).to.equal(null);
    expect(diagnostics.map(one => one.code)).to.deep.equal(['unknown-step']);
  });

  it('a variable of the inventory that refers to nothing is told at its place there', async () => {
    const inventory = await fleet('all: { hosts: { bjork: { a: "{{b}}", b: "{{cc}}" } } }');
    const { diagnostics } = await load({ 'site.yml': play('- command: "echo {{a}}"\n') }, { inventory });
    expect(diagnostics.map(one => `${one.code} ${one.span.file} ${one.message}`)).to.deep.equal([
      'undefined-variable hosts.yml "cc" is undefined on bjork',
    ]);
  });

  it('what only default asks for may be missing', async () => {
    const { diagnostics } = await load({
      'site.yml': play(`- command: "echo {{default owner 'nobody'}} {{default nowhere 'x'}}"\n`),
    });
    expect(diagnostics).to.deep.equal([]);
  });

  it('a guard around evacuation and return, or on the evacuation, is enough', async () => {
    for (const tasks of [
      '- when: host.name == "bjork"\n  block:\n    - zones.evacuate: { which: all }\n    - zones.return: { which: recorded }\n',
      '- zones.evacuate: { which: all }\n  when: host.name == "bjork"\n- zones.return: { which: recorded }\n',
      '- zones.return: { which: recorded }\n- zones.evacuate: { which: all }\n',
    ]) {
      expect((await load({ 'site.yml': play(tasks) })).diagnostics).to.deep.equal([]);
    }
  });

  it('a placeholder may stand where a number is wanted, until it has a value', async () => {
    const { diagnostics } = await load({
      'site.yml': play('- zones.evacuate: { which: "{{w}}", batch: "{{n}}" }\n', 'vars: { w: all, n: 2 }\n'),
    });
    expect(diagnostics).to.deep.equal([]);
  });

  for (const code of [...new Set(CASES.map(one => one.code))]) {
    it(`${code} is drawn`, async () => {
      const some = CASES.filter(one => one.code === code);
      const all: Record<string, string> = {};
      const found = [];
      for (const [index, one] of some.entries()) {
        const { diagnostics } = await load(texts(one), one.change ?? {});
        // Each case keeps its own files apart.
        const renamed = (file: string): string => (file.startsWith('<') ? file : `${index + 1}/${file}`);
        for (const [file, text] of Object.entries(texts(one))) all[renamed(file)] = text;
        found.push(
          ...diagnostics.map(each => ({
            ...each,
            span: { ...each.span, file: renamed(each.span.file) },
            also: each.also.map(other => ({ ...other, span: { ...other.span, file: renamed(other.span.file) } })),
          })),
        );
      }
      expectGolden(code, found, all);
    });
  }

  it('every code has a wrong playbook or a wrong inventory', () => {
    const ini: readonly Code[] = ['bad-ini', 'unknown-group', 'bad-program', 'hidden-file'];
    const elsewhere: readonly Code[] = ['bad-inventory', 'group-cycle', 'bad-extra', ...ini];
    expect(
      Object.keys(CODES).filter(code => !CASES.some(one => one.code === code) && !elsewhere.some(one => one === code)),
    ).to.deep.equal([]);
  });
});

describe('extra variables', () => {
  const files = memoryFiles({ 'extra.yml': 'a: 1\nb: [x]\n' });
  const cases: readonly (readonly [given: readonly string[], values: Readonly<Record<string, unknown>>])[] = [
    [['state=closed'], { state: 'closed' }],
    [['n=3'], { n: '3' }],
    [['a=1 b=2'], { a: '1', b: '2' }],
    [['why="DIMM swap" state=closed'], { why: 'DIMM swap', state: 'closed' }],
    [["why='it is'"], { why: 'it is' }],
    [['why=DIMM swap'], { why: 'DIMM swap' }],
    [['url=a=b'], { url: 'a=b' }],
    [['empty='], { empty: '' }],
    [['{"n": 3, "l": [1]}'], { n: 3, l: [1] }],
    [['{n: yes}'], { n: true }],
    [['@extra.yml', 'a=2'], { a: '2', b: ['x'] }],
  ];
  for (const [given, values] of cases) {
    it(`-e ${given.join(' -e ')}`, async () => {
      const loaded = await loadExtra(files, given);
      expect(loaded.diagnostics).to.deep.equal([]);
      expect(loaded.extra).to.deep.equal(
        Object.fromEntries(Object.entries(values).map(([name, value]) => [name, known(value as never)])),
      );
    });
  }

  const wrong: readonly (readonly [given: string, code: Code])[] = [
    ['closed', 'bad-extra'],
    ['=x', 'bad-extra'],
    ['', 'bad-extra'],
    ['[1]', 'bad-extra'],
    ['boot-limit=3', 'bad-name'],
    ['facts=3', 'bad-name'],
    ['@nowhere.yml', 'file-missing'],
    ['{"a": ', 'yaml-syntax'],
  ];
  for (const [given, code] of wrong) {
    it(`-e '${given}' is ${code}`, async () => {
      expect((await loadExtra(files, [given])).diagnostics.map(one => one.code)).to.deep.equal([code]);
    });
  }
});
