// The nearest name: a slip is found, another word isn't.
import { expect } from 'chai';
import { didYouMean, editDistance, nearest } from '../../src/text/nearest.ts';

const STEPS = ['zones.evacuate', 'zones.return', 'maintenance.begin', 'maintenance.end', 'shell', 'command'];

describe('the nearest name', () => {
  it('is found through a missing, a wrong and a swapped letter', () => {
    expect(nearest('zones.evacute', STEPS)).to.equal('zones.evacuate');
    expect(nearest('shel', STEPS)).to.equal('shell');
    expect(nearest('maintenance.edn', STEPS)).to.equal('maintenance.end');
  });

  it('is none when every name is another word', () => {
    expect(nearest('reboot', STEPS)).to.equal(null);
    expect(didYouMean('x', STEPS)).to.deep.equal([]);
  });

  it('forgets upper and lower case', () => {
    expect(didYouMean('Shell', STEPS)).to.deep.equal(['did you mean "shell"?']);
  });

  it('counts a swap of neighbours as one change', () => {
    expect(editDistance('abcd', 'abdc')).to.equal(1);
    expect(editDistance('', 'abc')).to.equal(3);
  });
});
