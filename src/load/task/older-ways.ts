// Ansible's older ways to write a task (`include`, `action`, `local_action`, `args`, `import_role: name=x`): each is told
// once, with what to write, and read as if that stood there, so that what else is wrong with it is told in the same pass.
import { problem } from '../../text/diagnostic.ts';
import { hasTemplate } from '../expression/template-ast.ts';
import { complain, type Here, type Reading } from '../playbook/reading.ts';
import { type MapNode, type Node, type Pair, pairOf, partOf, type ScalarNode } from '../yaml/node.ts';
import { BUILTIN, KEYS_LIKE_MODULES } from '../tables/keys.ts';
import { stepPairs } from './call.ts';
import { flowOf, freeFormPairs } from './free-form.ts';

/** null: nothing of it can be read. */
export function inTodaysWay(reading: Reading, here: Here, map: MapNode): MapNode | null {
  const ways = [actionOf, argsOf, firstFoundOf, includeOf, fileOf, roleOf];
  const today = ways.reduce<MapNode | null>((left, way) => (left === null ? null : way(reading, here, left)), map);
  // What it would have given is missed by nobody.
  if (today === null) here.play.lost.push(map.pairs[0]?.key ?? '');
  return today;
}

type Way = (reading: Reading, here: Here, map: MapNode) => MapNode | null;

/** Without the old word it is a task or a holder of tasks already. */
function isSomething(map: MapNode): boolean {
  const kinds = ['block', 'rescue', 'always', 'meta', ...KEYS_LIKE_MODULES];
  return stepPairs(map).length > 0 || map.pairs.some(pair => kinds.includes(pair.key));
}

function textOf(pair: Pair | null): ScalarNode | null {
  return pair?.value.is === 'scalar' && typeof pair.value.value === 'string' ? pair.value : null;
}

function told(reading: Reading, pair: Pair, help: string): void {
  complain(reading, problem('not-ours', pair.keySpan, `Ansible has "${pair.key}", this language doesn't`, help));
}

function older(reading: Reading, pair: Pair, text: string, help: string): void {
  const name = /(\w+)=/.exec(text)?.[1] ?? '';
  complain(reading, problem('bad-argument', pair.value.span, `"${name}=" inside a text is Ansible's older way`, help));
}

function replaced(map: MapNode, old: Pair, ...pairs: readonly Pair[]): MapNode {
  return { ...map, pairs: map.pairs.flatMap(pair => (pair === old ? pairs : [pair])) };
}

// ---- action, local_action, args

function actionOf(reading: Reading, here: Here, map: MapNode): MapNode | null {
  const pair = pairOf(map, 'local_action') ?? pairOf(map, 'action');
  if (pair === null || isSomething(map)) return map;
  const step = pair.value.is === 'map' ? namedIn(here, pair.value) : namedAtHead(reading, here, textOf(pair));
  const delegated = ' and "delegate_to: NAME", with this machine as NAME in the inventory';
  const also = pair.key === 'local_action' ? delegated : '';
  told(reading, pair, step === null ? `write the step itself as a key${also}` : `write "${shown(step)}"${also}`);
  return step === null ? null : replaced(map, pair, step);
}

const shown = ({ key, value }: Pair): string => `${key}: ${flowOf(value)}`;

/** `{ module: copy, src: a }`, where the module may be a whole line. */
function namedIn(here: Here, map: MapNode): Pair | null {
  const module = pairOf(map, 'module');
  const text = textOf(module)?.value;
  if (module === null || typeof text !== 'string') return null;
  const rest = map.pairs.filter(pair => pair !== module);
  const [, name = '', line = ''] = /^\s*([\w.]+)\s*(.*)$/s.exec(text) ?? [];
  if (rest.length === 0 && line !== '') return headed(here, { ...module, key: name }, textOf(module), line);
  return { key: name, keySpan: module.keySpan, value: { ...map, pairs: rest } };
}

/** `copy src=a dest=b`. */
function namedAtHead(reading: Reading, here: Here, node: ScalarNode | null): Pair | null {
  if (node === null || typeof node.value !== 'string') return null;
  const [, name = '', line = ''] = /^\s*([\w.]+)\s*(.*)$/s.exec(node.value) ?? [];
  if (name === '') return null;
  const keySpan = partOf(here.source, node, node.value.indexOf(name), node.value.indexOf(name) + name.length);
  const pair: Pair = { key: name, keySpan, value: node };
  const step = reading.catalogue.get(name.replace(BUILTIN, ''));
  const arguments_ = freeFormPairs(here.source, rested(here, node, line), keySpan, step?.bareArgument ?? null);
  const isMapping = arguments_.some(one => one.key !== step?.bareArgument) || step?.bareArgument === null;
  if (isMapping && line !== '') return { ...pair, value: { is: 'map', pairs: arguments_, span: node.span } };
  return headed(here, pair, node, line);
}

function headed(here: Here, pair: Pair, node: ScalarNode | null, line: string): Pair {
  if (node === null) return pair;
  return { ...pair, value: line === '' ? { is: 'map', pairs: [], span: node.span } : rested(here, node, line) };
}

/** The end of a text as a node of its own. */
function rested(here: Here, node: ScalarNode, line: string): ScalarNode {
  const text = typeof node.value === 'string' ? node.value : '';
  const start = text.length - line.length;
  return { ...node, value: line, written: line, span: partOf(here.source, node, start, text.length) };
}

/** `args:` beside the step. */
function argsOf(reading: Reading, _: Here, map: MapNode): MapNode | null {
  const args = pairOf(map, 'args');
  const [call] = stepPairs(map);
  if (args === null || args.value.is !== 'map' || call === undefined) return map;
  const bare = reading.catalogue.get(call.key.replace(BUILTIN, ''))?.bareArgument ?? null;
  const own = ownArguments(call, bare);
  if (own === null) return map;
  const pairs = [...own, ...args.value.pairs.filter(pair => !own.some(one => one.key === pair.key))];
  const whole: Pair = { ...call, value: { is: 'map', pairs, span: call.value.span } };
  told(reading, args, `put the arguments under the step: ${shown(whole)}`);
  return { ...map, pairs: map.pairs.flatMap(pair => (pair === call ? [whole] : pair === args ? [] : [pair])) };
}

/** null: they can't be put together with others. */
function ownArguments({ keySpan, value }: Pair, bare: string | null): readonly Pair[] | null {
  if (value.is === 'map') return value.pairs;
  if (value.is !== 'scalar') return null;
  if (value.value === null) return [];
  return bare === null || /(?:^|\s)\w+=/.test(value.written) ? null : [{ key: bare, keySpan, value }];
}

// ---- files and roles

/** Which file of variables: a choice among them, not a loop. */
const firstFoundOf: Way = (reading, _, map) => {
  const vars = map.pairs.find(pair => pair.key.replace(BUILTIN, '') === 'include_vars');
  const found = map.pairs.find(pair => /^with_(?:ansible\.builtin\.)?first_found$/.test(pair.key));
  if (vars === undefined || found === undefined) return map;
  const named = found.value.is === 'list' && found.value.items.every(one => one.is === 'scalar');
  const from = named ? flowOf(found.value) : '[a.yml, b.yml]';
  const help = `write include_vars: { file: …, from: ${from} }, with "file" the name of the one that is meant`;
  complain(reading, problem('not-ours', found.keySpan, `"${found.key}" is Ansible's older way to choose`, help));
  return null;
};

/** Its old name stood for both: what differs from host to host or is done several times is included. */
const includeOf: Way = (reading, here, map) => {
  const pair = pairOf(map, 'include');
  const node = textOf(pair);
  if (pair === null || node === null || isSomething(map)) return map;
  const line = lineOf(here, pair, node);
  const file = line.file?.is === 'scalar' ? line.file.written : 'FILE';
  const isChosen = hasTemplate(file) || map.pairs.some(({ key }) => key === 'loop' || key.startsWith('with_'));
  const key = isChosen ? 'include_tasks' : 'import_tasks';
  const from = hasTemplate(file) ? `{ file: "${file}", from: [a.yml, b.yml] }, with every file it may be` : file;
  told(reading, pair, `write ${key}: ${from}${saidBeside(line)}`);
  if (line.file === null || hasTemplate(file) || line.vars.length > 0) return null;
  return replaced(map, pair, { ...pair, key, value: line.file }, ...line.tags);
};

/** `x.yml tags=a y=2`: tags are the task's own, what else stands there are variables. */
interface Line {
  readonly file: Node | null;
  readonly tags: readonly Pair[];
  readonly vars: readonly Pair[];
}

function lineOf(here: Here, pair: Pair, node: ScalarNode): Line {
  const pairs = freeFormPairs(here.source, node, pair.keySpan, 'file');
  const others = pairs.filter(one => one.key !== 'file');
  return {
    file: pairs.find(one => one.key === 'file')?.value ?? null,
    tags: others.filter(one => one.key === 'tags'),
    vars: others.filter(one => one.key !== 'tags'),
  };
}

function saidBeside({ tags, vars }: Line): string {
  const [first] = vars;
  const all = first === undefined ? [] : [`vars: ${flowOf({ is: 'map', pairs: vars, span: first.keySpan })}`];
  return [...tags.map(shown), ...all].map(one => ` and ${one}`).join('');
}

/** `import_tasks: file=x.yml`. */
const fileOf: Way = (reading, here, map) => {
  const pair = pairOf(map, 'import_tasks') ?? pairOf(map, 'include_tasks');
  const node = textOf(pair);
  if (pair === null || node === null || !/(?:^|\s)\w+=/.test(node.written)) return map;
  const line = lineOf(here, pair, node);
  const file = line.file === null ? 'FILE' : flowOf(line.file);
  older(reading, pair, node.written, `write ${pair.key}: ${file}${saidBeside(line)}`);
  if (line.file === null || line.vars.length > 0) return null;
  return replaced(map, pair, { ...pair, value: line.file }, ...line.tags);
};

/** `include_role: name=x tasks_from=y`. */
const roleOf: Way = (reading, here, map) => {
  const pair = pairOf(map, 'import_role') ?? pairOf(map, 'include_role');
  const node = textOf(pair);
  if (pair === null || node === null || !/(?:^|\s)\w+=/.test(node.written)) return map;
  const value: Node = { is: 'map', pairs: freeFormPairs(here.source, node, pair.keySpan, 'name'), span: node.span };
  older(reading, pair, node.written, `write ${pair.key}: ${flowOf(value)}`);
  return replaced(map, pair, { ...pair, value });
};
