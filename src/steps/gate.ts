// gate: goes on only when the host (or the hosts where its zones are) has been healthy several looks in a row. It
// looks until its time is over; no answer is neither healthy nor sick. It changes nothing.
import * as z from 'zod';
import type { Facts } from '../model/facts.ts';
import type { HostName } from '../model/ids.ts';
import { type Refusal, tellRefusal } from '../model/refusal.ts';
import type { BirthContext, Looker } from '../model/step.ts';
import type { JsonObject } from '../text/json.ts';
import { sizeInBytes } from '../solaris/zone-configuration.ts';
import { durationText } from '../text/duration.ts';
import { never } from '../text/never.ts';
import { doubt } from './doubt.ts';
import { duration, ms } from './fields.ts';
import { CONDITIONS, type Health, judge, leftForGood, type Sight, together } from './health.ts';
import { factsElsewhere, factsOf } from './look.ts';
import { type Found, neverApplied, NOTHING_TO_UNDO, stepOf } from './shape.ts';

export const unwellField = z
  .array(z.string())
  .nullable()
  .default(null)
  .describe('services that were unwell before; filled in at birth');

const args = () =>
  z.strictObject({
    checks: z.array(z.enum(CONDITIONS)).min(1).describe('what must be so, all at the same look'),
    on: z
      .enum(['host', 'destinations'])
      .default('host')
      .describe('destinations: the hosts where the zones of this host are now'),
    consecutive: z.int().min(1).default(3).describe('good looks in a row'),
    every: duration('between two looks', '10s'),
    within: duration('when it gives up', '10m'),
    floor: z
      .string()
      .regex(/^\d+(\.\d+)?[KMGT]?$/, 'a size: 2G, 512M')
      .default('1G')
      .describe('memory_floor: what must be free, the ZFS cache counted as free'),
    ran: z.array(z.string()).nullable().default(null).describe('zones_running: filled in from the facts at birth'),
    only: z
      .enum(['always', 'zones_away'])
      .default('always')
      .describe('zones_away: asked only while zones of this host are away, as on the way back of a boot'),
    unwell: unwellField,
  });
type Args = z.infer<ReturnType<typeof args>>;

type Seen = { readonly looks: number; readonly hosts: readonly string[] };

export const gate = stepOf<Args, Seen>({
  name: 'gate',
  summary: 'goes on only when the host, or the hosts of its zones, is healthy',
  args,
  returns: () => z.object({ looks: z.number().describe('how often it looked'), hosts: z.array(z.string()) }),
  reads: true,
  limitMs: written => ms(written.within) + 5 * 60_000,
  born,
  say: written => `gate: ${written.checks.join(', ')}${written.on === 'destinations' ? ' on the destinations' : ''}`,
  foresee: () => ({ is: 'unknown', why: 'health is seen when the gate is reached' }),
  check,
  undo: () => NOTHING_TO_UNDO,
  apply: neverApplied('gate'),
  result: (_, __, after) => ({ looks: after.looks, hosts: after.hosts }),
});

function born(written: Args, { facts }: BirthContext): Args {
  const zones = facts?.zones.is === 'known' ? facts.zones.value : [];
  const ran = zones.filter(({ state }) => state === 'running').map(({ name }) => name);
  return { ...written, ran: written.ran ?? ran, unwell: written.unwell ?? [...unwellIn(facts)] };
}

export function unwellIn(facts: Facts | null): readonly string[] {
  if (facts?.services.is !== 'known') return [];
  const { maintenance, degraded, offline } = facts.services.value;
  return [...maintenance, ...degraded, ...offline];
}

/**
 * What stands at the end of a boot's way back: no zone comes home to a host that hasn't passed its gate since its last
 * boot. Without zones away there is nothing to keep from the host, and what else is owed is put back.
 */
export function gateForZones(unwell: readonly string[]): readonly [name: string, args: JsonObject] {
  const checks = ['services', 'pools', 'rad', 'zones_accounted'];
  return ['gate', { checks, only: 'zones_away', unwell, consecutive: 3, every: '20s', within: '15m' }];
}

async function check(written: Args, looker: Looker): Promise<Found<Seen>> {
  if (written.only === 'zones_away' && !looker.ledger.away.some(({ home }) => home === looker.host))
    return { is: 'done', seen: { looks: 0, hosts: [] }, text: 'no zone of it is away' };
  const end = looker.now() + ms(written.within);
  for (let looks = 1, good = 0; ; looks += 1) {
    const { hosts, health } = await lookOnce(written, looker);
    const seen = { looks, hosts };
    // A look without an answer says nothing about the looks around it.
    if (health.is !== 'no-answer') good = health.is === 'healthy' ? good + 1 : 0;
    if (good >= written.consecutive) return { is: 'done', seen, text: `healthy ${good} times in a row` };
    // A row of good looks that began in time may be finished: hosts may be slow to answer.
    const over = health.is !== 'healthy' && looker.now() + ms(written.every) > end;
    if (over || looker.stopping()) return closed(written, looker, health, seen);
    await tellHealth(looker, health, good, written.consecutive);
    await looker.sleep(ms(written.every));
  }
}

function closed(written: Args, looker: Looker, health: Health, seen: Seen): Found<Seen> {
  const within = durationText(ms(written.within));
  switch (health.is) {
    case 'no-answer':
      return { is: 'no-answer', refusal: doubt(`${looker.host}: gate`, health.why) };
    case 'sick':
      return { is: 'blocked', seen, why: `not healthy within ${within}: ${health.reasons.join('; ')}` };
    case 'healthy':
      return { is: 'blocked', seen, why: `not healthy ${written.consecutive} times in a row within ${within}` };
    default:
      return never(health);
  }
}

async function tellHealth(looker: Looker, health: Health, good: number, wanted: number): Promise<void> {
  const words = { healthy: 'healthy', 'no-answer': 'no answer', sick: 'not healthy yet' }[health.is];
  const why = health.is === 'sick' ? `: ${health.reasons[0]}` : health.is === 'no-answer' ? `: ${health.why}` : '';
  const text = `${words}${why}`;
  await looker.tell({
    type: 'progress',
    action: looker.action,
    on: looker.host,
    text,
    zone: null,
    done: good,
    total: wanted,
  });
}

async function lookOnce(
  written: Args,
  looker: Looker,
): Promise<{ readonly hosts: readonly HostName[]; readonly health: Health }> {
  const away = looker.ledger.away.filter(({ home }) => home === looker.host);
  const destinations = [...new Set(away.map(({ at }) => at))];
  const hosts = written.on === 'host' ? [looker.host] : destinations;
  const gone = leftForGood(looker.ledger, looker.host, written.ran ?? []).map(({ at }) => at);
  const needed = [...new Set([...destinations, ...gone])].filter(host => host !== looker.host);
  const [here, elsewhere] = await Promise.all([factsOf(looker), factsElsewhere(looker, needed)]);
  if (here.is === 'no') return { hosts, health: unanswered(here.refusal) };
  if (elsewhere.is === 'no') return { hosts, health: unanswered(elsewhere.refusal) };
  const about = {
    elsewhere: elsewhere.value,
    ledger: looker.ledger,
    floorBytes: sizeInBytes(written.floor) ?? 0,
    unwellBefore: written.unwell ?? [],
  };
  if (written.on === 'host') {
    const sight: Sight = { ...about, host: looker.host, facts: here.value, ran: written.ran ?? [] };
    return { hosts, health: judge(written.checks, sight) };
  }
  // Zones of this host are judged by where the journal says they are; the destinations' own ones aren't asked about.
  const ofZones = judge(
    written.checks.filter(one => one === 'zones_running'),
    { ...about, host: looker.host, facts: here.value, ran: [], ledger: { ...looker.ledger, stayed: [] } },
  );
  const others = written.checks.filter(one => one !== 'zones_running');
  const each = [...elsewhere.value].map(([host, facts]) => judge(others, { ...about, host, facts, ran: [] }));
  return { hosts, health: together([ofZones, ...each]) };
}

function unanswered(refusal: Refusal): Health {
  return { is: 'no-answer', why: tellRefusal(refusal) };
}
