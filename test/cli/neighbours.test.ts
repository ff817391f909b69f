// Two runs at once: what one of them holds, the other doesn't count on.
import { expect } from 'chai';
import { besideThem } from '../../src/cli/neighbours.ts';
import { hostName, runId } from '../../src/model/ids.ts';
import { play, planOf } from '../run/program.ts';
import { host } from '../plan/world.ts';
import type { Speech } from '../../src/cli/speech.ts';

function listening(): { readonly speech: Pick<Speech, 'err'>; readonly heard: () => string } {
  let heard = '';
  return { speech: { err: text => void (heard += text) }, heard: () => heard };
}

describe('a plan made while another run is at work', () => {
  const { program } = planOf([play(['nacaozumbi'], [])], { others: ['bjork', 'spare'] });
  const facts = Object.fromEntries(['nacaozumbi', 'bjork', 'spare'].map(name => [hostName(name), host(name)]));
  const run = runId('0000beef');

  it('sends no zone to a host that the other run holds, and says so', () => {
    const { speech, heard } = listening();
    const held = new Map([[hostName('bjork'), run]]);
    expect(Object.keys(besideThem(speech, facts, { program, held }))).to.deep.equal(['nacaozumbi', 'spare']);
    expect(heard()).to.contain('host bjork: run 0000beef is at work there');
  });

  it('still knows its own hosts: the run is refused when it starts, with who holds them', () => {
    const { speech, heard } = listening();
    const held = new Map([[hostName('nacaozumbi'), run]]);
    expect(Object.keys(besideThem(speech, facts, { program, held }))).to.have.members(Object.keys(facts));
    expect(heard()).to.equal('');
  });
});
