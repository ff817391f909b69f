// Ansible's own variables that have another name here, as paths: what is written in their place. The words of messages
// about a name that stands alone are in playbook/names.ts.
import type { Jinja } from './jinja.ts';

const PATHS: Readonly<Record<string, string>> = {
  inventory_hostname: 'host.name',
  inventory_hostname_short: 'host.name',
  ansible_hostname: 'facts.os.nodename',
  'ansible_facts.hostname': 'facts.os.nodename',
  'ansible_facts.nodename': 'facts.os.nodename',
  ansible_nodename: 'facts.os.nodename',
  ansible_host: 'host.address',
  ansible_user: 'host.user',
  ansible_port: 'host.port',
  group_names: 'host.groups',
  ansible_check_mode: 'run.check',
  playbook_dir: 'run.dir',
  'ansible_date_time.iso8601': 'run.date',
  ansible_distribution_version: 'facts.os.version',
  'ansible_facts.distribution_version': 'facts.os.version',
  ansible_kernel: 'facts.os.release',
  'ansible_facts.kernel': 'facts.os.release',
  ansible_architecture: 'facts.os.arch',
  'ansible_facts.architecture': 'facts.os.arch',
  ansible_processor_vcpus: 'facts.cpus',
  'ansible_facts.processor_vcpus': 'facts.cpus',
  'ansible_failed_task.name': 'failed.task',
  'ansible_failed_result.msg': 'failed.message',
};

/** Names and members as they are called here, each as long a path as is known; everything else as it is. */
export function pathOf(node: Jinja): readonly string[] | null {
  const written = writtenPath(node);
  if (written === null) return null;
  for (let length = written.length; length > 0; length -= 1) {
    const key = written.slice(0, length).join('.');
    const ours = Object.hasOwn(PATHS, key) ? PATHS[key] : undefined;
    if (ours !== undefined) return [...ours.split('.'), ...written.slice(length)];
  }
  return written;
}

function writtenPath(node: Jinja): readonly string[] | null {
  if (node.is === 'name') return [node.name];
  const member = memberOf(node);
  if (member === null) return null;
  const above = writtenPath(member.of);
  return above === null ? null : [...above, member.name];
}

/** `.name`, `['name']` and `[0]` alike. */
export function memberOf(node: Jinja): { readonly of: Jinja; readonly name: string } | null {
  if (node.is === 'member') return node;
  if (node.is !== 'item' || node.index.is !== 'literal' || node.index.kind === 'constant') return null;
  const { kind, written } = node.index;
  return { of: node.of, name: kind === 'text' ? written.slice(1, -1) : written };
}
