// Wrong files by the kind of place where the mistake stands, made of the table of keys: each key with values it doesn't
// take, each place with a key it doesn't have, twice or beside one that says the same. What the table can't know
// (arguments, templates, inventories, options) is written out in places-elsewhere.ts.
import { stringify } from 'yaml';
import { ABSENT_KEYS } from '../../src/load/tables/absent-keys.ts';
import { KEYS, type KeyShape, keysOn, type Place } from '../../src/load/tables/keys.ts';
import type { Json, JsonObject } from '../../src/text/json.ts';
import type { Example } from '../docs/example.ts';

/** Where mistakes are made that no table of keys knows. */
export const ELSEWHERE = [
  ...['argument', 'shell text', 'template file', 'variables', 'file of variables', 'folder of variables'],
  ...['group', 'host', 'zone rule', 'INI inventory', 'inventory program', 'SSH configuration', 'option'],
] as const;

/** A place of the language, or another where mistakes are made. */
export type Kind = Place | (typeof ELSEWHERE)[number];

/** All of them: a place that is new in the table of keys is one, too. */
export const KINDS: readonly Kind[] = [...new Set([...KEYS.flatMap(one => one.on), ...ELSEWHERE])];

export interface Wrong {
  readonly kind: Kind;
  /** `retries: many`, or what else is wrong. */
  readonly claim: string;
  readonly example: Example;
}

const MORE = { 'more.yml': '- command: uname -a\n' };
const ROLE = { 'roles/web/tasks/main.yml': '- command: uname -a\n' };
const OTHER = { 'other.yml': '- hosts: zonehosts\n  tasks:\n    - command: uname -a\n' };

interface Frame {
  /** The playbook with these keys in the place, over those that must be there. */
  readonly around: (keys: JsonObject) => Json;
  readonly files?: Readonly<Record<string, string>>;
}

const play = (keys: JsonObject): Json => [{ hosts: 'zonehosts', tasks: [{ command: 'uname -a' }], ...keys }];
const task = (keys: JsonObject): Json => play({ tasks: [keys] });

const FRAMES: Readonly<Record<Place, Frame>> = {
  play: { around: play },
  task: { around: keys => task({ command: 'uname -a', ...keys }) },
  handler: {
    around: keys =>
      play({
        handlers: [{ name: 'Restart', command: 'uname -a', ...keys }],
        tasks: [{ command: 'a', notify: 'Restart' }],
      }),
  },
  block: { around: keys => task({ block: [{ command: 'uname -a' }], ...keys }) },
  import_tasks: { around: keys => task({ import_tasks: 'more.yml', ...keys }), files: MORE },
  include_tasks: { around: keys => task({ include_tasks: 'more.yml', ...keys }), files: MORE },
  'include_tasks file': { around: keys => task({ include_tasks: { file: 'more.yml', ...keys } }), files: MORE },
  import_role: { around: keys => task({ import_role: 'web', ...keys }), files: ROLE },
  include_role: { around: keys => task({ include_role: 'web', ...keys }), files: ROLE },
  'role name': { around: keys => task({ import_role: { name: 'web', ...keys } }), files: ROLE },
  role: { around: keys => play({ roles: [{ role: 'web', ...keys }] }), files: ROLE },
  import_playbook: { around: keys => [{ import_playbook: 'other.yml', ...keys }], files: OTHER },
  meta: { around: keys => task({ meta: 'flush_handlers', ...keys }) },
  undo: { around: keys => task({ command: 'mkdir /a', undo: { command: 'rmdir /a', ...keys } }) },
  loop_control: { around: keys => task({ command: 'uname -a', loop: [1], loop_control: keys }) },
  replan: { around: keys => play({ waves: 'auto', replan: keys }) },
  window: { around: keys => play({ window: { from: '22:00', to: '05:00', timezone: 'Europe/Berlin', ...keys } }) },
  on_event: { around: keys => play({ on_event: [{ on: ['run_ended'], url: 'https://example.org/told', ...keys }] }) },
  gates: { around: keys => play({ serial: 1, gates: keys }) },
  between: { around: keys => play({ serial: 1, gates: { between: { checks: ['services'], ...keys } } }) },
  prompt: { around: keys => play({ vars_prompt: [{ name: 'why', ...keys }] }) },
};

/** Values that a key doesn't take, whatever the key. */
function wrongValues(takes: KeyShape): readonly Json[] {
  switch (takes.is) {
    case 'text':
      return [['a list'], '{{nowhere}}', '{{ host.name | upper }}'];
    case 'texts':
      return [{ a: 'mapping' }];
    case 'texts by name':
      return ['a text', { NAME: '{{nowhere}}' }];
    case 'variables':
      return [['a list'], { 'no-name': 1 }, { facts: 1 }, { a: '{{a}}' }];
    case 'conditions':
      return [3, 'nowhere > 1', 'host.name == "bjork" and true', '{{host.name}}'];
    case 'tasks':
      return ['a text', ['a text'], [{}]];
    case 'list':
      return ['a text', '{{nowhere}}'];
    case 'truth':
      return ['perhaps'];
    case 'count':
      return ['many', takes.least - 1, 1.5];
    case 'number':
      return ['many', takes.from - 1];
    case 'duration':
      return ['soon', -1];
    case 'one of':
      return ['other', `${takes.words[0] ?? ''}x`];
    case 'some of':
      return ['other', `${takes.words[0] ?? ''}x`, []];
    case 'percent':
      return ['many', -1, [1]];
    case 'pattern':
      return [{}, 'bjrok', '~(', 'zonehosts:!zonehosts'];
    case 'waves':
      return ['soon', 0, [1, 'many']];
    case 'mapping':
    case 'mappings':
    case 'text or mapping':
    case 'texts or mappings':
      return [3];
    case 'any':
      return [];
    default:
      throw new Error('not a known shape');
  }
}

const yaml = (json: Json): string => stringify(json, { version: '1.1', lineWidth: 0 });
const short = (value: Json): string => JSON.stringify(value);

export function wrongByTable(): readonly Wrong[] {
  const places = Object.keys(FRAMES).filter((place): place is Place => keysOn(place as Place).length > 0);
  return places.flatMap(place => [...valuesIn(place), ...keysIn(place)]);
}

function wrong(place: Place, claim: string, keys: JsonObject): Wrong {
  const { around, files = {} } = FRAMES[place];
  return { kind: place, claim, example: { files: { 'site.yml': yaml(around(keys)), ...files }, options: [] } };
}

function valuesIn(place: Place): readonly Wrong[] {
  return KEYS.filter(one => one.on.includes(place)).flatMap(({ key, takes }) =>
    [...wrongValues(takes), ...(key === 'notify' ? ['Nobody'] : [])].map(value =>
      wrong(place, `${key}: ${short(value)}`, { [key]: value }),
    ),
  );
}

function keysIn(place: Place): readonly Wrong[] {
  const [first = 'name'] = keysOn(place).toSorted((a, b) => b.length - a.length);
  const isTask = !['play', 'import_playbook', 'prompt', 'loop_control', 'role', 'include_tasks file', 'undo'].includes(
    place,
  );
  const absent = ABSENT_KEYS.filter(one => (one.on === 'task' ? isTask : one.on === place));
  const cases = [
    wrong(place, `the slip ${first}x`, { [`${first}x`]: 'x' }),
    ...absent.map(({ key }) => wrong(place, `Ansible's ${key}`, { [key]: 'x' })),
  ];
  return [...cases, doubled(place, first), ...sayingTheSame(place)];
}

/** Two keys for one thing. */
function sayingTheSame(place: Place): readonly Wrong[] {
  const pairs: readonly JsonObject[] = [
    { run_once: true, once_per: 'wave' },
    { waves: 'auto', serial: 1 },
  ];
  return pairs
    .filter(pair => Object.keys(pair).every(key => keysOn(place).includes(key)))
    .map(pair => wrong(place, Object.keys(pair).join(' and '), pair));
}

/** The same key twice, which no object can hold. */
function doubled(place: Place, key: string): Wrong {
  const made = wrong(place, `${key} twice`, { [key]: 'once', twice_here: 'again' });
  const files = { ...made.example.files };
  return {
    ...made,
    example: { files: { ...files, 'site.yml': (files['site.yml'] ?? '').replace('twice_here', key) }, options: [] },
  };
}
