// The supervisor of long commands on a simulated host: whatever is cut, and whoever dies, the command runs once and its
// end is known.
import { expect } from 'chai';
import { powerCut } from '../../sim/world/power.ts';
import {
  beginLine,
  forgetLine,
  FROM_THE_START,
  inheritLine,
  lookLine,
  prepareLine,
  readReport,
} from '../../src/run/detached/lines.ts';
import type { Said } from '../../src/run/detached/job.ts';
import { SCRIPTS } from '../../src/run/detached/script.ts';
import { supervise } from '../../src/run/detached/watch.ts';
import {
  begun,
  cutEverywhere,
  endOf,
  farOf,
  fleet,
  FOLDER,
  HOME,
  isScript,
  jobOf,
  lineFor,
  PLACE,
  prepared,
  said,
  SHELLS,
  withScript,
} from './kit.ts';

const MARK = '/var/share/mark';
const WORK = `echo ran >>${MARK}; echo one; sleep 40; echo two; echo wrong >&2; exit 7`;
const WHOLE = { is: 'exited', code: 7, out: 'one\ntwo\n', err: 'wrong\n' };

for (const shell of SHELLS) {
  describe(`a long command under ${shell}`, () => {
    const line = lineFor(WORK, shell);

    it('is heard from its first word to its status', async () => {
      const world = fleet();
      const heard: string[] = [];
      const onOutput = ({ stream, text }: Said): void => void heard.push(`${stream} ${text}`);
      expect(endOf(await supervise(farOf(world, shell), jobOf(line, { onOutput })))).to.deep.equal(WHOLE);
      expect(heard).to.deep.equal(['out one\n', 'out two\n', 'err wrong\n']);
    });

    it('killed by a signal is told with its name', async () => {
      const world = fleet();
      const ended = endOf(await supervise(farOf(world, shell), jobOf(lineFor('kill -TERM $$', shell))));
      expect(ended).to.deep.equal({ is: 'signalled', name: 'TERM', out: '', err: '' });
    });

    it('runs once wherever the line that starts it is cut', async function () {
      this.timeout(300_000);
      const cuts = cutEverywhere(SCRIPTS.begin, isScript);
      expect(cuts.length).to.be.greaterThan(30);
      for (const cut of cuts) {
        const world = fleet();
        const far = farOf(world, shell);
        await far.exec(withScript(beginLine(await prepared(far, line), line), SCRIPTS.begin, cut));
        expect(endOf(await supervise(far, jobOf(line))), cut).to.deep.equal(WHOLE);
        expect(await said(world, `cat ${MARK}`), cut).to.equal('ran\n');
      }
      for (const cut of cutEverywhere(SCRIPTS.prepare, isScript)) {
        const world = fleet();
        const far = farOf(world, shell);
        await far.exec(withScript(prepareLine(PLACE, line), SCRIPTS.prepare, cut));
        expect(endOf(await supervise(far, jobOf(line))), cut).to.deep.equal(WHOLE);
        expect(await said(world, `cat ${MARK}`), cut).to.equal('ran\n');
      }
    });

    it('runs at most once wherever its supervisor is killed, and once if that was before it signed', async function () {
      this.timeout(300_000);
      const cuts = cutEverywhere(SCRIPTS.supervisor, isScript);
      const ends = new Map<string, number>();
      for (const cut of cuts) {
        const world = fleet();
        const far = farOf(world, shell);
        await far.exec(withScript(prepareLine(PLACE, line), SCRIPTS.supervisor, cut));
        await far.exec(beginLine(await prepared(far, line), line));
        const signed = (await said(world, `ls ${FOLDER}`)).includes('by');
        await far.exec(inheritLine(PLACE.run, PLACE.key));
        const { is } = endOf(await supervise(far, jobOf(line)));
        const ran = await said(world, `cat ${MARK} 2>/dev/null; true`);
        expect(['', 'ran\n'], cut).to.include(ran);
        if (!signed) expect([is, ran], cut).to.deep.equal(['exited', 'ran\n']);
        else expect(is, cut).to.be.oneOf(['exited', 'lost']);
        ends.set(is, (ends.get(is) ?? 0) + 1);
      }
      expect([...ends.keys()]).to.include.members(['exited', 'lost']);
    });

    it('is started once by two controllers at once, and both hear all of it', async () => {
      const world = fleet();
      const both = await Promise.all([1, 2].map(() => supervise(farOf(world, shell), jobOf(line))));
      expect(both.map(endOf)).to.deep.equal([WHOLE, WHOLE]);
      expect(await said(world, `cat ${MARK}`)).to.equal('ran\n');
    });
  });
}

describe('a cut line', () => {
  const line = lineFor(WORK);

  for (const how of ['lost-before', 'lost-after'] as const)
    it(`at any of its commands (${how}) costs a long command nothing`, async () => {
      const whole = fleet();
      await supervise(farOf(whole), jobOf(line));
      for (let nth = 1; nth <= whole.sent.length; nth += 1) {
        let [count, isOver] = [0, false];
        const world = fleet(() => (!isOver && (count += 1) === nth ? how : 'whole'));
        expect(endOf(await supervise(farOf(world), jobOf(line))), `cut ${nth}`).to.deep.equal(WHOLE);
        // It may have needed fewer commands than the one before: what is asked from here on isn't one of its own.
        isOver = true;
        expect(await said(world, `cat ${MARK}`)).to.equal('ran\n');
      }
    });

  it('for good ends in lost, when the host has been silent for as long as was said', async () => {
    let count = 0;
    const world = fleet(() => ((count += 1) > 1 ? 'lost-before' : 'whole'));
    const before = world.clock.now();
    expect(endOf(await supervise(farOf(world), jobOf(line))).is).to.equal('lost');
    expect(world.clock.now() - before).to.be.within(600_000, 700_000);
  });

  it('before anything could be sent is not-sent: nothing happened', async () => {
    const world = fleet();
    world.fleet.host(HOME).port = 'closed';
    expect(endOf(await supervise(farOf(world), jobOf(line))).is).to.equal('not-sent');
  });
});

describe('a controller that dies', () => {
  it('at any moment leaves a command that the next one takes up', async () => {
    const line = lineFor(WORK);
    const whole = fleet();
    await supervise(farOf(whole), jobOf(line));
    for (let nth = 1; nth <= whole.sent.length; nth += 1) {
      let count = 0;
      const world = fleet(() => {
        count += 1;
        return 'whole';
      });
      const far = farOf(world);
      const dying = {
        ...far,
        exec: (text: string) => (count >= nth ? new Promise<never>(() => undefined) : far.exec(text)),
      };
      void supervise(dying, jobOf(line));
      await world.clock.sleep(nth % 2 === 0 ? 1_000 : 200_000, 1);
      expect(endOf(await supervise(far, jobOf(line))), `dead after ${nth}`).to.deep.equal(WHOLE);
      expect(await said(world, `cat ${MARK}`)).to.equal('ran\n');
    }
  });
});

describe('a reboot', () => {
  const line = lineFor(WORK);

  it('under a long command is told as what killed it, even when its number is used again', async () => {
    const world = fleet();
    const far = farOf(world);
    await begun(far, line);
    const pid = Number(/-> (\d+)@/.exec(await said(world, `ls -l ${FOLDER}/by`))?.[1]);
    powerCut(world.fleet, world.fleet.host(HOME));
    await world.clock.sleep(1_200_000, 1);
    await world
      .hosts(HOME)
      .exec(`while [ "$n" != ${pid} ]; do sleep 90000 & n=$!; done >/dev/null 2>&1`, { limitMs: 600_000 });
    expect(await said(world, `kill -0 ${pid} && echo used`)).to.equal('used\n');
    expect(endOf(await supervise(far, jobOf(line)))).to.deep.equal({
      is: 'signalled',
      name: 'a reboot',
      out: 'one\n',
      err: '',
    });
    expect(await said(world, `cat ${MARK}`)).to.equal('ran\n');
  });

  it('is not what a clock that was set by an hour looks like', async () => {
    const world = fleet();
    const far = farOf(world);
    await begun(far, line);
    world.fleet.host(HOME).clockSkewMs = -3_600_000;
    expect(endOf(await supervise(far, jobOf(line)))).to.deep.equal(WHOLE);
  });

  it('that leads into another boot environment leaves the result where it was', async () => {
    const world = fleet();
    const far = farOf(world);
    expect(endOf(await supervise(far, jobOf(line)))).to.deep.equal(WHOLE);
    await said(world, 'beadm create -e solaris other 2>/dev/null || beadm create other; beadm activate other');
    powerCut(world.fleet, world.fleet.host(HOME));
    await world.clock.sleep(1_200_000, 1);
    expect(world.fleet.host(HOME).active).to.equal('other');
    expect(endOf(await supervise(far, jobOf(line)))).to.deep.equal(WHOLE);
    expect(await said(world, `cat ${MARK}`)).to.equal('ran\n');
  });
});

describe('output', () => {
  const heardOf = async (text: string) => {
    const heard: string[] = [];
    const onOutput = (said: Said): void => void heard.push(said.text);
    const ended = endOf(await supervise(farOf(fleet()), jobOf(lineFor(text), { onOutput })));
    return { ended, heard };
  };

  const bytes = (skip: number, count: number): string => `dd if=/tmp/f bs=1 skip=${skip} count=${count} 2>/dev/null`;

  it('whose character is cut in two by a look is put together again', async () => {
    const { ended, heard } = await heardOf(`printf 'São\\n' >/tmp/f; ${bytes(0, 2)}; sleep 30; ${bytes(2, 3)}`);
    expect(ended).to.deep.include({ out: 'São\n' });
    expect(heard).to.deep.equal(['S', 'ão\n']);
  });

  it('without a line end comes while the command runs', async () => {
    const { heard } = await heardOf('printf a; sleep 30; printf b');
    expect(heard).to.deep.equal(['a', 'b']);
  });

  it('that is no text keeps what is text', async () => {
    const { ended } = await heardOf(`printf 'aãb\\n' >/tmp/f; ${bytes(0, 2)}; ${bytes(3, 2)}`);
    expect(ended).to.deep.include({ out: 'a\uFFFDb\n' });
  });
});

describe('the folder', () => {
  const line = lineFor(WORK);

  it('is for its user alone, and is cleared away when nobody needs it any more', async () => {
    const world = fleet();
    const far = farOf(world);
    await supervise(far, jobOf(line));
    expect(await said(world, `ls -ld /var/share/zoneferry ${FOLDER} | cut -c1-10`)).to.equal(
      'drwx------\ndrwx------\n',
    );
    await far.exec(forgetLine(PLACE.run, [PLACE.key]));
    expect(await said(world, 'ls /var/share')).to.equal('mark\n');
  });

  it('of a command that is still at work stays', async () => {
    const world = fleet();
    const far = farOf(world);
    await begun(far, line);
    await far.exec(forgetLine(PLACE.run, [PLACE.key]));
    expect(endOf(await supervise(far, jobOf(line)))).to.deep.equal(WHOLE);
  });

  it('of another run goes when it is older than a month', async () => {
    const world = fleet();
    const far = farOf(world);
    await supervise(far, jobOf(line));
    const other = { run: PLACE.run.replace('0a', '0b') as typeof PLACE.run, key: PLACE.key };
    await world.clock.sleep(32 * 86_400_000, 1);
    await supervise(far, jobOf(line, { place: other }));
    await far.exec(forgetLine(other.run, [other.key]));
    expect(await said(world, 'ls /var/share')).to.equal('mark\n');
  });

  it('of somebody else is not used', async () => {
    const world = fleet();
    await said(world, 'mkdir /tmp/trap; ln -s /tmp/trap /var/share/zoneferry');
    expect(await supervise(farOf(world), jobOf(line))).to.deep.include({
      is: 'not-started',
      why: '/var/share/zoneferry belongs to somebody else',
    });
    expect(await said(world, 'ls /tmp/trap')).to.equal('');
  });

  it('that nobody began is told from one whose command runs', async () => {
    const world = fleet();
    const ended = await farOf(world).exec(lookLine({ run: PLACE.run, name: PLACE.key }, FROM_THE_START, 0));
    if (ended.is !== 'exited') throw new Error(ended.is);
    expect(readReport(ended)).to.deep.include({ is: 'ok' }).and.nested.include({ 'value.state.is': 'none' });
  });
});
