// The playbooks that the page for those who come from Ansible converts, carried out on simulated hosts: each does there
// what its original says, and what only ours does (going back) as well.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { openStage, type Said, type Stage } from '../cli/stage.ts';
import { exampleIn, partOf } from './example.ts';

const page = readFileSync(join(dirname(fileURLToPath(import.meta.url)), '../../docs/coming-from-ansible.md'), 'utf8');
const HOSTS = ['nacaozumbi', 'bjork'];
/** `svcadm restart` doesn't wait until the service is up again. */
const UP = 'n=0; while [ $n -lt 60 ] && [ "$(svcs -H -o state ntp)" != online ]; do sleep 1; n=$((n+1)); done';

describe('a playbook that was converted', function () {
  this.timeout(120_000);
  let stage: Stage;
  beforeEach(async () => {
    stage = await openStage('--fleet', 'seed', '--speed', '60');
  });
  afterEach(() => stage.close());

  const carriedOut = (heading: string, ...words: readonly string[]): Promise<Said> => {
    const { files } = exampleIn(partOf(page, heading));
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(stage.dir, name)), { recursive: true });
      stage.write(name, text);
    }
    return stage.zf(['run', join(stage.dir, 'site.yml'), '--yes', ...words]);
  };
  /** What a shell on the host prints; its lines. */
  const on = async (host: string, script: string): Promise<readonly string[]> => {
    const book = stage.write(
      'ask.yml',
      `- hosts: ${host}\n  tasks:\n    - script: ask.sh\n      register: said\n    - debug: { var: said.stdout }\n`,
    );
    writeFileSync(join(stage.dir, 'ask.sh'), `#!/bin/sh\n${script}\n`);
    const said = await stage.zf(['run', book, '--yes', '--json']);
    expect(said.code, said.out + said.err).to.equal(0);
    const ended = said.out
      .split('\n')
      .filter(line => line.includes('"action-ended"'))
      .map(line => JSON.parse(line) as { result: { stdout?: string } });
    return (ended[0]?.result.stdout ?? '').split('\n').filter(line => line !== '');
  };

  const onEach = async (script: string): Promise<readonly (readonly string[])[]> => {
    return [await on('nacaozumbi', script), await on('bjork', script)];
  };
  const changesOf = (said: Said): readonly string[] =>
    [...said.err.matchAll(/^ *\d+:\d\d {2}(\S.*: changed)$/gm)].map(([, line]) => line ?? '');

  it('writes the configuration from its template, restarts what reads it, and tells how many zones run', async () => {
    const heading = 'A playbook, converted';
    const said = await carriedOut(heading);
    expect(said.code, said.err).to.equal(0);
    expect(said.err).to.contain('nacaozumbi runs 4 zones').and.contain('bjork runs 1 zones');
    expect(said.err).to.contain('restart ntp: changed');
    const written = ['server 192.0.2.10 iburst', 'server 192.0.2.11 iburst'];
    const look = `cat /etc/inet/ntp.conf; ls -l /etc/inet/ntp.conf | cut -c1-10; ${UP}; svcs -H -o state ntp`;
    expect(await onEach(look)).to.deep.equal(HOSTS.map(() => [...written, '-rw-r--r--', 'online']));
    expect(changesOf(await carriedOut(heading)), 'a second time').to.deep.equal([]);
  });

  it('takes snapshots, and destroys those again on a host that couldn’t take all of them', async () => {
    const taken = 'zfs list -H -o name -t snapshot';
    const whole = await carriedOut(
      'A playbook, converted',
      '-e',
      '{"datasets": ["rpool/export", "rpool/export/home"]}',
    );
    expect(whole.code, whole.err).to.equal(0);
    const both = ['rpool/export/home@before', 'rpool/export@before'];
    expect((await onEach(taken)).map(names => names.toSorted())).to.deep.equal(HOSTS.map(() => both));
    const words = ['-l', 'bjork', '-e', '{"datasets": ["rpool/VARSHARE", "rpool/none"], "ntp_servers": ["192.0.2.7"]}'];
    const failed = await carriedOut('A playbook, converted', ...words);
    expect(failed.code, failed.err).to.equal(3);
    expect((await on('bjork', taken)).toSorted()).to.deep.equal(both);
    const configuration = await on('bjork', 'cat /etc/inet/ntp.conf');
    expect(configuration, 'as it was before').to.deep.equal(['server 192.0.2.10 iburst', 'server 192.0.2.11 iburst']);
  });

  it('goes host after host, restarts each service and waits for it; a failure is told by the rescue', async () => {
    const heading = 'Host after host, converted';
    const said = await carriedOut(heading);
    expect(said.code, said.err).to.equal(0);
    expect(changesOf(said)).to.deep.equal(
      HOSTS.flatMap(host =>
        ['The limit', 'Services that use it', 'Services that use it', 'tell them'].map(
          task => `${host.padEnd(10)}  ${task}: changed`,
        ),
      ),
    );
    expect(await onEach('cat /etc/default/app /var/tmp/told')).to.deep.equal(HOSTS.map(host => ['LIMIT=64', host]));
    const failed = await carriedOut(heading, '-l', 'bjork', '-e', '{"services": ["no-such"], "limit": 9}');
    expect(failed.err).to.contain('Services that use it failed on bjork:');
    expect(await on('bjork', 'cat /etc/default/app')).to.deep.equal(['LIMIT=9']);
  });

  it('has a role’s defaults, template, tasks and handler', async () => {
    const said = await carriedOut('A role, converted', '-e', '{"time_servers": ["192.0.2.7", "192.0.2.8"]}');
    expect(said.code, said.err).to.equal(0);
    expect(said.err).to.contain('restart it: changed');
    const written = ['driftfile /var/ntp/ntp.drift', 'server 192.0.2.7 iburst', 'server 192.0.2.8 iburst'];
    expect(await onEach('cat /etc/inet/ntp.conf')).to.deep.equal(HOSTS.map(() => written));
  });

  it('does the tasks that are for a host of its kind, tells it once, and has one host keep the list', async () => {
    const heading = 'Tasks by what a host is, converted';
    const said = await carriedOut(heading);
    expect(said.code, said.err).to.equal(0);
    expect(await onEach('cat /etc/kind /etc/told')).to.deep.equal(HOSTS.map(() => ['16 and more', 'big']));
    const list = await onEach('cat /var/tmp/list 2> /dev/null; true');
    expect(list.map(lines => lines.toSorted())).to.deep.equal([['bjork big', 'nacaozumbi big'], []]);
    expect((await carriedOut(heading)).err).to.not.contain('Tell it once: changed');
  });

  it('does once what is for all, and knows on each host which others there are', async () => {
    const said = await carriedOut('What hosts know of each other, converted');
    expect(said.code, said.err).to.equal(0);
    expect(await onEach('cat /etc/peers')).to.deep.equal([['bjork of 2'], ['nacaozumbi of 2']]);
    const [kept = [], others] = await onEach('ls /etc/inet');
    expect(kept.join(' ')).to.match(/^hosts hosts\.\d{8}-\d{6}$/);
    expect(others).to.deep.equal(kept);
  });
});
