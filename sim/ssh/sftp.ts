// The sftp subsystem over a machine's file tree: version 3 with OpenSSH's posix-rename, hardlink and fsync. Our own,
// because ssh2's server side can't announce extensions, and without the announcement no client uses them.
import type { ServerChannel } from 'ssh2';
import { FileError } from '../os/file-error.ts';
import type { FileView, Stat } from '../os/view.ts';
import { OpenFile } from '../os/view.ts';
import { Outlet } from './outlet.ts';
import type { Attributes, FullAttributes } from './wire.ts';
import { PacketCutter, WireError, WireReader, WireWriter } from './wire.ts';

const REPLY = { version: 2, status: 101, handle: 102, data: 103, name: 104, attributes: 105 };
const STATUS = { ok: 0, end: 1, missing: 2, denied: 3, failure: 4, badMessage: 5, unsupported: 8 };
const EXTENSIONS = ['posix-rename@openssh.com', 'hardlink@openssh.com', 'fsync@openssh.com'];
const INIT = 1;
const OPEN = { read: 1, write: 2, append: 4, create: 8, truncate: 16, exclusive: 32 };
const LONGEST_READ = 256 * 1024;
const NAMES_AT_ONCE = 100;

type Handle = { readonly is: 'file'; readonly file: OpenFile } | { readonly is: 'dir'; path: string; names: string[] };

/** One request's place: its id, the rest of its fields. */
interface Call {
  readonly id: number;
  readonly fields: WireReader;
}

type Handler = (sftp: Sftp, call: Call) => WireWriter;

/** Serves one channel. @returns what to call when the connection is lost */
export function serveSftp(files: FileView, channel: ServerChannel): () => void {
  const outlet = new Outlet(channel);
  void converse(new Sftp(files), channel, outlet);
  return () => outlet.drop();
}

async function converse(sftp: Sftp, channel: ServerChannel, outlet: Outlet): Promise<void> {
  const cutter = new PacketCutter();
  try {
    for await (const piece of channel.iterator({ destroyOnReturn: false })) {
      for (const packet of cutter.add(piece)) await outlet.write('out', sftp.answer(packet));
    }
    channel.exit(0);
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    channel.exit(255);
  }
  channel.end();
}

class Sftp {
  readonly files: FileView;
  readonly #handles = new Map<string, Handle>();
  #count = 0;

  constructor(files: FileView) {
    this.files = files;
  }

  /** The answer to one packet. @throws WireError when the packet can't be understood */
  answer(packet: Buffer): Buffer {
    const fields = new WireReader(packet);
    const type = fields.byte();
    if (type === INIT) return version().packet();
    const call = { id: fields.number(), fields };
    const handler = HANDLERS.get(type);
    if (handler === undefined) return status(call, STATUS.unsupported, 'Operation unsupported').packet();
    try {
      return handler(this, call).packet();
    } catch (error) {
      if (error instanceof FileError) return status(call, codeOf(error), error.reason).packet();
      throw error;
    }
  }

  keep(handle: Handle): string {
    const name = String(++this.#count);
    this.#handles.set(name, handle);
    return name;
  }

  close(name: string): void {
    this.#handles.delete(name);
  }

  file(name: string): OpenFile {
    const handle = this.#handles.get(name);
    if (handle?.is !== 'file') throw new FileError('EBADF', name);
    return handle.file;
  }

  dir(name: string): Extract<Handle, { is: 'dir' }> {
    const handle = this.#handles.get(name);
    if (handle?.is !== 'dir') throw new FileError('EBADF', name);
    return handle;
  }
}

function codeOf(error: FileError): number {
  switch (error.code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return STATUS.missing;
    case 'EACCES':
    case 'EPERM':
      return STATUS.denied;
    default:
      return STATUS.failure;
  }
}

function version(): WireWriter {
  const reply = new WireWriter(REPLY.version).number(3);
  for (const name of EXTENSIONS) reply.bytes(name).bytes('1');
  return reply;
}

function status({ id }: Call, code: number, text: string): WireWriter {
  return new WireWriter(REPLY.status).number(id).number(code).bytes(text).bytes('');
}

const done = (call: Call): WireWriter => status(call, STATUS.ok, 'Success');

const TYPE_BITS: Readonly<Record<Stat['kind'], number>> = {
  file: 0o100000,
  dir: 0o040000,
  link: 0o120000,
  device: 0o020000,
};

function full(stat: Stat): FullAttributes {
  const { size, uid, gid, mode, mtime } = stat;
  return { size, uid, gid, mode: mode | TYPE_BITS[stat.kind], mtimeMs: mtime };
}

const attributes = ({ id }: Call, stat: Stat): WireWriter =>
  new WireWriter(REPLY.attributes).number(id).attributes(full(stat));

const onePath = ({ id }: Call, path: string): WireWriter =>
  new WireWriter(REPLY.name)
    .number(id)
    .number(1)
    .bytes(path)
    .bytes(path)
    .attributes({ size: 0, uid: 0, gid: 0, mode: 0, mtimeMs: 0 });

function open(sftp: Sftp, call: Call): WireWriter {
  const path = call.fields.text();
  const flags = call.fields.number();
  const { mode } = call.fields.attributes();
  const file = new OpenFile(sftp.files, path, {
    read: (flags & OPEN.read) !== 0,
    write: (flags & OPEN.write) !== 0,
    append: (flags & OPEN.append) !== 0,
    create: (flags & OPEN.create) !== 0,
    truncate: (flags & OPEN.truncate) !== 0,
    exclusive: (flags & OPEN.exclusive) !== 0,
    mode: mode ?? 0o666,
  });
  return new WireWriter(REPLY.handle).number(call.id).bytes(sftp.keep({ is: 'file', file }));
}

function read(sftp: Sftp, call: Call): WireWriter {
  const file = sftp.file(call.fields.text());
  const at = call.fields.offset();
  const bytes = file.read(at, Math.min(call.fields.number(), LONGEST_READ));
  if (bytes.length === 0) return status(call, STATUS.end, 'End of file');
  return new WireWriter(REPLY.data).number(call.id).bytes(bytes);
}

function write(sftp: Sftp, call: Call): WireWriter {
  const file = sftp.file(call.fields.text());
  file.write(call.fields.offset(), call.fields.bytes());
  return done(call);
}

function setOnFile(sftp: Sftp, call: Call): WireWriter {
  const file = sftp.file(call.fields.text());
  const { mode, size, times } = call.fields.attributes();
  file.setstat({
    ...(mode === undefined ? {} : { mode }),
    ...(size === undefined ? {} : { size }),
    ...(times === undefined ? {} : { mtime: times.mtime * 1000 }),
  });
  return done(call);
}

function setOnPath(files: FileView, path: string, change: Attributes): void {
  if (change.size !== undefined) files.truncate(path, change.size);
  if (change.mode !== undefined) files.chmod(path, change.mode);
  if (change.owner !== undefined) files.chown(path, change.owner.uid, change.owner.gid);
  if (change.times !== undefined) files.utimes(path, change.times.mtime * 1000);
}

function openDir(sftp: Sftp, call: Call): WireWriter {
  const path = call.fields.text();
  const names = ['.', '..', ...sftp.files.list(path)];
  return new WireWriter(REPLY.handle).number(call.id).bytes(sftp.keep({ is: 'dir', path, names }));
}

function readDir(sftp: Sftp, call: Call): WireWriter {
  const dir = sftp.dir(call.fields.text());
  const names = dir.names.splice(0, NAMES_AT_ONCE);
  // what was removed since the listing began is left out
  const there = names.filter(name => name === '.' || name === '..' || isThere(sftp.files, `${dir.path}/${name}`));
  if (names.length === 0) return status(call, STATUS.end, 'End of file');
  const reply = new WireWriter(REPLY.name).number(call.id).number(there.length);
  for (const name of there) {
    const stat = sftp.files.lstat(`${dir.path}/${name}`);
    reply.bytes(name).bytes(longName(name, stat)).attributes(full(stat));
  }
  return reply;
}

function isThere(files: FileView, path: string): boolean {
  try {
    files.lstat(path);
    return true;
  } catch (error) {
    if (error instanceof FileError) return false;
    throw error;
  }
}

const KIND_LETTER: Readonly<Record<Stat['kind'], string>> = { file: '-', dir: 'd', link: 'l', device: 'c' };
const COLUMN = { size: 8, date: 12 };

/** As `ls -l` would print it; clients show it to people. */
function longName(name: string, { kind, mode, uid, gid, size, mtime }: Stat): string {
  const bits = [...'rwxrwxrwx'].map((letter, at) => ((mode & (0o400 >> at)) !== 0 ? letter : '-')).join('');
  const [, month = '', day = '', , time = ''] = new Date(mtime)
    .toUTCString()
    .replace(/^\w+, (\d+) (\w+)/, 'x $2 $1')
    .split(' ');
  const date = `${month} ${day.padStart(2)} ${time.slice(0, 5)}`.padEnd(COLUMN.date);
  return `${KIND_LETTER[kind]}${bits}   1 ${uid} ${gid} ${String(size).padStart(COLUMN.size)} ${date} ${name}`;
}

/** As sftp-server does it: the last part of the path need not exist. */
function realPath(files: FileView, path: string): string {
  try {
    return files.realpath(path === '' ? '.' : path);
  } catch (error) {
    if (!(error instanceof FileError) || error.code !== 'ENOENT') throw error;
    const slash = path.lastIndexOf('/');
    const parent = files.realpath(slash < 0 ? '.' : path.slice(0, slash) || '/');
    return `${parent === '/' ? '' : parent}/${path.slice(slash + 1)}`;
  }
}

function extended(sftp: Sftp, call: Call): WireWriter {
  const name = call.fields.text();
  switch (name) {
    case 'posix-rename@openssh.com':
      sftp.files.rename(call.fields.text(), call.fields.text());
      return done(call);
    case 'hardlink@openssh.com':
      sftp.files.link(call.fields.text(), call.fields.text());
      return done(call);
    case 'fsync@openssh.com':
      sftp.file(call.fields.text());
      return done(call);
    default:
      return status(call, STATUS.unsupported, `${name} is not known here`);
  }
}

/** A request that is one path and has no answer but that it's done. */
const onPath =
  (act: (files: FileView, path: string) => void): Handler =>
  (sftp, call) => {
    act(sftp.files, call.fields.text());
    return done(call);
  };

const HANDLERS: ReadonlyMap<number, Handler> = new Map<number, Handler>([
  [3, open],
  [
    4,
    (sftp, call) => {
      sftp.close(call.fields.text());
      return done(call);
    },
  ],
  [5, read],
  [6, write],
  [7, (sftp, call) => attributes(call, sftp.files.lstat(call.fields.text()))],
  [8, (sftp, call) => attributes(call, sftp.file(call.fields.text()).stat())],
  [
    9,
    (sftp, call) => {
      setOnPath(sftp.files, call.fields.text(), call.fields.attributes());
      return done(call);
    },
  ],
  [10, setOnFile],
  [11, openDir],
  [12, readDir],
  [13, onPath((files, path) => files.unlink(path))],
  [
    14,
    (sftp, call) => {
      sftp.files.mkdir(call.fields.text(), call.fields.attributes().mode ?? 0o777);
      return done(call);
    },
  ],
  [15, onPath((files, path) => files.rmdir(path))],
  [16, (sftp, call) => onePath(call, realPath(sftp.files, call.fields.text()))],
  [17, (sftp, call) => attributes(call, sftp.files.stat(call.fields.text()))],
  [
    18,
    (sftp, call) => {
      const [from, to] = [call.fields.text(), call.fields.text()];
      // the plain rename never replaces; posix-rename does
      if (isThere(sftp.files, to)) throw new FileError('EEXIST', to);
      sftp.files.rename(from, to);
      return done(call);
    },
  ],
  [19, (sftp, call) => onePath(call, sftp.files.readlink(call.fields.text()))],
  [
    20,
    (sftp, call) => {
      // OpenSSH's order: what it points to first, against the draft
      sftp.files.symlink(call.fields.text(), call.fields.text());
      return done(call);
    },
  ],
  [200, extended],
]);
