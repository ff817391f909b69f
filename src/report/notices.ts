// What somebody outside is told of a run: the journal's lines as notices, each with what it is about, in the words of
// model/occasion.ts. A fold as every view; it knows neither who is told nor how. A line that was seen before (a run that
// goes on) is folded and told to nobody again: whoever calls drops what comes of it.
import type { Stamped } from '../model/event.ts';
import { type ActionId, type HostName, hostName, type Lane, laneNameOf } from '../model/ids.ts';
import type { Occasion } from '../model/occasion.ts';
import { type Plan, playOf, type Wave, waveName } from '../model/plan.ts';
import type { ActionState } from '../model/state.ts';
import { clipped, counted } from '../text/fit.ts';
import { visible } from '../text/visible.ts';
import { actionsOf, hostState, type HostState, type HostWord, hostStates } from './host-state.ts';
import { type Script, scriptOf } from './script.ts';
import { Story } from './story.ts';

export type Counts = Readonly<Partial<Record<HostWord, number>>>;

/** What every message says, in the order it says it. */
export interface Notice {
  /** The same for every attempt to tell it, and for nothing else. */
  readonly id: string;
  /** What it may be called, the most telling first. */
  readonly words: readonly Occasion[];
  /** Epoch milliseconds, as in the journal. */
  readonly at: number;
  /** Of the play whose tellings hear of it; null: of every play. */
  readonly play: number | null;
  /** Whose addresses are told. */
  readonly about: readonly HostName[];
  readonly wave: number | null;
  readonly host: HostName | null;
  readonly task: string | null;
  readonly verdict: string | null;
  readonly message: string;
  readonly counts: Counts | null;
}

const MOST_MESSAGE = 2_000;
const HOSTS_NAMED = 12;
/** A host in whose wave nothing is left to do is through, whatever of its tasks was passed over. */
const ON_ITS_WAY: readonly HostWord[] = ['waiting', 'running', 'unchanged'];
/** A run that ended has not brought them through: their wave goes on when the run does. */
const NOT_THROUGH: readonly HostWord[] = ['waiting', 'running', 'going back', 'stopped', 'not started'];
/** Of these no line was turned: they are found when their wave is over. */
const FAILED: readonly HostWord[] = ['failed', 'refused', 'unreachable', 'held'];

type Of<T extends Stamped['type']> = Extract<Stamped, { readonly type: T }>;
type About = Partial<Omit<Notice, 'id' | 'words' | 'at' | 'message'>>;

interface WaveSeen {
  readonly wave: Wave;
  readonly hosts: readonly HostName[];
  readonly ended: boolean;
}

export class Notices {
  readonly #plan: Plan;
  readonly #script: Script;
  readonly #story = new Story();
  #wave: WaveSeen | null = null;
  readonly #playOf = new Map<string, Wave>();
  readonly #failed = new Set<string>();
  readonly #stuck = new Set<string>();

  constructor(plan: Plan) {
    this.#plan = plan;
    this.#script = scriptOf(plan);
  }

  /** What was answered at the start, as the journal has it; null: the run has not begun. */
  get values() {
    const { run, values } = this.#story.state;
    return run === null ? null : values;
  }

  see(line: Stamped): readonly Notice[] {
    this.#story.see(line);
    switch (line.type) {
      case 'run-started':
        return [this.#notice(line, ['run_started'], this.#begun(line))];
      case 'observed':
        return this.#wave === null || waveName(this.#wave.wave) === waveName(line.wave) ? [] : this.#waveEnded(line);
      case 'wave-planned':
        return this.#waveStarted(line);
      case 'turned':
        return this.#turned(line);
      case 'undo-ended':
        return line.outcome === 'failed' || line.outcome === 'unknown' ? this.#undoFailed(line) : [];
      case 'run-ended':
        return [...this.#waveEnded(line), this.#runEnded(line)];
      default:
        return [];
    }
  }

  #begun({ run }: Of<'run-started'>): string {
    const { hosts, waves } = this.#script;
    const how = `${counted(hosts.length, 'host')} in ${counted(waves.length, 'wave')}`;
    return `run ${run} of ${this.#plan.playbooks.join(', ')} began: ${how}, by ${this.#story.by}`;
  }

  #waveStarted(line: Of<'wave-planned'>): readonly Notice[] {
    const { wave, hosts } = line.plan;
    this.#wave = { wave, hosts, ended: false };
    for (const host of hosts) this.#playOf.set(host, wave);
    const message = `${this.#titleOf(wave)} began: ${namesOf(hosts)}`;
    return [this.#notice(line, ['wave_started'], message, { ...ofWave(wave), about: hosts })];
  }

  #waveEnded(line: Of<'observed' | 'run-ended'>): readonly Notice[] {
    const seen = this.#wave;
    if (seen === null || seen.ended) return [];
    const states = seen.hosts.map(host => this.#stateOf(host));
    if (line.type === 'run-ended' && states.some(({ word }) => NOT_THROUGH.includes(word))) return [];
    this.#wave = { ...seen, ended: true };
    const through = states.map(one => (ON_ITS_WAY.includes(one.word) ? ({ ...one, word: 'done' } as const) : one));
    const { wave, hosts } = seen;
    const counts = countsOf(through);
    const message = `${this.#titleOf(wave)} ended: ${wordsOf(counts)}`;
    return [
      ...through.flatMap(one => this.#hostEnded(line, one)),
      this.#notice(line, ['wave_ended'], message, { ...ofWave(wave), about: hosts, counts }),
    ];
  }

  #hostEnded(line: Stamped, { host, word, why }: HostState): readonly Notice[] {
    if (word === 'done') return [this.#notice(line, ['host_done'], `${host}: done`, this.#ofHost(host))];
    if (!FAILED.includes(word) || this.#failed.has(host)) return [];
    this.#failed.add(host);
    return [this.#notice(line, ['host_failed'], `${host}: ${word}: ${why}`, this.#ofHost(host))];
  }

  #turned(line: Of<'turned'>): readonly Notice[] {
    const host = hostIn(line.lane);
    if (host === null) return [];
    const last = this.#lastOf(host);
    const bad = last?.ended?.outcome === 'failed' || last?.ended?.outcome === 'unknown';
    // One that goes back because of another, or because somebody asked for it, has not failed.
    if (line.towards === 'rollback' && !bad) return [];
    const words: readonly Occasion[] = [
      ...(line.towards === 'stuck' && !this.#stuck.has(host) ? (['host_stuck'] as const) : []),
      ...(this.#failed.has(host) ? [] : (['host_failed'] as const)),
    ];
    if (words.length === 0) return [];
    this.#failed.add(host);
    if (line.towards === 'stuck') this.#stuck.add(host);
    const task = bad && last !== undefined ? this.#script.nameOf(last.action.id) : null;
    const what = line.towards === 'stuck' ? 'stuck' : 'failed';
    const where = task === null ? '' : ` at "${task}"`;
    return [this.#notice(line, words, `${host} ${what}${where}: ${line.why}`, { ...this.#ofHost(host), task })];
  }

  #undoFailed(line: Of<'undo-ended'>): readonly Notice[] {
    const host = this.#hostOf(line.action);
    if (host === null || this.#stuck.has(host)) return [];
    this.#stuck.add(host);
    const task = this.#script.nameOf(line.action);
    const message = `${host} is stuck: "${task}" could not be undone: ${line.why}`;
    return [this.#notice(line, ['host_stuck'], message, { ...this.#ofHost(host), task })];
  }

  #runEnded(line: Of<'run-ended'>): Notice {
    const counts = countsOf(hostStates(this.#story, this.#script));
    const needs = line.verdict === 'stopped' || line.verdict === 'stuck';
    const why = line.why === '' ? '' : `: ${line.why}`;
    const run = this.#story.state.run ?? '';
    const then = needs ? `; it needs a person: zoneferry show ${run}` : '';
    const words: readonly Occasion[] = needs ? ['stopped', 'run_ended'] : ['run_ended'];
    const message = `run ${run} ended ${line.verdict}${why}; ${wordsOf(counts)}${then}`;
    return this.#notice(line, words, message, { verdict: line.verdict, counts });
  }

  #notice(line: Stamped, words: readonly Occasion[], message: string, about: About = {}): Notice {
    const { host = null } = about;
    return {
      id: [this.#story.state.run ?? '', String(line.seq), words[0] ?? '', ...(host === null ? [] : [host])].join('/'),
      ...{ words, at: line.at, play: null, about: this.#script.hosts, wave: null, host, task: null },
      ...{ verdict: null, counts: null, message: clipped(visible(message), MOST_MESSAGE), ...about },
    };
  }

  #stateOf(host: HostName): HostState {
    return hostState(this.#story, this.#script, host);
  }

  #ofHost(host: HostName): About {
    const wave = this.#playOf.get(host);
    return { host, about: [host], ...(wave === undefined ? {} : ofWave(wave)) };
  }

  #titleOf(wave: Wave): string {
    const play = this.#plan.program.plays.length > 1 ? ` of "${visible(playOf(this.#plan, wave).name)}"` : '';
    return `wave ${wave.n}${play}`;
  }

  #lastOf(host: HostName): ActionState | undefined {
    const ended = actionsOf(this.#story.state, this.#story.state.lanes.get(host)).filter(one => one.ended !== null);
    return ended.toSorted((a, b) => (b.ended?.seq ?? 0) - (a.ended?.seq ?? 0))[0];
  }

  /** null: what was done once for all belongs to no host. */
  #hostOf(action: ActionId): HostName | null {
    const lane = this.#story.state.actions.get(action)?.action.lane;
    return lane === undefined ? hostName(laneNameOf(action)) : hostIn(lane);
  }
}

const hostIn = (lane: Lane): HostName | null => (lane.is === 'host' ? lane.host : null);

const ofWave = ({ play, n }: Wave): Pick<Notice, 'play' | 'wave'> => ({ play, wave: n });

const namesOf = (hosts: readonly HostName[]): string =>
  hosts.length > HOSTS_NAMED ? counted(hosts.length, 'host') : hosts.join(', ');

function countsOf(states: readonly HostState[]): Counts {
  const counts: Partial<Record<HostWord, number>> = {};
  for (const { word } of states) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}

const wordsOf = (counts: Counts): string =>
  Object.entries(counts)
    .map(([word, count]) => `${count} ${word}`)
    .join(', ');

/** A notice as it is posted. `text` is what chat tools show. */
export function noticeBody(plan: Plan, { notice, word }: { readonly notice: Notice; readonly word: Occasion }): string {
  const { id, at, wave, host, task, verdict, message, counts } = notice;
  const [run = ''] = id.split('/');
  const play = notice.play === null ? null : visible(playOf(plan, { play: notice.play, n: 1 }).name);
  const time = new Date(at).toISOString();
  const text = message.includes(run) ? `zoneferry: ${message}` : `zoneferry run ${run}: ${message}`;
  const playbook = plan.playbooks.join(', ');
  return JSON.stringify({
    id,
    event: word,
    time,
    run,
    playbook,
    play,
    wave,
    host,
    task,
    verdict,
    message,
    counts,
    text,
  });
}
