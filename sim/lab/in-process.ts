// A fleet in the test's own process, without sockets: commands go straight to the machines and end as an SSH client
// would see them end. With a clock that jumps, an hour of maintenance takes no time; with a manual one, time moves
// only when the test says so.
import { FileError } from '../os/file-error.ts';
import { machineFiles } from '../os/files.ts';
import type { Clock, Ending, Machine } from '../os/program.ts';
import type { Fleet } from '../world/fleet.ts';
import { makeFleet } from '../world/make.ts';
import type { FleetSpec } from '../world/spec.ts';
import { putMachines } from './machines.ts';

/** `lost`: the line was cut, or the host went down: nobody knows more. `not-sent`: nobody answered in the first place. */
export type SeenEnding = Exclude<Ending, { is: 'gone' }> | { readonly is: 'lost' | 'not-sent' };

export interface Seen {
  readonly ending: SeenEnding;
  readonly out: Uint8Array;
  readonly err: Uint8Array;
}

export interface ExecWish {
  readonly user?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: Uint8Array;
  readonly onOutput?: (stream: 'out' | 'err', bytes: Uint8Array) => void;
  /** When it fires, the client goes away: the command runs on, the ending is `lost`. */
  readonly leave?: AbortSignal;
}

export interface FileSeen {
  readonly bytes: Uint8Array;
  readonly mode: number;
}

export interface InProcessHost {
  readonly name: string;
  exec(line: string, wish?: ExecWish): Promise<Seen>;
  /** Null when there is no such file. @throws FileError for any other reason */
  read(path: string, user?: string): FileSeen | null;
  /** Whole or not at all, as a temporary file that is renamed. @throws FileError */
  write(path: string, file: FileSeen, user?: string): void;
  /** Whether a client that connects now is let in. */
  readonly answers: boolean;
}

export interface InProcessFleet {
  readonly fleet: Fleet;
  /** @throws Error when the fleet has no such host */
  host(name: string): InProcessHost;
}

export function inProcessFleet(spec: FleetSpec, clock: Clock): InProcessFleet {
  const fleet = makeFleet(spec, clock);
  putMachines(fleet);
  const lines = new Lines();
  fleet.onCut(name => lines.cut(name));
  fleet.onChange((_fleet, { host }) => {
    if (fleet.host(host).power === 'off') lines.cut(host);
  });
  return { fleet, host: name => makeHost(fleet, fleet.host(name).name, lines) };
}

/** The commands that somebody waits for, by host. */
class Lines {
  readonly #open = new Map<string, Set<() => void>>();

  add(host: string, cut: () => void): () => void {
    const open = this.#open.get(host) ?? new Set();
    this.#open.set(host, open.add(cut));
    return () => open.delete(cut);
  }

  cut(host: string): void {
    for (const cut of this.#open.get(host) ?? []) cut();
  }
}

function makeHost(fleet: Fleet, name: string, lines: Lines): InProcessHost {
  const machine = (): Machine => {
    const { machine: found } = fleet.host(name);
    if (found === null) throw new Error(`no machine under ${name}`);
    return found;
  };
  return {
    name,
    get answers() {
      return fleet.host(name).port === 'open' && machine().isUp;
    },
    exec(line, wish = {}) {
      return this.answers ? run(machine(), line, { wish, lines }) : Promise.resolve(nothing('not-sent'));
    },
    read(path, user = 'root') {
      const files = machineFiles(machine(), user);
      try {
        return { bytes: files.read(path), mode: files.stat(path).mode };
      } catch (error) {
        if (error instanceof FileError && error.code === 'ENOENT') return null;
        throw error;
      }
    },
    write(path, { bytes, mode }, user = 'root') {
      const files = machineFiles(machine(), user);
      const temporary = `${path}.new`;
      files.write(temporary, bytes, mode);
      files.chmod(temporary, mode);
      files.rename(temporary, path);
    },
  };
}

function nothing(is: 'not-sent' | 'lost'): Seen {
  return { ending: { is }, out: new Uint8Array(0), err: new Uint8Array(0) };
}

function run(
  machine: Machine,
  line: string,
  { wish, lines }: { readonly wish: ExecWish; readonly lines: Lines },
): Promise<Seen> {
  const taken: Record<'out' | 'err', Uint8Array[]> = { out: [], err: [] };
  let isHeard = true;
  const hear = (stream: 'out' | 'err', bytes: Uint8Array): void => {
    if (!isHeard) return;
    taken[stream].push(bytes.slice());
    wish.onOutput?.(stream, bytes);
  };
  const { user = 'root', env = {}, stdin, leave } = wish;
  const execution = machine.exec(line, { user, env, onOut: b => hear('out', b), onErr: b => hear('err', b) });
  if (execution === null) return Promise.resolve(nothing('not-sent'));
  if (stdin !== undefined) execution.input(stdin);
  execution.input(null);
  return new Promise(resolve => {
    const end = (ending: SeenEnding): void => {
      if (!isHeard) return;
      isHeard = false;
      forget();
      leave?.removeEventListener('abort', part);
      resolve({ ending, out: Buffer.concat(taken.out), err: Buffer.concat(taken.err) });
    };
    const part = (): void => {
      end({ is: 'lost' });
      execution.detach();
    };
    const forget = lines.add(machine.name, part);
    leave?.addEventListener('abort', part);
    if (leave?.aborted === true) part();
    void execution.ended.then(ending => end(ending.is === 'gone' ? { is: 'lost' } : ending));
  });
}
