// What is said of a condition or a loop that came to something else: what it came to, unless nobody may read it.
import { expect } from 'chai';
import { allHold, itemsOf } from '../../src/model/birth.ts';
import { hidden, known, type Scope } from '../../src/model/value.ts';
import type { Json } from '../../src/text/json.ts';
import { evaluate } from '../run/evaluate.ts';

const open: Scope = { layers: [{}] };
const sealed: Scope = { layers: [{ pw: hidden('swordfish') }] };

describe('what came to neither yes nor no', () => {
  const told = (json: Json, scope: Scope) => allHold([known(json)], scope, evaluate);

  it('is told as it is', () => {
    expect(told('swordfish', open)).to.include({ message: 'a condition is yes or no, not "swordfish"' });
    expect(told(null, open)).to.include({ message: 'a condition is yes or no, not null' });
  });

  it('is told by its kind alone where something hidden may be in it', () => {
    const kinds = ['swordfish', 7, ['swordfish'], { pw: 'swordfish' }, null].map(json => told(json, sealed));
    expect(kinds.map(one => one.is === 'problem' && one.message.replace(/^.*, not /, ''))).to.deep.equal([
      ...['a hidden string', 'a hidden number', 'a list', 'a hidden object', 'nothing'],
    ]);
    expect(itemsOf(known('swordfish'), sealed, evaluate)).to.include({
      message: 'a loop goes over a list, not a hidden string',
    });
  });
});
