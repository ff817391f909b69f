// Preflight, one host: pure judgements of its facts, each under the name of its check, with a text that says what
// to do. What isn't known is judged as a refusal: nobody starts on a guess.
import type { EvacuationRow, Facts, Known } from '../model/facts.ts';
import type { Ledger } from '../model/ledger.ts';
import { grantLine, type Profile, profileText } from '../model/rights.ts';
import { isLevel } from '../solaris/pkg-version.ts';
import { never } from '../text/never.ts';
import { hostName } from '../model/ids.ts';
import { isForGood, guestsIn, unreadAbout } from './abroad.ts';
import type { Check, Finding } from './preflight-checks.ts';
import { defaultObjection } from './targets.ts';
import { standingTo } from './update-wish.ts';
import { windowOf } from './window.ts';

export type Scope = 'update' | 'move' | 'return';

export interface HostQuestion {
  readonly scope: Scope;
  readonly facts: Facts;
  readonly ledger: Ledger;
  /** The level wanted, or null when none was named. */
  readonly entire: string | null;
  /** Zones that are planned to move. */
  readonly moving: readonly string[];
}

const JUDGES: readonly (readonly [
  check: Check,
  scopes: readonly Scope[],
  judge: (question: HostQuestion) => readonly string[],
])[] = [
  ['system', ['update', 'move', 'return'], system],
  ['rights', ['update', 'move', 'return'], rights],
  ['rad', ['update', 'move', 'return'], rad],
  ['maintenance-window', ['update', 'move', 'return'], maintenance],
  ['evacuation-record', ['update', 'move'], record],
  ['zones-of-others', ['update', 'move'], zonesOfOthers],
  ['zone-states', ['move', 'return'], zoneStates],
  ['zones-movable', ['move'], movable],
  ['default-target', ['move'], defaultTarget],
  ['next-boot', ['update', 'move', 'return'], nextBoot],
  ['newer-system', ['update'], direction],
];

export function hostFindings(question: HostQuestion): readonly Finding[] {
  return JUDGES.filter(([, scopes]) => scopes.includes(question.scope)).flatMap(([check, , judge]) =>
    judge(question).map(text => ({ check, text: `${question.facts.host}: ${text}` })),
  );
}

function judged<T>(known: Known<T>, what: string, judge: (value: T) => readonly string[]): readonly string[] {
  return known.is === 'known' ? judge(known.value) : [`${what} can't be told: ${known.why}`];
}

function system({ facts }: HostQuestion): readonly string[] {
  return judged(facts.os, 'its system', ({ release, version }) =>
    release === '5.11' && isLevel(version, '11.4') ? [] : [`not Oracle Solaris 11.4 (says ${release} ${version})`],
  );
}

const MOVING: readonly Profile[] = ['Maintenance and Repair', 'Zone Migration', 'Zone Configuration'];

const PROFILES: Readonly<Record<Scope, readonly Profile[]>> = {
  update: ['Software Installation'],
  move: MOVING,
  return: MOVING,
};

function rights({ facts, scope }: HostQuestion): readonly string[] {
  return judged(facts.rights.user, 'who we are', ({ name, uid }) => {
    if (uid === 0) return [];
    return judged(facts.rights.profiles, `the rights of ${name}`, profiles => {
      const missing = PROFILES[scope].filter(profile => !profiles.includes(profile));
      if (missing.length === 0) return [];
      return [`user ${name} lacks profile ${missing.map(profileText).join(', ')}; ${grantLine(name, missing)}`];
    });
  });
}

function rad({ facts }: HostQuestion): readonly string[] {
  return judged(facts.rad.local, 'whether RAD runs', state =>
    state === 'online' ? [] : [`RAD is ${state}, sysadm can't be asked; svcs -xv rad:local`],
  );
}

function maintenance({ facts, ledger, scope }: HostQuestion): readonly string[] {
  const window = windowOf(facts.maintenance, ledger);
  switch (window.is) {
    case 'open':
      return [];
    case 'unknown':
      return [`whether it is closed can't be told: ${window.why}`];
    case 'theirs':
      return [window.why];
    case 'ours':
      // Nobody builds on a host that a dead run left closed: that run comes first.
      return scope === 'update' && window.takenOver
        ? [`closed by run ${window.run}, which is over; resume it first`]
        : [];
    default:
      return never(window);
  }
}

function record(question: HostQuestion): readonly string[] {
  return [...unreadAbout(question.ledger, hostName(question.facts.host)), ...rows(question)];
}

function rows({ facts, ledger }: HostQuestion): readonly string[] {
  if (facts.record.is === 'unknown') return [`whether zones are away can't be told: ${facts.record.why}`];
  if (facts.record.is === 'in-progress') return ['somebody is evacuating it right now'];
  if (facts.record.is === 'none') return [];
  const zones = facts.zones.is === 'known' ? facts.zones.value : [];
  const home = (row: EvacuationRow) => zones.some(({ name, state }) => name === row.zone && state !== 'configured');
  // Closed by us already: no maintenance starts again, and the rows are what brings the zones home.
  const closed = windowOf(facts.maintenance, ledger).is === 'ours';
  return facts.record.rows.flatMap(row => {
    const looker = { ledger, host: hostName(facts.host), fleet: [] };
    if (home(row) || isForGood(row, looker)) return [];
    const away = ledger.away.find(one => one.zone === row.zone && one.home === facts.host);
    if (away === undefined)
      return [`sysadm still lists ${row.zone} as ${row.state} to ${row.destination || 'nowhere'}`];
    return closed
      ? []
      : [`${row.zone} is on ${away.at} since run ${away.run}; bring it home first (zones.return, as in return.yml)`];
  });
}

function zonesOfOthers({ facts, ledger }: HostQuestion): readonly string[] {
  return judged(facts.zones, 'its zones', zones =>
    guestsIn(ledger, hostName(facts.host))
      .filter(({ zone }) => zones.some(one => one.name === zone && one.state !== 'configured'))
      .map(({ zone, home }) => `holds ${zone} of ${home}; bring it home first`),
  );
}

function zoneStates({ facts }: HostQuestion): readonly string[] {
  return judged(facts.zones, 'its zones', zones =>
    zones.flatMap(({ name, state, aux }) => {
      if (!['configured', 'installed', 'running'].includes(state)) return [`zone ${name} is ${state}`];
      if (aux.is === 'unknown') return state === 'configured' ? [] : [`the state of ${name} can't be told: ${aux.why}`];
      return aux.value === '' ? [] : [`zone ${name} is ${state}/${aux.value}`];
    }),
  );
}

function movable({ facts, moving }: HostQuestion): readonly string[] {
  return judged(facts.zones, 'its zones', zones =>
    zones
      .filter(({ name, state }) => moving.includes(name) && state !== 'configured')
      .flatMap(({ name, configuration }) =>
        judged(configuration, `how ${name} is configured`, ({ movable: can }) => {
          if (can.is === 'movable') return [];
          return can.is === 'bound'
            ? can.reasons.map(why => `${name}: ${why}`)
            : [`whether ${name} can move: ${can.why}`];
        }),
      ),
  );
}

function defaultTarget({ facts }: HostQuestion): readonly string[] {
  if (facts.defaultTarget.is === 'unknown')
    return [`the service's default target can't be told: ${facts.defaultTarget.why}`];
  const objection = defaultObjection(facts);
  return objection === null ? [] : [objection];
}

function nextBoot({ facts }: HostQuestion): readonly string[] {
  return judged(facts.be, 'its boot environments', ({ active, next }) =>
    active === next ? [] : [`${next} will boot next, not the running ${active}; beadm activate ${active}`],
  );
}

function direction({ facts, entire }: HostQuestion): readonly string[] {
  if (entire === null) return [];
  return judged(facts.entire, 'its level', installed =>
    standingTo(installed, { entire, everything: false }) === 'newer'
      ? [`is newer (${installed.branch}), would be a downgrade`]
      : [],
  );
}
