// What awk reads and writes besides its main input: files, commands to write to and to read from.
import { breathe } from '../os/breath.ts';
import { FileError } from '../os/file-error.ts';
import type { Ofd } from '../os/ofd.ts';
import { Pipe } from '../os/pipe.ts';
import { type Process, statusOf, toText } from '../os/process.ts';

interface Writer {
  readonly fd: number;
  readonly child: Process | null;
}

interface Reader {
  readonly fd: number;
  readonly child: Process | null;
}

export class Streams {
  private readonly proc: Process;
  private readonly writers = new Map<string, Writer>();
  private readonly readers = new Map<string, Reader>();
  private pending = '';
  private nextFd = 10;

  constructor(proc: Process) {
    this.proc = proc;
  }

  /** Once a round of a loop: gives the others a turn now and then, and ends with the process. */
  async round(): Promise<void> {
    if (this.proc.kernel.isTimeToBreathe()) await breathe();
    if (this.proc.ending !== null) await new Promise<never>(() => {});
  }

  async print(text: string): Promise<void> {
    this.pending += text;
    if (this.pending.length > 8192) await this.flush();
  }

  async flush(): Promise<void> {
    const text = this.pending;
    this.pending = '';
    if (text !== '') await this.proc.out(text);
  }

  private install(ofd: Ofd): number {
    const fd = this.nextFd++;
    this.proc.install(fd, ofd);
    return fd;
  }

  private spawn(command: string): Process {
    const child = this.proc.kernel.spawn(this.proc, ['sh', '-c', command]);
    for (const { fd } of [...this.writers.values(), ...this.readers.values()]) child.close(fd);
    return child;
  }

  private begin(child: Process): void {
    child.begin(this.proc.kernel.findProgram(this.proc, '/usr/bin/sh'));
  }

  async write(op: '>' | '>>' | '|', target: string, text: string): Promise<void> {
    const writer = this.writers.get(target) ?? (await this.openWriter(op, target));
    await this.proc.write(writer.fd, text);
  }

  private async openWriter(op: '>' | '>>' | '|', target: string): Promise<Writer> {
    await this.flush();
    let writer: Writer;
    if (op === '|') {
      const pipe = new Pipe(this.proc.kernel.count);
      const child = this.spawn(target);
      child.install(0, pipe.reader);
      writer = { fd: this.install(pipe.writer), child };
      this.begin(child);
    } else {
      const ofd = this.proc.openFile(target, { write: true, create: true, truncate: op === '>', append: op === '>>' });
      writer = { fd: this.install(ofd), child: null };
    }
    this.writers.set(target, writer);
    return writer;
  }

  /** A line of a file or command; null at the end, undefined when it can't be read. */
  async readLine(from: 'file' | 'command', source: string): Promise<string | null | undefined> {
    const reader = this.readers.get(source) ?? (await this.openReader(from, source));
    if (reader === null) return undefined;
    const line = toText(await this.proc.readLineOf(reader.fd));
    return line === '' ? null : line.replace(/\n$/, '');
  }

  private async openReader(from: 'file' | 'command', source: string): Promise<Reader | null> {
    await this.flush();
    let reader: Reader;
    if (from === 'command') {
      const pipe = new Pipe(this.proc.kernel.count);
      const child = this.spawn(source);
      child.install(1, pipe.writer);
      reader = { fd: this.install(pipe.reader), child };
      this.begin(child);
    } else {
      try {
        reader = {
          fd: this.install(source === '-' ? this.proc.fd(0) : this.proc.openFile(source, { read: true })),
          child: null,
        };
      } catch (error) {
        if (error instanceof FileError) return null;
        throw error;
      }
    }
    this.readers.set(source, reader);
    return reader;
  }

  async close(name: string): Promise<number> {
    const stream = this.writers.get(name) ?? this.readers.get(name);
    if (stream === undefined) return -1;
    this.writers.delete(name);
    this.readers.delete(name);
    this.proc.close(stream.fd);
    return stream.child === null ? 0 : statusOf(await this.proc.endOf(stream.child));
  }

  async system(command: string): Promise<number> {
    await this.flush();
    const child = this.spawn(command);
    this.begin(child);
    return statusOf(await this.proc.endOf(child));
  }

  async closeAll(): Promise<void> {
    await this.flush();
    for (const name of [...this.writers.keys(), ...this.readers.keys()]) await this.close(name);
  }
}
