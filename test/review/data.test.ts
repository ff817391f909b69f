// What a host says is data: whatever is in it fails a task at most, never the run.
import { expect } from 'chai';
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
