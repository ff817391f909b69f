// What filters read: the files named, or standard input. A file that can't be read is complained about and passed over.
import { FileError } from '../os/file-error.ts';
import { type Process, toBytes, toText } from '../os/process.ts';

export interface Line {
  readonly text: string;
  /** The file's name as given, or `-`. */
  readonly name: string;
  /** False for a last line without newline. */
  readonly isEnded: boolean;
}

export class Input {
  private readonly proc: Process;
  private readonly names: readonly string[];
  private readonly command: string;
  /** 1, or what `failStatus` says, after a file couldn't be read. */
  status = 0;
  private readonly failStatus: number;

  constructor(proc: Process, argv0: string | undefined, names: readonly string[], failStatus = 1) {
    this.proc = proc;
    this.command = argv0?.split('/').pop() ?? '';
    this.names = names.length === 0 ? ['-'] : names;
    this.failStatus = failStatus;
  }

  async *lines(): AsyncGenerator<Line> {
    for (const name of this.names) {
      if (name === '-') yield* this.linesOfStdin();
      else {
        const bytes = await this.bytesOf(name);
        if (bytes === null) continue;
        for (const line of linesOf(toText(bytes))) yield { ...line, name };
      }
    }
  }

  private async *linesOfStdin(): AsyncGenerator<Line> {
    for (;;) {
      const bytes = await this.proc.readLineOf(0);
      if (bytes.length === 0) return;
      const isEnded = bytes[bytes.length - 1] === 10;
      yield { text: toText(isEnded ? bytes.subarray(0, -1) : bytes), name: '-', isEnded };
    }
  }

  /** One file's bytes; null after a complaint. */
  async bytesOf(name: string): Promise<Uint8Array | null> {
    try {
      if (name === '-') return await this.proc.readAll();
      if (name.startsWith('/dev/')) return await readDevice(this.proc, name);
      if (this.proc.files.stat(name).kind === 'dir') throw new FileError('EISDIR', name);
      return this.proc.files.read(name);
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      this.status = this.failStatus;
      await this.proc.err(`${this.command}: cannot open ${name}: ${error.reason}\n`);
      return null;
    }
  }

  async *files(): AsyncGenerator<{ readonly name: string; readonly bytes: Uint8Array }> {
    for (const name of this.names) {
      const bytes = await this.bytesOf(name);
      if (bytes !== null) yield { name, bytes };
    }
  }

  async allLines(): Promise<string[]> {
    const all: string[] = [];
    for await (const line of this.lines()) all.push(line.text);
    return all;
  }
}

async function readDevice(proc: Process, name: string): Promise<Uint8Array> {
  const ofd = proc.openFile(name, { read: true });
  const bytes = await proc.readFrom(ofd, 1 << 20, false);
  return bytes;
}

function* linesOf(text: string): Generator<{ readonly text: string; readonly isEnded: boolean }> {
  for (let at = 0; at < text.length; ) {
    const newline = text.indexOf('\n', at);
    if (newline < 0) {
      yield { text: text.slice(at), isEnded: false };
      return;
    }
    yield { text: text.slice(at, newline), isEnded: true };
    at = newline + 1;
  }
}

/** Output that is gathered and written in larger pieces; `flush` before waiting for input and at the end. */
export class Output {
  private readonly proc: Process;
  private parts: string[] = [];
  private size = 0;

  constructor(proc: Process) {
    this.proc = proc;
  }

  async put(text: string): Promise<void> {
    this.parts.push(text);
    this.size += text.length;
    if (this.size > 8192) await this.flush();
  }

  async flush(): Promise<void> {
    if (this.size === 0) return;
    const text = this.parts.join('');
    this.parts = [];
    this.size = 0;
    await this.proc.out(toBytes(text));
  }
}
