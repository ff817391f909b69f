// The way to a host, out of the inventory and an SSH configuration together. What an SSH configuration means by itself is
// compared with ssh in test/openssh/ssh-config.test.ts.
import { expect } from 'chai';
import { loadInventory } from '../../src/load/inventory/inventory.ts';
import type { Connection } from '../../src/model/inventory.ts';
import type { Surroundings } from '../../src/model/ports.ts';
import { memoryFiles } from './kit.ts';

const HOME = '/home/maria';
const AROUND: Surroundings = {
  ...{ home: HOME, user: 'maria', uid: 501, host: 'desk.example.com' },
  env: name => (name === 'KEYS' ? '/keys' : null),
};

async function load(hosts: string, config = '', more: Readonly<Record<string, string>> = {}) {
  const files = memoryFiles({ 'hosts.yml': hosts, [`${HOME}/.ssh/config`]: config, ...more });
  const { inventory, diagnostics } = await loadInventory(files, ['hosts.yml'], { around: AROUND });
  const told = diagnostics.map(
    one => `${one.severity} ${one.code} ${one.span.file.replace(HOME, '~')}:${one.span.line}`,
  );
  const ways: Readonly<Record<string, Connection>> = Object.fromEntries(
    (inventory?.hosts ?? []).map(host => [host.name, host.connection]),
  );
  return { ways, told, help: diagnostics.flatMap(one => one.help) };
}

const passed = (way: Connection | undefined): string =>
  (way?.jump ?? []).map(hop => `${hop.user}@${hop.address}:${hop.port}`).join(' ');

describe('the way to a host', () => {
  it('is what the inventory says, then the configuration, then what ssh would do', async () => {
    const { ways, told } = await load(
      'g: { hosts: { bjork: { user: root, connect_timeout: 3s }, evac1: {} } }',
      'Host bjork evac1\n  HostName %h.example.com\n  User maint\n  Port 2222\n  ConnectTimeout 9\n' +
        '  IdentityFile ${KEYS}/%u@%n-%r\n  UserKnownHostsFile ~/known-%p /k2\n  HostKeyAlias %h\n',
    );
    expect(told).to.deep.equal([]);
    expect(ways['bjork']).to.include({
      address: 'bjork.example.com',
      port: 2222,
      user: 'root',
      connectTimeoutMs: 3000,
    });
    expect(ways['bjork']?.become.method).to.equal('none');
    expect(ways['evac1']).to.deep.include({
      ...{ user: 'maint', connectTimeoutMs: 9000, identityFiles: ['/keys/maria@evac1-maint'] },
      knownHosts: ['~/known-2222', '/k2', '/etc/ssh/ssh_known_hosts', '/etc/ssh/ssh_known_hosts2'],
    });
    expect((await load('g: { hosts: { bjork: {} } }')).ways['bjork']).to.include({ user: 'maria', port: 22 });
  });

  it('leads through hosts of the inventory as they are reached, and through others as ssh would', async () => {
    const { ways, told } = await load(
      `g:
  hosts:
    bjork: { jump: [gate, root@inner:2200] }
    evac1: { jump: "gate,other" }
    evac2: { jump: none }
    evac3: { ansible_ssh_common_args: '-J other -o ServerAliveInterval=5' }
    evac4: {}
    gate: { address: 10.0.0.1, user: maint, identity_file: /keys/gate, jump: first }
`,
      'Host first other\n  Port 2022\nHost evac*\n  ProxyJump wrong\nHost evac4\n  ProxyCommand never\n',
    );
    expect(told).to.deep.equal([]);
    expect(passed(ways['bjork'])).to.equal('maria@first:2022 maint@10.0.0.1:22 root@inner:2200');
    expect(ways['bjork']?.jump[1]?.identityFiles).to.deep.equal(['/keys/gate']);
    expect(passed(ways['evac1'])).to.equal('maria@first:2022 maint@10.0.0.1:22 maria@other:2022');
    expect(ways['evac2']?.jump).to.deep.equal([]);
    expect([passed(ways['evac3']), ways['evac3']?.keepalive.everyMs]).to.deep.equal(['maria@other:2022', 5000]);
    expect(passed(ways['evac4'])).to.equal('maria@wrong:22');
  });

  it('through a ProxyCommand is a jump where it is one in other words, and else told', async () => {
    const jump = 'Host bjork\n  ProxyCommand ssh -q -W %h:%p maint@gate:7\n';
    expect(passed((await load('g: { hosts: { bjork: {} } }', jump)).ways['bjork'])).to.equal('maint@gate:7');
    const other = 'Host bjork\n  ProxyCommand nc -x proxy %h %p\n  CertificateFile ~/c\n';
    const { told, help } = await load('g: { hosts: { bjork: {} } }', other);
    expect(told).to.deep.equal(['error bad-ssh-config ~/.ssh/config:2', 'warning bad-ssh-config ~/.ssh/config:3']);
    expect(help.join()).to.include('transport: openssh');
    expect((await load('g: { hosts: { bjork: { transport: openssh } } }', other)).told).to.deep.equal([]);
    expect((await load('g: { hosts: { evac1: {} } }', other)).told).to.deep.equal([]);
  });

  it('that leads back to itself is told, with the circle', async () => {
    for (const [hosts, config] of [
      ['g: { hosts: { bjork: {} } }', 'Host *\n  ProxyJump gate\n'],
      ['g: { vars: { jump: gate }, hosts: { bjork: {}, gate: {} } }', ''],
    ] as const)
      expect((await load(hosts, config)).told.join()).to.match(/^error bad-ssh-config /);
  });

  it('is of another file, or of none, where the inventory says so', async () => {
    const home = 'Host *\n  Port 1\n';
    const files = { 'fleet.conf': 'Port 2\nInclude more.conf\n', [`${HOME}/.ssh/more.conf`]: 'User inc\n' };
    const hosts = `g:
  hosts:
    bjork: { ssh_config: fleet.conf }
    evac1: { ssh_config: none }
    evac2: { ansible_ssh_extra_args: -F none }
    evac3: { ssh_config: nowhere.conf }
`;
    const { told } = await load(hosts, home, files);
    expect(told).to.deep.equal(['error file-missing hosts.yml:6']);
    const { ways } = await load(hosts.replace(/ {4}evac3.*\n/, ''), home, files);
    expect(ways['bjork']).to.include({ port: 2, user: 'inc', sshConfig: 'fleet.conf' });
    expect([ways['evac1']?.port, ways['evac2']?.port]).to.deep.equal([22, 22]);
  });

  it('is never wider than its author wants: "no" is accept-new, and a list of revoked keys is an error', async () => {
    const { ways, told } = await load('g: { hosts: { bjork: {} } }', 'StrictHostKeyChecking no\n');
    expect([ways['bjork']?.hostKeyPolicy, told]).to.deep.equal([
      'accept-new',
      ['warning bad-ssh-config ~/.ssh/config:1'],
    ]);
    expect((await load('g: { hosts: { bjork: {} } }', 'RevokedHostKeys /etc/krl\n')).told).to.deep.equal([
      'error bad-ssh-config ~/.ssh/config:1',
    ]);
  });

  it('says of arguments that are none of ours that they are not', async () => {
    const { told } = await load('g: { hosts: { bjork: { ansible_ssh_args: "-C -o ControlMaster=auto -w 1" } } }');
    expect(told).to.deep.equal(['error bad-inventory hosts.yml:1', 'error bad-inventory hosts.yml:1']);
  });
});
