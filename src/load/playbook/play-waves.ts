// Which hosts of a play go together, as far as the play says it, and what becomes of their zones. What the play says of
// zones is the standard of its tasks that send them away and bring them home; the waves themselves are the planner's.
import type { Args, Entry, Play, Replan } from '../../model/program.ts';
import { known } from '../../model/value.ts';
import { andAt, problem } from '../../text/diagnostic.ts';
import { PLACEMENTS, RETURNS, WAVES } from '../tables/keys.ts';
import { type MapNode, pairOf } from '../yaml/node.ts';
import { choiceAt, complain, countAt, type Reading, wrongType } from './reading.ts';
import { approveOf } from './play-gates.ts';
import { windowOf } from './play-window.ts';
import { checkKeys } from './wrong-keys.ts';

type Waves = Pick<Play, 'order' | 'waves' | 'canary' | 'returns' | 'replan' | 'approve' | 'window'>;

export function wavesOf(reading: Reading, map: MapNode): Waves {
  const [waves, serial] = [pairOf(map, 'waves'), pairOf(map, 'serial')];
  if (waves !== null && serial !== null) {
    const message = '"waves" and "serial" both say which hosts go together';
    const both = problem('double-word', serial.keySpan, message, 'keep one of them; "max_out" limits "waves: auto"');
    complain(reading, andAt(both, waves.keySpan, 'it is said here, too'));
  }
  const order = pairOf(map, 'order')?.value;
  return {
    order: order?.is === 'scalar' && order.value === 'least_loaded' ? 'least_loaded' : 'as_listed',
    waves: choiceAt(reading, map, 'waves', WAVES) ?? 'serial',
    canary: countAt(reading, map, 'canary', 1) ?? 0,
    returns: choiceAt(reading, map, 'return', RETURNS) ?? 'home',
    replan: replanOf(reading, map),
    approve: approveOf(reading, map),
    window: windowOf(reading, map),
  };
}

const STANDARD: Replan = { zones: 10, bytes: 10 };

function replanOf(reading: Reading, map: MapNode): Replan {
  const node = pairOf(map, 'replan')?.value;
  if (node === undefined) return STANDARD;
  if (node.is !== 'map') {
    wrongType(reading, node, '"replan" is a mapping', 'write "replan: { zones: 10%, bytes: 10% }"');
    return STANDARD;
  }
  checkKeys(reading, node, 'replan');
  return {
    zones: percentAt(reading, node, 'zones') ?? STANDARD.zones,
    bytes: percentAt(reading, node, 'bytes') ?? STANDARD.bytes,
  };
}

function percentAt(reading: Reading, map: MapNode, key: string): number | null {
  const node = pairOf(map, key)?.value;
  if (node === undefined) return null;
  const written =
    node.is === 'scalar' && node.value !== null ? /^(\d+(?:\.\d+)?)%?$/.exec(node.written)?.[1] : undefined;
  return written === undefined ? wrongType(reading, node, `"${key}" is a share like "10%"`) : Number(written);
}

/** What the play says for every task of a step that doesn't say it itself. */
export function sayingOfZones(reading: Reading, map: MapNode): (entries: readonly Entry[]) => readonly Entry[] {
  const placement = choiceAt(reading, map, 'placement', PLACEMENTS);
  // What is wrong with it has been told above.
  const written = pairOf(map, 'return')?.value;
  const returns = RETURNS.find(one => written?.is === 'scalar' && written.value === one);
  const standard: Readonly<Record<string, Args>> = {
    'zones.return': returns === undefined ? {} : { return: known(returns) },
    'zones.evacuate': placement === null ? {} : { placement: known(placement) },
  };
  return entries => entries.map(entry => saying(entry, standard));
}

function saying(entry: Entry, standard: Readonly<Record<string, Args>>): Entry {
  const inside = (entries: readonly Entry[]): readonly Entry[] => entries.map(one => saying(one, standard));
  switch (entry.is) {
    case 'task':
      return Object.hasOwn(standard, entry.step)
        ? { ...entry, args: { ...standard[entry.step], ...entry.args } }
        : entry;
    case 'block':
      return { ...entry, body: inside(entry.body), rescue: inside(entry.rescue), always: inside(entry.always) };
    default:
      return entry;
  }
}
