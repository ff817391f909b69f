// Which actions of a run the ledger follows from, kept up to date by the fold: nobody walks over all actions to find the
// few that moved zones. What they say is read in ledger-fold.ts.
import type { ActionId } from './ids.ts';
import { LEDGER_KEYS } from './ledger.ts';
import type { ActionState } from './state.ts';

export interface LedgerMarks {
  /** Their ends say something; in the order of the ends. */
  readonly told: readonly ActionId[];
  /** Those of them that were put back since. */
  readonly takenBack: readonly ActionId[];
  /** Evacuations of which nobody knows how far they came. */
  readonly open: readonly ActionId[];
}

export const noMarks: LedgerMarks = { told: [], takenBack: [], open: [] };

/** The very same marks when the action, as it is now, changes nothing. */
export function marked(marks: LedgerMarks, state: ActionState): LedgerMarks {
  const { id } = state.action;
  const tells = speaks(state);
  const sends = state.action.step === 'zones.evacuate' && state.action.args.dry_run !== true;
  if (!tells && !sends) return marks;
  const told = kept(marks.told, id, tells);
  const takenBack = kept(marks.takenBack, id, tells && state.is === 'undone');
  const open = kept(marks.open, id, sends && isWithoutEnd(state));
  const same = told === marks.told && takenBack === marks.takenBack && open === marks.open;
  return same ? marks : { told, takenBack, open };
}

function kept(ids: readonly ActionId[], id: ActionId, belongs: boolean): readonly ActionId[] {
  if (ids.includes(id) === belongs) return ids;
  return belongs ? [...ids, id] : ids.filter(other => other !== id);
}

/** What --check only foresaw did not happen. */
function speaks({ ended }: ActionState): boolean {
  if (ended === null || ended.outcome === 'would-change') return false;
  return LEDGER_KEYS.some(key => ended.result[key] !== undefined);
}

function isWithoutEnd({ is, undo, ended }: ActionState): boolean {
  if (is === 'undone') return false;
  if (ended === null || ended.outcome === 'unknown') return true;
  return ended.outcome === 'failed' && undo.is !== 'nothing' && ended.result.migrated === undefined;
}
