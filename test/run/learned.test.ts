// What a host's later tasks know of the earlier ones: facts read anew, facts that are only foreseen, the ledger of runs.
import { expect } from 'chai';
import type { Facts } from '../../src/model/facts.ts';
import { runId, stepName } from '../../src/model/ids.ts';
import type { Entry } from '../../src/model/program.ts';
import type { Step } from '../../src/model/step.ts';
import { runPlan } from '../../src/run/run.ts';
import { portsOf, type Setting, tell, type Told } from './harness.ts';
import { c, play, planOf, task } from './program.ts';
import { catalogueOf, toySteps } from './toy.ts';
import { Wire } from './wire.ts';

/** Facts of a host with so many processors; of the rest nobody asks here. */
const facts = (cpus: number): Facts => ({ cpus }) as unknown as Facts;
const brings = (cpus: number): Partial<Step> => ({ result: () => ({ facts: { cpus } }) });
const observe: NonNullable<Setting['observe']> = () => Promise.resolve({ facts: { a: facts(1) }, silent: {} });

async function run(
  tasks: readonly Entry[],
  steps: Readonly<Record<string, Partial<Step>>>,
  check = false,
): Promise<Told & { readonly keys: readonly string[] }> {
  const [look] = toySteps.filter(step => step.name === 'toy.look');
  if (look === undefined) throw new Error('no toy.look');
  const all = [...toySteps, { ...look, name: stepName('facts') }];
  const catalogue = catalogueOf(all.map(step => ({ ...step, ...steps[step.name] })));
  const wire = new Wire();
  const ports = portsOf({ plan: planOf([play(['a'], tasks)], { check }), catalogue, hosts: wire.hosts, observe });
  const told = tell(await runPlan(ports), ports.journal);
  return { ...told, keys: [...wire.toy.on('a').keys()] };
}

const cpus = (n: number) => task('toy.set', { key: `${n}`, value: '1' }, { when: [c(`facts.cpus === ${n}`)] });
const look = (step: string) => task(step, { key: 'k' });

describe('the facts of a host', () => {
  it('are those that were observed for the wave, until a task reads them anew', async () => {
    const told = await run([cpus(1), look('facts'), cpus(1), cpus(4)], { facts: brings(4) });
    expect(told.keys).to.deep.equal(['1', '4']);
    expect(told.story).to.deep.equal(['t1@a changed', 't2@a unchanged', 't3@a skipped', 't4@a changed']);
  });

  it('aren’t changed by another step that tells something of the same name', async () => {
    expect((await run([look('toy.look'), cpus(1), cpus(4)], { 'toy.look': brings(4) })).keys).to.deep.equal(['1']);
    expect((await run([look('facts'), cpus(1)], { facts: { result: () => ({}) } })).keys).to.deep.equal(['1']);
  });

  it('are, in a rehearsal, as they are foreseen after each change, one upon the other', async () => {
    const foresee: Step['foresee'] = (_args, before) => {
      const now = Number(before?.cpus ?? 0) + 1;
      return { is: 'change', facts: facts(now), text: '', result: { now } };
    };
    const set = task('toy.set', { key: 'k', value: '1' });
    const told = await run([cpus(1), set, set, cpus(4)], { 'toy.set': { foresee } }, true);
    expect(told.journal.laws('action-ended').map(event => event.result['now'])).to.deep.equal([2, 3, 4, 5]);
    expect(told.keys).to.deep.equal([]);
  });

  it('stay as they are after a change that nobody can foresee', async () => {
    const told = await run([task('toy.set', { key: 'k', value: '1' }), cpus(1)], {}, true);
    expect(told.story).to.deep.equal(['t1@a would-change', 't2@a would-change']);
  });
});

describe('the ledger that a step is shown', () => {
  it('tells its own run from others', async () => {
    const windows: string[] = [];
    const check: Step['check'] = (_args, looker) => {
      windows.push(looker.ledger.window(looker.run), looker.ledger.window(runId('12345678')));
      return Promise.resolve({ is: 'done', seen: {}, text: '' });
    };
    await run([look('toy.look'), look('toy.look')], { 'toy.look': { check } });
    expect(windows).to.deep.equal(['own', 'unheard-of', 'own', 'unheard-of']);
  });
});
