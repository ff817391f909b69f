// Somebody outside is told of a run while it goes on (`on_event`): the notices of the journal's lines, the addresses of
// the plays, the post. The run waits for none of it; what couldn't be told becomes a warning of the journal, and of the
// screen alone once the run has ended. What an earlier process wrote is told to nobody again.
import { systemClock } from '../edge/clock.ts';
import type { RunJournal } from '../edge/journal-file.ts';
import { Outbox } from '../edge/outbox.ts';
import { post } from '../edge/post.ts';
import { evaluate } from '../load/expression/evaluate.ts';
import type { Stamped, Told } from '../model/event.ts';
import type { RunId } from '../model/ids.ts';
import type { Plan } from '../model/plan.ts';
import { type Addressees, addresseesOf } from '../report/addressees.ts';
import { type Notice, noticeBody, Notices } from '../report/notices.ts';
import type { RunPorts } from '../run/ports.ts';
import type { JsonObject } from '../text/json.ts';
import type { Secret } from '../text/secret.ts';

/** So long the end of a run waits for what is still to be told. */
const LAST_WAIT_MS = 10_000;

export interface Herald {
  /** Nothing that is told or written may hold one. */
  readonly secrets: readonly Secret[];
  /** From here on each line is told once it is on disk. */
  follow(journal: Pick<RunJournal, 'subscribe'>): void;
  readonly remarks: RunPorts['remarks'];
  /** Waits a while for the rest. */
  end(): Promise<void>;
}

export interface Errand {
  readonly plan: Plan;
  readonly run: RunId;
  /** What was answered at the start, unless the journal has it. */
  readonly values: JsonObject;
  /** What is in the journal already, unsealed. */
  readonly before: AsyncIterable<Stamped> | Iterable<Stamped>;
  readonly screen: (warning: string) => void;
}

export async function heraldOf({ plan, run, values, before, screen }: Errand): Promise<Herald> {
  const notices = new Notices(plan);
  for await (const line of before) notices.see(line);
  const addressees = addresseesOf({ plan, evaluate, run, values: notices.values ?? values });
  const warnings = new Warnings(screen);
  for (const why of addressees.wrong) warnings.warn(why);
  const outbox = new Outbox({ post, clock: systemClock(), lost: text => warnings.warn(text) });
  // A fault of ours in here is told, and ends the telling: the journal, which calls this, goes on.
  const follow = (line: Stamped): void => {
    try {
      for (const notice of notices.see(line)) hand(plan, { outbox, addressees }, notice);
    } catch (error) {
      hush();
      warnings.warn(`nobody is told of anything from here on, which is a fault of this program: ${String(error)}`);
    }
    if (line.type === 'run-ended') warnings.tooLate();
  };
  let hush = (): void => undefined;
  return {
    secrets: addressees.secrets,
    follow: journal => (hush = journal.subscribe(follow)),
    remarks: tell => warnings.open(tell),
    async end() {
      hush();
      await outbox.end(LAST_WAIT_MS);
      warnings.end();
    },
  };
}

interface Office {
  readonly outbox: Outbox;
  readonly addressees: Addressees;
}

function hand(plan: Plan, { outbox, addressees }: Office, notice: Notice): void {
  for (const { to, word } of addressees.for(notice)) {
    const body = noticeBody(plan, { notice, word });
    const what = notice.host === null ? word : `${word} of ${notice.host}`;
    outbox.send({ letter: { url: to.url, headers: to.headers, body }, origin: to.origin, what });
  }
}

/** What is still to be written stays here, so that it is told on the screen when the journal takes no more. */
class Warnings {
  readonly #screen: (warning: string) => void;
  readonly #waiting = new Set<{ readonly text: string }>();
  #tell: ((told: Told) => Promise<boolean>) | null = null;
  #isLate = false;

  constructor(screen: (warning: string) => void) {
    this.#screen = screen;
  }

  warn(text: string): void {
    if (this.#isLate) return this.#screen(text);
    const warning = { text };
    this.#waiting.add(warning);
    if (this.#tell !== null) this.#write(this.#tell, warning);
  }

  open(tell: (told: Told) => Promise<boolean>): () => void {
    this.#tell = tell;
    for (const warning of this.#waiting) this.#write(tell, warning);
    return () => {
      this.#tell = null;
    };
  }

  tooLate(): void {
    this.#isLate = true;
  }

  end(): void {
    for (const { text } of this.#waiting) this.#screen(text);
    this.#waiting.clear();
  }

  #write(tell: (told: Told) => Promise<boolean>, warning: { readonly text: string }): void {
    const written = tell({ type: 'noted', level: 'warning', text: warning.text });
    void written.then(taken => void (taken && this.#waiting.delete(warning)));
  }
}
