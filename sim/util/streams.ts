// Utilities that pass bytes on: cat, tee, head, tail, dd, yes, cmp, od, base64, digest.
import { createHash } from 'node:crypto';
import { FileError } from '../os/file-error.ts';
import type { Main } from '../os/kernel.ts';
import type { Ofd } from '../os/ofd.ts';
import { join, type Process, toText } from '../os/process.ts';
import { Input } from './input.ts';
import { Options, UsageError } from './options.ts';

async function copyStdin(proc: Process): Promise<void> {
  for (let bytes = await proc.read(0); bytes.length > 0; bytes = await proc.read(0)) await proc.out(bytes);
}

const cat: Main = async (proc, argv) => {
  const options = new Options(argv, 'nsuvetb');
  const input = new Input(proc, 'cat', options.operands, 2);
  if (options.has('n')) {
    let number = 0;
    for await (const line of input.lines()) await proc.out(`${String(++number).padStart(6)}\t${line.text}\n`);
    return input.status;
  }
  for (const name of options.operands.length === 0 ? ['-'] : options.operands) {
    if (name === '-') await copyStdin(proc);
    else {
      const bytes = await input.bytesOf(name);
      if (bytes !== null) await proc.out(bytes);
    }
  }
  return input.status;
};

const tee: Main = async (proc, argv) => {
  const options = new Options(argv, 'ai');
  if (options.has('i')) proc.ignored.add('INT');
  const isAppend = options.has('a');
  const files: Ofd[] = [];
  let status = 0;
  let fd = 10;
  for (const name of options.operands) {
    try {
      const ofd = proc.openFile(name, { write: true, create: true, append: isAppend, truncate: !isAppend });
      proc.install(fd++, ofd);
      files.push(ofd);
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      await proc.err(`tee: ${error.message}\n`);
      status = 1;
    }
  }
  for (let bytes = await proc.read(0); bytes.length > 0; bytes = await proc.read(0)) {
    for (const file of files) file.put(bytes, 0);
    await proc.out(bytes);
  }
  return status;
};

/** Copies at most so many lines or bytes of a descriptor, taking no more than it needs from a file. */
async function headOf(proc: Process, ofd: Ofd, count: number, unit: 'lines' | 'bytes'): Promise<void> {
  for (let left = count; left > 0; ) {
    const bytes = await proc.readFrom(ofd, unit === 'bytes' ? left : 65_536, unit === 'lines');
    if (bytes.length === 0) return;
    await proc.out(bytes);
    if (unit === 'bytes') left -= bytes.length;
    else if (bytes[bytes.length - 1] === 10) left--;
  }
}

const head: Main = async (proc, argv) => {
  const options = new Options(argv, 'n:c:q', 'n');
  const unit = options.has('c') ? 'bytes' : 'lines';
  const count = unit === 'bytes' ? options.number('c', 0) : options.number('n', 10);
  if (options.operands.length === 0) await headOf(proc, proc.fd(0), count, unit);
  let status = 0;
  for (const [i, name] of options.operands.entries()) {
    try {
      const ofd = proc.openFile(name, { read: true });
      proc.install(10, ofd);
      if (options.operands.length > 1 && !options.has('q')) await proc.out(`${i > 0 ? '\n' : ''}==> ${name} <==\n`);
      await headOf(proc, ofd, count, unit);
    } catch (error) {
      if (!(error instanceof FileError) || error.code === 'EPIPE') throw error;
      await proc.err(`${name}: ${error.reason}\n`);
      status = 1;
    }
  }
  return status;
};

interface Tail {
  readonly fromStart: boolean;
  readonly count: number;
  readonly unit: 'lines' | 'bytes';
}

function tailOf(bytes: Uint8Array, { fromStart, count, unit }: Tail): Uint8Array {
  if (unit === 'bytes')
    return fromStart ? bytes.subarray(Math.max(0, count - 1)) : bytes.subarray(Math.max(0, bytes.length - count));
  if (fromStart) {
    let at = 0;
    for (let skipped = 1; skipped < count && at >= 0 && at < bytes.length; skipped++)
      at = bytes.indexOf(10, at) + 1 || bytes.length;
    return bytes.subarray(at);
  }
  if (count === 0) return bytes.subarray(bytes.length);
  let at = bytes.length - 1;
  for (let lines = 0; lines < count && at >= 0; lines++) at = at === 0 ? -1 : bytes.lastIndexOf(10, at - 1);
  return bytes.subarray(at + 1);
}

/** Old forms too: tail -20, tail +5. */
function tailOptions(argv: readonly string[]): readonly string[] {
  return argv.flatMap((word, i) =>
    i > 0 && /^[-+]\d+$/.test(word) && argv[i - 1] !== '-n' && argv[i - 1] !== '-c' ? ['-n', word] : [word],
  );
}

const tail: Main = async (proc, argv) => {
  const options = new Options(tailOptions(argv), 'n:c:fFr');
  const unit = options.has('c') ? 'bytes' : 'lines';
  const word = options.value(unit === 'bytes' ? 'c' : 'n') ?? '10';
  if (!/^[-+]?\d+$/.test(word)) throw new UsageError(`${word}: bad number`);
  const how: Tail = { fromStart: word.startsWith('+'), count: Math.abs(Number(word)), unit };
  const [name] = options.operands;
  if (name === undefined) {
    await proc.out(tailOf(await proc.readAll(), how));
    return 0;
  }
  let bytes: Uint8Array;
  try {
    bytes = proc.files.read(name);
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    await proc.err(`tail: cannot open input: ${name}: ${error.reason}\n`);
    return 1;
  }
  await proc.out(tailOf(bytes, how));
  return options.has('f') || options.has('F') ? follow(proc, name, bytes.length) : 0;
};

const FOLLOW_EVERY_MS = 1000;

/** Looks once a second for more, as tail(1) does; ends only with its process. */
async function follow(proc: Process, name: string, from: number): Promise<number> {
  const ofd = proc.openFile(name, { read: true });
  proc.install(10, ofd);
  for (let left = from; left > 0; ) {
    const bytes = await proc.readFrom(ofd, left, false);
    if (bytes.length === 0) break;
    left -= bytes.length;
  }
  for (;;) {
    const bytes = await proc.readFrom(ofd, 65_536, false);
    if (bytes.length > 0) await proc.out(bytes);
    else await proc.clock.sleep(FOLLOW_EVERY_MS);
  }
}

const yes: Main = async (proc, argv) => {
  const line = `${argv.length > 1 ? argv.slice(1).join(' ') : 'y'}\n`;
  for (;;) await proc.out(line.repeat(64));
};

function size(text: string): number {
  const match = /^(\d+)([kmgbw]?)$/i.exec(text);
  if (match === null) throw new UsageError(`bad numeric argument: "${text}"`);
  const units: Readonly<Record<string, number>> = { k: 1024, m: 1 << 20, g: 1 << 30, b: 512, w: 2 };
  return Number(match[1]) * (units[(match[2] ?? '').toLowerCase()] ?? 1);
}

const dd: Main = async (proc, argv) => {
  const given = new Map(
    argv.slice(1).map(word => [word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1)]),
  );
  const block = size(given.get('bs') ?? given.get('ibs') ?? '512');
  const limit = given.has('count') ? size(given.get('count') ?? '') * block : Number.POSITIVE_INFINITY;
  const input = given.get('if');
  const output = given.get('of');
  if (input !== undefined) proc.install(0, proc.openFile(input, { read: true }));
  if (output !== undefined)
    proc.install(1, proc.openFile(output, { write: true, create: true, truncate: given.get('conv') !== 'notrunc' }));
  for (let skip = size(given.get('skip') ?? '0') * block; skip > 0; ) {
    const bytes = await proc.read(0, skip);
    if (bytes.length === 0) break;
    skip -= bytes.length;
  }
  let done = 0;
  while (done < limit) {
    const bytes = await proc.read(0, Math.min(65_536, limit - done));
    if (bytes.length === 0) break;
    await proc.out(bytes);
    done += bytes.length;
  }
  const records = `${Math.floor(done / block)}+${done % block === 0 ? 0 : 1}`;
  await proc.err(`${records} records in\n${records} records out\n`);
  return 0;
};

const cmp: Main = async (proc, argv) => {
  const options = new Options(argv, 'sl');
  const [left = '', right = ''] = options.operands;
  const input = new Input(proc, 'cmp', [], 2);
  const [a, b] = [await input.bytesOf(left), await input.bytesOf(right)];
  if (a === null || b === null) return 2;
  const shorter = Math.min(a.length, b.length);
  let at = 0;
  while (at < shorter && a[at] === b[at]) at++;
  if (at === a.length && at === b.length) return 0;
  if (options.has('s')) return 1;
  if (at === shorter) await proc.err(`cmp: EOF on ${a.length < b.length ? left : right}\n`);
  else {
    const line = a.subarray(0, at).filter(byte => byte === 10).length + 1;
    await proc.out(`${left} ${right} differ: char ${at + 1}, line ${line}\n`);
  }
  return 1;
};

const base64: Main = async (proc, argv) => {
  const options = new Options(argv, 'dDiw:');
  const input = new Input(proc, 'base64', options.operands);
  const chunks: Uint8Array[] = [];
  for await (const { bytes } of input.files()) chunks.push(bytes);
  const whole = join(chunks);
  if (options.has('d') || options.has('D')) {
    await proc.out(new Uint8Array(Buffer.from(toText(whole), 'base64')));
    return input.status;
  }
  const text = Buffer.from(whole).toString('base64');
  const width = options.number('w', 76);
  const wrapped = width === 0 ? text : text.replace(new RegExp(`.{${width}}(?!$)`, 'g'), '$&\n');
  await proc.out(wrapped === '' ? '' : `${wrapped}${width === 0 ? '' : '\n'}`);
  return input.status;
};

const ALGORITHMS = ['md5', 'sha1', 'sha224', 'sha256', 'sha384', 'sha512'];

function hash(algorithm: string, bytes: Uint8Array): string {
  return createHash(algorithm).update(bytes).digest('hex');
}

/** digest(1): the bare sum of one file, `(name) = sum` of several with -v. */
const digest: Main = async (proc, argv) => {
  const options = new Options(argv, 'la:v');
  if (options.has('l')) {
    await proc.out(`${ALGORITHMS.join('\n')}\n`);
    return 0;
  }
  const algorithm = options.value('a') ?? '';
  if (!ALGORITHMS.includes(algorithm)) {
    await proc.err(`digest: unknown algorithm -- ${algorithm}\n`);
    return 2;
  }
  const input = new Input(proc, 'digest', options.operands);
  const isNamed = options.has('v') || options.operands.length > 1;
  for await (const { name, bytes } of input.files()) {
    const sum = hash(algorithm, bytes);
    await proc.out(
      isNamed && name !== '-' ? `${options.has('v') ? `${algorithm} ` : ''}(${name}) = ${sum}\n` : `${sum}\n`,
    );
  }
  return input.status;
};

const gnuSum =
  (algorithm: string): Main =>
  async (proc, argv) => {
    const options = new Options(argv, 'bt');
    const input = new Input(proc, argv[0], options.operands);
    for await (const { name, bytes } of input.files()) await proc.out(`${hash(algorithm, bytes)}  ${name}\n`);
    return input.status;
  };

const od: Main = async (proc, argv) => {
  const options = new Options(argv, 'A:t:N:j:vbcxo');
  const input = new Input(proc, 'od', options.operands);
  const chunks: Uint8Array[] = [];
  for await (const { bytes } of input.files()) chunks.push(bytes);
  const bytes = join(chunks)
    .subarray(options.number('j', 0))
    .subarray(0, options.has('N') ? options.number('N', 0) : undefined);
  const type = options.has('c')
    ? 'c'
    : options.has('b')
      ? 'o1'
      : options.has('x')
        ? 'x2'
        : (options.value('t') ?? 'o2');
  const radix = options.value('A') ?? 'o';
  const address = (at: number): string =>
    radix === 'n' ? '' : at.toString(radix === 'd' ? 10 : radix === 'x' ? 16 : 8).padStart(7, '0');
  const rows: string[] = [];
  for (let at = 0; at < bytes.length; at += 16)
    rows.push(`${address(at)}${dumped(bytes.subarray(at, at + 16), type)}\n`);
  await proc.out(rows.join(''));
  if (radix !== 'n') await proc.out(`${address(bytes.length)}\n`);
  return input.status;
};

const NAMED: Readonly<Record<number, string>> = {
  0: '\\0',
  7: '\\a',
  8: '\\b',
  9: '\\t',
  10: '\\n',
  11: '\\v',
  12: '\\f',
  13: '\\r',
};

function dumped(bytes: Uint8Array, type: string): string {
  if (type === 'c') {
    const shown = (byte: number): string =>
      NAMED[byte] ?? (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : byte.toString(8).padStart(3, '0'));
    return [...bytes].map(byte => shown(byte).padStart(4)).join('');
  }
  const width = Number(type.slice(1) || '2');
  const base = type.startsWith('x') ? 16 : type.startsWith('o') ? 8 : 10;
  const digits = base === 16 ? width * 2 : base === 8 ? Math.ceil((width * 8) / 3) : 3;
  let text = '';
  for (let at = 0; at < bytes.length; at += width) {
    let value = 0;
    for (let i = 0; i < width; i++) value += (bytes[at + i] ?? 0) * 256 ** i;
    text += ` ${value.toString(base).padStart(digits, base === 10 ? ' ' : '0')}`;
  }
  return text;
}

export const STREAMS: Readonly<Record<string, Main>> = {
  base64,
  cat,
  cmp,
  dd,
  digest,
  head,
  md5sum: gnuSum('md5'),
  od,
  sha1sum: gnuSum('sha1'),
  sha256sum: gnuSum('sha256'),
  sha512sum: gnuSum('sha512'),
  tail,
  tee,
  yes,
};
