// Lines that are held up on the host at any of their places, for longer than the whole command takes, and go on when it is
// over and cleared away: nothing runs twice, and nothing that was put away begins.
import { expect } from 'chai';
import { beginLine, type DetachedFolder, forgetLine, inheritLine, prepareLine } from '../../src/run/detached/lines.ts';
import { SCRIPTS } from '../../src/run/detached/script.ts';
import type { Far } from '../../src/run/detached/job.ts';
import { supervise } from '../../src/run/detached/watch.ts';
import type { Simulated } from '../fleet/simulated.ts';
import {
  begun,
  endOf,
  farOf,
  fleet,
  type Gate,
  heldEverywhere,
  isScript,
  jobOf,
  lineFor,
  PLACE,
  prepared,
  said,
  withScript,
} from './kit.ts';

const MARK = '/var/share/mark';
const GATE: Gate = { go: '/tmp/go', held: '/tmp/held', nap: '30' };
const line = lineFor(`echo ran >>${MARK}; echo one; sleep 5; exit 7`);
const WHOLE = { is: 'exited', code: 7, out: 'one\n', err: '' };

const ran = (world: Simulated): Promise<string> => said(world, `cat ${MARK} 2>/dev/null; true`);

interface Late {
  /** It may go on, and has come to its end. */
  readonly letGo: () => Promise<void>;
}

/** Sent, and left alone where it is held up. */
async function heldUp(world: Simulated, far: Far, text: string): Promise<Late> {
  const late = far.exec(`${text}; : >${GATE.held}`);
  await said(world, `while [ ! -f ${GATE.held} ]; do sleep 30; done`);
  return {
    async letGo() {
      await said(world, `: >${GATE.go}`);
      await late;
      await world.clock.sleep(60_000, 1);
    },
  };
}

/** Once, and heard; then what it left is cleared away, the late line goes on, and after it whoever else may be late. */
async function onlyOnce(world: Simulated, late: Late, others: readonly string[], at: string): Promise<void> {
  const far = farOf(world);
  expect(endOf(await supervise(far, jobOf(line))), at).to.deep.equal(WHOLE);
  await far.exec(forgetLine(PLACE.run, [PLACE.key]));
  await late.letGo();
  for (const other of others) await far.exec(other);
  await world.clock.sleep(60_000, 1);
  expect(await ran(world), at).to.equal('ran\n');
  await far.exec(forgetLine(PLACE.run, [PLACE.key]));
  expect(await said(world, 'ls /var/share'), at).to.equal('mark\n');
}

describe('a line that is held up until its command is over and cleared away', function () {
  this.timeout(60_000);

  it('begins nothing, wherever it was held up', async () => {
    for (const held of heldEverywhere(SCRIPTS.begin, GATE, isScript)) {
      const world = fleet();
      const far = farOf(world);
      const text = beginLine(await prepared(far, line), line);
      await onlyOnce(world, await heldUp(world, far, withScript(text, SCRIPTS.begin, held)), [text], held);
    }
  });

  it('that prepares begins nothing, and a late one that begins does not find its folder', async () => {
    for (const held of heldEverywhere(SCRIPTS.prepare, GATE, isScript)) {
      const world = fleet();
      const far = farOf(world);
      const late = await heldUp(world, far, withScript(prepareLine(PLACE, line), SCRIPTS.prepare, held));
      const folder = await prepared(far, line);
      await onlyOnce(world, late, [beginLine(folder, line)], held);
    }
  });

  it('and its supervisor, wherever it has not signed', async () => {
    const [before = '', after = ''] = SCRIPTS.supervisor.split(/(?=ln -s )/);
    for (const held of heldEverywhere(before, GATE, text => isScript(`${text}${after}`))) {
      const world = fleet();
      const far = farOf(world);
      const text = withScript(prepareLine(PLACE, line), SCRIPTS.supervisor, `${held}${after}`);
      const folder = await prepared({ exec: () => far.exec(text) }, line);
      const late = await heldUp(world, far, beginLine(folder, line));
      await far.exec(inheritLine(PLACE.run, PLACE.key));
      await onlyOnce(world, late, [beginLine(folder, line)], held);
    }
  });
});

describe('what was prepared and not begun', () => {
  const lateAfter = async (put: (folder: DetachedFolder) => string): Promise<string> => {
    const world = fleet();
    const far = farOf(world);
    const folder = await prepared(far, line);
    await far.exec(put(folder));
    await far.exec(beginLine(folder, line));
    await world.clock.sleep(60_000, 1);
    return ran(world);
  };

  it('never begins once its move is over', async () => {
    expect(await lateAfter(({ run }) => forgetLine(run, [PLACE.key]))).to.equal('');
  });

  it('never begins once a resumed run has taken over', async () => {
    expect(await lateAfter(({ run }) => inheritLine(run, PLACE.key))).to.equal('');
  });

  it('begins in one folder only, however many were made', async () => {
    const world = fleet();
    const far = farOf(world);
    const folders = [await prepared(far, line), await prepared(far, line), await begun(far, line)];
    await world.clock.sleep(60_000, 1);
    for (const folder of [...folders, await prepared(far, line)]) await far.exec(beginLine(folder, line));
    await world.clock.sleep(60_000, 1);
    expect(await ran(world)).to.equal('ran\n');
  });
});
