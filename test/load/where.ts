// Where each code can arise at all, so that an empty cell of the table of codes and places has its reason.
import type { Code } from '../../src/text/diagnostic.ts';

interface Where {
  readonly only: string;
  /** Its drawing stands elsewhere. */
  readonly elsewhere?: string;
}

const PAGE = '; its drawing is that of its page in docs/diagnostics';

export const WHERE: Readonly<Record<Code, Where>> = {
  'file-missing': { only: 'where a file is named' },
  'yaml-syntax': { only: 'anywhere in a file: the reader of YAML knows no places; one file of each kind is drawn' },
  'bad-merge': { only: 'anywhere in a file: as above' },
  'bad-tag': { only: 'anywhere in a file: as above' },
  'duplicate-key': { only: 'in every mapping' },
  'wrong-type': { only: 'wherever a value has a type; an argument has bad-argument instead' },
  'missing-key': { only: 'where a key must be there, or stands without the one it belongs to' },
  'unknown-key': {
    only: 'in every mapping with known keys; where a task may name a step it is no-step or unknown-step',
  },
  'double-word': {
    only: 'where two keys say the same thing: run_once and once_per, waves and serial',
    elsewhere: PAGE,
  },
  'not-yet': { only: 'where keys, steps or variables are planned' },
  'not-ours': { only: 'where Ansible has keys or variables of its own' },
  'unknown-step': { only: 'where a step is named' },
  'no-step': { only: 'where a step is named, or can not be' },
  'bad-argument': { only: 'in arguments, and in words of meta' },
  'undefined-variable': {
    only: 'wherever a template or condition stands; those of an inventory are told where they are used',
  },
  'bad-name': { only: 'where a name is given' },
  'variable-cycle': { only: 'where variables are defined' },
  'bad-template': { only: 'wherever a template stands' },
  'template-in-quotes': { only: 'in what a shell reads' },
  'bad-condition': { only: 'wherever a condition stands' },
  'unknown-host': { only: 'where hosts are named' },
  'bad-pattern': { only: 'where a pattern stands' },
  'empty-selection': { only: 'where hosts are chosen' },
  'bad-inventory': { only: 'in inventories' },
  'bad-ini': { only: 'in inventories in the INI format', elsewhere: PAGE },
  'bad-ssh-config': { only: 'in SSH configurations, and where the inventory says what one could say', elsewhere: PAGE },
  'unknown-group': { only: 'in inventories in the INI format', elsewhere: PAGE },
  'bad-program': { only: 'where an inventory is a program', elsewhere: PAGE },
  'hidden-file': { only: 'where an inventory is a folder', elsewhere: PAGE },
  'group-cycle': { only: 'in inventories' },
  'import-cycle': { only: 'where files are imported', elsewhere: PAGE },
  'bad-extra': { only: 'in -e', elsewhere: PAGE },
  'unknown-tag': { only: 'in --tags and --skip-tags' },
  'unknown-handler': { only: 'in notify' },
  'bad-undo': { only: 'in undo', elsewhere: PAGE },
  'unguarded-bracket': { only: 'in the tasks of a play', elsewhere: PAGE },
};
