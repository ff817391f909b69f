// `on_event` of a play: who is told of what over the web. An address is computed when the run starts, so it rests on
// what is known by then; here it is computed on every host once, to tell before the run what would be wrong with it.
import { type Occasion, occasionOf, OCCASION_WORDS } from '../../model/occasion.ts';
import type { Telling } from '../../model/program.ts';
import { known, type Layer, type Value } from '../../model/value.ts';
import { problem } from '../../text/diagnostic.ts';
import { didYouMean } from '../../text/nearest.ts';
import { spanOf } from '../../text/span.ts';
import { addressProblem, headerProblem } from '../../text/web-address.ts';
import { evaluate } from '../expression/evaluate.ts';
import { hasTemplate } from '../expression/template-ast.ts';
import { type MapNode, objectOf, type Pair, pairOf, type ScalarNode } from '../yaml/node.ts';
import { isWellWritten } from './fixed-text.ts';
import { complain, type Here, type Reading, textsAt, wrongType } from './reading.ts';
import { checkKeys } from './wrong-keys.ts';

const EXAMPLE = 'write \'on_event: [{ on: [host_failed, run_ended], url: "{{pager_url}}" }]\'';

export function tellingsOf(reading: Reading, here: Here, map: MapNode): readonly Telling[] {
  const node = pairOf(map, 'on_event')?.value;
  if (node === undefined || (node.is === 'scalar' && node.value === null)) return [];
  const items = node.is === 'list' ? node.items : [node];
  return items.flatMap(item => {
    if (item.is === 'map') return tellingOf(reading, here, item) ?? [];
    wrongType(reading, item, '"on_event" is a mapping or a list of mappings', EXAMPLE);
    return [];
  });
}

function tellingOf(reading: Reading, here: Here, map: MapNode): Telling | null {
  checkKeys(reading, map, 'on_event');
  for (const key of ['on', 'url'])
    if (pairOf(map, key) === null) {
      const at = map.pairs[0]?.keySpan ?? map.span;
      complain(reading, problem('missing-key', at, `an entry of "on_event" lacks "${key}"`, EXAMPLE));
    }
  const on = wordsOf(reading, map);
  const url = urlOf(reading, here, map);
  const headers = headersOf(reading, here, map);
  return url === null || on.length === 0 ? null : { on, url, headers };
}

function wordsOf(reading: Reading, map: MapNode): readonly Occasion[] {
  const node = pairOf(map, 'on')?.value;
  const words = textsAt(reading, map, 'on').flatMap(({ text, at }) => {
    const found = occasionOf(text);
    if (found !== null) return [found];
    const near = didYouMean(text, OCCASION_WORDS);
    const help = near.length > 0 ? near : [`there are: ${OCCASION_WORDS.join(', ')}`];
    complain(reading, problem('wrong-type', at, `"${text}" is nothing that "on_event" tells of`, ...help));
    return [];
  });
  const isEmpty = (node?.is === 'list' && node.items.length === 0) || (node?.is === 'scalar' && node.value === null);
  if (node !== undefined && isEmpty) wrongType(reading, node, `"on" is one or more of ${OCCASION_WORDS.join(', ')}`);
  return [...new Set(words)];
}

function urlOf(reading: Reading, here: Here, map: MapNode): Value | null {
  const node = pairOf(map, 'url')?.value;
  if (node === undefined) return null;
  if (node.is !== 'scalar' || typeof node.value !== 'string')
    return wrongType(reading, node, '"url" is a text', EXAMPLE);
  return knownAtStart(reading, here, { what: '"url"', text: node.value, node, wrong: addressProblem });
}

function headersOf(reading: Reading, here: Here, map: MapNode): Telling['headers'] {
  const node = pairOf(map, 'headers')?.value;
  if (node === undefined || (node.is === 'scalar' && node.value === null)) return {};
  if (node.is === 'map') return objectOf(node.pairs.flatMap(pair => headerOf(reading, here, pair)));
  wrongType(reading, node, '"headers" is a mapping of names to texts', 'write NAME: "{{value}}" for each');
  return {};
}

function headerOf(reading: Reading, here: Here, pair: Pair): readonly (readonly [string, Value])[] {
  const { key, keySpan, value: node } = pair;
  const wrong = headerProblem(key);
  if (wrong !== null) complain(reading, problem('bad-name', keySpan, wrong));
  if (node.is !== 'scalar' || node.value === null) {
    wrongType(reading, node, 'a header is a text', 'write "" for an empty one');
    return [];
  }
  const text = typeof node.value === 'string' ? node.value : node.written;
  const value = knownAtStart(reading, here, { what: `the header "${key}"`, text, node, wrong: lineProblem });
  return wrong !== null || value === null ? [] : [[key, value]];
}

const lineProblem = (text: string): string | null =>
  /[^\t\u0020-\u007e\u0080-\u00ff]/.test(text) ? 'it holds a character that no header takes' : null;

interface Written {
  readonly what: string;
  readonly text: string;
  readonly node: ScalarNode;
  readonly wrong: (text: string) => string | null;
}

/** What is computed may be a secret: no complaint shows it. */
function knownAtStart(reading: Reading, here: Here, { what, text, node, wrong }: Written): Value | null {
  const at = node.span;
  const unfit = (why: string, who = ''): null => {
    complain(reading, problem('wrong-type', at, `${what} can't be used${who}: ${why}`));
    return null;
  };
  if (!hasTemplate(text)) {
    const why = wrong(text);
    return why === null ? known(text) : unfit(why);
  }
  if (!isWellWritten(reading, here, node)) return null;
  const value: Value = { is: 'expression', language: 'text', source: text, at };
  // Whoever misses what a lost file would give makes no second mistake.
  if (here.play.lost.length > 0) return value;
  for (const { who, below } of placesOf(reading, here)) {
    const found = evaluate(value, { layers: [reading.extra, GIVEN, ...here.layers, below, ...here.defaults] });
    if (found.is === 'at-start') continue;
    if (found.is === 'value') {
      const why = typeof found.json === 'string' ? wrong(found.json) : 'it is not a text';
      if (why !== null) return unfit(why, who);
      continue;
    }
    const why = found.is === 'problem' ? found.message : 'it rests on something that is known later';
    const message = `${what} can't be known when the run starts${who}: ${why}`;
    const help = 'it may rest on -e, on variables of the play and of the inventory, and on what is asked at the start';
    complain(reading, problem('undefined-variable', at, message, help));
    return null;
  }
  return value;
}

const GIVEN: Layer = { run: { is: 'at-start', name: 'run', at: spanOf('run') } };

/** Each host of the play; without an inventory nothing is known of any. */
function placesOf(reading: Reading, here: Here): readonly { readonly who: string; readonly below: Layer }[] {
  const inPlay = new Set(here.hosts);
  const hosts = reading.inventory?.hosts.filter(one => inPlay.has(one.name)) ?? [];
  return hosts.map(({ name, groups, connection: { address, port, user }, vars }) => ({
    who: ` for ${name}`,
    below: { ...vars, host: known({ name, groups, address, port, user }) },
  }));
}
