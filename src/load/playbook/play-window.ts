// `window` of a play: in which time of day its waves may begin.
import { isTimezone, type Window } from '../../model/window.ts';
import { type MapNode, type Node, pairOf } from '../yaml/node.ts';
import { durationAt, type Reading, textAt, wrongType } from './reading.ts';
import { checkKeys } from './wrong-keys.ts';

const EXAMPLE = 'write \'window: { from: "22:00", to: "05:00", timezone: Europe/Berlin, drain: 45m }\'';

export function windowOf(reading: Reading, map: MapNode): Window | null {
  const node = pairOf(map, 'window')?.value;
  if (node === undefined) return null;
  if (node.is !== 'map') return wrongType(reading, node, '"window" is a mapping', EXAMPLE);
  checkKeys(reading, node, 'window');
  const [from, to] = [timeAt(reading, node, 'from'), timeAt(reading, node, 'to')];
  const drainMs = durationAt(reading, node, 'drain') ?? 0;
  const timezone = textAt(reading, node, 'timezone');
  const zoneNode = pairOf(node, 'timezone')?.value;
  if (from === null || to === null || timezone === null || zoneNode === undefined) {
    const said = ['from', 'to', 'timezone'].filter(key => pairOf(node, key) === null);
    return said.length === 0 ? null : wrongType(reading, node, `"window" lacks ${said.join(', ')}`, EXAMPLE);
  }
  if (!isTimezone(timezone))
    return wrongType(reading, zoneNode, '"timezone" is a name of the time zone database, like Europe/Berlin');
  return { from, to, timezone, drainMs };
}

function timeAt(reading: Reading, map: MapNode, key: string): number | null {
  const node = pairOf(map, key)?.value;
  if (node === undefined) return null;
  const found = written(node);
  if (found !== null) return found;
  return wrongType(reading, node, `"${key}" is a time of day in quotes, like "22:00"`, EXAMPLE);
}

function written(node: Node): number | null {
  const found = node.is === 'scalar' ? /^([01]?\d|2[0-3]):([0-5]\d)$/.exec(String(node.value)) : null;
  return found === null ? null : Number(found[1]) * 60 + Number(found[2]);
}
