// Conditions: what they can say, what is wrong with them, and what Jinja's habits are told.
import { expect } from 'chai';
import { ConditionFailure, decide, readCondition } from '../../src/load/expression/condition.ts';

describe('a condition', () => {
  it('compares numbers however they are written', () => {
    expect(decide('rc == 0 && n + 1 == 4 && n * 2 > 5.5', { rc: 0, n: 3 })).to.equal(true);
  });

  it('looks into lists and mappings', () => {
    const scope = { zones: [{ brand: 'solaris-kz' }, { brand: 'solaris' }], state: 'open' };
    expect(decide('zones.exists(z, z.brand == "solaris-kz") && state in ["closed", "open"]', scope)).to.equal(true);
  });

  it('must be a real yes or no', () => {
    expect(() => decide('n', { n: 1 })).to.throw(ConditionFailure, 'neither yes nor no');
    expect(readCondition('"a"').faults).to.have.length(1);
    expect(readCondition('1 + 2').faults).to.have.length(1);
  });

  it('fails on a member that is not there, unless it asks with has', () => {
    expect(() => decide('u.nope', { u: {} })).to.throw(ConditionFailure, 'nope');
    expect(decide('has(u.nope) && u.nope', { u: {} })).to.equal(false);
  });

  it('names what it uses, without the variables of its own macros', () => {
    const { references } = readCondition('facts.zones.exists(z, z.name == wanted.name) && has(update.be)');
    expect(references.map(one => one.path.join('.'))).to.deep.equal(['facts.zones', 'wanted.name', 'update']);
  });

  const habits: readonly (readonly [text: string, help: string])[] = [
    ['update.be is defined', 'write has(update.be)'],
    ['update.be is not defined', 'write !has(update.be)'],
    ['x is defined', 'every name must be there'],
    ['update is failed', 'write update.failed'],
    ['update is succeeded', 'write !update.failed'],
    ['a == 1 and b == 2', 'write a == 1 && b == 2'],
    ['a == "and" or not b', 'write a == "and" || !b'],
    ['x | default(false)', 'has(x.y)'],
    ['x | length > 0', 'write size(x)'],
    ['a == True', 'write a == true'],
    ['a = 1', 'write a == 1'],
    ['{{a}} == 1', 'write a == 1'],
    ['"x" in "xyz"', 'write "xyz".contains("x")'],
    ['"x" in r.stdout', 'write r.stdout.contains("x")'],
    ['"x" not in r.stdout', 'write !r.stdout.contains("x")'],
    ['zone not in names', 'write !(zone in names)'],
    ['x is none', 'write x == null'],
    ['x is not none', 'write x != null'],
    ['x is string', 'write type(x) == string'],
    ['x is mapping', 'write type(x) == map'],
    ['x is in [1, 2]', 'write x in [1, 2]'],
    ['x is truthy', 'write x'],
    ['x is version("1.2", ">=")', 'compare with =='],
    ['r.stdout is search("x")', 'write r.stdout.matches("pattern")'],
    ['r.stdout is not match("x")', 'write !r.stdout.matches("pattern")'],
    ['a if b else c', 'write b ? a : c'],
    ['len(x) > 0', 'write size(x) > 0'],
    ['names | length > 0', 'write size(names) > 0'],
    ['x.startswith("a")', 'write x.startsWith("a")'],
    ['x.strip() == "a"', 'write x.trim() == "a"'],
    ['x.upper() == "A"', '{{upper x}}'],
    ['r.rc in (0, 2)', 'write r.rc in [0, 2]'],
    ['x <> y', 'write x != y'],
    ['x ~ y == "ab"', 'write x + y == "ab"'],
    ['lookup("file", "x") == "y"', 'register what a task reads'],
    ['a == 1  # why', 'write a == 1, and the comment'],
  ];
  for (const [text, help] of habits) {
    it(`${text}: says what to write`, () => {
      const { faults } = readCondition(text);
      expect(faults).to.have.length(1);
      expect(faults[0]?.help.join(' ') ?? '').to.contain(help);
    });
  }

  it('says at run time, too, how a text is looked for', () => {
    expect(() => decide('"x" in s', { s: 'axb' })).to.throw(ConditionFailure, 'x.contains("text")');
  });

  it('what Jinja calls otherwise can be said', () => {
    const scope = { r: { stdout: ' ab ', rc: 2 }, names: ['a'], n: null, m: { k: 1 } };
    for (const text of [
      'r.stdout.contains("b")',
      '!("x" in names)',
      'n == null',
      'type(m) == map',
      'type(r.stdout) == string',
      'r.stdout.trim() == "ab"',
      'r.stdout.matches("a.")',
      'size(names) > 0 ? true : false',
      'r.rc in [0, 2]',
    ])
      expect(decide(text, scope), text).to.equal(true);
  });

  it('with a regular expression that finds no end is told, not waited for', () => {
    const scope = { r: { stdout: `${'a'.repeat(60)}b` } };
    expect(() => decide('r.stdout.matches("^(a+)+$")', scope)).to.throw(ConditionFailure, 'takes too long');
  });

  it('takes words inside quotes for text', () => {
    expect(readCondition('why == "this and that, not | those = {{x"').faults).to.deep.equal([]);
  });

  it('never throws on reading, whatever the text', () => {
    for (const text of [
      '',
      ' ',
      '((((',
      ')',
      'a.',
      '.a',
      '"',
      'a ? b',
      '[1,',
      '\u0000',
      '🙂',
      'a'.repeat(10_000),
      '('.repeat(5_000),
    ]) {
      const { faults } = readCondition(text);
      for (const fault of faults) expect(fault.end).to.be.greaterThan(fault.start - 1);
    }
  });
});
