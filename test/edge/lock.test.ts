// A host and a run are held by one process, and only by one that lives.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { holdOf, lockHosts, takeLock } from '../../src/edge/lock.ts';
import { isProvablyDead, thisProcess } from '../../src/edge/process-identity.ts';
import { hostLockPath } from '../../src/edge/state-folder.ts';
import { hostName, runId } from '../../src/model/ids.ts';
import { freshFolders } from './folder.ts';

const purpose = { run: runId('7f3a0001'), who: 'maria', since: 1_795_000_000_000 };
const deadPid = (): number => spawnSync('true').pid;

describe('a lock', () => {
  const folder = freshFolders();

  it('is held by one, and the second is told by whom and since when', async () => {
    const path = join(folder(), 'run.lock');
    const first = await takeLock(path, purpose);
    expect(first.is).to.equal('locked');
    const second = await takeLock(path, { ...purpose, who: 'joao' });
    expect(second.is === 'held' && second.by).to.include({ who: 'maria', since: purpose.since, run: '7f3a0001' });
    if (first.is === 'locked') first.lock.release();
    expect((await takeLock(path, purpose)).is).to.equal('locked');
  });

  it('of a dead process is broken by exactly one of many who come at once, and leaves no files behind', async () => {
    const root = folder();
    const path = join(root, 'run.lock');
    const dead = { ...(await thisProcess()), pid: deadPid(), started: '1' };
    writeFileSync(path, JSON.stringify({ v: 1, ...purpose, process: dead }));
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, n) => takeLock(path, { ...purpose, who: `w${n}` })),
    );
    expect(answers.filter(answer => answer.is === 'locked')).to.have.length(1);
    expect(readdirSync(root)).to.deep.equal(['run.lock']);
  });

  it('whose number was given to another process is broken too', async () => {
    const here = await thisProcess();
    if (here.started === null) return;
    expect(await isProvablyDead({ ...here, started: '1' })).to.equal(true);
    expect(await isProvablyDead(here)).to.equal(false);
  });

  it('is never broken for a process that may live: another controller, another number space, unreadable', async () => {
    const here = await thisProcess();
    const pid = deadPid();
    expect(await isProvablyDead({ ...here, pid, controller: 'elsewhere' })).to.equal(false);
    expect(await isProvablyDead({ ...here, pid, space: 'pid:[1]' })).to.equal(false);
    const path = join(folder(), 'run.lock');
    writeFileSync(path, 'half a li');
    expect(await takeLock(path, purpose)).to.deep.equal({ is: 'held', path, by: null });
    expect(readFileSync(path, 'utf8')).to.equal('half a li');
  });

  for (const [what, text] of [
    ['half a line', 'half a li'],
    ['nothing at all', ''],
    ['a lock of another version', JSON.stringify({ v: 2, ...purpose, process: {} })],
  ] as const) {
    it(`that holds ${what} is held for whoever asks as for whoever would take it`, async () => {
      const path = join(folder(), 'run.lock');
      writeFileSync(path, text);
      expect(await holdOf(path)).to.deep.equal({ is: 'held', by: null });
      expect(await takeLock(path, purpose)).to.deep.equal({ is: 'held', path, by: null });
    });
  }

  it('that is not there, or of a dead process, is free for whoever asks', async () => {
    const path = join(folder(), 'run.lock');
    expect(await holdOf(path)).to.deep.equal({ is: 'free' });
    const dead = { ...(await thisProcess()), pid: deadPid(), started: '1' };
    writeFileSync(path, JSON.stringify({ v: 1, ...purpose, process: dead }));
    expect(await holdOf(path)).to.deep.equal({ is: 'free' });
  });

  it('from before the last boot is broken', async () => {
    const here = await thisProcess();
    if (here.boot === null) return;
    expect(await isProvablyDead({ ...here, boot: 'an earlier boot' })).to.equal(true);
  });

  it('of several hosts is taken for all or none', async () => {
    const root = folder();
    const [a, b] = [hostName('bjork'), hostName('nacaozumbi')];
    const first = await lockHosts(root, [b], purpose);
    const second = await lockHosts(root, [b, a, a], { ...purpose, run: runId('00000002') });
    expect(second.is === 'held' && [second.host, second.by?.run]).to.deep.equal(['nacaozumbi', '7f3a0001']);
    expect(existsSync(hostLockPath(root, a))).to.equal(false);
    expect(await holdOf(hostLockPath(root, b))).to.have.nested.property('by.who', 'maria');
    if (first.is === 'locked') first.release();
    expect((await lockHosts(root, [b, a], purpose)).is).to.equal('locked');
  });

  it('keeps inside its folder whatever a host is called', async () => {
    const root = folder();
    mkdirSync(join(root, 'locks'));
    expect((await lockHosts(root, [hostName('../../etc/x')], purpose)).is).to.equal('locked');
    expect(readdirSync(join(root, 'locks'))).to.deep.equal(['..%2F..%2Fetc%2Fx.lock']);
  });
});
