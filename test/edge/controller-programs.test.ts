// Programs on this side (inventories that are programs) come to an end, and say how.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { controllerPrograms } from '../../src/edge/controller-programs.ts';

describe('a program on the controller', () => {
  const programs = controllerPrograms();
  let dir: string;
  before(() => {
    dir = mkdtempSync(join(tmpdir(), 'zf-programs-'));
  });
  after(() => rmSync(dir, { recursive: true }));
  const script = (text: string, mode = 0o755): string => {
    const path = join(dir, 'program');
    rmSync(path, { force: true });
    writeFileSync(path, `#!/bin/sh\n${text}\n`, { mode });
    return path;
  };

  it('ends with its status, its output and what it says of itself, each word handed over as it is', async () => {
    const path = script('echo "$1|$2"; echo oops >&2; exit 3');
    const ran = await programs.run(path, ['--host', 'a b; id'], 10_000);
    expect(ran).to.deep.equal({ is: 'exited', code: 3, out: '--host|a b; id\n', err: 'oops\n' });
  });

  it('that goes on too long is ended, with all that it started', async () => {
    // The sleepers hold its output open: only when they are gone, too, is it over.
    const path = script('echo begun; sleep 600 & sleep 600');
    // A busy machine may take longer than that until it begins: then the limit is too short for this claim.
    let ran = await programs.run(path, [], 300);
    for (let limitMs = 600; ran.is === 'timed-out' && ran.out === ''; limitMs *= 2)
      ran = await programs.run(path, [], limitMs);
    expect(ran).to.deep.equal({ is: 'timed-out', out: 'begun\n', err: '' });
  });

  it('that was ended by a signal says by which', async () => {
    expect(await programs.run(script('kill -TERM $$'), [], 10_000)).to.deep.include({
      is: 'signalled',
      signal: 'SIGTERM',
    });
  });

  it('that is none can not be started, and says why', async () => {
    expect(await programs.run(join(dir, 'nothing'), [], 10_000)).to.have.property('is', 'not-started');
    const path = script('echo', 0o644);
    expect(await programs.executable(path)).to.equal(false);
    expect(await programs.executable(script('echo'))).to.equal(true);
  });
});
