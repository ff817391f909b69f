// What is wrong in files, told to other programs: each form leads back to the very characters.
import { expect } from 'chai';
import { diagnosticsAsJson, diagnosticsAsSarif, diagnosticsForGithub } from '../../src/report/diagnostics.ts';
import { andAt, CODES, type Diagnostic, problem, warning } from '../../src/text/diagnostic.ts';
import { isArray, isObject, type Json, parseJson } from '../../src/text/json.ts';
import { sourceOf, spanIn } from '../../src/text/source.ts';
import { spanOf } from '../../src/text/span.ts';

const TEXT = '- hosts: all\n  tasks:\n    - shell: |\n        echo a\n        echo 💡 b\n';
const FILE = 'play books/site.yml';
const textOf = (file: string): string | null => (file === FILE ? TEXT : null);
const spanning = (part: string): Diagnostic['span'] => {
  const at = TEXT.indexOf(part);
  return spanIn(sourceOf(FILE, TEXT), at, at + part.length);
};

const FOUND: readonly Diagnostic[] = [
  andAt(
    problem('bad-argument', spanning('a\n        echo 💡'), 'two lines, 100%', 'write one'),
    spanning('all'),
    'of this',
  ),
  warning('unknown-tag', spanOf('--tags'), 'no task has the tag "x"'),
];

function at(json: Json | undefined, ...path: readonly (string | number)[]): Json | undefined {
  let value = json;
  for (const step of path) {
    if (isArray(value) && typeof step === 'number') value = value[step];
    else if (isObject(value) && typeof step === 'string') value = value[step];
    else return undefined;
  }
  return value;
}

/** What stands between two places of the text, lines and columns from 1. */
function cut(
  from: readonly [Json | undefined, Json | undefined],
  to: readonly [Json | undefined, Json | undefined],
): string {
  const { lineStarts } = sourceOf(FILE, TEXT);
  const offset = ([line, column]: typeof from): number =>
    (lineStarts[Number(line) - 1] ?? Number.NaN) + Number(column) - 1;
  return TEXT.slice(offset(from), offset(to));
}

describe('diagnostics as JSON', () => {
  const json = parseJson(diagnosticsAsJson(FOUND, textOf));

  it('are counted by severity', () => {
    expect([at(json, 'errors'), at(json, 'warnings')]).to.deep.equal([1, 1]);
  });

  it('lead back to the very characters, over several lines, too', () => {
    const one = at(json, 'diagnostics', 0);
    const text = cut([at(one, 'line'), at(one, 'column')], [at(one, 'endLine'), at(one, 'endColumn')]);
    expect(text).to.equal('a\n        echo 💡');
    expect(at(one, 'also', 0, 'message')).to.equal('of this');
    expect(at(one, 'also', 0, 'line')).to.equal(1);
  });

  it('say where a complaint comes from that no file holds', () => {
    expect(at(json, 'diagnostics', 1, 'file')).to.equal('<--tags>');
    expect(at(json, 'diagnostics', 1, 'line')).to.equal(undefined);
  });

  it('are an object with nothing in it when nothing is wrong', () => {
    expect(parseJson(diagnosticsAsJson([], textOf))).to.deep.equal({ errors: 0, warnings: 0, diagnostics: [] });
  });
});

describe("diagnostics as GitHub's annotations", () => {
  it('are a line each, with what would end one escaped', () => {
    expect(diagnosticsForGithub(FOUND, textOf).split('\n')).to.deep.equal([
      '::error file=play books/site.yml,line=4,endLine=5,col=14,endColumn=16,title=bad-argument::two lines, 100%25%0Ahelp: write one',
      '::warning title=unknown-tag::<--tags>: no task has the tag "x"',
      '',
    ]);
  });

  it('escape commas and colons in the name of a file', () => {
    const odd = problem('file-missing', { ...spanning('all'), file: 'a,b:c.yml' }, 'x');
    expect(diagnosticsForGithub([odd], textOf)).to.contain('file=a%2Cb%3Ac.yml,');
  });
});

describe('diagnostics as SARIF', () => {
  const run = at(parseJson(diagnosticsAsSarif(FOUND, textOf, '1.2.3')), 'runs', 0);

  it('name every code as a rule, and each result points to its own', () => {
    const rules = at(run, 'tool', 'driver', 'rules');
    expect(isArray(rules) && rules.map(rule => at(rule, 'id'))).to.deep.equal(Object.keys(CODES));
    for (const result of [0, 1]) {
      const index = at(run, 'results', result, 'ruleIndex');
      expect(at(rules, Number(index), 'id')).to.equal(at(run, 'results', result, 'ruleId'));
    }
  });

  it('lead back to the very characters, in a file whose name is a URI', () => {
    const place = at(run, 'results', 0, 'locations', 0, 'physicalLocation');
    expect(at(place, 'artifactLocation', 'uri')).to.equal('play%20books/site.yml');
    const region = at(place, 'region');
    const text = cut(
      [at(region, 'startLine'), at(region, 'startColumn')],
      [at(region, 'endLine'), at(region, 'endColumn')],
    );
    expect(text).to.equal('a\n        echo 💡');
  });

  it('keep the second place, with its word', () => {
    expect(at(run, 'results', 0, 'relatedLocations', 0, 'message', 'text')).to.equal('of this');
  });
});
