// Programs by hand: entries as an author would list them, with ids given by their place.
import { hostName, type HostName, stepName, type TaskId, taskId } from '../../src/model/ids.ts';
import type { InventoryHost } from '../../src/model/inventory.ts';
import { type Plan, PLAN_VERSION } from '../../src/model/plan.ts';
import type { BlockEntry, Entry, FlushEntry, Loop, Play, TaskEntry } from '../../src/model/program.ts';
import { known, type Layer, type Value } from '../../src/model/value.ts';
import type { Json } from '../../src/text/json.ts';
import { spanOf } from '../../src/text/span.ts';
import { connectionTo } from '../edge/connection.ts';

const at = spanOf('test');
const nowhere = taskId('');

/** A condition. */
export const c = (source: string): Value => ({ is: 'expression', language: 'condition', source, at });
/** A template, also inside a list or a mapping. */
export const x = (source: Json): Value => ({ is: 'expression', language: 'text', source, at });
const valueOf = (value: Json | Value): Value => (isValue(value) ? value : known(value));
const isValue = (value: Json | Value): value is Value =>
  typeof value === 'object' &&
  value !== null &&
  'is' in value &&
  ['known', 'expression', 'at-start', 'later'].includes(String(value.is));

type Given = Readonly<Record<string, Json | Value>>;
export type TaskOptions = Partial<Omit<TaskEntry, 'is' | 'id' | 'step' | 'args' | 'loop'>> & {
  readonly loop?: Json | Value;
  readonly pauseMs?: number;
};

const values = (given: Given): Readonly<Record<string, Value>> =>
  Object.fromEntries(Object.entries(given).map(([name, value]) => [name, valueOf(value)]));

export function task(step: string, args: Given = {}, options: TaskOptions = {}): TaskEntry {
  const { loop, pauseMs, ...rest } = options;
  return {
    ...{
      is: 'task',
      id: nowhere,
      name: `${step} ${Object.values(args)
        .map(one => JSON.stringify(one))
        .join(' ')}`,
      at,
    },
    ...{ step: stepName(step), args: values(args), when: [], register: null, attempts: null },
    ...{ changedWhen: null, failedWhen: null, ignoreErrors: known(false), ignoreUnreachable: false },
    ...{ notify: [], listen: [], tags: [], vars: {}, environment: {}, become: null, once: 'no', on: null },
    ...{ throttle: null, timeoutMs: null, hidden: false, undo: null, checkMode: null, diff: null },
    loop: loop === undefined ? null : loopOver(loop, pauseMs ?? 0),
    ...rest,
  };
}

const loopOver = (over: Json | Value, pauseMs: number): Loop => ({
  ...{ over: valueOf(over), variable: 'item', index: null, label: null, pauseMs },
});

export type BlockOptions = {
  rescue?: readonly Entry[];
  always?: readonly Entry[];
  when?: readonly Value[];
  vars?: Layer;
  loop?: Json | Value;
};

export function block(body: readonly Entry[], options: BlockOptions = {}): BlockEntry {
  const { rescue = [], always = [], when = [], vars = {} } = options;
  const loop = options.loop === undefined ? null : loopOver(options.loop, 0);
  return {
    is: 'block',
    id: nowhere,
    name: 'block',
    at,
    when,
    loop,
    vars,
    params: {},
    defaults: {},
    body,
    rescue,
    always,
  };
}

export const flush = (): FlushEntry => ({ is: 'flush', id: nowhere, at });
export const handler = (name: string, step: string, args: Given, options: TaskOptions = {}): TaskEntry => ({
  ...task(step, args, options),
  name,
});

export type PlayOptions = Partial<Omit<Play, 'number' | 'hosts' | 'sections' | 'serial'>> & {
  readonly serial?: number;
  readonly pre?: readonly Entry[];
  readonly post?: readonly Entry[];
};
export type PlayMaker = (number: number) => Play;

export function play(hosts: readonly string[], tasks: readonly Entry[], options: PlayOptions = {}): PlayMaker {
  const { serial, pre = [], post = [], handlers = [], ...rest } = options;
  return number => {
    const section = (letter: 'p' | 't' | 'o', entries: readonly Entry[]) => ({
      letter,
      entries: numbered(`toy/${number}.${letter}`, entries),
    });
    return {
      ...{ number, name: `play ${number}`, file: 'toy', at, hosts: hosts.map(hostName) },
      serial: serial === undefined ? [] : [{ is: 'hosts', count: serial }],
      ...{
        order: 'as_listed',
        waves: 'serial',
        canary: 0,
        returns: 'home',
        replan: { zones: 10, bytes: 10 },
        approve: 'no_wave',
        window: null,
      },
      ...{ strategy: 'linear', maxFailures: 0, maxOut: null, onFailure: 'rollback', vars: {} },
      ...{ anyErrorsFatal: false, gatherFacts: null, login: { user: null, port: null }, prompts: [], defaults: {} },
      sections: [section('p', pre), section('t', tasks), section('o', post)],
      handlers: handlers.map((one, i) => ({ ...one, id: taskId(`toy/${number}.h${i + 1}`) })),
      ...rest,
    };
  };
}

function numbered(prefix: string, entries: readonly Entry[]): readonly Entry[] {
  return entries.map((entry, i) => identified(entry, taskId(`${prefix}${i + 1}`)));
}

function identified(entry: Entry, id: TaskId): Entry {
  if (entry.is !== 'block') return { ...entry, id };
  const body = numbered(`${id}.`, entry.body);
  const rescue = numbered(`${id}.r`, entry.rescue);
  return { ...entry, id, body, rescue, always: numbered(`${id}.a`, entry.always) };
}

export interface PlanOptions {
  readonly check?: boolean;
  readonly extra?: Layer;
  readonly vars?: Readonly<Record<string, Layer>>;
  readonly others?: readonly string[];
}

export function planOf(makers: readonly PlayMaker[], options: PlanOptions = {}): Plan {
  const plays = makers.map((make, i) => make(i + 1));
  const names = [...new Set([...plays.flatMap(one => one.hosts), ...(options.others ?? []).map(hostName)])];
  const connection = connectionTo({ connectTimeoutMs: 1000, become: { method: 'none', user: '' } });
  const host = (name: HostName): readonly [HostName, InventoryHost] => [
    name,
    { name, groups: ['all'], connection, vars: options.vars?.[name] ?? {} },
  ];
  return {
    ...{ v: PLAN_VERSION, at: 0, playbooks: ['toy.yml'], program: { plays, files: {} } },
    hosts: Object.fromEntries(names.map(host)),
    ...{ groups: { all: names }, zoneRules: [], extra: options.extra ?? {} },
    options: { check: options.check ?? false, diff: false, forks: 50, tags: [], skipTags: [], limit: null },
    ...{ waves: [], restsOn: { playbooks: [], inventory: '', facts: {} }, notes: [] },
  };
}
