// Wrong files by the kind of place where the mistake stands, made of the table of keys: each key with values it doesn't
// take, each place with a key it doesn't have. What the table can't know (arguments, templates, inventories, options)
// is written out below.
import { stringify } from 'yaml';
import { ABSENT_KEYS } from '../../src/load/tables/absent-keys.ts';
import { KEYS, type KeyShape, keysOn, type Place, plannedOn } from '../../src/load/tables/keys.ts';
import type { Json, JsonObject } from '../../src/text/json.ts';
import type { Example } from '../docs/example.ts';

/** A place of the language, or another where mistakes are made. */
export type Kind =
  | Place
  | 'argument'
  | 'shell text'
  | 'template file'
  | 'variables'
  | 'file of variables'
  | 'group'
  | 'host'
  | 'zone rule'
  | 'option';

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
  return KEYS.filter(one => one.since === 'here' && one.on.includes(place)).flatMap(({ key, takes }) =>
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
    ...plannedOn(place).map(key => wrong(place, `the planned ${key}`, { [key]: 'auto' })),
    ...absent.map(({ key }) => wrong(place, `Ansible's ${key}`, { [key]: 'x' })),
  ];
  return [...cases, doubled(place, first)];
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

const inTask = (text: string): string => `- hosts: zonehosts\n  tasks:\n    - ${text}\n`;
const SITE = inTask('command: uname -a');

function by(
  kind: Kind,
  files: Readonly<Record<string, string>>,
  claims: readonly string[] = Object.values(files).slice(-1),
): Wrong {
  return {
    kind,
    claim: (claims[0] ?? '').replaceAll('\n', ' ').trim(),
    example: { files: { 'site.yml': SITE, ...files }, options: [] },
  };
}

const argument = (text: string, more: Readonly<Record<string, string>> = {}): Wrong =>
  by('argument', { ...more, 'site.yml': inTask(text) }, [text]);
const shell = (text: string): Wrong => by('shell text', { 'site.yml': inTask(`shell: |\n        ${text}`) }, [text]);
const template = (text: string): Wrong =>
  by('template file', { 'site.yml': inTask('template: { src: motd.hbs, dest: /etc/motd }'), 'motd.hbs': `${text}\n` }, [
    text,
  ]);
const variables = (text: string): Wrong =>
  by('variables', { 'site.yml': `- hosts: zonehosts\n  vars: ${text}\n  tasks:\n    - debug: { msg: "{{a}}" }\n` }, [
    text,
  ]);
const varsFile = (text: string): Wrong =>
  by('file of variables', {
    'site.yml': '- hosts: zonehosts\n  vars_files: [more.yml]\n  tasks:\n    - debug: { msg: "{{a}}" }\n',
    'more.yml': text,
  });
const hosts = (kind: 'group' | 'host' | 'zone rule', text: string): Wrong => by(kind, { 'hosts.yml': text });
const option = (options: string): Wrong => ({
  kind: 'option',
  claim: options,
  example: { files: { 'site.yml': SITE }, options: options.split(' ') },
});

/** Where no table says what may stand. */
export const WRONG_ELSEWHERE: readonly Wrong[] = [
  argument('zones.evacuate: { which: runing }'),
  argument('maintenance.begin: {}'),
  argument('maintenance.begin: { mesage: x }'),
  argument('debug: { msg: "{{nowhere}}" }'),
  argument('debug: { msg: "{{ host.name | upper }}" }'),
  argument('debug: { msg: "{{#if host.name}}" }'),
  argument('debug: { msg: !x y }'),
  argument('debug: { msg: *x }'),
  argument('debug: { msg: a, msg: b }'),
  argument('debug: { msg: "a }'),
  argument('command: echo sysadm: x'),
  argument('assert: { that: "nowhere > 1" }'),
  argument('assert: { that: "not true" }'),
  argument('copy: { src: none.txt, dest: /a, content: b }'),
  argument('template: { src: none.hbs, dest: /a }'),
  argument('zones.evacute: {}'),
  argument('zfs.snapshot: {}'),
  argument('apt: { name: x }'),
  argument('set_fact: { facts: 1 }'),
  argument('command: { cmd: a, argv: [b] }'),
  argument('command: dest=/x creates=/y'),
  argument('copy: { content: a, dest: /a, mode: 644 }'),
  shell("echo '{{host.name}}'"),
  shell('echo "{{host.name}}"'),
  shell('echo a # {{host.name}}'),
  shell('cat <<E\n        {{host.name}}\n        E'),
  shell('echo {{nowhere}}'),
  shell('echo {{host.nmae}}'),
  shell('echo {{upper}}'),
  shell('echo {{ host.name | upper }}'),
  template('{{nowhere}}'),
  template('{{#each zones}}'),
  template('{{uper host.name}}'),
  variables('{ a: "{{b}}", b: "{{a}}" }'),
  variables('{ a-b: 1 }'),
  variables('{ run: 1, a: 2 }'),
  variables('{ a: "{{nowhere}}" }'),
  variables('{ a: 1, a: 2 }'),
  variables('[a]'),
  varsFile('[a]\n'),
  varsFile('a: "{{nowhere}}"\n'),
  varsFile('a: 1\na: 2\n'),
  varsFile('a: !x 1\n'),
  varsFile('a: "\n'),
  varsFile('<<: *x\na: 1\n'),
  varsFile('a-b: 1\na: 2\n'),
  varsFile('a: "{{a}}"\n'),
  by('file of variables', { 'site.yml': '- hosts: zonehosts\n  vars_files: [none.yml]\n  tasks: []\n' }, ['none.yml']),
  hosts('group', 'hosts:\n  bjork:\n'),
  hosts('group', 'all:\n  host:\n    bjork:\n'),
  hosts('group', 'all: [bjork]\n'),
  hosts('group', 'all:\n  hosts: [bjork]\n'),
  hosts('group', 'zonehosts:\n  hosts: { bjork: }\n  children:\n    a: { children: { zonehosts: } }\n'),
  hosts('group', 'zonehosts:\n  hosts: { bjork: }\n  vars: [1]\n'),
  hosts('group', 'zonehosts:\n  hosts: { bjork: }\n  hosts: { evac1: }\n'),
  hosts('group', 'zonehosts:\n  hosts: { "ev[3:1]": }\n'),
  hosts('group', 'all: *x\n'),
  hosts('group', 'all:\n\thosts:\n'),
  hosts('host', 'zonehosts:\n  hosts: { bjork: { port: many } }\n'),
  hosts('host', 'zonehosts:\n  hosts: { bjork: { ansible_connection: local } }\n'),
  hosts('host', 'zonehosts:\n  hosts: { bjork: { ansible_password: x } }\n'),
  hosts('host', 'zonehosts:\n  hosts: { bjork: { a-b: 1 } }\n'),
  hosts('host', 'zonehosts:\n  hosts: { bjork: { address: "{{nowhere}}" } }\n'),
  hosts('host', 'zonehosts:\n  hosts: { bjork: { a: 1, a: 2 } }\n'),
  hosts('host', 'zonehosts:\n  hosts: { bjork: { a: !x 1 } }\n'),
  hosts('host', 'zonehosts:\n  hosts: { bjork: { user: root, rack: "{{rack}}" } }\n'),
  hosts('zone rule', 'zonehosts: { hosts: { bjork: } }\nzones: { evac1: { pin: bjrok } }\n'),
  hosts('zone rule', 'zonehosts: { hosts: { bjork: } }\nzones: { evac1: { pinn: bjork } }\n'),
  hosts('zone rule', 'zonehosts: { hosts: { bjork: } }\nzones: { evac1: bjork }\n'),
  hosts('zone rule', 'zonehosts: { hosts: { bjork: } }\nzones: { evac1: { pin: { a: 1 } } }\n'),
  option('-e {'),
  option('-e a-b=1'),
  option('-e @none.yml'),
  option('-l nobody'),
  option('-l zonehosts:!zonehosts'),
  option('-l ~('),
  option('--tags nothing'),
  option('-i none.yml'),
];
