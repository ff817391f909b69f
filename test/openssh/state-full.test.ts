// The disk of the state folder is full in the middle of a run: a real one of a few kilobytes, which only root can mount.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { openStage, type Stage } from '../cli/stage.ts';

const names = Array.from({ length: 60 }, (_, n) => `/tmp/made${n}`).join(', ');

describe('a disk that is full in the middle of a run', function () {
  this.timeout(300_000);
  let stage: Stage;
  let state: string;

  before(async () => {
    stage = await openStage('--fleet', 'seed', '--speed', '60');
    state = join(stage.dir, 'small');
    mkdirSync(state);
  });
  after(async () => {
    spawnSync('umount', [state]);
    await stage.close();
  });

  function mount(options: string): void {
    const { status, stderr } = spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', state], { encoding: 'utf8' });
    expect(status, stderr).to.equal(0);
  }

  const bookFor = (host: string): string =>
    stage.write(
      `${host}.yml`,
      `- hosts: ${host}\n  gather_facts: no\n  tasks: [ { file: { path: "{{ item }}", state: directory }, loop: [ ${names} ] } ]\n`,
    );

  /** Bytes of the same run's files on a host that is as this one. */
  async function sizes(): Promise<{ readonly plan: number; readonly journal: number }> {
    const { code, err } = await stage.zf(['run', '--yes', bookFor('nacaozumbi')]);
    expect(code, err).to.equal(0);
    const runs = join(stage.dir, 'state/runs');
    const sizeOf = (name: string): number => statSync(join(runs, readdirSync(runs)[0] ?? '', name)).size;
    return { plan: sizeOf('plan.json'), journal: sizeOf('journal.jsonl') };
  }

  it('ends it where it is, and names the folder; with room again it goes on, and does only what is left', async () => {
    const { plan, journal } = await sizes();
    mount(`size=${plan + Math.floor(journal / 2)}`);
    const env = { ZONEFERRY_STATE: state };
    const full = await stage.zf(['run', '--yes', bookFor('bjork')], env);
    expect(full.code, full.err).to.equal(4);
    expect(full.err).to.match(/broke off: ENOSPC[^\n]* in \S+\/small\/runs\/\w+; nothing more was started/);
    mount('remount,size=8m');
    const id = /zoneferry resume (\w+)/.exec(full.err)?.[1] ?? '';
    const again = await stage.zf(['resume', id, '--yes'], env);
    expect(again.code, again.err).to.equal(0);
    const ends = (await stage.zf(['show', id, '--json'], env)).out.match(/"type":"action-ended"/g) ?? [];
    expect(ends).to.have.length(60);
  });
});
