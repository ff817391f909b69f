// `-e`: name=value, @FILE, or JSON or YAML in braces. Values given as name=value are texts, as in Ansible, but for what
// quotes hold together: -e 'why="DIMM swap"'.
import type { Files } from '../../model/ports.ts';
import { known, type Layer } from '../../model/value.ts';
import { type Diagnostic, problem } from '../../text/diagnostic.ts';
import { spanOf } from '../../text/span.ts';
import { parseYaml } from '../yaml/yaml.ts';
import { hasTemplate } from './template-ast.ts';
import type { Notes } from './values.ts';
import { layerOf, nameProblem, varsOf } from './variables.ts';

const AT = spanOf('-e');
const WAYS = 'write -e name=value, -e @FILE, or -e \'{"name": "value"}\'';

export interface LoadedExtra {
  readonly extra: Layer;
  readonly diagnostics: readonly Diagnostic[];
  readonly texts: Readonly<Record<string, string>>;
}

/** @param given each `-e` as it came, first to last; the later wins. */
export async function loadExtra(files: Files, given: readonly string[]): Promise<LoadedExtra> {
  const found: Diagnostic[] = [];
  const texts: Record<string, string> = {};
  let extra: Layer = {};
  for (const one of given) extra = { ...extra, ...(await oneExtra(files, one.trim(), { found, texts })) };
  return { extra, diagnostics: found.map(named), texts };
}

/** What is wrong in the words after `-e` has no line to show, and those words may be secret: the message says where. */
function named(one: Diagnostic): Diagnostic {
  if (one.span.file !== AT.file) return one;
  return { ...one, message: `-e: ${one.message}`, help: one.help.length === 0 ? [WAYS] : one.help };
}

interface Sink {
  readonly found: Diagnostic[];
  readonly texts: Record<string, string>;
}

async function oneExtra(files: Files, given: string, sink: Sink): Promise<Layer> {
  if (given.startsWith('@')) {
    const path = given.slice(1);
    const file = await files.read(path);
    if (file.is === 'text') {
      sink.texts[path] = file.text;
      return mapping(path, file.text, sink);
    }
    sink.found.push(problem('file-missing', AT, `the file ${path} can't be read: ${file.why}`));
    return {};
  }
  if (/^[{[]/.test(given)) return mapping(AT.file, given, sink);
  return pairs(given, sink);
}

function mapping(file: string, text: string, sink: Sink): Layer {
  const parsed = parseYaml(file, text);
  sink.found.push(...parsed.diagnostics);
  const notes: Notes = { found: sink.found, uses: [] };
  if (parsed.node === null) return {};
  if (parsed.node.is !== 'map' && !(parsed.node.is === 'scalar' && parsed.node.value === null)) {
    sink.found.push(
      problem('bad-extra', parsed.node.span, 'extra variables are a mapping of names to values', 'write -e name=value'),
    );
    return {};
  }
  return layerOf(varsOf(parsed.source, parsed.node, notes));
}

/** `a=1 b="two words"`. */
function pairs(given: string, sink: Sink): Layer {
  const layer: Record<string, Layer[string]> = {};
  // The shell took the quotes away: one name, and all that follows is its value.
  const words =
    /^[^\s=]+=[^\s"']*(?:\s+[^\s="']+(?!=)(?:\s|$))/.test(`${given} `) && !/\s[^\s=]+=/.test(given)
      ? [given]
      : wordsOf(given);
  if (words.length === 0)
    sink.found.push(problem('bad-extra', AT, 'an extra variable is empty', 'write -e name=value'));
  for (const word of words) {
    const cut = word.indexOf('=');
    const name = word.slice(0, Math.max(0, cut));
    const wrong = cut < 1 ? problem('bad-extra', AT, `"${word}" is no extra variable`, WAYS) : nameProblem(name, AT);
    if (wrong !== null) sink.found.push(wrong);
    else layer[name] = textValue(word.slice(cut + 1));
  }
  return layer;
}

function textValue(text: string): Layer[string] {
  return hasTemplate(text) ? { is: 'expression', language: 'text', source: text, at: AT } : known(text);
}

function wordsOf(given: string): readonly string[] {
  return [...given.matchAll(/(?:[^\s"']|"(?:[^"\\]|\\.)*"|'[^']*'|["'])+/g)].map(([word]) =>
    word.replaceAll(/"((?:[^"\\]|\\.)*)"|'([^']*)'/g, (_, double: string | undefined, single: string | undefined) =>
      double === undefined ? (single ?? '') : double.replaceAll(/\\(["\\])/g, '$1'),
    ),
  );
}
