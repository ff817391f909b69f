// YAML as Ansible reads it, and the words for what can't be read.
import { expect } from 'chai';
import fc from 'fast-check';
import { jsonOf, nodeAt, partOf } from '../../src/load/yaml/node.ts';
import { parseYaml } from '../../src/load/yaml/yaml.ts';
import type { Code } from '../../src/text/diagnostic.ts';
import { expectGolden } from './golden.ts';

function read(text: string): unknown {
  const { node, diagnostics } = parseYaml('t.yml', text);
  expect(diagnostics).to.deep.equal([]);
  return node === null ? undefined : jsonOf(node);
}

/** The codes of a text, each with what its span covers. */
function wrong(text: string): readonly string[] {
  return parseYaml('t.yml', text).diagnostics.map(
    one => `${one.code} ${one.span.line}:${one.span.column} ${text.slice(one.span.start, one.span.end)}`,
  );
}

describe('YAML as Ansible reads it', () => {
  it('a byte order mark is no part of a text, whichever reader reads it', () => {
    const text = '- hosts: all\n  tasks:\n    - debug: { msg: "a" }\n';
    expect(read(`\ufeff${text}`)).to.deep.equal(read(text));
    expect(read('\ufeffa: &x 1\nb: *x\n')).to.deep.equal({ a: 1, b: 1 });
  });

  it('a quote that is never closed is told where it is opened', () => {
    expect(wrong('a: 1\nb:\n  c: "it is\n  d: 1\n')).to.deep.equal(['yaml-syntax 3:6 "it is']);
    expect(wrong("a: 1\nb: [x, 'y]\n")).to.deep.equal(["yaml-syntax 2:8 'y]"]);
  });

  it('what ansible-vault encrypted is told as that, a file and a value', () => {
    expect(wrong('$ANSIBLE_VAULT;1.1;AES256\n6231\n')).to.deep.equal(['not-yet 1:1 $ANSIBLE_VAULT;1.1;AES256']);
    expect(wrong('a: 1\nb: !vault |\n  $ANSIBLE_VAULT;1.1;AES256\n  6231\n')).to.deep.equal(['not-yet 2:4 !vault']);
  });

  it('reads yes, no, on and off as true and false, and y and n as text', () => {
    expect(read('[yes, No, ON, off, true, FALSE, y, n]')).to.deep.equal([
      true,
      false,
      true,
      false,
      true,
      false,
      'y',
      'n',
    ]);
  });

  it('reads 0644 as octal, and as text in quotes', () => {
    expect(read('[0644, "0644", 0x1f, 0b11, 1_000, 644]')).to.deep.equal([420, '0644', 31, 3, 1000, 644]);
  });

  it('reads 22:00 as sixty times twenty-two, and a date as text', () => {
    expect(read('[22:00, "22:00", 2026-11-23, 1e3, 1.5]')).to.deep.equal([1320, '22:00', '2026-11-23', '1e3', 1.5]);
  });

  it('keeps a number too large to be exact as text', () => {
    expect(read('[12345678901234567890, 11.4]')).to.deep.equal(['12345678901234567890', 11.4]);
  });

  it('takes nothing, ~ and null for nothing', () => {
    expect(read('a:\nb: ~\nc: null\nd: ""\n')).to.deep.equal({ a: null, b: null, c: null, d: '' });
  });

  it('obeys a tag that asks for text', () => {
    expect(read('[!!str 12, ! 12, !!int "12"]')).to.deep.equal(['12', '12', 12]);
  });

  it('merges mappings behind <<, own keys first, earlier ones before later ones', () => {
    expect(read('x: &x {a: 1, b: 1}\ny: &y {b: 2, c: 2}\nz: {<<: [*x, *y], a: 0}\n')).to.deep.include({
      z: { b: 1, c: 2, a: 0 },
    });
  });

  it('takes __proto__ for a key like any other', () => {
    const value = read('__proto__: {polluted: yes}');
    expect(Object.keys(value as object)).to.deep.equal(['__proto__']);
    expect(({} as { polluted?: unknown }).polluted).to.equal(undefined);
  });
});

describe('places of keys and values', () => {
  it('every value knows its line, column and length', () => {
    const { node } = parseYaml('t.yml', 'a:\n  - b: "漢字 x"\n');
    const value = nodeAt(node as NonNullable<typeof node>, ['a', 0, 'b']);
    expect(value.span).to.deep.equal({ file: 't.yml', start: 10, end: 16, line: 2, column: 8 });
  });

  it('a part of a block text is found behind its indentation', () => {
    const text = 'run: |\n  echo {{x}}\n  echo {{x}}\n';
    const { node, source } = parseYaml('t.yml', text);
    const value = nodeAt(node as NonNullable<typeof node>, ['run']);
    if (value.is !== 'scalar' || typeof value.value !== 'string') throw new Error('a text was expected');
    const second = value.value.lastIndexOf('{{x}}');
    expect(partOf(source, value, second, second + 5)).to.include({ line: 3, column: 8 });
  });
});

describe('what is wrong with a YAML text', () => {
  const cases: readonly (readonly [claim: string, code: Code, text: string, where: string])[] = [
    ['a key twice', 'duplicate-key', 'a: 1\nb: 2\na: 3\n', '3:1 a'],
    ['a tab as indentation', 'yaml-syntax', 'a:\n\t- b\n', '2:1 \t'],
    ['a bare placeholder as a value', 'yaml-syntax', 'a: {{x}}\n', '1:4 {{x}}'],
    ['a second colon', 'yaml-syntax', 'msg: done: 3\n', '1:10 :'],
    ['an open quote', 'yaml-syntax', 'a: "x\n', '1:4 "x'],
    ['a second document', 'yaml-syntax', 'a: 1\n---\nb: 1\n', '2:1 ---\nb: 1\n'],
    ['a key that is a list', 'yaml-syntax', '? [a]\n: b\n', '1:3 [a]'],
    ['an alias without anchor', 'bad-merge', 'a: *nope\n', '1:4 *nope'],
    ['an alias inside its anchor', 'bad-merge', 'a: &x [*x]\n', '1:8 *x'],
    ['a merge of a number', 'bad-merge', '<<: 3\n', '1:5 3'],
    ['a tag of another program', 'bad-tag', 'a: !foo x\n', '1:9 x'],
    ['a vault value', 'not-yet', 'a: !vault x\n', '1:4 !vault'],
  ];
  for (const [claim, code, text, where] of cases) {
    it(`${claim} is ${code}`, () => expect(wrong(text)).to.deep.equal([`${code} ${where}`]));
  }

  it('a bomb of aliases is refused, not built', () => {
    const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]'];
    for (let n = 1; n < 9; n++)
      lines.push(
        `a${n}: &a${n} [${Array(10)
          .fill(`*a${n - 1}`)
          .join(', ')}]`,
      );
    expect(parseYaml('t.yml', lines.join('\n')).diagnostics.map(one => one.code)).to.deep.equal(['bad-merge']);
  });

  it('is drawn with carets under wide characters and tabs, and with the first of two places', () => {
    const texts = {
      'twice.yml': 'zonehosts: 1\nzonehosts: 2\n',
      'wide.yml': 'wide 漢字: "漢字" x\n',
      'tab.yml': 'a: "x\ty" z\n',
      'placeholder.yml': 'message: {{why}} at last\n',
    };
    const all = Object.entries(texts).flatMap(([file, text]) => parseYaml(file, text).diagnostics);
    expectGolden('yaml', all, texts);
  });

  it('never throws and gives a tree or an error, whatever the text', () => {
    const piece = fc.constantFrom(
      'a',
      ': ',
      '- ',
      '\n',
      '  ',
      '"',
      "'",
      '{',
      '}',
      '[',
      ']',
      '&a ',
      '*a',
      '<<',
      '|',
      '>',
      '!',
      '#',
      '\t',
      '{{x}}',
      '0',
      '---\n',
      '? ',
      ',',
      '\u0000',
      '\ud800',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), pieces => {
        const { node, diagnostics } = parseYaml('t.yml', pieces.join(''));
        expect(node !== null || diagnostics.length > 0).to.equal(true);
        for (const one of diagnostics) expect(one.span.line).to.be.greaterThan(0);
      }),
      { numRuns: 1000 },
    );
  });
});
