// The sftp subsystem as ssh2's client uses it, over the file tree of a machine.
import { expect } from 'chai';
import type { Client, FileEntryWithStats, SFTPWrapper, Stats } from 'ssh2';
import { Forest } from '../../os/forest.ts';
import { FileView } from '../../os/view.ts';
import { serveSftp } from '../../ssh/sftp.ts';
import { PacketCutter, WireError } from '../../ssh/wire.ts';
import type { Rig } from './rig.ts';
import { failure, makeRig } from './rig.ts';

const accounts = [{ name: 'root', uid: 0, home: '/root', shell: '/usr/bin/bash' }];

function sftpOf(client: Client): Promise<SFTPWrapper> {
  return new Promise((resolve, reject) => client.sftp((error, sftp) => (error ? reject(error) : resolve(sftp))));
}

/** A callback method as a promise. */
function call<T>(act: (done: (error: Error | null | undefined, value?: T) => void) => void): Promise<T> {
  return new Promise((resolve, reject) =>
    act((error, value) => (error === null || error === undefined ? resolve(value as T) : reject(error))),
  );
}

describe('sftp', () => {
  let rig: Rig;
  let files: FileView;
  let sftp: SFTPWrapper;

  beforeEach(async () => {
    const forest = new Forest({ root: 'be', hostName: 'h', accounts, files: {}, programs: [], now: () => 1e12 });
    files = new FileView(forest.vfs, { uid: 0, cwd: '/root', umask: 0o022 });
    rig = await makeRig((_user, channel) => serveSftp(files, channel));
    sftp = await sftpOf(await rig.connect());
  });
  afterEach(() => rig.close());

  it('writes a file and reads it back, byte for byte, whatever its size', async () => {
    const bytes = Buffer.from(Array.from({ length: 700_000 }, (_, at) => (at * 7919) % 256));
    await call(done => sftp.writeFile('/var/tmp/big', bytes, done));
    expect(Buffer.from(files.read('/var/tmp/big')).equals(bytes)).to.equal(true);
    const back = await call<Buffer>(done => sftp.readFile('/var/tmp/big', done));
    expect(back.equals(bytes)).to.equal(true);
  });

  it('takes relative paths from the home of the user', async () => {
    expect(await call<string>(done => sftp.realpath('.', done))).to.equal('/root');
    await call(done => sftp.writeFile('note', 'x', { mode: 0o600 }, done));
    const stats = await call<Stats>(done => sftp.stat('/root/note', done));
    expect([stats.isFile(), stats.size, stats.mode & 0o777, stats.mtime]).to.deep.equal([true, 1, 0o600, 1e9]);
  });

  it('names a path that is still to be made, as sftp-server does', async () => {
    expect(await call<string>(done => sftp.realpath('new-file', done))).to.equal('/root/new-file');
    expect(await failure(call(done => sftp.realpath('/none/new', done)))).to.have.property('code', 2);
  });

  it('makes, lists and removes folders', async () => {
    await call(done => sftp.mkdir('d', { mode: 0o700 }, done));
    for (let i = 0; i < 250; i++) files.write(`/root/d/f${i}`, 'x');
    const entries = await call<FileEntryWithStats[]>(done => sftp.readdir('d', done));
    expect(entries.filter(entry => entry.filename.startsWith('f'))).to.have.lengthOf(250);
    expect(entries.find(entry => entry.filename === 'f7')?.longname).to.match(/^-rw-r--r-- .* f7$/);
    expect(await failure(call(done => sftp.rmdir('d', done)))).to.have.property('code', 4);
    for (let i = 0; i < 250; i++) await call(done => sftp.unlink(`d/f${i}`, done));
    await call(done => sftp.rmdir('d', done));
    expect(files.exists('/root/d')).to.equal(false);
  });

  it('renames without replacing; posix-rename replaces', async () => {
    files.write('/root/a', 'A');
    files.write('/root/b', 'B');
    expect(await failure(call(done => sftp.rename('a', 'b', done)))).to.have.property('code', 4);
    await call(done => sftp.ext_openssh_rename('a', 'b', done));
    expect([files.exists('/root/a'), Buffer.from(files.read('/root/b')).toString()]).to.deep.equal([false, 'A']);
    await call(done => sftp.rename('b', 'c', done));
    expect(files.exists('/root/c')).to.equal(true);
  });

  it('makes a link, tells what it points to, and looks at it or through it', async () => {
    files.write('/root/real', 'four');
    await call(done => sftp.symlink('real', 'link', done));
    expect(await call<string>(done => sftp.readlink('link', done))).to.equal('real');
    expect((await call<Stats>(done => sftp.lstat('link', done))).isSymbolicLink()).to.equal(true);
    expect((await call<Stats>(done => sftp.stat('link', done))).size).to.equal(4);
  });

  it('sets mode, times and size of a path and of an open file', async () => {
    files.write('/root/f', 'long text');
    await call(done => sftp.setstat('f', { mode: 0o640, mtime: 5, atime: 5 }, done));
    expect(files.stat('/root/f')).to.include({ mode: 0o640, mtime: 5000 });
    const handle = await call<Buffer>(done => sftp.open('f', 'r+', done));
    await call(done => sftp.fsetstat(handle, { size: 4 }, done));
    expect((await call<Stats>(done => sftp.fstat(handle, done))).size).to.equal(4);
    await call(done => sftp.close(handle, done));
    expect(await failure(call(done => sftp.fstat(handle, done)))).to.have.property('code', 4);
  });

  it('answers with the status that fits: missing, denied, already there', async () => {
    files.write('/root/there', '');
    expect(await failure(call(done => sftp.stat('/none', done)))).to.have.property('code', 2);
    expect(await failure(call(done => sftp.open('there', 'wx', done)))).to.have.property('code', 4);
    expect(await failure(call(done => sftp.unlink('/var', done)))).to.have.property('code', 3);
  });

  it('cuts packets out of any pieces, and refuses an impossible length', () => {
    const stream = Buffer.from([0, 0, 0, 2, 7, 8, 0, 0, 0, 1, 9]);
    const cutter = new PacketCutter();
    const packets = [...stream].flatMap(byte => cutter.add(Uint8Array.of(byte)));
    expect(packets.map(packet => [...packet])).to.deep.equal([[7, 8], [9]]);
    expect(() => cutter.add(Uint8Array.of(255, 255, 255, 255))).to.throw(WireError);
  });
});
