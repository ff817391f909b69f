// What a value comes to in a scope: from which layer, in which form, and when it is known.
import { expect } from 'chai';
import { evaluate } from '../../src/load/expression/evaluate.ts';
import { factsView } from '../../src/model/facts-view.ts';
import { taskId } from '../../src/model/ids.ts';
import { type Evaluated, known, type Language, type Layer, type Value } from '../../src/model/value.ts';
import type { Json } from '../../src/text/json.ts';
import { spanOf } from '../../src/text/span.ts';

const at = spanOf('test');
const expression = (source: Json, language: Language = 'text'): Value => ({ is: 'expression', language, source, at });
const later = (...tasks: readonly string[]): Value => ({ is: 'later', source: '', after: tasks.map(taskId), at });

function check(value: Value, ...layers: readonly Layer[]): Evaluated {
  return evaluate(value, { layers });
}

describe('evaluation', () => {
  it('takes a name from the highest layer that has it, and computes a variable where it is asked for', () => {
    const play = { why: expression('updating to {{entire}}'), entire: known('old') };
    const extra = { entire: known('new') };
    expect(check(expression('{{why}}!'), extra, play)).to.deep.equal({ is: 'value', json: 'updating to new!' });
  });

  it('looks at the names that are used and at no others, however many variables a host has', () => {
    const taken: string[] = [];
    const many = Object.fromEntries(Array.from({ length: 1000 }, (_, n) => [`v${n}`, known(n)]));
    const host = new Proxy<Layer>(
      { ...many, port: expression('{{base}}'), base: known(22) },
      {
        get(target, name) {
          taken.push(String(name));
          return Reflect.get(target, name);
        },
        ownKeys() {
          throw new Error('all variables of the host were listed');
        },
      },
    );
    const scope = { layers: [{ mine: known(1) }, host] };
    expect(evaluate(expression('{{port}} {{port}} {{mine}}'), scope)).to.deep.equal({ is: 'value', json: '22 22 1' });
    expect(evaluate(expression('port == 22 && mine == 1', 'condition'), scope)).to.deep.equal({
      is: 'value',
      json: true,
    });
    expect([...new Set(taken)]).to.deep.equal(['port', 'base']);
  });

  it('computes every text inside a value and leaves keys alone', () => {
    const value = expression({ '{{k}}': ['{{n}}', 'n={{n}}', 1, null] });
    expect(check(value, { n: known(3) })).to.deep.equal({ is: 'value', json: { '{{k}}': [3, 'n=3', 1, null] } });
  });

  it('gives a list of answers for a list of conditions', () => {
    expect(check(expression(['n == 3', 'n > 3'], 'condition'), { n: known(3) })).to.deep.equal({
      is: 'value',
      json: [true, false],
    });
  });

  it('quotes values for a shell', () => {
    expect(check(expression('echo {{x}}', 'shell'), { x: known('a b') })).to.deep.include({ json: "echo 'a b'" });
  });

  it('a circle is a problem that shows the circle', () => {
    const layer = { a: expression('{{b}}'), b: expression('{{c}}'), c: expression('{{a}}') };
    const answer = check(expression('{{a}}'), layer);
    expect(answer).to.deep.include({ is: 'problem', message: 'the variable "a" refers to itself: a -> b -> c -> a' });
  });

  it('a circle entered at any name is a problem each time', () => {
    const scope = { layers: [{ a: expression('{{b}}'), b: expression('{{a}}'), c: known(1) }] };
    for (const name of ['a', 'b', 'a']) expect(evaluate(expression(`{{${name}}}`), scope).is).to.equal('problem');
    expect(evaluate(expression('{{c}}'), scope)).to.deep.equal({ is: 'value', json: 1 });
  });

  it('what rests on results that are not there yet is later, after all of them', () => {
    const layer = { x: later('p/1.t1'), y: expression('{{z}}'), z: later('p/1.t2') };
    expect(check(expression('{{x}} {{y}}'), layer)).to.deep.equal({ is: 'later', after: ['p/1.t1', 'p/1.t2'] });
    expect(check(expression('x.rc == 0 && y == "a"', 'condition'), layer)).to.deep.equal({
      is: 'later',
      after: ['p/1.t1', 'p/1.t2'],
    });
  });

  it('a condition that is decided without the later part is decided', () => {
    expect(check(expression('false && x.rc == 0', 'condition'), { x: later('p/1.t1') })).to.deep.equal({
      is: 'value',
      json: false,
    });
  });

  it('what is fixed at the start says so', () => {
    expect(check(expression('{{run.id}}'), { run: { is: 'at-start', name: 'run.id', at } })).to.deep.equal({
      is: 'at-start',
      name: 'run.id',
    });
  });

  it('opens known facts, and a condition on an unknown one is a problem with the reason', () => {
    const facts = known({
      os: { is: 'known', value: { release: '5.11' } },
      maintenance: { is: 'closed', user: 'root' },
      entire: { is: 'unknown', why: 'pkg said nothing' },
    });
    expect(
      check(expression('facts.os.release == "5.11" && facts.maintenance.is == "closed"', 'condition'), { facts }),
    ).to.deep.include({
      json: true,
    });
    expect(check(expression('facts.entire.version == "x"', 'condition'), { facts })).to.deep.include({
      is: 'problem',
      message: "facts.entire isn't known: pkg said nothing",
    });
  });

  it('facts of a host come through the view of them with the reason of each unknown one', () => {
    const facts = known(
      factsView({ entire: { is: 'unknown', why: 'pkg said nothing' }, cpus: { is: 'known', value: 8 } } as never),
    );
    expect(check(expression('facts.cpus == 8', 'condition'), { facts })).to.deep.include({ json: true });
    expect(check(expression('{{facts.entire.version}}'), { facts })).to.deep.include({
      message: "facts.entire isn't known: pkg said nothing",
    });
  });

  it('an undefined name is a problem with the nearest one', () => {
    expect(check(expression('{{entier}}'), { entire: known('x') })).to.deep.include({
      is: 'problem',
      message: '"entier" is undefined; did you mean "entire"?',
    });
    expect(check(expression('entier == "x"', 'condition'), { entire: known('x') })).to.deep.include({ is: 'problem' });
  });

  it('a bad template is a problem, never an exception', () => {
    for (const text of ['{{', '{{#if x}}', '{{x y}}', '{{> p}}'])
      expect(check(expression(text), { x: known(1) }).is).to.equal('problem');
  });

  it('names of the prototype mean nothing', () => {
    for (const name of ['constructor', '__proto__', 'toString', 'hasOwnProperty']) {
      expect(check(expression(`{{${name}}}`), { x: known({}) }).is).to.equal('problem');
      expect(check(expression(`{{x.${name}}}`), { x: known({}) }).is).to.equal('problem');
      expect(check(expression(`x.${name} == 1`, 'condition'), { x: known({}) }).is).to.equal('problem');
    }
  });
});
