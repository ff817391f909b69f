// The plan that `pkg update -n --parsable=0` prints: one JSON object on one line among other text. Only what a
// maintenance needs is read, and each of those must be there and of its kind.
import { ok, type Reading, unreadable } from '../model/command.ts';
import { isArray, isObject, type Json, type JsonObject, parseJson } from '../text/json.ts';
import { type Fmri, parseFmri } from './pkg-version.ts';

export interface PkgPlan {
  readonly activateBe: boolean;
  /** Null when no new boot environment is made. */
  readonly beName: string | null;
  readonly createsBe: boolean;
  readonly added: number;
  readonly removed: number;
  readonly changed: number;
  /** How `entire` changes, or null when it doesn't. */
  readonly entire: { readonly from: Fmri; readonly to: Fmri } | null;
  /** Zones that are updated along. */
  readonly zones: readonly string[];
  readonly spaceAvailable: number;
  readonly spaceRequired: number;
}

/** Other text may stand around it. */
export function jsonLineOf(out: string): string | null {
  return out.split('\n').find(line => line.startsWith('{')) ?? null;
}

const VERSION = 0;

export function readPlan(line: string): Reading<PkgPlan> {
  const json = parsed(line);
  if (!isObject(json)) return unreadable(line, 'not a JSON object');
  if (json['version'] !== VERSION) return unreadable(line, 'not version 0 of the plan');
  const activateBe = json['activate-be'];
  const createsBe = json['create-new-be'];
  const beName = json['be-name'];
  const spaceAvailable = json['space-available'];
  const spaceRequired = json['space-required'];
  if (typeof activateBe !== 'boolean' || typeof createsBe !== 'boolean')
    return unreadable(line, 'does not say which boot environments it makes and activates');
  if (typeof beName !== 'string' && beName !== null) return unreadable(line, 'be-name is neither a name nor null');
  if (typeof spaceAvailable !== 'number' || typeof spaceRequired !== 'number')
    return unreadable(line, 'does not say how much space there is and is needed');
  const lists = listsOf(json);
  if (lists === null) return unreadable(line, 'its lists of packages are missing');
  return ok({ activateBe, beName, createsBe, spaceAvailable, spaceRequired, ...lists });
}

function parsed(line: string): Json {
  try {
    return parseJson(line);
  } catch {
    return null;
  }
}

function listsOf(json: JsonObject): Pick<PkgPlan, 'added' | 'removed' | 'changed' | 'entire' | 'zones'> | null {
  const added = json['add-packages'];
  const removed = json['remove-packages'];
  const changed = json['change-packages'];
  const children = json['child-images'];
  if (!isArray(added) || !isArray(removed) || !isArray(changed) || !isArray(children)) return null;
  return {
    added: added.length,
    removed: removed.length,
    changed: changed.length,
    entire: changed.map(entireIn).find(pair => pair !== null) ?? null,
    zones: children.flatMap(zoneOf),
  };
}

function entireIn(pair: Json): PkgPlan['entire'] {
  if (!isArray(pair)) return null;
  const [from, to] = pair.map(text => (typeof text === 'string' ? parseFmri(text) : null));
  return from && to && to.name === 'entire' ? { from, to } : null;
}

/** A child image of a zone is named `zone:NAME`. */
function zoneOf(child: Json): readonly string[] {
  const name = isObject(child) ? child['image-name'] : null;
  return typeof name === 'string' && name.startsWith('zone:') ? [name.slice('zone:'.length)] : [];
}
