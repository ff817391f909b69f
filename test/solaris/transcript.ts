// Reads transcripts for the readers' tests: the header as fields, the output with its holes filled as the source shows
// it. The simulator has its own reader of these files on purpose.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Exited } from '../../src/model/command.ts';

export const ROOT = fileURLToPath(new URL('../../transcripts', import.meta.url));

export interface Transcript {
  readonly name: string;
  readonly fields: ReadonlyMap<string, string>;
  readonly output: string;
}

export function transcriptNames(): readonly string[] {
  return readdirSync(ROOT, { withFileTypes: true })
    .filter(entry => entry.isDirectory())
    .flatMap(dir => readdirSync(join(ROOT, dir.name)).map(file => `${dir.name}/${file.replace(/\.txt$/, '')}`))
    .sort();
}

export function transcript(name: string): Transcript {
  const text = readFileSync(join(ROOT, `${name}.txt`), 'utf8');
  const cut = text.indexOf('\n---\n');
  if (cut < 0) throw new Error(`${name}: no line of hyphens after the header`);
  const fields = text
    .slice(0, cut)
    .split('\n')
    .map(line => line.split(/: (.*)/s))
    .map(([key, value]) => [key ?? '', value ?? ''] as const);
  return { name, fields: new Map(fields), output: filled(text.slice(cut + 5)) };
}

function filled(body: string): string {
  return body
    .replaceAll(/^\{\{lines [^}\n]*\}\}\n/gm, '')
    .replaceAll(/\{\{[A-Za-z0-9.-]+(?:=([^{}\n]*))?\}\}/g, (_, value: string | undefined) => value ?? '');
}

/** The transcript as a finished command: on the stream it names (stdout when unknown), with its status or this one. */
export function exited(name: string, code?: number): Exited {
  const { fields, output } = transcript(name);
  const status = code ?? Number(fields.get('exit'));
  if (!Number.isInteger(status)) throw new Error(`${name}: say which exit status to try`);
  const onErr = fields.get('stream') === 'stderr';
  return { is: 'exited', code: status, out: onErr ? '' : output, err: onErr ? output : '' };
}

/** The same finished command with everything on standard error. */
export function swapped(ended: Exited): Exited {
  return { ...ended, out: ended.err, err: ended.out };
}

export function says(out: string, code = 0, err = ''): Exited {
  return { is: 'exited', code, out, err };
}
