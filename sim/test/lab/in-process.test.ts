// A fleet without sockets ends commands as an SSH client would see them end.
import { expect } from 'chai';
import { inProcessFleet } from '../../lab/in-process.ts';
import type { InProcessFleet, InProcessHost, Seen } from '../../lab/in-process.ts';
import { jumpingClock } from '../../os/clock.ts';
import { generateFleet } from '../../world/generate.ts';
import { shutDown } from '../../world/power.ts';

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString();

describe('fleet in this process', () => {
  let fleet: InProcessFleet;
  let host: InProcessHost;

  beforeEach(() => {
    fleet = inProcessFleet(generateFleet({ hosts: 2, zones: 2, seed: 1 }), jumpingClock(1.5e12));
    host = fleet.host('zh01');
  });

  const reboot = (): void => shutDown(fleet.fleet, fleet.fleet.host('zh01'), { graceful: true, to: 'reboot' });
  const until = (what: string): Promise<void> =>
    new Promise(resolve => {
      const stop = fleet.fleet.onChange((_fleet, transition) => {
        if (transition.what !== what || transition.host !== 'zh01') return;
        stop();
        resolve();
      });
    });

  it('gives output, errors and status', async () => {
    const { ending, out, err } = await host.exec('echo hello; echo oops >&2; exit 7');
    expect([ending, text(out), text(err)]).to.deep.equal([{ is: 'exited', status: 7 }, 'hello\n', 'oops\n']);
  });

  it('feeds standard input and hears output as it comes', async () => {
    const heard: string[] = [];
    const onOutput = (stream: string, bytes: Uint8Array): number => heard.push(`${stream} ${text(bytes)}`);
    await host.exec('read x; echo "got $x"', { stdin: Buffer.from('word\n'), onOutput });
    expect(heard.join('')).to.equal('out got word\n');
  });

  it('tells a signal as a signal', async () => {
    expect((await host.exec('kill -9 $$')).ending).to.deep.equal({ is: 'signalled', signal: 'KILL' });
  });

  it('loses what runs when the line is cut; the command runs on', async () => {
    const lost = host.exec('sleep 60; echo done >/var/tmp/mark');
    await host.exec('sleep 1');
    fleet.fleet.cut('zh01');
    expect((await lost).ending).to.deep.equal({ is: 'lost' });
    expect(host.read('/var/tmp/mark')).to.equal(null);
    await host.exec('sleep 120');
    expect(text(host.read('/var/tmp/mark')?.bytes ?? new Uint8Array())).to.equal('done\n');
  });

  it('loses what runs when the host goes down, with the output so far', async () => {
    reboot();
    const { ending, out } = await host.exec('echo before; sleep 10000; echo after');
    expect([ending, text(out)]).to.deep.equal([{ is: 'lost' }, 'before\n']);
  });

  it('sends nothing to a host that is down, and is answered again after its boot', async () => {
    const down = until('host-down');
    reboot();
    await down;
    const refused = (seen: Seen): string => seen.ending.is;
    expect([host.answers, refused(await host.exec('echo x'))]).to.deep.equal([false, 'not-sent']);
    while (!host.answers) await until('service-changed');
    expect((await host.exec('echo back')).ending).to.deep.equal({ is: 'exited', status: 0 });
  });

  it('reads and writes files with their mode, whole or not at all', async () => {
    host.write('/root/f', { bytes: Buffer.from('abc'), mode: 0o640 });
    const seen = host.read('/root/f');
    expect([text(seen?.bytes ?? new Uint8Array()), seen?.mode]).to.deep.equal(['abc', 0o640]);
    expect(host.read('/root/none')).to.equal(null);
    expect(() => host.write('/none/f', { bytes: Buffer.from('x'), mode: 0o600 })).to.throw('No such file');
  });

  it('lets the client go before the end', async () => {
    const leave = new AbortController();
    const left = host.exec('sleep 1000', { leave: leave.signal });
    leave.abort();
    expect((await left).ending).to.deep.equal({ is: 'lost' });
  });
});
