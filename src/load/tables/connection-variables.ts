// The variables that say how a host is reached: our names, Ansible's for the same, what they take. A table for the
// reader of connections, the reference and the schema; what their values become is in connection.ts.

export type ConnectionTakes =
  /** A list, or a text with commas. */
  | { readonly is: 'names' }
  | { readonly is: 'text' | 'path' | 'duration' | 'truth' }
  | { readonly is: 'number'; readonly from: number; readonly to: number; readonly whole: boolean }
  | { readonly is: 'one of'; readonly words: readonly string[] };

export interface ConnectionVariable {
  /** Ours first; of two that are said, the one that stands first is taken. */
  readonly names: readonly string[];
  readonly takes: ConnectionTakes;
  readonly says: string;
}

const text = { is: 'text' } as const;
const path = { is: 'path' } as const;

export const TRANSPORTS = ['ssh2', 'openssh'] as const;
export const HOST_KEY_POLICIES = ['yes', 'accept-new'] as const;
export const INVENTORY_BECOME_METHODS = ['none', 'pfexec', 'sudo', 'su'] as const;
export const PORTS = { is: 'number', from: 1, to: 65_535, whole: true } as const;
export const TIME_SCALES = { is: 'number', from: 0.001, to: 1_000_000, whole: false } as const;

export const CONNECTION_VARIABLES = {
  transport: {
    names: ['transport'],
    takes: { is: 'one of', words: TRANSPORTS },
    says: "openssh: by this system's ssh, for certificates, security keys, GSSAPI; ssh2, the built-in one, unless said",
  },
  address: {
    names: ['address', 'ansible_host', 'ansible_ssh_host'],
    takes: text,
    says: 'where the host is reached; its name unless said',
  },
  port: { names: ['port', 'ansible_port', 'ansible_ssh_port'], takes: PORTS, says: 'the SSH port; 22 unless said' },
  user: { names: ['user', 'ansible_user', 'ansible_ssh_user'], takes: text, says: 'who logs in' },
  identityFile: {
    names: ['identity_file', 'ansible_ssh_private_key_file', 'ansible_private_key_file'],
    takes: path,
    says: 'the one private key to log in with; a relative path starts from the file that names it',
  },
  knownHosts: { names: ['known_hosts'], takes: path, says: 'the file of known host keys' },
  hostKeyPolicy: {
    names: ['host_key_policy'],
    takes: { is: 'one of', words: HOST_KEY_POLICIES },
    says: 'yes: only hosts whose key is known; accept-new: the first key of a host is believed',
  },
  connectTimeout: {
    names: ['connect_timeout', 'ansible_timeout', 'ansible_ssh_timeout'],
    takes: { is: 'duration' },
    says: 'how long a login may take; 10 s unless said',
  },
  jump: {
    names: ['jump'],
    takes: { is: 'names' },
    says: 'the hosts that are passed on the way, in this order: names of this inventory or [user@]host[:port]; none: straight there',
  },
  sshConfig: {
    names: ['ssh_config'],
    takes: path,
    says: "the SSH configuration instead of ~/.ssh/config and the system's; none: no such file",
  },
  sshArgs: { names: ['ansible_ssh_args'], takes: text, says: 'arguments for ssh: -o, -J, -F, -i, -l and -p' },
  sshCommonArgs: { names: ['ansible_ssh_common_args'], takes: text, says: 'more of them' },
  sshExtraArgs: { names: ['ansible_ssh_extra_args'], takes: text, says: 'more of them' },
  timeScale: {
    names: ['time_scale'],
    takes: TIME_SCALES,
    says: 'how much faster than ours the clock of a simulated host goes; 1 on a real one',
  },
  become: {
    names: ['become', 'ansible_become'],
    takes: { is: 'truth' },
    says: 'whether commands take the rights of another user; yes unless root logs in',
  },
  becomeMethod: {
    names: ['become_method', 'ansible_become_method'],
    takes: { is: 'one of', words: INVENTORY_BECOME_METHODS },
    says: 'how; pfexec unless said',
  },
  becomePassword: {
    names: ['become_password', 'ansible_become_password', 'ansible_become_pass'],
    takes: text,
    says: 'what sudo is told when it asks; shown nowhere, kept nowhere, and no template can name it',
  },
  becomeUser: { names: ['become_user', 'ansible_become_user'], takes: text, says: 'whose rights; root unless said' },
} as const satisfies Readonly<Record<string, ConnectionVariable>>;

/** The keyword of an SSH configuration that says the same, in lower case. */
export const KEYWORD_OF: Readonly<Partial<Record<string, string>>> = {
  address: 'hostname',
  port: 'port',
  user: 'user',
  identityFile: 'identityfile',
  knownHosts: 'userknownhostsfile',
  hostKeyPolicy: 'stricthostkeychecking',
  connectTimeout: 'connecttimeout',
  jump: 'proxyjump',
} satisfies Partial<Record<keyof typeof CONNECTION_VARIABLES, string>>;
