// Whose maintenance window it is. A window is ours when a run signed its message and that run has a journal in
// this state folder and isn't going on elsewhere. It only judges what was read; it asks no host.
import type { Maintenance } from '../model/facts.ts';
import type { RunId } from '../model/ids.ts';
import type { Ledger } from '../model/ledger.ts';
import { signerOf } from '../model/signature.ts';
import { never } from '../text/never.ts';

export type Window =
  | { readonly is: 'open' }
  /** @param run whose id the message carries: this run, or one that is over and is taken over. */
  | { readonly is: 'ours'; readonly run: RunId; readonly message: string; readonly takenOver: boolean }
  | { readonly is: 'theirs'; readonly why: string }
  | { readonly is: 'unknown'; readonly why: string };

export function windowOf(maintenance: Maintenance, ledger: Ledger): Window {
  switch (maintenance.is) {
    case 'open':
      return { is: 'open' };
    case 'unknown':
      return { is: 'unknown', why: maintenance.why };
    case 'closed':
      return ownerOf(maintenance, ledger);
    default:
      return never(maintenance);
  }
}

function ownerOf(closed: Maintenance & { is: 'closed' }, ledger: Ledger): Window {
  const { message } = closed;
  const said = `closed by ${closed.user} since ${closed.date}: ${message}`;
  const run = signerOf(message);
  if (run === null) return { is: 'theirs', why: `${said}; ask them, it carries no run of ours` };
  const window = ledger.window(run);
  switch (window) {
    case 'own':
      return { is: 'ours', run, message, takenOver: false };
    case 'ended':
      return { is: 'ours', run, message, takenOver: true };
    case 'going-on':
      return { is: 'theirs', why: `${said}; run ${run} is going on right now` };
    case 'unheard-of':
      return { is: 'theirs', why: `${said}; run ${run} has no journal here: it was started from another place` };
    case 'unread':
      return { is: 'theirs', why: `${said}; the journal of run ${run} is here and can't be read` };
    default:
      return never(window);
  }
}
