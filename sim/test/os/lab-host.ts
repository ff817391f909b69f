// A host for tests of the simulated machine: its clock jumps, and a command's whole output is collected.
import { jumpingClock } from '../../os/clock.ts';
import { makeMachine, type SimMachine } from '../../os/machine.ts';
import { toBytes, toText } from '../../os/process.ts';
import type { Clock, Ending, Execution, Program } from '../../os/program.ts';

export const START = Date.UTC(2026, 0, 15, 12, 0, 0);

export interface LabOptions {
  readonly clock?: Clock;
  readonly shell?: string;
  readonly programs?: Readonly<Record<string, Program>>;
  readonly files?: Readonly<Record<string, string>>;
}

export function labHost(options: LabOptions = {}): SimMachine {
  return makeMachine({
    name: 'nacaozumbi',
    clock: options.clock ?? jumpingClock(START),
    accounts: [
      { name: 'root', uid: 0, home: '/root', shell: options.shell ?? '/usr/bin/bash' },
      { name: 'ada', uid: 100, home: '/export/home/ada', shell: options.shell ?? '/usr/bin/bash' },
    ],
    programs: new Map(Object.entries(options.programs ?? {})),
    path: '/usr/bin:/bin:/usr/sbin:/sbin',
    root: 'solaris',
    files: options.files ?? {},
  });
}

export interface Said {
  readonly out: string;
  readonly err: string;
  readonly status: number | string;
}

export interface Started {
  readonly execution: Execution;
  /** What has come so far. */
  out(): string;
  readonly said: Promise<Said>;
}

function statusOf(ending: Ending): number | string {
  return ending.is === 'exited' ? ending.status : ending.is === 'signalled' ? ending.signal : 'gone';
}

export function start(host: SimMachine, command: string, user = 'root'): Started {
  const chunks: Uint8Array[] = [];
  const errors: Uint8Array[] = [];
  const execution = host.exec(command, {
    user,
    onOut: bytes => void chunks.push(bytes),
    onErr: bytes => void errors.push(bytes),
  });
  if (execution === null) throw new Error('the host is down');
  const out = (): string => toText(Buffer.concat(chunks));
  const said = execution.ended.then(ending => ({
    out: out(),
    err: toText(Buffer.concat(errors)),
    status: statusOf(ending),
  }));
  return { execution, out, said };
}

export async function say(host: SimMachine, command: string, input = ''): Promise<Said> {
  const { execution, said } = start(host, command);
  execution.input(toBytes(input));
  execution.input(null);
  return said;
}
