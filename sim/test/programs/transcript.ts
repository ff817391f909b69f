// Transcript files: reading one, and holding what a simulated host printed against it, holes aside.
import { readFileSync, readdirSync } from 'node:fs';
import type { Said } from './hosts.ts';

export interface Transcript {
  readonly name: string;
  readonly header: ReadonlyMap<string, string>;
  readonly body: string;
}

const root = new URL('../../../transcripts/', import.meta.url);

export function transcripts(): readonly Transcript[] {
  const folders = readdirSync(root, { withFileTypes: true }).filter(entry => entry.isDirectory());
  return folders
    .flatMap(({ name }) => readdirSync(new URL(`${name}/`, root)).map(file => `${name}/${file}`))
    .filter(name => name.endsWith('.txt'))
    .map(readTranscript)
    .sort((a, b) => a.name.localeCompare(b.name));
}

function readTranscript(file: string): Transcript {
  const text = readFileSync(new URL(file, root), 'utf8');
  const end = text.indexOf('\n---\n');
  const header = text.slice(0, end).split('\n');
  const pairs = header.map(line => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)] as const);
  return { name: file.replace('.txt', ''), header: new Map(pairs), body: text.slice(end + '\n---\n'.length) };
}

/** The body as a pattern: `{{name=text}}` and `{{name}}` are any text of one line, `{{lines x}}` any number of lines. */
function pattern(body: string): string {
  const literal = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const line = (text: string): string =>
    text
      .split(/(\{\{[^}]*(?:\}[^}]+)*\}\})/)
      .map(part => (part.startsWith('{{') ? '[^\\n]*' : literal(part)))
      .join('');
  return body
    .split(/(?<=\n)/)
    .map(text => (/^\{\{lines [^}]*\}\}\n$/.test(text) ? '(?:[^\\n]*\\n)*' : line(text)))
    .join('');
}

/** How much of the output a sample shows: all, some whole lines, or lines of which the last is cut. */
export type Extent = 'whole' | 'part' | 'cut';

/** Why the output isn't what the transcript shows, or null. */
export function difference(transcript: Transcript, said: Said, extent: Extent): string | null {
  const stream = transcript.header.get('stream');
  const printed = stream === 'stdout' ? said.out : stream === 'stderr' ? said.err : said.all;
  const text = printed.replace(/^\n+/, extent === 'whole' && transcript.name.startsWith('pkg/error') ? '' : '$&');
  const body = extent === 'cut' ? transcript.body.replace(/\n$/, '') : transcript.body;
  const wanted = pattern(body);
  const matches = new RegExp(extent === 'whole' ? `^${wanted}$` : `(?:^|\\n)${wanted}`).test(text);
  if (!matches) return `printed:\n${text}\nand the transcript has:\n${transcript.body}`;
  const exit = transcript.header.get('exit') ?? 'unknown';
  if (/^\d+$/.test(exit) && said.status !== Number(exit)) return `exit ${said.status}, and the transcript has ${exit}`;
  return exit === 'unknown, not 0' && said.status === 0 ? 'exit 0' : null;
}
