// Extra variables (-e): what each form gives, and what is wrong with the others.
import { expect } from 'chai';
import { loadExtra } from '../../src/load/expression/extra.ts';
import { known } from '../../src/model/value.ts';
import type { Code } from '../../src/text/diagnostic.ts';
import { memoryFiles } from './kit.ts';

describe('extra variables', () => {
  const files = memoryFiles({ 'extra.yml': 'a: 1\nb: [x]\n' });
  const cases: readonly (readonly [given: readonly string[], values: Readonly<Record<string, unknown>>])[] = [
    [['state=closed'], { state: 'closed' }],
    [['n=3'], { n: '3' }],
    [['a=1 b=2'], { a: '1', b: '2' }],
    [['why="DIMM swap" state=closed'], { why: 'DIMM swap', state: 'closed' }],
    [["why='it is'"], { why: 'it is' }],
    [['why=DIMM swap'], { why: 'DIMM swap' }],
    [['url=a=b'], { url: 'a=b' }],
    [['empty='], { empty: '' }],
    [['{"n": 3, "l": [1]}'], { n: 3, l: [1] }],
    [['{n: yes}'], { n: true }],
    [['@extra.yml', 'a=2'], { a: '2', b: ['x'] }],
  ];
  for (const [given, values] of cases) {
    it(`-e ${given.join(' -e ')}`, async () => {
      const loaded = await loadExtra(files, given);
      expect(loaded.diagnostics).to.deep.equal([]);
      expect(loaded.extra).to.deep.equal(
        Object.fromEntries(Object.entries(values).map(([name, value]) => [name, known(value as never)])),
      );
    });
  }

  const wrong: readonly (readonly [given: string, code: Code])[] = [
    ['closed', 'bad-extra'],
    ['=x', 'bad-extra'],
    ['', 'bad-extra'],
    ['[1]', 'bad-extra'],
    ['boot-limit=3', 'bad-name'],
    ['facts=3', 'bad-name'],
    ['@nowhere.yml', 'file-missing'],
    ['{"a": ', 'yaml-syntax'],
  ];
  for (const [given, code] of wrong) {
    it(`-e '${given}' is ${code}`, async () => {
      expect((await loadExtra(files, [given])).diagnostics.map(one => one.code)).to.deep.equal([code]);
    });
  }
});
