// Drives one step on a fleet in memory in the order the engine keeps: check, undo, apply, check again, result. And
// keeps the ledger as the journals would.
import { strict as assert } from 'node:assert';
import type { Undo } from '../../src/model/action.ts';
import type { Command } from '../../src/model/command.ts';
import type { Told } from '../../src/model/event.ts';
import { type HostName, hostName, type RunId, runId, zoneName } from '../../src/model/ids.ts';
import type { Away, FormerTarget, Ledger, Stayed, Stays, Unread } from '../../src/model/ledger.ts';
import { type Answer, answer, tellRefusal } from '../../src/model/refusal.ts';
import type { BirthContext, Checked, Doer, Step } from '../../src/model/step.ts';
import { catalogue } from '../../src/steps/catalogue.ts';
import type { JsonObject } from '../../src/text/json.ts';
import type { Fleet } from './fleet.ts';
import { answering } from './programs.ts';
import { OPEN_HARBOUR } from '../fleet/harbour.ts';

export const RUN = runId('0a1b7f3a');

export interface Memory {
  away: Away[];
  perhaps: Away[];
  stayed: Stayed[];
  stays: Stays[];
  formerTargets: FormerTarget[];
  unread: Unread[];
  windows: Record<string, ReturnType<Ledger['window']>>;
}

export interface Ended {
  readonly outcome: 'changed' | 'unchanged' | 'failed' | 'unknown' | 'refused';
  readonly why: string;
  readonly undo: Undo | null;
  readonly result: JsonObject | null;
}

/** A controller with a journal of its own, at work on a fleet. */
export class Controller {
  readonly fleet: Fleet;
  readonly run: RunId;
  readonly memory: Memory = {
    away: [],
    perhaps: [],
    stayed: [],
    stays: [],
    formerTargets: [],
    unread: [],
    windows: {},
  };
  readonly told: Told[] = [];
  stop = false;

  constructor(fleet: Fleet, run: RunId = RUN) {
    this.fleet = fleet;
    this.run = run;
    this.memory.windows[run] = 'own';
  }

  away(zone: string, home: string, at: string, more: { was?: string; run?: RunId } = {}): this {
    const { was = 'running', run = this.run } = more;
    this.memory.away.push({ zone: zoneName(zone), home: hostName(home), at: hostName(at), was, run });
    return this;
  }

  stayed(zone: string, host: string, was = 'running'): this {
    this.memory.stayed.push({ zone: zoneName(zone), host: hostName(host), was, run: this.run });
    return this;
  }

  args(name: string, args: JsonObject, context?: Partial<BirthContext>): JsonObject {
    const step = this.step(name);
    const parsed = step.args().parse(args);
    if (context === undefined) return parsed;
    return step.born(parsed, {
      ...{ host: hostName('nacaozumbi'), facts: null, migrations: [], staying: [], fleet: {} },
      reserveBytes: () => null,
      cpuClass: () => null,
      returns: () => null,
      ...context,
    });
  }

  step(name: string): Step {
    const step = catalogue.get(name);
    assert(step !== null, `no step ${name}`);
    return step;
  }

  check(name: string, args: JsonObject, host = 'nacaozumbi'): Promise<Checked> {
    return this.step(name).check(this.args(name, args), this.doer(hostName(host), name));
  }

  async perform(name: string, raw: JsonObject, host = 'nacaozumbi', context?: Partial<BirthContext>): Promise<Ended> {
    const step = this.step(name);
    const args = this.args(name, raw, context);
    const doer = this.doer(hostName(host), name);
    const before = await step.check(args, doer);
    if (before.is === 'no-answer') return ended('failed', tellRefusal(before.refusal));
    if (before.is === 'blocked') return ended(before.refused ? 'refused' : 'failed', before.why);
    if (before.is === 'done')
      return this.keep(host, ended('unchanged', before.text, null, step.result(args, before.seen, before.seen, null)));
    const undo = step.undo(args, before.seen);
    const applied = await step.apply(args, before.seen, doer);
    const after = await step.check(args, doer);
    if (after.is === 'no-answer') return ended('unknown', tellRefusal(after.refusal), undo);
    const reply = applied.is === 'applied' ? applied.reply : null;
    const result = step.result(args, before.seen, after.seen, reply);
    if (after.is === 'done') return this.keep(host, ended('changed', after.text, undo, result));
    const why =
      applied.is === 'refused' ? tellRefusal(applied.refusal) : after.is === 'blocked' ? after.why : after.text;
    return this.keep(host, ended('failed', why, undo, result));
  }

  /** Carries out an undo, newest first as given. */
  async undo(undo: Undo | null, host = 'nacaozumbi'): Promise<readonly Ended[]> {
    assert(undo?.is === 'steps', `not an undo of steps: ${JSON.stringify(undo)}`);
    const ends: Ended[] = [];
    for (const { step, args } of undo.steps) ends.push(await this.perform(step, args, host));
    return ends;
  }

  private keep(host: string, end: Ended): Ended {
    const result = (end.result ?? {}) as Record<
      string,
      { zone: string; from: string; to: string; was: string; target: string | null }[]
    >;
    const { memory } = this;
    for (const { zone, from, to, was } of result['migrated'] ?? []) {
      const back = memory.away.find(one => one.zone === zone && one.home === to);
      memory.away = memory.away.filter(one => one.zone !== zone);
      if (back === undefined) this.away(zone, from, to, { was });
    }
    for (const { zone, was } of result['stayed'] ?? []) {
      memory.stayed = memory.stayed.filter(one => one.zone !== zone);
      this.stayed(zone, host, was);
    }
    for (const { zone, at } of (result['stays'] ?? []) as unknown as { zone: string; at: string }[]) {
      memory.away = memory.away.filter(one => one.zone !== zone || one.home !== host);
      memory.stays.push({ zone: zoneName(zone), host: hostName(host), at: hostName(at), run: this.run });
    }
    const started = (result['started'] ?? []) as unknown as string[];
    memory.stayed = memory.stayed.filter(one => !started.includes(one.zone));
    for (const { zone, target } of result['former_targets'] ?? []) {
      if (memory.formerTargets.some(one => one.zone === zone && one.host === host)) continue;
      memory.formerTargets.push({ zone: zoneName(zone), host: hostName(host), target });
    }
    const restored = (result['restored_targets'] ?? []) as unknown as string[];
    memory.formerTargets = memory.formerTargets.filter(one => !restored.includes(one.zone));
    return end;
  }

  doer(host: HostName, action: string): Doer {
    const { fleet, memory } = this;
    const ask = async <T>(command: Command<T>): Promise<Answer<T>> => {
      const line = command.argv.join(' ');
      return answer(line, fleet.run(host, command, answering(fleet)), ending => command.read(ending));
    };
    return {
      host,
      diff: false,
      run: this.run,
      action: `${action}@${host}` as Doer['action'],
      fleet: fleet.names,
      ledger: { ...memory, window: run => memory.windows[run] ?? 'unheard-of' },
      keep: { put: async () => '', get: async () => null },
      ask: async command => {
        assert(!command.changes, `asked a command that changes: ${command.argv.join(' ')}`);
        return ask(command);
      },
      do: ask,
      readFile: async path => {
        const bytes = fleet.host(host).files.get(path);
        return { is: 'ok', value: bytes === undefined ? null : { bytes, mode: 0o644 } };
      },
      localFile: async () => null,
      post: () => Promise.resolve({ is: 'not-sent', why: 'there is no network here' }),
      fetched: { read: () => Promise.resolve(null), write: () => Promise.resolve('there is no disk here') },
      reconnect: async () =>
        fleet.host(host).up
          ? { is: 'ok', value: null }
          : { is: 'no', refusal: { is: 'not-sent', command: 'connect', why: 'connection refused' } },
      peer: name => this.doer(name, action),
      now: () => fleet.time,
      sleep: async ms => fleet.pass(ms),
      harbour: OPEN_HARBOUR,
      stopping: () => this.stop,
      tell: async told => {
        this.told.push(told);
      },
    };
  }
}

function ended(
  outcome: Ended['outcome'],
  why: string,
  undo: Undo | null = null,
  result: JsonObject | null = null,
): Ended {
  return { outcome, why, undo, result };
}
