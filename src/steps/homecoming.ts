// Carrying out the way home: sysadm's own return first, as long as its record holds what is wanted and nothing else;
// whoever it leaves behind comes one by one, started from where the zone is. Then the targets of before.
import { hostName } from '../model/ids.ts';
import type { Answer } from '../model/refusal.ts';
import { tellRefusal } from '../model/refusal.ts';
import type { Trip } from '../model/move-limits.ts';
import type { Applied, Doer } from '../model/step.ts';
import * as evacuate from '../solaris/sysadm-evacuate.ts';
import * as zoneadm from '../solaris/zoneadm.ts';
import { refusedWith } from './doubt.ts';
import { ms } from './fields.ts';
import { factsOf } from './look.ts';
import { uriOf } from './moves.ts';
import { type Rest, saidOf, settled } from './settle.ts';
import { relayed } from './sysadm-talk.ts';
import { compareTargets, setTargets } from './targets.ts';
import { placeOf } from './zone-places.ts';
import type { Returner, ReturnArgs, ReturnSeen } from './zones-return.ts';

type Round = (away: readonly Returner[]) => Promise<string>;

export async function bringAllHome(written: ReturnArgs, seen: ReturnSeen, doer: Doer): Promise<Applied> {
  const wanted = seen.zones.filter(({ at }) => at !== doer.host);
  const trips = tripsOf(wanted, doer);
  // sysadm brings all of its record together.
  const bySysadm = seen.wholeRecord && wanted.some(({ recorded }) => recorded) && doer.harbour.fit(trips);
  const tries = written.retry.same_destination + 1;
  const rounds: Round[] = [
    ...(bySysadm
      ? Array.from({ length: tries }, () => (away: readonly Returner[]) => returnRecorded(written, away, doer))
      : []),
    ...Array.from({ length: bySysadm ? 1 : tries }, () => (away: readonly Returner[]) => oneByOne(written, away, doer)),
  ];
  let away: readonly Returner[] = wanted;
  let trouble = '';
  for (const [n, round] of rounds.entries()) {
    if (away.length === 0) break;
    if (doer.stopping()) return { is: 'applied', reply: { trouble: `stopped by the operator; ${trouble}` } };
    if (n > 0) await doer.sleep(ms(written.retry.wait));
    trouble = await round(away);
    const rest = await stillAway(written, away, doer);
    if (rest.is === 'no') return refusedWith(rest.refusal);
    away = rest.value.away;
    trouble = away.length === 0 ? '' : reasons(away, rest.value.rest, trouble);
  }
  if (away.length === 0) return putTargetsBack(doer, seen);
  await doer.tell({ type: 'noted', level: 'warning', text: `${doer.host}: ${trouble}` });
  return { is: 'applied', reply: { trouble } };
}

/** sysadm brings what still runs there; those that don't run any more only with -a. */
async function returnRecorded(written: ReturnArgs, away: readonly Returner[], doer: Doer): Promise<string> {
  const command = evacuate.bringHome({ all: away.some(({ was }) => was !== 'running') });
  const { going, leave } = await doer.harbour.take(tripsOf(away, doer), 'whole');
  if (going.length === 0) return STOPPED;
  const zones = away.map(({ zone }) => zone);
  const answer = await relayed(doer, command, { budgetMs: budgetOf(written), zones });
  if (answer.is === 'no') await stillAway(written, away, doer);
  leave();
  return wordsOf(answer);
}

const STOPPED = 'stopped by the operator';

const tripsOf = (zones: readonly Returner[], { host }: Doer): readonly Trip[] =>
  zones.map(({ at }) => ({ from: hostName(at), to: host }));

async function oneByOne(written: ReturnArgs, away: readonly Returner[], doer: Doer): Promise<string> {
  const size = written.batch ?? 1;
  const said: string[] = [];
  for (let next = 0; next < away.length; next += size) {
    const batch = away.slice(next, next + size);
    said.push(...(await Promise.all(batch.map(zone => sendHome(written, zone, doer)))));
  }
  return said.filter(words => words !== '').join('; ');
}

async function sendHome(written: ReturnArgs, returner: Returner, doer: Doer): Promise<string> {
  const { zone, at } = returner;
  const { going, leave } = await doer.harbour.take([{ from: hostName(at), to: doer.host }]);
  if (going.length === 0) return STOPPED;
  const text = `coming home from ${at}`;
  await doer.tell({ type: 'progress', action: doer.action, on: doer.host, text, zone, done: null, total: null });
  const command = zoneadm.migrate({ zone, to: uriOf(doer.host, written), type: 'auto', overwrite: false });
  const source = doer.peer(hostName(at));
  const answer = await relayed(source, command, { budgetMs: budgetOf(written), zones: [zone] });
  // Whoever went unheard may be on the way still.
  if (answer.is === 'no') await stillAway(written, [returner], doer);
  leave();
  return wordsOf(answer);
}

const wordsOf = (answer: Answer<string>) => (answer.is === 'ok' ? '' : tellRefusal(answer.refusal));

const budgetOf = ({ gib, timeout_per_gib }: ReturnArgs) => 30 * 60_000 + gib * ms(timeout_per_gib);

interface Still {
  readonly away: readonly Returner[];
  readonly rest: Rest;
}

async function stillAway(written: ReturnArgs, zones: readonly Returner[], doer: Doer): Promise<Answer<Still>> {
  const names = zones.map(({ zone }) => zone);
  const hosts = zones.map(({ at }) => hostName(at));
  const rest = await settled(doer, { zones: names, hosts, budgetMs: budgetOf(written) });
  if (rest.is === 'no') return rest;
  const away = zones.filter(({ zone }) => {
    const place = placeOf(zone, rest.value.censuses);
    return place.is !== 'at' || place.host !== doer.host;
  });
  return { is: 'ok', value: { away, rest: rest.value } };
}

function reasons(away: readonly Returner[], { errors }: Rest, said: string): string {
  const each = away.map(({ zone, at }) => `${zone} is still on ${at}${saidOf(zone, errors)}`);
  return [...each, ...(said === '' ? [] : [said])].join('; ');
}

async function putTargetsBack(doer: Doer, { stays }: ReturnSeen): Promise<Applied> {
  const gone = stays.map(({ zone }) => zone);
  const former = doer.ledger.formerTargets.filter(({ host, zone }) => host === doer.host && !gone.includes(zone));
  if (former.length === 0) return { is: 'applied', reply: {} };
  const facts = await factsOf(doer);
  if (facts.is === 'no') return refusedWith(facts.refusal);
  const compared = compareTargets(facts.value, ({ name }) => former.find(({ zone }) => zone === name)?.target);
  if (compared.is === 'unknown') return { is: 'applied', reply: { trouble: `targets not put back: ${compared.why}` } };
  const refusal = await setTargets(doer, compared.differing);
  return refusal === null ? { is: 'applied', reply: {} } : refusedWith(refusal);
}
