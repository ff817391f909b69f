// A change that would be made a second time: by retries, by a lost connection, by one that never came up. Nothing is
// done twice unseen, and nothing at all once its host goes back.
import { expect } from 'chai';
import type { Ended } from '../../src/model/command.ts';
import type { Host } from '../../src/model/ports.ts';
import { known } from '../../src/model/value.ts';
import { c, play, planOf, task } from '../run/program.ts';
import { portsOf, type Setting, tell, type Told } from '../run/harness.ts';
import { runPlan } from '../../src/run/run.ts';
import { Toy, toyCatalogue } from '../run/toy.ts';

const LOST: Ended = { is: 'lost', out: '', err: '' };
const set = (key: string, options = {}) => task('toy.set', { key, value: '1' }, options);
const attempts = (until: readonly string[]) => ({
  attempts: { until: until.map(c), retries: known(3), delayMs: known(1000), backoff: 1 },
});

/** What a host makes of the n-th time that `l` is to be set to 1. */
type Change = (n: number, toy: Toy, happen: () => Promise<Ended>) => Promise<Ended>;

interface Night extends Told {
  readonly changes: number;
}

async function night(tasks: Parameters<typeof play>[1], change: Change, onEvent?: Setting['onEvent']): Promise<Night> {
  const toy = new Toy();
  let changes = 0;
  const hosts = (name: Parameters<Setting['hosts']>[0]): Host => {
    const host = toy.host(name);
    const exec: Host['exec'] = (line, options) =>
      /set'? '?l'? '?1/.test(line) ? change(++changes, toy, () => host.exec(line, options)) : host.exec(line, options);
    return { ...host, exec };
  };
  const ports = portsOf({
    plan: planOf([play(['a'], tasks)]),
    catalogue: toyCatalogue,
    hosts,
    ...(onEvent && { onEvent }),
  });
  const ran = await runPlan(ports);
  return { ...tell(ran, ports.journal), changes };
}

const no: Change = () => Promise.resolve({ is: 'exited', code: 1, out: 'not now', err: '' });

describe('retries of a step that changes a host', () => {
  it('look before each try, and leave alone what is done by then', async () => {
    const { changes, verdict, journal } = await night([set('l', attempts([]))], async (_, toy) => {
      // It was refused, and happened all the same a moment later.
      toy.on('a').set('l', '1');
      return { is: 'exited', code: 1, out: 'not now', err: '' };
    });
    expect([changes, verdict]).to.deep.equal([1, 'done']);
    expect(journal.laws('action-ended').map(event => [event.outcome, event.result['attempts']])).to.deep.equal([
      ['changed', 2],
    ]);
  });

  it('try again what is still to do', async () => {
    const refusedTwice: Change = (n, toy, happen) => (n < 3 ? no(n, toy, happen) : happen());
    const { changes, verdict } = await night([set('l', attempts([]))], refusedTwice);
    expect([changes, verdict]).to.deep.equal([3, 'done']);
  });

  it('do nothing again when only their until does not hold: what it asks is looked at anew', async () => {
    const { changes, verdict } = await night([set('l', attempts(['result.now == "2"']))], (_, __, happen) => happen());
    expect([changes, verdict]).to.deep.equal([1, 'rolled-back']);
  });

  it('end once the host goes back', async () => {
    let turned: () => void = () => undefined;
    const goesBack = new Promise<void>(resolve => (turned = resolve));
    const slow: Change = async (n, toy, happen) => {
      await goesBack;
      return no(n, toy, happen);
    };
    const { changes, verdict } = await night([set('k'), set('l', attempts([]))], slow, (event, say) => {
      if (event.type === 'action-started' && event.action.id === 'toy/1.t2@a') say('rollback');
      if (event.type === 'turned') turned();
    });
    expect([changes, verdict]).to.deep.equal([1, 'rolled-back']);
  });
});

describe('a change whose connection was lost', () => {
  const lostOnce: Change = (n, _, happen) => (n === 1 ? Promise.resolve(LOST) : happen());

  it('is made once more when it is seen not to have happened', async () => {
    const { changes, verdict } = await night([set('k'), set('l')], lostOnce);
    expect([changes, verdict]).to.deep.equal([2, 'done']);
  });

  it('is not made again once its host goes back', async () => {
    const { changes, verdict, story } = await night([set('k'), set('l')], lostOnce, (event, say) => {
      if (event.type === 'action-started' && event.action.id === 'toy/1.t2@a') say('rollback');
    });
    expect([changes, verdict]).to.deep.equal([1, 'rolled-back']);
    expect(story).to.deep.equal([...['t1@a changed', 't2@a failed'], ...['undo t2@a unchanged', 'undo t1@a changed']]);
  });
});

describe('a change that could not be sent', () => {
  it('is not sent once its host goes back', async () => {
    const unsent: Change = (n, _, happen) =>
      n === 1 ? Promise.resolve({ is: 'not-sent', why: 'no route' }) : happen();
    const { changes, verdict } = await night([set('k'), set('l')], unsent, (event, say) => {
      if (event.type === 'action-started' && event.action.id === 'toy/1.t2@a') say('rollback');
    });
    expect([changes, verdict]).to.deep.equal([1, 'rolled-back']);
  });
});
