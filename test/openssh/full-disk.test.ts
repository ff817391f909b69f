// A disk that is full where the supervisor keeps what it knows: said before anything begins, waited out afterwards.
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'chai';
import { SCRIPTS } from '../../src/run/detached/script.ts';
import type { Far } from '../../src/run/detached/job.ts';
import { supervise } from '../../src/run/detached/watch.ts';
import { endOf, freshRun, jobOf, lineFor } from '../detached/kit.ts';
import { freshServers } from './sshd.ts';

const place = { run: freshRun(), key: 'aaaa-1' };

describe('a disk of the host that is full', function () {
  this.timeout(300_000);
  let disk = '';
  // Before the folder of the test goes.
  afterEach(() => disk !== '' && spawnSync('umount', ['-l', disk]));
  const servers = freshServers();
  beforeEach(function () {
    disk = join(servers.folder(), 'disk');
    mkdirSync(disk);
    const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', disk]);
    if (status === 0) return;
    disk = '';
    this.skip();
  });

  const fill = (): void => {
    // What fills it already stays: there is never room in between.
    spawnSync('dd', ['if=/dev/zero', `of=${join(disk, 'fill')}`, 'bs=1k', 'oflag=append', 'conv=notrunc']);
  };

  /** A host whose folder for long commands lies there. */
  async function far(): Promise<Far> {
    const server = await servers.start();
    const host = servers.reach(server.connection);
    return {
      exec: line => host.exec(line.replaceAll('/var/share', disk), { limitMs: 60_000 }),
      reconnect: () => host.reconnect(),
      now: () => Date.now(),
      sleep: () => pause(100),
      stopping: () => false,
      stopped: new Promise(() => undefined),
    };
  }

  it('lets nothing begin, and that is said', async () => {
    fill();
    const mark = join(servers.folder(), 'mark');
    const outcome = await supervise(await far(), jobOf(lineFor(`echo ran >${mark}`), { place }));
    expect(outcome).to.deep.include({ is: 'not-started' });
    expect(JSON.stringify(outcome)).to.match(/is its disk full\?/);
    expect(() => rmSync(mark)).to.throw();
  });

  it('in the middle keeps the end of a command from being known until there is room, and that is said', async () => {
    const go = join(servers.folder(), 'go');
    const troubles: string[] = [];
    let room = false;
    const onTrouble = (text: string): void => {
      troubles.push(text);
      rmSync(join(disk, 'fill'));
      room = true;
    };
    const line = lineFor(`until [ -f ${go} ]; do sleep 0.1; done; exit 7`);
    const begun = await far();
    const watched = supervise(
      {
        ...begun,
        async exec(text) {
          const ended = await begun.exec(text.replace(/ 15'?$/, ' 1'));
          if (room || text.includes(SCRIPTS.prepare)) return ended;
          fill();
          writeFileSync(go, '');
          return ended;
        },
      },
      jobOf(line, { place, onTrouble }),
    );
    expect(endOf(await watched)).to.deep.include({ is: 'exited', code: 7 });
    expect(troubles).to.deep.equal([
      'it is over there, but its status cannot be written: make room on that disk, and what came of it is known',
    ]);
  });
});
