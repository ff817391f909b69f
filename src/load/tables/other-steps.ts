// Steps by name that are not in the catalogue: those that are planned, and Ansible's modules with the step that does
// the like. Only words for messages; the steps themselves are handed in.

/** Steps that aren't here yet. */
export const PLANNED_STEPS = [
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
  'snapshot.take',
  'snapshot.compare',
  'notify.webhook',
];

const SERVICES = 'write "command: svcadm restart NAME", or enable, disable, refresh';
const PACKAGES = 'write "command: pkg install NAME"; an update of the whole system is the step "be.update"';

/** Ansible's modules that are not here, and what to write instead. */
export const INSTEAD_OF_MODULES: Readonly<Record<string, string>> = {
  service: SERVICES,
  systemd: SERVICES,
  systemd_service: SERVICES,
  package: PACKAGES,
  pkg5: PACKAGES,
  pkg5_publisher: 'write "command: pkg set-publisher -g URI NAME"',
  apt: PACKAGES,
  yum: PACKAGES,
  dnf: PACKAGES,
  pip: 'write "command: pip install NAME"',
  reboot: 'write "host.reboot: {}": it looks before, and proves the new boot after',
  wait_for_connection: 'write "host.wait: {}"',
  ping: 'write "host.wait: {}"',
  setup: 'write "facts: {}"; facts are there without it',
  gather_facts: 'write "facts: {}"; facts are there without it',
  raw: 'write "shell:" with the same text',
  expect: 'write "command:" with its answers in "stdin"',
  blockinfile: 'write a "lineinfile" for each line, or the whole file with "copy" or "template"',
  replace: 'write "lineinfile" with "regexp", or the whole file with "copy" or "template"',
  assemble: 'write the whole file with "template"',
  slurp: 'write "fetch", or "command: { argv: [cat, FILE], reads: true }"',
  get_url: 'write "command: curl -o FILE URL", with "creates: FILE"',
  uri: 'write "command: curl URL"',
  unarchive: 'write "command: tar xf FILE", with "chdir:" and "creates:"',
  git: 'write "command: git clone URL", with "creates:"',
  user: 'write "command: useradd NAME", with "unless: id NAME"',
  group: 'write "command: groupadd NAME", with "unless: getent group NAME"',
  cron: 'write "copy" into a file of /etc/cron.d, or "command: crontab FILE"',
  mount: 'write "command: mount FILESYSTEM"',
  zfs: 'write "command: zfs snapshot NAME", with an "undo:"',
  async_status: 'leave it out: long steps are watched by themselves',
  add_host: 'put the host into the inventory: a plan is made of hosts that are known before',
  find: 'write "command: { argv: [find, FOLDER, ...], reads: true }", and "register": its lines are NAME.stdout_lines',
  tempfile: 'write "command: mktemp", or a path of your own under /var/tmp',
  hostname: 'write "command: svccfg -s identity:node setprop config/nodename = NAME"',
  synchronize: 'write "copy" for a file, or "command: rsync ..." on one of the hosts',
  known_hosts: 'leave it out: the keys of hosts are asked and kept by the runner',
  set_stats: 'leave it out: what steps gave is in the journal ("zoneferry show RUN --json")',
  validate_argument_spec: 'write "assert" with conditions',
  group_by: 'put "when:" on the tasks, or the group into the inventory',
};
