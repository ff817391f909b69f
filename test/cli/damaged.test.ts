// A journal that can't be read keeps every host open that it may speak of, and no other, until it is put aside.
import { readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { openStage, type Stage } from './stage.ts';

const maintain = 'playbooks/maintain.yml';

describe("a journal that can't be read", function () {
  this.timeout(60_000);
  let stage: Stage;
  before(async () => {
    stage = await openStage('--fleet', 'seed', '--speed', '60');
  });
  after(() => stage.close());

  const closing = (host: string) => stage.zf(['run', maintain, '-l', host, '--yes']);
  const closed = async () =>
    (await stage.world()).hosts.map(host => `${host.name} ${host.maintenance === null ? 'open' : 'closed'}`);

  it('keeps open the hosts that it could speak of, and no others, until it is put aside', async () => {
    const first = await stage.zf(['run', maintain, '-l', 'nacaozumbi', '-e', 'state=open', '--yes']);
    expect(first.code, first.err).to.equal(0);
    const runs = join(stage.dir, 'state', 'runs');
    const folder = join(runs, readdirSync(runs)[0] ?? '');
    const journal = join(folder, 'journal.jsonl');
    const lines = readFileSync(journal, 'utf8').split('\n');
    writeFileSync(journal, lines.map((line, n) => (n === 1 ? line.replace(/"type"/, '"tyqe"') : line)).join('\n'));

    const refused = await closing('nacaozumbi');
    expect(refused.code, refused.err).to.equal(5);
    expect(refused.err).to.contain(`then move ${folder} aside`).and.contain('zones of nacaozumbi may be away');
    expect(await closed()).to.deep.equal(['nacaozumbi open', 'bjork open']);
    const other = await closing('bjork');
    expect(other.code, other.err).to.equal(0);

    renameSync(folder, join(stage.dir, 'aside'));
    const again = await closing('nacaozumbi');
    expect(again.code, again.err).to.equal(0);
    expect(await closed()).to.deep.equal(['nacaozumbi closed', 'bjork closed']);
  });
});
