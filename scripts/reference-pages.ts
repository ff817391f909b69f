// The pages of docs/reference and the schema, made of the tables that the program itself uses. Pure: reference.ts
// writes them, a test compares them with what is committed.
import {
  CONNECTION_VARIABLES,
  type ConnectionTakes,
  type ConnectionVariable,
} from '../src/load/tables/connection-variables.ts';
import { inventorySchema } from '../src/load/tables/inventory-schema.ts';
import { ABSENT_KEYS } from '../src/load/tables/absent-keys.ts';
import { KEYS, type KeyShape, type Place } from '../src/load/tables/keys.ts';
import { playbookSchema } from '../src/load/tables/playbook-schema.ts';
import { GIVEN_NAMES } from '../src/load/expression/shape.ts';
import { HELPERS } from '../src/load/expression/template-helpers.ts';
import { DOMAIN_VARIABLES } from '../src/load/inventory/domain-variables.ts';
import { PLACEMENT_VARIABLES } from '../src/load/inventory/placement-variables.ts';
import { ZONE_RULES, type ZoneRuleTakes } from '../src/load/tables/zone-rules.ts';
import { SSH_KEYWORDS, type SshKeyword } from '../src/load/tables/ssh-keywords.ts';
import type { Step } from '../src/model/step.ts';
import { type Field, fieldsOf } from '../src/report/step-fields.ts';
import { catalogue } from '../src/steps/catalogue.ts';
import { CODES } from '../src/text/diagnostic.ts';
import type { JsonObject } from '../src/text/json.ts';
import { never } from '../src/text/never.ts';

/** Path from the root of the repository -> text. */
export function referencePages(): Readonly<Record<string, string>> {
  return {
    'docs/reference/README.md': index(),
    'docs/reference/keys.md': keysPage(),
    'docs/reference/steps.md': stepsPage(),
    'docs/reference/helpers.md': helpersPage(),
    'docs/reference/variables.md': variablesPage(),
    'docs/reference/diagnostics.md': diagnosticsPage(),
    'docs/reference/inventory.md': inventoryPage(),
    'docs/reference/ssh.md': sshPage(),
    'schema/playbook.json': jsonFile(playbookSchema(catalogue)),
    'schema/inventory.json': jsonFile(inventorySchema()),
  };
}

const jsonFile = (schema: JsonObject): string => `${JSON.stringify(schema, null, 2)}\n`;

const page = (title: string, ...parts: readonly string[]): string => `${[`# ${title}`, ...parts].join('\n\n')}\n`;

/** Bars inside a cell would end it. */
const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`;
  return [line(head), `|${'---|'.repeat(head.length)}`, ...rows.map(line)].join('\n');
}

function index(): string {
  return page(
    'Reference',
    'Made of the tables that the program itself uses (`npm run reference`); a test fails when a page is stale.',
    [
      '- [Keys](keys.md) of plays, blocks, tasks and handlers',
      '- [Steps](steps.md) that a task may name, with their arguments and results',
      '- [Helpers](helpers.md) of templates',
      '- [Variables](variables.md) that are there without anybody defining them',
      '- [Diagnostics](diagnostics.md): every code, with a wrong and a right example',
      '- [Inventory](inventory.md): variables that say how a host is reached, and rules for zones',
      '- [SSH](ssh.md): what becomes of each keyword of an SSH configuration',
      '- `schema/playbook.json`, `schema/inventory.json`: the same for editors. Write `# yaml-language-server: $schema=PATH` on the first line of a file',
    ].join('\n'),
  );
}

const PLACES: readonly (readonly [title: string, place: Place])[] = [
  ['A play', 'play'],
  ['A task', 'task'],
  ['A handler', 'handler'],
  ['A block', 'block'],
  ['An import of tasks', 'import_tasks'],
  ['An include of tasks', 'include_tasks'],
  ['Its file', 'include_tasks file'],
  ['An import of a role', 'import_role'],
  ['An include of a role', 'include_role'],
  ['An entry of `roles`', 'role'],
  ['The role of an import or include', 'role name'],
  ['An import of plays', 'import_playbook'],
  ['A word to the runner', 'meta'],
  ['A step of `undo`', 'undo'],
  ['`loop_control`', 'loop_control'],
  ['An entry of `vars_prompt`', 'prompt'],
];

function keysPage(): string {
  const places = PLACES.flatMap(([title, place]) => placePart(title, place));
  const absent = table(
    ['key', 'of', 'instead'],
    ABSENT_KEYS.map(one => [`\`${one.key}\``, one.on, one.instead]),
  );
  return page('Keys', ...places, '## Keys of Ansible that are not here', absent);
}

function placePart(title: string, place: Place): readonly string[] {
  const keys = KEYS.filter(one => one.on.includes(place));
  if (keys.length === 0) return [];
  const rows = keys.map(one => [`\`${one.key}\``, takes(one.takes), one.says]);
  return [`## ${title}`, table(['key', 'takes', 'does'], rows)];
}

/** What a key takes, in a few words. */
function takes(shape: KeyShape): string {
  const orTemplate = 'placeholder' in shape && shape.placeholder ? ', or a template for it' : '';
  switch (shape.is) {
    case 'text':
      return 'a text';
    case 'texts':
      return shape.commas ? 'a text, a list of texts, or texts with commas' : 'a text or a list of texts';
    case 'duration':
      return 'a length of time: seconds, or `90s`, `45m`, `1h30m`';
    case 'conditions':
      return 'a condition or a list of conditions';
    case 'variables':
      return 'a mapping of names to values';
    case 'tasks':
      return 'a list of tasks';
    case 'list':
      return 'a list, or a template for one';
    case 'percent':
      return 'a share like `10%`';
    case 'any':
      return 'anything';
    case 'pattern':
      return 'a pattern or a list of patterns';
    case 'waves':
      return 'a number of hosts, a share like `25%`, or a list of them';
    case 'truth':
      return `yes or no${orTemplate}`;
    case 'count':
      return `a whole number, ${shape.least} or more${orTemplate}`;
    case 'number':
      return shape.to === null ? `a number, ${shape.from} or more` : `a number from ${shape.from} to ${shape.to}`;
    case 'one of':
      return shape.words.map(word => `\`${word}\``).join(', ');
    case 'some of':
      return `one or a list of ${shape.words.map(word => `\`${word}\``).join(', ')}`;
    case 'texts by name':
      return 'a mapping of names to texts';
    case 'mapping':
      return `a mapping (${shape.of})`;
    case 'mappings':
      return `a mapping or a list of mappings (${shape.of})`;
    case 'text or mapping':
      return `a text, or a mapping (${shape.of})`;
    case 'texts or mappings':
      return `a list of texts or mappings (${shape.of})`;
    default:
      return never(shape);
  }
}

function stepsPage(): string {
  const steps = [...catalogue.names].sort().flatMap(name => catalogue.get(name) ?? []);
  return page('Steps', 'The same at the command line: `zoneferry steps NAME`.', ...steps.flatMap(stepPart));
}

function stepPart(step: Step): readonly string[] {
  const bare =
    step.bareArgument === null ? [] : [`\`${step.name}: TEXT\` is short for its argument \`${step.bareArgument}\`.`];
  const reads = step.reads ? ['Changes nothing: really runs under `--check`.'] : [];
  const waits =
    step.undoNeeds.length === 0
      ? []
      : [`Its undo waits for the undo of ${step.undoNeeds.map(one => `\`${one}\``).join(', ')}.`];
  return [
    `## ${step.name}`,
    [`${step.summary}.`, ...bare, ...reads, ...waits].join(' '),
    ...fieldsPart('argument', fieldsOf(step.args())),
    ...fieldsPart('result', fieldsOf(step.returns())),
  ];
}

function fieldsPart(kind: 'argument' | 'result', fields: readonly Field[] | null): readonly string[] {
  if (fields === null) return [kind === 'argument' ? 'Takes any arguments.' : 'Its result may hold anything.'];
  if (fields.length === 0) return [];
  const rows = fields.map(({ name, type, required, standard, says }) =>
    kind === 'argument'
      ? [`\`${name}\``, type, required ? 'must be given' : (standard ?? ''), says]
      : [`\`${name}\``, type, says],
  );
  return [table(kind === 'argument' ? ['argument', 'type', 'default', 'is'] : ['result', 'type', 'is'], rows)];
}

function helpersPage(): string {
  const rows = HELPERS.map(({ name, says, example: [template, result] }) => [
    `\`${name}\``,
    says,
    `\`${template}\``,
    `\`${result}\``,
  ]);
  return page(
    'Helpers',
    'A helper stands before its operands: `{{join zones ", "}}`. Operands in parentheses are helpers themselves. In the examples `zones` is the list `evac1`, `evac2`, and `zone` is `evac1`. Besides them there are `#if`, `#unless`, `#each` and `#with`.',
    table(['helper', 'gives', 'example', 'comes to'], rows),
  );
}

function variablesPage(): string {
  const parts = GIVEN_NAMES.flatMap(({ name, says, members }) => [
    `## ${name}`,
    `${says[0]?.toUpperCase()}${says.slice(1)}.`,
    ...(members === null
      ? []
      : [
          table(
            ['member', 'is'],
            Object.entries(members).map(([member, is]) => [`\`${name}.${member}\``, is]),
          ),
        ]),
  ]);
  const elsewhere = [
    ['`item`', 'the item of a loop; `loop_control` may give it another name'],
    ['`failed`', 'inside `rescue`: `task` and `message` of what failed'],
  ];
  return page('Variables', ...parts, '## In some places only', table(['name', 'is'], elsewhere));
}

function inventoryPage(): string {
  const variables: readonly ConnectionVariable[] = Object.values(CONNECTION_VARIABLES);
  const rows = variables.map(({ names: [ours, ...others], takes, says }) => [
    `\`${ours}\``,
    others.map(one => `\`${one}\``).join(', '),
    connectionTakes(takes),
    says,
  ]);
  const placeVariables = Object.fromEntries(
    Object.entries(PLACEMENT_VARIABLES).map(([name, { says }]) => [name, says]),
  );
  const rules = Object.entries(ZONE_RULES).map(([name, { takes, says }]) => [
    `\`${name}\``,
    zoneRuleTakes(takes),
    says,
  ]);
  return page(
    'Inventory',
    'Variables of a host or group that say how the host is reached. Of two names for the same, ours is taken.',
    table(['variable', "Ansible's names", 'takes', 'is'], rows),
    '## Hosts as places for zones',
    'Variables of a host or group that the planner goes by.',
    table(
      ['variable', 'is'],
      Object.entries({ ...placeVariables, ...DOMAIN_VARIABLES }).map(([name, says]) => [`\`${name}\``, says]),
    ),
    '## zones',
    'Rules for zones stand under `zones:` at the top of an inventory, each under the name of a zone or a pattern (`web*`, `*` for all). What is said under its own name stands above what a pattern says, a longer pattern above a shorter one; `keep_apart` and `keep_together` add up.',
    table(['rule', 'takes', 'is'], rules),
  );
}

function zoneRuleTakes(takes: ZoneRuleTakes): string {
  switch (takes.is) {
    case 'host':
      return 'a host';
    case 'hosts':
      return 'hosts, groups, patterns: one or a list';
    case 'zones':
      return 'a zone, a pattern, or a list of them';
    case 'number':
      return 'a number';
    case 'truth':
      return 'yes or no';
    case 'text':
      return 'a text';
    case 'one of':
      return takes.words.map(word => `\`${word}\``).join(', ');
    default:
      return never(takes);
  }
}

function sshPage(): string {
  const those = (is: SshKeyword['is']) => SSH_KEYWORDS.filter(one => one.is === is);
  const rows = (is: 'honoured' | 'refused' | 'left-out') =>
    SSH_KEYWORDS.flatMap(one => (one.is === is ? [[`\`${one.name}\``, one.says]] : []));
  return page(
    'Keywords of SSH configurations',
    'What becomes of the keywords of ssh_config(5). How they fit in with an inventory is in [SSH](../ssh.md).',
    table(['honoured', ''], rows('honoured')),
    '## Refused',
    'Where one of these holds for a host, the inventory is wrong: without it we might reach another place, or trust more.',
    table(['keyword', 'says'], rows('refused')),
    '## Left out, with a warning',
    table(['keyword', 'says'], rows('left-out')),
    '## Of no bearing on a run',
    `${those('no-bearing')
      .map(one => `\`${one.name}\``)
      .join(', ')}.`,
  );
}

function connectionTakes(takes: ConnectionTakes): string {
  switch (takes.is) {
    case 'names':
      return 'a name or a list of names';
    case 'text':
      return 'a text';
    case 'path':
      return 'a path';
    case 'duration':
      return 'a length of time';
    case 'truth':
      return 'yes or no';
    case 'number':
      return `a ${takes.whole ? 'whole ' : ''}number from ${takes.from} to ${takes.to}`;
    case 'one of':
      return takes.words.map(word => `\`${word}\``).join(', ');
    default:
      return never(takes);
  }
}

function diagnosticsPage(): string {
  const rows = Object.entries(CODES).map(([code, means]) => [`[${code}](../diagnostics/${code}.md)`, means]);
  return page('Diagnostics', '`zoneferry explain CODE` shows the page of a code.', table(['code', 'means'], rows));
}
