// What Ansible itself gives to a playbook, and what is called so here: facts of a host, with or without `ansible_`, and
// names of the run. Only words for messages; what `facts` really holds stands in model/facts.ts.

const SOLARIS = 'leave it out: every host here is an Oracle Solaris 11.4';
const COMMAND = 'no fact says so: read it with "command: { cmd: …, reads: true }" and "register:"';
const OUT = 'leave it out: nothing here says so';

/** Members of `ansible_facts`, which are variables behind `ansible_`, too: the path here. */
const FACTS: Readonly<Record<string, string>> = {
  hostname: 'facts.os.nodename',
  nodename: 'facts.os.nodename',
  fqdn: 'facts.os.nodename',
  distribution_version: 'facts.os.version',
  kernel: 'facts.os.release',
  kernel_version: 'facts.os.version',
  architecture: 'facts.os.arch',
  machine: 'facts.os.platform',
  processor: 'facts.cpuClass',
  processor_vcpus: 'facts.cpus',
  processor_count: 'facts.cpus',
  processor_cores: 'facts.cpus',
  user_id: 'host.user',
};

/** Those that have no path of the same meaning, in words. */
const OTHERWISE: Readonly<Record<string, string>> = {
  ...{ os_family: SOLARIS, distribution: SOLARIS, system: SOLARIS, distribution_release: SOLARIS },
  ...{ distribution_major_version: SOLARIS, lsb: SOLARIS, pkg_mgr: SOLARIS, service_mgr: SOLARIS },
  memtotal_mb: 'write facts.memory.totalBytes, in bytes',
  memfree_mb: 'write facts.memory.freeBytes, in bytes',
  uptime_seconds: 'write facts.boot.time: when it booted, in seconds since 1970',
  date_time: 'write run.date, or facts.at: when the host was asked',
  ...{ default_ipv4: 'write host.address, or read it with "command: { cmd: ipadm show-addr, reads: true }"' },
  ...{ all_ipv4_addresses: COMMAND, default_ipv6: COMMAND, interfaces: COMMAND, dns: COMMAND, domain: COMMAND },
  ...{ mounts: COMMAND, devices: 'write facts.pools for storage pools', selinux: OUT, python: OUT },
  ...{ env: COMMAND, user_dir: COMMAND, user_shell: COMMAND, local: COMMAND, product_name: COMMAND },
  ...{ virtualization_type: COMMAND, virtualization_role: COMMAND, python_version: OUT },
};

/** Names of the run, all of them behind `ansible_`. */
const NAMES: Readonly<Record<string, string>> = {
  managed: 'write the words themselves at the top of the template',
  version: 'leave it out: "assert" facts.os.version if the host must be of some release',
  play_hosts: 'write groups.NAME',
  play_hosts_all: 'write groups.NAME',
  play_batch: 'write groups.NAME',
  play_name: 'write run.playbook, the file of the play',
  ...{ role_name: 'write the name itself', parent_role_names: 'write the name itself' },
  ...{ loop: 'write "loop_control: { index_var: NAME }" for its number', loop_var: 'write the name itself' },
  ...{ verbosity: OUT, diff_mode: OUT, run_tags: OUT, skip_tags: OUT, limit: OUT, forks: OUT },
  ...{ config_file: OUT, inventory_sources: OUT, playbook_python: OUT, search_path: OUT },
  failed_task: 'write failed.task',
  failed_result: 'write failed.message',
};

/** Paths of Ansible's and what they are here, for names and members written out. */
export const ANSIBLE_PATHS: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    Object.entries(FACTS).flatMap(([name, ours]) => [
      [`ansible_${name}`, ours],
      [`ansible_facts.${name}`, ours],
      [`ansible_facts.ansible_${name}`, ours],
    ]),
  ),
  inventory_hostname: 'host.name',
  inventory_hostname_short: 'host.name',
  ansible_host: 'host.address',
  ansible_user: 'host.user',
  ansible_port: 'host.port',
  group_names: 'host.groups',
  ansible_check_mode: 'run.check',
  playbook_dir: 'run.dir',
  'ansible_date_time.iso8601': 'run.date',
  'ansible_date_time.epoch': 'facts.clock',
  'ansible_failed_task.name': 'failed.task',
  'ansible_failed_result.msg': 'failed.message',
};

/** Names without `ansible_`. */
const PLAIN: Readonly<Record<string, string>> = {
  play_hosts: 'write groups.NAME',
  role_path: 'leave it out: files and templates of a role are found by their names',
  role_name: 'write the name itself',
  inventory_dir: OUT,
  inventory_file: OUT,
  omit: 'leave the argument out',
  item: '"item" is there where the task has a "loop"',
  failed: '"failed" is there inside "rescue"',
};

/** What to write for one of Ansible's names, given what stands behind its dots; null for a name that isn't Ansible's. */
export function insteadOfAnsible(path: readonly string[]): string | null {
  const [name = '', member] = path;
  const ours = longest(path);
  if (ours !== null) return `write ${ours}`;
  if (name === 'ansible_facts') return member === undefined ? 'write facts' : insteadOfFact(member);
  if (Object.hasOwn(PLAIN, name)) return PLAIN[name] ?? null;
  if (!name.startsWith('ansible_')) return null;
  const bare = name.slice('ansible_'.length);
  if (/^(?:ssh|become|connection|password|network|shell|python|remote)(?:_|$)/.test(bare)) return OUT;
  return (Object.hasOwn(NAMES, bare) ? NAMES[bare] : undefined) ?? insteadOfFact(bare);
}

function longest(path: readonly string[]): string | null {
  for (let length = path.length; length > 0; length -= 1) {
    const key = path.slice(0, length).join('.');
    if (Object.hasOwn(ANSIBLE_PATHS, key)) return ANSIBLE_PATHS[key] ?? null;
  }
  return null;
}

function insteadOfFact(name: string): string {
  const bare = name.replace(/^ansible_/, '');
  return (Object.hasOwn(OTHERWISE, bare) ? OTHERWISE[bare] : undefined) ?? COMMAND;
}
