// A plan that was saved, read again. One that another version of this program made is told as that: carried out it could
// mean something else. Looking at it is another matter: what a list of runs and a story need is in every plan so far.
import { readFile } from 'node:fs/promises';
import { type Plan, PLAN_VERSION } from '../model/plan.ts';
import { isObject, type Json, parseJson, trusted } from '../text/json.ts';

export type PlanRead =
  | { readonly is: 'plan'; readonly plan: Plan }
  | { readonly is: 'no-plan' | 'other-version'; readonly why: string };

/** To carry it out. @throws when the file can't be read. */
export async function readPlan(path: string): Promise<PlanRead> {
  return planIn(path, version => version === PLAN_VERSION);
}

/** To look at it only: an older one will do. @throws when the file can't be read. */
export async function lookAtPlan(path: string): Promise<PlanRead> {
  return planIn(path, version => version <= PLAN_VERSION);
}

async function planIn(path: string, fits: (version: number) => boolean): Promise<PlanRead> {
  const json = jsonOf(await readFile(path, 'utf8'));
  const version = versionOf(json);
  if (version === null) return { is: 'no-plan', why: `${path} isn't a plan` };
  if (fits(version)) return { is: 'plan', plan: trusted<Plan>(json) };
  const age = version < PLAN_VERSION ? 'an older' : 'a newer';
  const forms = `its plan has form ${version}, and this version carries out form ${PLAN_VERSION}`;
  return { is: 'other-version', why: `${path} was made by ${age} version of zoneferry: ${forms}` };
}

function jsonOf(text: string): Json {
  try {
    return parseJson(text);
  } catch {
    return null;
  }
}

/** null: no plan of any version. */
function versionOf(json: Json): number | null {
  if (!isObject(json) || !isObject(json['program'])) return null;
  const { v: version } = json;
  return typeof version === 'number' && Number.isInteger(version) && version > 0 ? version : null;
}
