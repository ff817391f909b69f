// Every key of the language in one playbook, through the command line and real SSH: what happened in which order, what
// came out, and what lies on the host afterwards.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import type { JsonObject } from '../../src/text/json.ts';
import { openStage, type Said, type Stage } from './stage.ts';

const NASTY = `it's "$HOME" \`id\` \\ *; rm -rf / #`;

const SITE = `
- name: Every key
  hosts: nacaozumbi
  vars: { folder: /root/site, nasty: ${JSON.stringify(NASTY)} }
  vars_files: [more.yml]
  handlers:
    - name: by name
      shell: echo by-name >> {{folder}}/log
    - name: another name
      listen: [by topic]
      shell: echo by-topic >> {{folder}}/log
  tasks:
    - name: folder
      command: { argv: [/usr/bin/mkdir, "{{folder}}"], creates: "{{folder}}" }
      undo: { command: { argv: [/usr/bin/rm, -rf, "{{folder}}"] } }
    - import_tasks: some.yml
      vars: { given: from the import }
    - name: quoted
      shell: printf '%s' {{nasty}} > {{folder}}/nasty
      notify: [by name, by topic]
    - name: argv
      command: { argv: [/usr/bin/printf, "%s", "{{nasty}}"], reads: true }
      register: argv
      changed_when: false
    - name: the same
      assert: { that: ["argv.stdout == nasty", "argv.rc == 0"] }
    - name: flush
      meta: flush_handlers
    - name: after the flush
      shell: echo flushed >> {{folder}}/log
    - name: by facts
      when: ["facts.os.version.startsWith('11.4')", "argv.rc == 0"]
      debug: { msg: "version {{facts.os.version}}" }
    - name: not by facts
      when: facts.os.version == "10"
      fail: { msg: never }
    - name: loop
      shell: echo {{nr}}-{{word}} >> {{folder}}/log
      when: word != "skip me"
      loop: [a, skip me, b]
      loop_control: { loop_var: word, index_var: nr, label: "the word {{word}}", pause: 1s }
      register: looped
    - name: looped
      assert: { that: ["looped.results.size() == 3", "looped.results[1].skipped", "!looped.results[2].skipped"] }
    - name: block
      vars: { inner: of the block }
      block:
        - name: fails
          command: { cmd: /usr/bin/false }
        - name: not reached
          fail: { msg: never }
      rescue:
        - name: rescued
          debug: { msg: "{{failed.task}} {{inner}}" }
      always:
        - name: always
          debug: always
    - name: ignored
      command: { cmd: /usr/bin/false }
      ignore_errors: true
    - name: labelled failed
      command: { cmd: /usr/bin/echo bad, reads: true }
      register: labelled
      failed_when: labelled.stdout == "bad"
      ignore_errors: yes
    - name: until
      shell: echo x >> {{folder}}/tries; wc -l < {{folder}}/tries
      register: tries
      until: tries.stdout.trim() == "3"
      retries: 5
      delay: 1s
    - name: three tries
      assert: { that: tries.attempts == 3 }
    - name: facts of its own
      set_fact: { made: "{{tries.attempts}} tries", number: 7 }
    - name: set facts
      assert: { that: ["made == '3 tries'", "number == 7"] }
    - name: root
      become: true
      become_method: pfexec
      command: { cmd: /usr/bin/id -un, reads: true }
      timeout: 1m
      register: who
    - name: is root
      assert: { that: who.stdout == "root" }
    - name: secret
      no_log: true
      shell: echo 'hush-hush' > {{folder}}/secret
    - name: paused
      pause: { seconds: 2 }
    - name: waited
      wait_for: { path: "{{folder}}/log", search: flushed, timeout: 10s }
    - name: copied
      copy: { dest: "{{folder}}/copied", content: "first\\n", mode: "0600" }
    - name: copied over
      copy: { dest: "{{folder}}/copied", content: "second\\n" }
    - name: templated
      template: { src: greeting.txt, dest: "{{folder}}/greeting" }
      notify: by name
    - name: tagged
      tags: [extra]
      shell: echo extra >> {{folder}}/log
- import_playbook: other.yml
`;
const SOME = `
- name: imported
  debug: { msg: "{{given}} and {{from_file}}" }
`;
const OTHER = `
- name: Another play
  hosts: nacaozumbi
  tasks:
    - name: end
      when: stop
      fail: { msg: the end }
`;

type Line = JsonObject & { readonly type: string };
const linesOf = (said: Said): readonly Line[] =>
  said.out
    .trim()
    .split('\n')
    .map(line => JSON.parse(line) as Line);

/** Each ending, by its task and outcome. */
function told(line: Line): readonly string[] {
  const id = (key: string): string => String(line[key]).replace('@nacaozumbi', '');
  if (line.type === 'action-ended') return [`${id('action')} ${String(line['outcome'])}`];
  return line.type === 'task-skipped' ? [`${id('task')} skipped`] : [];
}

const STORY = `
site/1.t1 changed
site/1.t2.1 unchanged
site/1.t3 changed
site/1.t4 unchanged
site/1.t5 unchanged
site/1.h1~t6 changed
site/1.h2~t6 changed
site/1.t7 changed
site/1.t8 unchanged
site/1.t9 skipped
site/1.t10[0] changed
site/1.t10[1] unchanged
site/1.t10[2] changed
site/1.t11 unchanged
site/1.t12.1 failed
site/1.t12.r1 unchanged
site/1.t12.a1 unchanged
site/1.t13 failed
site/1.t14 failed
site/1.t15 changed
site/1.t16 unchanged
site/1.t17 unchanged
site/1.t18 unchanged
site/1.t19 unchanged
site/1.t20 unchanged
site/1.t21 changed
site/1.t22 unchanged
site/1.t23 unchanged
site/1.t24 changed
site/1.t25 changed
site/1.t26 changed
site/1.t27 changed
site/1.h1~t changed
other/2.t1 skipped
`;

describe('the language, over real SSH', function () {
  this.timeout(120_000);
  let stage: Stage;
  let book: string;
  before(async () => {
    stage = await openStage('--fleet', 'seed', '--speed', '60');
    mkdirSync(join(stage.dir, 'files'), { recursive: true });
    book = stage.write('site.yml', SITE);
    stage.write('more.yml', 'from_file: a file of variables\n');
    stage.write('some.yml', SOME);
    stage.write('other.yml', OTHER);
    stage.write('greeting.txt', 'Hello {{host.name}}, {{nasty}}\n');
  });
  after(() => stage.close());

  const files = async (...names: readonly string[]): Promise<readonly string[]> => {
    const items = names.map(name => JSON.stringify(`/root/site/${name}`)).join();
    const task = `    - { name: read, command: { argv: [/usr/bin/cat, "{{item}}"], reads: true }, loop: [${items}], ignore_errors: true }`;
    const said = await stage.zf([
      'run',
      stage.write('read.yml', `- hosts: nacaozumbi\n  tasks:\n${task}\n`),
      '--yes',
      '--json',
    ]);
    return linesOf(said).flatMap(line =>
      line.type === 'action-ended' ? [String((line['result'] as JsonObject)['stdout'] ?? 'none')] : [],
    );
  };

  it('does what it says, in its order', async () => {
    const run = await stage.zf(['run', book, '--yes', '--json', '-e', '{"stop": false}']);
    expect(run.code, run.err).to.equal(0);
    expect(linesOf(run).flatMap(told).join('\n')).to.equal(STORY.trim());
    expect(run.out).to.not.contain('hush-hush');
    expect(await files('log', 'nasty', 'secret', 'copied', 'greeting')).to.deep.equal([
      ['by-name', 'by-topic', 'flushed', '0-a', '2-b', 'extra', 'by-name'].join('\n'),
      NASTY,
      'hush-hush',
      'second',
      `Hello nacaozumbi, ${NASTY}`,
    ]);
  });

  it('shows what it would put into files, and puts the files back when a task fails', async () => {
    const tasks = [
      '- command: { argv: [/usr/bin/touch, /root/site/mark], creates: /root/site/mark }',
      '  undo: { command: { argv: [/usr/bin/rm, /root/site/mark] } }',
      '- copy: { dest: /root/site/copied, content: "third\\n" }',
      '- copy: { dest: /root/site/fresh, content: "new\\n" }',
      '- template: { src: greeting.txt, dest: /root/site/greeting, mode: "0600" }',
      '- fail: { msg: and all that for nothing }',
    ];
    const text = `- hosts: nacaozumbi\n  vars: { nasty: nothing }\n  tasks:\n${tasks.map(one => `    ${one}\n`).join('')}`;
    const run = await stage.zf(['run', stage.write('back.yml', text), '--yes', '--diff']);
    expect(run.code, run.err).to.equal(3);
    for (const line of ['-second', '+third', '+new', '+Hello nacaozumbi, nothing']) expect(run.err).to.contain(line);
    expect(await files('mark', 'fresh', 'copied', 'greeting')).to.deep.equal([
      '',
      '',
      'second',
      `Hello nacaozumbi, ${NASTY}`,
    ]);
  });

  it('--skip-tags and --tags choose the tasks', async () => {
    const tasks = '    - { debug: one, tags: [x] }\n    - { debug: two, tags: [y] }\n    - debug: three\n';
    const tagged = stage.write('tagged.yml', `- hosts: nacaozumbi\n  tasks:\n${tasks}`);
    const ran = async (...words: readonly string[]): Promise<readonly string[]> =>
      linesOf(await stage.zf(['run', tagged, '--yes', '--json', ...words])).flatMap(line =>
        line.type === 'action-ended' ? [String(line['why'])] : [],
      );
    expect(await ran('--skip-tags', 'x')).to.deep.equal(['two', 'three']);
    expect(await ran('-t', 'x,y')).to.deep.equal(['one', 'two']);
  });
});
