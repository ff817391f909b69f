// Variables of an inventory that would change how hosts are reached and that are not there yet, or are Ansible's alone.
import { type Diagnostic, problem } from '../../text/diagnostic.ts';
import type { Json } from '../../text/json.ts';
import { didYouMean } from '../../text/nearest.ts';
import type { Said, SaidVars } from '../expression/variables.ts';
import { CONNECTION_VARIABLES } from '../tables/connection-variables.ts';

const PLANNED = ['ansible_password', 'ansible_ssh_pass'];
/** Ansible's own business: kept as variables, of no use here. */
const HARMLESS = /^ansible_(python_interpreter|shell_\w+|group_priority|pipelining|remote_tmp|.*_interpreter)$/;

const OURS: ReadonlySet<string> = new Set(Object.values(CONNECTION_VARIABLES).flatMap(one => one.names));

export function foreignProblems(vars: SaidVars): readonly Diagnostic[] {
  const found: Diagnostic[] = [];
  for (const [name, said] of vars) {
    if (PLANNED.includes(name)) found.push(problem('not-yet', said.at, `"${name}" is planned, not here yet`));
    else if (name === 'ansible_connection') found.push(...kindProblem(said));
    else if (name.startsWith('ansible_') && !OURS.has(name) && !HARMLESS.test(name)) {
      const near = didYouMean(name, [...OURS]);
      found.push(problem('not-ours', said.at, `"${name}" is Ansible's and means nothing here`, ...near));
    }
  }
  return found;
}

/** Ansible's names for its own ways of SSH. They choose none of ours: each of these does what both of ours do. */
const SSH_KINDS: readonly Json[] = ['ssh', 'smart', 'paramiko', 'paramiko_ssh'];

function kindProblem({ value: kind, at }: Said): readonly Diagnostic[] {
  if (kind.is === 'known' && SSH_KINDS.includes(kind.json)) return [];
  const help = 'leave "ansible_connection" out; "transport: openssh" takes the ssh of this system';
  return [problem('not-ours', at, 'hosts are reached over SSH only', help)];
}
