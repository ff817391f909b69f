// be.activate, be.create, be.destroy and be.keep: single changes to boot environments. What was ever booted holds data
// of its zones, so the undo of a build destroys only what can't have been booted.
import * as z from 'zod';
import type { BootEnvironment, BootEnvironments, Facts } from '../model/facts.ts';
import type { Foreseen } from '../model/plan.ts';
import type { Answer } from '../model/refusal.ts';
import type { Looker } from '../model/step.ts';
import * as beadm from '../solaris/beadm.ts';
import * as boot from '../solaris/boot.ts';
import { from, refusedWith } from './doubt.ts';
import { beField } from './fields.ts';
import { type Found, NOTHING_TO_UNDO, stepOf, undoSteps } from './shape.ts';

export async function environmentsOf(looker: Looker): Promise<Answer<BootEnvironments>> {
  return from(looker.host, await looker.ask(beadm.list()));
}

const LIMIT_MS = 10 * 60_000;

const nameArgs = () => z.strictObject({ be_name: beField.describe('the boot environment') });
type NameArgs = z.infer<ReturnType<typeof nameArgs>>;

type NextSeen = { readonly next: string };

export const beActivate = stepOf<NameArgs, NextSeen>({
  name: 'be.activate',
  summary: 'makes a boot environment the one that boots next',
  args: nameArgs,
  returns: () => z.object({ next: z.string().describe('what booted next before') }),
  bareArgument: 'be_name',
  limitMs: () => LIMIT_MS,
  say: ({ be_name }) => `activate ${be_name}`,
  foresee: ({ be_name }, facts) => foreseeNext(be_name, facts),
  async check({ be_name }, looker) {
    const be = await environmentsOf(looker);
    if (be.is === 'no') return { is: 'no-answer', refusal: be.refusal };
    const seen = { next: be.value.next };
    if (be.value.next === be_name) return { is: 'done', seen, text: `${be_name} boots next` };
    if (be.value.names.some(({ name }) => name === be_name))
      return { is: 'todo', seen, text: `${be.value.next} boots next` };
    return { is: 'blocked', seen, why: `${looker.host}: no boot environment is called ${be_name}` };
  },
  undo: (_, { next }) => undoSteps(['be.activate', { be_name: next }]),
  async apply({ be_name }, _, doer) {
    const ended = await doer.do(beadm.activate(be_name));
    return ended.is === 'ok' ? { is: 'applied', reply: {} } : refusedWith(ended.refusal);
  },
  result: (_, before) => before,
});

function foreseeNext(name: string, facts: Facts | null): Foreseen {
  if (facts === null || facts.be.is === 'unknown')
    return { is: 'unknown', why: 'nothing is known of its boot environments' };
  const { next, names } = facts.be.value;
  if (next === name) return { is: 'nothing', result: { next } };
  if (!names.some(be => be.name === name)) return { is: 'unknown', why: `no boot environment is called ${name} yet` };
  const flagged = names.map(be => ({ ...be, flags: `${be.flags.replace('R', '')}${be.name === name ? 'R' : ''}` }));
  const be = { ...facts.be.value, next: name, names: flagged };
  return {
    is: 'change',
    text: `${name} boots next`,
    facts: { ...facts, be: { is: 'known', value: be } },
    result: { next },
  };
}

type NoSeen = Readonly<Record<string, never>>;

export const beCreate = stepOf<NameArgs, NoSeen>({
  name: 'be.create',
  summary: 'clones the running boot environment under a new name',
  args: nameArgs,
  returns: () => z.object({ be: z.string() }),
  bareArgument: 'be_name',
  limitMs: () => LIMIT_MS,
  say: ({ be_name }) => `create ${be_name}`,
  foresee: ({ be_name }, facts) => {
    if (facts === null || facts.be.is === 'unknown')
      return { is: 'unknown', why: 'nothing is known of its boot environments' };
    const be = facts.be.value;
    if (be.names.some(({ name }) => name === be_name)) return { is: 'nothing', result: { be: be_name } };
    const known = { is: 'known', value: { ...be, names: [...be.names, cloneNamed(be_name)] } } as const;
    return { is: 'change', text: `clone of ${be.active}`, facts: { ...facts, be: known }, result: { be: be_name } };
  },
  async check({ be_name }, looker) {
    const be = await environmentsOf(looker);
    if (be.is === 'no') return { is: 'no-answer', refusal: be.refusal };
    const exists = be.value.names.some(({ name }) => name === be_name);
    return exists
      ? { is: 'done', seen: {}, text: `${be_name} exists` }
      : { is: 'todo', seen: {}, text: `no ${be_name}` };
  },
  undo: ({ be_name }) => undoSteps(['be.destroy', { be_name, if_never_active: true }]),
  async apply({ be_name }, _, doer) {
    const ended = await doer.do(beadm.create(be_name), { limitMs: LIMIT_MS });
    return ended.is === 'ok' ? { is: 'applied', reply: {} } : refusedWith(ended.refusal);
  },
  result: ({ be_name }) => ({ be: be_name }),
});

/** As the forecast knows one that isn't there yet. */
export function cloneNamed(name: string): BootEnvironment {
  return { name, uuid: '', flags: '', mountpoint: '', spaceBytes: 0, policy: [], created: 0 };
}

const destroyArgs = () =>
  z.strictObject({
    be_name: beField,
    if_never_active: z
      .boolean()
      .default(false)
      .describe('leave it when it may ever have been booted: it holds what its zones wrote'),
  });
type DestroyArgs = z.infer<ReturnType<typeof destroyArgs>>;

type DestroySeen = {
  readonly active: string;
  readonly next: string;
  readonly mounted: boolean;
  readonly left: boolean;
};

export const beDestroy = stepOf<DestroyArgs, DestroySeen>({
  name: 'be.destroy',
  summary: 'destroys a boot environment, with the boot environments of zones tied to it',
  args: destroyArgs,
  returns: () => z.object({ left: z.boolean().describe('it may have been booted, so it was left') }),
  bareArgument: 'be_name',
  limitMs: () => LIMIT_MS,
  say: ({ be_name }) => `destroy ${be_name}`,
  foresee: ({ be_name }, facts) => {
    if (facts === null || facts.be.is === 'unknown')
      return { is: 'unknown', why: 'nothing is known of its boot environments' };
    const be = facts.be.value;
    const names = be.names.filter(({ name }) => name !== be_name);
    if (names.length === be.names.length) return { is: 'nothing', result: { left: false } };
    const known = { is: 'known', value: { ...be, names } } as const;
    return { is: 'change', text: `destroyed ${be_name}`, facts: { ...facts, be: known }, result: { left: false } };
  },
  check: checkDestroy,
  undo: ({ be_name }) => ({ is: 'left', why: `${be_name} is destroyed and can't be made again` }),
  async apply({ be_name }, { active, next, mounted }, doer) {
    // What boots next is put right first: a host whose next boot is gone doesn't boot.
    const right = next === be_name ? await doer.do(beadm.activate(active)) : null;
    if (right?.is === 'no') return refusedWith(right.refusal);
    const ended = await doer.do(beadm.destroy(be_name, mounted ? 'unmount' : 'as-is'), { limitMs: LIMIT_MS });
    return ended.is === 'ok' ? { is: 'applied', reply: {} } : refusedWith(ended.refusal);
  },
  result: (_, before) => ({ left: before.left }),
});

async function checkDestroy({ be_name, if_never_active }: DestroyArgs, looker: Looker): Promise<Found<DestroySeen>> {
  const be = await environmentsOf(looker);
  if (be.is === 'no') return { is: 'no-answer', refusal: be.refusal };
  const { active, next, names } = be.value;
  const found = names.find(({ name }) => name === be_name);
  const seen = { active, next, mounted: (found?.mountpoint ?? '') !== '', left: false };
  if (found === undefined) return { is: 'done', seen, text: `no ${be_name}` };
  if (if_never_active) {
    const booted = from(looker.host, await looker.ask(boot.bootTime()));
    if (booted.is === 'no') return { is: 'no-answer', refusal: booted.refusal };
    if (active === be_name || found.created <= booted.value) return leave(looker, be_name, { ...seen, left: true });
    return { is: 'todo', seen, text: `${be_name} was made since the host booted` };
  }
  if (active === be_name) return { is: 'blocked', seen, why: `${looker.host}: ${be_name} is running` };
  if (next === be_name)
    return { is: 'blocked', seen, why: `${looker.host}: ${be_name} boots next; activate another one first` };
  return { is: 'todo', seen, text: `${be_name} exists` };
}

/** Older than this boot: it may have run before it, and then it holds the only copy of what was written in it. */
async function leave(looker: Looker, name: string, seen: DestroySeen): Promise<Found<DestroySeen>> {
  const text = `${looker.host}: ${name} is left: it may have been booted; when it isn't wanted any more: beadm destroy ${name}`;
  await looker.tell({ type: 'noted', level: 'warning', text });
  return { is: 'done', seen, text };
}

const keepArgs = () =>
  z.strictObject({
    be: z
      .union([z.literal('current'), beField])
      .default('current')
      .describe('current: the one that runs'),
    policy: z.literal('noevict').default('noevict').describe("a full boot pool doesn't drop it"),
    keep: z.boolean().default(true).describe('false takes the policy off again'),
  });
type KeepArgs = z.infer<ReturnType<typeof keepArgs>>;

type KeepSeen = { readonly be: string; readonly had: boolean };

export const beKeep = stepOf<KeepArgs, KeepSeen>({
  name: 'be.keep',
  summary: 'keeps a boot environment bootable: the pool may not evict it',
  args: keepArgs,
  returns: () => z.object({ be: z.string() }),
  bareArgument: 'be',
  limitMs: () => LIMIT_MS,
  say: ({ be, policy, keep }) => `${keep ? 'set' : 'unset'} ${policy} on ${be}`,
  foresee({ be, policy, keep }, facts) {
    if (facts === null || facts.be.is === 'unknown')
      return { is: 'unknown', why: 'nothing is known of its boot environments' };
    const all = facts.be.value;
    const name = be === 'current' ? all.active : be;
    const found = all.names.find(one => one.name === name);
    if (found === undefined) return { is: 'unknown', why: `no boot environment is called ${name} yet` };
    if (found.policy.includes(policy) === keep) return { is: 'nothing', result: { be: name } };
    const changed = { ...found, policy: keep ? [...found.policy, policy] : found.policy.filter(one => one !== policy) };
    const names = all.names.map(one => (one === found ? changed : one));
    const known = { is: 'known', value: { ...all, names } } as const;
    return { is: 'change', text: `${policy} on ${name}`, facts: { ...facts, be: known }, result: { be: name } };
  },
  async check({ be, policy, keep }, looker) {
    const all = await environmentsOf(looker);
    if (all.is === 'no') return { is: 'no-answer', refusal: all.refusal };
    const name = be === 'current' ? all.value.active : be;
    const found = all.value.names.find(one => one.name === name);
    if (found === undefined) {
      return {
        is: 'blocked',
        seen: { be: name, had: false },
        why: `${looker.host}: no boot environment is called ${name}`,
      };
    }
    const had = found.policy.includes(policy);
    return { is: had === keep ? 'done' : 'todo', seen: { be: name, had }, text: `${name}: ${found.policy.join(',')}` };
  },
  undo: ({ policy }, { be, had }) => (be === '' ? NOTHING_TO_UNDO : undoSteps(['be.keep', { be, policy, keep: had }])),
  async apply({ policy, keep }, { be }, doer) {
    const ended = await doer.do(beadm.setPolicy(be, policy, keep));
    return ended.is === 'ok' ? { is: 'applied', reply: {} } : refusedWith(ended.refusal);
  },
  result: (_, __, after) => ({ be: after.be }),
});
