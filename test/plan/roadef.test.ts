// The instances of the benchmark: the reader reproduces the costs that were published, and closing a machine keeps every
// rule of theirs.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { expect } from 'chai';
import { breachesOf, emptied, type Fleet, readFleet, startCost } from '../../scripts/roadef.ts';
import { pack } from '../../src/plan/place/packing/pack.ts';

const folder = join(dirname(fileURLToPath(import.meta.url)), '../../scripts/roadef-a');

function fleet(name: string): Fleet {
  const read = (kind: string) => gunzipSync(readFileSync(join(folder, `${kind}_${name}.txt.gz`))).toString('utf8');
  return readFleet(read('model'), read('assignment'));
}

describe('the public instances', () => {
  const COSTS = {
    ...{ a1_1: 49_528_750, a1_2: 1_061_649_570, a1_3: 583_662_270, a1_4: 632_499_600, a1_5: 782_189_690 },
    ...{ a2_1: 391_189_190, a2_2: 1_876_768_120, a2_3: 2_272_487_840, a2_4: 3_223_516_130, a2_5: 787_355_300 },
  };
  for (const [name, cost] of Object.entries(COSTS)) {
    it(`${name} is read as it was meant: its cost at the start is the published one, and no rule is broken`, () => {
      const one = fleet(name);
      expect(startCost(one)).to.equal(cost);
      expect(breachesOf(one, one.assignment)).to.deep.equal([]);
    });
  }

  it('a closed machine’s processes find others, and every rule holds', () => {
    const one = fleet('a2_1');
    const { instance, machines, leaving } = emptied(one, 0);
    const packed = pack(instance, 'spread', 'any');
    expect(packed.is).to.equal('packed');
    const after = [...one.assignment];
    leaving.forEach((process, item) => {
      after[process] = machines[packed.bins[item] ?? -1] ?? -1;
    });
    expect(after).not.to.include(0);
    expect(breachesOf(one, after)).to.deep.equal([]);
  });
});
