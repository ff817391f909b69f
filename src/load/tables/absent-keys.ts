// Ansible's keys that aren't keys here: where its users write them, and what to write instead. What is here stands in
// keys.ts.
import type { Place } from './keys.ts';

/** Ansible's keys that mean nothing here, and what to write instead. */
export interface AbsentKey {
  readonly key: string;
  /** `task`: wherever a list of tasks may have an entry, and on a role. */
  readonly on: Place;
  readonly instead: string;
}

const absent = (on: AbsentKey['on'], list: Readonly<Record<string, string>>): readonly AbsentKey[] =>
  Object.entries(list).map(([key, instead]) => ({ key, on, instead }));

const OLD_RIGHTS = {
  sudo: 'write "become: yes"',
  sudo_user: 'write "become_user"',
  su: 'write "become: yes" and "become_method: su"',
  su_user: 'write "become_user"',
} as const;
const HASHED = 'leave it out: hash the answer in a task of its own, as "shell:" with the answer in "stdin"';
const HOLDS_INSIDE = 'say it beside the include: what stands there holds for everything inside';

export const ABSENT_KEYS: readonly AbsentKey[] = [
  ...absent('play', {
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
    user: 'write "remote_user", or "user" for the host in the inventory',
    become_flags: 'leave it out',
    become_exe: 'leave it out',
    validate_argspec: 'leave it out; "assert" in a task checks what roles are given',
    ...OLD_RIGHTS,
  }),
  ...absent('task', {
    action: 'write the step itself as a key',
    local_action: 'put the machine into the inventory, and "delegate_to" its name',
    args: 'put the arguments under the step: "command: { argv: [...], creates: FILE }"',
    async: 'leave it out: long steps are watched by themselves; "timeout" limits them',
    poll: 'leave it out: long steps are watched by themselves',
    any_errors_fatal: 'write "any_errors_fatal: yes" in the play',
    connection: 'leave it out: hosts are reached over SSH',
    collections: 'leave it out: every step is built in',
    module_defaults: 'give the arguments to the step',
    delegate_facts: 'leave it out',
    debugger: 'leave it out',
    remote_user: 'say it in the play, or write "user" for the host in the inventory',
    port: 'say it in the play, or write "port" for the host in the inventory',
    include: 'write "import_tasks: FILE"',
    become_flags: 'leave it out',
    become_exe: 'leave it out',
    first_available_file: 'write "include_tasks: { file: …, from: [...] }", or a condition on each',
    ...OLD_RIGHTS,
  }),
  ...absent('loop_control', {
    extended: 'leave it out: "index_var" is the number; what else an item needs belongs into the list',
    extended_allitems: 'leave it out',
    break_when: 'make the list as long as it is to be, or put a condition on the task',
  }),
  ...absent('prompt', {
    encrypt: HASHED,
    salt: HASHED,
    salt_size: HASHED,
    unsafe: 'leave it out: an answer is never read as a template',
  }),
  ...absent('role name', {
    public:
      'leave it out: a role that is included keeps its variables to itself; write "import_role" where the whole play should have them',
    apply: HOLDS_INSIDE,
    handlers_from: 'put them into the file "main" of its folder "handlers"',
    allow_duplicates: 'leave it out: a role is done wherever a task names it',
    rolespec_validate: 'leave it out; "assert" in its first tasks checks what it is given',
  }),
  ...absent('include_tasks file', { apply: HOLDS_INSIDE }),
];
