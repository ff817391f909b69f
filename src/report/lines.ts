// A run as plain lines, for CI and pipes: one line for what matters (a change, a failure, a turn), with the time since
// the start. What changed nothing and what a command said is for --verbose. A few hosts also say what they begin.
import type { Stamped } from '../model/event.ts';
import { actionId, laneName, laneNameOf, type ActionId } from '../model/ids.ts';
import { waveName } from '../model/plan.ts';
import { isChange } from '../model/state.ts';
import { clipped, counted, padded } from '../text/fit.ts';
import { durationText } from '../text/duration.ts';
import { elapsedText } from '../text/moment.ts';
import { never } from '../text/never.ts';
import { bytesText } from '../text/size.ts';
import { visible, visibleLines } from '../text/visible.ts';
import type { Script } from './script.ts';
import type { Story } from './story.ts';

export interface LineOptions {
  readonly verbose: boolean;
}

const ELAPSED_WIDTH = 7;
const NAME_MOST = 24;
/** With more hosts than this, what begins isn't told: only how it ended. */
const FEW_HOSTS = 4;
const HOSTS_NAMED = 12;
const MOVES_TOLD = 20;

type Of<T extends Stamped['type']> = Extract<Stamped, { readonly type: T }>;

interface Teller {
  readonly story: Story;
  readonly script: Script;
  readonly chatty: boolean;
  readonly verbose: boolean;
  readonly nameWidth: number;
}

type Told = readonly { readonly who: string; readonly text: string }[];

const about = (who: string, text: string): Told => [{ who: visible(who), text }];
const words = (who: string, lines: readonly string[]): Told => lines.flatMap(line => about(who, `| ${line}`));

function took(teller: Teller, id: ActionId): string {
  const tale = teller.story.actions.get(id);
  if (!tale || tale.startedAt === null || tale.endedAt === null) return '';
  const ms = tale.endedAt - tale.startedAt;
  return ms < 1000 ? '' : ` (${durationText(ms)})`;
}

function started({ story, script }: Teller, line: Of<'run-started'>): Told {
  const check = line.check ? '; --check: nothing is changed' : '';
  return about(
    '',
    `run ${line.run} by ${story.by}: ${counted(script.hosts.length, 'host')} in ${counted(script.waves.length, 'wave')}${check}`,
  );
}

function wavePlanned({ script }: Teller, line: Of<'wave-planned'>): Told {
  const { wave, hosts, migrations } = line.plan;
  const moves = migrations
    .slice(0, MOVES_TOLD)
    .map(one => `${one.zone}: ${one.from} -> ${one.to}, ${bytesText(one.bytes)}`);
  const more = migrations.length - moves.length;
  const title = script.waves.find(one => one.name === waveName(wave))?.title ?? `wave ${wave.n}`;
  return [
    `${title}: ${hosts.length > HOSTS_NAMED ? `${hosts.length} hosts` : hosts.join(', ')}`,
    ...moves.map(text => `  ${text}`),
    ...(more > 0 ? [`  and ${more} more zones`] : []),
    ...line.differs.map(text => `  not as in the plan: ${text}`),
  ].flatMap(text => about('', visible(text)));
}

function ended(teller: Teller, line: Of<'action-ended'>): Told {
  const who = laneNameOf(line.action);
  const name = teller.script.nameOf(line.action);
  const why = line.why === '' ? '' : `: ${visible(line.why)}`;
  switch (line.outcome) {
    case 'changed':
      return about(who, `${name}: changed${took(teller, line.action)}`);
    case 'unchanged':
      // Nothing was done, and yet it is a change: for its handlers, and for who reads this.
      if (isChange(line)) return about(who, `${name}: changed, its changed_when says`);
      return teller.verbose ? about(who, `${name}: nothing to do${why}`) : [];
    case 'would-change':
      return about(who, `${name}: would change${why}`);
    case 'failed':
    case 'unknown': {
      const said = teller.verbose ? [] : (teller.story.actions.get(line.action)?.words ?? []);
      const text = line.outcome === 'failed' ? 'FAILED' : 'OUTCOME UNKNOWN';
      return [...about(who, `${name}: ${text}${took(teller, line.action)}${why}`), ...words(who, said)];
    }
    default:
      return never(line.outcome);
  }
}

function undoEnded({ script }: Teller, line: Of<'undo-ended'>): Told {
  const who = laneNameOf(line.action);
  const name = script.nameOf(line.action);
  const bad = line.outcome === 'failed' || line.outcome === 'unknown';
  const left = line.why === '' ? '' : `: left: ${visible(line.why)}`;
  return about(who, bad ? `${name}: COULD NOT BE UNDONE: ${visible(line.why)}` : `${name}: undone${left}`);
}

const TURNS = {
  rollback: 'goes back',
  hold: 'is held as it is',
  stop: 'is left as it is, nothing more is started',
  continue: 'is left as it is',
  refused: 'refused before anything was changed',
  stuck: 'STUCK',
} as const;

/** After anything but a yes the run ends, and its end has the question in it. */
function answered({ answer, question, who }: Of<'answered'>): Told {
  if (answer === 'none') return about('', 'nobody answered');
  return about('', `${visible(who)} says ${answer === 'yes' ? `yes: ${visible(question)}` : 'no'}`);
}

function runEnded({ story }: Teller, line: Of<'run-ended'>): Told {
  const after = story.startedAt === null ? '' : ` after ${durationText(line.at - story.startedAt)}`;
  return about('', `run ended ${line.verdict}${after}${line.why === '' ? '' : `: ${visible(line.why)}`}`);
}

function progressed(teller: Teller, line: Of<'progress'>): Told {
  const whole = line.done === null || line.done === line.total;
  if (!teller.verbose && (line.zone === null || !whole)) return [];
  const share = line.done === null || line.total === null ? '' : ` (${line.done} of ${line.total})`;
  return about(line.on, `${line.zone === null ? '' : `${visible(line.zone)}: `}${visible(line.text)}${share}`);
}

const skipped = ({ script, verbose }: Teller, { lane, task, why }: Of<'task-skipped'>): Told =>
  verbose ? about(laneName(lane), `${script.nameOf(actionId(task, null, lane))}: skipped: ${visible(why)}`) : [];

function tell(teller: Teller, line: Stamped): Told {
  const { script, verbose, chatty } = teller;
  switch (line.type) {
    case 'run-started':
      return started(teller, line);
    case 'observed':
      return Object.entries(line.silent).flatMap(([host, why]) => about(host, `unreachable: ${visible(why)}`));
    case 'wave-planned':
      return wavePlanned(teller, line);
    case 'task-skipped':
      return skipped(teller, line);
    case 'block-entered':
    case 'loop-fixed':
    case 'looked':
      return [];
    case 'action-started':
      return chatty ? about(laneName(line.action.lane), `${script.nameOf(line.action.id)} ...`) : [];
    case 'attempt-ended':
      return verbose ? about(laneNameOf(line.action), `${script.nameOf(line.action)}: attempt ${line.n} is over`) : [];
    case 'action-ended':
      return ended(teller, line);
    case 'undo-started':
      return chatty ? about(laneNameOf(line.action), `${script.nameOf(line.action)}: is being undone ...`) : [];
    case 'undo-ended':
      return undoEnded(teller, line);
    case 'turned':
      return about(laneName(line.lane), `${TURNS[line.towards]}: ${visible(line.why)}`);
    case 'operator-said':
      return about(line.host ?? '', `${visible(line.who)} says ${line.word}`);
    case 'answered':
      return answered(line);
    case 'run-ended':
      return runEnded(teller, line);
    case 'output':
    case 'progress':
    case 'diff':
    case 'noted':
      return passedOn(teller, line);
    default:
      return never(line);
  }
}

/** What was said on the way, by hosts and by us. */
function passedOn(teller: Teller, line: Of<'output' | 'progress' | 'diff' | 'noted'>): Told {
  switch (line.type) {
    case 'output':
      return teller.verbose ? words(line.on, visibleLines(line.text)) : [];
    case 'progress':
      return progressed(teller, line);
    case 'diff':
      return words(line.on, visibleLines(line.text));
    case 'noted':
      return about('', `${line.level}: ${visible(line.text)}`);
    default:
      return never(line);
  }
}

/** @param story has seen `line` already. @returns lines without their ends; often none. */
export function plainLines(story: Story, script: Script, line: Stamped, options: LineOptions): readonly string[] {
  const nameWidth = Math.min(NAME_MOST, script.nameWidth);
  const chatty = options.verbose || script.hosts.length <= FEW_HOSTS;
  const elapsed = elapsedText(line.at - (story.startedAt ?? line.at)).padStart(ELAPSED_WIDTH);
  return tell({ story, script, chatty, verbose: options.verbose, nameWidth }, line).map(({ who, text }) =>
    who === '' ? `${elapsed}  ${text}` : `${elapsed}  ${padded(clipped(who, nameWidth), nameWidth)}  ${text}`,
  );
}
