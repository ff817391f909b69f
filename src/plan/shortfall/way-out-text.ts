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
    case 'stop': {
      const zones = way.zones.map(
        ({ zone, host, bytes, mayStop }) =>
          `${zone} on ${host} (${bytesText(bytes)}${mayStop ? ', may stop' : ', ask its owner'})`,
      );
      return `shut down ${zones.join(', ')}: then the rest fits`;
    }
    case 'memory':
      return `${bytesText(way.bytes)} more free on ${way.host} would do`;
    case 'choose':
      return 'let the planner choose the destinations (placement: spread): then all of the wave fits';
    default:
      return never(way);
  }
}

function smallerText({ waves, leftOut }: Extract<WayOut, { is: 'smaller-waves' }>): string {
  const steps = waves.map(hosts => hosts.join(' + ')).join(', then ');
  const what = waves.length === 1 ? `only ${steps} in this wave` : `smaller waves: ${steps}`;
  if (leftOut.length === 0) return what;
  const out = leftOut.map(host => `!${host}`).join(',');
  return `${what}; leave out ${leftOut.join(', ')}, which ${leftOut.length === 1 ? "doesn't" : "don't"} fit even alone (-l 'all,${out}')`;
}
