// How often a task is tried, and how long is waited in between.
import { expect } from 'chai';
import type { ApplyMove } from '../../src/run/next.ts';
import { patienceOf, pauseMs, type Patience } from '../../src/run/patience.ts';
import { known, type Value } from '../../src/model/value.ts';
import type { Json } from '../../src/text/json.ts';
import { evaluate } from './evaluate.ts';
import { task, x } from './program.ts';

function patience(retries: Json | Value, delayMs: Json = 0, backoff = 1): Patience {
  const value =
    typeof retries === 'object' && retries !== null && 'is' in retries ? (retries as Value) : known(retries);
  const attempts = { until: [], retries: value, delayMs: known(delayMs), backoff };
  return patienceOf({ task: task('say', {}, { attempts }), scope: { layers: [] } } as unknown as ApplyMove, evaluate);
}

describe('the patience of a task', () => {
  it('is one try when its author says nothing', () => {
    const move = { task: task('say'), scope: { layers: [] } } as unknown as ApplyMove;
    expect(patienceOf(move, evaluate)).to.deep.equal({ tries: 1, delayMs: 0, backoff: 1 });
  });

  it('is one try and its retries, rounded down', () => {
    expect(patience(3).tries).to.equal(4);
    expect(patience('2').tries).to.equal(3);
    expect(patience(1.9).tries).to.equal(2);
  });

  it('is never less than one try', () => {
    for (const odd of [0, -2, 'many', x('{{nobody}}')]) expect(patience(odd).tries).to.equal(1);
  });

  it('waits as long each time, or longer by its backoff', () => {
    expect([1, 2, 3].map(n => pauseMs(patience(3, 500), n))).to.deep.equal([500, 500, 500]);
    expect([1, 2, 3].map(n => pauseMs(patience(3, 500, 2), n))).to.deep.equal([500, 1000, 2000]);
    expect(pauseMs(patience(3, -5), 1)).to.equal(0);
  });
});
