// zoneferry inventory and zoneferry explain var: what goes to which stream, with which status.
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect } from 'chai';
import { here, type Said } from './stage.ts';

const before = process.cwd();
let dir: string;

function write(name: string, text: string, mode = 0o644): void {
  mkdirSync(dirname(join(dir, name)), { recursive: true });
  writeFileSync(join(dir, name), text);
  chmodSync(join(dir, name), mode);
}

const zf = (words: string): Promise<Said> => here(words.split(' '), {});

/** Hooks of this file's own suites: at the top they would move every other test, too. */
function inAFolder(): void {
  beforeEach(() => {
    dir = realpathSync(mkdtempSync(join(tmpdir(), 'zf-inventory-')));
    process.chdir(dir);
    write(
      'hosts',
      `lonely
[fleet:children]
zonehosts
[zonehosts]
bjork rack=r2
nacaozumbi ansible_host=10.0.0.7 ansible_connection=local
[fleet:vars]
boot_limit=30m
domain=example.org
fqdn={{host.name}}.{{domain}}
jinja={{ x | default(1) }}
`,
    );
    write('group_vars/zonehosts.yml', '# limits\nboot_limit: 45m\n');
  });

  afterEach(() => {
    process.chdir(before);
    rmSync(dir, { recursive: true });
  });
}

describe('zoneferry inventory', () => {
  inAFolder();

  it('prints as Ansible does what it could not use itself: templates of another language, other ways to connect', async () => {
    const said = await zf('inventory -i hosts --list --format ansible');
    expect(said).to.deep.include({ code: 0, err: '' });
    expect(said.out).to.match(
      /^\{\n {4}"_meta": \{\n {8}"hostvars": \{\n {12}"bjork": \{\n {16}"boot_limit": "45m",\n/,
    );
    expect(JSON.parse(said.out)).to.have.nested.property('_meta.hostvars.nacaozumbi.jinja', '{{ x | default(1) }}');
  });

  it('refuses that inventory where hosts would be reached with it', async () => {
    const said = await zf('inventory -i hosts');
    expect(said.code).to.equal(2);
    expect(said.err).to.contain('[bad-template]').and.contain('[not-ours]');
  });

  it('prints one host, and the tree of groups', async () => {
    expect(JSON.parse((await zf('inventory -i hosts --host bjork')).out)).to.include({ rack: 'r2', boot_limit: '45m' });
    expect((await zf('inventory -i hosts --graph')).out).to.equal(
      '@all:\n  |--@ungrouped:\n  |  |--lonely\n  |--@fleet:\n  |  |--@zonehosts:\n  |  |  |--bjork\n  |  |  |--nacaozumbi\n',
    );
    expect((await zf('inventory -i hosts --graph zonehosts')).out).to.match(/^@zonehosts:\n/);
  });

  it('offers the nearest name of a host or group that is none', async () => {
    const host = await zf('inventory -i hosts --host bjrk');
    expect([host.code, host.err.includes('did you mean "bjork"?')]).to.deep.equal([2, true]);
    const group = await zf('inventory -i hosts --graph zonehost');
    expect([group.code, group.err.includes('did you mean "zonehosts"?')]).to.deep.equal([2, true]);
  });

  it('shows the hosts of a limit as a table, from a file of names, too', async () => {
    write('small', 'bjork address=10.0.0.1\nevac1\nevac2 port=2222\n');
    write('some.txt', '# tonight\nbjork\nevac2\n');
    const said = await zf('inventory -i small -l @some.txt:!evac2');
    expect(said.code).to.equal(2);
    expect((await zf('inventory -i small -l @some.txt')).out.match(/^\w+ +\S+/gm)).to.deep.equal([
      'HOST   ADDRESS',
      'bjork  10.0.0.1',
      'evac2  evac2:2222',
    ]);
  });

  it('a limit that leaves nobody is told with 6, one that names nobody with 2', async () => {
    write('small', '[a]\nbjork\n[b]\nevac1\n');
    expect((await zf('inventory -i small -l a:&b')).code).to.equal(6);
    const slip = await zf('inventory -i small -l bjrk');
    expect([slip.code, slip.err.includes('did you mean "bjork"?')]).to.deep.equal([2, true]);
  });

  it('takes what a program prints, and tells what a program says when it fails', async () => {
    write(
      'fleet',
      '#!/bin/sh\necho \'{ "g": ["bjork"], "_meta": { "hostvars": { "bjork": { "rack": "r2" } } } }\'\n',
      0o755,
    );
    expect((await zf('inventory -i fleet --host bjork')).out).to.equal('{\n    "rack": "r2"\n}\n');
    write('broken', '#!/bin/sh\necho no route to the CMDB >&2\nexit 3\n', 0o755);
    const said = await zf('inventory -i broken');
    expect(said.code).to.equal(2);
    expect(said.err).to.contain('broken --list ended with status 3').and.contain('no route to the CMDB');
    write('locked', '#!/bin/sh\necho {}\n');
    expect((await zf('inventory -i locked')).err).to.contain('chmod +x locked');
  });

  it('knows only its own formats', async () => {
    expect((await zf('inventory -i hosts --format toml')).code).to.equal(2);
  });
});

describe('zoneferry explain var', () => {
  inAFolder();

  const book = `- name: Roll
  hosts: zonehosts
  vars: { boot_limit: 50m }
  tasks:
    - name: Special
      command: "true {{boot_limit}}"
      vars: { boot_limit: 60m }
    - name: Around
      vars: { boot_limit: 70m }
      block:
        - name: Set
          set_fact: { boot_limit: "{{fqdn}}" }
    - name: Look
      command: "true"
      register: seen
- name: Elsewhere
  hosts: lonely
  vars: { boot_limit: 99m }
  tasks: [command: "true"]
`;
  const rows = (said: Said): readonly string[] =>
    said.out
      .split('\n')
      .slice(2)
      .map(line => line.replaceAll(/  +/g, '  ').trim());

  beforeEach(() => {
    write(
      'hosts',
      `${'[fleet:children]\nzonehosts\n[zonehosts]\nbjork rack=r2\n[fleet:vars]\nboot_limit=30m\n'}fqdn={{host.name}}.example.org\n[other]\nlonely\n`,
    );
    write('books/site.yml', book);
  });

  it('names file and line of the value and of those that it hides', async () => {
    const said = await zf('explain var boot_limit --host bjork -i hosts');
    expect(said.out.split('\n')[0]).to.equal('boot_limit on bjork is "45m"');
    expect(rows(said).slice(1, 3)).to.deep.equal([
      '*  group_vars/zonehosts.yml:2  the group "zonehosts"  "45m"',
      'hosts:6  the group "fleet"  "30m"',
    ]);
  });

  it('shows a template filled in and as it was written', async () => {
    const said = await zf('explain var fqdn --host bjork -i hosts');
    expect(rows(said)[1]).to.equal('*  hosts:7  the group "fleet"  "bjork.example.org"  "{{host.name}}.example.org"');
  });

  it('with a playbook, tells tasks and plays of this host, and not those of others', async () => {
    const said = await zf('explain var boot_limit --host bjork -i hosts books/site.yml');
    expect(rows(said).slice(1, 7)).to.deep.equal([
      '+  books/site.yml:12  for everything after the task "Set"  "bjork.example.org"  "{{fqdn}}"',
      '+  books/site.yml:7  for the task "Special"  "60m"',
      '+  books/site.yml:9  for the tasks of the block "Around"  "70m"',
      '*  books/site.yml:3  the play "Roll"  "50m"',
      'group_vars/zonehosts.yml:2  the group "zonehosts"  "45m"',
      'hosts:6  the group "fleet"  "30m"',
    ]);
  });

  it('-e is above everything', async () => {
    const said = await zf('explain var boot_limit --host bjork -i hosts -e boot_limit=1 books/site.yml');
    expect(rows(said)[1]).to.equal('*  -e  the command line  "1"');
    expect(said.out).to.not.contain('+ wins');
  });

  it('says what is known only later', async () => {
    expect((await zf('explain var seen --host bjork -i hosts books/site.yml')).out).to.contain(
      '(known when it has run)',
    );
  });

  it('knows questions at the start, and what a role brings', async () => {
    write('books/roles/limits/defaults/main.yml', 'soft: role\n');
    write('books/roles/limits/tasks/main.yml', '- command: "true"\n');
    write(
      'books/more.yml',
      '- hosts: zonehosts\n  vars_prompt: [{ name: word, prompt: which }]\n  roles: [limits]\n  tasks: [command: "true {{word}}"]\n',
    );
    const asked = await zf('explain var word --host bjork -i hosts books/more.yml');
    expect(rows(asked)[1]).to.match(/^\*  books\/more.yml:2  the play .*asked at the start/);
    const soft = await zf('explain var soft --host bjork -i hosts books/more.yml');
    expect(rows(soft)[1]).to.contain('books/roles/limits/defaults/main.yml:1  the defaults in').and.contain('"role"');
  });

  it('offers the nearest name of a variable or host that is none, and says which words it wants', async () => {
    const slip = await zf('explain var bootlimit --host bjork -i hosts');
    expect([slip.code, slip.err.includes('did you mean "boot_limit"?')]).to.deep.equal([2, true]);
    const host = await zf('explain var boot_limit --host bjrk -i hosts');
    expect([host.code, host.err.includes('did you mean "bjork"?')]).to.deep.equal([2, true]);
    const words = await zf('explain var boot_limit');
    expect([words.code, words.err.includes('--host <name>')]).to.deep.equal([2, true]);
  });

  describe('of how a host is reached', () => {
    const home = process.env['HOME'];
    beforeEach(() => {
      process.env['HOME'] = dir;
      write(
        '.ssh/config',
        `Host bjork
  HostName 192.0.2.9
  IdentityFile ~/a
Host lonely bjork
  User maint
  Port 2200
  ConnectTimeout 20
  IdentityFile ~/b
  ProxyJump gate.example.org
`,
      );
      write('hosts', 'lonely port=2222\n[zonehosts]\nbjork\n[zonehosts:vars]\nansible_user=ops\nboot_limit=30m\n');
    });
    afterEach(() => {
      if (home === undefined) delete process.env['HOME'];
      else process.env['HOME'] = home;
    });
    const asked = async (name: string, host = 'bjork'): Promise<readonly string[]> => {
      const said = await zf(`explain var ${name} --host ${host} -i hosts`);
      expect(said.err).to.equal('');
      return rows(said)
        .slice(1, -3)
        .map(row => row.replace(`${dir}/`, '~/'));
    };

    it('names file and line of ~/.ssh/config, where the inventory says nothing', async () => {
      expect(await asked('address')).to.deep.equal(['*  ~/.ssh/config:2  the SSH configuration  "192.0.2.9"']);
      expect(await asked('port')).to.deep.equal(['*  ~/.ssh/config:6  the SSH configuration  "2200"']);
      expect(await asked('connect_timeout')).to.deep.equal(['*  ~/.ssh/config:7  the SSH configuration  "20"']);
      expect(await asked('jump')).to.deep.equal(['*  ~/.ssh/config:9  the SSH configuration  "gate.example.org"']);
    });

    it('has the word of the inventory first, whichever name it uses; but HostName is what its address is looked up by', async () => {
      expect(await asked('port', 'lonely')).to.deep.equal([
        '*  hosts:1  the host lonely  2222',
        '~/.ssh/config:6  the SSH configuration  "2200"',
      ]);
      const user = await asked('ansible_user');
      expect(user.map(row => row.split('  ')[1] ?? '')).to.deep.equal(['hosts:5', 'the SSH configuration']);
      expect((await asked('user'))[0]).to.match(/^\*  hosts:5  the group "zonehosts", as  "ops"/);
      write('hosts', 'bjork ansible_host=bjork.example.org\n');
      expect((await asked('address')).join(' '), 'the configuration is asked about that name').to.not.contain('SSH');
      write('hosts', 'bjork address=bjork\n');
      expect((await asked('address')).map(row => /\S+:\d/.exec(row)?.[0])).to.deep.equal([
        '~/.ssh/config:2',
        'hosts:1',
      ]);
    });

    it('has all keys to log in with that count, not the first alone', async () => {
      expect(await asked('identity_file')).to.deep.equal(['*  ~/.ssh/config:3  the SSH configuration  ["~/a","~/b"]']);
    });

    it('leaves out what the configuration says of no variable, and tells what is wrong with it', async () => {
      expect((await asked('boot_limit')).join(' '))
        .to.contain('"45m"')
        .and.not.contain('SSH');
      write('.ssh/config', 'Host bjork\n  Port many\n');
      const said = await zf('explain var port --host bjork -i hosts');
      expect([said.code, said.out]).to.deep.equal([2, '']);
      expect(said.err).to.contain('error[bad-ssh-config]').and.contain(`${dir}/.ssh/config:2:3`);
    });
  });
});
