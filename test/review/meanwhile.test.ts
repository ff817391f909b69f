// Files and folders that somebody else writes to while they are looked at, brought or taken away.
import { appendFileSync, writeFileSync } from 'node:fs';
import { expect } from 'chai';
import { type FarEnd, realEnd } from '../steps/far-end.ts';

describe('a log that grows while it is fetched', () => {
  let end: FarEnd;
  beforeEach(() => {
    end = realEnd();
  });
  afterEach(() => end.close());
  const path = () => `${end.root}/log`;
  const fetch = () => end.perform('fetch', { src: path(), dest: '/here/log', flat: true });

  it('is here as it was when it was read, and the host has not failed', async () => {
    await end.sh('echo one > log');
    const set = end.fetched.set.bind(end.fetched);
    end.fetched.set = (name, bytes) => {
      appendFileSync(path(), 'two\n');
      return set(name, bytes);
    };
    const { outcome, result } = await fetch();
    expect([outcome, result['size'], String(end.fetched.get('/here/log'))]).to.deep.equal(['changed', 4, 'one\n']);
    expect(result['checksum']).to.match(/^2c8b08da5ce60398e1f19af0e5dccc744df274b826abe585eaba68c525434806$/);
  });

  it('comes also when it is long and grows between two of its parts', async () => {
    await end.sh("head -c 3000000 /dev/zero | tr '\\0' x > log");
    let parts = 0;
    end.instead(line => {
      if (line.includes('bs=') && (parts += 1) === 2) appendFileSync(path(), 'more\n');
      return null;
    });
    // It grew between two parts of the look; what was brought is from the look after that.
    expect(await fetch()).to.include({ outcome: 'changed' });
    expect(end.fetched.get('/here/log')?.length).to.equal(3_000_005);
    expect(parts).to.be.greaterThan(2);
  });
});

describe('an empty directory that is to go', () => {
  it('stays when somebody put something into it meanwhile: nobody kept that', async () => {
    const end = realEnd();
    await end.sh('mkdir dir');
    end.onceInstead(async (line, stdin, exec) => {
      await end.sh('echo precious > dir/new');
      return exec(line, stdin);
    });
    const { outcome } = await end.perform('file', { path: `${end.root}/dir`, state: 'absent' });
    const left = await end.sh('cat dir/new || echo gone');
    end.close();
    expect([outcome, left]).to.deep.equal(['failed', 'precious\n']);
  });
});

describe('what changes between the look and the doing', () => {
  let end: FarEnd;
  beforeEach(() => {
    end = realEnd();
    const get = end.local.get.bind(end.local);
    let gone = false;
    // Whoever edits the playbook's files takes it away after the first look.
    end.local.get = name => {
      const found = gone ? undefined : get(name);
      gone ||= found !== undefined;
      return found;
    };
  });
  afterEach(() => end.close());

  it('a file beside the playbook that is gone fails the task', async () => {
    end.local.set('app.conf', Buffer.from('x'));
    const { outcome, why } = await end.perform('copy', { dest: `${end.root}/app.conf`, src: 'app.conf' });
    expect([outcome, why]).to.deep.equal(['failed', why]);
    expect(why).to.contain('no such file beside the playbook');
  });

  it('a script beside the playbook that is gone fails the task', async () => {
    end.local.set('go.sh', Buffer.from('true\n'));
    const { outcome, why } = await end.perform('script', { cmd: 'go.sh' });
    expect(outcome).to.equal('failed');
    expect(why).to.contain('no such file beside the playbook');
  });

  it('a file that somebody else made first is left to them, where it is not to be forced', async () => {
    await end.sh('true');
    let looks = 0;
    end.instead(line => {
      if (line.includes('new.conf') && (looks += 1) === 3) writeFileSync(`${end.root}/new.conf`, 'theirs');
      return null;
    });
    const given = { dest: `${end.root}/new.conf`, content: 'ours', force: false };
    expect(await end.perform('copy', given)).to.include({ outcome: 'changed' });
    expect(await end.sh('cat new.conf')).to.equal('theirs');
  });
});
