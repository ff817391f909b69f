// The file that `ssh_config` names holds for every ssh that is started on the way to a host, not for the last one alone.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { freshServers, hopAt } from './sshd.ts';

describe("a file of the inventory's own for the system's ssh", () => {
  const servers = freshServers();

  it('holds for jump hosts, too', async () => {
    const [gate, far] = await Promise.all([servers.start(), servers.start()]);
    const sshConfig = join(servers.folder(), 'config');
    // From this address nothing can be reached; the far host is reached from the gate.
    writeFileSync(sshConfig, 'BindAddress 192.0.2.1\n');
    const behind = { ...far.connection, transport: 'openssh', jump: [hopAt(gate)] } as const;
    const free = await servers.reach(behind).exec('echo in', { limitMs: 30_000 });
    expect(free).to.include({ is: 'exited', out: 'in\n' });
    const bound = await servers.reach({ ...behind, sshConfig }).exec('echo in', { limitMs: 30_000 });
    expect(bound).to.include({ is: 'not-sent' });
  });
});
