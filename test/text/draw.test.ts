// A diagnostic as it is drawn; nothing of a file steers the terminal.
import { expect } from 'chai';
import { andAt, problem, warning } from '../../src/text/diagnostic.ts';
import { drawn } from '../../src/text/draw.ts';
import { sourceOf, spanIn } from '../../src/text/source.ts';
import { spanOf } from '../../src/text/span.ts';

const TEXT = 'one\ntwo three\nfour\n';
const source = sourceOf('a.yml', TEXT);

describe('a drawn diagnostic', () => {
  it('lets nothing of a file steer the terminal', () => {
    const wrong = problem(
      'unknown-host',
      spanIn(source, 0, 3),
      'no host is called "\u001b[2J"',
      'did you mean "\u0007"?',
    );
    expect(drawn(wrong, () => TEXT))
      .to.contain('"\\x1b[2J"')
      .and.to.contain('"\\x07"');
  });

  it('shows code, message, place, the line with carets, the second place and the way out', () => {
    const first = problem('unknown-key', spanIn(source, 8, 13), 'no key "three"', 'did you mean "tree"?');
    expect(drawn(andAt(first, spanIn(source, 0, 3), 'seen here'), () => TEXT)).to.equal(
      [
        'error[unknown-key]: no key "three"',
        ' --> a.yml:2:5',
        '  |',
        '2 | two three',
        '  |     ^^^^^',
        ' ::: a.yml:1:1',
        '  |',
        '1 | one',
        '  | --- seen here',
        '  = help: did you mean "tree"?',
        '',
      ].join('\n'),
    );
  });

  it('says where a long line is cut, so that half of it does not look like all of it', () => {
    const text = `${'{{ a }}'.repeat(40)}\n`;
    const lineFor = (start: number): string =>
      drawn(problem('wrong-type', spanIn(sourceOf('c.yml', text), start, start + 7), 'x'), () => text);
    expect(lineFor(0)).to.match(/\| \{\{ a \}\}[^…\n]*…\n {2}\| \^{7}\n/);
    expect(lineFor(140)).to.match(/\| …[^…\n]*…\n/);
    expect(lineFor(273)).to.match(/\| …[^…\n]*\{\{ a \}\}\n/);
    const [, line = '', marks = ''] = /\| (….*)\n {2}\| ( *\^+)/.exec(lineFor(140)) ?? [];
    expect(line.slice(marks.indexOf('^'), marks.length)).to.equal('{{ a }}');
  });

  it('shows the origin of a value that no file holds', () => {
    expect(drawn(warning('bad-extra', spanOf('-e'), 'no name'), () => null)).to.equal(
      'warning[bad-extra]: no name\n --> <-e>\n',
    );
  });

  it('marks a span over several lines to the end of its first line', () => {
    expect(drawn(problem('wrong-type', spanIn(source, 4, 18), 'x'), () => TEXT)).to.contain('  | ^^^^^^^^^\n');
  });

  it('never lets a control character of a file reach the terminal', () => {
    const text = 'a: \u001b[2Jx\n';
    const span = spanIn(sourceOf('b.yml', text), 0, 1);
    expect(drawn(problem('wrong-type', span, 'x'), () => text)).to.not.contain('\u001b');
  });

  it('is coloured only when asked', () => {
    const one = problem('wrong-type', spanIn(source, 0, 3), 'x');
    expect(drawn(one, () => TEXT)).to.not.contain('\u001b');
    expect(drawn(one, () => TEXT, true)).to.contain('\u001b[1;31m');
  });
});
