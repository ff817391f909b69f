// preflight: everything that can be known before the first change, asked at once and told at once. A refusal here is
// no failure: the host is left as it was. It changes nothing; what it can't tell it refuses. Only silence is no refusal:
// who is asked and gives no answer, this host or another one, is lost, and no further host may start after that.
import * as z from 'zod';
import { type Facts, known } from '../model/facts.ts';
import { type HostName, hostName } from '../model/ids.ts';
import type { BirthContext, Looker } from '../model/step.ts';
import { counted } from '../text/fit.ts';
import { abroadOf } from './abroad.ts';
import { copiesOf, twiceUp } from './copies.ts';
import { hostField, zoneField } from './fields.ts';
import { factsOf } from './look.ts';
import { type Move, movesField, plannedMoves, uriFields } from './moves.ts';
import { checksText, type Finding, WAIVABLE } from './preflight-checks.ts';
import { hostFindings } from './preflight-host.ts';
import { authentication, type Findings, pairFindings, together, unanswered } from './preflight-pairs.ts';
import { type Found, neverApplied, NOTHING_TO_UNDO, stepOf } from './shape.ts';

const args = () =>
  z.strictObject({
    ...uriFields,
    scope: z.enum(['update', 'move', 'return']).describe('what is about to be done to the host'),
    pairs: z
      .enum(['none', 'planned', 'record'])
      .default('none')
      .describe('planned: with the hosts its zones will go to; record: with those where they are'),
    hosts: z
      .array(hostField)
      .min(1)
      .nullable()
      .default(null)
      .describe('each of these by itself instead of this host, as before the first wave; no pairs then'),
    entire: z.string().nullable().default(null).describe('the level wanted: a newer host is refused'),
    waive: z
      .array(z.strictObject({ check: z.enum(WAIVABLE), reason: z.string().min(1) }))
      .default([])
      .describe(`checks to let pass, each by the name before its text, with a reason; may be waived: ${checksText()}`),
    moves: movesField,
    reserves: z
      .array(z.strictObject({ host: hostField, bytes: z.number().nonnegative() }))
      .nullable()
      .default(null)
      .describe('what hosts that take zones keep for themselves (reserve_memory); filled in at birth'),
    classes: z
      .array(z.strictObject({ host: hostField, cpu_class: z.string() }))
      .nullable()
      .default(null)
      .describe('what the inventory calls the processors of hosts (cpu_class); filled in at birth'),
    copies: z
      .array(z.strictObject({ zone: zoneField, host: hostField }))
      .nullable()
      .default(null)
      .describe('hosts on which a zone of this one was seen up too; filled in at birth from the whole fleet'),
  });
type Args = z.infer<ReturnType<typeof args>>;

type Seen = {
  readonly findings: readonly Finding[];
  readonly waived: readonly (Finding & { readonly reason: string })[];
  readonly pairs: readonly string[];
};

export const preflight = stepOf<Args, Seen>({
  name: 'preflight',
  summary: 'refuses a host that is not fit for what is planned, before anything is changed',
  args,
  returns: () =>
    z.object({
      waived: z.array(z.object({ check: z.string(), text: z.string(), reason: z.string() })),
      pairs: z.array(z.string()).describe('hosts that were looked at with it'),
    }),
  reads: true,
  limitMs: () => 10 * 60_000,
  born(written, context) {
    const moves = written.moves ?? plannedMoves(context);
    return {
      ...{ ...written, moves },
      reserves: written.reserves ?? reservesIn(moves, context),
      classes: written.classes ?? classesIn(moves, context),
      copies: written.copies ?? (context.facts === null ? [] : [...copiesOf(context.facts, context.fleet)]),
    };
  },
  say: ({ scope, pairs, hosts }) =>
    `preflight: ${scope}${hosts === null ? '' : ` of ${counted(hosts.length, 'host')}`}${pairs === 'none' ? '' : `, pairs: ${pairs}`}`,
  foresee: () => ({ is: 'unknown', why: 'it is looked at when it is reached' }),
  check,
  undo: () => NOTHING_TO_UNDO,
  apply: neverApplied('preflight'),
  result: (_, __, after) => ({ waived: after.waived, pairs: after.pairs }),
});

function check(written: Args, looker: Looker): Promise<Found<Seen>> {
  return written.hosts === null ? ofOne(written, looker) : ofEach(written, written.hosts.map(hostName), looker);
}

/** Whose pairs nobody knows yet: each as it is by itself. */
async function ofEach(written: Args, hosts: readonly HostName[], looker: Looker): Promise<Found<Seen>> {
  const { scope, entire } = written;
  const looks = await Promise.all(hosts.map(host => factsOf(host === looker.host ? looker : looker.peer(host))));
  const all: Finding[] = [];
  for (const facts of looks) {
    if (facts.is === 'no') return { is: 'no-answer', refusal: facts.refusal };
    all.push(...hostFindings({ scope, entire, moving: [], facts: facts.value, ledger: looker.ledger }));
  }
  return judged(written, all, []);
}

async function ofOne(written: Args, looker: Looker): Promise<Found<Seen>> {
  const facts = await factsOf(looker);
  if (facts.is === 'no') return { is: 'no-answer', refusal: facts.refusal };
  const moving = (written.moves ?? []).map(({ zone }) => zone);
  const { scope, entire } = written;
  const own = hostFindings({ scope, entire, moving, facts: facts.value, ledger: looker.ledger });
  const partners = partnersOf(written, looker, facts.value);
  const paired = await Promise.all(partners.map(partner => withPartner(written, looker, facts.value, partner)));
  const twice: Findings =
    written.scope === 'update' ? { is: 'ok', value: [] } : await twiceNow(written, looker, facts.value);
  const asked = [...paired, twice];
  for (const one of asked) if (one.is === 'no') return { is: 'no-answer', refusal: one.refusal };
  const elsewhere = asked.flatMap(one => (one.is === 'ok' ? one.value : []));
  return judged(
    written,
    unique([...own, ...elsewhere]),
    partners.map(({ host }) => host),
  );
}

function judged(written: Args, all: readonly Finding[], pairs: readonly string[]): Found<Seen> {
  const waived = all.flatMap(finding => {
    const waiver = written.waive.find(({ check }) => check === finding.check);
    return waiver === undefined ? [] : [{ ...finding, reason: waiver.reason }];
  });
  const findings = all.filter(finding => !waived.some(waiver => isSame(waiver, finding)));
  const seen = { findings, waived, pairs };
  if (findings.length === 0) return { is: 'done', seen, text: `fit: ${written.scope}` };
  return {
    is: 'blocked',
    refused: true,
    seen,
    why: findings.map(({ check, text }) => `[${check}] ${text}`).join('; '),
  };
}

function reservesIn(moves: readonly Move[], { host, reserveBytes }: BirthContext) {
  return [...new Set([String(host), ...moves.map(({ to }) => to)])].flatMap(name => {
    const bytes = reserveBytes(hostName(name));
    return bytes === null ? [] : [{ host: name, bytes }];
  });
}

function classesIn(moves: readonly Move[], { host, cpuClass }: BirthContext) {
  return [...new Set([String(host), ...moves.map(({ to }) => to)])].flatMap(name => {
    const said = cpuClass(hostName(name));
    return said === null ? [] : [{ host: name, cpu_class: said }];
  });
}

/** With processors called as the inventory calls them. */
function named(facts: Facts, { classes }: Args): Facts {
  const said = (classes ?? []).find(({ host }) => host === facts.host);
  return said === undefined ? facts : { ...facts, cpuClass: known(said.cpu_class) };
}

/** The fleet was seen when the wave was planned; whoever had a zone of this host up then is asked again now. */
async function twiceNow({ copies }: Args, looker: Looker, here: Facts): Promise<Findings> {
  const others = [...new Set((copies ?? []).map(({ host }) => hostName(host)))];
  const each = others.map(async (host): Promise<Findings> => {
    const there = await factsOf(looker.peer(host));
    if (there.is === 'no') return unanswered('zone-twice', there.refusal);
    return { is: 'ok', value: twiceUp(here, there.value).map(({ text }) => ({ check: 'zone-twice', text })) };
  });
  return together(await Promise.all(each));
}

const isSame = (one: Finding, other: Finding): boolean => one.check === other.check && one.text === other.text;

/** A destination is asked as a partner, and as one that has a zone up too. */
const unique = (findings: readonly Finding[]): readonly Finding[] =>
  findings.filter((one, n) => findings.findIndex(other => isSame(other, one)) === n);

/** Another host, and the zones between it and this one. */
interface Partner {
  readonly host: HostName;
  readonly zones: readonly string[];
}

function partnersOf({ pairs, moves }: Args, looker: Looker, facts: Facts): readonly Partner[] {
  const ways = {
    none: [],
    planned: (moves ?? []).map(({ zone, to }) => ({ zone, host: hostName(to) })),
    record: abroadOf(looker, facts.record).abroad.map(({ zone, at }) => ({ zone, host: at })),
  }[pairs];
  return [...new Set(ways.map(({ host }) => host))].map(host => ({
    host,
    zones: ways.filter(way => way.host === host).map(({ zone }) => zone),
  }));
}

async function withPartner(written: Args, looker: Looker, here: Facts, { host, zones }: Partner): Promise<Findings> {
  const there = await factsOf(looker.peer(host));
  if (there.is === 'no') return unanswered('system', there.refusal);
  const outward = written.pairs === 'planned';
  const [from, to] = outward ? [here, there.value] : [there.value, here];
  const reserveBytes = (written.reserves ?? []).find(one => one.host === to.host)?.bytes ?? null;
  const { maintenance } = there.value;
  // The host that takes zones in must be open; on the way home that is this one, which maintenance.end will open.
  const shut: readonly Finding[] =
    !outward || maintenance.is === 'open'
      ? []
      : [
          {
            check: 'maintenance-window',
            text: `${host}: ${maintenance.is === 'closed' ? `closed by ${maintenance.user} since ${maintenance.date}: ${maintenance.message}` : maintenance.why}`,
          },
        ];
  const own = [...shut, ...pairFindings({ from: named(from, written), to: named(to, written), zones, reserveBytes })];
  return together([{ is: 'ok', value: own }, await authentication(looker, host, written)]);
}
