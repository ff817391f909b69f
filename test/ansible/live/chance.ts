// Inventories by chance: a tree of groups without circles, hosts and variables, written in one of the formats, with
// folders of variables beside it. Only what both programs take: differences on purpose are in the corpus.
import fc from 'fast-check';
import type { Case } from '../cases.ts';

const GROUPS = ['web', 'db', 'east', 'west', 'prod', 'test', 'a-b', 'g.h'] as const;
const HOSTS = [
  'h1',
  'h2',
  'h3',
  'w1',
  'w2',
  'x.example.org',
  'n-1',
  '10.0.0.1',
  'r[1:3]',
  'p[08:10]',
  'l[a:c]',
] as const;
const NAMES = ['v', 'w', 'x', 'rack', 'ansible_user', 'boot_limit'] as const;

type Scalar = string | number | boolean | null;
type Value = Scalar | readonly Scalar[] | { readonly [key: string]: Scalar };

/** Texts that YAML, JSON and a Python literal could each take for something else. */
const WORDS = [
  ...['a', 'two words', '5', '0644', 'yes', 'no', 'on', 'True', 'None', 'null', '~', '1.10', '1e3', '1_000', '0x1f'],
  ...['2026-11-23', '12:30', '10.0.0.1', '-', '#x', 'a#b', 'a: b', "it's", '"q"', "'5'", '[1, 2]', '{a: 1}', 'é', ''],
  ...['a=b', 'a,b', '%', '@x', '!x', '&x', '*x', '|', '>', 'back\\slash', ' lead', 'trail ', '=', '0o17', '1,', '(1)'],
];

const scalar: fc.Arbitrary<Scalar> = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(...WORDS) },
  { weight: 2, arbitrary: fc.integer({ min: -10_000, max: 10_000 }) },
  fc.constantFrom(0.5, -1.25, 1e6),
  fc.boolean(),
  fc.constant(null),
);

const value: fc.Arbitrary<Value> = fc.oneof(
  { weight: 5, arbitrary: scalar },
  fc.array(scalar, { maxLength: 3 }),
  fc.dictionary(fc.constantFrom('a', 'b', 'c d', '1'), scalar, { maxKeys: 2, noNullPrototype: true }),
);

const vars = fc.dictionary(fc.constantFrom(...NAMES), value, { maxKeys: 3, noNullPrototype: true });
type Vars = Readonly<Record<string, Value>>;

interface GroupMade {
  readonly name: string;
  readonly hosts: readonly { readonly name: string; readonly vars: Vars }[];
  /** Only names that come later in GROUPS: so there is no circle. */
  readonly children: readonly string[];
  readonly vars: Vars;
  readonly priority: number | null;
}

const hosts = fc.uniqueArray(fc.record({ name: fc.constantFrom(...HOSTS), vars }), {
  selector: one => one.name,
  maxLength: 3,
});

const group = (index: number): fc.Arbitrary<GroupMade> =>
  fc.record({
    name: fc.constant(GROUPS[index] ?? 'web'),
    hosts,
    children: fc.subarray(GROUPS.slice(index + 1), { maxLength: Math.min(2, GROUPS.length - index - 1) }),
    vars,
    priority: fc.option(fc.integer({ min: -2, max: 5 }), { freq: 4 }),
  });

const groups: fc.Arbitrary<readonly GroupMade[]> = fc
  .tuple(...GROUPS.map((_, index) => group(index)))
  .chain(all => fc.shuffledSubarray(all, { minLength: 1, maxLength: 6 }))
  .map(some =>
    some.map(one => ({ ...one, children: one.children.filter(name => some.some(other => other.name === name)) })),
  );

// ---- the formats

function yamlText(made: readonly GroupMade[]): string {
  const one = ({ name, hosts: members, children, vars: own, priority }: GroupMade): readonly [string, object] => [
    name,
    {
      hosts: Object.fromEntries(members.map(host => [host.name, host.vars])),
      children: Object.fromEntries(children.map(child => [child, null])),
      vars: priority === null ? own : { ...own, ansible_group_priority: priority },
    },
  ];
  return made.map(each => `${JSON.stringify(one(each)[0])}: ${JSON.stringify(one(each)[1])}\n`).join('');
}

/** JSON within block YAML, and plain words where YAML may make something of them. */
function blockText(made: readonly GroupMade[]): string {
  const lines = (own: Vars, indent: string): string =>
    Object.entries(own)
      .map(([name, said]) => `${indent}${name}: ${plain(said)}\n`)
      .join('');
  return made
    .map(({ name, hosts: members, children, vars: own, priority }) =>
      [
        `${name}:\n  hosts:\n`,
        ...members.map(host => `    ${host.name}:\n${lines(host.vars, '      ')}`),
        '  children:\n',
        ...children.map(child => `    ${child}:\n`),
        '  vars:\n',
        lines(priority === null ? own : { ...own, ansible_group_priority: priority }, '    '),
      ].join(''),
    )
    .join('');
}

const plain = (said: Value): string =>
  typeof said === 'string' && /^[\w.+:-]+$/.test(said) && !/:$|^-$|^\d\d\d\d-/.test(said) ? said : JSON.stringify(said);

function iniText(made: readonly GroupMade[]): string {
  const section = ({ name, hosts: members, children, vars: own, priority }: GroupMade): string =>
    [
      `[${name}]`,
      ...members.map(host => [host.name, ...assigned(host.vars).map(quoted)].join(' ')),
      `[${name}:children]`,
      ...children,
      `[${name}:vars]`,
      ...assigned(own),
      ...(priority === null ? [] : [`ansible_group_priority=${priority}`]),
      '',
    ].join('\n');
  return made.map(section).join('\n');
}

const assigned = (own: Vars): readonly string[] =>
  Object.entries(own).map(([name, said]) => `${name}=${typeof said === 'string' ? said : python(said)}`);

/** One word for the reader of a host line. */
const quoted = (text: string): string => (/[\s"'\\#]/.test(text) ? `"${text.replaceAll(/["\\]/g, '\\$&')}"` : text);

function python(said: Value): string {
  if (said === null) return 'None';
  if (typeof said === 'boolean') return said ? 'True' : 'False';
  if (typeof said !== 'object') return typeof said === 'string' ? JSON.stringify(said) : String(said);
  if (Array.isArray(said)) return `[${said.map(python).join(', ')}]`;
  const pairs = Object.entries(said).map(([key, one]) => `${JSON.stringify(key)}: ${python(one)}`);
  return `{${pairs.join(', ')}}`;
}

function programText(made: readonly GroupMade[]): string {
  const names = made.flatMap(one => one.hosts).filter(host => !host.name.includes('['));
  const entries = made.map(one => [
    one.name,
    {
      hosts: one.hosts.map(host => host.name).filter(name => !name.includes('[')),
      children: one.children,
      vars: one.priority === null ? one.vars : { ...one.vars, ansible_group_priority: one.priority },
    },
  ]);
  const hostvars = Object.fromEntries(names.map(host => [host.name, host.vars]));
  return `#!/bin/sh\ncat <<'END'\n${JSON.stringify({ ...Object.fromEntries(entries), _meta: { hostvars } })}\nEND\n`;
}

const FORMATS = [
  ['hosts.yml', yamlText],
  ['hosts.yml', blockText],
  ['hosts', blockText],
  ['hosts', iniText],
  ['hosts.ini', iniText],
  ['fleet.sh', programText],
] as const;

const file = fc
  .tuple(fc.constantFrom(...FORMATS), groups)
  .map(([[name, write], made]) => ({ name, text: write(made) }));

/** group_vars and host_vars, in one of the two folders. */
const beside = fc.dictionary(
  fc
    .tuple(
      fc.constantFrom('inv', 'books'),
      fc.oneof(
        fc.constantFrom(...GROUPS, 'all', 'ungrouped').map(name => `group_vars/${name}`),
        fc.constantFrom('h1', 'w1', 'r2', 'x.example.org').map(name => `host_vars/${name}`),
      ),
      fc.constantFrom('.yml', '.yaml', '.json'),
    )
    .map(([folder, name, ending]) => `${folder}/${name}${name.includes('.') ? '.yml' : ending}`),
  vars.map(own => JSON.stringify(own)),
  { maxKeys: 4, noNullPrototype: true },
);

export const inventories: fc.Arbitrary<Case> = fc
  .tuple(fc.array(file, { minLength: 1, maxLength: 3 }), beside, fc.boolean())
  .map(([made, folders, asFolder]) => {
    // In a folder .ini is passed over; several files of one name would be one.
    const files = made.map(
      ({ name, text }, index) => [`inv/${index}${asFolder ? name.replace('.ini', '') : name}`, text] as const,
    );
    const sources = asFolder ? ['inv'] : files.map(([name]) => name);
    return {
      name: 'by chance',
      files: { ...Object.fromEntries(files), ...folders },
      sources,
      playbookFolder: 'books',
      extra: [],
      patterns: [],
      differs: null,
    };
  });

const term = fc.oneof(
  fc.constantFrom(...GROUPS, 'all', '*', 'h1', 'w1', 'r2', 'p09', 'la', 'x.example.org', 'nosuch'),
  fc.constantFrom(
    'w*',
    '*1',
    '?1',
    '[hw]1',
    '*.example.org',
    'e*',
    '~[hw]',
    '~.*[12]$',
    '~web|db',
    'r?',
    '*-*',
    '[!w]?',
  ),
);

export const patterns: fc.Arbitrary<string> = fc
  .tuple(term, fc.array(fc.tuple(fc.constantFrom(':', ':&', ':!'), term), { maxLength: 3 }))
  .map(([first, rest]) => first + rest.map(([sign, text]) => sign + text).join(''));
