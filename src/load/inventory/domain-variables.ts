// Variables of a host that say with which others it may fail together, and how many of those may be out at once: `rack`,
// `domain` and `domain_max_out`. A value that rests on a template is judged when the plan is made.
import { type Diagnostic, problem } from '../../text/diagnostic.ts';
import { isArray, isObject, type Json } from '../../text/json.ts';
import type { SaidVars } from '../expression/variables.ts';

/** What each means; the schema for editors and the reference are made of it. */
export const DOMAIN_VARIABLES = {
  rack: 'a failure domain: not more than `domain_max_out` hosts of a rack are out at once (`waves: auto`)',
  domain: 'the same for domains of any kind: a name, a list of names, or a mapping of kinds to names',
  domain_max_out: 'how many hosts of each of its failure domains may be out at once; 1 unless said',
} as const;

export function domainProblems(vars: SaidVars): readonly Diagnostic[] {
  return [...vars].flatMap(([name, { value, at }]) => {
    if (value.is !== 'known' || value.json === null) return [];
    const wanted = wantedInstead(name, value.json);
    return wanted === null ? [] : [problem('wrong-type', at, wanted)];
  });
}

function wantedInstead(name: string, json: Json): string | null {
  switch (name) {
    case 'rack':
      return isName(json) ? null : '"rack" is the name of a failure domain';
    case 'domain':
      return isDomain(json) ? null : '"domain" is a name, a list of names, or a mapping like { power: p2 }';
    case 'domain_max_out':
      // An inventory in INI has it as a text.
      return isName(json) && /^\d*[1-9]\d*$/.test(String(json))
        ? null
        : '"domain_max_out" is a whole number, 1 or more';
    default:
      return null;
  }
}

/** YAML has a name that is all digits as a number. */
export const isName = (json: Json): boolean => typeof json === 'number' || (typeof json === 'string' && json !== '');

function isDomain(json: Json): boolean {
  if (isArray(json)) return json.every(isName);
  return isObject(json) ? Object.values(json).every(one => one !== undefined && isName(one)) : isName(json);
}
