import { setImmediate } from 'node:timers/promises';
import { expect } from 'chai';
import { FramedShell } from '../../src/edge/ssh/framed-shell.ts';
import { SudoRights } from '../../src/edge/ssh/sudo.ts';
import type { ExecPlace, Link } from '../../src/edge/ssh/transport.ts';
import { handClock } from './ssh-rig.ts';

const OPENING_MS = 15_000;
const MINUTE_MS = 60_000;

/** A host that opens a pipe to whatever stands in the place of the shell, and says not a word. */
function muteHost() {
  const pipes: { written: number; closed: boolean }[] = [];
  const nothing = (): never => {
    throw new Error('only a pipe is asked for');
  };
  const link: Link = {
    ...{ alive: () => true, onGone: nothing, end: nothing, cut: nothing, exec: nothing, read: nothing },
    pipe: () => {
      const pipe = { written: 0, closed: false };
      pipes.push(pipe);
      const close = (): void => void (pipe.closed = true);
      return Promise.resolve({ is: 'open', pipe: { write: () => (pipe.written += 1), close } });
    },
  };
  const clock = handClock({ ends: 'by-hand' });
  const place: ExecPlace = { clock, limitBytes: 1000, restTo: () => null, sudo: new SudoRights(null) };
  return { shell: new FramedShell(link), pipes, clock, place };
}

describe('the shell for looks of a host that says nothing', () => {
  for (const ahead of [false, true])
    it(`is given up after 15 s${ahead ? ', opened ahead as well' : ''}, and the look goes elsewhere`, async () => {
      const { shell, pipes, clock, place } = muteHost();
      if (ahead) await shell.open(place);
      const asked = shell.ask('true', MINUTE_MS, place);
      await setImmediate();
      clock.ring(OPENING_MS);
      expect(await asked).to.equal('none');
      expect(pipes).to.deep.equal([{ written: 1, closed: true }]);
      expect(await shell.ask('true', MINUTE_MS, place)).to.equal('none');
      expect(pipes, 'it is not tried again').to.have.length(1);
    });

  it('stays for a first look that comes late when it is opened ahead', async () => {
    const { shell, pipes, clock, place } = muteHost();
    await shell.open(place);
    clock.ring(OPENING_MS);
    await setImmediate();
    expect(pipes).to.deep.equal([{ written: 0, closed: false }]);
  });
});
