// What an inventory says of zones: how it is read, what is wrong with it, and which rule a zone has in the end.
import { expect } from 'chai';
import { loadInventory } from '../../src/load/inventory/inventory.ts';
import type { Inventory } from '../../src/model/inventory.ts';
import { meansZone, noRule, ruleFor } from '../../src/model/zone-rule.ts';
import type { Code } from '../../src/text/diagnostic.ts';
import { memoryFiles } from './kit.ts';

const HOSTS = 'all: { children: { licensed: { hosts: { bjork: {}, evac1: {} } }, rest: { hosts: { evac2: {} } } } }\n';

async function rules(zones: string, more: Readonly<Record<string, string>> = {}): Promise<Inventory['zoneRules']> {
  const files = { 'hosts.yml': `${HOSTS}${zones}`, ...more };
  const { inventory, diagnostics } = await loadInventory(memoryFiles(files), Object.keys(files));
  expect(diagnostics).to.deep.equal([]);
  if (inventory === null) throw new Error('an inventory was expected');
  return inventory.zoneRules;
}

describe('rules for zones', () => {
  it('are read, each in its own type', async () => {
    const said = await rules(`zones:
  tzone1: { pin: bjork, keep_apart: [tzone2], keep_together: tzone3, priority: 3, may_stop: yes }
  tzone2: { allowed: [bjork, evac1], managed_by: the cluster, native: stop, stays: no, returns: home }
`);
    expect(ruleFor(said, 'tzone1')).to.deep.equal({
      ...noRule('tzone1'),
      ...{ pin: 'bjork', keepApart: ['tzone2'], keepTogether: ['tzone3'], priority: 3, mayStop: true },
    });
    expect(ruleFor(said, 'tzone2')).to.deep.equal({
      ...noRule('tzone2'),
      ...{ allowed: ['bjork', 'evac1'], managedBy: 'the cluster', native: 'stop', stays: false, returns: 'home' },
    });
    expect(ruleFor(said, 'tzone3')).to.equal(null);
  });

  it('name hosts by group and pattern, too, as licences do', async () => {
    const said = await rules('zones: { db1: { allowed: licensed }, db2: { allowed: ["evac*", bjork] } }\n');
    expect(said.map(one => one.allowed)).to.deep.equal([
      ['bjork', 'evac1'],
      ['evac1', 'evac2', 'bjork'],
    ]);
  });

  it('under a pattern hold for every zone that fits, unless something nearer says otherwise', async () => {
    const said = await rules(`zones:
  db1: { may_stop: no }
  "db*": { allowed: licensed, priority: 5, keep_apart: "db*" }
  "*": { may_stop: yes, priority: 1, keep_apart: web1 }
`);
    expect(ruleFor(said, 'db1')).to.deep.include({
      ...{ mayStop: false, priority: 5, allowed: ['bjork', 'evac1'], keepApart: ['db*', 'web1'] },
    });
    expect(ruleFor(said, 'web7')).to.deep.include({ mayStop: true, priority: 1, allowed: null, keepApart: ['web1'] });
  });

  it('said twice: the later file wins, key by key', async () => {
    const said = await rules('zones: { db1: { priority: 1, stays: yes } }\n', {
      'more.yml': 'zones: { db1: { priority: 2 } }\n',
    });
    expect(ruleFor(said, 'db1')).to.deep.include({ priority: 2, stays: true });
  });

  it('take a name literally but for * and ?', () => {
    expect(['db1', 'db', 'xdb1', 'db1.x'].map(zone => meansZone('db?', zone))).to.deep.equal([
      true,
      false,
      false,
      false,
    ]);
    expect(meansZone('a.b*', 'axb')).to.equal(false);
    expect(meansZone('*', 'anything')).to.equal(true);
  });

  const wrong: readonly (readonly [claim: string, code: Code, zones: string, marked: string, help?: string])[] = [
    ['a host written wrongly', 'unknown-host', 'zones: { db1: { pin: bjrk } }\n', 'bjrk', 'did you mean "bjork"?'],
    ['a group written wrongly', 'unknown-host', 'zones: { db1: { allowed: licenced } }\n', 'licenced'],
    ['a pattern that no host fits', 'unknown-host', 'zones: { db1: { allowed: "x*" } }\n', '"x*"'],
    [
      'a rule written wrongly',
      'unknown-key',
      'zones: { db1: { may_stp: yes } }\n',
      'may_stp',
      'did you mean "may_stop"?',
    ],
    ['a word that is none of them', 'wrong-type', 'zones: { db1: { native: stp } }\n', 'stp', 'did you mean "stop"?'],
    ['a priority that is no number', 'wrong-type', 'zones: { db1: { priority: high } }\n', 'high'],
    ['two hosts to be pinned to', 'wrong-type', 'zones: { db1: { pin: [bjork, evac1] } }\n', '[bjork, evac1]'],
    ['a maybe', 'wrong-type', 'zones: { db1: { may_stop: maybe } }\n', 'maybe'],
    [
      'a pin outside of what is allowed',
      'bad-inventory',
      'zones: { db1: { pin: evac2, allowed: [bjork] } }\n',
      '{ pin',
    ],
    ['apart and together', 'bad-inventory', 'zones: { a: { keep_apart: b, keep_together: b } }\n', '{ keep'],
  ];
  for (const [claim, code, zones, marked, help] of wrong) {
    it(`${claim}: ${code}`, async () => {
      const text = `${HOSTS}${zones}`;
      const { diagnostics } = await loadInventory(memoryFiles({ 'hosts.yml': text }), ['hosts.yml']);
      const [first] = diagnostics;
      expect(diagnostics.map(one => one.code)).to.deep.equal([code]);
      expect(text.slice(first?.span.start, first?.span.end)).to.match(
        new RegExp(`^${marked.replace(/[[*{]/g, '\\$&')}`),
      );
      if (help !== undefined) expect(first?.help).to.deep.equal([help]);
    });
  }
});
