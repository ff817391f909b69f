// The quick reader and the parser agree: what the quick one reads is the same tree, with the same places, and nothing
// is wrong with it. Only where a block ends do they differ: the parser counts the comments behind it.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import fc from 'fast-check';
import { readEverydayYaml } from '../../src/load/yaml/everyday-yaml.ts';
import type { Node } from '../../src/load/yaml/node.ts';
import { parsedYaml } from '../../src/load/yaml/yaml.ts';
import { sourceOf } from '../../src/text/source.ts';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');

function withoutEnds(node: Node): Node {
  switch (node.is) {
    case 'scalar':
      return node;
    case 'list':
      return { ...node, span: { ...node.span, end: 0 }, items: node.items.map(withoutEnds) };
    default: {
      const pairs = node.pairs.map(pair => ({ ...pair, value: withoutEnds(pair.value) }));
      return { ...node, span: { ...node.span, end: 0 }, pairs };
    }
  }
}

/** Whether the quick reader read it. */
function agree(text: string): boolean {
  const source = sourceOf('f.yml', text);
  const quick = readEverydayYaml(source);
  if (quick === null) return false;
  const slow = parsedYaml(source);
  expect(slow.diagnostics, text).to.deep.equal([]);
  expect(slow.node === null ? null : withoutEnds(slow.node), text).to.deep.equal(withoutEnds(quick));
  return true;
}

const folders = ['playbooks', 'playbooks/tasks', 'inventory', 'clusters'];
const shipped = folders.flatMap(folder =>
  readdirSync(join(root, folder))
    .filter(name => /\.ya?ml$/.test(name))
    .map(name => readFileSync(join(root, folder, name), 'utf8')),
);

describe('everyday YAML', () => {
  it('of every shipped playbook and cluster is read quickly, and as the parser reads it', () => {
    expect(shipped.map(agree)).to.deep.equal(shipped.map(() => true));
  });

  it('is read as the parser reads it after any accident in an editor', () => {
    const bits = [
      '',
      ' ',
      '  ',
      '\n',
      '\n  ',
      ':',
      ': ',
      '- ',
      '-',
      '#',
      ' #',
      '"',
      "'",
      '{',
      '}',
      '[',
      ']',
      ',',
      '&a ',
      '*a',
      '!',
      '|',
      '>',
      '?',
      '0',
      'x: 1',
      '---\n',
      '~',
      '%',
      '@',
      '`',
      '\\',
      '<<: ',
      'é',
    ];
    fc.assert(
      fc.property(
        fc.constantFrom(...shipped),
        fc.nat(),
        fc.nat(12),
        fc.constantFrom(...bits),
        (text, where, cut, put) => {
          const at = where % (text.length + 1);
          agree(text.slice(0, at) + put + text.slice(at + cut));
        },
      ),
      { numRuns: 400 },
    );
  });

  it('is read as the parser reads it whatever words, blanks and brackets come together', () => {
    const words = [
      'a',
      'b-c',
      'k',
      '1',
      '0644',
      'yes',
      'n[1:3]',
      'h:22',
      'x y',
      "it's",
      'a#b',
      '-x',
      '- ',
      '-',
      ': ',
      ':',
      ' ',
      '  ',
      '\n',
      '\n',
      '\n  ',
      '\n    ',
      '{ ',
      ' }',
      '{',
      '}',
      '[',
      ']',
      ', ',
      ',',
      '"q"',
      "'q'",
      "''",
      '""',
      '"a: b"',
      ' # c',
      '#',
      '{{x}}',
      '~',
      'null',
      'k: ',
      '\nk: ',
      '\n- ',
      '\n  k: ',
      '\n  - ',
      '.5',
      '+',
      '=',
      '<',
      '<<',
      '/p',
      '(z)',
      '$',
      '^',
      '?',
      '!t',
      '&a',
      '*a',
      '|',
      '>',
      '%',
      '@',
      ';',
    ];
    let read = 0;
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...words), { maxLength: 14 }), parts => {
        if (agree(parts.join(''))) read += 1;
      }),
      { numRuns: 3000 },
    );
    expect(read, 'the reader reads some of it').to.be.greaterThan(50);
  });

  const left: readonly (readonly [claim: string, text: string])[] = [
    ['an anchor', 'a: &x 1\n'],
    ['an alias', 'a: *x\n'],
    ['a tag', 'a: !!str 1\n'],
    ['a text over two lines', 'a: b\n  c\n'],
    ['a block text', 'a: |\n  b\n'],
    ['brackets over two lines', 'a: { b: 1,\n  c: 2 }\n'],
    ['the same key twice', 'a: 1\na: 2\n'],
    ['a tab', 'a:\n\tb: 1\n'],
    ['a colon in a plain text', 'a: echo b: c\n'],
    ['an escape', 'a: "\\n"\n'],
    ['a merge', 'a: { <<: b }\n'],
    ['two documents', 'a: 1\n---\nb: 1\n'],
    ['nothing', '# only a comment\n'],
  ];
  for (const [claim, text] of left) {
    it(`leaves ${claim} to the parser`, () => {
      expect(readEverydayYaml(sourceOf('f.yml', text))).to.equal(null);
    });
  }
});
