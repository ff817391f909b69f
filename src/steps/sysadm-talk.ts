// Runs a long sysadm command and relays what it says, zone by zone, while it runs. When its time is over that is told;
// the command is left alone: a cancelled migration is a person's decision.
import type { Answer } from '../model/refusal.ts';
import type { Command } from '../model/command.ts';
import type { Doer } from '../model/step.ts';
import { type Progress, progress as sysadmProgress } from '../solaris/sysadm-evacuate.ts';
import { durationText } from '../text/duration.ts';
import { never } from '../text/never.ts';

/** As long as the host says that it runs, it is waited for. */
const ENDLESS_MS = 24 * 3_600_000;
const LOOK_MS = 30_000;

export interface Watch {
  readonly budgetMs: number;
  /** Who it is about: sysadm also speaks of zones that stay or went before. */
  readonly zones: readonly string[];
}

export async function relayed(
  doer: Doer,
  command: Command<string>,
  { budgetMs, zones }: Watch,
): Promise<Answer<string>> {
  const talk = new Talk(doer, zones);
  const running = doer.do(command, {
    ...{ limitMs: ENDLESS_MS, long: { about: zones.join(' '), silenceMs: budgetMs } },
    onOutput: (_, text, again) => talk.heard(text, again),
  });
  const answer = await watched(doer, running, budgetMs);
  await talk.told();
  return answer;
}

async function watched<T>(doer: Doer, running: Promise<T>, budgetMs: number): Promise<T> {
  const end = doer.now() + budgetMs;
  let warned = false;
  for (;;) {
    const ended = await Promise.race([running.then(value => ({ value })), doer.sleep(LOOK_MS).then(() => null)]);
    if (ended !== null) return ended.value;
    // From now on no sleep lasts, and what runs there is left alone.
    if (doer.stopping()) return running;
    if (warned || doer.now() < end) continue;
    warned = true;
    const text = `${doer.host}: zones are still moving after ${durationText(budgetMs)}; nothing is killed`;
    await doer.tell({ type: 'noted', level: 'warning', text });
  }
}

/** Lines come in pieces; each whole line is told in its order, once: what was told before a resume is only listened to. */
class Talk {
  readonly #doer: Doer;
  readonly #zones: readonly string[];
  #rest = '';
  #telling: Promise<void> = Promise.resolve();

  constructor(doer: Doer, zones: readonly string[]) {
    this.#doer = doer;
    this.#zones = zones;
  }

  heard(text: string, again: boolean): void {
    const lines = `${this.#rest}${text}`.split('\n');
    this.#rest = lines.pop() ?? '';
    if (again) return;
    for (const line of lines) this.#telling = this.#telling.then(() => this.#tell(line));
  }

  told(): Promise<void> {
    return this.#telling;
  }

  async #tell(line: string): Promise<void> {
    const said = sysadmProgress(line);
    if (said === null) return;
    const { action, host: on } = this.#doer;
    const zone = said.is === 'zone' || said.is === 'settled' ? said.zone : null;
    if (zone !== null && !this.#zones.includes(zone)) return;
    await this.#doer.tell({ type: 'progress', action, on, text: wordsOf(said), zone, done: null, total: null });
  }
}

/** Without the zone's name, which stands beside it. */
function wordsOf(said: Progress): string {
  switch (said.is) {
    case 'counted':
      return `${said.doing} ${said.zones} zones`;
    case 'zone':
      return `${said.doing === 'initializing' ? 'getting ready' : 'migrating'}${said.to === '' ? '' : ` to ${said.to}`}`;
    case 'settled':
      return said.how;
    case 'told':
      return said.text;
    default:
      return never(said);
  }
}
