// Where moves become events: each move gets its step, its doer and its time limit. It knows nothing of order.
import type { Action } from '../model/action.ts';
import type { Law, Told } from '../model/event.ts';
import { type ActionId, type Lane, laneName, type StepName } from '../model/ids.ts';
import type { Ledger } from '../model/ledger.ts';
import { type Entries, entriesSince } from '../model/ledger-fold.ts';
import { moveLimits } from '../model/move-limits.ts';
import { secretsOf } from '../model/scope.ts';
import type { RunState } from '../model/state.ts';
import type { Step } from '../model/step.ts';
import type { JsonObject } from '../text/json.ts';
import { never } from '../text/never.ts';
import type { Bench } from './attempt.ts';
import { Berths } from './berths.ts';
import { LongWork } from './detached/long-work.ts';
import { doerFor, type Reach } from './doer.ts';
import type { ApplyMove, AskMove, Move, ObserveMove, UndoMove } from './next.ts';
import { perform } from './perform.ts';
import type { RunPorts } from './ports.ts';
import { putBack } from './put-back.ts';
import { questionText } from './question.ts';

const TIDY_MS = 10_000;
/** Steps that move zones, forward or in an undo. */
const MOVERS: readonly string[] = ['zones.evacuate', 'zones.return', 'zones.migrate'];

interface House {
  readonly state: () => RunState;
  readonly abort: AbortSignal;
  readonly tell: (told: Told) => Promise<void>;
}

export class Stage {
  readonly #ports: RunPorts;
  readonly #house: House;
  readonly #reach: Reach;
  readonly #entries: (state: RunState) => Entries;
  readonly #berths: Berths;
  readonly #longWork = new Map<ActionId, readonly LongWork[]>();
  readonly #tidying: Promise<void>[] = [];

  constructor(ports: RunPorts, house: House) {
    const { plan, run, hosts, clock, keep, localFile, fetched, post, openSecret, evaluate } = ports;
    const { abort, tell } = house;
    this.#ports = ports;
    this.#house = house;
    this.#entries = entriesSince(ports.ledgerBefore);
    const stopping = (): boolean => abort.aborted;
    const ledger = (): Ledger => this.#ledgerNow();
    const ground = { plan, evaluate, run, values: house.state().values };
    this.#berths = new Berths(moveLimits(ground), this.#begunBefore());
    this.#reach = {
      plan,
      run,
      hosts,
      clock,
      keep,
      localFile,
      fetched,
      post,
      ledger,
      stopping,
      abort,
      tell,
      openSecret,
      berths: this.#berths,
      toldOutput: id => house.state().toldOutput.get(id) ?? [],
    };
  }

  /** Its end is on disk: what its long commands left on hosts is cleared away, beside whatever comes next. */
  ended(id: ActionId): void {
    this.#berths.seen(id);
    const works = this.#longWork.get(id) ?? [];
    this.#longWork.delete(id);
    for (const work of works) if (work.isUsed) this.#tidying.push(work.forget());
  }

  /** The run stops now: resolves when everything that runs on without it has been told. */
  async leftAlone(): Promise<void> {
    if (!this.#house.abort.aborted) return;
    await Promise.all([...this.#longWork.values()].flat().map(work => work.leftAlone()));
  }

  /** Resolves when nothing is being cleared away any more. A host that is slow to answer keeps nobody: age clears the rest. */
  async tidied(): Promise<void> {
    if (this.#tidying.length === 0) return;
    const enough = new AbortController();
    const late = this.#ports.clock.sleep(TIDY_MS, 1, enough.signal);
    await Promise.race([Promise.all(this.#tidying.splice(0)), late]);
    enough.abort();
  }

  play(move: Move): AsyncGenerator<Law, void, void> {
    switch (move.is) {
      case 'apply':
        return this.#apply(move);
      case 'undo':
        return this.#undo(move);
      case 'observe':
        return this.#observe(move);
      case 'ask':
        return this.#ask(move);
      default:
        return never(move);
    }
  }

  #apply(move: ApplyMove): AsyncGenerator<Law, void, void> {
    const { action, task } = move;
    const state = this.#house.state();
    const bench = this.#bench(action, action.step, action.args, task.diff);
    const attempts = state.actions.get(action.id)?.attempts.length ?? 0;
    const { evaluate, plan } = this.#ports;
    const secrets = secretsOf({ plan, values: state.values });
    return perform({ move, bench, evaluate, check: task.checkMode ?? state.check, secrets, attempts });
  }

  #undo(move: UndoMove): AsyncGenerator<Law, void, void> {
    return putBack(
      move,
      // What a step's undo names gets that step's defaults, as arguments from a playbook do.
      move.steps.map(({ step, args }) =>
        this.#bench({ ...move.action, limitMs: null }, step, this.#stepOf(step).args().parse(args)),
      ),
    );
  }

  async *#observe({ wave, hosts }: ObserveMove): AsyncGenerator<Law, void, void> {
    yield { type: 'observed', wave, ...(await this.#ports.observe(hosts)) };
  }

  async *#ask({ question }: AskMove): AsyncGenerator<Law, void, void> {
    const { ask, by: who } = this.#ports;
    const answer = ask === null ? 'none' : await ask(question);
    yield { type: 'answered', question: questionText(question), answer, who };
  }

  #bench(action: Action, name: StepName, args: JsonObject, diff: boolean | null = null): Bench {
    const step = this.#stepOf(name);
    const limitMs = action.limitMs ?? step.limitMs(args);
    const began = this.#turnedAt(action.lane);
    const onCourse = (): boolean => this.#turnedAt(action.lane) === began;
    const longWork = new LongWork(this.#reach, action, name);
    this.#longWork.set(action.id, [...(this.#longWork.get(action.id) ?? []), longWork]);
    return { step, args, limitMs, doer: doerFor(this.#reach, action, limitMs, { diff, longWork }), onCourse, longWork };
  }

  /** What an earlier process of this run left at work, as far as it may be moving zones. */
  *#begunBefore(): Iterable<ActionId> {
    for (const one of this.#house.state().actions.values())
      if ((one.is === 'started' || one.is === 'undoing') && MOVERS.includes(one.action.step)) yield one.action.id;
  }

  #turnedAt(lane: Lane): number | null {
    return this.#house.state().lanes.get(laneName(lane))?.turned?.seq ?? null;
  }

  #stepOf(name: StepName): Step {
    const step = this.#ports.catalogue.get(name);
    if (step === null) throw new Error(`the catalogue has no step ${name}`);
    return step;
  }

  #ledgerNow(): Ledger {
    const { ledgerBefore, run } = this.#ports;
    const window: Ledger['window'] = other => (other === run ? 'own' : ledgerBefore.window(other));
    return { ...this.#entries(this.#house.state()), window };
  }
}
