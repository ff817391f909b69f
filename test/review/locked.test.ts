// Which hosts a run holds: every host on which one of its tasks may happen, so that no other run closes it meanwhile.
import { expect } from 'chai';
import { onlyLooks, touched } from '../../src/cli/touched.ts';
import { catalogue } from '../../src/steps/catalogue.ts';
import { hostName } from '../../src/model/ids.ts';
import { known } from '../../src/model/value.ts';
import { handler, play, type PlayOptions, planOf, task, x } from '../run/program.ts';

const held = (options: PlayOptions, on: Parameters<typeof task>[2] = {}) =>
  [...new Set(touched(planOf([play(['a'], [task('shell', {}, on)], options)], { others: ['lb', 'c'] })))].sort();

describe('the hosts that a run holds', () => {
  it('are those of its plays, and those that tasks and handlers are delegated to', () => {
    expect(held({})).to.deep.equal(['a']);
    expect(held({}, { on: known(hostName('lb')) })).to.deep.equal(['a', 'lb']);
    const reload = handler('reload', 'shell', {}, { on: known(hostName('lb')) });
    expect(held({ handlers: [reload] })).to.deep.equal(['a', 'lb']);
  });

  it('are all, when only the run will know to which host something is delegated', () => {
    expect(held({}, { on: x('{{groups.lb[0]}}') })).to.deep.equal(['a', 'c', 'lb']);
    expect(held({ handlers: [handler('reload', 'shell', {}, { on: x('{{item}}') })] })).to.deep.equal(['a', 'c', 'lb']);
  });
});

describe('a --check', () => {
  const check = (checkMode: boolean | null, options: PlayOptions = {}) =>
    onlyLooks(planOf([play(['a'], [task('shell', {}, { checkMode })], options)], { check: true }), catalogue);

  it('holds no host, unless a task or a handler of it really runs', () => {
    expect([check(null), check(true), check(false)]).to.deep.equal([true, true, false]);
    expect(check(null, { handlers: [handler('h', 'shell', {}, { checkMode: false })] })).to.equal(false);
    expect(onlyLooks(planOf([play(['a'], [task('shell')])]), catalogue)).to.equal(false);
  });
});
