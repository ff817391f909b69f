// What a host says is data: whatever is in it fails a task at most, never the run.
import { expect } from 'chai';
import { catalogue } from '../../src/steps/catalogue.ts';
import { runPlan } from '../../src/run/run.ts';
import { portsOf, tell } from '../run/harness.ts';
import { play, planOf, task, type TaskOptions, x } from '../run/program.ts';
import { Toy, toyCatalogue } from '../run/toy.ts';

async function run(last: ReturnType<typeof task>) {
  const toy = new Toy();
  toy.on('a').set('odd', 'x\0y');
  const look = task('toy.look', { key: 'odd' }, { register: 'odd' });
  const plan = planOf([play(['a'], [task('toy.set', { key: 'k', value: '1' }), look, last])]);
  const ports = portsOf({ plan, catalogue: toyCatalogue, hosts: name => toy.host(name) });
  return { ...tell(await runPlan(ports), ports.journal), toy };
}

describe('a NUL that a host said', () => {
  const environment: TaskOptions = { environment: { ODD: x('{{odd.value}}') } };
  for (const [where, last] of [
    ['in an argument of a command', task('toy.set', { key: 'l', value: x('{{odd.value}}') })],
    ['in an environment variable', task('toy.set', { key: 'l', value: '1' }, environment)],
  ] as const)
    it(`${where} fails the task, and the host goes back`, async () => {
      const told = await run(last);
      expect([told.verdict, told.toy.on('a').has('k')]).to.deep.equal(['rolled-back', false]);
      expect(told.why).to.contain('NUL');
    });
});

describe('a value in a text that is read as words', () => {
  it('stays one word: every such argument is quoted when it is filled in', () => {
    const words = { command: ['cmd', 'unless'], shell: ['cmd', 'unless'], script: ['cmd', 'unless'] };
    const checkers = { copy: ['validate'], template: ['validate'], lineinfile: ['validate'] };
    for (const [name, wanted] of Object.entries({ ...words, ...checkers }))
      expect([name, catalogue.get(name)?.shellArguments]).to.deep.equal([name, wanted]);
  });
});
