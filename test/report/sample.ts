// A small campaign made by hand: nacaozumbi is updated while its zones are on bjork; tzone1 stays. As plan, and as the
// journal of a run that goes well or doesn't.
import type { Action, Outcome, Undo } from '../../src/model/action.ts';
import type { Event, Stamped } from '../../src/model/event.ts';
import { type Facts, known, unknown, type ZoneFacts, type ZoneState } from '../../src/model/facts.ts';
import {
  type ActionId,
  actionId,
  type HostName,
  hostName,
  type Lane,
  runId,
  stepName,
  taskId,
  zoneName,
} from '../../src/model/ids.ts';
import type { InventoryHost } from '../../src/model/inventory.ts';
import { type Forecast, type Plan, PLAN_VERSION, type WavePlan } from '../../src/model/plan.ts';
import type { TaskEntry } from '../../src/model/program.ts';
import { known as value } from '../../src/model/value.ts';
import type { JsonObject } from '../../src/text/json.ts';
import { spanOf } from '../../src/text/span.ts';
import { connectionTo } from '../edge/connection.ts';

const GiB = 1024 ** 3;
/** 2026-11-21T01:00:00Z, a Saturday at two in the morning in Berlin. */
export const START = Date.UTC(2026, 10, 21, 1, 0, 0);
export const zone = { columns: 80, timeZone: 'Europe/Berlin' } as const;

const nowhere = spanOf('test');

const STEPS = [
  ['be.update', 'Build the update beside the running system'],
  ['maintenance.begin', ''],
  ['zones.evacuate', 'Move the zones'],
  ['be.boot', ''],
  ['gate', 'As healthy as before'],
  ['maintenance.end', ''],
  ['zones.return', 'Bring the zones home'],
] as const;

function task(n: number, step: string, name: string): TaskEntry {
  return {
    is: 'task',
    id: taskId(`rolling/1.t${n}`),
    name,
    at: nowhere,
    step: stepName(step),
    args: {},
    when: [],
    loop: null,
    register: null,
    attempts: null,
    changedWhen: null,
    failedWhen: null,
    ignoreErrors: value(false),
    ignoreUnreachable: false,
    notify: [],
    listen: [],
    tags: [],
    vars: {},
    environment: {},
    become: null,
    once: 'no',
    on: null,
    throttle: null,
    timeoutMs: null,
    hidden: false,
    undo: null,
    checkMode: null,
    diff: null,
  };
}

export const laneOf = (host: string): Lane => ({ is: 'host', host: hostName(host) });
export const idOf = (n: number, host: string): ActionId => actionId(taskId(`rolling/1.t${n}`), null, laneOf(host));

function forecast(n: number, host: string): Forecast {
  const [step, name] = STEPS[n - 1] ?? ['command', ''];
  return {
    id: idOf(n, host),
    task: taskId(`rolling/1.t${n}`),
    lane: laneOf(host),
    name,
    step: stepName(step),
    on: hostName(host),
    when: n === 1 ? { is: 'yes' } : { is: 'later', after: [taskId('rolling/1.t1')] },
    args: {},
    expects: n === 5 ? 'nothing' : 'change',
    text: n === 1 ? 'pkg update to 11.4-11.4.81.0.1.193.1 in s11.4.81-w48' : `will do ${step}`,
    wayBack:
      n === 1
        ? 'destroys s11.4.81-w48, only if it was never active'
        : n === 6
          ? 'none: what came before must not be undone'
          : '',
    hidden: false,
  };
}

export function inventoryHost(name: string): InventoryHost {
  return {
    name: hostName(name),
    groups: ['zonehosts'],
    connection: connectionTo({ address: name }),
    vars: {},
  };
}

const wavePlan: WavePlan = {
  wave: { play: 1, n: 1 },
  hosts: [hostName('nacaozumbi')],
  migrations: ['evac1', 'evac2', 'evac3'].map((name, n) => ({
    zone: zoneName(name),
    from: hostName('nacaozumbi'),
    to: hostName('bjork'),
    bytes: (n + 1) * 8 * GiB,
    why: 'bjork has the most room afterwards',
    others: [],
    stays: false,
  })),
  staying: [{ zone: zoneName('tzone1'), host: hostName('nacaozumbi'), why: 'its storage is local', ruled: null }],
};

export function planFor(hosts: readonly string[], waves: readonly (readonly string[])[] = [hosts]): Plan {
  return {
    v: PLAN_VERSION,
    at: START,
    playbooks: ['rolling-upgrade.yml'],
    program: {
      plays: [
        {
          number: 1,
          name: 'Roll the update through the fleet',
          file: 'rolling',
          at: nowhere,
          hosts: hosts.map(hostName),
          ...{
            order: 'as_listed',
            waves: 'serial',
            canary: 0,
            returns: 'home',
            replan: { zones: 10, bytes: 10 },
            approve: 'no_wave',
            window: null,
          },
          serial: [],
          strategy: 'linear',
          maxFailures: 0,
          maxOut: null,
          onFailure: 'rollback',
          anyErrorsFatal: false,
          gatherFacts: null,
          login: { user: null, port: null },
          prompts: [],
          vars: {},
          defaults: {},
          sections: [{ letter: 't', entries: STEPS.map(([step, name], n) => task(n + 1, step, name)) }],
          handlers: [],
        },
      ],
      files: {},
    },
    hosts: Object.fromEntries(
      [...hosts, 'bjork'].map((name): [HostName, InventoryHost] => [hostName(name), inventoryHost(name)]),
    ),
    groups: {},
    zoneRules: [],
    extra: {},
    options: { check: false, diff: false, forks: 100, tags: [], skipTags: [], limit: null },
    waves: waves.map((names, at) => ({
      plan: {
        ...wavePlan,
        wave: { play: 1, n: at + 1 },
        hosts: names.map(hostName),
        ...(at === 0 ? {} : { migrations: [], staying: [] }),
      },
      actions: names.flatMap(name => STEPS.map((_, n) => forecast(n + 1, name))),
    })),
    restsOn: { playbooks: [], inventory: '', facts: {} },
    notes: [],
  };
}

function zoneFacts(name: string, state: ZoneState): ZoneFacts {
  return {
    name,
    id: null,
    brand: 'solaris-kz',
    state,
    aux: known(''),
    path: '',
    uuid: '',
    configuration: unknown('not asked'),
    target: known({ is: 'none' }),
    instanceTarget: known({ is: 'none' }),
  };
}

export function factsOf(host: string, zones: Readonly<Record<string, ZoneState>>): Facts {
  const why = unknown('not asked');
  return {
    host,
    at: new Date(START).toISOString(),
    clock: why,
    os: known({ release: '5.11', version: '11.4.80.0.1.190.1', arch: 'sparcv9', platform: 'sun4v', nodename: host }),
    boot: why,
    be: known({ active: 's11.4.80', next: 's11.4.80', names: [] }),
    entire: why,
    maintenance: { is: 'open' },
    record: { is: 'none' },
    rad: { local: why, remote: why },
    memory: { totalBytes: known(256 * GiB), freeBytes: known(64 * GiB), arcBytes: why },
    cpus: why,
    cpuClass: why,
    pools: why,
    services: why,
    publishers: why,
    zones: known(Object.entries(zones).map(([name, state]) => zoneFacts(name, state))),
    rights: { user: why, profiles: why, auths: why },
    atWork: why,
    defaultTarget: why,
    unreadable: [],
  };
}

/** The events with number and time, as the journal stamps them. `at`: seconds since the start, never going back. */
export function stamped(events: readonly (readonly [at: number, event: Event])[]): readonly Stamped[] {
  return events.map(([at, event], n) => ({ v: 1, seq: n + 1, at: START + at * 1000, prev: '', ...event }));
}

function actionOf(n: number, host: string): Action {
  return {
    id: idOf(n, host),
    task: taskId(`rolling/1.t${n}`),
    lane: laneOf(host),
    on: hostName(host),
    step: stepName(STEPS[n - 1]?.[0] ?? 'command'),
    args: {},
    become: { method: 'none', user: 'root' },
    environment: {},
    limitMs: null,
    hidden: false,
  };
}

const undoOf = (n: number): Undo => {
  if (n === 6) return { is: 'barrier', why: 'the host is open and its zones are on their way home' };
  if (n === 5) return { is: 'nothing' };
  return { is: 'steps', steps: [{ step: stepName('undo'), args: {} }] };
};

export const begins = (n: number, host: string): Event => ({
  type: 'action-started',
  action: actionOf(n, host),
  undo: undoOf(n),
  undoAfter: [],
});

/** @param said why, and what the step gave back. */
export const ends = (
  n: number,
  host: string,
  outcome: Outcome,
  said: readonly [why?: string, result?: JsonObject] = [],
): Event => ({
  type: 'action-ended',
  action: idOf(n, host),
  born: null,
  outcome,
  why: said[0] ?? '',
  result: said[1] ?? {},
  hidden: false,
});

const endsAtOnce = (n: number, host: string, outcome: Outcome, why = ''): Event => ({
  type: 'action-ended',
  action: idOf(n, host),
  born: actionOf(n, host),
  outcome,
  why,
  result: {},
  hidden: false,
});

export const runStarted: Event = {
  type: 'run-started',
  run: runId('7f3a0001'),
  plan: 'digest',
  by: 'maria',
  check: false,
  values: {},
};

const moved = (from: string, to: string): JsonObject => ({
  migrated: ['evac1', 'evac2', 'evac3'].map(name => ({ zone: name, from, to, was: 'running' })),
});

const observed: Event = {
  type: 'observed',
  wave: { play: 1, n: 1 },
  facts: {
    [hostName('nacaozumbi')]: factsOf('nacaozumbi', {
      evac1: 'running',
      evac2: 'running',
      evac3: 'running',
      tzone1: 'running',
    }),
    [hostName('bjork')]: factsOf('bjork', { local1: 'running' }),
  },
  silent: {},
};

const output = (n: number, text: string): Event => ({
  type: 'output',
  action: idOf(n, 'nacaozumbi'),
  on: hostName('nacaozumbi'),
  stream: 'out',
  text,
});

const looked = (on: string, zones: JsonObject): Event => ({
  type: 'looked',
  on: hostName(on),
  action: idOf(4, 'nacaozumbi'),
  seen: { zones },
});

const tillReboot: readonly (readonly [number, Event])[] = [
  [0, runStarted],
  [2, observed],
  [2, { type: 'wave-planned', wave: { play: 1, n: 1 }, plan: wavePlan, differs: [] }],
  [3, begins(1, 'nacaozumbi')],
  [60, output(1, 'DOWNLOAD   PKGS\nCompleted  12/340\r\n')],
  [600, ends(1, 'nacaozumbi', 'changed')],
  [601, begins(2, 'nacaozumbi')],
  [605, ends(2, 'nacaozumbi', 'changed')],
  [606, begins(3, 'nacaozumbi')],
  [
    700,
    {
      type: 'progress',
      action: idOf(3, 'nacaozumbi'),
      on: hostName('nacaozumbi'),
      text: 'to bjork',
      zone: 'evac1',
      done: 4,
      total: 8,
    },
  ],
  [900, ends(3, 'nacaozumbi', 'changed', ['', moved('nacaozumbi', 'bjork')])],
  [901, begins(4, 'nacaozumbi')],
];

/** Till the zones are on bjork. */
export const evacuated = tillReboot.slice(0, -1);

export const wellEnded = stamped([
  ...tillReboot,
  [1800, ends(4, 'nacaozumbi', 'changed')],
  [1900, endsAtOnce(5, 'nacaozumbi', 'unchanged')],
  [1901, begins(6, 'nacaozumbi')],
  [1905, ends(6, 'nacaozumbi', 'changed')],
  [1906, begins(7, 'nacaozumbi')],
  [2400, ends(7, 'nacaozumbi', 'changed', ['', moved('bjork', 'nacaozumbi')])],
  [2401, { type: 'run-ended', verdict: 'done', why: '' }],
]);

export const stuckEnded = stamped([
  ...tillReboot,
  [1000, looked('bjork', { evac1: 'running', evac2: 'running', evac3: 'running' })],
  [3600, output(4, 'Connection to nacaozumbi closed by remote host\u001b[2J')],
  [3601, ends(4, 'nacaozumbi', 'unknown', ['no answer for 45m'])],
  [3602, { type: 'turned', lane: laneOf('nacaozumbi'), towards: 'stuck', why: 'it did not come back within 45m' }],
  [3603, { type: 'run-ended', verdict: 'stuck', why: 'nacaozumbi needs a person' }],
]);

export const rolledBack = stamped([
  ...tillReboot.slice(0, 9),
  [800, ends(3, 'nacaozumbi', 'failed', ['evac2: not enough memory on bjork'])],
  [801, { type: 'turned', lane: laneOf('nacaozumbi'), towards: 'rollback', why: 'Move the zones failed' }],
  ...([2, 3, 1] as const).flatMap((n, at): (readonly [number, Event])[] => [
    [810 + at * 10, { type: 'undo-started', action: idOf(n, 'nacaozumbi') }],
    [815 + at * 10, { type: 'undo-ended', action: idOf(n, 'nacaozumbi'), outcome: 'changed', why: '' }],
  ]),
  [900, { type: 'run-ended', verdict: 'rolled-back', why: '' }],
]);

export const rebooting = stamped(tillReboot);
