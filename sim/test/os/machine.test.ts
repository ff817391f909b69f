// A machine as sshd sees it: commands in, bytes and endings out; trees, halt and boot.
import { expect } from 'chai';
import { settle } from '../../os/breath.ts';
import { manualClock } from '../../os/clock.ts';
import { FileError, machineFiles, OpenFile } from '../../os/files.ts';
import { labHost, say, start, START } from './lab-host.ts';

describe('machine', () => {
  it('runs a program of the world through the login shell', async () => {
    const host = labHost({
      programs: {
        '/usr/sbin/zoneadm': async (proc, argv) => {
          await proc.out(`${argv.join(' ')} ${proc.env.get('LC_ALL') ?? ''}\n`);
          return 3;
        },
      },
    });
    expect(await say(host, 'LC_ALL=C /usr/sbin/zoneadm list -cp')).to.deep.equal({
      out: '/usr/sbin/zoneadm list -cp C\n',
      err: '',
      status: 3,
    });
  });

  it('streams: a line is outside before the program ends', async () => {
    const clock = manualClock(START);
    const { out, said } = start(labHost({ clock }), 'echo one; sleep 5; echo two');
    await clock.advance(1);
    expect(out()).to.equal('one\n');
    await clock.advance(5000);
    expect((await said).out).to.equal('one\ntwo\n');
  });

  it('a halt takes every process without a word and leaves no pipe open', async () => {
    const clock = manualClock(START);
    const host = labHost({ clock });
    const { said } = start(host, 'trap "echo bye" EXIT; echo x > /tmp/x; echo y > /var/y; sleep 100 | cat');
    await clock.advance(1);
    host.halt();
    expect(await said).to.deep.equal({ out: '', err: '', status: 'gone' });
    expect(host.processes()).to.deep.equal([]);
    expect(host.openPipeEnds()).to.equal(0);
    expect(host.exec('true', { user: 'root', onOut() {}, onErr() {} })).to.equal(null);
    host.boot('solaris');
    expect((await say(host, 'cat /tmp/x 2>/dev/null; cat /var/y')).out).to.equal('y\n');
  });

  it('a boot environment has its own root; /var/share and /export are for all', async () => {
    const host = labHost();
    await say(host, 'echo old > /etc/release; echo s > /var/share/s');
    host.trees.clone('solaris', 'solaris-1');
    await say(host, 'echo newer > /etc/release');
    host.trees.write('solaris-1', '/etc/motd', new TextEncoder().encode('hello\n'));
    host.boot('solaris-1');
    expect((await say(host, 'cat /etc/release /etc/motd /var/share/s')).out).to.equal('old\nhello\ns\n');
  });

  it('a cut session gets no HUP; its writer gets SIGPIPE at the next write', async () => {
    const clock = manualClock(START);
    const host = labHost({ clock });
    const { execution, said } = start(host, 'sleep 5; echo gone > /var/mark; echo x; echo after > /var/mark');
    await clock.advance(1);
    execution.detach();
    await clock.advance(10_000);
    expect((await said).status).to.equal('PIPE');
    expect((await say(host, 'cat /var/mark')).out).to.equal('gone\n');
  });

  it('a slow reader makes the writer wait', async () => {
    let open: () => void = () => {};
    let count = 0;
    const host = labHost();
    host.exec('for i in 1 2 3 4; do echo $i; done', {
      user: 'root',
      onOut() {
        count++;
        return new Promise<void>(resolve => {
          open = resolve;
        });
      },
      onErr() {},
    });
    await settle();
    expect(count).to.equal(1);
    open();
    await settle();
    expect(count).to.equal(2);
    host.halt();
  });
});

describe('machineFiles', () => {
  it('gives bytes, modes and errors with their code', () => {
    const host = labHost();
    const files = machineFiles(host, 'root');
    files.mkdir('/var/run/zf', 0o700);
    const file = new OpenFile(files, '/var/run/zf/a', { write: true, create: true, mode: 0o600 });
    file.write(0, new Uint8Array([1, 2, 3]));
    file.write(4, new Uint8Array([5]));
    expect([...new OpenFile(files, '/var/run/zf/a', { read: true }).read(1, 9)]).to.deep.equal([2, 3, 0, 5]);
    expect(files.realpath('/var/run/zf/a')).to.equal('/system/volatile/zf/a');
    expect(files.stat('/var/run/zf/a')).to.include({ kind: 'file', mode: 0o600, size: 5 });
    const code = (act: () => unknown): string => {
      try {
        act();
        return '';
      } catch (error) {
        return error instanceof FileError ? error.code : String(error);
      }
    };
    expect(code(() => files.stat('/none'))).to.equal('ENOENT');
    expect(code(() => machineFiles(host, 'ada').list('/var/run/zf'))).to.equal('EACCES');
    expect(code(() => machineFiles(host, 'ada').write('/etc/x', ''))).to.equal('EACCES');
    expect(code(() => files.rename('/var/run/zf/a', '/var/a'))).to.equal('EXDEV');
    host.halt();
    expect(code(() => files.stat('/etc'))).to.equal('EIO');
  });
});
