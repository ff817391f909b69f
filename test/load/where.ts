// Where each code can arise, and why nowhere else: the reason of every empty cell of the table of codes and places.
import type { Code } from '../../src/text/diagnostic.ts';
import { type Kind, KINDS } from './places.ts';

interface Where {
  /** In each of them a wrong file is drawn. */
  readonly at: readonly Kind[];
  readonly only: string;
}

/** What is said on a task holds on each of these. */
const TASKS: readonly Kind[] = [
  ...(['task', 'handler', 'block', 'import_tasks', 'include_tasks', 'import_role', 'include_role', 'role'] as const),
];
/** A place that is new has to be drawn, or named here. */
const everywhereBut = (...kinds: readonly Kind[]): readonly Kind[] => KINDS.filter(kind => !kinds.includes(kind));

export const WHERE: Readonly<Record<Code, Where>> = {
  'file-missing': {
    at: [
      'play',
      'import_tasks',
      'include_tasks',
      'include_tasks file',
      'import_role',
      'include_role',
      'role name',
      'role',
      'import_playbook',
      'argument',
      'file of variables',
      'group',
      'host',
      'option',
    ],
    only: 'where a file is named',
  },
  'yaml-syntax': {
    at: ['argument', 'file of variables', 'folder of variables', 'group', 'option'],
    only: 'anywhere in a file: the reader of YAML knows no places; one file of each kind is drawn, and -e',
  },
  'bad-merge': { at: ['argument', 'file of variables', 'group'], only: 'anywhere in a file: as above' },
  'bad-tag': {
    at: ['argument', 'variables', 'file of variables', 'group', 'host'],
    only: 'anywhere in a file: as above',
  },
  'duplicate-key': {
    at: everywhereBut(
      'shell text',
      'template file',
      'folder of variables',
      'INI inventory',
      'inventory program',
      'SSH configuration',
      'option',
    ),
    only: 'in every mapping',
  },
  'wrong-type': {
    at: everywhereBut('argument', 'shell text', 'template file', 'SSH configuration', 'option'),
    only: 'wherever a value has a type; an argument has bad-argument instead',
  },
  'missing-key': {
    at: [
      'task',
      'handler',
      'include_tasks',
      'include_tasks file',
      'on_event',
      'include_role',
      'undo',
      'between',
      'prompt',
      'argument',
    ],
    only: 'where a key must be there, or stands without the one it belongs to',
  },
  'unknown-key': {
    at: everywhereBut(
      'block',
      'import_tasks',
      'include_tasks',
      'import_role',
      'include_role',
      'shell text',
      'template file',
      'variables',
      'file of variables',
      'folder of variables',
      'host',
      'INI inventory',
      'inventory program',
      'SSH configuration',
      'option',
    ),
    only: 'in every mapping with known keys; where a task may name a step it is no-step or unknown-step',
  },
  'double-word': {
    at: [...TASKS, 'play'],
    only: 'where two keys say the same thing: run_once and once_per, waves and serial',
  },
  'not-yet': {
    at: ['argument', 'group', 'host', 'INI inventory'],
    only: 'where steps or variables are planned',
  },
  'not-ours': {
    at: everywhereBut(
      'role',
      'import_playbook',
      'undo',
      'replan',
      'window',
      'on_event',
      'gates',
      'between',
      'argument',
      'shell text',
      'template file',
      'variables',
      'file of variables',
      'folder of variables',
      'zone rule',
      'SSH configuration',
      'option',
    ),
    only: 'where Ansible has keys or variables of its own',
  },
  'unknown-step': { at: ['task', 'handler', 'undo', 'argument'], only: 'where a step is named' },
  'no-step': {
    at: [
      'play',
      'task',
      'handler',
      'block',
      'import_tasks',
      'include_tasks',
      'import_role',
      'include_role',
      'meta',
      'undo',
    ],
    only: 'where a step is named, or can not be',
  },
  'bad-argument': { at: ['meta', 'between', 'argument'], only: 'in arguments, and in words of meta' },
  'undefined-variable': {
    at: everywhereBut(
      'replan',
      'window',
      'gates',
      'prompt',
      'folder of variables',
      'group',
      'host',
      'zone rule',
      'INI inventory',
      'inventory program',
      'SSH configuration',
      'option',
    ),
    only: 'wherever a template or condition stands; those of an inventory are told where they are used',
  },
  'bad-name': {
    at: everywhereBut(
      'include_tasks file',
      'role name',
      'meta',
      'undo',
      'replan',
      'window',
      'gates',
      'between',
      'shell text',
      'template file',
      'zone rule',
      'SSH configuration',
    ),
    only: 'where a name is given',
  },
  'variable-cycle': {
    at: [...TASKS, 'play', 'import_playbook', 'variables', 'file of variables', 'host'],
    only: 'where variables are defined',
  },
  'bad-template': {
    at: everywhereBut(
      'role name',
      'import_playbook',
      'replan',
      'window',
      'gates',
      'prompt',
      'folder of variables',
      'zone rule',
      'inventory program',
      'SSH configuration',
      'option',
    ),
    only: 'wherever a template stands',
  },
  'template-in-quotes': { at: ['shell text'], only: 'in what a shell reads' },
  'bad-condition': { at: [...TASKS, 'import_playbook', 'meta', 'argument'], only: 'wherever a condition stands' },
  'unknown-host': { at: ['play', 'zone rule', 'option'], only: 'where hosts are named' },
  'bad-pattern': { at: ['play', 'option'], only: 'where a pattern stands' },
  'empty-selection': { at: ['play', 'option'], only: 'where hosts are chosen' },
  'bad-inventory': { at: ['group', 'host', 'zone rule', 'INI inventory'], only: 'in inventories' },
  'bad-ini': { at: ['INI inventory'], only: 'in inventories in the INI format' },
  'bad-ssh-config': {
    at: ['group', 'host', 'SSH configuration'],
    only: 'in SSH configurations, and where the inventory says what one could say',
  },
  'unknown-group': { at: ['INI inventory'], only: 'in inventories in the INI format' },
  'bad-program': { at: ['inventory program'], only: 'where an inventory is a program' },
  'hidden-file': { at: ['folder of variables'], only: 'where an inventory is a folder' },
  'group-cycle': { at: ['group', 'INI inventory'], only: 'in inventories' },
  'import-cycle': {
    at: ['import_tasks', 'include_tasks', 'import_role', 'include_role', 'role', 'import_playbook'],
    only: 'where files are imported',
  },
  'bad-extra': { at: ['option'], only: 'in -e' },
  'unknown-tag': { at: ['option'], only: 'in --tags and --skip-tags' },
  'unknown-handler': { at: TASKS, only: 'in notify' },
  'bad-undo': { at: ['undo'], only: 'in undo' },
  'unguarded-bracket': { at: ['play'], only: 'in the tasks of a play as a whole' },
};
