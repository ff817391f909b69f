// Where moves become events: each move gets its step, its doer and its time limit. It knows nothing of order.
import type { Action } from '../model/action.ts';
import type { Law, Told } from '../model/event.ts';
import { type Lane, laneName, type StepName } from '../model/ids.ts';
import type { Ledger } from '../model/ledger.ts';
import { type Entries, entriesSince } from '../model/ledger-fold.ts';
import { secretsOf } from '../model/scope.ts';
import type { RunState } from '../model/state.ts';
import type { Step } from '../model/step.ts';
import type { JsonObject } from '../text/json.ts';
import { never } from '../text/never.ts';
import type { Bench } from './attempt.ts';
import { doerFor, type Reach } from './doer.ts';
import type { ApplyMove, Move, ObserveMove, UndoMove } from './next.ts';
import { perform } from './perform.ts';
import type { RunPorts } from './ports.ts';
import { putBack } from './put-back.ts';

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

  constructor(ports: RunPorts, house: House) {
    const { plan, run, hosts, clock, keep, localFile, fetched } = ports;
    const { abort, tell } = house;
    this.#ports = ports;
    this.#house = house;
    this.#entries = entriesSince(ports.ledgerBefore);
    const stopping = (): boolean => abort.aborted;
    const ledger = (): Ledger => this.#ledgerNow();
    this.#reach = { plan, run, hosts, clock, keep, localFile, fetched, ledger, stopping, abort, tell };
  }

  play(move: Move): AsyncGenerator<Law, void, void> {
    switch (move.is) {
      case 'apply':
        return this.#apply(move);
      case 'undo':
        return this.#undo(move);
      case 'observe':
        return this.#observe(move);
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
        this.#bench({ ...move.action, limitMs: null }, step, this.#stepOf(step).args.parse(args)),
      ),
    );
  }

  async *#observe({ wave, hosts }: ObserveMove): AsyncGenerator<Law, void, void> {
    yield { type: 'observed', wave, ...(await this.#ports.observe(hosts)) };
  }

  #bench(action: Action, name: StepName, args: JsonObject, diff: boolean | null = null): Bench {
    const step = this.#stepOf(name);
    const limitMs = action.limitMs ?? step.limitMs(args);
    const began = this.#turnedAt(action.lane);
    const onCourse = (): boolean => this.#turnedAt(action.lane) === began;
    return { step, args, limitMs, doer: doerFor(this.#reach, action, limitMs, diff), onCourse };
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
