// The commands that remain on a stuck host, and what not to do. Commands of zoneferry are those that exist; commands
// for a host only look. What is special to a kind of step stands in one table here.
import type { ActionState } from '../model/state.ts';
import { actionsOf } from './host-state.ts';
import type { Trouble } from './stuck-page.ts';
import { isUp, placesOf, type Trail } from './zone-trails.ts';

export interface Advice {
  readonly next: readonly string[];
  readonly dont: string;
  readonly log: string;
}

const ZONES_NAMED = 6;

function named(trails: readonly Trail[]): string {
  const shown = trails.slice(0, ZONES_NAMED).map(trail => trail.zone);
  return trails.length > shown.length ? `${shown.join(' ')} and ${trails.length - shown.length} more` : shown.join(' ');
}

/** Zones of the host that were last seen up on another one, by that one. */
function awayFrom({ story, host }: Trouble): ReadonlyMap<string, readonly Trail[]> {
  const away = new Map<string, Trail[]>();
  for (const trail of story.zones.of(host))
    for (const place of placesOf(trail)) {
      if (place.host === host || !isUp(place.state)) continue;
      const there = away.get(place.host) ?? [];
      there.push(trail);
      away.set(place.host, there);
    }
  return away;
}

function consoleOf({ plan, host }: Trouble): string {
  const value = plan.hosts[host]?.vars['console'];
  return value?.is === 'known' && typeof value.json === 'string' ? value.json : `the console of ${host}`;
}

const REBOOTS: readonly string[] = ['be.boot', 'host.reboot', 'host.wait'];

/** What to look at first, for the kind of step it hangs at. */
function lookFirst(trouble: Trouble): readonly string[] {
  const { action, host } = trouble;
  const step = action?.action.step ?? '';
  if (REBOOTS.includes(step))
    return [
      `${consoleOf(trouble)}:  if it still boots, wait`,
      `    if it hangs or panics: save the text first; don't power it off before the dump is written`,
      `when it is up, on ${host}:  beadm list   svcs -xv   sysadm maintain -l`,
    ];
  if (step.startsWith('zones.') || step.startsWith('maintenance.'))
    return [`on ${host}:  sysadm maintain -l   sysadm evacuate -l   zoneadm list -cp`];
  if (step.startsWith('be.')) return [`on ${host}:  beadm list   pkg list -Hv entire   svcs -xv`];
  return action === null ? [] : [`on ${host}: look what ${step} left: the journal knows no more than stands above`];
}

function owed(actions: readonly ActionState[]): readonly ActionState[] {
  return actions.filter(
    action => action.undo.is === 'steps' && action.is !== 'undone' && action.ended?.outcome !== 'unchanged',
  );
}

/** What ended unknown is looked at again by a resume; what failed, or could not be put back, is not. */
function isTakenUp(actions: readonly ActionState[]): boolean {
  const back = actions.some(action => action.is === 'undoing' || action.is === 'undone' || action.is === 'stuck');
  return !back && actions.some(action => action.is === 'started' || action.ended?.outcome === 'unknown');
}

function goingOn({ story, plan, host }: Trouble, away: boolean): readonly string[] {
  const run = story.state.run ?? '';
  const actions = actionsOf(story.state, story.state.lanes.get(host));
  const barrier = actions.findLast(action => action.undo.is === 'barrier' && action.is !== 'undone');
  const undos = owed(actions).filter(action => barrier === undefined || action.seq > barrier.seq);
  const back = undos.map(action => action.action.step).reverse();
  return [
    ...(isTakenUp(actions)
      ? [`zoneferry resume ${run}    looks first; then goes on from where things stand`]
      : [
          away
            ? `zoneferry run playbooks/return.yml -l ${host}    looks first; opens it, brings its zones home`
            : `zoneferry run ${plan.playbooks[0] ?? ''} -l ${host}    looks first; goes on with what is open`,
          `    zoneferry resume ${run} starts nothing while ${host} is like this`,
        ]),
    ...(back.length === 0 ? [] : [`zoneferry rollback ${run}    puts back: ${back.join(', ')}`]),
  ];
}

function donts(trouble: Trouble, away: ReadonlyMap<string, readonly Trail[]>): string {
  const { host } = trouble;
  if (away.size === 0) return `reboot ${host} or change its zones by hand while the run can still be resumed`;
  const zones = [...new Set([...away.values()].flat())];
  const there = [...away.keys()].join(', ');
  return `boot, attach or uninstall ${named(zones)} on ${host}: they run on ${there}; sysadm maintain -s on ${host} again (it forgets where they are); close ${there}`;
}

export function nextSteps(trouble: Trouble): Advice {
  const away = awayFrom(trouble);
  const run = trouble.story.state.run ?? '';
  const looks = [...away].map(
    ([there, trails]) => `on ${there}:  zoneadm list -cp    must say running for ${named(trails)}`,
  );
  return {
    next: [...lookFirst(trouble), ...looks, ...goingOn(trouble, away.size > 0)],
    dont: donts(trouble, away),
    log: `runs/${run}/journal.jsonl`,
  };
}
