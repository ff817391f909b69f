// zones.migrate: one zone from one host to another with zoneadm, started where the zone is. Judged by where it is
// afterwards. For whole hosts there is zones.evacuate, which leaves the host's own record.
import * as z from 'zod';
import { type HostName, hostName } from '../model/ids.ts';
import type { Applied, Doer, Looker } from '../model/step.ts';
import * as zoneadm from '../solaris/zoneadm.ts';
import { censusesOf, tellPlaces } from './census.ts';
import { closureOf } from './closure.ts';
import { doubt, objection, refusedWith } from './doubt.ts';
import { duration, hostField, migratedField, ms, zoneField } from './fields.ts';
import { uriFields, uriOf } from './moves.ts';
import { settled } from './settle.ts';
import { type Found, stepOf, undoSteps } from './shape.ts';
import { relayed } from './sysadm-talk.ts';
import { placeOf } from './zone-places.ts';

const args = () =>
  z.strictObject({
    ...uriFields,
    zone: zoneField,
    to: hostField.describe('the host it goes to, as the inventory names it'),
    from: hostField.nullable().default(null).describe('the host it is on; the host of the task unless said'),
    live: z.boolean().default(false).describe('refuse a zone that is not running'),
    overwrite_config: z.boolean().default(false),
    timeout: duration('past it: look and tell, never kill', '1h'),
  });
type Args = z.infer<ReturnType<typeof args>>;

type Seen = { readonly from: string; readonly at: string; readonly was: string };

export const zonesMigrate = stepOf<Args, Seen>({
  name: 'zones.migrate',
  summary: 'moves one zone to another host',
  takesLong: true,
  args,
  returns: () => z.object({ migrated: migratedField }),
  undoNeeds: ['maintenance.begin', 'be.boot'],
  limitMs: ({ timeout }) => ms(timeout) + 30 * 60_000,
  born: (written, { host }) => ({ ...written, from: written.from ?? host }),
  say: ({ zone, to }) => `move ${zone} to ${to}`,
  foresee: (written, facts) => {
    if (facts === null || facts.zones.is === 'unknown') return { is: 'unknown', why: 'nothing is known of the zones' };
    if (written.from !== null && written.from !== facts.host)
      return { is: 'unknown', why: `${written.from} isn't looked at` };
    const zone = facts.zones.value.find(({ name }) => name === written.zone);
    if (zone === undefined || zone.state === 'configured') return { is: 'nothing', result: { migrated: [] } };
    const migrated = [{ zone: zone.name, from: facts.host, to: written.to, was: zone.state }];
    const zones = facts.zones.value.map(one =>
      one === zone ? { ...one, state: 'configured' as const, id: null } : one,
    );
    const text = `${zone.name} to ${written.to}`;
    return { is: 'change', text, facts: { ...facts, zones: { is: 'known', value: zones } }, result: { migrated } };
  },
  check,
  undo: (written, { from }) => undoSteps(['zones.migrate', { ...written, from: written.to, to: from }]),
  apply,
  result: ({ zone, to }, before, after) => ({
    migrated: after.at === to && before.from !== to ? [{ zone, from: before.from, to, was: before.was }] : [],
  }),
});

const sourceOf = ({ from }: Args, looker: Looker): HostName => (from === null ? looker.host : hostName(from));

async function check(written: Args, looker: Looker): Promise<Found<Seen>> {
  const from = sourceOf(written, looker);
  const censuses = await censusesOf(looker, [from, hostName(written.to)]);
  if (censuses.is === 'no') return { is: 'no-answer', refusal: censuses.refusal };
  await tellPlaces(looker, [written.zone], censuses.value);
  const place = placeOf(written.zone, censuses.value);
  const nowhere = { from, at: '', was: '' };
  if (place.is === 'nowhere') return { is: 'blocked', seen: nowhere, why: place.text };
  if (place.is !== 'at') return { is: 'no-answer', refusal: doubt(`${looker.host}: zones.migrate`, place.text) };
  const seen = { from, at: place.host, was: place.state };
  if (place.host === written.to)
    return { is: 'done', seen, text: `${written.zone} is on ${written.to}, ${place.state}` };
  if (place.state !== 'running' && (written.live || place.state !== 'installed')) {
    return { is: 'blocked', seen, why: `${from}: zone ${written.zone} is ${place.state}` };
  }
  const closure = await closureOf(looker.peer(hostName(written.to)));
  if (closure.is === 'no') return { is: 'no-answer', refusal: closure.refusal };
  const { maintenance } = closure.value;
  if (maintenance.is === 'unknown') {
    return { is: 'no-answer', refusal: doubt(`${written.to}: zones.migrate`, maintenance.why) };
  }
  if (maintenance.is === 'closed') {
    return {
      is: 'blocked',
      seen,
      why: `${written.to} is closed by ${maintenance.user} since ${maintenance.date}: ${maintenance.message}`,
    };
  }
  return { is: 'todo', seen, text: `${written.zone} is on ${place.host}, ${place.state}` };
}

async function apply(written: Args, _: Seen, doer: Doer): Promise<Applied> {
  const { zone, to, live, overwrite_config: overwrite } = written;
  const from = sourceOf(written, doer);
  const source = from === doer.host ? doer : doer.peer(from);
  const command = zoneadm.migrate({ zone, to: uriOf(to, written), type: live ? 'live' : 'auto', overwrite });
  const { going, leave } = await doer.harbour.take([{ from, to: hostName(to) }]);
  if (going.length === 0) return objection(`${from}: zones.migrate`, 'stopped by the operator before it began');
  const ended = await relayed(source, command, { budgetMs: ms(written.timeout), zones: [zone] });
  if (ended.is === 'no' && ended.refusal.is === 'not-sent') {
    leave();
    return refusedWith(ended.refusal);
  }
  const rest = await settled(source, { zones: [zone], hosts: [hostName(to)], budgetMs: ms(written.timeout) });
  leave();
  if (rest.is === 'no') return refusedWith(rest.refusal);
  const place = placeOf(zone, rest.value.censuses);
  const arrived = place.is === 'at' && place.host === to;
  return arrived || ended.is === 'ok' ? { is: 'applied', reply: {} } : refusedWith(ended.refusal);
}
