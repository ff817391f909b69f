// awk and nawk as programs: options, assignments among the operands, records of the main input.
import type { Main } from '../os/kernel.ts';
import { type Process, toText } from '../os/process.ts';
import { awkString } from './awk-lex.ts';
import type { MainInput } from './awk-evaluate.ts';
import { Awk } from './awk-run.ts';
import { AwkProgramReader } from './awk-statements.ts';
import { Streams } from './awk-streams.ts';
import { fromInput, numeric, textual } from './awk-values.ts';
import { Input } from './input.ts';
import { Options } from './options.ts';

const ASSIGNMENT = /^([A-Za-z_]\w*)=([\s\S]*)$/;

class Records implements MainInput {
  private readonly proc: Process;
  private readonly operands: readonly string[];
  private readonly awk: () => Awk;
  private at = 0;
  private source: AsyncIterator<{ readonly text: string }> | null = null;
  private hasRead = false;
  status = 0;

  constructor(proc: Process, operands: readonly string[], awk: () => Awk) {
    this.proc = proc;
    this.operands = operands;
    this.awk = awk;
  }

  async next(): Promise<string | null> {
    for (;;) {
      this.source ??= await this.open();
      if (this.source === null) return null;
      const record = await this.record(this.source);
      if (record !== null) return record;
      this.source = null;
    }
  }

  private async open(): Promise<AsyncIterator<{ readonly text: string }> | null> {
    while (this.at < this.operands.length) {
      const word = this.operands[this.at++] ?? '';
      const assignment = ASSIGNMENT.exec(word);
      if (assignment === null) return this.read(word);
      this.awk().setScalar(assignment[1] ?? '', fromInput(awkString(assignment[2] ?? '')));
    }
    return this.hasRead ? null : this.read('-');
  }

  private read(name: string): AsyncIterator<{ readonly text: string }> {
    this.hasRead = true;
    const awk = this.awk();
    awk.setScalar('FILENAME', textual(name === '-' ? '' : name));
    awk.setScalar('FNR', numeric(0));
    const input = new Input(this.proc, 'awk', [name], 2);
    return input.lines();
  }

  /** One line, or with another RS up to that; an empty RS reads paragraphs. */
  private async record(source: AsyncIterator<{ readonly text: string }>): Promise<string | null> {
    const separator = this.awk().text('RS');
    const first = await source.next();
    if (first.done === true) return null;
    if (separator === '\n') return first.value.text;
    if (separator === '') return this.paragraph(source, first.value.text);
    const lines = [first.value.text];
    for (let next = await source.next(); next.done !== true; next = await source.next()) lines.push(next.value.text);
    const [record = '', ...rest] = lines.join('\n').split(separator);
    this.source = fromTexts(
      rest
        .map((text, i) => (i === rest.length - 1 ? text : text))
        .filter((text, i) => i < rest.length - 1 || text !== ''),
    );
    return record;
  }

  private async paragraph(source: AsyncIterator<{ readonly text: string }>, first: string): Promise<string | null> {
    let line = first;
    while (line === '') {
      const next = await source.next();
      if (next.done === true) return null;
      line = next.value.text;
    }
    const lines = [line];
    for (let next = await source.next(); next.done !== true && next.value.text !== ''; next = await source.next())
      lines.push(next.value.text);
    return lines.join('\n');
  }
}

async function* fromTexts(texts: readonly string[]): AsyncGenerator<{ readonly text: string }> {
  for (const text of texts) yield { text };
}

const awk: Main = async (proc, argv) => {
  const options = new Options(argv, 'F:v:f:');
  const files = options.values('f');
  const [first = '', ...others] = options.operands;
  const text = files.length > 0 ? files.map(path => toText(proc.files.read(path))).join('\n') : first;
  const operands = files.length > 0 ? options.operands : others;
  const program = new AwkProgramReader(text).program();
  const records = new Records(proc, operands, () => machine);
  const machine: Awk = new Awk(program, new Streams(proc), records);
  const separator = options.value('F');
  if (separator !== null) machine.setScalar('FS', textual(separator === 't' ? '\t' : awkString(separator)));
  for (const word of options.values('v')) {
    const assignment = ASSIGNMENT.exec(word);
    if (assignment !== null) machine.setScalar(assignment[1] ?? '', fromInput(awkString(assignment[2] ?? '')));
  }
  const environ = machine.array('ENVIRON');
  for (const [name, value] of proc.env) environ.set(name, fromInput(value));
  const argvArray = machine.array('ARGV');
  for (const [i, word] of ['awk', ...operands].entries()) argvArray.set(String(i), fromInput(word));
  machine.setScalar('ARGC', numeric(operands.length + 1));
  return machine.run();
};

export const AWK: Readonly<Record<string, Main>> = { awk, nawk: awk };
