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
    ['x | default(false)', 'give "x" the value false under "vars:"'],
    ['m.x | default(false)', 'write has(m.x) ? m.x : false'],
    ['x is defined and y | int > 3', 'give "x" a value under "vars:"'],
    ['m.x is defined and y | int > 3', 'write has(m.x) && int(y) > 3'],
    ['count|int >= 1 and (names|length) > 1', 'write int(count) >= 1 && size(names) > 1'],
    ['1 < a <= 5 and b', 'write 1 < a && a <= 5 && b'],
    ['not 1 < a < 5', 'write !(1 < a && a < 5)'],
    ['not (m.a or m.b) and m.c', 'write !(m.a || m.b) && m.c'],
    ['m.c and (m.a or not m.b)', 'write m.c && (m.a || !m.b)'],
    ['r.rc not in [0, 1]', 'write !(r.rc in [0, 1])'],
    ['inventory_hostname == groups["all"] | first', 'write host.name == groups.all[0]'],
    ['"web" in group_names and ansible_check_mode', 'write "web" in host.groups && run.check'],
    ['r.results | selectattr("changed") | list | length > 0', 'write size(r.results.filter(i, i.changed)) > 0'],
    ['r.results | map(attribute="rc") | list == [0]', 'write r.results.map(i, i.rc) == [0]'],
    ['"up" if r.rc == 0 else "down"', 'write r.rc == 0 ? "up" : "down"'],
    ['x | from_yaml == 1', 'no condition does what the filter "from_yaml" does'],
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
    ['x is version("1.2", ">=")', 'int(x.split(".")[1]) >= 4'],
    ['x is abs', 'compare with =='],
    ['r.stdout is search("x")', 'write r.stdout.matches("x")'],
    ['r.stdout is not match("x")', 'write !r.stdout.matches("^x")'],
    ['a if b else c', 'write b ? a : c'],
    ['len(x) > 0', 'write size(x) > 0'],
    ['names | length > 0', 'write size(names) > 0'],
    ['x.startswith("a")', 'write x.startsWith("a")'],
    ['x.strip() == "a"', 'write x.trim() == "a"'],
    ['x.upper() == "A"', 'write x.upperAscii() == "A"'],
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

  const halfWay: readonly (readonly [habit: string, help: string])[] = [
    ['update.be is defined', 'write has(update.be)'],
    ['update.be is not defined', 'write !has(update.be)'],
    ['be is defined', 'every name must be there: give "be" a value under "vars:" and compare with it'],
    ['update is failed', 'write update.failed'],
    ['update is not changed', 'write !update.changed'],
    ['update is not succeeded', 'write update.failed'],
    ['r.stdout is search("x")', 'write r.stdout.matches("pattern")'],
    ['r.stdout is not match("x")', 'write !r.stdout.matches("pattern")'],
    ['zone is none', 'write zone == null'],
    ['zone is not null', 'write zone != null'],
    ['zone is in zones', 'write zone in zones && b'],
    ['zone is not in zones', 'write !(zone in zones) && b'],
    ['zone is string', 'write type(zone) == string'],
    ['zone is not mapping', 'write type(zone) != map'],
    ['pending is truthy', 'write pending'],
    ['pending is not true', 'write !pending'],
    ['pending is False', 'write !pending'],
    ['pending is not falsy', 'write pending'],
    ['m.x | default(1) == 1', 'write has(x.y) ? x.y : "other", or give the variable a value under "vars:"'],
    ['zones | length > 0', 'write size(zones) > 0 && b'],
    ['rc | int > 3', 'write int(x)'],
    ['zone not in zones', 'write !(zone in zones) && b'],
  ];
  for (const [habit, help] of halfWay) {
    it(`${habit} && b: half of it is right already, and the other half is told`, () => {
      expect(readCondition(`${habit} && b`).faults.flatMap(fault => fault.help)).to.deep.equal([help]);
    });
  }

  it('names the habit where what is written instead would be the same', () => {
    const named = (text: string) => readCondition(text).faults.map(fault => fault.message);
    expect(named('zone not in zones')).to.deep.equal(['"not in" is Jinja']);
    expect(named('not pending')).to.deep.equal(['words between conditions are Jinja']);
  });

  it('what it says to write means the same, and needs no second round', () => {
    const scope = { m: { x: 3, a: false, b: true, c: true }, y: '7', count: '2', names: ['a', 'b'], r: { rc: 2 } };
    for (const text of [
      'm.x is defined and y | int > 3',
      'count|int >= 1 and (names|length) > 1',
      'not (m.a or m.b) or m.c and not m.a',
      'r.rc not in [0, 1] and names | first == "a"',
      '(m.x | default(1)) == 3',
      'names | last | upper == "B"',
      'r.rc in (0, 2)',
    ]) {
      const said = /^write (.*)$/.exec(readCondition(text).faults[0]?.help[0] ?? '')?.[1] ?? '';
      expect(readCondition(said).faults, said).to.deep.equal([]);
      expect(decide(said, scope), said).to.equal(true);
    }
  });

  it('what it offers for a version is a condition', () => {
    expect(decide('int(x.split(".")[1]) >= 4', { x: '11.4' })).to.equal(true);
  });

  it('tells in its own words what its reader says of it', () => {
    const [wrong] = readCondition('1 + "a" == 2').faults;
    expect(wrong?.message).to.equal("this condition can't be read: no such overload: int + string");
  });

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
