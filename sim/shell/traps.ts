// Traps: what the shell does when a caught signal has come, and at its end.
import type { Shell } from './interp.ts';
import { ShellError } from './state.ts';

const FATAL = ['HUP', 'INT', 'QUIT', 'TERM', 'PIPE', 'ALRM', 'USR1', 'USR2'];

/** Takes over an action for a signal or EXIT: null for the default, '' to ignore. */
export function setTrap(sh: Shell, signal: string, action: string | null): void {
  const { proc } = sh;
  if (action === null) sh.traps.delete(signal);
  else sh.traps.set(signal, action);
  if (signal !== 'EXIT') {
    proc.ignored.delete(signal);
    proc.caught.delete(signal);
    if (action === '') proc.ignored.add(signal);
    else if (action !== null) proc.caught.add(signal);
  }
  watchFatal(sh);
}

/** With an EXIT trap a deadly signal is caught, so that the trap runs before the shell dies of it. */
function watchFatal(sh: Shell): void {
  const { proc } = sh;
  const hasWill = sh.dialect.trapsExitOnSignal && (sh.traps.get('EXIT') ?? '') !== '';
  for (const signal of FATAL) {
    if (sh.traps.has(signal)) proc.urgent.delete(signal);
    else if (hasWill && !proc.ignored.has(signal)) {
      proc.urgent.add(signal);
      proc.caught.add(signal);
    } else if (proc.urgent.delete(signal)) proc.caught.delete(signal);
  }
}

export async function runTraps(sh: Shell): Promise<void> {
  for (let signal = sh.proc.pending.shift(); signal !== undefined; signal = sh.proc.pending.shift()) {
    const action = sh.traps.get(signal);
    if (action !== undefined) await runAction(sh, action);
    else if (sh.proc.urgent.has(signal)) {
      await runExitTrap(sh);
      sh.proc.end({ is: 'signalled', signal });
      await new Promise<never>(() => {});
    }
  }
}

/** `$?` after a trap is what it was before, unless the trap leaves the shell. */
async function runAction(sh: Shell, action: string): Promise<void> {
  const { status, flow } = sh;
  sh.flow = null;
  await sh.runText(action, sh.line);
  if (sh.flow === null) {
    sh.flow = flow;
    sh.status = status;
  }
}

/** At the end of the shell: its last status. */
export async function runExitTrap(sh: Shell): Promise<number> {
  const action = sh.traps.get('EXIT') ?? '';
  sh.traps.delete('EXIT');
  if (action === '') return sh.status;
  const { status } = sh;
  try {
    await sh.runText(action, sh.line);
  } catch (error) {
    if (!(error instanceof ShellError)) throw error;
    await sh.say(`${error.message}\n`);
  }
  const flow = exitOf(sh);
  sh.flow = null;
  return flow ?? status;
}

function exitOf(sh: Shell): number | null {
  return sh.flow?.is === 'exit' ? sh.flow.status : null;
}
