// `gates` of a play: what must hold before its first wave, and between two. They become tasks that the engine knows
// (gate, pause, preflight, what runs once), in sections of their own around the play's; `approve` stands with the waves.
import { type HostName, taskId } from '../../model/ids.ts';
import type { Approve, BlockEntry, Entry, Section, TaskEntry } from '../../model/program.ts';
import { known, type Value } from '../../model/value.ts';
import { andAt, problem } from '../../text/diagnostic.ts';
import { durationText } from '../../text/duration.ts';
import { nearest } from '../../text/nearest.ts';
import type { Span } from '../../text/span.ts';
import { APPROVE } from '../tables/keys.ts';
import { readEntries } from '../task/entries.ts';
import { type MapNode, type Node, type Pair, pairOf, type ScalarNode } from '../yaml/node.ts';
import { choiceAt, complain, durationAt, type Here, listAt, type Reading, wrongType } from './reading.ts';
import { checkKeys } from './wrong-keys.ts';

export interface Gates {
  readonly before: readonly Entry[];
  readonly between: readonly Entry[];
}

const BETWEEN = 'write "between: { checks: [services, zones_running], soak: 10m }"';

/** The play's own word, or that of `gates.between`. */
export function approveOf(reading: Reading, map: MapNode): Approve {
  const own = choiceAt(reading, map, 'approve', APPROVE);
  const between = betweenIn(map);
  if (between === null) return own ?? 'no_wave';
  const there = choiceAt(reading, between, 'approve', APPROVE);
  const [first, second] = [pairOf(map, 'approve'), pairOf(between, 'approve')];
  if (own !== null && there !== null && own !== there && first !== null && second !== null) {
    const both = problem(
      'double-word',
      second.keySpan,
      '"approve" is said twice, and not the same',
      'keep one of them',
    );
    complain(reading, andAt(both, first.keySpan, 'it is said here, too'));
  }
  return there ?? own ?? 'no_wave';
}

function betweenIn(map: MapNode): MapNode | null {
  const gates = pairOf(map, 'gates')?.value;
  const between = gates?.is === 'map' ? pairOf(gates, 'between')?.value : undefined;
  return between?.is === 'map' ? between : null;
}

/** To be read before the tasks of the play: what it registers, they may use. @param start `site/1.` */
export async function gatesOf(reading: Reading, here: Here, map: MapNode, start: string): Promise<Gates> {
  const node = pairOf(map, 'gates')?.value;
  if (node === undefined) return { before: [], between: [] };
  if (node.is !== 'map') {
    wrongType(reading, node, '"gates" is a mapping of "before" and "between"', BETWEEN);
    return { before: [], between: [] };
  }
  checkKeys(reading, node, 'gates');
  return {
    before: await beforeOf(reading, here, listAt(reading, pairOf(node, 'before')), start),
    between: await betweenOf(reading, here, pairOf(node, 'between')?.value, start),
  };
}

// ---- before the first wave

const FLEET = 'fleet_preflight';

async function beforeOf(
  reading: Reading,
  here: Here,
  items: readonly Node[],
  start: string,
): Promise<readonly Entry[]> {
  const nodes = items.map(item => (item.is === 'scalar' ? preflightCalled(reading, item) : item));
  const entries = await readEntries(
    reading,
    here,
    nodes.filter(node => node !== null),
    n => `${start}b${n}`,
  );
  return entries.flatMap(entry => {
    const task = onlyLooking(reading, entry);
    return task === null ? [] : [task];
  });
}

function preflightCalled(reading: Reading, node: ScalarNode): Node | null {
  if (node.value === FLEET) return mapAt(node.span, { name: FLEET, preflight: mapAt(node.span, { scope: 'update' }) });
  const near = nearest(node.written, [FLEET]);
  const help =
    near === null ? `there is: ${FLEET}; anything else is a mapping: { command: PROGRAM }` : `did you mean "${near}"?`;
  return wrongType(reading, node, 'a gate by name is one that is known', help);
}

/** Once, before any host is touched; that it doesn't hold is a refusal and no failure. */
function onlyLooking(reading: Reading, entry: Entry): TaskEntry | null {
  const isProgram = entry.is === 'task' && PROGRAMS.includes(entry.step);
  if (entry.is !== 'task' || !(isProgram || reading.catalogue.get(entry.step)?.reads === true)) {
    const what = entry.is === 'task' ? `"${entry.step}" changes hosts` : 'this is more than one task';
    complain(
      reading,
      problem('wrong-type', entry.at, `a gate before the first wave only looks: ${what}`, 'put it under "pre_tasks:"'),
    );
    return null;
  }
  const gate = { ...entry, once: 'run', gate: 'before' } as const;
  return isProgram ? { ...gate, args: { reads: known(true), ...entry.args }, failedWhen: failing(entry) } : gate;
}

/** Of what only reads the exit status is an answer like any other; of a gate it is the answer. */
const failing = ({ failedWhen, at }: TaskEntry): readonly Value[] =>
  failedWhen ?? [{ is: 'expression', language: 'condition', source: 'result.rc != 0', at }];

const PROGRAMS: readonly string[] = ['command', 'shell', 'script'];

export function withGates(gates: Gates, hosts: readonly HostName[], sections: readonly Section[]): readonly Section[] {
  return [
    { letter: 'b', entries: ofWholeFleet(gates.before, sections, hosts) },
    ...sections,
    { letter: 'g', entries: gates.between },
  ];
}

/** A preflight before the first wave is asked of every host; one by name as the play's own tasks ask it of theirs. */
function ofWholeFleet(
  before: readonly Entry[],
  sections: readonly Section[],
  hosts: readonly HostName[],
): readonly Entry[] {
  const own = sections.flatMap(({ entries }) => certain(entries)).find(isPreflight);
  return before.map(entry => {
    if (entry.is !== 'task' || entry.step !== 'preflight' || entry.on !== null) return entry;
    const { pairs: _, moves: __, ...asked } = (entry.name === FLEET ? own?.args : undefined) ?? entry.args;
    const vars = entry.name === FLEET && own !== undefined ? own.vars : entry.vars;
    return { ...entry, vars, args: { hosts: known([...hosts]), ...asked } };
  });
}

const isPreflight = ({ step, args: { scope }, loop, on }: TaskEntry): boolean =>
  step === 'preflight' && loop === null && on === null && scope?.is === 'known' && scope.json !== 'return';

/** Tasks that every host comes to, with nothing around them that gives a name a value. */
function certain(entries: readonly Entry[]): readonly TaskEntry[] {
  return entries.flatMap(entry => {
    if (entry.is === 'task') return entry.when.length === 0 ? [entry] : [];
    return entry.is === 'block' && isPlain(entry) ? certain(entry.body) : [];
  });
}

const isPlain = ({ when, loop, vars, params, defaults }: BlockEntry): boolean =>
  when.length === 0 && loop === null && [vars, params, defaults].every(layer => Object.keys(layer).length === 0);

// ---- between two waves

const OF_GATE = ['checks', 'consecutive', 'every', 'within', 'floor'];

async function betweenOf(
  reading: Reading,
  here: Here,
  node: Node | undefined,
  start: string,
): Promise<readonly Entry[]> {
  if (node === undefined) return [];
  if (node.is !== 'map') {
    wrongType(reading, node, '"between" is a mapping', BETWEEN);
    return [];
  }
  const { span } = node;
  checkKeys(reading, node, 'between');
  const asked = node.pairs.filter(({ key }) => OF_GATE.includes(key));
  if (asked[0] !== undefined && pairOf(node, 'checks') === null) {
    complain(reading, problem('missing-key', asked[0].keySpan, `"${asked[0].key}" stands without "checks"`, BETWEEN));
    return [];
  }
  const soakMs = durationAt(reading, node, 'soak') ?? 0;
  const own = { is: 'map', pairs: asked.map(inList), span: node.span } as const;
  const [gate] = asked.length === 0 ? [] : await read({ name: 'Gate between waves', gate: own }, 1);
  const pause = mapAt(span, { seconds: soakMs / 1000 });
  const soak = soakMs === 0 ? [] : await read({ name: `Soak of ${durationText(soakMs)}`, pause }, 2);
  const again = gate === undefined ? [] : soak.map(() => ({ ...gate, ...AGAIN, id: taskId(`${start}g3`) }));
  return [...(gate === undefined ? [] : [gate]), ...soak.map(task => ({ ...task, ...ONCE })), ...again];

  async function read(values: Readonly<Record<string, Given>>, n: number): Promise<readonly TaskEntry[]> {
    const entries = await readEntries(reading, here, [mapAt(span, values)], () => `${start}g${n}`);
    return entries.flatMap(entry => (entry.is === 'task' ? [standing(entry)] : []));
  }
}

const AGAIN = { name: 'Gate after the soak', gate: 'soak' } as const;
const ONCE = { once: 'wave', gate: 'soak' } as const;

/** One check needs no brackets. */
function inList(pair: Pair): Pair {
  const { key, value } = pair;
  const isOne = key === 'checks' && value.is === 'scalar' && typeof value.value === 'string';
  return isOne && !value.value.includes('{{')
    ? { ...pair, value: { is: 'list', items: [value], span: value.span } }
    : pair;
}

/** Nothing that the play says for its tasks makes a gate less. */
function standing(task: TaskEntry): TaskEntry {
  const plain = { ignoreErrors: known(false), ignoreUnreachable: false, notify: [], timeoutMs: null } as const;
  return { ...task, ...plain, gate: 'between', once: 'no' };
}

// ---- tasks that nobody wrote, at the place of what stands for them

type Given = string | number | Node;

function mapAt(span: Span, values: Readonly<Record<string, Given>>): MapNode {
  const pairs = Object.entries(values).map(
    ([key, value]): Pair => ({ key, keySpan: span, value: typeof value === 'object' ? value : scalarAt(span, value) }),
  );
  return { is: 'map', pairs, span };
}

const scalarAt = (span: Span, value: string | number): ScalarNode => ({
  ...{ is: 'scalar', value, written: String(value), plain: true, span },
});
