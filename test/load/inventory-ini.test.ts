// The INI format: what each line means, and what is said of a line that can't be read.
import { expect } from 'chai';
import { loadInventory } from '../../src/load/inventory/inventory.ts';
import { ansibleList } from '../../src/load/inventory/inventory-listing.ts';
import { pythonLiteral } from '../../src/load/inventory/python-literal.ts';
import type { Code } from '../../src/text/diagnostic.ts';
import type { Json } from '../../src/text/json.ts';
import { expectGolden } from './golden.ts';
import { memoryFiles } from './kit.ts';

async function listed(text: string): Promise<Json> {
  const { read } = await loadInventory(memoryFiles({ hosts: text }), ['hosts']);
  expect(read.diagnostics).to.deep.equal([]);
  return ansibleList(read, {});
}

describe('an inventory in the INI format', () => {
  it('has hosts with their variables in one line, variables of groups and children', async () => {
    const text = `evac1 ansible_host=10.0.0.1   # before any section
[zonehosts]
nacaozumbi rack=r1 note="two words"
bjork:2222 rack='r2' limits="{'zones': 4}"

; a comment
[fleet:children]
zonehosts
[fleet:vars]
boot_limit = 45m
wanted = 3  # three
`;
    const group = { boot_limit: '45m', wanted: 3 };
    expect(await listed(text)).to.deep.equal({
      _meta: {
        hostvars: {
          evac1: { ansible_host: '10.0.0.1' },
          nacaozumbi: { ...group, rack: 'r1', note: 'two words' },
          bjork: { ...group, ansible_port: 2222, rack: 'r2', limits: { zones: 4 } },
        },
      },
      all: { children: ['ungrouped', 'fleet'] },
      ungrouped: { hosts: ['evac1'] },
      zonehosts: { hosts: ['nacaozumbi', 'bjork'] },
      fleet: { children: ['zonehosts'] },
    });
  });

  it('says who logs in and with which rights, although yes and true are texts there', async () => {
    const text = 'evac1 ansible_user=maint ansible_become=yes\nevac2 ansible_user=maint ansible_become=False\n';
    const { inventory } = await loadInventory(memoryFiles({ hosts: `${text}evac3 ansible_become=true\n` }), ['hosts']);
    expect(inventory?.hosts.map(host => host.connection.become.method)).to.deep.equal(['pfexec', 'none', 'pfexec']);
    const wrong = await loadInventory(memoryFiles({ hosts: 'evac1 ansible_become=perhaps\n' }), ['hosts']);
    expect(wrong.diagnostics.map(one => one.code)).to.deep.equal(['wrong-type']);
  });

  it('a file of names alone is one', async () => {
    expect(await listed('bjork\nevac[1:2]\n')).to.deep.equal({
      _meta: { hostvars: {} },
      all: { children: ['ungrouped'] },
      ungrouped: { hosts: ['bjork', 'evac1', 'evac2'] },
    });
  });

  const literals: readonly (readonly [text: string, json: Json | undefined])[] = [
    ['5', 5],
    ['-5', -5],
    ['1_000', 1000],
    ['0x1f', 31],
    ['0o17', 15],
    ['1.50', 1.5],
    ['1e3', 1000],
    ['True', true],
    ['None', null],
    ["'5'", '5'],
    ['"a\\tb" \'c\'', 'a\tbc'],
    ["r'a\\tb'", 'a\\tb'],
    ["[1, 'two', [True]]", [1, 'two', [true]]],
    ['1, 2', [1, 2]],
    ['(1)', 1],
    ['(1,)', [1]],
    ["{'a': 1, 2: None}", { a: 1, 2: null }],
    ['5  # five', 5],
    ['0644', undefined],
    ['yes', undefined],
    ['true', undefined],
    ['10.0.0.1', undefined],
    ['2026-11-23', undefined],
    ['a b', undefined],
    ['1 + 2', undefined],
    ['{1, 2}', undefined],
    ['[1, x]', undefined],
    ['', undefined],
    ["'open", undefined],
    ['12345678901234567890', undefined],
    ['--5', undefined],
    ['5m', undefined],
  ];
  for (const [text, json] of literals) {
    it(`the value ${text === '' ? 'nothing' : text} is ${json === undefined ? 'text' : JSON.stringify(json)}`, () => {
      expect(pythonLiteral(text)?.json).to.deep.equal(json);
    });
  }

  const cases: readonly (readonly [claim: string, code: Code, text: string, marked: string])[] = [
    ['blanks around =', 'bad-ini', '[g]\nbjork port = 22\n', 'port'],
    ['a value without a name', 'bad-ini', '[g]\nbjork =22\n', '=22'],
    ['a section with a blank', 'bad-ini', '[zone hosts]\nbjork\n', '[zone hosts]'],
    ['a section of another kind', 'bad-ini', '[g:child]\nbjork\n', '[g:child]'],
    ['a variable without =', 'bad-ini', '[g]\nbjork\n[g:vars]\nport 22\n', 'port 22'],
    ['an open quote', 'bad-ini', '[g]\nbjork note="two words\n', '"two words'],
    ['YAML in a file that looks like INI', 'bad-ini', '[g]\nall:\n', 'all:'],
    ['a host that is none', 'bad-inventory', '[g]\nbj%rk\n', 'bj%rk'],
    ['a child without a section', 'unknown-group', '[g:children]\nzonehost\n[zonehosts]\nbjork\n', 'zonehost'],
    ['variables without a section', 'unknown-group', '[g]\nbjork\n[zonehosts:vars]\na=1\n', '[zonehosts:vars]'],
    ['a circle', 'group-cycle', '[a:children]\nb\n[b:children]\na\n', 'a'],
    ['a variable with a dash', 'bad-name', '[g]\nbjork boot-limit=1\n', 'boot-limit=1'],
  ];
  for (const [claim, code, text, marked] of cases) {
    it(`${claim} is ${code}`, async () => {
      const { inventory, diagnostics } = await loadInventory(memoryFiles({ 'hosts.ini': text }), ['hosts.ini']);
      const told = diagnostics.filter(one => one.message !== 'the inventory holds no host');
      expect(told.slice(0, 1).map(one => `${one.code} ${text.slice(one.span.start, one.span.end)}`)).to.deep.equal([
        `${code} ${marked}`,
      ]);
      expect(inventory).to.equal(null);
    });
  }

  it('is drawn', async () => {
    for (const kind of ['bad-ini', 'unknown-group'] as const) {
      const text = cases
        .filter(([, code]) => code === kind)
        .map(([, , one]) => one)
        .join('');
      const { diagnostics } = await loadInventory(memoryFiles({ 'hosts.ini': text }), ['hosts.ini']);
      expectGolden(
        kind,
        diagnostics.filter(one => one.code === kind),
        { 'hosts.ini': text },
      );
    }
  });
});
