// A run that ended stuck is resumed, as its page says: the lost host is looked at first, and no other host goes down
// before that one is whole.
import { expect } from 'chai';
import type { hostName } from '../../src/model/ids.ts';
import type { Host } from '../../src/model/ports.ts';
import { resumeRun, runPlan } from '../../src/run/run.ts';
import { MemoryJournal, portsOf, type Setting, tell } from '../run/harness.ts';
import { c, play, planOf, task } from '../run/program.ts';
import { Toy, toyCatalogue } from '../run/toy.ts';

const set = (key: string, value: string, options = {}) => task('toy.set', { key, value }, options);

/** A toy fleet of which one host may hang: every command on it is lost, its new connections fail. */
class Night {
  readonly toy = new Toy();
  hung: string | null = null;

  readonly host = (name: ReturnType<typeof hostName>): Host => {
    const host = this.toy.host(name);
    return {
      ...host,
      exec: (line, options) =>
        name === this.hung ? Promise.resolve({ is: 'lost', out: '', err: '' }) : host.exec(line, options),
    };
  };
}

describe('resume of a run that ended stuck', () => {
  const plan = planOf([play(['a', 'b'], [set('k', '1'), set('l', '1')], { serial: 1 })]);

  const ports = (night: Night, of: typeof plan, events: MemoryJournal['events'], more: Partial<Setting> = {}) =>
    portsOf({ plan: of, catalogue: toyCatalogue, hosts: night.host, journal: new MemoryJournal(events), ...more });

  async function stuck(night: Night) {
    const first = ports(night, plan, [], {
      onEvent: event => {
        if (event.type === 'action-started' && event.action.id === 'toy/1.t2@a') night.hung = 'a';
      },
    });
    return tell(await runPlan(first), first.journal);
  }

  it('takes no second host down while the first is lost, however often it is resumed', async () => {
    const night = new Night();
    const told = await stuck(night);
    expect([told.verdict, night.toy.on('b').size]).to.deep.equal(['stuck', 0]);
    const again = ports(night, plan, told.journal.events);
    expect([(await resumeRun(again)).verdict, night.toy.on('b').size]).to.deep.equal(['stuck', 0]);
    const twice = ports(night, plan, again.journal.events);
    expect([(await resumeRun(twice)).verdict, night.toy.on('b').size]).to.deep.equal(['stuck', 0]);
  });

  it('looks at the lost host first, and goes on once it is whole', async () => {
    const night = new Night();
    const told = await stuck(night);
    night.hung = null;
    const again = ports(night, plan, told.journal.events);
    expect((await resumeRun(again)).verdict).to.equal('done');
    expect([night.toy.on('a').get('l'), night.toy.on('b').get('l')]).to.deep.equal(['1', '1']);
    const took = again.journal.events.filter(event => event.type === 'action-ended').map(event => event.action);
    expect(took.slice(2, 4)).to.deep.equal(['toy/1.t2@a', 'toy/1.t1@b']);
  });

  it('starts nothing new while a host is held for a person', async () => {
    const night = new Night();
    const held = planOf([
      play(['a', 'b'], [set('k', '1'), task('fail', { message: 'no' }, { when: [c('host.name == "a"')] })], {
        ...{ serial: 1, onFailure: 'hold' },
      }),
    ]);
    const first = ports(night, held, []);
    expect((await runPlan(first)).verdict).to.equal('stuck');
    const again = ports(night, held, first.journal.events);
    expect([(await resumeRun(again)).verdict, night.toy.on('b').size]).to.deep.equal(['stuck', 0]);
  });
});
