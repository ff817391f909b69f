// The keys of a task, from the text of a playbook to what has happened on the hosts.
import { expect } from 'chai';
import { plainLines } from '../../src/report/lines.ts';
import { scriptOf } from '../../src/report/script.ts';
import { Story } from '../../src/report/story.ts';
import { summaryText } from '../../src/report/summary.ts';
import { host } from '../plan/world.ts';
import { Toy } from '../run/toy.ts';
import { planText } from '../../src/report/plan-text.ts';
import { cutEverywhere, planned, played, shown, sorted } from './played.ts';

const book = (tasks: string, more = ''): string =>
  `- hosts: all\n${more.replaceAll(/^(?=.)/gm, '  ')}  tasks:\n${tasks.replaceAll(/^(?=.)/gm, '    ')}`;

describe('a task that happens once', () => {
  it('run_once: on the first host of the run, its result known to all', async () => {
    const run = await played(
      book(
        '- { set_fact: { chosen: "{{host.name}}" }, run_once: yes }\n- toy.set: { key: from, value: "{{chosen}}" }\n',
        'serial: 1\n',
      ),
    );
    expect(run.verdict).to.equal('done');
    expect(['a', 'b', 'c'].map(host => run.toy.on(host).get('from'))).to.deep.equal(['a', 'a', 'a']);
  });

  it('in a block that the first host passes over it is done, and planned, on the first that enters it', async () => {
    const once = '    - { toy.set: { key: led, value: "yes" }, run_once: yes }\n';
    const tasks = `- when: n > 1\n  block:\n${once}- when: n > 7\n  block:\n${once}`;
    const run = await played(book(tasks, 'serial: 1\n'));
    expect(['a', 'b', 'c'].filter(host => run.toy.on(host).has('led'))).to.deep.equal(['b']);
    const planned = run.plan.waves.flatMap(wave => wave.actions.map(({ task, on }) => `${task} on ${on}`));
    expect(planned).to.deep.equal(['site/1.t1.1 on b']);
  });

  it('once_per: wave: on the first host of each wave', async () => {
    const tasks = '- toy.set: { key: led, value: "yes" }\n  once_per: wave\n';
    const run = await played(book(tasks, 'serial: 2\n'));
    expect(['a', 'b', 'c'].filter(host => run.toy.on(host).has('led'))).to.deep.equal(['a', 'c']);
  });

  it('what it owes is put back with the run', async () => {
    const tasks = '- { toy.set: { key: led, value: "yes" }, run_once: yes }\n- fail: { msg: bad luck }\n';
    const run = await played(book(tasks, 'on_failure: rollback_all\n'));
    expect(run.verdict).to.equal('rolled-back');
    expect(run.toy.on('a').has('led')).to.equal(false);
  });
});

describe('a task on another host', () => {
  it('delegate_to: what it makes of facts, it makes of those of the host it happens on', async () => {
    const facts = Object.fromEntries(['a', 'b', 'c'].map(name => [name, host(name, [])]));
    const tasks =
      '- toy.stamp: { key: here, value: "of-" }\n- toy.stamp: { key: there, value: "of-" }\n  delegate_to: c\n';
    const { toy } = await played(book(tasks, 'gather_facts: yes\n'), {
      ...{ limit: 'a', setting: { observe: () => Promise.resolve({ facts, silent: {} }) } },
    });
    expect([toy.on('a').get('here'), toy.on('c').get('there')]).to.deep.equal(['of-a', 'of-c']);
  });

  it('a loop of a task that is not done is not asked for: its list may not even be there', async () => {
    const tasks = [
      '- { toy.look: { key: k }, when: n == 2, register: r }\n',
      '- { toy.set: { key: k, value: "{{item}}" }, loop: "{{r.list}}", when: n == 2 }\n',
    ].join('');
    const run = await played(book(tasks), { limit: 'a,b' });
    expect([run.verdict, run.toy.on('a').get('k')]).to.deep.equal(['done', undefined]);
    expect(run.story.filter(line => line.includes('@a'))).to.deep.equal(['t1@a skipped', 't2@a skipped']);
  });

  it('delegate_to: the change is there, the failure and the undo are here', async () => {
    const tasks =
      '- toy.set: { key: "of-{{host.name}}", value: "1" }\n  delegate_to: c\n- { fail: bad luck, when: host.name == "b" }\n';
    const run = await played(book(tasks), { limit: 'a,b' });
    expect([...run.toy.on('c').keys()]).to.deep.equal(['of-a']);
    expect(run.verdict).to.equal('rolled-back');
    expect(sorted(run.story.filter(line => line.startsWith('undo')))).to.deep.equal(['undo t1@b changed']);
  });

  it('the name may be a value that is known only then', async () => {
    const toy = new Toy();
    toy.on('a').set('peer', 'c');
    const tasks =
      '- { toy.look: { key: peer }, register: peer }\n- toy.set: { key: asked, value: "{{host.name}}" }\n  delegate_to: "{{peer.value}}"\n';
    const run = await played(book(tasks), { toy, limit: 'a' });
    expect(run.toy.on('c').get('asked')).to.equal('a');
  });

  it('the plan says where, where the host under which it stands is another', async () => {
    const tasks = [
      '- { name: There, toy.set: { key: k, value: v }, delegate_to: c }\n',
      '- { toy.look: { key: peer }, register: peer }\n',
      '- { toy.set: { key: k, value: v }, delegate_to: "{{peer.value}}" }\n',
      '- { toy.set: { key: k, value: v }, run_once: yes }\n',
    ].join('');
    const text = planText(await planned(book(tasks)), { columns: 100, made: '', timeZone: 'UTC', verbose: true });
    const steps = text.split('\n').filter(line => /^ {4}[+?=-] /.test(line));
    expect(steps.map(line => line.trim())).to.deep.equal([
      '? toy.set (There) on c',
      '? toy.look',
      '? toy.set on a host that is known only then',
      '? toy.set on a',
      '? toy.set (There)',
      '? toy.look',
      '? toy.set on a host that is known only then',
    ]);
  });

  it('a name that no host has fails the task, in words', async () => {
    const tasks =
      '- { toy.look: { key: x }, register: x }\n- toy.set: { key: k, value: v }\n  delegate_to: "q{{x.value}}"\n';
    const run = await played(book(tasks), { limit: 'a' });
    expect(run.why).to.contain('the inventory has no host q');
  });
});

describe('limits of a task', () => {
  it('throttle: no more hosts at once than it says', async () => {
    const toy = new Toy();
    let atOnce = 0;
    let most = 0;
    const hosts = 'all:\n  hosts: { a: , b: , c: , d: }\n';
    const run = await played(book('- toy.set: { key: k, value: v }\n  throttle: 2\n'), {
      toy,
      hosts,
      setting: {
        hosts: name => {
          const host = toy.host(name);
          return {
            ...host,
            async exec(line, options) {
              if (!line.includes('/toy/set')) return host.exec(line, options);
              most = Math.max(most, ++atOnce);
              await Promise.resolve();
              await Promise.resolve();
              atOnce -= 1;
              return host.exec(line, options);
            },
          };
        },
      },
    });
    expect(run.verdict).to.equal('done');
    expect(most).to.equal(2);
  });

  it('backoff: each wait between two tries is the one before times this', async () => {
    const slept: number[] = [];
    const tasks =
      '- toy.look: { key: k }\n  register: r\n  until: r.value == "v"\n  retries: 3\n  delay: 2s\n  backoff: 3\n';
    let now = 0;
    const clock = {
      now: () => now,
      monotonicMs: () => now,
      sleep: (ms: number) => {
        slept.push(ms);
        now += ms;
        return Promise.resolve();
      },
    };
    await played(book(tasks), { limit: 'a', setting: { clock } });
    expect(slept).to.deep.equal([2000, 6000, 18_000]);
  });

  it('ignore_unreachable: a host that hears nothing goes on', async () => {
    const toy = new Toy();
    toy.dead.add('a');
    const tasks = '- { toy.set: { key: k, value: v }, ignore_unreachable: yes }\n- debug: still here\n';
    const run = await played(book(tasks), { toy, limit: 'a' });
    expect(run.story).to.deep.equal(['t1@a failed', 't2@a unchanged']);
    expect(run.verdict).to.equal('done');
  });
});

describe('what a command sees', () => {
  it('environment: of the play, the block and the task, the innermost word winning', async () => {
    const tasks =
      '- environment: { TWO: block, THREE: block }\n  block:\n    - toy.set: { key: k, value: v }\n      environment: { THREE: "{{host.name}}" }\n';
    const run = await played(book(tasks, 'environment: { ONE: play, TWO: play }\n'), { limit: 'a' });
    const line = run.toy.lines.find(one => one.includes('/toy/get'));
    expect(line).to.match(/ONE=.?play/);
    expect(line).to.match(/TWO=.?block/);
    expect(line).to.match(/THREE=.?a\b/);
  });
});

describe('--check, task by task', () => {
  it('check_mode: yes only says what it would do, in a run that changes', async () => {
    const tasks =
      '- { toy.set: { key: k, value: v }, check_mode: yes, register: r }\n- { toy.set: { key: l, value: v }, when: r.changed }\n';
    const run = await played(book(tasks), { limit: 'a' });
    expect(run.story).to.deep.equal(['t1@a would-change', 't2@a changed']);
    expect([...run.toy.on('a').keys()]).to.deep.equal(['l']);
  });

  it('check_mode: no really does it under --check', async () => {
    const tasks = '- { toy.set: { key: k, value: v }, check_mode: no }\n- toy.set: { key: l, value: v }\n';
    const run = await played(book(tasks), { limit: 'a', check: true });
    expect(run.story).to.deep.equal(['t1@a changed', 't2@a would-change']);
    expect([...run.toy.on('a').keys()]).to.deep.equal(['k']);
  });
});

describe('files of tasks', () => {
  const FILES = {
    'one.yml': '- toy.set: { key: "one-{{item}}", value: "round-{{nr}}" }\n',
    'red.yml': '- toy.set: { key: red, value: "{{shade}}" }\n',
    'blue.yml': '- toy.set: { key: blue, value: "{{shade}}" }\n- debug: done\n',
  };
  const site = (tasks: string) => ({ 'site.yml': book(tasks), ...FILES });

  it('include_tasks of a file is an import with a condition', async () => {
    const run = await played(site('- include_tasks: red.yml\n  when: n == 2\n  vars: { shade: dark }\n'));
    expect(['a', 'b', 'c'].filter(host => run.toy.on(host).get('red') === 'dark')).to.deep.equal(['b']);
  });

  it('a loop over a file is done in rounds, each with its item', async () => {
    const tasks =
      '- include_tasks: one.yml\n  loop: [x, y]\n  loop_control: { index_var: nr }\n  when: item != "y" || n == 1\n';
    const run = await played(site(tasks), { limit: 'a,b' });
    expect([...run.toy.on('a')]).to.deep.equal([
      ['one-x', 'round-0'],
      ['one-y', 'round-1'],
    ]);
    expect([...run.toy.on('b')]).to.deep.equal([['one-x', 'round-0']]);
    expect(sorted(run.story)).to.deep.equal([
      't1.1~0@a changed',
      't1.1~0@b changed',
      't1.1~1@a changed',
      't1~1@b skipped',
    ]);
    expect(shown(run.plan, 'b').map(line => line.split(':')[0])).to.deep.equal(['t1.1~0 yes', 't1.1~1 no']);
  });

  it('the list may be one that a task brought: then the plan says after which', async () => {
    const toy = new Toy();
    toy.on('a').set('names', 'p,q');
    const tasks =
      '- { toy.look: { key: names }, register: names }\n- include_tasks: one.yml\n  loop: "{{names.list}}"\n  loop_control: { index_var: nr }\n';
    const run = await played(site(tasks), { toy, limit: 'a' });
    expect(run.toy.on('a').get('one-q')).to.equal('round-1');
    expect(run.journal.laws('loop-fixed').map(event => event.items)).to.deep.equal([['p', 'q']]);
    expect(shown(run.plan, 'a')[1]).to.equal('t2.1~* later after site/1.t1: known after site/1.t1');
  });

  it('which file it is may be known only then, where every candidate is listed', async () => {
    const toy = new Toy();
    for (const [host, kind] of Object.entries({ a: 'red', b: 'blue', c: 'green' })) toy.on(host).set('kind', kind);
    const tasks =
      '- { toy.look: { key: kind }, register: kind }\n- include_tasks: { file: "{{kind.value}}.yml", from: [red.yml, blue.yml] }\n  vars: { shade: pale }\n';
    const run = await played(
      { ...site(tasks), 'site.yml': book(tasks, 'on_failure: continue\nmax_failures: 1\n') },
      { toy },
    );
    expect(run.toy.on('a').get('red')).to.equal('pale');
    expect(run.toy.on('b').get('blue')).to.equal('pale');
    expect(run.why).to.contain('green.yml is not among the files that this include lists: red.yml, blue.yml');
  });

  it('a file that the inventory decides needs no list', async () => {
    const hosts = 'all:\n  hosts: { a: { kind: red }, b: { kind: blue } }\n';
    const tasks = '- include_tasks: "{{kind}}.yml"\n  vars: { shade: pale }\n';
    const run = await played(site(tasks), { hosts });
    expect(sorted(run.story)).to.deep.equal(
      [
        't1.1@b skipped',
        't1.1.1@a changed',
        't1.2.1@b changed',
        't1.2.2@b unchanged',
        't1.2@a skipped',
        't1.3@a skipped',
        't1.3@b skipped',
      ].toSorted(),
    );
  });

  it("their keys may have the name of Ansible's own collection", async () => {
    const run = await played(
      site(
        '- ansible.builtin.import_tasks: red.yml\n  vars: { shade: dark }\n- ansible.builtin.include_tasks: one.yml\n  loop: [x]\n  loop_control: { index_var: nr }\n- { ansible.builtin.meta: end_host }\n- debug: not reached\n',
      ),
      { limit: 'a' },
    );
    expect(run.story).to.deep.equal(['t1.1@a changed', 't2.1~0@a changed']);
  });

  it('cut after any event and taken up again, rounds come to the same end', async () => {
    const playing = () => {
      const toy = new Toy();
      toy.on('a').set('names', 'p,q');
      toy.on('b').set('names', 'r');
      return { toy, limit: 'a,b' };
    };
    const tasks =
      '- { toy.look: { key: names }, register: names }\n- include_tasks: one.yml\n  loop: "{{names.list}}"\n  loop_control: { index_var: nr }\n- toy.set: { key: end, value: "{{names.value}}" }\n';
    expect(await cutEverywhere(site(tasks), playing)).to.have.length(1);
  });
});

describe('the end of a play', () => {
  it('end_host: what remains is not for this host; the next play is', async () => {
    const text = `${book('- { meta: end_host, when: n == 2 }\n- toy.set: { key: k, value: v }\n')}- hosts: all\n  tasks:\n    - toy.set: { key: l, value: v }\n`;
    const run = await played(text);
    expect([...run.toy.on('a').keys()]).to.deep.equal(['k', 'l']);
    expect([...run.toy.on('b').keys()]).to.deep.equal(['l']);
  });

  it('end_play: for nobody, in this wave or any later one', async () => {
    const text = book(
      '- toy.set: { key: k, value: v }\n- { meta: end_play, when: n == 1 }\n- toy.set: { key: l, value: v }\n',
      'serial: 2\n',
    );
    const run = await played(text);
    expect(run.verdict).to.equal('done');
    expect(['a', 'b', 'c'].map(host => [...run.toy.on(host).keys()].join())).to.deep.equal(['k', 'k', '']);
  });

  it('end_batch: for the hosts of this wave only', async () => {
    const text = book('- { meta: end_batch, when: n == 1 }\n- toy.set: { key: l, value: v }\n', 'serial: 2\n');
    const run = await played(text);
    expect(['a', 'b', 'c'].map(host => [...run.toy.on(host).keys()].join())).to.deep.equal(['', '', 'l']);
  });

  it('handlers that are due by then are dropped', async () => {
    const text = book(
      '- { toy.set: { key: k, value: v }, notify: Again }\n- meta: end_host\n',
      'handlers: [{ name: Again, toy.set: { key: again, value: v } }]\n',
    );
    const run = await played(text, { limit: 'a' });
    expect([...run.toy.on('a').keys()]).to.deep.equal(['k']);
  });
});

describe('what a task calls a change', () => {
  it('notifies, also where nothing was done that would have to be put back', async () => {
    const tasks = [
      '- { debug: { msg: hello }, changed_when: n == 1, notify: heard }\n',
      '- { toy.look: { key: k }, register: seen, changed_when: n == 2, notify: heard }\n',
    ].join('');
    const handlers = 'handlers:\n  - { name: heard, toy.set: { key: heard, value: "yes" } }\n';
    const run = await played(book(tasks, handlers));
    expect(['a', 'b', 'c'].filter(host => run.toy.on(host).has('heard'))).to.deep.equal(['a', 'b']);
  });

  it('may be what its result says of itself: nothing was changed where there was nothing to do', async () => {
    const handlers = 'handlers:\n  - { name: heard, toy.set: { key: heard, value: "yes" } }\n';
    const task = '- { toy.set: { key: k, value: v }, register: r, changed_when: r.changed, notify: heard }\n';
    const run = await played(book(`- { toy.set: { key: k, value: v }, when: n == 1 }\n${task}`, handlers), {
      limit: 'a,b',
    });
    expect(['a', 'b'].map(host => run.toy.on(host).has('heard'))).to.deep.equal([false, true]);
  });

  it('is told as one, and of a host where nothing else happened as well', async () => {
    const run = await played(book('- { name: Look, debug: { msg: hello }, changed_when: n == 1 }\n'), { limit: 'a,b' });
    const [story, script] = [new Story(), scriptOf(run.plan)];
    const lines = run.journal.events.flatMap(event => {
      story.see(event);
      return plainLines(story, script, event, { verbose: false });
    });
    expect(lines.join('\n')).to.contain('a  Look: changed, its changed_when says').and.not.contain('b  Look');
    const summary = summaryText(story, script, { columns: 100, timeZone: 'UTC' });
    expect(summary)
      .to.match(/a +done +1\/1 .* Look/)
      .and.match(/b +unchanged/);
  });

  it('notifies by a name with placeholders, which variables of the playbook and of the host fill', async () => {
    const tasks = [
      '- { toy.set: { key: k, value: v }, notify: ["{{what}} {{kind}}", "always {{what}}"] }\n',
      '- { toy.set: { key: l, value: v }, notify: "{{w}} late", vars: { w: "{{what}}" }, when: n == 3 }\n',
    ].join('');
    const handlers = ['restart odd', 'restart even', 'restart late', 'always restart']
      .map(name => `  - { name: ${name}, toy.log: { text: "${name.replace(' ', '-')}" } }\n`)
      .join('');
    const hosts = 'all:\n  hosts: { a: { n: 1, kind: odd }, b: { n: 2, kind: even }, c: { n: 3, kind: odd } }\n';
    const text = book(tasks, `vars: { what: restart }\nhandlers:\n${handlers}`);
    const run = await played(text, { hosts });
    expect(['a', 'b', 'c'].map(host => run.toy.on(host).get('log'))).to.deep.equal([
      'restart-odd;always-restart;',
      'restart-even;always-restart;',
      'restart-odd;restart-late;always-restart;',
    ]);
    const back = await played(
      book(`${tasks}- fail: never\n`, `vars: { what: restart }\nmax_failures: 3\nhandlers:\n${handlers}`),
      { hosts },
    );
    expect([back.verdict, back.toy.on('b').get('log')], 'after a rollback').to.deep.equal([
      'rolled-back',
      'restart-even;always-restart;',
    ]);
  });

  it('a group and a variable may be called so, too', async () => {
    for (const name of ['constructor', 'toString', 'hasOwnProperty', '__proto__']) {
      const hosts = `all:\n  hosts: { b: }\n  children:\n    ${name}: { hosts: { a: }, vars: { ${name}: v } }\n`;
      const text = [
        `- hosts: ${name}:b\n  tasks:\n`,
        `    - { toy.set: { key: own, value: '{{default ${name} "none"}}' }, when: '"${name}" in host.groups || host.name == "b"' }\n`,
        `    - toy.set: { key: far, value: "{{hostvars.a.${name}}}{{length groups.${name}}}" }\n`,
      ].join('');
      const run = await played(text, { hosts });
      expect(run.verdict, name).to.equal('done');
      expect(
        ['a', 'b'].map(host => Object.fromEntries(run.toy.on(host))),
        name,
      ).to.deep.equal([
        { own: 'v', far: 'v1' },
        { own: 'none', far: 'v1' },
      ]);
    }
  });

  it('a result may be called as anything that JavaScript has a word for', async () => {
    for (const name of ['constructor', 'toString', 'hasOwnProperty']) {
      const tasks = `- { toy.look: { key: k }, register: ${name} }\n- toy.set: { key: seen, value: "{{${name}.changed}}!" }\n`;
      const facts = `- set_fact: { ${name}: v }\n- toy.set: { key: fact, value: "{{${name}}}" }\n`;
      const run = await played(book(tasks + facts), { limit: 'a' });
      expect(Object.fromEntries(run.toy.on('a')), name).to.deep.equal({ seen: 'false!', fact: 'v' });
    }
  });
});

describe('what is said to an include', () => {
  const say = (key: string): string => `- toy.set: { key: ${key}, value: "{{x}}" }\n`;
  const files = {
    'file.yml': `${say('file')}- { set_fact: { x: later } }\n${say('later')}${say('own')}  vars: { x: own }\n`,
    'imported.yml': say('imported'),
    'roles/r/tasks/main.yml': say('role'),
  };
  const site = (tasks: string, more = '') => ({
    ...files,
    'site.yml': book(`- { set_fact: { x: set } }\n${tasks}`, more),
  });
  const on = async (texts: Readonly<Record<string, string>>) =>
    Object.fromEntries((await played(texts, { limit: 'a' })).toy.on('a'));

  it('stands above what was set, and above what the tasks in it say', async () => {
    const include = '- include_tasks: file.yml\n  vars: { x: said }\n';
    expect(await on(site(`${include}${say('after')}`))).to.deep.equal({
      ...{ file: 'said', later: 'said', own: 'said', after: 'later' },
    });
  });

  it('so does the item of its loop, and what is said to a role', async () => {
    const looped = '- include_tasks: imported.yml\n  loop: [one]\n  loop_control: { loop_var: x }\n';
    expect(await on(site(looped))).to.deep.equal({ imported: 'one' });
    const role = '- include_role: { name: r }\n  vars: { x: said }\n';
    expect(await on(site(role))).to.deep.equal({ role: 'said' });
    const beside = book(
      '- toy.look: { key: k }\n',
      'pre_tasks: [{ set_fact: { x: set } }]\nroles: [{ role: r, x: said }]\n',
    );
    expect(await on({ ...files, 'site.yml': beside })).to.deep.equal({ role: 'said' });
  });

  it('what is said to an import, or to a block, does not', async () => {
    const imported = '- import_tasks: imported.yml\n  vars: { x: said }\n';
    expect(await on(site(imported))).to.deep.equal({ imported: 'set' });
    const block = `- vars: { x: said }\n  block:\n    ${say('block')}`;
    expect(await on(site(block))).to.deep.equal({ block: 'set' });
  });

  it('the plan and a run that is taken up again know it as well', async () => {
    const texts = site('- include_tasks: file.yml\n  vars: { x: said }\n');
    const whole = await played(texts, { limit: 'a' });
    expect(await cutEverywhere(texts, () => ({ limit: 'a' }))).to.deep.equal([`done ${whole.toy.snapshot()}`]);
  });
});
