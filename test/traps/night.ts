// One night of maintenance in memory: a simulated fleet, something that goes wrong in it, a shipped playbook through
// the real loader, planner, steps and engine; and what stands at the end: the world, the verdict, the exit status, and
// what the operator is told.
import { exitOfRun } from '../../src/cli/exit-of-run.ts';
import type { Verdict } from '../../src/model/action.ts';
import type { Stamped } from '../../src/model/event.ts';
import type { Plan } from '../../src/model/plan.ts';
import type { RunState } from '../../src/model/state.ts';
import { scriptOf } from '../../src/report/script.ts';
import { Story } from '../../src/report/story.ts';
import { stuckPages } from '../../src/report/stuck-page.ts';
import { summaryText } from '../../src/report/summary.ts';
import { runPlan } from '../../src/run/run.ts';
import type { Said } from '../../src/run/ports.ts';
import { catalogue } from '../../src/steps/catalogue.ts';
import { activeBe } from '../../sim/world/fleet.ts';
import { hostsRunning } from '../../sim/world/problems.ts';
import type { Site, Wish } from '../fleet/site.ts';
import { MemoryJournal, portsOf } from '../run/harness.ts';

export const UPGRADE: Wish = { playbook: 'playbooks/rolling-upgrade.yml' };
export const AFTERNOON: Wish = { playbook: 'playbooks/update.yml' };
export const EMPTY: Wish = { playbook: 'playbooks/evacuate.yml' };
export const REBOOT: Wish = { playbook: 'playbooks/reboot.yml' };
export const HOME: Wish = { playbook: 'playbooks/return.yml' };
export const CLOSE: Wish = { playbook: 'playbooks/maintain.yml' };

/** The boot environments of the campaign: what runs at first, and what it builds. */
export const OLD = 'solaris';
export const NEW = 's11.4.81-w48';

export interface Night {
  readonly verdict: Verdict;
  readonly exit: number;
  readonly why: string;
  readonly state: RunState;
  readonly events: readonly Stamped[];
  readonly plan: Plan;
  /** The summary as it is printed. */
  readonly summary: string;
  /** The pages for the person who is called. */
  readonly pages: readonly string[];
  /** Command lines that reached a host during this run. */
  readonly sent: readonly string[];
}

export type Watch = (event: Stamped, site: Site, say: (word: Said['word']) => void) => void;

/** Plans and carries out; the run is then one of the runs before of this site. */
export async function night(site: Site, wish: Wish, watch: Watch = () => undefined): Promise<Night> {
  return carriedOut(site, await site.plan(wish), watch);
}

/** A plan that was made before, perhaps long ago. */
export async function carriedOut(site: Site, plan: Plan, watch: Watch = () => undefined): Promise<Night> {
  const journal = new MemoryJournal();
  const run = site.nextRun();
  const story = new Story();
  const before = site.simulated.sent.length;
  const ran = await runPlan(
    portsOf({
      ...{ plan, catalogue, hosts: site.simulated.hosts, ...site.setting(journal, run), journal },
      onEvent(event, say) {
        story.see({ ...event, at: site.simulated.clock.now() });
        watch(event, site, say);
      },
    }),
  );
  site.before.push({ id: run, state: ran.state });
  const script = scriptOf(plan);
  return {
    ...ran,
    ...{ plan, events: journal.events, exit: exitOfRun(ran.state, ran.verdict) },
    summary: summaryText(story, script, { columns: 100, timeZone: 'UTC' }),
    pages: stuckPages(story, plan, script, { columns: 100, timeZone: 'UTC' }),
    sent: site.simulated.sent.slice(before).map(({ host, line }) => `${host}: ${line}`),
  };
}

/** Calls `then` once, at the first event that fits. */
export function once(fits: (event: Stamped) => boolean, then: (site: Site) => void): Watch {
  let spent = false;
  return (event, site) => {
    if (spent || !fits(event)) return;
    spent = true;
    then(site);
  };
}

export const startedOf =
  (step: string, host = 'nacaozumbi') =>
  (event: Stamped): boolean =>
    event.type === 'action-started' && event.action.step === step && event.action.lane.is === 'host'
      ? event.action.lane.host === host
      : false;

/** `step@host outcome`, in the order in which actions ended; undos with `undo` before. Looks that changed nothing are left out. */
export function tale({ events, state }: Night): readonly string[] {
  return events.flatMap(event => {
    if (event.type !== 'action-ended' && event.type !== 'undo-ended') return [];
    const action = state.actions.get(event.action)?.action;
    const lane = action?.lane.is === 'host' ? action.lane.host : 'play';
    const undo = event.type === 'undo-ended' ? 'undo ' : '';
    return event.outcome === 'unchanged' ? [] : [`${undo}${action?.step}@${lane} ${event.outcome}`];
  });
}

/** Without line ends and blanks of layout. */
export const flat = (text: string): string => text.replace(/\s+/g, ' ');

export const running = (site: Site, zone: string): string => hostsRunning(site.fleet, zone).join(' and ') || 'nowhere';

export const closed = (site: Site, host: string): string | null => site.fleet.host(host).maintenance?.message ?? null;

export const bes = (site: Site, host: string): string => {
  const { active, next, bes: all } = site.fleet.host(host);
  return `runs ${active}, boots ${next}, has ${[...all.keys()].sort().join(' ')}`;
};

export const stateHere = (site: Site, host: string, zone: string): string =>
  activeBe(site.fleet.host(host)).index.get(zone)?.state ?? 'absent';
