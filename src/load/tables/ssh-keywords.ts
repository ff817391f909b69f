// The keywords of ssh_config(5) as one table: what becomes of each here. The reader of configurations, its messages and
// docs/reference/ssh.md follow from it. A keyword that would lead elsewhere, or to other trust, is never passed over.

export type SshKeyword =
  | { readonly name: string; readonly is: 'honoured'; readonly says: string }
  /** Without it we might reach another place, or trust more than its author wants: an error. */
  | { readonly name: string; readonly is: 'refused'; readonly says: string }
  /** Without it a login may fail, or look different: a warning. */
  | { readonly name: string; readonly is: 'left-out'; readonly says: string }
  /** Of no use to a run of commands: passed over. */
  | { readonly name: string; readonly is: 'no-bearing' };

const honoured = (name: string, says: string): SshKeyword => ({ name, is: 'honoured', says });
const refused = (name: string, says: string): SshKeyword => ({ name, is: 'refused', says });
const leftOut = (name: string, says: string): SshKeyword => ({ name, is: 'left-out', says });

const HONOURED = [
  honoured('Host', 'patterns with `*`, `?` and `!`'),
  honoured('Match', '`all`, `host`, `originalhost`, `user`, `localuser`, `canonical`, `final`, each also with `!`'),
  honoured('Include', 'wildcards and `~`; a relative path starts from `~/.ssh`, in the system file from `/etc/ssh`'),
  honoured('HostName', 'with `%h`; also for an address that the inventory names, as `ssh ADDRESS` would'),
  honoured('User', ''),
  honoured('Port', ''),
  honoured('IdentityFile', 'all that apply, in order; `none` for no file at all'),
  honoured('IdentitiesOnly', ''),
  honoured('IdentityAgent', '`none`, `SSH_AUTH_SOCK`, `$VARIABLE` or a path'),
  honoured('ProxyJump', 'chains of any length; the first hop may have a ProxyJump of its own; `none`'),
  honoured('ConnectTimeout', 'for the whole login'),
  honoured('ServerAliveInterval', '0 means ours, 15 s: a run must notice a host that is gone'),
  honoured('ServerAliveCountMax', ''),
  honoured('UserKnownHostsFile', 'new keys are added to the first; `none`'),
  honoured('GlobalKnownHostsFile', '`none`'),
  honoured(
    'StrictHostKeyChecking',
    '`yes`, `accept-new`; `ask` is `yes`; `no` and `off` are told and become `accept-new`: a changed key is always refused',
  ),
  honoured('HostKeyAlias', ''),
] as const;

const REFUSED = [
  refused('ProxyCommand', 'the way to the host'),
  refused('CanonicalizeHostname', 'which host is meant'),
  refused('RefuseConnection', 'that it is not to be connected to'),
  refused('RevokedHostKeys', 'which host keys are refused'),
] as const;

const LEFT_OUT = [
  leftOut('AddressFamily', 'which of its addresses a host is reached at'),
  leftOut('BindAddress', 'which of our addresses is used'),
  leftOut('BindInterface', 'which of our interfaces is used'),
  leftOut('CertificateFile', 'the certificate to log in with'),
  leftOut('Ciphers', 'the ciphers'),
  leftOut('HostKeyAlgorithms', 'the kinds of host keys'),
  leftOut('KexAlgorithms', 'the key exchange'),
  leftOut('KnownHostsCommand', 'which host keys are known'),
  leftOut('MACs', 'the message authentication'),
  leftOut('PKCS11Provider', 'keys on a token'),
  leftOut('PubkeyAcceptedAlgorithms', 'the signatures of the login'),
  leftOut('PubkeyAcceptedKeyTypes', 'the signatures of the login'),
  leftOut('PubkeyAuthentication', 'whether keys are used'),
  leftOut('RemoteCommand', 'what runs instead of our commands'),
  leftOut('SecurityKeyProvider', 'keys on a token'),
] as const;

const NO_BEARING = [
  ...['AddKeysToAgent', 'BatchMode', 'CanonicalDomains', 'CanonicalizeFallbackLocal', 'CanonicalizeMaxDots'],
  ...['CanonicalizePermittedCNAMEs', 'CASignatureAlgorithms', 'ChallengeResponseAuthentication', 'ChannelTimeout'],
  ...['CheckHostIP', 'ClearAllForwardings', 'Compression', 'ConnectionAttempts', 'ControlMaster', 'ControlPath'],
  ...['ControlPersist', 'DynamicForward', 'EnableEscapeCommandline', 'EnableSSHKeysign', 'EscapeChar'],
  ...['ExitOnForwardFailure', 'FingerprintHash', 'ForkAfterAuthentication', 'ForwardAgent', 'ForwardX11'],
  ...['ForwardX11Timeout', 'ForwardX11Trusted', 'GatewayPorts', 'GSSAPIAuthentication', 'GSSAPIDelegateCredentials'],
  ...['GSSAPIKeyExchange', 'GSSAPIClientIdentity', 'GSSAPIServerIdentity', 'GSSAPIRenewalForcesRekey'],
  ...['GSSAPITrustDns', 'GSSAPIKexAlgorithms', 'HashKnownHosts', 'HostbasedAcceptedAlgorithms'],
  ...['HostbasedAuthentication', 'IgnoreUnknown', 'IPQoS', 'KbdInteractiveAuthentication', 'KbdInteractiveDevices'],
  ...['LocalCommand', 'LocalForward', 'LogLevel', 'LogVerbose', 'NoHostAuthenticationForLocalhost'],
  ...['NumberOfPasswordPrompts', 'ObscureKeystrokeTiming', 'PasswordAuthentication', 'PermitLocalCommand'],
  ...['PermitRemoteOpen', 'PreferredAuthentications', 'ProxyUseFdpass', 'RekeyLimit'],
  ...['RemoteForward', 'RequestTTY', 'RequiredRSASize', 'SendEnv', 'SessionType', 'SetEnv', 'StdinNull'],
  ...['StreamLocalBindMask', 'StreamLocalBindUnlink', 'SyslogFacility', 'Tag', 'TCPKeepAlive', 'Tunnel'],
  ...['TunnelDevice', 'UpdateHostKeys', 'UseKeychain', 'VerifyHostKeyDNS', 'VersionAddendum', 'VisualHostKey'],
  ...['XAuthLocation', 'Protocol', 'UseRoaming', 'UsePrivilegedPort', 'RhostsRSAAuthentication', 'RSAAuthentication'],
].map((name): SshKeyword => ({ name, is: 'no-bearing' }));

export const SSH_KEYWORDS: readonly SshKeyword[] = [...HONOURED, ...REFUSED, ...LEFT_OUT, ...NO_BEARING];

const BY_NAME = new Map(SSH_KEYWORDS.map(one => [one.name.toLowerCase(), one]));

/** @param name in any case; null: OpenSSH has no such keyword. */
export function sshKeyword(name: string): SshKeyword | null {
  return BY_NAME.get(name.toLowerCase()) ?? null;
}
