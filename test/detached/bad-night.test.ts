// What a bad night does to the supervisor of long commands: a folder that somebody else laid out, a start that is killed
// when it has started, a shell without a word, a disk that gives nothing back. Nothing runs twice, nothing is taken for
// done, nobody waits for hours without a reason.
import { expect } from 'chai';
import type { Ended } from '../../src/model/command.ts';
import {
  forgetLine,
  FROM_THE_START,
  inheritLine,
  lookLine,
  readLeft,
  readReport,
} from '../../src/run/detached/lines.ts';
import { SCRIPTS } from '../../src/run/detached/script.ts';
import type { Far } from '../../src/run/detached/job.ts';
import { supervise } from '../../src/run/detached/watch.ts';
import {
  begun,
  cutEverywhere,
  endOf,
  farOf,
  fleet,
  FOLDER,
  isScript,
  jobOf,
  lineFor,
  PLACE,
  said,
  withScript,
} from './kit.ts';

const MARK = '/var/share/mark';
const line = lineFor(`echo ran >>${MARK}; echo one; sleep 40; echo two; exit 7`);
const WHOLE = { is: 'exited', code: 7, out: 'one\ntwo\n', err: '' };

/** The first line that begins it is another; all others are as they are. */
function startedBy(far: Far, first: (text: string) => Promise<Ended>): Far {
  let count = 0;
  const isFirst = (text: string): boolean => text.includes('echo begins') && (count += 1) === 1;
  return { ...far, exec: (text, feeds) => (isFirst(text) ? first(text) : far.exec(text, feeds)) };
}

describe('a folder that somebody else laid out', () => {
  it('is not cleared, though it leads to folders that are old', async () => {
    const world = fleet();
    await said(world, 'mkdir -p /tmp/home/letters; echo dear >/tmp/home/letters/one');
    await world.clock.sleep(60 * 86_400_000, 1);
    await said(world, 'ln -s /tmp/home /var/share/zoneferry');
    await farOf(world).exec(forgetLine(PLACE.run, [PLACE.key]));
    expect(await said(world, 'cat /tmp/home/letters/one')).to.equal('dear\n');
  });

  it('is not believed', async () => {
    const world = fleet();
    await said(world, `mkdir -p /tmp/trap/${PLACE.run}/${PLACE.key}; cd /tmp/trap/${PLACE.run}/${PLACE.key}`);
    await said(world, `cd /tmp/trap/${PLACE.run}/${PLACE.key}; ln -s 1@1 by; echo exited 0 >status; : >out; : >err`);
    await said(world, 'ln -s /tmp/trap /var/share/zoneferry');
    const why = '/var/share/zoneferry belongs to somebody else';
    expect(await supervise(farOf(world), jobOf(line))).to.deep.include({ is: 'not-started', why });
    const looked = await farOf(world).exec(lookLine({ run: PLACE.run, name: PLACE.key }, FROM_THE_START, 0));
    if (looked.is !== 'exited') throw new Error(looked.is);
    expect(readReport(looked)).to.deep.equal({ is: 'refused', why });
    expect(await farOf(world).exec(inheritLine(PLACE.run, ''))).to.include({ code: 3 });
  });
});

it('a list of what was left at work that was cut off is no answer: what it lacks may be at work', () => {
  const heard = (out: string) => readLeft({ is: 'exited', code: 0, out, err: '' });
  expect(heard('left 0f1e2d3c4b5a\nleft 5a4b3c2d1e0f\nend\n')).to.deep.include({
    value: ['0f1e2d3c4b5a', '5a4b3c2d1e0f'],
  });
  for (const cut of ['left 0f1e2d3c4b5a\n', 'left 0f1e2d3c4b5a\nen', ''])
    expect(heard(cut).is, cut).to.equal('unreadable');
});

it('a host that does not say who we are starts nothing, and that is said', async () => {
  const world = fleet();
  const unnamed = (text: string): string => text.replaceAll('/var/share', '/nowhere').replaceAll('$(id -u', '$(false');
  const far = farOf(world);
  const outcome = await supervise({ ...far, exec: text => far.exec(unnamed(text)) }, jobOf(line));
  expect(outcome).to.deep.include({ is: 'not-started', why: 'id -u names no user there' });
  expect(await said(world, 'ls /var/tmp')).to.equal('');
});

it('a start that is killed when it has started is looked at, and runs once', async function () {
  this.timeout(120_000);
  for (const cut of cutEverywhere(SCRIPTS.begin, isScript)) {
    const world = fleet();
    const far = farOf(world);
    const killed = startedBy(far, text => far.exec(withScript(text, SCRIPTS.begin, cut)));
    expect(endOf(await supervise(killed, jobOf(line))), cut).to.deep.equal(WHOLE);
    expect(await said(world, `cat ${MARK}`), cut).to.equal('ran\n');
  }
});

it('a password that is known to be wrong is the end of it at once', async () => {
  const world = fleet();
  const denied = { is: 'denied', why: 'wrong become password' } as const;
  let asked = 0;
  const exec: Far['exec'] = () => ((asked += 1) < 100 ? Promise.resolve(denied) : Promise.reject(new Error('no end')));
  const outcome = await supervise({ ...farOf(world), exec }, jobOf(line, { bySudo: true }));
  expect([endOf(outcome), asked]).to.deep.equal([denied, 1]);
});

it('output that the disk does not give back is asked for no faster than any silent host', async () => {
  const world = fleet();
  const far = farOf(world);
  let asked = 0;
  const exec: Far['exec'] = async text => {
    asked += 1;
    if (asked > 1000) throw new Error('no end');
    return far.exec(text.replaceAll('od -A', 'false -A'));
  };
  const outcome = await supervise({ ...far, exec }, jobOf(line));
  // It was told that it is over.
  expect([outcome.is, endOf(outcome).is]).to.deep.equal(['ended', 'lost']);
  expect(asked).to.be.lessThan(60);
});

it('a host that falls silent for longer than is borne leaves it open whether the command is at work', async () => {
  const world = fleet();
  const far = farOf(world);
  const folder = await begun(far, line);
  const away: Far['exec'] = () => Promise.resolve({ is: 'not-sent', why: 'no route' });
  const outcome = await supervise({ ...far, exec: away }, jobOf(line, { work: { is: 'begun', folder } }));
  expect([outcome.is, endOf(outcome).is]).to.deep.equal(['unseen', 'lost']);
  expect(endOf(await supervise(far, jobOf(line, { work: { is: 'begun', folder } })))).to.deep.equal(WHOLE);
});

it('a status without a word, as a power cut leaves one, is none', async () => {
  const world = fleet();
  const far = farOf(world);
  await begun(far, line);
  const pid = /-> (\d+)@/.exec(await said(world, `ls -l ${FOLDER}/by`))?.[1] ?? '';
  await said(world, `kill -9 ${pid}; : >${FOLDER}/status`);
  expect(endOf(await supervise(far, jobOf(line))).is).to.equal('lost');
});

it('a supervisor whose folder is taken away ends with its command', async () => {
  const world = fleet();
  const far = farOf(world);
  await begun(far, line);
  await said(world, `rm -rf ${FOLDER}`);
  await world.clock.sleep(120_000, 1);
  expect(await said(world, 'ps -eo args | grep [z]oneferry/ | wc -l | tr -d " "')).to.equal('0\n');
});
