// Where runs lie, and that what is kept there comes back as it was.
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { systemClock } from '../../src/edge/clock.ts';
import { diskFiles } from '../../src/edge/files.ts';
import { keepIn } from '../../src/edge/keep.ts';
import { createRun, findRun, listRuns, newRunId, readKey, stateRoot } from '../../src/edge/state-folder.ts';
import { runId } from '../../src/model/ids.ts';
import { freshFolders } from './folder.ts';

describe('the state folder', () => {
  const folder = freshFolders();

  it('lies where ZONEFERRY_STATE says, else under XDG_STATE_HOME, else at home', () => {
    expect(stateRoot({ ZONEFERRY_STATE: '/srv/zf', XDG_STATE_HOME: '/x' })).to.equal('/srv/zf');
    expect(stateRoot({ XDG_STATE_HOME: '/x' })).to.equal('/x/zoneferry');
    const home = join(homedir(), '.local/state/zoneferry');
    expect([stateRoot({}), stateRoot({ XDG_STATE_HOME: 'relative', ZONEFERRY_STATE: '' })]).to.deep.equal([home, home]);
  });

  it('finds a run by the start of its id when only one fits', async () => {
    const root = folder();
    for (const id of ['7f3a0001', '7f3a0002', '00c0ffee']) await createRun(root, runId(id), '{}');
    expect(await listRuns(root)).to.deep.equal(['00c0ffee', '7f3a0001', '7f3a0002']);
    const found = await findRun(root, '00c');
    expect(found.is === 'found' && found.paths.id).to.equal('00c0ffee');
    expect(await findRun(root, '7f3a')).to.deep.equal({ is: 'several', ids: ['7f3a0001', '7f3a0002'] });
    expect([await findRun(root, 'ff'), await findRun(root, '')]).to.deep.equal([{ is: 'none' }, { is: 'none' }]);
    expect(await listRuns(folder())).to.deep.equal([]);
  });

  it('keeps the plan as it was given and the key for its owner alone', async () => {
    const paths = await createRun(folder(), newRunId(), '{"v":1}');
    expect(readFileSync(paths.plan, 'utf8')).to.equal('{"v":1}');
    expect(statSync(paths.key).mode & 0o777).to.equal(0o600);
    expect(statSync(paths.folder).mode & 0o777).to.equal(0o700);
    expect((await readKey(paths))?.length).to.equal(32);
    expect(paths.id).to.match(/^[0-9a-f]{8}$/);
  });
});

describe('kept file contents', () => {
  const folder = freshFolders();

  it('come back by their digest, and a damaged copy counts as not there', async () => {
    const dir = folder();
    const keep = keepIn(dir);
    const digest = await keep.put(Buffer.from('motd'));
    expect(await keep.put(Buffer.from('motd'))).to.equal(digest);
    expect(Buffer.from((await keep.get(digest)) ?? []).toString()).to.equal('motd');
    writeFileSync(join(dir, digest), 'other');
    expect(await keep.get(digest)).to.equal(null);
    expect([await keep.get('0'.repeat(64)), await keep.get('../key')]).to.deep.equal([null, null]);
  });
});

describe('files and clock of this machine', () => {
  const folder = freshFolders();

  it('a missing file is an answer with the reason, a missing folder holds nothing', async () => {
    const files = diskFiles();
    const dir = folder();
    writeFileSync(join(dir, 'b'), 'two');
    writeFileSync(join(dir, 'a'), 'one');
    expect(await files.list(dir)).to.deep.equal(['a', 'b']);
    expect(await files.list(join(dir, 'none'))).to.deep.equal([]);
    expect(await files.read(join(dir, 'a'))).to.deep.equal({ is: 'text', text: 'one' });
    expect(await files.read(join(dir, 'none'))).to.deep.equal({ is: 'missing', why: 'there is no such file' });
    expect(await files.read(dir)).to.deep.equal({ is: 'missing', why: 'it is a folder' });
  });

  it('a wait of nothing gives everybody else who is due their turn', async () => {
    let had = false;
    setImmediate(() => {
      had = true;
    });
    await systemClock().sleep(0, 1);
    expect(had).to.equal(true);
  });

  it('a wait ends at once when it is aborted, and a wait of nothing soon', async () => {
    const clock = systemClock();
    const control = new AbortController();
    const waits = [clock.sleep(3_600_000, 1, control.signal), clock.sleep(0, 1), clock.sleep(-5, 2)];
    control.abort();
    await Promise.all([...waits, clock.sleep(3_600_000, 1, control.signal)]);
  });
});
