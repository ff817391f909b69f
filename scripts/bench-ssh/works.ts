// What is measured: each work, on how many hosts, with which delay, and by which runners. A runner is a line for bash;
// all are given as much at once as there are hosts.
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Fleet, here } from './fleet.ts';
import { playbook, type WorkName } from './playbooks.ts';

export interface Work {
  /** Its name in the results. */
  readonly id: string;
  readonly title: string;
  readonly work: WorkName;
  readonly hosts: number;
  readonly rttMs: number;
  /** Tasks a host. */
  readonly tasks: number;
  /** What it did is left there, and it is done again. */
  readonly again: boolean;
  /** At a terminal, and with its loop measured. */
  readonly watched: boolean;
  readonly runners: readonly RunnerName[];
}

export type RunnerName = 'zoneferry' | 'changes' | 'ssh2' | 'openssh' | 'clush' | 'fabric' | 'ansible' | 'mitogen';

/** What the others are measured by. */
export const BASE: RunnerName = 'ssh2';

const ALL: readonly RunnerName[] = ['zoneferry', 'ssh2', 'openssh', 'clush', 'fabric', 'ansible', 'mitogen'];
const without = (...names: readonly RunnerName[]): readonly RunnerName[] => ALL.filter(name => !names.includes(name));
const asked = (names: readonly RunnerName[]): readonly RunnerName[] => ['zoneferry', 'changes', ...names.slice(1)];

const plain = { rttMs: 0, again: false, watched: false, runners: ALL } as const;

export const WORKS: readonly Work[] = [
  {
    ...{ ...plain, id: 'w2', title: 'ten dependent commands on fifty hosts', work: 'w2', hosts: 50, tasks: 10 },
    runners: asked(ALL),
  },
  {
    ...{ id: 'w5', title: 'five commands on twenty hosts, one host at a time', work: 'w5', hosts: 20, tasks: 5 },
    ...{ ...plain, runners: asked(without('clush')) },
  },
  {
    ...{ ...plain, id: 'w3', title: 'five files of 4 KiB to twenty hosts', work: 'w3', hosts: 20, tasks: 5 },
    runners: asked(ALL),
  },
  {
    ...{ id: 'w3-again', title: 'the same files again, nothing to change', work: 'w3', hosts: 20, tasks: 5 },
    ...{ ...plain, again: true, runners: ['zoneferry', 'changes', 'ssh2', 'ansible', 'mitogen'] },
  },
  {
    ...plain,
    id: 'w1-100',
    title: 'one command on 100 hosts',
    work: 'w1',
    hosts: 100,
    tasks: 1,
    runners: ['zoneferry', 'ssh2'],
  },
  {
    ...plain,
    id: 'w4',
    title: '`sleep 2` on 100 hosts',
    work: 'w4',
    hosts: 100,
    tasks: 1,
    runners: without('mitogen'),
  },
  { ...plain, id: 'w1', title: 'one command on 200 hosts', work: 'w1', hosts: 200, tasks: 1 },
  {
    ...{ id: 'w2-delay', title: 'ten dependent commands on fifty hosts, 20 ms away', work: 'w2', hosts: 50, tasks: 10 },
    ...{ ...plain, rttMs: 20, runners: asked(ALL) },
  },
  {
    ...{ id: 'w5-delay', title: 'five commands on twenty hosts, one host at a time, 20 ms away', work: 'w5' },
    ...{ ...plain, hosts: 20, tasks: 5, rttMs: 20, runners: asked(without('clush')) },
  },
  {
    ...plain,
    id: 'open',
    title: 'one command on 1,000 hosts and a pause, all open, at a terminal',
    work: 'w6',
    hosts: 1000,
    tasks: 2,
    watched: true,
    runners: ['zoneferry'],
  },
];

const FIVE = [0, 1, 2, 3, 4];

/** By the figures of docs/performance.md each takes less than a quarter of an hour, with all runners. */
export const PARTS: readonly (readonly string[])[] = [
  ['w2', 'w5', 'w3', 'w3-again'],
  ['w1-100', 'w4', 'w1', 'open'],
  ['w2-delay', 'w5-delay'],
];

export type Lines = Readonly<Record<RunnerName, string>>;

/** Playbooks, inventory and configuration are written into the fleet's folder; the lines name them. */
export function linesFor({ work, hosts, watched }: Work, { folder }: Fleet): Lines {
  const at = (name: string): string => join(folder, 'work', name);
  const names = addresses(hosts);
  mkdirSync(at('files'), { recursive: true });
  for (const n of FIVE) copyFileSync(at(`f${n}`), at(`files/f${n}`));
  writeFileSync(at('hosts'), `${names.join('\n')}\n`);
  writeFileSync(at('inventory.ini'), inventory(names, folder));
  writeFileSync(at('zoneferry.yml'), playbook(work, 'zoneferry', folder));
  writeFileSync(at('changes.yml'), playbook(work, 'zoneferry-changes', folder));
  writeFileSync(at('ansible.yml'), playbook(work, 'ansible', folder));
  writeFileSync(at('ansible.cfg'), ansibleConfiguration(folder, hosts, ''));
  writeFileSync(at('mitogen.cfg'), ansibleConfiguration(folder, hosts, MITOGEN));
  const ansible = (config: string): string =>
    `ANSIBLE_CONFIG=${at(config)} ansible-playbook -i ${at('inventory.ini')} ${at('ansible.yml')}`;
  const program = `${folder}/zoneferry/bin/zoneferry.js run -i ${at('inventory.ini')} --yes`;
  const zoneferry = (book: string): string =>
    watched
      ? atTerminal(`node --import ${here}/probe.mjs ${program} -f ${hosts} ${at(book)}`)
      : `node ${program} ${at(book)}`;
  const words = `${folder} ${hosts} ${work}`;
  return {
    zoneferry: zoneferry('zoneferry.yml'),
    changes: zoneferry('changes.yml'),
    ssh2: `node ${here}/runners/bare-ssh2.mjs ${words}`,
    openssh: `${here}/runners/openssh.sh ${words}`,
    clush: clush(work, hosts, folder),
    fabric: `${here}/runners/with-fabric.py ${words}`,
    ansible: ansible('ansible.cfg'),
    mitogen: ansible('mitogen.cfg'),
  };
}

const atTerminal = (line: string): string => `script -qefc 'stty cols 120 rows 40; TERM=xterm ${line}' /dev/null`;

function inventory(names: readonly string[], folder: string): string {
  const vars = [
    'ansible_port=2222',
    'ansible_user=root',
    `ansible_ssh_private_key_file=${folder}/home/.ssh/id_ed25519`,
  ];
  return `[all]\n${names.join('\n')}\n[all:vars]\n${vars.join('\n')}\n`;
}

const MITOGEN =
  'strategy_plugins = /usr/lib/python3/dist-packages/ansible_mitogen/plugins/strategy\nstrategy = mitogen_linear\n';

function ansibleConfiguration(folder: string, forks: number, more: string): string {
  return `[defaults]
retry_files_enabled = False
forks = ${forks}
gathering = explicit
interpreter_python = /usr/bin/python3
${more}
[ssh_connection]
pipelining = True
control_path_dir = ${folder}/cm
ssh_args = -C -F ${folder}/ssh_config -o ControlMaster=auto -o ControlPersist=60s
`;
}

/** A call a command; with master connections, since one without them would log in anew each time. */
function clush(work: WorkName, hosts: number, folder: string): string {
  const say = (words: string): string =>
    `clush -q -S -f ${hosts} -o '-F ${folder}/ssh_config_mux' --hostfile ${folder}/work/hosts ${words}`;
  const dest = `${folder}/work/dest`;
  switch (work) {
    case 'w1':
      return say('true');
    case 'w3':
      return `${say(`mkdir -p ${dest}/%h`)} && ${say(`--copy ${FIVE.map(n => `${folder}/work/f${n}`).join(' ')} --dest ${dest}/`)}`;
    case 'w4':
      return say('sleep 2');
    default:
      return `for i in 0 1 2 3 4 5 6 7 8 9; do ${say('"echo step$i"')} >/dev/null || exit 1; done`;
  }
}

function addresses(hosts: number): readonly string[] {
  return Array.from({ length: hosts }, (_, n) => `10.77.${Math.floor(n / 250)}.${(n % 250) + 2}`);
}
