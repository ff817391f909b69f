// The step of a task and its arguments. The step is the one key that isn't a task's own word; its arguments are held
// against its schema, as far as they are known before placeholders have values.
import { posix } from 'node:path';
import type { Args } from '../../model/program.ts';
import type { Step } from '../../model/step.ts';
import { known, type Language, type Layer, type Value } from '../../model/value.ts';
import { problem } from '../../text/diagnostic.ts';
import { didYouMean } from '../../text/nearest.ts';
import { sourceOf, spanIn } from '../../text/source.ts';
import type { Span } from '../../text/span.ts';
import { type Notes, valueOf } from '../expression/values.ts';
import { complain, type Here, noting, type Reading } from '../playbook/reading.ts';
import { isTaskWord, OWN_WORDS } from '../playbook/wrong-keys.ts';
import { BUILTIN } from '../tables/keys.ts';
import { INSTEAD_OF_MODULES, PLANNED_STEPS } from '../tables/other-steps.ts';
import { type MapNode, type Node, objectOf, type Pair } from '../yaml/node.ts';
import { argumentProblems, nameInText } from './arguments.ts';
import { folderArgs } from './copied-folder.ts';
import { freeFormPairs, mappingOf } from './free-form.ts';
import { includedVars } from './included-vars.ts';
import { namedValue } from './named-value.ts';

export interface ReadCall {
  readonly step: Step;
  /** The key as it stands in the file. */
  readonly pair: Pair;
  readonly args: Args;
  /** What the call itself brings in for its own values. */
  readonly vars: Layer;
  /** Names that it gives to the tasks after it. */
  readonly names: readonly string[];
}

/** `ansible.builtin.copy` is copy: the names of Ansible's own collection are taken for ours. */
function plainName(name: string): string {
  return name.replace(BUILTIN, '');
}

/** The pairs of a task that aren't its own words: its step, if there is just one. */
export function stepPairs(map: MapNode): readonly Pair[] {
  return map.pairs.filter(pair => !isTaskWord(pair.key));
}

export async function readCall(reading: Reading, here: Here, map: MapNode): Promise<ReadCall | null> {
  const candidates = stepPairs(map);
  const known = candidates.flatMap(pair => {
    const step = reading.catalogue.get(plainName(pair.key));
    return step === null ? [] : [{ pair, step }];
  });
  for (const pair of candidates)
    if (!known.some(one => one.pair === pair)) unknownStep(reading, pair, known.length > 0);
  const [first, second] = known;
  if (second !== undefined) {
    complain(
      reading,
      problem(
        'no-step',
        second.pair.keySpan,
        `a task has one step; this one has "${first?.pair.key}" and "${second.pair.key}"`,
        'make two tasks of it',
      ),
    );
  }
  if (first === undefined) {
    // Ansible's other ways to name a step have been told.
    if (candidates.length === 0 && !map.pairs.some(pair => NAMES_A_STEP.includes(pair.key))) {
      complain(
        reading,
        problem('no-step', headOf(map), 'this task names no step', 'name one, like "command: uname -a"'),
      );
    }
    return null;
  }
  return { ...first, ...(await argsOf(reading, here, first)) };
}

const NAMES_A_STEP: readonly string[] = ['action', 'local_action', 'include'];

function headOf(map: MapNode): MapNode['span'] {
  return map.pairs[0]?.keySpan ?? map.span;
}

function unknownStep(reading: Reading, pair: Pair, besidesAStep: boolean): void {
  const name = plainName(pair.key);
  if (PLANNED_STEPS.includes(name)) {
    complain(reading, problem('not-yet', pair.keySpan, `the step "${name}" is planned, not here yet`));
    return;
  }
  const names = reading.catalogue.names;
  const instead = Object.hasOwn(INSTEAD_OF_MODULES, name) ? INSTEAD_OF_MODULES[name] : undefined;
  if (instead !== undefined) {
    complain(reading, problem('unknown-step', pair.keySpan, `Ansible has "${name}", this language doesn't`, instead));
    return;
  }
  const words = [...names, ...PLANNED_STEPS];
  const near = didYouMean(name, [...words, ...OWN_WORDS]);
  complain(
    reading,
    besidesAStep
      ? problem('unknown-key', pair.keySpan, `a task has no key "${pair.key}"`, ...near)
      : problem(
          'unknown-step',
          pair.keySpan,
          `no step is called "${pair.key}"`,
          ...(near.length > 0 ? near : ['zoneferry steps lists them']),
        ),
  );
}

type Called = Pick<ReadCall, 'args' | 'vars' | 'names'>;

async function argsOf(
  reading: Reading,
  here: Here,
  call: { readonly step: Step; readonly pair: Pair },
): Promise<Called> {
  const pairs = argumentPairs(reading, here, call);
  if (pairs === null) return { args: {}, vars: {}, names: [] };
  for (const wrong of argumentProblems(call.step, call.pair, pairs)) complain(reading, wrong);
  const args = noting(reading, here, notes =>
    pairs.map(pair => {
      const into = isToldElsewhere(call.step, pairs, pair) ? { found: [], uses: [] } : notes;
      return [pair.key, argumentOf(here, call.step, pair, into)] as const;
    }),
  );
  const all = [
    ...args,
    ...(await templateFiles(reading, here, call.step, pairs)),
    ...(await roleFile(reading, here, call.step, args)),
  ];
  const folder = await folderArgs(reading, here, { ...call, pairs }, objectOf(all));
  if (call.step.name === 'include_vars') {
    const included = await includedVars(reading, here, pairs, call.pair.keySpan);
    return { ...included, args: objectOf([...all, ...included.args]) };
  }
  return {
    args: objectOf([...all, ...folder]),
    vars: {},
    names: call.step.name === 'set_fact' ? pairs.map(pair => pair.key) : [],
  };
}

/** The file of `include_vars` without `from` must be known: what its placeholder names is no second mistake. */
function isToldElsewhere(step: Step, pairs: readonly Pair[], { key }: Pair): boolean {
  return step.name === 'include_vars' && key === 'file' && !pairs.some(one => one.key === 'from');
}

function argumentOf(here: Here, step: Step, { key, value }: Pair, notes: Notes): Value {
  if (step.nameArguments.includes(key)) return namedValue(here.source, value, notes);
  return valueOf(here.source, value, languageOf(step, key), notes);
}

function languageOf(step: Step, argument: string): Language {
  if (step.shellArguments.includes(argument)) return 'shell';
  return step.conditionArguments.includes(argument) ? 'condition' : 'text';
}

/** The arguments as written; a bare text stands for the step's own bare argument. */
function argumentPairs(
  reading: Reading,
  here: Here,
  { step, pair }: { readonly step: Step; readonly pair: Pair },
): readonly Pair[] | null {
  const node: Node = pair.value;
  if (node.is === 'map') return node.pairs;
  if (node.is === 'scalar' && node.value === null) return [];
  const bare = step.bareArgument;
  const name = node.is !== 'scalar' || bare === null ? null : nameInText(step, node.written);
  if (bare !== null && (node.is !== 'scalar' || name === null))
    return [{ key: bare, keySpan: pair.keySpan, value: node }];
  if (node.is !== 'scalar' || (bare === null && !/\w=/.test(node.written))) {
    const message = `"${step.name}" takes a mapping of arguments`;
    complain(reading, problem('bad-argument', node.span, message, `write ${step.name}: { … }`));
    return null;
  }
  const message =
    name === null ? `"${step.name}" takes a mapping of arguments` : `"${name}=" inside a text is Ansible's older way`;
  const help = `write ${step.name}: ${mappingOf(node.written, bare)}`;
  complain(reading, problem('bad-argument', node.span, message, help));
  return freeFormPairs(here.source, node, pair.keySpan, bare);
}

/** A file of the role that is being read, named as from the playbook: the run looks for files there. */
async function roleFile(
  reading: Reading,
  here: Here,
  step: Step,
  args: readonly (readonly [string, Value])[],
): Promise<readonly (readonly [string, Value])[]> {
  const value = args.find(([name]) => name === step.localFile)?.[1];
  const written = value?.is === 'known' ? value.json : value?.is === 'expression' ? value.source : null;
  const onHost = args.some(([name, { is }]) => name === 'remote_src' && is === 'known');
  if (here.role === null || step.localFile === null || value === undefined || typeof written !== 'string' || onHost)
    return [];
  const word = step.shellArguments.includes(step.localFile) ? (/^[^\s'"\\]+/.exec(written)?.[0] ?? '') : written;
  if (word === '' || /^\/|\{\{/.test(word)) return [];
  const path = posix.join(here.role, 'files', word);
  if (!(await reading.files.list(posix.dirname(path))).includes(posix.basename(path))) return [];
  const end = word.endsWith('/') ? '/' : '';
  const text = posix.relative(here.folder, path) + end + written.slice(word.length);
  return [[step.localFile, value.is === 'expression' ? { ...value, source: text } : known(text)]];
}

/** The texts of template files, under the arguments that take them. */
async function templateFiles(
  reading: Reading,
  here: Here,
  step: Step,
  pairs: readonly Pair[],
): Promise<readonly (readonly [string, Value])[]> {
  const values: (readonly [string, Value])[] = [];
  for (const { path, text } of step.templateFiles) {
    const named = pairs.find(pair => pair.key === path)?.value;
    if (named === undefined || named.is !== 'scalar' || typeof named.value !== 'string') continue;
    const value = await templateFile(reading, here, { file: named.value, at: named.span });
    if (value !== null) values.push([text, value]);
  }
  return values;
}

async function templateFile(
  reading: Reading,
  here: Here,
  { file, at }: { readonly file: string; readonly at: Span },
): Promise<Value | null> {
  if (file.includes('{{')) {
    complain(reading, problem('bad-argument', at, 'the name of a template file must be known before the run'));
    return null;
  }
  const folders = here.role === null ? [here.folder] : [here.role, here.folder];
  const beside = folders.flatMap(folder => [posix.join(folder, 'templates', file), posix.join(folder, file)]);
  const found = await firstFile(reading, file.startsWith('/') ? [file] : beside);
  if (found === null) {
    const message = `no template ${file} beside the playbook or in its folder "templates"`;
    const help = file.endsWith('.j2')
      ? ['templates are Handlebars here, not Jinja: {{x}}, {{#if x}}, {{#each x}}']
      : [];
    complain(reading, problem('file-missing', at, message, ...help));
    return null;
  }
  reading.texts[found.path] = found.text;
  const source = sourceOf(found.path, found.text);
  const span = spanIn(source, 0, found.text.length);
  const node = { is: 'scalar', value: found.text, written: found.text, plain: false, span } as const;
  return noting(reading, here, notes => valueOf(source, node, 'text', notes));
}

async function firstFile(reading: Reading, paths: readonly string[]): Promise<{ path: string; text: string } | null> {
  for (const path of paths) {
    const found = await reading.files.read(path);
    if (found.is === 'text') return { path, text: found.text };
  }
  return null;
}
