// A playbook as the program that the engine is given.
import { expect } from 'chai';
import type { BlockEntry, Entry, Program, TaskEntry } from '../../src/model/program.ts';
import { tasksIn } from '../../src/model/scope.ts';
import { catalogue } from '../../src/steps/catalogue.ts';
import { type Change, load, play } from './kit.ts';

async function program(texts: Readonly<Record<string, string>> | string, change: Change = {}): Promise<Program> {
  const loaded = await load(typeof texts === 'string' ? { 'site.yml': texts } : texts, change);
  expect(loaded.diagnostics.filter(one => one.severity === 'error')).to.deep.equal([]);
  if (loaded.program === null) throw new Error('a program was expected');
  return loaded.program;
}

function entries(of: Program): readonly Entry[] {
  return of.plays.flatMap(one => one.sections.flatMap(section => section.entries));
}

function ids(list: readonly Entry[]): readonly string[] {
  return list.flatMap(entry =>
    entry.is === 'block' ? [entry.id, ...ids(entry.body), ...ids(entry.rescue), ...ids(entry.always)] : [entry.id],
  );
}

async function task(text: string, more = ''): Promise<TaskEntry> {
  const [first] = entries(await program(play(text, more)));
  if (first?.is !== 'task') throw new Error('a task was expected');
  return first;
}

describe('a playbook as a program', () => {
  it('ids are paths: file, play, section, place', async () => {
    const loaded = await program({
      'site.yml': play(
        '- block:\n    - command: a\n    - command: b\n  rescue:\n    - command: c\n  always:\n    - command: d\n- import_tasks: tasks/more.yml\n- meta: flush_handlers\n',
      ),
      'tasks/more.yml': '- command: e\n- import_tasks: deep.yml\n',
      'tasks/deep.yml': '- command: f\n',
    });
    expect(ids(entries(loaded))).to.deep.equal([
      'site/1.t1',
      'site/1.t1.1',
      'site/1.t1.2',
      'site/1.t1.r1',
      'site/1.t1.a1',
      'site/1.t2',
      'site/1.t2.1',
      'site/1.t2.2',
      'site/1.t2.2.1',
      'site/1.t3',
    ]);
    expect(Object.keys(loaded.files)).to.deep.equal(['site.yml', 'tasks/deep.yml', 'tasks/more.yml']);
  });

  it('plays of imported playbooks count on', async () => {
    const loaded = await program({
      'site.yml': `- import_playbook: a.yml\n${play('- command: b\n')}`,
      'a.yml': play('- command: a\n'),
    });
    expect(loaded.plays.map(one => `${one.file}/${one.number}`)).to.deep.equal(['a/1', 'site/2']);
  });

  it('a bare text is the argument that the step says, read by a shell where the step says so', async () => {
    expect((await task('- command: uname -a\n')).args).to.deep.equal({ cmd: { is: 'known', json: 'uname -a' } });
    expect((await task('- shell: echo {{host.name}}\n')).args['cmd']).to.deep.include({
      language: 'shell',
      source: 'echo {{host.name}}',
    });
    expect((await task('- debug: { msg: "{{host.name}}" }\n')).args['msg']).to.deep.include({ language: 'text' });
    expect((await task('- assert: { that: ["1 == 1"] }\n')).args['that']).to.deep.include({
      language: 'condition',
      source: ['1 == 1'],
    });
  });

  it("takes the names of Ansible's own collection for ours", async () => {
    expect((await task('- ansible.builtin.command: uname\n')).step).to.equal('command');
  });

  it('reads the words of a task', async () => {
    const one = await task(
      `- name: Try
  command: probe {{z}} {{n}}
  when: [host.name == "bjork", "2 > 1"]
  loop: [a, b]
  loop_control: { loop_var: z, index_var: n, label: "{{z}}", pause: 2s }
  register: probed
  until: probed.rc == 0
  retries: 5
  delay: 1m
  changed_when: no
  failed_when: probed.rc > 1
  ignore_errors: yes
  become: yes
  become_method: sudo
  timeout: 1h30m
  no_log: yes
  tags: [one, "two,three"]
  vars: { x: 1 }
  undo: { command: "unprobe {{x}}" }
`,
    );
    expect(one).to.deep.include({
      name: 'Try',
      register: 'probed',
      timeoutMs: 5_400_000,
      hidden: true,
      tags: ['one', 'two', 'three'],
    });
    expect(one.become).to.deep.equal({ method: 'sudo', user: 'root' });
    expect(one.loop).to.deep.include({
      variable: 'z',
      index: 'n',
      pauseMs: 2000,
      over: { is: 'known', json: ['a', 'b'] },
    });
    expect(one.attempts).to.deep.include({ retries: { is: 'known', json: 5 }, delayMs: { is: 'known', json: 60_000 } });
    expect(one.changedWhen).to.deep.equal([{ is: 'known', json: false }]);
    expect(one.ignoreErrors).to.deep.equal({ is: 'known', json: true });
    expect(one.when).to.have.length(2);
    expect(one.undo?.map(call => call.step)).to.deep.equal(['command']);
  });

  it('blocks hand down tags, rights, silence and errors that are ignored', async () => {
    const loaded = await program(
      play(
        '- block:\n    - command: a\n  tags: x\n  become: no\n  no_log: yes\n  ignore_errors: yes\n  when: host.name == "bjork"\n',
        'tags: site\n',
      ),
    );
    const block = entries(loaded)[0] as BlockEntry;
    expect(block.when).to.have.length(1);
    expect(block.body[0]).to.deep.include({
      tags: ['site', 'x'],
      hidden: true,
      become: { method: 'none', user: 'root' },
      when: [],
    });
  });

  it('without a word about rights the connection of the host decides', async () => {
    expect((await task('- command: a\n')).become).to.equal(null);
    expect((await task('- command: a\n', 'become: yes\n')).become).to.equal(null);
    expect((await task('- command: a\n', 'become: yes\nbecome_user: oracle\n')).become).to.deep.equal({
      method: 'pfexec',
      user: 'oracle',
    });
  });

  it('an evacuation becomes a block of targets and evacuation; only the evacuation has its arguments', async () => {
    const loaded = await program(
      play('- name: Empty it\n  zones.evacuate: { which: running }\n  when: host.name == "bjork"\n  register: moved\n'),
    );
    const [block] = entries(loaded) as readonly BlockEntry[];
    expect(block?.when).to.have.length(1);
    const parts = block?.body as readonly TaskEntry[];
    expect(parts.map(one => `${one.id} ${one.step} ${one.register}`)).to.deep.equal([
      'site/1.t1.1 zones.target null',
      'site/1.t1.2 zones.evacuate moved',
    ]);
    expect(parts.map(one => Object.keys(one.args))).to.deep.equal([[], ['which']]);
    expect(parts[1]?.when).to.deep.equal([]);
  });

  it('a dry run of an evacuation needs no targets; one that may be one hands its word on', async () => {
    const written = ['true', '"{{only}}"'].map(word => `- zones.evacuate: { which: running, dry_run: ${word} }\n`);
    const loaded = await program(play(written.join(''), 'vars: { only: true }\n'));
    const [dry, perhaps] = entries(loaded) as readonly [TaskEntry, BlockEntry];
    expect([dry.is, dry.step]).to.deep.equal(['task', 'zones.evacuate']);
    expect(perhaps.body.map(one => one.is === 'task' && Object.keys(one.args))).to.deep.equal([
      ['dry_run'],
      ['which', 'dry_run'],
    ]);
  });

  it('reads the words of a play', async () => {
    const { plays } = await program({
      'site.yml': play(
        '- command: "echo {{be}} {{why}}"\n',
        'name: Roll\nserial: [1, "25%"]\norder: reverse_sorted\nmax_failures: 2\nmax_out: 1\non_failure: hold\nvars: { be: own, why: "for {{be}}" }\nvars_files: [campaign.yml]\n',
      ),
      'campaign.yml': 'be: s11\n',
    });
    expect(plays[0]).to.deep.include({
      name: 'Roll',
      hosts: ['tzone1', 'nacaozumbi', 'bjork'],
      serial: [
        { is: 'hosts', count: 1 },
        { is: 'percent', percent: 25 },
      ],
      maxFailures: 2,
      maxOut: 1,
      onFailure: 'hold',
    });
    expect(plays[0]?.vars['be']).to.deep.equal({ is: 'known', json: 's11' });
  });

  it('reads which hosts go together and what becomes of their zones', async () => {
    const { plays } = await program(
      play(
        '- zones.evacuate: { which: running }\n',
        'waves: auto\ncanary: 1\norder: least_loaded\nreturn: stay\nplacement: as_set\nreplan: { zones: "25%" }\n',
      ),
    );
    expect(plays[0]).to.deep.include({
      ...{ waves: 'auto', serial: [], canary: 1, order: 'least_loaded', returns: 'stay' },
      replan: { zones: 25, bytes: 10 },
    });
    const tasks = plays[0]?.sections.flatMap(section => section.entries.flatMap(tasksIn)) ?? [];
    expect(tasks.at(-1)).to.deep.include({ step: 'zones.evacuate' });
    expect(tasks.at(-1)?.args['placement']).to.deep.equal({ is: 'known', json: 'as_set' });
  });

  it('reads the time of day in which waves may begin', async () => {
    const window = 'window: { from: "22:00", to: "5:30", timezone: Europe/Berlin, drain: 45m }\n';
    const { plays } = await program(play('- command: a\n', window));
    const expected = { from: 22 * 60, to: 5 * 60 + 30, timezone: 'Europe/Berlin', drainMs: 45 * 60_000 };
    expect(plays[0]?.window).to.deep.equal(expected);
  });

  it('reads who is told of what', async () => {
    const told = 'on_event: { on: [run_ended, host_failed], url: "{{pager}}", headers: { X-Key: 7 } }\n';
    const { plays } = await program(play('- command: a\n', `${told}vars: { pager: https://example.org/told }\n`));
    const [telling] = plays[0]?.onEvent ?? [];
    expect(telling?.on).to.deep.equal(['run_ended', 'host_failed']);
    expect(telling?.url).to.deep.include({ is: 'expression', source: '{{pager}}' });
    expect(telling?.headers).to.deep.equal({ 'X-Key': { is: 'known', json: '7' } });
    expect((await program(play('- command: a\n'))).plays[0]).to.not.have.property('onEvent');
  });

  it('makes tasks of its gates, before and after all others', async () => {
    const gates =
      'gates:\n  before: [fleet_preflight, { command: /opt/site/bin/change-approved }]\n  between: { checks: [services, pools], within: 5m, soak: 90s, approve: first_wave }\n';
    const tasks = '- preflight: { scope: move, pairs: planned }\n- command: a\n';
    const [first] = (await program(play(tasks, gates), { catalogue })).plays;
    expect(first?.approve).to.equal('first_wave');
    const told = first?.sections.flatMap(({ entries }) => entries.flatMap(tasksIn)) ?? [];
    expect(
      told.map(({ id, step, once, gate = '' }) => `${id.replace(/.*\./, '')} ${step} ${once} ${gate}`),
    ).to.deep.equal([
      ...['b1 preflight run before', 'b2 command run before', 't1 preflight no ', 't2 command no '],
      ...['g1 gate no between', 'g2 pause wave soak', 'g3 gate no soak'],
    ]);
    const args = (n: number) =>
      Object.fromEntries(Object.entries(told[n]?.args ?? {}).map(([k, v]) => [k, 'json' in v && v.json]));
    expect(args(0)).to.deep.equal({ hosts: [...(first?.hosts ?? [])], scope: 'move' });
    expect(args(1)).to.deep.equal({ cmd: '/opt/site/bin/change-approved', reads: true });
    expect(args(4)).to.deep.equal({ checks: ['services', 'pools'], within: '5m' });
    expect(args(5)).to.deep.equal({ seconds: 90 });
  });

  it('of a play that says nothing of it, goes on as before: all at once, and home', async () => {
    const { plays } = await program(play('- command: a\n'));
    expect(plays[0]).to.deep.include({ waves: 'serial', canary: 0, order: 'as_listed', returns: 'home' });
    expect(plays[0]?.replan).to.deep.equal({ zones: 10, bytes: 10 });
  });

  it('a limit narrows the hosts of every play, and a play without hosts is left out', async () => {
    const text = `${play('- command: a\n')}- hosts: ldoms\n  tasks: [command: b]\n`;
    const { plays } = await program(text, { limit: 'zonehosts:!bjork' });
    expect(plays.map(one => one.hosts)).to.deep.equal([['nacaozumbi']]);
  });

  it('the template file of a step comes with the program', async () => {
    const loaded = await program({
      'site.yml': play('- template: { src: motd.hbs, dest: /etc/motd }\n'),
      'templates/motd.hbs': 'welcome to {{host.name}}\n',
    });
    const [one] = entries(loaded) as readonly TaskEntry[];
    expect(one?.args['text']).to.deep.include({
      is: 'expression',
      language: 'text',
      source: 'welcome to {{host.name}}\n',
    });
    expect(Object.keys(loaded.files)).to.include('templates/motd.hbs');
  });

  it('the same files give the same program, byte for byte', async () => {
    const text = play('- zones.evacuate: { which: all }\n  when: host.name == "bjork"\n');
    expect(JSON.stringify(await program(text))).to.equal(JSON.stringify(await program(text)));
  });

  it('handlers are tasks of their own with names and topics', async () => {
    const { plays } = await program(
      play(
        '- command: a\n  notify: [Restart, all of it]\n',
        'handlers:\n  - name: Restart\n    command: r\n  - name: Other\n    listen: all of it\n    command: o\n',
      ),
    );
    expect(plays[0]?.handlers.map(one => [one.id, one.name, ...one.listen])).to.deep.equal([
      ['site/1.h1', 'Restart'],
      ['site/1.h2', 'Other', 'all of it'],
    ]);
  });
});

describe('tags', () => {
  const TEXT = play(
    '- command: a\n  tags: a\n- command: b\n  tags: [b, always]\n- command: n\n  tags: [never, n]\n- command: u\n',
  );
  const cases: readonly (readonly [
    claim: string,
    tags: readonly string[],
    skipTags: readonly string[],
    left: readonly number[],
  ])[] = [
    ['without a word all but never', [], [], [1, 2, 4]],
    ['one tag and what runs always', ['a'], [], [1, 2]],
    ['never when asked for', ['n'], [], [2, 3]],
    ['what has no tag', ['untagged'], [], [2, 4]],
    ['all but what is skipped', [], ['a'], [2, 4]],
    ['skipping always by name', [], ['always'], [1, 4]],
  ];
  for (const [claim, tags, skipTags, left] of cases) {
    it(`take ${claim}`, async () => {
      expect(ids(entries(await program(TEXT, { tags, skipTags })))).to.deep.equal(left.map(n => `site/1.t${n}`));
    });
  }

  it('that stand on no task are told', async () => {
    const { diagnostics } = await load({ 'site.yml': TEXT }, { tags: ['a', 'alwys'] });
    expect(diagnostics.map(one => `${one.severity} ${one.code} ${one.help.join()}`)).to.deep.equal([
      'warning unknown-tag did you mean "always"?',
    ]);
  });
});
