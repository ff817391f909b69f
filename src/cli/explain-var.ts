// zoneferry explain var NAME --host H [PLAYBOOK]: where a value comes from, file and line, and what it hides; templates
// filled in, and as they were written.
import { dirname } from 'node:path';
import { controllerPrograms } from '../edge/controller-programs.ts';
import { diskFiles } from '../edge/files.ts';
import { surroundings } from '../edge/surroundings.ts';
import { type ConnectionFound, connectionOf } from '../load/inventory/connection.ts';
import { waysTo } from '../load/inventory/ways.ts';
import { evaluate } from '../load/expression/evaluate.ts';
import { loadExtra } from '../load/expression/extra.ts';
import { readInventory } from '../load/inventory/inventory.ts';
import type { MergedHost } from '../load/inventory/inventory-merge.ts';
import { type Origin, originsOf } from '../load/inventory/origins.ts';
import type { Play, Program } from '../model/program.ts';
import { known, type Layer, type Scope } from '../model/value.ts';
import { type Diagnostic, hasErrors, problem } from '../text/diagnostic.ts';
import type { TextOf } from '../text/draw.ts';
import { type Column, table } from '../text/fit.ts';
import { asJson, type Json } from '../text/json.ts';
import { didYouMean } from '../text/nearest.ts';
import { type Span, spanOf } from '../text/span.ts';
import { visible } from '../text/visible.ts';
import { EXIT, type Exit } from './exit.ts';
import { loadAll } from './loading.ts';
import { drawnTo, refusal } from './telling.ts';
import type { Selecting } from './options.ts';
import type { Speech } from './speech.ts';

export interface Wanted extends Selecting {
  readonly name: string;
  readonly host: string;
  readonly playbooks: readonly string[];
}

export async function explainVar(speech: Speech, wanted: Wanted): Promise<Exit> {
  const files = diskFiles();
  const given = await loadExtra(files, wanted.extra);
  const playbookFolders = wanted.playbooks.map(path => dirname(path));
  const read = await readInventory(files, wanted.inventory, { programs: controllerPrograms(), playbookFolders });
  const book = await bookOf(speech, wanted);
  if (book === null) return EXIT.wrong;
  const told = [...given.diagnostics, ...read.diagnostics];
  const texts = { ...given.texts, ...read.texts };
  // With a playbook, the same has been told already.
  if (wanted.playbooks.length === 0) drawnTo(speech)(told, file => texts[file] ?? null);
  if (hasErrors(told)) return EXIT.wrong;
  const { name, host: hostName } = wanted;
  const host = read.whole.hosts.find(one => one.name === hostName);
  if (host === undefined) {
    const near = didYouMean(
      hostName,
      read.whole.hosts.map(one => one.name),
    );
    return refused(speech, problem('unknown-host', spanOf('--host'), `no host is called "${hostName}"`, ...near));
  }
  const found = await waysTo(read.whole, files, surroundings());
  const vars = found.hostVars.get(hostName);
  if (vars === undefined) throw new Error(`${hostName} is in the inventory without variables`);
  const way = connectionOf(hostName, vars, found.ways);
  const toldOfWay = [...found.found, ...way.found];
  if (wanted.playbooks.length === 0) drawnTo(speech)(toldOfWay, file => ({ ...texts, ...found.texts })[file] ?? null);
  if (hasErrors(toldOfWay)) return EXIT.wrong;
  return shown(speech, { name, host, extra: given.extra, book, vars: vars.all, way });
}

interface Book {
  readonly program: Program | null;
  readonly textOf: TextOf;
}

/** null when it can't be read; that has been told. */
async function bookOf(speech: Speech, wanted: Wanted): Promise<Book | null> {
  if (wanted.playbooks.length === 0) return { program: null, textOf: () => null };
  const options = { ...wanted, limit: null, tags: [], skipTags: [], become: false };
  const loaded = await loadAll(speech, options, wanted.playbooks);
  return loaded.is === 'wrong' ? null : { program: loaded.program, textOf: loaded.textOf };
}

function refused(speech: Speech, diagnostic: Diagnostic): Exit {
  return refusal(speech, [diagnostic], () => null);
}

interface Showing {
  readonly name: string;
  readonly host: MergedHost;
  readonly extra: Layer;
  readonly book: Book;
  readonly vars: Layer;
  readonly way: ConnectionFound;
}

function shown(speech: Speech, { name, host, extra, book, vars, way }: Showing): Exit {
  const plays = (book.program?.plays ?? []).filter(play => play.hosts.some(one => one === host.name));
  const files = Object.keys(book.program?.files ?? {}).flatMap(path => {
    const text = book.textOf(path);
    return text === null ? [] : [[path, text] as const];
  });
  const isPlayOf = (at: Span): boolean => plays.some(play => play.at.file === at.file && play.at.start === at.start);
  const { connection, settings } = way;
  const origins = originsOf({ name, host, extra, settings, files, isPlayOf });
  if (origins.length === 0) {
    const there = [...Object.keys(extra), ...plays.flatMap(play => Object.keys(play.vars)), ...Object.keys(vars)];
    const nothing = `nothing gives ${host.name} a variable "${name}"`;
    return refused(speech, problem('undefined-variable', spanOf('explain var'), nothing, ...didYouMean(name, there)));
  }
  const { address, port, user } = connection;
  const view = asJson({ name: host.name, groups: host.groups, address, port, user });
  const scope = scopeOf(view, vars, extra, plays[0]);
  const wins = origins.find(one => one.always);
  const headline = wins === undefined ? 'has a value in some tasks only' : `is ${textOf(wins, scope)}`;
  speech.out(`${name} on ${host.name} ${visible(headline)}\n\n${listed(origins, wins, scope, speech.columns)}\n`);
  return EXIT.done;
}

/** What a template may name before any task has run. */
function scopeOf(host: Json, vars: Layer, extra: Layer, play: Play | undefined): Scope {
  return { layers: [{ host: known(host) }, extra, play?.vars ?? {}, vars, play?.defaults ?? {}] };
}

function textOf(origin: Origin, scope: Scope): string {
  if (origin.value === null) return '(known when it has run)';
  const found = evaluate(origin.value, scope);
  switch (found.is) {
    case 'value':
      return JSON.stringify(found.json);
    case 'problem':
      return `(${found.message})`;
    case 'at-start':
      return '(known at the start)';
    default:
      return `(known after ${found.after.join(', ')})`;
  }
}

function listed(origins: readonly Origin[], wins: Origin | undefined, scope: Scope, columns: number): string {
  const at = wins === undefined ? origins.length : origins.indexOf(wins);
  const rows = origins.map((one, index) => [
    one === wins ? '*' : index < at ? '+' : '',
    placed(one.at),
    `${one.always ? '' : 'for '}${one.whose}`,
    textOf(one, scope),
    one.value?.is === 'expression' ? JSON.stringify(one.value.source) : '',
  ]);
  const titles: readonly Column[] = [
    { title: '' },
    { title: 'WHERE' },
    { title: 'OF', least: 15, wraps: true },
    { title: 'VALUE', least: 20 },
    { title: 'WRITTEN', least: 20 },
  ];
  const legend = [
    ...(wins === undefined ? [] : ['* is the value; what stands below it is hidden']),
    ...(at > 0 ? ['+ wins for what it is for'] : []),
  ];
  return [
    ...table(
      titles,
      rows.map(row => row.map(visible)),
      columns,
    ),
    '',
    ...legend,
  ].join('\n');
}

/** File and line, or where else it was said. */
function placed(at: Span): string {
  if (at.file.startsWith('<')) return at.file.slice(1, -1);
  return at.end === 0 ? at.file : `${at.file}:${at.line}`;
}
