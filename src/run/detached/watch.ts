// One long command on one host: started once, however often that is asked for, and watched to its end over as many
// connections as that takes. It decides nothing: what the ending means is read by the command's own reader.
import type { Ended, Finished } from '../../model/command.ts';
import { NOTHING_TOLD } from '../../model/told-output.ts';
import { never } from '../../text/never.ts';
import { Heard, type Words } from './heard.ts';
import { type Begun, type Far, type Job, REBOOT, type Supervised, type ToBegin } from './job.ts';
import {
  beginLine,
  type DetachedFolder,
  type DetachedReport,
  type DetachedState,
  lookLine,
  type Offsets,
  prepareLine,
  readReport,
} from './lines.ts';
import { SudoSays } from './sudo-says.ts';

const WAIT_SECONDS = 15;
/** Between two looks that both bring something: it could say something new all the time. */
const RHYTHM_MS = 1_000;
const SILENCE_FIRST_MS = 1_000;
const SILENCE_MOST_MS = 30_000;
const STARTS = 3;
const TRULY_UNWRITTEN = 3;

const UNWRITTEN =
  'it is over there, but its status cannot be written: make room on that disk, and what came of it is known';
const SUPERVISOR_KILLED =
  'its supervisor was killed there and left no status; it may have run on alone: what came of it is looked at';

export function supervise(far: Far, job: Job): Promise<Supervised> {
  return new Watch(far, job).toTheEnd();
}

/** How far it has come. */
type Stand =
  | { readonly is: 'nowhere'; readonly work: ToBegin }
  /** It has its folder, and no line that would begin it is on its way. */
  | { readonly is: 'prepared'; readonly work: ToBegin; readonly folder: DetachedFolder }
  /** The line that begins it was sent, and nobody saw what came of it. */
  | { readonly is: 'perhaps'; readonly work: ToBegin; readonly folder: DetachedFolder }
  | Begun;

class Watch {
  readonly #far: Far;
  readonly #job: Job;
  readonly #heard: { readonly out: Heard; readonly err: Heard };
  readonly #until: number;
  #stand: Stand;
  /** How often it was to begin there, and didn't. */
  #starts = 0;
  #answeredAt: number;
  /** Looks in a row that found its status unwritten: one may have come in the middle of the writing. */
  #unwritten = 0;
  /** As it was last told. */
  #isOver = false;
  /** Looks in a row that got no answer. */
  #silent = 0;

  constructor(far: Far, job: Job) {
    this.#far = far;
    this.#job = job;
    const from = job.work.is === 'begun' ? job.told(job.work.folder.name) : NOTHING_TOLD;
    this.#heard = {
      out: new Heard(from.out),
      err: new Heard(from.err, job.bySudo ? new SudoSays(from.err > 0) : null),
    };
    this.#until = far.now() + job.limitMs;
    this.#answeredAt = far.now();
    this.#stand = job.work.is === 'begun' ? job.work : { is: 'nowhere', work: job.work };
  }

  async toTheEnd(): Promise<Supervised> {
    const leftAlone = this.#far.stopped.then((): Supervised => ({ is: 'left-alone' }));
    for (;;) {
      if (this.#far.stopping()) return { is: 'left-alone' };
      const end = await Promise.race([this.#turn(), leftAlone]);
      if (end !== null) return end;
    }
  }

  async #turn(): Promise<Supervised | null> {
    const ended = await this.#ask();
    return isFinished(ended) ? this.#answered(ended) : this.#unanswered(ended);
  }

  #ask(): Promise<Ended> {
    const stand = this.#stand;
    if (stand.is === 'nowhere') return this.#far.exec(prepareLine(stand.work.place, stand.work.line));
    if (stand.is === 'prepared') return this.#far.exec(beginLine(stand.folder, stand.work.line), this.#job.bySudo);
    const { out, err } = this.#heard;
    const offsets: Offsets = { out: out.wanted, err: err.wanted };
    const wait = out.isBehind || err.isBehind ? 0 : WAIT_SECONDS;
    return this.#far.exec(lookLine(stand.folder, offsets, wait));
  }

  get #isIdle(): boolean {
    return this.#stand.is === 'nowhere' || this.#stand.is === 'prepared';
  }

  async #answered(ended: Finished): Promise<Supervised | null> {
    const report = readReport(ended);
    if (report.is === 'refused' && this.#isIdle) return { is: 'not-started', why: report.why, err: ended.err };
    // A host that can't start a shell just now is as good as silent; what runs there runs on.
    if (report.is !== 'ok') return this.#unanswered({ is: 'lost', out: '', err: '' });
    const { is } = report.value.state;
    this.#isOver = is === 'exited' || is === 'signalled' || is === 'gone';
    const news = this.#listen(report.value);
    const isWhole = !this.#heard.out.isBehind && !this.#heard.err.isBehind;
    // What it said can't be read there: without it a status says too little.
    if (!isWhole && !news) return this.#unanswered({ is: 'lost', out: '', err: '' });
    this.#silent = 0;
    this.#answeredAt = this.#far.now();
    this.#unwritten = report.value.state.is === 'unwritten' ? this.#unwritten + 1 : 0;
    if (this.#unwritten === TRULY_UNWRITTEN) this.#job.onTrouble(UNWRITTEN);
    return this.#reported(report.value, { news, isWhole, err: ended.err });
  }

  /** @returns whether it brought anything. */
  #listen({ name, out, err }: DetachedReport): boolean {
    const told = this.#job.told(name);
    this.#say('out', name, this.#heard.out.take(out, told.out));
    this.#say('err', name, this.#heard.err.take(err, told.err));
    return out.bytes.length + err.bytes.length > 0;
  }

  #say(stream: 'out' | 'err', folder: string, words: readonly Words[]): void {
    for (const said of words) this.#job.onOutput({ ...said, stream, folder });
  }

  async #reported({ name, state }: DetachedReport, { news, isWhole, err }: Brought): Promise<Supervised | null> {
    switch (state.is) {
      case 'none':
      case 'prepared':
      case 'shut':
        return this.#unsigned(name, state.is, err);
      case 'running':
      case 'unwritten':
        this.#onlyWatch(name);
        if (this.#far.now() >= this.#until) return this.#end({ is: 'timed-out', ...this.#text() });
        if (isWhole && news) await this.#far.sleep(RHYTHM_MS);
        return null;
      case 'exited':
      case 'signalled':
      case 'gone':
        this.#onlyWatch(name);
        return isWhole ? this.#end(this.#endOf(name, state)) : null;
      default:
        return never(state);
    }
  }

  #onlyWatch(name: string): void {
    const stand = this.#stand;
    if (stand.is !== 'begun') this.#stand = { is: 'begun', folder: { run: stand.work.place.run, name } };
  }

  /**
   * It hasn't begun: the line never came there, or its supervisor died before it signed. In a folder that is shut it never
   * will; of one that somebody took away nobody knows.
   */
  #unsigned(name: string, is: 'none' | 'prepared' | 'shut', err: string): Supervised | null {
    const stand = this.#stand;
    if (stand.is === 'begun' || (stand.is !== 'nowhere' && is === 'none'))
      return this.#end({ is: 'lost', ...this.#text() });
    if (stand.is === 'prepared' || is !== 'prepared') this.#starts += 1;
    if (this.#starts >= STARTS) return { is: 'not-started', why: 'its supervisor ends before it begins', err };
    const { work } = stand;
    const folder = { run: work.place.run, name };
    this.#stand = is === 'prepared' ? { is, work, folder } : { is: 'nowhere', work };
    return null;
  }

  #endOf(folder: string, state: DetachedState & { readonly is: 'exited' | 'signalled' | 'gone' }): Ended {
    // Whose supervisor was killed may run on alone, and say the rest of a character.
    if (state.is !== 'gone' || state.by === 'reboot') {
      const told = this.#job.told(folder);
      for (const stream of ['out', 'err'] as const) this.#say(stream, folder, this.#heard[stream].end(told[stream]));
    }
    const text = this.#text();
    const denial = this.#heard.err.denial();
    // Its status is sudo's own then, and says nothing of the command.
    if (denial !== null && state.is !== 'gone') return { is: 'denied', why: denial };
    if (state.is !== 'gone') return { ...state, ...text };
    if (state.by === 'signal') this.#job.onTrouble(SUPERVISOR_KILLED);
    return state.by === 'reboot' ? { is: 'signalled', name: REBOOT, ...text } : { is: 'lost', ...text };
  }

  async #unanswered(ended: Exclude<Ended, Finished>): Promise<Supervised | null> {
    if (ended.is === 'denied') return this.#end(ended);
    // Nothing was ever sent, so nothing happened: whoever asked may ask again.
    if (ended.is === 'not-sent' && this.#isIdle && this.#silent === 0) return this.#end(ended);
    if (ended.is !== 'not-sent' && this.#stand.is === 'prepared') this.#stand = { ...this.#stand, is: 'perhaps' };
    this.#silent += 1;
    const waitedMs = this.#far.now() - this.#answeredAt;
    if (waitedMs >= this.#job.silenceMs || this.#far.now() >= this.#until)
      return { is: this.#isOver ? 'ended' : 'unseen', ended: { is: 'lost', ...this.#text() } };
    await this.#far.sleep(Math.min(SILENCE_MOST_MS, SILENCE_FIRST_MS * 2 ** (this.#silent - 1)));
    // The next look connects by itself when the line is dead; one that only seems alive must be given up.
    if (this.#silent > 1 || ended.is === 'timed-out') await this.#far.reconnect();
    return null;
  }

  #end(ended: Ended): Supervised {
    return { is: 'ended', ended };
  }

  #text(): { readonly out: string; readonly err: string } {
    return { out: this.#heard.out.text, err: this.#heard.err.text };
  }
}

interface Brought {
  readonly news: boolean;
  /** Nothing is left there that is wanted. */
  readonly isWhole: boolean;
  /** What the line itself said. */
  readonly err: string;
}

const isFinished = (ended: Ended): ended is Finished => ended.is === 'exited' || ended.is === 'signalled';
