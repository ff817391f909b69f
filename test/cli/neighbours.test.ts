// Two runs at once: what one of them holds, the other doesn't count on.
import { expect } from 'chai';
import { mkdirSync, writeFileSync } from 'node:fs';
import { lockHosts } from '../../src/edge/lock.ts';
import { hostLockPath, runPaths } from '../../src/edge/state-folder.ts';
import { besideThem, neighboursOf } from '../../src/cli/neighbours.ts';
import { hostName, runId } from '../../src/model/ids.ts';
import { freshFolders } from '../edge/folder.ts';
import { play, planOf, task } from '../run/program.ts';
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

  const folder = freshFolders();

  it('counts every host that is locked as held, also where the plan and the journal of that run can’t be read', async () => {
    const root = folder();
    const paths = runPaths(root, run);
    mkdirSync(paths.folder, { recursive: true });
    for (const path of [paths.plan, paths.journal]) writeFileSync(path, 'half a li');
    const locked = await lockHosts(root, [hostName('bjork')], { run, who: 'maria', since: 0 });
    writeFileSync(hostLockPath(root, hostName('spare')), 'half a li');
    const { speech, heard } = listening();
    const moving = planOf([play(['nacaozumbi'], [task('zones.evacuate')])]).program;
    const { held } = await neighboursOf({ ...speech, env: { ZONEFERRY_STATE: root } }, moving);
    if (locked.is === 'locked') locked.release();
    expect([...held]).to.deep.equal([
      ['bjork', run],
      ['spare', null],
    ]);
    expect(Object.keys(besideThem(speech, facts, { program, held }))).to.deep.equal(['nacaozumbi']);
    expect(heard()).to.contain("host spare: somebody holds it whose lock can't be read");
  });

  it('still knows its own hosts: the run is refused when it starts, with who holds them', () => {
    const { speech, heard } = listening();
    const held = new Map([[hostName('nacaozumbi'), run]]);
    expect(Object.keys(besideThem(speech, facts, { program, held }))).to.have.members(Object.keys(facts));
    expect(heard()).to.equal('');
  });
});
