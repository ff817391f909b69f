// How a run signs the message of a maintenance window that it begins: whoever reads the window later knows by its end which
// run to ask. Whether that run is known here is judged elsewhere.
import { type RunId, runId } from './ids.ts';

const SIGNATURE = /^(.*) run ([0-9a-f]{8})$/s;

/** The message as sysadm gets it. */
export function signed(message: string, run: RunId): string {
  return `${message} run ${run}`;
}

/** The message as the playbook wrote it. */
export function unsigned(message: string): string {
  return SIGNATURE.exec(message)?.[1] ?? message;
}

/** null: no run of ours wrote it. */
export function signerOf(message: string): RunId | null {
  const id = SIGNATURE.exec(message)?.[2];
  return id === undefined ? null : runId(id);
}
