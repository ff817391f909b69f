// What holds the next host back after one is lost: also where nothing was changed on the lost one yet, and also where
// somebody is still waiting for something to come true.
import { expect } from 'chai';
import { exitOfRun } from '../../src/cli/exit-of-run.ts';
import { hostName } from '../../src/model/ids.ts';
import type { Catalogue, Step } from '../../src/model/step.ts';
import { runPlan } from '../../src/run/run.ts';
import { known } from '../../src/model/value.ts';
import { portsOf, tell } from '../run/harness.ts';
import { c, play, planOf, task } from '../run/program.ts';
import { toyCatalogue } from '../run/toy.ts';
import { Wire } from '../run/wire.ts';
import { Fleet } from '../steps/fleet.ts';
import { Controller } from '../steps/perform.ts';

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

describe('preflight, when another host than its own is silent', () => {
  const night = (): Controller => {
    const fleet = new Fleet();
    fleet.add('nacaozumbi').zone('evac1');
    fleet.add('bjork');
    return new Controller(fleet);
  };
  const move = { scope: 'move', pairs: 'planned', moves: [{ zone: 'evac1', to: 'bjork' }] };
  const silence = async (admin: Controller, args = {}) => {
    const seen = await admin.check('preflight', { ...move, ...args });
    return seen.is === 'no-answer' ? [seen.refusal.is, seen.refusal.is !== 'refused' && seen.refusal.command] : seen;
  };

  it('has no answer: a destination is down', async () => {
    const admin = night();
    admin.fleet.host('bjork').up = false;
    expect(await silence(admin)).to.deep.equal(['not-sent', 'bjork: all facts']);
  });

  it('has no answer: one that had a zone up when the fleet was observed is down', async () => {
    const admin = night();
    admin.fleet.add('haukur').up = false;
    expect(await silence(admin, { copies: [{ zone: 'evac1', host: 'haukur' }] })).to.deep.equal([
      'not-sent',
      'haukur: all facts',
    ]);
  });

  it('has no answer: a destination falls silent when it is asked for the way back', async () => {
    const admin = night();
    admin.fleet.faults.push({ host: 'bjork', when: /ssh .*nacaozumbi/, how: 'lost before', times: 1 });
    const [how, command] = [await silence(admin)].flat();
    expect(how).to.equal('lost');
    expect(command).to.match(/^bjork: .*ssh .*nacaozumbi/);
  });

  /** As preflight does it: host c must answer for a and b. */
  const asking: Catalogue = {
    names: toyCatalogue.names,
    get(name): Step | null {
      const step = toyCatalogue.get(name);
      if (step === null || name !== 'toy.require') return step;
      return { ...step, check: (args, looker) => step.check(args, looker.peer(hostName('c'))) };
    },
  };
  const fit = task('toy.require', { key: 'fit', value: 'yes', refuse: true });
  async function run(spoil: (wire: Wire) => void, before: readonly ReturnType<typeof task>[] = []) {
    const wire = new Wire();
    spoil(wire);
    const plan = planOf([play(['a', 'b'], [...before, fit, set('k', '1')], { serial: 1 })]);
    const ports = portsOf({ plan, catalogue: asking, hosts: wire.hosts });
    const told = tell(await runPlan(ports), ports.journal);
    const toB = wire.lines.filter(line => line.startsWith('b:'));
    return {
      towards: ports.journal.laws('turned').map(one => one.towards),
      toB,
      exit: exitOfRun(told.state, told.verdict),
    };
  }

  it('counts as a failure: no other host starts, and the status still says that nothing was touched', async () => {
    const told = await run(wire => wire.toy.dead.add('c'));
    expect(told).to.deep.equal({ towards: ['rollback'], toB: [], exit: 5 });
    const later = await run(wire => wire.toy.dead.add('c'), [set('j', '1')]);
    expect(later).to.deep.equal({ towards: ['rollback'], toB: [], exit: 3 });
  });

  it('a no that was said is still a refusal, and the next host is asked', async () => {
    expect(await run(wire => wire.toy.on('c').set('fit', 'no'))).to.deep.include({
      towards: ['refused', 'refused'],
      exit: 5,
    });
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
