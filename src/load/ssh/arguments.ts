// Arguments for ssh as Ansible's variables hold them (`ansible_ssh_common_args` and its kin): what they say that an SSH
// configuration could say, too, counts before any file. What else they say is told.
import { type Diagnostic, problem } from '../../text/diagnostic.ts';
import type { Span } from '../../text/span.ts';
import { splitWords } from '../../text/words.ts';
import { configWords } from './config-words.ts';
import type { Setting, Settings } from './settings.ts';

export interface SshArguments {
  readonly settings: Settings;
  /** `-F`; null: not said. */
  readonly config: string | null;
}

interface Reading {
  readonly settings: Map<string, Setting[]>;
  readonly at: Span;
  config: string | null;
}

/** Options with a value that stand for a keyword. */
const KEYWORDS: Readonly<Record<string, string>> = { J: 'proxyjump', i: 'identityfile', l: 'user', p: 'port' };
const NO_BEARING = /^-[ACTXYakNnqtvxfgM]+$/;

/** @param name the variable's. */
export function sshArguments(name: string, text: string, at: Span, found: Diagnostic[]): SshArguments {
  const reading: Reading = { settings: new Map(), at, config: null };
  const split = splitWords(text);
  if (split.is === 'open-quote') {
    found.push(problem('bad-inventory', at, `in "${name}" a quote is opened and never closed`));
    return reading;
  }
  const words = [...split.words];
  while (words.length > 0) {
    const word = words.shift() ?? '';
    const [, letter = '', stuck = ''] = /^-([A-Za-z])(.*)$/s.exec(word) ?? [];
    const takesValue = letter === 'o' || letter === 'F' || letter in KEYWORDS;
    const read = takesValue ? argument(reading, letter, stuck === '' ? (words.shift() ?? '') : stuck) : false;
    if (read || NO_BEARING.test(word)) continue;
    const help = "write it into ~/.ssh/config, and have the system's own ssh reach this host: transport: openssh";
    found.push(problem('bad-inventory', at, `"${word}" in "${name}" isn't honoured here`, help));
  }
  return reading;
}

function argument(reading: Reading, letter: string, value: string): boolean {
  if (value === '') return false;
  if (letter === 'F') {
    reading.config ??= value;
    return true;
  }
  if (letter !== 'o') return say(reading, KEYWORDS[letter] ?? '', [value]);
  const line = configWords(value);
  return line.is === 'words' && line.words.length > 0 && say(reading, line.keyword.toLowerCase(), line.words);
}

function say({ settings, at }: Reading, keyword: string, words: readonly string[]): true {
  const before = settings.get(keyword);
  if (before === undefined) settings.set(keyword, [{ words, at }]);
  else if (keyword === 'identityfile') before.push({ words, at });
  return true;
}
