// The keys of plays and tasks: those that are here, those that are planned, and those of Ansible that mean nothing
// here, with what to write instead. A table, so that the reference can be made of it; reading is for others.
import { type Diagnostic, problem } from '../text/diagnostic.ts';
import { didYouMean } from '../text/nearest.ts';
import type { Pair } from './node.ts';

const BECOME_KEYS = ['become', 'become_user', 'become_method'] as const;

export const PLAY_KEYS = [
  'name',
  'hosts',
  'serial',
  'order',
  'vars',
  'vars_files',
  'tasks',
  'handlers',
  'on_failure',
  'max_failures',
  'max_out',
  'tags',
  ...BECOME_KEYS,
] as const;

const COMMON_KEYS = ['name', 'when', 'tags', 'vars', 'ignore_errors', 'no_log', ...BECOME_KEYS] as const;
export const BLOCK_KEYS = [...COMMON_KEYS, 'block', 'rescue', 'always'] as const;
export const IMPORT_KEYS = [...COMMON_KEYS, 'import_tasks'] as const;
export const TASK_KEYS = [
  ...COMMON_KEYS,
  'notify',
  'listen',
  'register',
  'loop',
  'loop_control',
  'until',
  'retries',
  'delay',
  'changed_when',
  'failed_when',
  'timeout',
  'undo',
] as const;

const PLANNED_PLAY = [
  'waves',
  'strategy',
  'gather_facts',
  'vars_prompt',
  'pre_tasks',
  'post_tasks',
  'environment',
  'remote_user',
  'port',
  'max_fail_percentage',
  'any_errors_fatal',
  'throttle',
  'timeout',
  'run_once',
  'no_log',
  'roles',
  'return',
  'placement',
  'canary',
  'replan',
  'approve',
  'window',
  'gates',
  'on_event',
];
const PLANNED_TASK = [
  'once_per',
  'backoff',
  'ignore_unreachable',
  'environment',
  'delegate_to',
  'run_once',
  'throttle',
  'check_mode',
  'diff',
  'include_tasks',
];

const NOT_OURS_PLAY: Readonly<Record<string, string>> = {
  collections: 'leave it out: every step is built in',
  connection: 'leave it out: hosts are reached over SSH',
  module_defaults: 'give the arguments to each step, or keep them in a variable',
  force_handlers: 'leave it out: handlers survive a failure through the journal',
  gather_subset: 'leave it out: facts are read in one piece',
  gather_timeout: 'leave it out',
  fact_path: 'leave it out',
  ignore_errors: 'say it on a task or a block',
  ignore_unreachable: 'a host that can\'t be reached has failed: see "max_failures"',
  check_mode: 'run with --check',
  diff: 'run with --diff',
  debugger: 'leave it out',
  user: 'write "user" for the host in the inventory',
  become_flags: 'leave it out',
  become_exe: 'leave it out',
};

const NOT_OURS_TASK: Readonly<Record<string, string>> = {
  action: 'write the step itself as a key',
  local_action: 'tasks run on the hosts of the play',
  args: 'put the arguments under the step: "command: { argv: [...], creates: FILE }"',
  async: 'leave it out: long steps are watched by themselves; "timeout" limits them',
  poll: 'leave it out: long steps are watched by themselves',
  any_errors_fatal: 'say "max_failures: 0" in the play',
  connection: 'leave it out: hosts are reached over SSH',
  collections: 'leave it out: every step is built in',
  module_defaults: 'give the arguments to the step',
  delegate_facts: 'leave it out',
  debugger: 'leave it out',
  remote_user: 'write "user" for the host in the inventory',
  port: 'write "port" for the host in the inventory',
  include: 'write "import_tasks: FILE"',
  include_role: 'write "import_tasks: FILE"',
  import_role: 'write "import_tasks: FILE"',
  become_flags: 'leave it out',
  become_exe: 'leave it out',
};

/** Steps of the design that may not be in the catalogue yet. */
export const PLANNED_STEPS = [
  'be.update',
  'be.boot',
  'be.activate',
  'be.create',
  'be.destroy',
  'be.keep',
  'maintenance.begin',
  'maintenance.end',
  'zones.target',
  'zones.evacuate',
  'zones.return',
  'zones.start_stayed',
  'zones.migrate',
  'facts',
  'preflight',
  'zone.boot',
  'zone.shutdown',
  'zone.halt',
  'zone.attach',
  'zone.detach',
  'smf.enable',
  'smf.disable',
  'smf.restart',
  'smf.refresh',
  'smf.clear',
  'smf.set',
  'smf.wait',
  'pkg.install',
  'pkg.publisher',
  'zfs.snapshot',
  'host.reboot',
  'host.wait',
  'gate',
  'snapshot.take',
  'snapshot.compare',
  'command',
  'shell',
  'script',
  'copy',
  'template',
  'file',
  'lineinfile',
  'fetch',
  'stat',
  'assert',
  'fail',
  'debug',
  'pause',
  'wait_for',
  'set_fact',
  'include_vars',
  'notify.webhook',
];

/** Ansible's modules, and the step that does the like. */
export const LIKE_MODULES: Readonly<Record<string, string>> = {
  service: 'smf.enable',
  systemd: 'smf.enable',
  package: 'pkg.install',
  apt: 'pkg.install',
  yum: 'pkg.install',
  dnf: 'pkg.install',
  reboot: 'host.reboot',
  wait_for_connection: 'host.wait',
  ping: 'host.wait',
  setup: 'facts',
  raw: 'shell',
  blockinfile: 'lineinfile',
  uri: 'notify.webhook',
  zfs: 'zfs.snapshot',
};

export function wrongPlayKey(pair: Pair): Diagnostic {
  if (['block', 'when', 'register', 'import_tasks'].includes(pair.key)) {
    return problem(
      'unknown-key',
      pair.keySpan,
      `"${pair.key}" belongs to a task, not to a play`,
      'put it under "tasks:"',
    );
  }
  return wrongKey(pair, 'a play', { here: PLAY_KEYS, planned: PLANNED_PLAY, notOurs: NOT_OURS_PLAY });
}

/** @param here the keys that may stand in this place. */
export function wrongTaskKey(pair: Pair, what: string, here: readonly string[]): Diagnostic {
  if (pair.key.startsWith('with_')) {
    return problem(
      'not-ours',
      pair.keySpan,
      `"${pair.key}" is Ansible's older way to loop`,
      'write "loop:" with the list',
    );
  }
  return wrongKey(pair, what, { here, planned: PLANNED_TASK, notOurs: NOT_OURS_TASK });
}

/** Known to be a task's key of some kind, so not a step that nobody has. */
export function isTaskWord(key: string): boolean {
  const words: readonly string[] = [
    ...TASK_KEYS,
    ...BLOCK_KEYS,
    ...IMPORT_KEYS,
    ...PLANNED_TASK,
    ...Object.keys(NOT_OURS_TASK),
    'meta',
    'import_playbook',
  ];
  return words.includes(key) || key.startsWith('with_');
}

interface Tables {
  readonly here: readonly string[];
  readonly planned: readonly string[];
  readonly notOurs: Readonly<Record<string, string>>;
}

function wrongKey(pair: Pair, what: string, tables: Tables): Diagnostic {
  const { key, keySpan } = pair;
  if (tables.planned.includes(key)) return problem('not-yet', keySpan, `"${key}" is planned, not here yet`);
  const instead = Object.hasOwn(tables.notOurs, key) ? tables.notOurs[key] : undefined;
  if (instead !== undefined)
    return problem('not-ours', keySpan, `Ansible has "${key}", this language doesn't`, instead);
  const near = didYouMean(key, [...tables.here, ...tables.planned]);
  const help = near.length > 0 ? near : [`there are: ${[...new Set(tables.here)].join(', ')}`];
  return problem('unknown-key', keySpan, `${what} has no key "${key}"`, ...help);
}
