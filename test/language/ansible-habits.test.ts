// What Ansible has and this language hasn't, wherever it is written: told once, at its place, with what to write instead;
// and what only follows from a mistake isn't told as another one.
import { expect } from 'chai';
import { catalogue } from '../../src/steps/catalogue.ts';
import { load } from '../load/kit.ts';
import { played } from './played.ts';

const OTHERS = {
  'roles/base/tasks/main.yml': '- command: a\n',
  'more.yml': '- debug: "{{item}}"\n',
  'plain.yml': '- command: a\n',
};

/** What is found in a playbook: `code@line:column: help`. */
async function found(text: string, files: Readonly<Record<string, string>> = OTHERS): Promise<readonly string[]> {
  const { diagnostics } = await load({ 'site.yml': text, ...files }, { catalogue });
  return diagnostics.map(one => `${one.code}@${one.span.line}:${one.span.column}: ${one.help.join()}`);
}
const ofTasks = (tasks: string): string => `- hosts: all\n  tasks:\n${tasks.replaceAll(/^(?=.)/gm, '    ')}`;
const inTask = (key: string): string => ofTasks(`- command: a\n  ${key}\n`);
const inBlock = (key: string): string => ofTasks(`- block: [{ command: a }]\n  ${key}\n`);
const inPlay = (key: string): string => `- hosts: all\n  ${key}\n  tasks: [{ command: a }]\n`;
const alone = (task: string): string => ofTasks(`- ${task}\n`);

/** One complaint each, with these words of help. */
const TOLD: readonly (readonly [text: string, told: string])[] = [
  [inTask('any_errors_fatal: yes'), 'not-ours@4:7: write "any_errors_fatal: yes" in the play'],
  [inBlock('any_errors_fatal: yes'), 'not-ours@4:7: write "any_errors_fatal: yes" in the play'],
  [inTask('delegate_facts: yes'), 'not-ours@4:7: leave it out'],
  [inTask('serial: 1'), 'unknown-key@4:7: put it beside "hosts:"'],
  [inBlock('max_fail_percentage: 9'), 'unknown-key@4:7: put it beside "hosts:"'],
  [inBlock('register: r'), 'unknown-key@4:7: say it on each task inside'],
  [inBlock('until: "true"'), 'unknown-key@4:7: say it on each task inside'],
  [inPlay('rescue: []'), 'unknown-key@2:3: put it under "tasks:"'],
  [inPlay('retries: 3'), 'unknown-key@2:3: put it under "tasks:"'],
  [inPlay('roles: ["name=base"]'), 'file-missing@2:11: write { name: base }'],
  [inPlay('roles: ["base, tags=x"]'), 'file-missing@2:11: write { name: base, tags: x }'],
  [inPlay('sudo: yes'), 'not-ours@2:3: write "become: yes"'],
  [
    inPlay('vars_prompt: [{ name: x, unsafe: yes }]'),
    'not-ours@2:28: leave it out: an answer is never read as a template',
  ],
  [
    inTask('loop: [1]\n  loop_control: { extended: yes }'),
    'not-ours@5:23: leave it out: "index_var" is the number; what else an item needs belongs into the list',
  ],
  [
    alone('include_role: { name: base, apply: { tags: x } }'),
    'not-ours@3:35: say it beside the include: what stands there holds for everything inside',
  ],
  [alone('import_tasks: { file: more.yml }'), 'wrong-type@3:21: write "import_tasks: FILE"'],
  [alone('include_tasks: "{{ host.name | lower }}.yml"'), 'bad-template@3:23: write {{lower host.name}}'],
  [inTask('with_items: [a, b]'), 'not-ours@4:7: write loop: [a, b]'],
  [inTask('with_items: [[a], b]'), 'not-ours@4:7: write "loop:" with the list'],
  [alone('include: plain.yml'), 'not-ours@3:7: write import_tasks: plain.yml'],
  [alone('action: command a'), 'not-ours@3:7: write "command: a"'],
  [
    alone('local_action: command a'),
    'not-ours@3:7: write "command: a" and "delegate_to: NAME", with this machine as NAME in the inventory',
  ],
  [
    alone('mail: { to: x }'),
    'unknown-step@3:7: write "shell:" with mailx on a host that sends mail, and the text in "stdin"',
  ],
  [alone('gather_facts:'), 'unknown-step@3:7: write "facts: {}"; facts are there without it'],
  [
    alone('find: { paths: /x }'),
    'unknown-step@3:7: write "command: { argv: [find, FOLDER, ...], reads: true }", and "register": its lines are NAME.stdout_lines',
  ],
  [alone('include_vars: { dir: x }'), 'not-ours@3:23: write one task a file, or a loop over their names'],
];

describe("what Ansible has and this language hasn't", () => {
  for (const [text, told] of TOLD)
    it(`${text.trim().split('\n').at(-1)?.trim() ?? ''} is told once, with what to write instead`, async () => {
      expect(await found(text)).to.deep.equal([told]);
    });

  it('pause with a prompt asks nobody, and the way around is told', async () => {
    const [told, ...more] = await found(alone('pause: { prompt: "go on?" }'));
    expect(told).to.match(/^not-ours@3:16: no task asks anybody.*"vars_prompt"/);
    expect(more).to.deep.equal([]);
  });

  it('debug with a verbosity is shown only to who asks for more words', async () => {
    const run = await played('- hosts: a\n  tasks:\n    - debug: { msg: x, verbosity: 2 }\n    - debug: { msg: y }\n');
    const noted = run.journal.events.flatMap(event => (event.type === 'noted' ? [event.text] : []));
    expect(noted).to.deep.equal(['a: y']);
    const whys = run.journal.events.flatMap(event => (event.type === 'action-ended' ? [event.why] : []));
    expect(whys).to.deep.equal(['x', 'y']);
  });
});

describe('what follows from a mistake is no mistake', () => {
  const undefinedAt = async (text: string, files = {}): Promise<readonly string[]> =>
    (await found(text, { ...OTHERS, ...files })).filter(line => line.startsWith('undefined-variable'));

  it('an older loop, or one where there is none, has its items', async () => {
    const texts = [
      ofTasks('- debug: "{{item}}"\n  with_items: [1]\n  when: item != 1\n'),
      ofTasks('- debug: "{{x}} {{item.key}}"\n  with_dict: "{{ a }}"\n  loop_control: { loop_var: x }\n'),
      ofTasks('- block: [{ debug: "{{item}}" }]\n  with_items: [1]\n'),
      ofTasks('- block: [{ debug: "{{x}}" }]\n  loop: [1]\n  loop_control: { loop_var: x }\n'),
      ofTasks('- import_tasks: more.yml\n  loop: [1]\n'),
    ];
    for (const text of texts) expect(await undefinedAt(text), text).to.deep.equal([]);
    expect((await found(texts[0] ?? '')).length).to.equal(1);
  });

  it('a template that no reader understands hides nothing else in its file', async () => {
    const text = ofTasks(
      '- command: "echo {{ x | upper }}"\n  register: r\n- debug: "{{r.rc}} {{nope}}"\n- debug: "{{#if}}"\n- debug: x\n  when: nothing\n',
    );
    expect((await found(text)).map(line => line.replace(/:[^:]*$/, ''))).to.deep.equal([
      'bad-template@3:22',
      'undefined-variable@5:26',
      'bad-template@6:15',
      'undefined-variable@8:13',
    ]);
  });

  it('a file that is missing or broken would have given every name that is missing', async () => {
    const using = '- debug: "{{v}}"\n  notify: h\n';
    const texts = [
      `- hosts: all\n  vars_files: [gone.yml]\n  tasks:\n    - debug: "{{v}}"\n- hosts: all\n  tasks: [{ debug: "{{v}}" }]\n`,
      '- hosts: all\n  vars_files: [bad.yml]\n  tasks: [{ debug: "{{v}}" }]\n',
      ofTasks(`- include_vars: gone.yml\n${using}`),
      ofTasks(`- import_tasks: gone.yml\n${using}`),
      ofTasks(`- include_role: gone\n${using}`),
    ];
    for (const text of texts) expect(await found(text, { 'bad.yml': 'v: [1\nw: 2\n' }), text).to.have.length(1);
    const own = await undefinedAt(ofTasks('- include_vars: gone.yml\n- debug: "{{inventory_hostname}} {{item}}"\n'));
    expect(own).to.have.length(2);
  });

  it('a name that can be no variable, and facts in the older way', async () => {
    expect(await found(ofTasks('- command: a\n  register: my-result\n- debug: "{{my-result.rc}}"\n'))).to.have.length(
      1,
    );
    expect(
      await found(ofTasks('- debug: "{{my-x}}"\n  loop: [1]\n  loop_control: { loop_var: my-x }\n')),
    ).to.have.length(1);
    expect(await found('- hosts: all\n  vars: { my-var: 1 }\n  tasks: [{ debug: "{{my-var}}" }]\n')).to.have.length(1);
    expect(await found(ofTasks('- set_fact: a=1 b=2\n- debug: "{{a}}{{b}}"\n'))).to.have.length(1);
  });
});
