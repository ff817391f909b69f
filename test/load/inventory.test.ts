// Inventories of every form as hosts with groups and variables, and the patterns that choose among them.
import { expect } from 'chai';
import fc from 'fast-check';
import type { Files, Programs } from '../../src/model/ports.ts';
import { type InventoryOptions, loadInventory } from '../../src/load/inventory/inventory.ts';
import { selectHosts } from '../../src/load/inventory/patterns.ts';
import { expandRange } from '../../src/load/inventory/range.ts';
import type { Inventory } from '../../src/model/inventory.ts';
import type { Code } from '../../src/text/diagnostic.ts';
import { spanOf } from '../../src/text/span.ts';
import { expectGolden } from './golden.ts';
import { fleet, memoryFiles } from './kit.ts';
import { connectionTo } from '../edge/connection.ts';

const SSH_AUTH_SOCK = { is: 'environment', variable: 'SSH_AUTH_SOCK' } as const;

async function read(
  texts: Readonly<Record<string, string>>,
  paths: readonly string[] = ['hosts.yml'],
  options: InventoryOptions = {},
): Promise<Inventory> {
  const { inventory, diagnostics } = await loadInventory(memoryFiles(texts), paths, options);
  expect(diagnostics).to.deep.equal([]);
  if (inventory === null) throw new Error('an inventory was expected');
  return inventory;
}

/** The variables of a host that are known. */
function vars(inventory: Inventory, name: string): Record<string, unknown> {
  const host = inventory.hosts.find(one => one.name === name);
  return Object.fromEntries(
    Object.entries(host?.vars ?? {}).map(([key, value]) => [key, value.is === 'known' ? value.json : value]),
  );
}

describe('the inventory', () => {
  it('children win over parents, then priority, then the later name, then the host itself', async () => {
    const inventory = await read({
      'hosts.yml': `all:
  vars: { a: all, b: all, c: all, d: all }
  children:
    zonehosts:
      vars: { b: parent, c: parent, d: parent }
      children:
        east: { vars: { c: east, d: east, ansible_group_priority: 10 }, hosts: { bjork: { d: host } } }
        west: { vars: { c: west }, hosts: { bjork: {} } }
`,
    });
    expect(vars(inventory, 'bjork')).to.deep.include({ a: 'all', b: 'parent', c: 'east', d: 'host' });
    expect(inventory.hosts[0]?.groups).to.deep.equal(['zonehosts', 'west', 'east']);
  });

  it('a host of no group is ungrouped, and every host is in all', async () => {
    const inventory = await read({
      'hosts.yml': 'all: { hosts: { evac1: {} }, children: { g: { hosts: { evac2: {} } } } }',
    });
    expect(inventory.groups).to.deep.equal({ all: ['evac1', 'evac2'], g: ['evac2'], ungrouped: ['evac1'] });
  });

  it('ranges count with leading zeros, in steps, and by letters', () => {
    expect(expandRange('evac[1:4]')).to.deep.equal({ is: 'names', names: ['evac1', 'evac2', 'evac3', 'evac4'] });
    expect(expandRange('n[08:12:2]x[a:b]')).to.deep.equal({
      is: 'names',
      names: ['n08xa', 'n08xb', 'n10xa', 'n10xb', 'n12xa', 'n12xb'],
    });
    for (const wrong of ['n[3:1]', 'n[1:a]', 'n[', 'n[1:5:0]', 'n[1:99999999]'])
      expect(expandRange(wrong).is).to.equal('wrong');
  });

  it('takes variables of groups and hosts from the folders beside it, and beside the playbook above those', async () => {
    const inventory = await read(
      {
        'inv/hosts.yml': 'g: { hosts: { bjork: { a: file } }, vars: { b: file, c: file } }',
        'inv/group_vars/all.yml': 'z: all\nb: all\n',
        'inv/group_vars/g.yml': 'b: folder\n',
        'inv/group_vars/other.yml': 'b: other\n',
        'inv/host_vars/bjork/one.yml': 'a: folder\n',
        'books/group_vars/g.yml': 'c: playbook\n',
      },
      ['inv'],
      { playbookFolders: ['books'] },
    );
    expect(vars(inventory, 'bjork')).to.deep.equal({ z: 'all', b: 'folder', c: 'playbook', a: 'folder' });
  });

  it('a later file says more of the same groups', async () => {
    const inventory = await read(
      { 'a.yml': 'g: { hosts: { evac1: {} } }', 'b.yml': 'g: { hosts: { evac2: {} }, vars: { x: 1 } }' },
      ['a.yml', 'b.yml'],
    );
    expect(inventory.groups['g']).to.deep.equal(['evac1', 'evac2']);
    expect(vars(inventory, 'evac1')).to.deep.equal({ x: 1 });
  });

  it('names with commas are an inventory of their own', async () => {
    expect((await read({}, ['nacaozumbi,bjork'])).groups['all']).to.deep.equal(['nacaozumbi', 'bjork']);
  });

  it("takes Ansible's names for a connection and ours, paths beside the file that names them", async () => {
    const inventory = await read(
      {
        'inv/hosts.yml': `all:
  vars: { ansible_user: maint, prefix: "10.0.0", time_scale: 60, known_hosts: keys/known }
  hosts:
    evac1: { ansible_host: "{{prefix}}.1", ansible_port: 2222, identity_file: /etc/key }
    evac2: { address: "{{prefix}}.2", become: no, identity_file: ~/key, host_key_policy: accept-new, connect_timeout: 3s }
`,
      },
      ['inv/hosts.yml'],
    );
    expect(inventory.hosts.map(host => host.connection)).to.deep.equal([
      connectionTo({
        ...{ address: '10.0.0.1', port: 2222, user: 'maint', timeScale: 60 },
        ...{ identityFiles: ['/etc/key'], identitiesOnly: true, knownHosts: ['inv/keys/known'], agent: SSH_AUTH_SOCK },
        become: { method: 'pfexec', user: 'root' },
      }),
      connectionTo({
        ...{ address: '10.0.0.2', user: 'maint', timeScale: 60, connectTimeoutMs: 3000, hostKeyPolicy: 'accept-new' },
        ...{ identityFiles: ['~/key'], identitiesOnly: true, knownHosts: ['inv/keys/known'], agent: SSH_AUTH_SOCK },
      }),
    ]);
  });

  it('says the same whatever the order of files in memory, and another digest when a file changes', async () => {
    const one = await read({ 'hosts.yml': 'all: { hosts: { bjork: {} } }' });
    const two = await read({ 'hosts.yml': 'all: { hosts: { bjork: {} } } # other' });
    expect(one.digest).to.not.equal(two.digest);
    expect(one.hosts).to.deep.equal(two.hosts);
  });
});

describe('what is wrong with an inventory', () => {
  const cases: readonly (readonly [claim: string, code: Code, text: string, marked: string])[] = [
    ['a list of groups', 'bad-inventory', '- bjork\n', '- bjork'],
    ['hosts outside of a group', 'bad-inventory', 'hosts: { bjork: {} }\n', 'hosts'],
    ['hosts as a list', 'wrong-type', 'all: { hosts: [bjork] }\n', '[bjork]'],
    ['a word that no group has', 'unknown-key', 'all: { host: { bjork: {} }, hosts: { evac1: {} } }\n', 'host'],
    [
      'a circle of groups',
      'group-cycle',
      'a: { hosts: { bjork: {} }, children: { b: { children: { a: {} } } } }\n',
      'a',
    ],
    ['a range backwards', 'bad-inventory', 'all: { hosts: { "n[3:1]": {}, bjork: {} } }\n', '"n[3:1]"'],
    [
      'a login that may take for ever',
      'bad-inventory',
      'all: { hosts: { bjork: { connect_timeout: 0 } } }\n',
      'connect_timeout',
    ],
    ['a port that is none', 'wrong-type', 'all: { hosts: { bjork: { port: http } } }\n', 'port'],
    [
      'a failure domain without a limit',
      'wrong-type',
      'all: { vars: { domain_max_out: 0 }, hosts: { b: } }\n',
      'domain_max_out',
    ],
    ['a rack that is a list', 'wrong-type', 'all: { hosts: { bjork: { rack: [r1] } } }\n', 'rack'],
    [
      'a reserve that is no size',
      'wrong-type',
      'all: { hosts: { bjork: { reserve_memory: much } } }\n',
      'reserve_memory',
    ],
    ['a weight of nothing', 'wrong-type', 'all: { hosts: { bjork: { placement: { weight: 0 } } } }\n', 'placement'],
    ['a word of placement', 'wrong-type', 'all: { hosts: { bjork: { placement: { acept: no } } } }\n', 'placement'],
    ['a link that carries nothing', 'wrong-type', 'all: { hosts: { b: { migration_link: 0M } } }\n', 'migration_link'],
    ['a rate that is no size', 'wrong-type', 'all: { hosts: { b: { dirty_rate: fast } } }\n', 'dirty_rate'],
    ['a limit of no migrations', 'wrong-type', 'all: { hosts: { b: { migrations_in: 0 } } }\n', 'migrations_in'],
    ['an overcommit of none', 'wrong-type', 'all: { vars: { cpu_overcommit: 0 }, hosts: { b: } }\n', 'cpu_overcommit'],
    ['a domain without a name', 'wrong-type', 'all: { hosts: { bjork: { domain: { power: [] } } } }\n', 'domain'],
    ['a variable with a dash', 'bad-name', 'all: { hosts: { bjork: { boot-limit: 1 } } }\n', 'boot-limit'],
    ['a variable called facts', 'bad-name', 'all: { hosts: { bjork: { facts: 1 } } }\n', 'facts'],
    ['a password', 'not-yet', 'all: { hosts: { bjork: { ansible_password: x } } }\n', 'ansible_password'],
    ['a jump host that is none', 'bad-ssh-config', 'all: { hosts: { bjork: { jump: a b } } }\n', 'jump'],
    ['a way in a circle', 'bad-ssh-config', 'all: { vars: { jump: gate }, hosts: { gate: {} } }\n', 'jump'],
    [
      'another way to connect',
      'not-ours',
      'all: { hosts: { bjork: { ansible_connection: local } } }\n',
      'ansible_connection',
    ],
    [
      "a template that can't be read",
      'bad-template',
      'all: { hosts: { bjork: { x: "{{a | upper}}" } } }\n',
      '{{a | upper}}',
    ],
    [
      'a name that is a host and a group of others',
      'bad-inventory',
      'bjork: { hosts: { bjork: {}, evac1: {} } }\n',
      'bjork',
    ],
    ['no host at all', 'bad-inventory', 'all: {}\n', ''],
    ['an address that circles', 'bad-inventory', 'all: { hosts: { bjork: { address: "{{address}}" } } }\n', 'address'],
  ];
  for (const [claim, code, text, marked] of cases) {
    it(`${claim} is ${code}`, async () => {
      const { inventory, diagnostics } = await loadInventory(memoryFiles({ 'hosts.yml': text }), ['hosts.yml']);
      expect(diagnostics.map(one => `${one.code} ${text.slice(one.span.start, one.span.end)}`)).to.deep.equal([
        `${code} ${marked}`,
      ]);
      expect(inventory).to.equal(null);
    });
  }

  it('a path where nothing lies is file-missing', async () => {
    const { diagnostics } = await loadInventory(memoryFiles({}), ['nowhere.yml']);
    expect(diagnostics.map(one => one.code)).to.deep.equal(['file-missing']);
  });

  it('is drawn', async () => {
    const texts = {
      'hosts.yml': cases
        .filter(([, code]) => ['group-cycle', 'unknown-key', 'wrong-type', 'not-ours'].includes(code))
        .map(([, , text], index) => text.replace(/^\w+:/, `g${index}:`))
        .join(''),
    };
    const { diagnostics } = await loadInventory(memoryFiles(texts), ['hosts.yml']);
    expectGolden('inventory', diagnostics, texts);
  });

  it('is always told, never thrown, whatever is cut out of or put into the text', async () => {
    const text =
      'all:\n  vars: { port: 22, x: "{{y}}" }\n  children:\n    g[1:3]:\n      hosts: { n[1:3]: { address: a }, b: }\n      children: { all: {} }\nzones: { z: { pin: n1 } }\n';
    await fc.assert(
      fc.asyncProperty(
        fc.nat(text.length),
        fc.nat(20),
        fc.constantFrom('', ':', '[', '}', '\n', '- ', '{{', '*x', '&x ', '\t', '"', '~', '0'),
        async (at, cut, put) => {
          const changed = text.slice(0, at) + put + text.slice(at + cut);
          const { inventory, diagnostics } = await loadInventory(memoryFiles({ 'hosts.yml': changed }), ['hosts.yml']);
          expect(inventory !== null || diagnostics.some(one => one.severity === 'error')).to.equal(true);
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('host patterns', () => {
  const at = spanOf('pattern');
  const MANY =
    'all:\n  children:\n    web: { hosts: { "w[1:5]": {} } }\n    db: { hosts: { w5: {}, d1: {}, d2: {} } }\n    retired: { hosts: { w2: {} } }\n';

  const cases: readonly (readonly [pattern: string, hosts: string])[] = [
    ['all', 'w1 w2 w3 w4 w5 d1 d2'],
    ['*', 'w1 w2 w3 w4 w5 d1 d2'],
    ['web:!retired', 'w1 w3 w4 w5'],
    ['web:&db', 'w5'],
    ['!retired:web', 'w1 w3 w4 w5'],
    ['d1,w1', 'd1 w1'],
    ['d*', 'w5 d1 d2'],
    ['w[12]', 'w1 w2'],
    ['w?', 'w1 w2 w3 w4 w5'],
    ['~w[34]$', 'w3 w4'],
    ['web[0]', 'w1'],
    ['web[-1]', 'w5'],
    ['web[1:2]', 'w2 w3'],
    ['web[3:]', 'w4 w5'],
    ['!web', 'd1 d2'],
    ['web:&db:!w5:d1', 'd1'],
  ];
  for (const [pattern, hosts] of cases) {
    it(`${pattern} means ${hosts}`, async () => {
      const selected = selectHosts(await fleet(MANY), pattern, at);
      expect(selected.hosts.join(' ')).to.equal(hosts);
    });
  }

  it('a name that exists nowhere is told with the nearest one', async () => {
    const { hosts, diagnostics } = selectHosts(await fleet(), 'zonehost', at);
    expect(hosts).to.deep.equal([]);
    expect(diagnostics.map(one => [one.code, ...one.help])).to.deep.equal([
      ['unknown-host', 'did you mean "zonehosts"?'],
    ]);
  });

  it('names that exist and leave nobody are told apart from that', async () => {
    const { diagnostics } = selectHosts(await fleet(), 'zonehosts:!zonehosts', at);
    expect(diagnostics.map(one => one.code)).to.deep.equal(['empty-selection']);
  });

  it("a pattern that can't be read is bad-pattern", async () => {
    for (const pattern of ['', '~(', 'a:!', ',']) {
      const codes = selectHosts(await fleet(), pattern, at).diagnostics.map(one => one.code);
      expect(codes, pattern).to.include('bad-pattern');
    }
  });

  it('so is one that finds no end', async () => {
    const whole = await fleet(`all: { hosts: { ${'a'.repeat(50)}: } }`);
    const [told] = selectHosts(whole, '~(a+)+b', at).diagnostics;
    expect(told?.code).to.equal('bad-pattern');
    expect(told?.message).to.contain('takes too long');
  });

  for (const name of ['constructor', 'toString', 'hasOwnProperty', '__proto__']) {
    it(`a host can't be called ${name}, on whatever way it comes; a group and a variable can`, async () => {
      const wrong = memoryFiles({ 'hosts.yml': `all: { hosts: { ${name}: } }\n`, 'hosts.ini': `${name}\n` });
      for (const path of ['hosts.yml', 'hosts.ini', `a,${name}`]) {
        const { diagnostics } = await loadInventory(wrong, [path]);
        expect(
          diagnostics.map(one => one.code),
          path,
        ).to.deep.equal(['bad-inventory']);
        expect(diagnostics[0]?.message, path).to.contain(`"${name}" means something to this program`);
      }
      const files = memoryFiles({
        'hosts.yml': `${name}: { hosts: { bjork: , evac: { ${name}: own } }, vars: { ${name}: of-group } }\n`,
      });
      const { inventory, diagnostics } = await loadInventory(files, ['hosts.yml']);
      expect(diagnostics).to.deep.equal([]);
      expect(inventory?.hosts.map(host => [host.name, host.groups, Object.entries(host.vars)])).to.deep.equal([
        ['bjork', [name], [[name, { is: 'known', json: 'of-group' }]]],
        ['evac', [name], [[name, { is: 'known', json: 'own' }]]],
      ]);
      expect(inventory === null ? [] : selectHosts(inventory, name, spanOf('-l')).hosts).to.deep.equal([
        'bjork',
        'evac',
      ]);
    });
  }

  it('takes a group of a program that holds nothing for an empty one', async () => {
    const out = '{ "none": {}, "all": { "hosts": ["bjork"] } }';
    const programs: Programs = {
      executable: () => Promise.resolve(true),
      run: () => Promise.resolve({ is: 'exited', code: 0, out, err: '' }),
    };
    const { inventory, diagnostics } = await loadInventory(memoryFiles({ 'fleet.sh': '#!/bin/sh\n' }), ['fleet.sh'], {
      programs,
    });
    expect(diagnostics).to.deep.equal([]);
    expect(inventory?.groups).to.deep.include({ none: [], all: ['bjork'] });
  });

  it('names the inventory of ansible.cfg where its own is missing', async () => {
    const files = memoryFiles({ 'books/ansible.cfg': '[defaults]\ninventory = ./hosts.ini\n' });
    const { diagnostics } = await loadInventory(files, ['inventory/'], { playbookFolders: ['books'] });
    expect(diagnostics[0]?.help.at(-1)).to.equal(
      "books/ansible.cfg isn't read here; what it names is: -i books/hosts.ini",
    );
    const more = memoryFiles({ 'ansible.cfg': '[defaults]\ninventory=~/a.ini, /etc/b.ini ; both\n' });
    expect((await loadInventory(more, ['inventory/'])).diagnostics[0]?.help.at(-1)).to.match(
      /: -i ~\/a\.ini -i \/etc\/b\.ini$/,
    );
    const named = await loadInventory(files, ['hosts.yml'], { playbookFolders: ['books'] });
    expect(named.diagnostics[0]?.help, 'nothing of it to whoever names one').to.deep.equal([
      'name a file, a folder or hosts with commas between: -i PATH',
    ]);
  });

  it('a link of a folder back to itself is told after its first round', async () => {
    const files: Files = {
      isFolder: async () => true,
      real: async path => path,
      list: async path => (path.split('/').length < 41 ? ['loop'] : []),
      read: async path => ({
        is: 'missing',
        why: path.split('/').length < 41 ? 'it is a folder' : 'its symbolic links lead in a circle',
      }),
    };
    const { diagnostics } = await loadInventory(files, ['inv']);
    expect(diagnostics.map(one => one.message)).to.deep.equal([
      "inv/loop can't be read: its symbolic links lead in a circle",
    ]);
  });
});
