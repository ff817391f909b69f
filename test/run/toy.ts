// A small world: hosts that hold named values and things that live on one host or another, a shell of five words, and
// steps over it with the same traps as the real ones: things don't come home to a closed host.
import { z } from 'zod';
import type { Undo } from '../../src/model/action.ts';
import { type Command, type Ended, ok, refused } from '../../src/model/command.ts';
import { type HostName, hostName, stepName } from '../../src/model/ids.ts';
import type { Host } from '../../src/model/ports.ts';
import type { Catalogue, Step } from '../../src/model/step.ts';
import type { JsonObject } from '../../src/text/json.ts';
import { PLAIN_STEP } from '../model/plain-step.ts';

/** Traces that are no part of what a host is: logs, when something was restarted. */
export const PASSING = ['log', 'restarted'];

export class Toy {
  readonly values = new Map<string, Map<string, string>>();
  /** Thing -> host. */
  readonly things = new Map<string, string>();
  /** Hosts that answer nothing. */
  readonly dead = new Set<string>();
  readonly lines: string[] = [];

  constructor(things: Readonly<Record<string, string>> = {}) {
    for (const [thing, host] of Object.entries(things)) this.things.set(thing, host);
  }

  on(host: string): Map<string, string> {
    const found = this.values.get(host) ?? new Map<string, string>();
    this.values.set(host, found);
    return found;
  }

  /** What "as before" means here. Logs are not part of it. */
  snapshot(): string {
    const hosts = [...this.values].map(([name, values]) => [
      name,
      [...values].filter(([key]) => !PASSING.includes(key)).sort(),
    ]);
    const full = hosts.filter(([, values]) => values?.length).sort();
    return JSON.stringify([full, [...this.things].sort()]);
  }

  host(name: HostName): Host {
    const no = (): never => {
      throw new Error('a toy has no files');
    };
    return {
      name,
      exec: line => Promise.resolve(this.#exec(name, line)),
      read: no,
      reconnect: () =>
        Promise.resolve(
          this.dead.has(name)
            ? { is: 'no', refusal: { is: 'not-sent', command: 'connect', why: 'no route' } }
            : { is: 'ok', value: null },
        ),
      close: () => Promise.resolve(),
    };
  }

  #exec(host: string, line: string): Ended {
    if (this.dead.has(host)) return { is: 'not-sent', why: 'no route to host' };
    this.lines.push(`${host}: ${line}`);
    const [word, key = '', value = ''] = line
      .replace(/^LC_ALL=C /, '')
      .replaceAll("'", '')
      .split(' ');
    const exit = (code: number, out: string): Ended => ({ is: 'exited', code, out, err: '' });
    const values = this.on(host);
    if (line.endsWith('/usr/bin/true')) return exit(0, '');
    switch (word) {
      case '/toy/get':
        return exit(0, values.get(key) ?? '');
      case '/toy/set':
        if (value === '') values.delete(key);
        else values.set(key, value);
        return exit(0, '');
      case '/toy/where':
        return exit(0, this.things.get(key) ?? '');
      case '/toy/move':
        if (this.on(value).get('closed')) return exit(1, `${value} is closed`);
        this.things.set(key, value);
        return exit(0, '');
      case '/toy/log':
        values.set('log', `${values.get('log') ?? ''}${key};`);
        return exit(0, values.get('log') ?? '');
      default:
        return exit(127, `no ${word}`);
    }
  }
}

const command = (argv: readonly string[], changes: boolean): Command<string> => ({
  ...{ argv, changes, runAs: 'login', readBy: 'us', stdin: '' },
  read: ended => (ended.is === 'exited' && ended.code === 0 ? ok(ended.out) : refused(ended.out)),
});

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

type Shape = Pick<Step, 'check' | 'apply'> & Partial<Step>;

function step(name: string, fields: z.ZodRawShape, shape: Shape): Step {
  return {
    ...PLAIN_STEP,
    ...{ name: stepName(name), summary: name, args: () => z.strictObject(fields) as unknown as z.ZodType<JsonObject> },
    ...{ needsFacts: false, limitMs: () => 60_000, say: () => name },
    ...shape,
  };
}

const toStep = (name: string, args: JsonObject): Undo => ({ is: 'steps', steps: [{ step: stepName(name), args }] });

/** Looks with one command whose answer should be `wanted`, changes with another. */
function pair(
  ask: (args: JsonObject) => readonly string[],
  wanted: (args: JsonObject) => string,
  act: (args: JsonObject) => readonly string[],
): Shape {
  return {
    async check(args, looker) {
      const found = await looker.ask(command(ask(args), false));
      if (found.is === 'no') return { is: 'no-answer', refusal: found.refusal };
      const seen = { was: found.value };
      return { is: found.value === wanted(args) ? 'done' : 'todo', seen, text: `is "${found.value}"` };
    },
    async apply(args, _seen, doer) {
      const done = await doer.do(command(act(args), true));
      return done.is === 'ok'
        ? { is: 'applied', reply: { said: done.value } }
        : { is: 'refused', refusal: done.refusal };
    },
    result: (_args, before, after) => ({ before: text(before.was), now: text(after.was) }),
  };
}

const key = { key: z.string(), value: z.string() };
const setting = pair(
  args => ['/toy/get', text(args.key)],
  args => text(args.value),
  args => ['/toy/set', text(args.key), text(args.value)],
);
const closing = (wanted: string): Shape =>
  pair(
    () => ['/toy/get', 'closed'],
    () => wanted,
    () => ['/toy/set', 'closed', wanted],
  );
const nothingToDo: Shape['apply'] = () => Promise.reject(new Error('never applied'));

/** As `preflight` and `gate`: hosts that are unfit, and what is sick on a host. */
export const toyGates: readonly Step[] = [
  step(
    'preflight',
    { scope: z.string(), entire: z.string().optional(), hosts: z.array(z.string()).optional() },
    {
      reads: true,
      async check(args, looker) {
        const hosts = Array.isArray(args.hosts) ? args.hosts.map(text) : [looker.host];
        const looks = hosts.map(host => looker.peer(hostName(host)).ask(command(['/toy/get', 'unfit'], false)));
        const unfit: string[] = [];
        for (const [n, look] of (await Promise.all(looks)).entries()) {
          if (look.is === 'no') return { is: 'no-answer', refusal: look.refusal };
          if (look.value !== '') unfit.push(`${hosts[n] ?? ''}: ${text(args.scope)}${text(args.entire)} ${look.value}`);
        }
        if (unfit.length === 0) return { is: 'done', seen: {}, text: 'fit' };
        return { is: 'blocked', seen: {}, why: unfit.join('; '), refused: true };
      },
      apply: nothingToDo,
    },
  ),
  step(
    'gate',
    {
      checks: z.array(z.enum(['services', 'pools'])),
      consecutive: z.number().optional(),
      within: z.string().optional(),
    },
    {
      reads: true,
      async check(_args, looker) {
        const found = await looker.ask(command(['/toy/get', 'sick'], false));
        if (found.is === 'no') return { is: 'no-answer', refusal: found.refusal };
        if (found.value === '') return { is: 'done', seen: {}, text: 'healthy' };
        return { is: 'blocked', seen: {}, why: `${found.value} is sick` };
      },
      apply: nothingToDo,
    },
  ),
];

export const toySteps: readonly Step[] = [
  step('toy.set', key, {
    ...setting,
    undo: (args, seen) => toStep('toy.set', { key: text(args.key), value: text(seen.was) }),
  }),
  /** Whose facts it is born with. */
  step('toy.stamp', key, {
    ...setting,
    born: (args, { facts }) => ({ ...args, value: `${text(args.value)}${facts?.host ?? ''}` }),
  }),
  step('toy.keep', key, { ...setting, undo: () => ({ is: 'left', why: 'nobody knows what was there' }) }),
  step('toy.seal', key, { ...setting, undo: () => ({ is: 'barrier', why: 'sealed' }) }),
  step('toy.rivet', key, { ...setting, undo: () => toStep('toy.never', {}) }),
  step(
    'toy.never',
    {},
    {
      check: () => Promise.resolve({ is: 'blocked', seen: {}, why: 'it never can' }),
      apply: nothingToDo,
    },
  ),
  step('toy.close', {}, { ...closing('yes'), undo: () => toStep('toy.open', {}) }),
  step('toy.open', {}, { ...closing(''), undo: () => toStep('toy.close', {}) }),
  step(
    'toy.move',
    { thing: z.string(), to: z.string() },
    {
      ...pair(
        args => ['/toy/where', text(args.thing)],
        args => text(args.to),
        args => ['/toy/move', text(args.thing), text(args.to)],
      ),
      undoNeeds: [stepName('toy.close')],
      undo: (args, seen) => toStep('toy.move', { thing: text(args.thing), to: text(seen.was) }),
    },
  ),
  step(
    'toy.log',
    { text: z.string() },
    {
      check: () => Promise.resolve({ is: 'unsure', seen: {}, text: 'a command' }),
      async apply(args, _seen, doer) {
        const done = await doer.do(command(['/toy/log', text(args.text)], true));
        return done.is === 'ok'
          ? { is: 'applied', reply: { out: done.value } }
          : { is: 'refused', refusal: done.refusal };
      },
      undo: () => ({ is: 'left', why: 'a command' }),
      result: (_args, _before, _after, reply) => ({ out: text(reply?.out), failed: text(reply?.out).endsWith('bad;') }),
    },
  ),
  step(
    'toy.try',
    { text: z.string() },
    {
      check: () => Promise.resolve({ is: 'unsure', seen: {}, text: 'a dry run' }),
      async apply(args, _seen, doer) {
        const done = await doer.do(command(['/toy/log', text(args.text)], true));
        return done.is === 'ok' ? { is: 'applied', reply: {} } : { is: 'refused', refusal: done.refusal };
      },
      onlyTries: () => true,
    },
  ),
  step(
    'toy.look',
    { key: z.string() },
    {
      reads: true,
      async check(args, looker) {
        const found = await looker.ask(command(['/toy/get', text(args.key)], false));
        if (found.is === 'no') return { is: 'no-answer', refusal: found.refusal };
        return { is: 'done', seen: { was: found.value }, text: '' };
      },
      apply: nothingToDo,
      result: (_args, _before, after) => ({ value: text(after.was), list: text(after.was).split(',').filter(Boolean) }),
    },
  ),
  step(
    'toy.require',
    { key: z.string(), value: z.string(), refuse: z.boolean().optional() },
    {
      reads: true,
      async check(args, looker) {
        const found = await looker.ask(command(['/toy/get', text(args.key)], false));
        if (found.is === 'no') return { is: 'no-answer', refusal: found.refusal };
        const seen = { was: found.value };
        if (found.value === args.value) return { is: 'done', seen, text: '' };
        const why = `${text(args.key)} is "${found.value}"`;
        return args.refuse === true ? { is: 'blocked', seen, why, refused: true } : { is: 'blocked', seen, why };
      },
      apply: nothingToDo,
    },
  ),
  step(
    'fail',
    { message: z.string() },
    {
      reads: true,
      check: args => Promise.resolve({ is: 'blocked', seen: {}, why: text(args.message) }),
      apply: nothingToDo,
    },
  ),
  {
    ...step(
      'set_fact',
      {},
      {
        reads: true,
        check: () => Promise.resolve({ is: 'done', seen: {}, text: '' }),
        apply: nothingToDo,
        result: args => ({ variables: args }),
      },
    ),
    args: () => z.looseObject({}) as unknown as z.ZodType<JsonObject>,
  },
];

export function catalogueOf(steps: readonly Step[]): Catalogue {
  const byName = new Map<string, Step>(steps.map(one => [one.name, one]));
  return { names: steps.map(one => one.name), get: name => byName.get(name) ?? null };
}

export const toyCatalogue = catalogueOf(toySteps);
