// One call of a program on a host: what every program is given, and how faults strike it. Programs themselves know
// nothing of faults at calls.
import type { Proc, Program } from '../os/program.ts';
import { callEffect } from '../world/faults.ts';
import type { CallEffect } from '../world/faults.ts';
import type { Fleet } from '../world/fleet.ts';
import type { Host } from '../world/state.ts';
import { injected } from '../world/texts.ts';

export interface Here {
  readonly fleet: Fleet;
  readonly host: Host;
}

export type HostProgram = (here: Here, proc: Proc, argv: readonly string[]) => Promise<number>;

const SLOW_MS = 60_000;
const LOST = 255;

/** True while the process that asked is still there. */
export function isAlive(here: Here, proc: Proc): boolean {
  const machine = here.host.machine;
  return machine === null || machine.processes().some(line => line.pid === proc.pid);
}

/** The same process with nothing of its output going anywhere. */
function muted(proc: Proc): Proc {
  const nothing = (): Promise<void> => Promise.resolve();
  return {
    ...{
      pid: proc.pid,
      user: proc.user,
      uid: proc.uid,
      env: proc.env,
      cwd: proc.cwd,
      clock: proc.clock,
      tty: proc.tty,
    },
    files: proc.files,
    out: nothing,
    err: nothing,
    readLine: () => proc.readLine(),
    readAll: () => proc.readAll(),
    run: command => proc.run(command),
  };
}

/** `-z ZONE` or `-s system/zones/zone:ZONE` of a command line, for faults that are about one zone. */
function zoneOf(argv: readonly string[]): string | null {
  const at = argv.indexOf('-z');
  if (at >= 0) return argv[at + 1] ?? null;
  const fmri = argv.find(arg => arg.includes('zones/zone:'));
  return fmri?.split('zones/zone:')[1] ?? null;
}

const WITH_VALUE = new Set(['-z', '-u', '-s', '-f', '-R']);

/** `zoneadm -z evac1 boot` is known as any-command, zoneadm and zoneadm-boot. */
function namesOf(name: string, argv: readonly string[]): readonly string[] {
  const words = argv.slice(1).filter((arg, at, all) => !arg.startsWith('-') && !WITH_VALUE.has(all[at - 1] ?? ''));
  const sub = words[0] ?? '';
  const returns = name === 'sysadm' && sub === 'evacuate' && argv.some(a => /^-[a-z]*r/.test(a));
  return ['any-command', name, `${name}-${returns ? 'return' : sub}`];
}

/** A program of this host, with the faults that wait for its calls. */
export function onHost(here: Here, name: string, program: HostProgram): Program {
  return async (proc, argv) => {
    const effect = callEffect(here.fleet, here.host.name, namesOf(name, argv), zoneOf(argv));
    if (effect === null) return program(here, proc, argv);
    return struck(here, { name, program, effect }, proc, argv);
  };
}

interface Struck {
  readonly name: string;
  readonly program: HostProgram;
  readonly effect: CallEffect;
}

async function struck(
  here: Here,
  { name, program, effect }: Struck,
  proc: Proc,
  argv: readonly string[],
): Promise<number> {
  const { fleet, host } = here;
  switch (effect.is) {
    case 'refuse':
      await proc.err(`${name}: ${injected}\n`);
      return 1;
    case 'answer':
      await proc.err(effect.err);
      return effect.status;
    case 'slow':
      await proc.clock.sleep(SLOW_MS);
      return program(here, proc, argv);
    case 'cut-during': {
      const running = program(here, proc, argv);
      await proc.clock.sleep(effect.afterMs);
      fleet.cut(host.name);
      return running;
    }
    case 'cut':
      return cut(here, { name, program, effect }, proc, argv);
  }
}

async function cut(here: Here, { program, effect }: Struck, proc: Proc, argv: readonly string[]): Promise<number> {
  const isAfter = effect.is === 'cut' && effect.when === 'after';
  const status = isAfter ? await program(here, muted(proc), argv) : LOST;
  here.fleet.cut(here.host.name);
  return status;
}
