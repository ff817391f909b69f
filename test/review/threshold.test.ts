// What holds the next host back after one is lost: also where nothing was changed on the lost one yet, and also where
// somebody is still waiting for something to come true.
import { expect } from 'chai';
import { runPlan } from '../../src/run/run.ts';
import { known } from '../../src/model/value.ts';
import { portsOf, tell } from '../run/harness.ts';
import { c, play, planOf, task } from '../run/program.ts';
import { toyCatalogue } from '../run/toy.ts';
import { Wire } from '../run/wire.ts';

const set = (key: string, value: string) => task('toy.set', { key, value });
const trial = task('toy.try', { text: 'try' });

/** Host a falls silent in the middle of its dry run. */
function losing(): Wire {
  const wire = new Wire((line, nth) => {
    if (line !== 'a: /toy/log try' || nth > 1) return null;
    wire.toy.dead.add('a');
    return { is: 'lost', out: '', err: '' };
  });
  return wire;
}

describe('a host that falls silent during a dry run', () => {
  const plan = (options: object) => planOf([play(['a', 'b'], [trial, set('k', '1')], { serial: 1, ...options })]);

  it('is lost, not refused: no other host is taken down after it', async () => {
    const wire = losing();
    const ports = portsOf({ plan: plan({}), catalogue: toyCatalogue, hosts: wire.hosts });
    const told = tell(await runPlan(ports), ports.journal);
    expect(wire.lines.filter(line => line.startsWith('b:'))).to.deep.equal([]);
    expect([told.verdict, ports.journal.laws('turned').map(one => one.towards)]).to.deep.equal([
      'rolled-back',
      ['rollback'],
    ]);
  });

  it('counts for the failures that a play allows', async () => {
    const wire = losing();
    const ports = portsOf({ plan: plan({ maxFailures: 1 }), catalogue: toyCatalogue, hosts: wire.hosts });
    expect((await runPlan(ports)).verdict).to.equal('rolled-back');
    expect(wire.toy.on('b').get('k')).to.equal('1');
  });
});

describe('a look that is repeated until something comes true', () => {
  it('ends when its host goes back: the way back waits for no condition', async () => {
    const attempts = { until: [c('result.value == "1"')], retries: known(1000), delayMs: known(60_000), backoff: 1 };
    const plan = planOf([play(['a'], [set('k', '1'), task('toy.look', { key: 'never' }, { attempts })])]);
    let rollback = (): void => undefined;
    const wire = new Wire((line, nth) => {
      if (line === 'a: /toy/get never' && nth === 3) rollback();
      return null;
    });
    const ports = portsOf({
      ...{ plan, catalogue: toyCatalogue, hosts: wire.hosts },
      onEvent: (_, say) => {
        rollback = () => say('rollback');
      },
    });
    const told = tell(await runPlan(ports), ports.journal);
    expect(told.verdict).to.equal('rolled-back');
    expect(wire.lines.filter(line => line.includes('never')).length).to.be.lessThan(6);
  });
});
