// The current record and its fields, each made from the other only when asked for.
import { plainPattern, regex } from './regex.ts';

export function splitFields(text: string, separator: string): string[] {
  if (separator === ' ') return text.trim() === '' ? [] : text.trim().split(/[ \t\n]+/);
  if (text === '') return [];
  if (separator.length === 1) return text.split(separator === '\\' ? separator : new RegExp(plainPattern(separator)));
  return splitBy(text, regex(separator, { flavour: 'extended', isAwk: true }));
}

/** As split(), but groups of the expression don't get into the result. */
function splitBy(text: string, by: RegExp): string[] {
  const pieces: string[] = [];
  let at = 0;
  for (const match of text.matchAll(new RegExp(by.source, 'g'))) {
    if (match[0] === '') continue;
    pieces.push(text.slice(at, match.index));
    at = match.index + match[0].length;
  }
  pieces.push(text.slice(at));
  return pieces;
}

export class Fields {
  private record = '';
  private list: string[] | null = [];
  private isStale = false;

  setRecord(text: string): void {
    this.record = text;
    this.list = null;
    this.isStale = false;
  }

  text(ofs: string): string {
    if (this.isStale) this.record = (this.list ?? []).join(ofs);
    this.isStale = false;
    return this.record;
  }

  private split(fs: string): string[] {
    this.list ??= splitFields(this.record, fs);
    return this.list;
  }

  get(index: number, fs: string): string | null {
    return this.split(fs)[index - 1] ?? null;
  }

  set(index: number, text: string, fs: string): void {
    const list = this.split(fs);
    while (list.length < index) list.push('');
    list[index - 1] = text;
    this.isStale = true;
  }

  count(fs: string): number {
    return this.split(fs).length;
  }

  resize(count: number, fs: string): void {
    const list = this.split(fs);
    while (list.length < count) list.push('');
    list.length = count;
    this.isStale = true;
  }
}
