// The rule of one zone, made of everything that the inventory says of it: under its own name and under patterns that
// fit it. Whether such a zone exists is for the facts to say.
import { fits } from '../text/wildcards.ts';
import { type ZoneName, zoneName } from './ids.ts';
import type { SaidOfZones, ZoneRule } from './inventory.ts';

/** Of a zone of which nothing is said. */
export function noRule(zone: string): ZoneRule {
  return {
    zone: zoneName(zone),
    ...{ pin: null, allowed: null, keepApart: [], keepTogether: [], priority: 0, mayStop: false },
    ...{ managedBy: null, native: null, stays: false, returns: null, contact: null },
  };
}

const isPattern = (name: string): boolean => /[*?]/.test(name);

/** Whether a name, or a pattern with `*` and `?`, means this zone. */
export function meansZone(said: string, zone: string): boolean {
  return said === zone || (isPattern(said) && fits(said, zone));
}

/** null when nothing is said of it. */
export function ruleFor(said: readonly SaidOfZones[], zone: string): ZoneRule | null {
  const about = said.filter(one => meansZone(one.zone, zone));
  return about.length === 0 ? null : combined(zoneName(zone), about);
}

/**
 * Law: key by key, what is said under the zone's own name stands above what a pattern says, a longer pattern above a
 * shorter one, a later line above an earlier one. Company, good and bad, adds up.
 */
function combined(zone: ZoneName, about: readonly SaidOfZones[]): ZoneRule {
  const ranked = about
    .map((rule, line) => ({ rule, line, rank: rankOf(rule.zone) }))
    .sort((a, b) => b.rank - a.rank || b.line - a.line)
    .map(one => one.rule);
  const first = <T>(pick: (rule: SaidOfZones) => T | null): T | null =>
    ranked.map(pick).find(value => value !== null) ?? null;
  const all = (pick: (rule: SaidOfZones) => readonly string[]): readonly string[] =>
    [...new Set(ranked.flatMap(pick))].sort();
  return {
    zone,
    pin: first(rule => rule.pin),
    allowed: first(rule => rule.allowed),
    keepApart: all(rule => rule.keepApart),
    keepTogether: all(rule => rule.keepTogether),
    priority: first(rule => rule.priority) ?? 0,
    mayStop: first(rule => rule.mayStop) ?? false,
    managedBy: first(rule => rule.managedBy),
    native: first(rule => rule.native),
    stays: first(rule => rule.stays) ?? false,
    returns: first(rule => rule.returns),
    contact: first(rule => rule.contact),
  };
}

const rankOf = (name: string): number =>
  isPattern(name) ? name.replace(/[*?]/g, '').length : Number.POSITIVE_INFINITY;
