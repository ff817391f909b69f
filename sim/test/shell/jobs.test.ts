// Jobs, signals and scripts on standard input: what a supervisor on a host needs, with the clock moved by hand.
import { expect } from 'chai';
import { manualClock } from '../../os/clock.ts';
import type { SimMachine } from '../../os/machine.ts';
import { toBytes } from '../../os/process.ts';
import { labHost, START, say, start } from '../os/lab-host.ts';

/** Locks, writes the job down, starts it away from the session, says its pid. */
const SUPERVISOR = `
umask 077
dir=/var/tmp/zf
mkdir $dir 2>/dev/null || { echo busy; exit 2; }
cat >$dir/job <<'JOB'
echo $$ >pid
for i in 1 2 3; do echo line $i; sleep 10; done
echo 0 >rc.new && mv rc.new rc
JOB
cd $dir
nohup /bin/sh ./job >out 2>&1 </dev/null &
echo started $!
`;

describe('jobs', () => {
  for (const shell of ['/bin/sh', '/usr/bin/bash']) {
    it(`a supervisor's job outlives its session and is found again (${shell})`, async () => {
      const clock = manualClock(START);
      const host = labHost({ clock, shell });
      const run = async (script: string): Promise<string> => {
        const { said } = start(host, script);
        await clock.advance(1);
        return (await said).out;
      };
      expect(await run(SUPERVISOR)).to.match(/^started \d+\n$/);
      expect(await run(SUPERVISOR)).to.equal('busy\n');
      await clock.advance(15_000);
      expect(
        await run('cd /var/tmp/zf; kill -0 `cat pid` && echo alive; cat out; ls -l out rc 2>/dev/null | cut -c1-10'),
      ).to.equal('alive\nline 1\nline 2\n-rw-------\n');
      await clock.advance(20_000);
      expect(await run('cd /var/tmp/zf; kill -0 `cat pid` 2>/dev/null || echo over; cat rc; tail -c +8 out')).to.equal(
        'over\n0\nline 2\nline 3\n',
      );
      expect(host.processes()).to.deep.equal([]);
    });
  }

  it('wait is interrupted by a trapped signal, and can wait again', async () => {
    const clock = manualClock(START);
    const host = labHost({ clock, shell: '/bin/sh' });
    const script = 'trap "echo usr" USR1; sleep 50 & p=$!; echo $$; wait $p; echo $?; wait $p; echo $?';
    const { out, said } = start(host, script);
    await clock.advance(1000);
    host.kill(Number(out()), 'USR1');
    await clock.advance(60_000);
    expect((await said).out.split('\n').slice(1).join(' ')).to.equal('usr 272 0 ');
  });

  it('a trap waits for the child in the foreground', async () => {
    const clock = manualClock(START);
    const host = labHost({ clock });
    const { out, said } = start(host, 'trap "echo term; exit 9" TERM; echo $$; sleep 10; echo no');
    await clock.advance(1000);
    host.kill(Number(out()), 'TERM');
    await clock.advance(1000);
    expect(out().split('\n').length).to.equal(2);
    await clock.advance(10_000);
    expect((await said).out).to.match(/^\d+\nterm\n$/);
    expect((await said).status).to.equal(9);
  });

  it('an EXIT trap runs when a signal ends the shell, at once', async () => {
    const clock = manualClock(START);
    const host = labHost({ clock });
    const { out, said } = start(host, 'trap "echo cleanup" EXIT; echo $$; sleep 1000 >/dev/null 2>&1; echo no');
    await clock.advance(1000);
    host.kill(Number(out()), 'TERM');
    await clock.advance(1);
    expect((await said).out).to.match(/^\d+\ncleanup\n$/);
    expect((await said).status).to.equal('TERM');
    host.halt();
  });

  it('a lost terminal sends HUP, a lost pipe does not', async () => {
    const clock = manualClock(START);
    const host = labHost({ clock });
    const run = (tty: boolean) =>
      host.exec('trap "echo hup >/var/tmp/hup; exit 1" HUP; nohup sleep 50 & wait', {
        user: 'root',
        tty,
        onOut() {},
        onErr() {},
      });
    const files = (): Promise<string> =>
      say(host, 'ls /var/tmp; pgrep -l sleep').then(said => said.out.replace(/\d+ /g, ''));
    const quiet = run(false);
    await clock.advance(1000);
    quiet?.detach();
    await clock.advance(1000);
    expect(host.processes().length).to.equal(2);
    host.halt();
    host.boot('solaris');
    const loud = run(true);
    await clock.advance(1000);
    loud?.detach();
    await clock.advance(1000);
    expect(host.processes().map(process => process.command)).to.deep.equal(['sleep 50']);
    const seen = files();
    await clock.advance(1);
    expect(await seen).to.equal('hup\n  sleep\n');
    host.halt();
  });

  it('process numbers begin low again after a boot', async () => {
    const host = labHost();
    const first = (await say(host, 'echo $$')).out;
    await say(host, 'true; true');
    host.boot('solaris');
    expect((await say(host, 'echo $$')).out).to.equal(first);
  });
});

describe('sh -s', () => {
  const fed = async (host: SimMachine, script: string): Promise<string> =>
    (await say(host, '/bin/sh -s -- one two', script)).out;

  it('reads its script from standard input, with parameters', async () => {
    expect(await fed(labHost(), 'echo $# $1\nif true\nthen echo yes\nfi\ncat <<X\nhere $2\nX\n')).to.equal(
      '2 one\nyes\nhere two\n',
    );
  });

  it('reads no further than the command needs', async () => {
    expect(await fed(labHost(), 'read v\nthis line is data\necho "$v"\n')).to.equal('this line is data\n');
  });

  it('runs each line as it comes', async () => {
    const clock = manualClock(START);
    const { execution, out, said } = start(labHost({ clock }), 'sh');
    execution.input(toBytes('echo a\n'));
    await clock.advance(1);
    expect(out()).to.equal('a\n');
    execution.input(toBytes('echo b; exit 5\n'));
    execution.input(null);
    await clock.advance(1);
    expect(await said).to.deep.equal({ out: 'a\nb\n', err: '', status: 5 });
  });
});
