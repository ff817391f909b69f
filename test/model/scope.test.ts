// Which word an expression sees when several places say it.
import { expect } from 'chai';
import { hostName, runId } from '../../src/model/ids.ts';
import type { Play, TaskEntry } from '../../src/model/program.ts';
import {
  type Ground,
  holdsSecret,
  type Item,
  scopeAt,
  type Standing,
  tasksIn,
  withLayer,
} from '../../src/model/scope.ts';
import { known, type Layer, type Scope, type Value } from '../../src/model/value.ts';
import type { Json } from '../../src/text/json.ts';
import { spanOf } from '../../src/text/span.ts';
import { evaluate } from '../run/evaluate.ts';
import { block, flush, handler, play, planOf, task, x } from '../run/program.ts';
import { host } from '../plan/world.ts';

const at = spanOf('test');
const word = (text: string): Layer => ({ word: known(text) });

interface Case {
  readonly play?: Partial<Play>;
  readonly task?: Partial<TaskEntry>;
  readonly standing?: Partial<Standing>;
  readonly ground?: Partial<Ground>;
  readonly extra?: Layer;
  readonly item?: Item;
}

function scope(given: Case = {}): Scope {
  const later = [task('say', {}, { register: 'answer' }), task('say', {}, { register: 'answer' })];
  const maker = play(['a', 'b'], later, { handlers: [handler('h', 'say', {}, { register: 'handled' })] });
  const vars = { a: { ...word('host'), mine: x('{{host.name}}!') }, b: { far: x('{{facts.cpus}}'), port: known(22) } };
  const plan = planOf([maker], { vars, extra: given.extra ?? {} });
  const [own] = plan.program.plays;
  if (own === undefined) throw new Error('no play');
  const ground: Ground = { plan, evaluate, run: runId('0000beef'), values: {}, ...given.ground };
  const standing: Standing = {
    ...{
      host: hostName('a'),
      play: { ...own, ...given.play },
      params: [],
      blocks: [],
      defaults: [],
      facts: null,
      results: {},
      failed: null,
    },
    ...given.standing,
  };
  return scopeAt(ground, standing, given.task ? { ...task('say'), ...given.task } : null, given.item ?? null);
}

const find = (name: string, of: Scope): Value | undefined => of.layers.find(layer => name in layer)?.[name];
const value = (name: string, of: Scope): Json | undefined => {
  const found = find(name, of);
  return found?.is === 'known' ? found.json : undefined;
};

describe('a secret that was typed at the start', () => {
  it('is found as it is, be it ever so short, and as a shell or JSON quotes it', () => {
    expect(holdsSecret({ cmd: ['login', 'pin=042'] }, ['17', '042'])).to.equal(true);
    expect(holdsSecret(["'it'\\''s a tiger'"], ["it's a tiger"])).to.equal(true);
    expect(holdsSecret({ cmd: 'login' }, ['042', "it's a tiger"])).to.equal(false);
  });
});

describe('what an expression sees', () => {
  it('is the nearest word: -e, results, task, inner block, outer block, play, host', () => {
    const all: Case = {
      extra: word('-e'),
      standing: { results: word('result'), blocks: [word('inner'), word('outer')] },
      task: { vars: word('task') },
      play: { vars: word('play') },
    };
    expect(value('word', scope(all))).to.equal('-e');
    expect(value('word', scope({ ...all, extra: {} }))).to.equal('result');
    const { standing, ...rest } = { ...all, extra: {} };
    expect(value('word', scope({ ...rest, standing: { blocks: standing?.blocks ?? [] } }))).to.equal('task');
    expect(
      value('word', scope({ standing: { blocks: [word('inner'), word('outer')] }, play: rest.play ?? {} })),
    ).to.equal('inner');
    expect(value('word', scope({ play: { vars: word('play') } }))).to.equal('play');
    expect(value('word', scope())).to.equal('host');
    expect(value('word', withLayer(scope(all), word('own')))).to.equal('own');
  });

  it('is what the engine gives, above every variable', () => {
    const given = scope({ extra: { host: known('no'), run: known('no') } });
    expect(value('host', given)).to.deep.equal({
      ...{ name: 'a', groups: ['all'], address: '127.0.0.1', port: 22, user: 'root' },
    });
    expect(value('run', given)).to.deep.equal({
      ...{ id: '0000beef', date: '1970-01-01', playbook: 'toy', dir: '.', check: false },
    });
    expect(value('groups', given)).to.deep.equal({ all: ['a', 'b'] });
  });

  it('has facts and a failure only where there are any', () => {
    expect(find('facts', scope())).to.equal(undefined);
    expect(find('failed', scope())).to.equal(undefined);
    const seen = scope({ standing: { facts: host('a', [], { cpus: 8 }), failed: known({ message: 'no' }) } });
    expect(value('facts', seen)).to.include({ host: 'a', cpus: 8 });
    expect(value('failed', seen)).to.deep.equal({ message: 'no' });
  });

  it('calls the run known at start before there is one', () => {
    expect(find('run', scope({ ground: { run: null } }))).to.include({ is: 'at-start', name: 'run' });
  });

  it('knows the folder of the playbook', () => {
    const inFolder = (file: string) => value('run', scope({ play: { at: { ...at, file } } }));
    expect(inFolder('site/day/up.yml')).to.include({ dir: 'site/day' });
    expect(inFolder('up.yml')).to.include({ dir: '.' });
  });

  it('has the item of a loop under the names its author gave', () => {
    const loop = { over: known([]), variable: 'zone', index: 'n', label: null, pauseMs: 0 };
    const item = { loop, index: 3, value: 'evac1', hidden: false };
    expect([value('zone', scope({ item })), value('n', scope({ item }))]).to.deep.equal(['evac1', 3]);
    expect(find('n', scope({ item: { ...item, loop: { ...loop, index: null } } }))).to.equal(undefined);
  });

  it('has answers in the place of prompts, and the prompt where none was given', () => {
    const prompt = (name: string): Value => ({ is: 'at-start', name, at });
    const vars = { user: prompt('user'), token: prompt('token'), plain: known(1) };
    const of = scope({ play: { vars }, ground: { values: { user: 'joan' } } });
    expect(value('user', of)).to.equal('joan');
    expect(find('token', of)).to.include({ is: 'at-start' });
    expect(value('plain', of)).to.equal(1);
  });

  it('calls a name that tasks register known after them, handlers too', () => {
    expect(find('answer', scope())).to.deep.include({ is: 'later', after: ['toy/1.t1', 'toy/1.t2'] });
    expect(find('handled', scope())).to.deep.include({ is: 'later', after: ['toy/1.h1'] });
  });

  it('has the variables of every host, but none that rests on what isn’t known', () => {
    const self = (name: string) => ({ name, groups: ['all'], address: '127.0.0.1', port: 22, user: 'root' });
    expect(value('hostvars', scope())).to.deep.equal({
      a: { word: 'host', mine: 'a!', host: self('a') },
      b: { port: 22, host: self('b') },
    });
  });
});

describe('the tasks of an entry', () => {
  it('are body, rescue and always, at any depth, in the order of the text', () => {
    const named = (name: string) => task('say', {}, { name });
    const entry = block([named('1'), block([named('2')]), flush()], { rescue: [named('3')], always: [named('4')] });
    expect(tasksIn(entry).map(one => one.name)).to.deep.equal(['1', '2', '3', '4']);
    expect(tasksIn(flush())).to.deep.equal([]);
  });
});
