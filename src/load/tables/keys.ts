// Every key of the language, each in one definition: where it may stand, what it takes, what it does. The reader, the reference and the JSON Schema are all made of this table; how a wrong key is told stands in
// wrong-keys.ts, what a key's value becomes in the readers.
import { OCCASION_WORDS } from '../../model/occasion.ts';
import { ABSENT_KEYS } from './absent-keys.ts';
import type { KeyDefinition, KeyShape, Place } from './key-shape.ts';

export type { KeyDefinition, KeyShape, Place };

export const STRATEGIES = ['linear', 'free'] as const;
export const ORDERS = ['inventory', 'reverse_inventory', 'sorted', 'reverse_sorted', 'least_loaded'] as const;
export const WAVES = ['auto'] as const;
export const APPROVE = ['first_wave', 'each_wave'] as const;
export const RETURNS = ['home', 'stay'] as const;
export const PLACEMENTS = ['spread', 'pack', 'as_set'] as const;
export const ON_FAILURE = ['rollback', 'rollback_all', 'hold', 'stop', 'continue'] as const;
const BECOME_METHODS = ['pfexec', 'sudo', 'su', 'none'] as const;
export const ONCE_PER = ['run', 'wave'] as const;
export const META_WORDS = ['flush_handlers', 'noop', 'end_host', 'end_batch', 'end_play'] as const;

const text: KeyShape = { is: 'text' };
const truth: KeyShape = { is: 'truth', placeholder: false };
const truthOrPlaceholder: KeyShape = { is: 'truth', placeholder: true };
const duration: KeyShape = { is: 'duration' };
const conditions: KeyShape = { is: 'conditions' };
const variables: KeyShape = { is: 'variables' };
const tasks: KeyShape = { is: 'tasks' };
const texts: KeyShape = { is: 'texts', commas: false };
const count = (least: number): KeyShape => ({ is: 'count', least, placeholder: false });

/** Places that hold tasks inside. */
const HOLDERS: readonly Place[] = ['block', 'import_tasks', 'include_tasks', 'import_role', 'include_role', 'role'];
/** Single tasks. */
const SINGLE: readonly Place[] = ['task', 'handler'];
/** What is said here holds for everything inside, until something inside says otherwise. */
const HANDED_DOWN: readonly Place[] = ['play', ...SINGLE, ...HOLDERS];

type Row = readonly [key: string, on: readonly Place[], takes: KeyShape, says: string];

const ROWS: readonly Row[] = [
  // Everywhere
  [
    'name',
    [...HANDED_DOWN.filter(place => place !== 'role'), 'import_playbook', 'meta', 'undo'],
    text,
    'what it is called in plans, views and reports',
  ],
  [
    'when',
    [...SINGLE, ...HOLDERS, 'meta'],
    conditions,
    'conditions, all of which must hold; asked once on entering where it holds tasks',
  ],
  [
    'tags',
    [...HANDED_DOWN, 'meta'],
    { is: 'texts', commas: true },
    'names for choosing tasks with --tags and --skip-tags; "always" and "never" mean what they say',
  ],
  ['vars', HANDED_DOWN, variables, 'variables of this place and of everything inside'],
  ['become', HANDED_DOWN, truth, 'run with the rights of another user'],
  ['become_user', HANDED_DOWN, text, 'whose rights; root unless said'],
  ['become_method', HANDED_DOWN, { is: 'one of', words: BECOME_METHODS }, 'how the rights are taken'],
  [
    'no_log',
    HANDED_DOWN,
    truth,
    'arguments and results are sealed in the journal and never shown, and so is whatever is made of the result',
  ],
  [
    'ignore_errors',
    [...SINGLE, ...HOLDERS],
    truthOrPlaceholder,
    'go on after a failure; what is owed to the host stays owed',
  ],
  // A play
  ['hosts', ['play'], { is: 'pattern' }, 'the hosts it works on: a pattern or a list of patterns'],
  ['serial', ['play'], { is: 'waves' }, 'how many hosts at once: a number, a share like "25%", or a list of them'],
  [
    'waves',
    ['play'],
    { is: 'one of', words: WAVES },
    'as many hosts at once as the fleet can spare: their zones have room elsewhere, also if one more host were lost',
  ],
  ['canary', ['play'], count(1), 'how many hosts go first, in a wave of their own'],
  [
    'order',
    ['play'],
    { is: 'one of', words: ORDERS },
    'in which order hosts take their turn; least_loaded: by the memory of their running zones',
  ],
  [
    'return',
    ['play'],
    { is: 'one of', words: RETURNS },
    'home: zones come back after their host; stay: they go to hosts that are done, and their home is there from then on',
  ],
  [
    'placement',
    ['play'],
    { is: 'one of', words: PLACEMENTS },
    'how zones choose their hosts, where "zones.evacuate" itself does not say',
  ],
  [
    'replan',
    ['play'],
    { is: 'mapping', of: 'replan' },
    'how far a later wave, planned again from fresh facts, may differ from the one that was approved before somebody is asked',
  ],
  ['zones', ['replan'], { is: 'percent' }, 'of the zones that move; 10% unless said'],
  ['bytes', ['replan'], { is: 'percent' }, 'of the memory that moves; 10% unless said'],
  [
    'approve',
    ['play'],
    { is: 'one of', words: APPROVE },
    'after the first wave (with "canary" that of the canary) or after each but the last, a person must say yes before the next one begins: at the terminal of the run; where nobody is to be asked it stops there, and "resume" is the yes; "--yes" is none',
  ],
  [
    'gates',
    ['play'],
    { is: 'mapping', of: 'gates' },
    'what must hold before the first wave, and between two; no limit of tags takes it away',
  ],
  [
    'before',
    ['gates'],
    { is: 'texts or mappings', of: 'task' },
    'asked once, before any host is touched: "fleet_preflight" (the preflight of every host at once), or tasks that only look, like { command: PROGRAM }, on the first host or where "delegate_to" says; what does not hold refuses the play',
  ],
  [
    'between',
    ['gates'],
    { is: 'mapping', of: 'between' },
    'asked of the hosts of each wave at its end: what does not hold is a failure of that host',
  ],
  [
    'checks',
    ['between'],
    { is: 'texts', commas: false },
    'what must be so on each host of the wave: those of the step "gate"',
  ],
  ['consecutive', ['between'], count(1), 'good looks in a row, as in the step "gate"'],
  ['every', ['between'], duration, 'between two looks, as in the step "gate"'],
  ['within', ['between'], duration, 'when it gives up, as in the step "gate"'],
  ['floor', ['between'], text, 'for "memory_floor", as in the step "gate"'],
  [
    'soak',
    ['between'],
    duration,
    'so long after the wave the checks must hold again; not after the last wave, nor under --check',
  ],
  ['approve', ['between'], { is: 'one of', words: APPROVE }, 'the same as beside "gates"'],
  [
    'window',
    ['play'],
    { is: 'mapping', of: 'window' },
    'the time of day in which a wave may begin; outside of it the run stops before the next one and may be resumed',
  ],
  ['from', ['window'], text, 'when it opens, like "22:00"'],
  ['to', ['window'], text, 'when it ends; on the next day when that is not after "from"'],
  ['timezone', ['window'], text, 'whose clock that is, like Europe/Berlin'],
  ['drain', ['window'], duration, 'no wave begins in this time before the end; none unless said'],
  [
    'on_event',
    ['play'],
    { is: 'mappings', of: 'on_event' },
    'who is told over the web of what happens, see docs/webhooks.md; nobody under --check',
  ],
  ['on', ['on_event'], { is: 'some of', words: OCCASION_WORDS }, 'what is told, a word or several'],
  [
    'url',
    ['on_event'],
    text,
    'the http or https address that is posted to; known when the run starts, and shown by nothing but for its host',
  ],
  [
    'headers',
    ['on_event'],
    { is: 'texts by name' },
    'headers beside those that every message has; their values are secrets, too',
  ],
  ['vars_files', ['play'], texts, 'files of variables, the later winning'],
  ['tasks', ['play'], tasks, 'what is done, in this order'],
  [
    'handlers',
    ['play'],
    tasks,
    'what is done once at the end of a section when a task that notifies it changed something',
  ],
  [
    'on_failure',
    ['play'],
    { is: 'one of', words: ON_FAILURE },
    'what becomes of a host that failed, and of the others',
  ],
  ['max_failures', ['play'], count(0), 'how many hosts may fail before no further one is started'],
  ['max_out', ['play'], count(1), 'how many hosts may be closed or down at any instant'],
  // A single task
  ['notify', SINGLE, texts, 'handlers, or topics they listen to, that are due when this changed something'],
  ['listen', SINGLE, texts, 'topics that stand for this handler besides its name'],
  ['register', SINGLE, text, 'the name of its result for everything after it on this host'],
  ['loop', SINGLE, { is: 'list' }, 'do it once for each item of a list'],
  ['loop_control', SINGLE, { is: 'mapping', of: 'loop_control' }, 'how the loop names, labels and spaces its items'],
  ['until', SINGLE, conditions, 'try again until these hold'],
  ['retries', SINGLE, { is: 'count', least: 0, placeholder: true }, 'how often it is tried again; 3 unless said'],
  ['delay', SINGLE, duration, 'how long between two tries; 5 s unless said'],
  ['changed_when', SINGLE, conditions, 'whether it counts as changed'],
  ['failed_when', SINGLE, conditions, 'whether it counts as failed; what it owes the host stays'],
  ['timeout', SINGLE, duration, 'time limit of the whole action'],
  ['undo', SINGLE, { is: 'mappings', of: 'undo' }, 'steps that put this task back, fixed before it runs'],
  // Tasks that hold tasks
  ['block', ['block'], tasks, 'tasks with common keys'],
  ['rescue', ['block'], tasks, 'done when a task of the block failed; then the host has not failed'],
  ['always', ['block'], tasks, 'done in any case, before the host goes back'],
  ['import_tasks', ['import_tasks'], text, 'the tasks of a file, in this place'],
  ['import_playbook', ['import_playbook'], text, 'the plays of a file, in this place'],
  ['meta', ['meta'], { is: 'one of', words: META_WORDS }, 'a word to the runner itself'],
  // Loops
  ['loop_var', ['loop_control'], text, 'the name of the item; "item" unless said'],
  ['index_var', ['loop_control'], text, 'a name for its number, counted from 0'],
  ['label', ['loop_control'], text, 'what is shown for an item'],
  ['pause', ['loop_control'], duration, 'how long between two items'],
  [
    'strategy',
    ['play'],
    { is: 'one of', words: STRATEGIES },
    'linear: hosts wait for one another at each task; free: they do not',
  ],
  ['pre_tasks', ['play'], tasks, 'done before roles and tasks, their handlers too'],
  ['post_tasks', ['play'], tasks, 'done after tasks and their handlers'],
  [
    'max_fail_percentage',
    ['play'],
    { is: 'number', from: 0, to: 100 },
    'max_failures as a share of the hosts of the play; exceeded means greater',
  ],
  ['any_errors_fatal', ['play'], truth, 'one failed host fails every host of its wave'],
  [
    'environment',
    HANDED_DOWN,
    { is: 'texts by name' },
    'environment variables of every command; LANG and LC_* only of those that the task itself names, since the others are read',
  ],
  ['ignore_unreachable', [...SINGLE, ...HOLDERS], truth, 'go on when nothing could be sent'],
  ['delegate_to', [...SINGLE, ...HOLDERS], text, 'do it on another host; failure and undo stay with this one'],
  ['run_once', HANDED_DOWN, truth, 'once a run, on the first host; all others see the result'],
  [
    'once_per',
    [...SINGLE, ...HOLDERS],
    { is: 'one of', words: ONCE_PER },
    'once a run or once a wave, on the first host',
  ],
  ['throttle', HANDED_DOWN, count(0), 'on how many hosts at once, at most; 0: no limit'],
  ['timeout', ['play', ...HOLDERS], duration, 'time limit of each action inside'],
  ['check_mode', [...SINGLE, ...HOLDERS], truth, 'yes: only say what would change; no: really run even under --check'],
  ['diff', [...SINGLE, ...HOLDERS], truth, 'tell what changes in files, whatever --diff says'],
  ['notify', HOLDERS, texts, 'handlers that are due when a task inside changed something'],
  ['backoff', SINGLE, { is: 'number', from: 1, to: null }, 'each wait between two tries is the one before times this'],
  [
    'include_tasks',
    ['include_tasks'],
    { is: 'text or mapping', of: 'include_tasks file' },
    'the tasks of a file that is chosen when its turn comes',
  ],
  ['file', ['include_tasks file'], text, 'the file; may rest on variables'],
  ['from', ['include_tasks file'], texts, 'every file it may come to be: all are read and checked before the run'],
  ['loop', ['include_tasks', 'include_role'], { is: 'list' }, 'do all of it once for each item of a list'],
  [
    'loop_control',
    ['include_tasks', 'include_role'],
    { is: 'mapping', of: 'loop_control' },
    'how the loop names its items',
  ],
  [
    'gather_facts',
    ['play'],
    truth,
    'read the facts of every host before its wave; otherwise only where something asks for them',
  ],
  ['vars_prompt', ['play'], { is: 'mappings', of: 'prompt' }, 'variables asked for at the start'],
  ['remote_user', ['play'], text, 'who logs in where the inventory does not say'],
  ['port', ['play'], count(1), 'the SSH port where the inventory does not say'],
  ['roles', ['play'], { is: 'texts or mappings', of: 'role' }, 'roles, done before tasks'],
  ['import_role', ['import_role'], { is: 'text or mapping', of: 'role name' }, 'the tasks of a role, in this place'],
  ['include_role', ['include_role'], { is: 'text or mapping', of: 'role name' }, 'the same; may be looped over'],
  ['when', ['import_playbook'], conditions, 'conditions of every task of these plays'],
  ['tags', ['import_playbook'], { is: 'texts', commas: true }, 'tags of every task of these plays'],
  ['vars', ['import_playbook'], variables, 'variables of these plays'],
  ['name', ['prompt'], text, 'the variable'],
  ['prompt', ['prompt'], text, 'what is asked; the name unless said'],
  ['default', ['prompt'], text, 'the answer when none is given'],
  ['private', ['prompt'], truth, 'the answer is a secret: not shown, sealed in the journal; yes unless said'],
  ['confirm', ['prompt'], truth, 'it is asked twice'],
  ['role', ['role'], text, 'the name of the role, or the path of its folder'],
  ['name', ['role', 'role name'], text, 'the name of the role, or the path of its folder'],
  ['tasks_from', ['role name'], text, 'a file of its folder "tasks" instead of "main"'],
  ['vars_from', ['role name'], text, 'a file of its folder "vars" instead of "main"'],
  ['defaults_from', ['role name'], text, 'a file of its folder "defaults" instead of "main"'],
];

export const KEYS: readonly KeyDefinition[] = ROWS.map(([key, on, takes, says]) => ({ key, on, takes, says }));

/** What an entry of a list of tasks may be. */
export const TASK_PLACES: readonly Place[] = [
  'task',
  'handler',
  'block',
  'import_tasks',
  'include_tasks',
  'import_role',
  'include_role',
  'meta',
];

/** Keys of a task of some kind, here or in Ansible: no variable of a role is called so, and no step. */
export const TASK_WORDS: readonly string[] = [
  ...KEYS.filter(one => one.on.some(place => TASK_PLACES.includes(place))).map(one => one.key),
  ...ABSENT_KEYS.filter(one => one.on === 'task').map(one => one.key),
  'import_playbook',
];

/** Keys that Ansible takes for modules: its users write them with the name of its own collection, too. */
export const KEYS_LIKE_MODULES = [
  'import_tasks',
  'include_tasks',
  'import_role',
  'include_role',
  'meta',
  'import_playbook',
] as const;

export const BUILTIN = /^ansible\.(?:builtin|legacy)\./;

const names = new Map<Place, readonly string[]>();

/** The keys that may stand in a place, each once. */
export function keysOn(place: Place): readonly string[] {
  const known = names.get(place);
  if (known !== undefined) return known;
  const made = [...new Set(KEYS.filter(one => one.on.includes(place)).map(one => one.key))];
  names.set(place, made);
  return made;
}
