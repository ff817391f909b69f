// Roles: a folder of tasks, handlers, defaults, variables, templates and files, and what becomes of it.
import { expect } from 'chai';
import type { Entry } from '../../src/model/program.ts';
import { catalogue as shipped } from '../../src/steps/catalogue.ts';
import { load } from '../load/kit.ts';
import { planned, played } from './played.ts';

const WEB = {
  'roles/web/tasks/main.yml':
    '- toy.set: { key: speed, value: "{{speed}}" }\n  notify: restart\n- toy.set: { key: zone, value: "{{zone}}" }\n- import_tasks: more.yml\n',
  'roles/web/tasks/more.yml': '- toy.set: { key: more, value: "v{{n}}" }\n',
  'roles/web/tasks/other.yml': '- toy.set: { key: other, value: v }\n',
  'roles/web/handlers/main.yml': '- name: restart\n  toy.set: { key: restarted, value: "{{speed}}" }\n',
  'roles/web/defaults/main.yml': 'speed: low\nzone: evac1\n',
  'roles/web/vars/main.yml': 'zone: evac2\n',
  'roles/web/meta/main.yml': 'dependencies: [base]\n',
  'roles/base/tasks/main.yml': '- toy.set: { key: base, value: v }\n',
};
const site = (text: string): Readonly<Record<string, string>> => ({ 'site.yml': text, ...WEB });
const of = (run: Awaited<ReturnType<typeof played>>, host = 'a') => Object.fromEntries(run.toy.on(host));

describe('a role', () => {
  it('does what it rests on, then its tasks, then its handlers', async () => {
    const run = await played(site('- hosts: a\n  roles: [web]\n'));
    expect(run.story).to.deep.equal([
      'r1.d1.1@a changed',
      'r1.1@a changed',
      'r1.2@a changed',
      'r1.3.1@a changed',
      'h.web.1~t@a changed',
    ]);
    expect(of(run)).to.deep.equal({ base: 'v', speed: 'low', zone: 'evac2', more: 'v1', restarted: 'low' });
  });

  it('has defaults below the inventory, variables above the play, and what is said of it above those', async () => {
    const hosts = 'all:\n  hosts: { a: { n: 1, speed: high, zone: evac3 } }\n';
    const run = await played(site('- hosts: a\n  vars: { zone: evac4 }\n  roles: [web]\n'), { hosts });
    expect(of(run)).to.deep.include({ speed: 'high', zone: 'evac2' });
    const said = await played(site('- hosts: a\n  roles: [{ role: web, vars: { speed: said, zone: evac5 } }]\n'), {
      hosts,
    });
    expect(of(said)).to.deep.include({ speed: 'said', zone: 'evac5' });
  });

  it('has its variables beside its name, which win against those under vars', async () => {
    const text =
      '- hosts: a\n  roles: [{ role: web, speed: "{{n}}-fast", vars: { speed: low, zone: evac5 } }, { role: web, speed: x }]\n';
    const run = await played(site(text));
    expect(of(run)).to.deep.include({ speed: 'x', zone: 'evac2' });
    expect(run.story.filter(line => /^r\d\.1@/.test(line))).to.deep.equal(['r1.1@a changed', 'r2.1@a changed']);
    const once = await played(
      site('- hosts: a\n  roles: [{ role: web, speed: "{{n}}-fast", vars: { zone: evac5 } }]\n'),
    );
    expect(of(once)).to.deep.include({ speed: '1-fast', zone: 'evac5', restarted: '1-fast' });
  });

  it('may have its variables and defaults in folders, whose files count in their order', async () => {
    const files = {
      'site.yml': '- hosts: a\n  roles: [db]\n',
      'roles/db/tasks/main.yaml': '- toy.set: { key: all, value: "{{one}}-{{two}}-{{three}}" }\n',
      'roles/db/vars/main/10.yml': 'one: first\ntwo: first\n',
      'roles/db/vars/main/20/more.yaml': 'two: second\n',
      'roles/db/vars/main/30.yml~': 'two: backup\n',
      'roles/db/vars/main/notes.txt': 'no YAML: [\n',
      'roles/db/defaults/main/a.json': '{ "three": "third" }',
    };
    expect(of(await played(files))).to.deep.equal({ all: 'first-second-third' });
    const { diagnostics } = await load({ ...files, 'roles/db/vars/main/20/more.yaml': 'two: [\n' });
    expect(diagnostics.map(one => one.span.file)).to.include('roles/db/vars/main/20/more.yaml');
  });

  it('includes the file that its defaults name, unless a host names another', async () => {
    const text = '- hosts: a:b\n  roles: [kinds]\n';
    const run = await played(
      {
        'site.yml': text,
        'roles/kinds/defaults/main.yml': 'kind: plain\n',
        'roles/kinds/tasks/main.yml': '- include_tasks: "{{kind}}.yml"\n',
        'roles/kinds/tasks/plain.yml': '- toy.set: { key: kind, value: plain }\n',
        'roles/kinds/tasks/other.yml': '- toy.set: { key: kind, value: other }\n',
      },
      { hosts: 'all:\n  hosts: { a: {}, b: { kind: other } }\n' },
    );
    expect([of(run), of(run, 'b')]).to.deep.equal([{ kind: 'plain' }, { kind: 'other' }]);
  });

  it('gives its variables to the whole play', async () => {
    const text = '- hosts: a\n  roles: [web]\n  tasks:\n    - toy.set: { key: after, value: "{{speed}}-{{zone}}" }\n';
    expect(of(await played(site(text)))).to.deep.include({ after: 'low-evac2' });
  });

  it('is done once, however often it is named, unless with other words', async () => {
    const twice = await planned(site('- hosts: a\n  roles: [web, base, web, { role: web, vars: { speed: x } }]\n'));
    const ids = twice.waves[0]?.actions.map(action => action.task.replace('site/1.', ''));
    expect(ids).to.deep.equal(['r1.d1.1', 'r1.1', 'r1.2', 'r1.3.1', 'r4.1', 'r4.2', 'r4.3.1']);
  });

  it('has tags and conditions for all of it', async () => {
    const text = '- hosts: all\n  roles: [{ role: web, tags: [web], when: n == 2 }]\n  tasks:\n    - debug: untagged\n';
    const run = await played(site(text), { tags: ['web'] });
    expect(['a', 'b', 'c'].map(host => run.toy.on(host).has('speed'))).to.deep.equal([false, true, false]);
    expect(run.story.some(line => line.startsWith('t1@'))).to.equal(false);
  });

  it('may be a task: imported, or included in a loop, with another file of tasks', async () => {
    const text =
      '- hosts: a\n  tasks:\n    - import_role: { name: web, tasks_from: other }\n    - include_role: { name: base }\n      loop: [1, 2]\n';
    const run = await played(site(text));
    expect(run.story).to.deep.equal([
      't1.d1.1@a changed',
      't1.1@a changed',
      't2.1~0@a unchanged',
      't2.1~1@a unchanged',
    ]);
  });

  it("a handler of the play has the name of a role's, which is still heard by the role's own", async () => {
    const text =
      '- hosts: a\n  roles: [web]\n  handlers: [{ name: restart, toy.set: { key: restarted, value: mine } }]\n  tasks:\n    - { toy.set: { key: k, value: v }, notify: "web : restart" }\n';
    const run = await played(site(text));
    expect(run.story.filter(line => line.startsWith('h'))).to.deep.equal(['h.web.1~t@a changed', 'h1~t@a changed']);
    expect(of(run)).to.deep.include({ restarted: 'mine' });
  });

  it('finds its own templates and files before those of the playbook', async () => {
    const files = {
      'site.yml': '- hosts: all\n  roles: [web]\n',
      'roles/web/tasks/main.yml': [
        '- template: { src: motd, dest: /etc/motd }\n',
        '- copy: { src: banner, dest: /etc/banner }\n',
        '- script: probe.sh -v {{host.name}}\n',
        '- script: other.sh\n',
        '- file: { src: banner, path: /etc/link, state: link }\n',
      ].join(''),
      'roles/web/templates/motd': 'of the role\n',
      'roles/web/files/banner': 'x\n',
      'roles/web/files/probe.sh': 'x\n',
      'templates/motd': 'of the playbook\n',
    };
    const { program, diagnostics } = await load(files, { catalogue: shipped });
    expect(diagnostics).to.deep.equal([]);
    const block = program?.plays[0]?.sections[0]?.entries[0];
    const [motd, banner, probe, other, link] = block?.is === 'block' ? block.body : [];
    expect(motd?.is === 'task' && motd.args['text']).to.deep.equal({ is: 'known', json: 'of the role\n' });
    expect(banner?.is === 'task' && banner.args['src']).to.deep.equal({ is: 'known', json: 'roles/web/files/banner' });
    const argument = (entry: Entry | undefined, name: string) => (entry?.is === 'task' ? entry.args[name] : undefined);
    expect(argument(probe, 'cmd')).to.include({ source: 'roles/web/files/probe.sh -v {{host.name}}' });
    expect(argument(other, 'cmd')).to.include({ json: 'other.sh' });
    expect(argument(link, 'src')).to.include({ json: 'banner' });
  });
});

describe('a role that is included', () => {
  const files = {
    'roles/r/tasks/main.yml': '- toy.set: { key: r, value: "{{x}}-{{y}}" }\n',
    'roles/r/defaults/main.yml': 'x: dr\n',
    'roles/r/vars/main.yml': 'y: vr\n',
    'roles/q/tasks/main.yml': '- toy.set: { key: q, value: "{{x}}-{{y}}" }\n  notify: q\n',
    'roles/q/handlers/main.yml': '- name: q\n  toy.set: { key: heard, value: "{{x}}-{{y}}" }\n',
    'roles/q/defaults/main.yml': 'x: dq\n',
    'roles/q/vars/main.yml': 'y: vq\n',
  };
  const after = '    - toy.set: { key: after, value: "{{x}}-{{y}}" }\n';

  it('keeps its variables and defaults to itself and to its handlers', async () => {
    const text = `- hosts: a\n  roles: [r]\n  tasks:\n    - include_role: { name: q }\n${after}`;
    const run = await played({ ...files, 'site.yml': text });
    expect(of(run)).to.deep.equal({
      r: 'dr-vr',
      q: 'dq-vq',
      heard: 'dq-vq',
      after: 'dr-vr',
    });
  });

  it('wins nothing against the variables of the play, nor is it known outside', async () => {
    const text = `- hosts: a\n  vars: { x: play }\n  tasks:\n    - include_role: { name: q }\n${after}`;
    const said = text.replace('vars: {', 'vars: { y: play,');
    expect(of(await played({ ...files, 'site.yml': said }))).to.deep.include({ after: 'play-play' });
    const lost = await played({ ...files, 'site.yml': text }).then(() => '', String);
    expect(lost).to.contain('"y" is undefined');
  });

  it('that is imported, or named under roles, lends them to the whole play', async () => {
    const text = `- hosts: a\n  tasks:\n    - include_role: { name: q }\n    - import_role: { name: q }\n${after}`;
    expect(of(await played({ ...files, 'site.yml': text }))).to.deep.include({ after: 'dq-vq' });
  });

  it('has handlers that know its defaults, not those of a role of the same words', async () => {
    const run = await played({ ...files, 'site.yml': '- hosts: a\n  roles: [q, r]\n' });
    expect(of(run)).to.deep.include({ heard: 'dq-vq' });
  });
});

describe('what is wrong with a role', () => {
  const codes = async (files: Readonly<Record<string, string>>): Promise<readonly string[]> =>
    (await load(files)).diagnostics.map(one => `${one.code}: ${one.help.join()}`);
  const base = { 'roles/base/tasks/main.yml': '- command: a\n' };

  it('a name that no folder has', async () => {
    expect(await codes({ 'site.yml': '- hosts: all\n  roles: [bse]\n', ...base })).to.deep.equal([
      'file-missing: did you mean "base"?',
    ]);
  });

  it('a name that rests on a variable', async () => {
    expect(await codes({ 'site.yml': '- hosts: all\n  roles: ["{{x}}"]\n', ...base })).to.deep.equal([
      'undefined-variable: name it, and choose with "when:"',
    ]);
  });

  it('a key that is nearly one of its own, or a word of tasks: no variable', async () => {
    const of = (key: string) => codes({ 'site.yml': `- hosts: all\n  roles: [{ role: base, ${key}: 9 }]\n`, ...base });
    expect(await of('wehn')).to.deep.equal([
      'unknown-key: did you mean "when"?,for a variable of the role write vars: { wehn: … }',
    ]);
    expect((await of('register'))[0]).to.match(/^unknown-key/);
    expect(await of('remote_user')).to.deep.equal([
      'not-ours: say it in the play, or write "user" for the host in the inventory',
    ]);
    expect((await of('with_items'))[0]).to.match(/^not-ours/);
    expect(await of('"web-speed"')).to.deep.equal(['bad-name: call it "web_speed"']);
  });

  it('roles that rest on one another', async () => {
    const found = await codes({
      'site.yml': '- hosts: all\n  roles: [base]\n',
      'roles/base/meta/main.yml': 'dependencies: [{ role: web, vars: { x: 1 } }]\n',
      'roles/web/meta/main.yml': 'dependencies: [{ role: base, vars: { x: 1 } }]\n',
      ...base,
    });
    expect(found).to.deep.equal(['import-cycle: ']);
  });

  it('a file of tasks that it does not have', async () => {
    const found = await codes({
      'site.yml': '- hosts: all\n  tasks:\n    - import_role: { name: base, tasks_from: x }\n',
      ...base,
    });
    expect(found).to.deep.equal(['file-missing: ']);
  });
});
