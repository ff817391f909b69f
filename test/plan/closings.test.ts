// How many hosts a plan closes at once, and when that is too many.
import { expect } from 'chai';
import type { Facts } from '../../src/model/facts.ts';
import { actionId, hostName, type HostName, stepName, taskId } from '../../src/model/ids.ts';
import type { Forecast, WaveForecast } from '../../src/model/plan.ts';
import type { Play } from '../../src/model/program.ts';
import { closings } from '../../src/plan/campaign/closings.ts';
import { play, type PlayOptions, task } from '../run/program.ts';
import { host } from './world.ts';

const BEGIN = 'maintenance.begin';
const END = 'maintenance.end';

function foreseen(name: string, step: string, change: Partial<Forecast> = {}): Forecast {
  const lane = { is: 'host', host: hostName(name) } as const;
  const id = taskId(`site/1.t1`);
  return {
    ...{
      id: actionId(id, null, lane),
      task: id,
      lane,
      name: step,
      on: null,
      step: stepName(step),
      when: { is: 'yes' },
    },
    ...{ args: {}, expects: 'change', text: '', wayBack: '', hidden: false },
    ...change,
  };
}

const wave = (n: number, hosts: readonly string[], actions: readonly Forecast[]): WaveForecast => ({
  plan: { wave: { play: 1, n }, hosts: hosts.map(hostName), migrations: [], staying: [] },
  actions,
});
const each = (n: number, hosts: readonly string[], steps: readonly string[]): WaveForecast =>
  wave(
    n,
    hosts,
    hosts.flatMap(name => steps.map(step => foreseen(name, step))),
  );

/** A play whose tasks take hosts out, among others that don't. */
const out = (number: number, hosts: readonly string[], options: PlayOptions = {}): Play =>
  play(hosts, [task('toy.look', { key: 'k' }), task(BEGIN)], options)(number);
const facts = (...all: readonly Facts[]): Readonly<Record<HostName, Facts>> =>
  Object.fromEntries(all.map(one => [hostName(one.host), one]));

const fleet = ['a', 'b', 'c'];

describe('hosts that are closed at once', () => {
  it('are as many as the largest wave that takes hosts out, over all plays', () => {
    const plays = [out(1, fleet, { serial: 1 }), out(2, fleet, { serial: 1 })];
    const opened = fleet.map((name, n) => each(n + 1, [name], [BEGIN, END]));
    expect(closings(plays, opened, {})).to.deep.equal({ is: 'fine', notes: [] });
    const left = fleet.map((name, n) => each(n + 1, [name], [BEGIN]));
    const refused = closings(plays, left, {});
    expect(refused.is === 'too-many-out' && refused.message).to.equal(
      'in wave 1/2 2 hosts would be closed or down at once (a, b), more than max_out: 1',
    );
  });

  it('may be two in waves of two', () => {
    const plays = [out(1, fleet, { serial: 2 }), out(2, fleet, { serial: 2 })];
    expect(closings(plays, [each(1, ['a', 'b'], [BEGIN])], {}).is).to.equal('fine');
    expect(closings(plays, [each(1, fleet, [BEGIN])], {}).is).to.equal('too-many-out');
  });

  it('don’t grow with the waves of a play that takes no host out', () => {
    const looks = play(fleet, [task('toy.look', { key: 'k' })])(2);
    expect(closings([out(1, fleet, { serial: 1 }), looks], [each(1, ['a', 'b'], [BEGIN])], {}).is).to.equal(
      'too-many-out',
    );
  });

  it('of a single play aren’t bound, and the plan says that they stay closed', () => {
    expect(closings([out(1, fleet, { serial: 1 })], [each(1, fleet, [BEGIN])], {})).to.deep.equal({
      is: 'fine',
      notes: ['3 hosts stay closed at the end: a, b, c'],
    });
    expect(closings([out(1, fleet)], [each(1, ['a'], [BEGIN])], {})).to.deep.equal({
      is: 'fine',
      notes: ['1 host stays closed at the end: a'],
    });
  });

  it('of a single play are bound by its max_out', () => {
    const bound = (count: number) =>
      closings([out(1, fleet, { maxOut: 2 })], [each(1, fleet.slice(0, count), [BEGIN])], {});
    expect(bound(2).is).to.equal('fine');
    expect(bound(3).is).to.equal('too-many-out');
  });

  it('are bound by the smallest max_out of all plays', () => {
    const plays = [out(1, fleet, { maxOut: 3 }), out(2, fleet, { maxOut: 1 })];
    expect(closings(plays, [each(1, ['a', 'b'], [BEGIN])], {}).is).to.equal('too-many-out');
  });

  it('don’t count when they were closed before', () => {
    const before = facts(host('a', [], { closed: 'DIMM swap' }), host('b'));
    const plays = [out(1, fleet, { maxOut: 1 })];
    expect(closings(plays, [each(1, ['a', 'b'], [BEGIN])], before)).to.deep.equal({
      is: 'fine',
      notes: ['1 host stays closed at the end: b'],
    });
  });
});

describe('a host is out', () => {
  const notes = (...actions: readonly Forecast[]): readonly string[] => {
    const told = closings([out(1, ['a'])], [wave(1, ['a'], actions)], {});
    return told.is === 'fine' ? told.notes : [told.message];
  };
  const stays = ['1 host stays closed at the end: a'];

  it('when its last word is that it closes', () => {
    expect(notes(foreseen('a', END), foreseen('a', BEGIN))).to.deep.equal(stays);
    expect(notes(foreseen('a', BEGIN), foreseen('a', END))).to.deep.equal([]);
  });

  it('not by what is skipped or has nothing to do', () => {
    expect(notes(foreseen('a', BEGIN, { when: { is: 'no' } }))).to.deep.equal([]);
    expect(notes(foreseen('a', BEGIN, { expects: 'nothing' }))).to.deep.equal([]);
    expect(notes(foreseen('a', BEGIN), foreseen('a', END, { when: { is: 'no' } }))).to.deep.equal(stays);
  });

  it('while it reboots, and back afterwards', () => {
    expect(notes(foreseen('a', 'host.reboot'))).to.deep.equal([]);
    const both = closings([out(1, ['a', 'b'], { maxOut: 1 })], [each(1, ['a', 'b'], ['host.reboot'])], {});
    expect(both.is).to.equal('too-many-out');
  });
});
