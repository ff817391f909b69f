// A way out in words: what to do, with names and numbers.
import type { WayOut } from '../../model/plan.ts';
import { never } from '../../text/never.ts';
import { bytesText } from '../../text/size.ts';

export function wayOutText(way: WayOut): string {
  switch (way.is) {
    case 'move-first':
      return `move ${way.moves.map(({ zone, from, to }) => `${zone} from ${from} to ${to}`).join(', then ')} first: then all of the wave fits`;
    case 'smaller-waves':
      return smallerText(way);
    case 'stop':
      return stopText(way);
    case 'memory':
      return `${bytesText(way.bytes)} more free on ${way.host} would do`;
    case 'choose':
      return 'let the planner choose the destinations (placement: spread): then all of the wave fits';
    default:
      return never(way);
  }
}

/** Of more than these whose owners must be asked, that is said once. */
const OWNERS_EACH = 3;

function stopText({ zones }: Extract<WayOut, { is: 'stop' }>): string {
  const once = zones.length > OWNERS_EACH && zones.every(({ mayStop }) => !mayStop);
  const each = (mayStop: boolean): string => (mayStop ? ', may stop' : once ? '' : ', ask its owner');
  const list = zones.map(
    ({ zone, host, bytes, mayStop }) => `${zone} on ${host} (${bytesText(bytes)}${each(mayStop)})`,
  );
  return `shut down ${list.join(', ')}: then the rest fits${once ? '; ask their owners' : ''}`;
}

function smallerText({ waves, leftOut }: Extract<WayOut, { is: 'smaller-waves' }>): string {
  const steps = waves.map(hosts => hosts.join(' + ')).join(', then ');
  const what = waves.length === 1 ? `only ${steps} in this wave` : `smaller waves: ${steps}`;
  if (leftOut.length === 0) return what;
  const out = leftOut.map(host => `!${host}`).join(',');
  return `${what}; leave out ${leftOut.join(', ')}, which ${leftOut.length === 1 ? "doesn't" : "don't"} fit even alone (-l 'all,${out}')`;
}
