// The shipped rolling upgrade, over a fleet that can only be reached through two real OpenSSH servers, as ~/.ssh/config
// would say it: each gate has a key and known hosts of its own, the hosts behind them reboot on the way.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { userInfo } from 'node:os';
import { expect } from 'chai';
import { openStage, type Stage, type World } from '../cli/stage.ts';
import { freshServers, type Sshd } from './sshd.ts';

/** The entry of one gate. */
function entry(name: string, { address, port, userKey, knownHosts }: Sshd, ...more: readonly string[]): string {
  const words = [
    ...[`HostName ${address}`, `Port ${port}`, `User ${userInfo().username}`],
    ...[`IdentityFile ${userKey.path}`, 'IdentitiesOnly yes', `UserKnownHostsFile ${knownHosts}`, ...more],
  ];
  return [`Host ${name}`, ...words.map(word => `  ${word}`), ''].join('\n');
}

/** What a host has of its own, whatever visitors left behind. */
const running = (host: World['hosts'][number]) =>
  host.zones.flatMap(zone => (zone.state === 'running' ? [zone.name] : [])).toSorted();

describe('a fleet behind two jump hosts', function () {
  this.timeout(600_000);
  const servers = freshServers();
  let stage: Stage | null = null;
  afterEach(() => stage?.close());

  it('is upgraded host after host, through one login at each of the two', async () => {
    const [outer, inner] = await Promise.all(['127.0.0.2', '127.0.0.3'].map(address => servers.start({ address })));
    if (outer === undefined || inner === undefined) throw new Error('two servers were started');
    stage = await openStage('--hosts', '3', '--zones', '6', '--seed', '7', '--speed', '120');
    const config = join(servers.folder(), 'config');
    writeFileSync(
      config,
      [entry('outer', outer), entry('inner', inner, 'ProxyJump outer'), 'Host 127.0.0.1\n  ProxyJump inner\n'].join(
        '\n',
      ),
    );
    const inventory = readFileSync(stage.inventory, 'utf8');
    writeFileSync(stage.inventory, inventory.replaceAll('ssh_config: none', `ssh_config: ${config}`));
    const before = await stage.world();
    const said = await stage.zf(['run', 'playbooks/rolling-upgrade.yml', '--yes']);
    expect(said.code, said.err).to.equal(0);
    const { hosts } = await stage.world();
    for (const [index, host] of hosts.entries()) {
      const was = before.hosts[index];
      expect(host.maintenance).to.equal(null);
      expect([host.up, host.entire === was?.entire, host.boots]).to.deep.equal([true, false, (was?.boots ?? 0) + 1]);
      expect(running(host)).to.deep.equal(was && running(was));
    }
    for (const gate of [outer, inner]) expect(gate.logged(/^Accepted publickey/)).to.equal(1);
    // Nobody went around them.
    expect(inner.logged(/^Connection from 127\.0\.0\.1 port/)).to.equal(1);
  });
});
