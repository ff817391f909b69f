// The hosts that are passed on the way: from `[user@]host[:port]` in ProxyJump, in the inventory's `jump` or in Ansible's
// arguments, to a chain of logins. As with ssh -J, the first hop may have hops of its own before it, the others not.
import type { Hop } from '../../model/inventory.ts';
import { type Diagnostic, problem } from '../../text/diagnostic.ts';
import type { Span } from '../../text/span.ts';
import type { Asked } from './settings.ts';

export interface Way {
  readonly hop: Hop;
  /** What is passed before it. */
  readonly jump: readonly Hop[];
}

/** How a name among the hops is reached. @param trail names whose own hops are being looked for. */
export type WayTo = (asked: Asked, trail: readonly string[]) => Way;

const PLACE = /^(?:ssh:\/\/)?(?:(.+)@)?(?:\[([^\]]+)\]|([^:@/\s]+))(?::(\d{1,5}))?\/?$/;

/** null: it can't be read. */
function placeIn(word: string): Asked | null {
  const found = PLACE.exec(word);
  const host = found?.[2] ?? found?.[3];
  if (host === undefined) return null;
  const port = found?.[4] === undefined ? null : Number(found[4]);
  return port !== null && (port < 1 || port > 65_535) ? null : { host, user: found?.[1] ?? null, port };
}

export interface Chain {
  readonly words: readonly string[];
  readonly at: Span;
  /** Whose way this is. */
  readonly to: string;
  readonly trail: readonly string[];
  /** What to write when a host would be passed on the way to itself. */
  readonly wayOut: (host: string) => string;
}

/** `none`, alone, is no hop at all. */
export function jumpVia({ words, at, to, trail, wayOut }: Chain, wayTo: WayTo, found: Diagnostic[]): readonly Hop[] {
  const names = words.flatMap(word => word.split(',')).map(name => name.trim());
  if (names.length === 1 && /^(?:none)?$/i.test(names[0] ?? '')) return [];
  return names.flatMap((name, index) => {
    const asked = placeIn(name);
    if (asked === null) {
      found.push(problem('bad-ssh-config', at, `"${name}" is no jump host: [user@]host[:port], with commas between`));
      return [];
    }
    if (index > 0) return [wayTo(asked, [...trail, to]).hop];
    if (asked.host === to || trail.includes(asked.host)) {
      const circle = [...trail, to, asked.host].join(' -> ');
      found.push(problem('bad-ssh-config', at, `the way to ${to} leads back to itself: ${circle}`, wayOut(asked.host)));
      return [];
    }
    const way = wayTo(asked, [...trail, to]);
    return [...way.jump, way.hop];
  });
}

/** `ssh -W %h:%p [user@]host`, as it was written before there was ProxyJump. null: it is something else. */
export function jumpInCommand(words: readonly string[]): string | null {
  const [program, ...rest] = words.flatMap(word => word.split(/\s+/)).filter(word => word !== '-q');
  if (program === undefined || !/^(?:\/usr\/bin\/)?ssh$/.test(program) || rest.length !== 3) return null;
  const at = rest.indexOf('-W');
  if (at < 0 || !['%h:%p', '[%h]:%p'].includes(rest[at + 1] ?? '')) return null;
  const [place = ''] = [...rest.slice(0, at), ...rest.slice(at + 2)];
  return placeIn(place) === null || place.startsWith('-') ? null : place;
}
