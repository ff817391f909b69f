// The keys of a play, from the text of a playbook to what has happened on the hosts.
import { expect } from 'chai';
import { withLogins } from '../../src/load/playbook/login.ts';
import { fleet, load } from '../load/kit.ts';
import { cutEverywhere, planned, played, shown, sorted } from './played.ts';

const set = (key: string, value = 'v'): string => `- toy.set: { key: ${key}, value: ${value} }\n`;
const indented = (text: string, by = 4): string => text.replaceAll(/^(?=.)/gm, ' '.repeat(by));

describe('the sections of a play', () => {
  it('pre_tasks, roles, tasks, post_tasks: in this order, handlers after the first, the third and the last', async () => {
    const role = { 'roles/web/tasks/main.yml': set('role') };
    const site = `- hosts: a
  handlers: [{ name: Again, debug: again }]
  post_tasks:
${indented('- { toy.set: { key: post, value: v }, notify: Again }\n')}  pre_tasks:
${indented('- { toy.set: { key: pre, value: v }, notify: Again }\n')}  tasks:
${indented('- { toy.set: { key: task, value: v }, notify: Again }\n')}  roles: [web]
`;
    const run = await played({ 'site.yml': site, ...role });
    expect(run.story).to.deep.equal([
      'p1@a changed',
      'h1~p@a unchanged',
      'r1.1@a changed',
      't1@a changed',
      'h1~t@a unchanged',
      'o1@a changed',
      'h1~o@a unchanged',
    ]);
  });
});

describe('how many hosts may fail', () => {
  const book = (words: string): string =>
    `- hosts: all\n  serial: 1\n  on_failure: continue\n${indented(words, 2)}  tasks:\n    - { fail: bad luck, when: n < 3 }\n    ${set('k')}`;
  const hosts = 'all:\n  hosts: { a: { n: 1 }, b: { n: 2 }, c: { n: 3 }, d: { n: 4 } }\n';

  it('max_fail_percentage is of all hosts of the play, and exceeded means greater', async () => {
    const half = await played(book('max_fail_percentage: 50\n'), { hosts });
    expect(['c', 'd'].map(host => half.toy.on(host).has('k'))).to.deep.equal([true, true]);
    const less = await played(book('max_fail_percentage: 49\n'), { hosts });
    expect(['c', 'd'].map(host => less.toy.on(host).has('k'))).to.deep.equal([false, false]);
  });

  it('any_errors_fatal: one failed host fails every host of its wave, and each goes back', async () => {
    const text = `- hosts: all\n  any_errors_fatal: yes\n  tasks:\n    ${set('k')}    - { fail: bad luck, when: n == 2 }\n    ${set('l')}`;
    const run = await played(text);
    expect(run.verdict).to.equal('rolled-back');
    expect(['a', 'b', 'c'].flatMap(host => [...run.toy.on(host).keys()])).to.deep.equal([]);
    const without = await played(text.replace('  any_errors_fatal: yes\n', ''));
    expect(['a', 'b', 'c'].flatMap(host => [...without.toy.on(host).keys()])).to.deep.equal(['k', 'l', 'k', 'l']);
  });
});

describe('strategy', () => {
  it('free: a host waits for no other', async () => {
    const text = (strategy: string): string =>
      `- hosts: a,b\n  strategy: ${strategy}\n  tasks:\n    - { debug: "{{item}}", loop: [1, 2, 3, 4], when: n == 1 }\n    - debug: second\n`;
    const at = async (strategy: string): Promise<number> =>
      (await played(text(strategy))).story.indexOf('t2@b unchanged');
    expect(await at('linear')).to.be.above(4);
    expect(await at('free')).to.be.below(4);
  });
});

describe('what is asked for at the start', () => {
  const text = `- hosts: a
  vars_prompt:
    - { name: be, prompt: Which BE, private: no }
    - { name: word, prompt: The word }
  tasks:
    - toy.set: { key: be, value: "{{be}}" }
    - toy.set: { key: word, value: "{{word}}" }
`;

  it('is known at start in the plan, and stands in the journal for those who take the run up again', async () => {
    const values = { be: 's11-1', word: 'hush' };
    const run = await played(text, { values });
    expect(shown(run.plan, 'a')).to.deep.equal(['t1 yes: known at start', 't2 yes: known at start']);
    expect(run.toy.on('a').get('be')).to.equal('s11-1');
    const [started] = run.journal.laws('run-started');
    expect(started).to.deep.include({ values, hidden: ['word'] });
    expect(await cutEverywhere(text, () => ({ values }))).to.have.length(1);
  });

  it('what holds a secret answer is hidden, and nothing else', async () => {
    const run = await played(text, { values: { be: 's11-1', word: 'hush' } });
    expect(run.journal.laws('action-started').map(event => event.action.hidden)).to.deep.equal([false, true]);
  });

  it('-e answers', async () => {
    const plan = await planned(text, { extra: ['be=x', 'word=y'] });
    expect(plan.program.plays[0]?.prompts).to.deep.equal([]);
    expect(shown(plan, 'a')[0]).to.not.contain('known at start');
  });

  it('a name that nobody can give, and a prompt without one, are told', async () => {
    const wrong = '- hosts: all\n  vars_prompt: [{ name: host }, { prompt: x }, be]\n  tasks: []\n';
    const { diagnostics } = await load({ 'site.yml': wrong });
    expect(diagnostics.map(one => one.code)).to.deep.equal(['bad-name', 'missing-key', 'wrong-type']);
  });
});

describe('facts of a play', () => {
  const speaks = '- command: a\n  when: facts.cpus > 1\n';
  it('gather_facts: no makes a word about facts an error, unless the step reads them', async () => {
    const text = (more: string): string => `- hosts: all\n  gather_facts: no\n  tasks:\n${more}${indented(speaks)}`;
    const { diagnostics } = await load({ 'site.yml': text('') });
    expect(diagnostics.map(one => `${one.code}: ${one.help.join()}`)).to.deep.equal([
      'undefined-variable: leave "gather_facts" out, or read them with the step "facts: {}"',
    ]);
  });
});

describe('who logs in', () => {
  const hosts = 'all:\n  hosts: { a: { user: ops }, b: { ansible_port: 2222 }, c: }\n';
  const plays = (first: string, second = ''): string =>
    `- hosts: all\n${indented(first, 2)}  tasks: [{ command: a }]\n- hosts: c\n${indented(second, 2)}  tasks: [{ command: a }]\n`;

  it('remote_user and port count where the inventory says nothing', async () => {
    const inventory = await fleet(hosts);
    const { program } = await load({ 'site.yml': plays('remote_user: root\nport: 2022\n') }, { inventory });
    if (program === null) throw new Error('a program was expected');
    const logins = withLogins(inventory, program).hosts.map(host => host.connection);
    expect(logins.map(one => `${one.user} ${one.port} ${one.become.method}`)).to.deep.equal([
      'ops 2022 pfexec',
      'root 2222 none',
      'root 2022 none',
    ]);
  });

  it('two users for one connection are an error at the second', async () => {
    const inventory = await fleet(hosts);
    const { diagnostics } = await load(
      { 'site.yml': plays('remote_user: root\n', 'remote_user: other\n') },
      { inventory },
    );
    expect(diagnostics.map(one => [one.code, one.also.length])).to.deep.equal([['double-word', 1]]);
  });
});

describe('plays of another file', () => {
  const OTHER = `- hosts: all\n  vars: { word: own }\n  tasks:\n    - toy.set: { key: word, value: "{{word}}" }\n    - { debug: tagged, tags: [x] }\n`;
  const site = (words: string): Readonly<Record<string, string>> => ({
    'site.yml': `- import_playbook: other.yml\n${indented(words, 2)}`,
    'other.yml': OTHER,
  });

  it('have the conditions, the variables and the tags of the import', async () => {
    const run = await played(site('when: n == 2\nvars: { word: given }\n'));
    expect(run.toy.on('b').get('word')).to.equal('given');
    expect(sorted(run.story)).to.deep.equal([
      't1@a skipped',
      't1@b changed',
      't1@c skipped',
      't2@a skipped',
      't2@b unchanged',
      't2@c skipped',
    ]);
    const tagged = await played(site('tags: [y]\n'), { tags: ['y'], limit: 'a' });
    expect(tagged.story).to.deep.equal(['t1@a changed', 't2@a unchanged']);
  });
});

describe('plays that a limit or tags leave out', () => {
  const play = (host: string, tag: string): string =>
    `- hosts: ${host}\n  tags: ${tag}\n  tasks: [{ toy.set: { key: ${tag}, value: "{{host.name}}" } }]\n`;
  const text = play('b', 'one') + play('a', 'two') + play('b', 'three') + play('a', 'four');

  it('--limit: the first of them, and one between', async () => {
    const run = await played(text, { limit: 'a' });
    expect(run.verdict).to.equal('done');
    expect(run.toy.snapshot()).to.equal((await played(play('a', 'two') + play('a', 'four'))).toy.snapshot());
    expect(await cutEverywhere(text, () => ({ limit: 'a' }))).to.deep.equal([`done ${run.toy.snapshot()}`]);
  });

  it('--tags: nothing of the others is done', async () => {
    const same = text.replaceAll('hosts: b', 'hosts: a');
    for (const tag of ['one', 'two', 'three', 'four']) {
      const run = await played(same, { tags: [tag] });
      expect([run.verdict, ...run.toy.on('a').keys()], tag).to.deep.equal(['done', tag]);
    }
    const run = await played(same, { skipTags: ['one', 'three'] });
    expect([...run.toy.on('a').keys()].toSorted()).to.deep.equal(['four', 'two']);
  });
});

describe('tags with a placeholder', () => {
  const text =
    '- hosts: a\n  vars: { stage: night }\n  tasks:\n    - { toy.set: { key: k, value: v }, tags: "{{stage}}" }\n    - { toy.set: { key: other, value: v } }\n';

  it('are what it stands for', async () => {
    expect([...(await played(text, { tags: ['night'] })).toy.on('a').keys()]).to.deep.equal(['k']);
    expect([...(await played(text, { tags: ['day'], extra: ['stage=day'] })).toy.on('a').keys()]).to.deep.equal(['k']);
  });

  it('are told when nobody can know it before the run', async () => {
    const told = await planned(text.replace('{{stage}}', '{{n}}')).then(() => '', String);
    expect(told).to.contain('"tags" can\'t be known before the run');
  });
});

describe('a run that broke off at any event', () => {
  const books: readonly (readonly [claim: string, text: string | Readonly<Record<string, string>>])[] = [
    [
      'comes to the same end with handlers of roles, sections and what runs once',
      {
        'site.yml': `- hosts: all
  strategy: free
  pre_tasks: [{ toy.set: { key: pre, value: v }, notify: again }]
  roles: [web]
  tasks:
    - { toy.set: { key: led, value: "{{host.name}}" }, run_once: yes, register: led }
    - { toy.set: { key: late, value: v }, delegate_to: c, when: led.changed, notify: again }
`,
        'roles/web/tasks/main.yml': '- toy.set: { key: role, value: "{{speed}}" }\n  notify: again\n',
        'roles/web/defaults/main.yml': 'speed: low\n',
        'roles/web/handlers/main.yml': '- name: again\n  toy.set: { key: again, value: "{{speed}}" }\n',
      },
    ],
    [
      'fails every host of the wave where any error is fatal',
      `- hosts: all\n  any_errors_fatal: yes\n  serial: 2\n  tasks:\n    ${set('k')}    - { fail: bad luck, when: n == 2 }\n    ${set('l')}`,
    ],
    [
      'ends the play for all where it was to end',
      `- hosts: all\n  serial: 2\n  tasks:\n    ${set('k')}    - { meta: end_play, when: n == 1 }\n    ${set('l')}`,
    ],
  ];
  for (const [claim, text] of books) {
    it(claim, async () => {
      const whole = await played(text);
      expect(await cutEverywhere(text, () => ({}))).to.deep.equal([`${whole.verdict} ${whole.toy.snapshot()}`]);
    });
  }
});
