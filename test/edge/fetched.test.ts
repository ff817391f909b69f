// Files that a run brings to this side lie there whole or not at all.
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { fetchedUnder } from '../../src/edge/fetched.ts';
import { freshFolders } from './folder.ts';

describe('files brought to this side', () => {
  const folder = freshFolders();

  it('lie whole under their folder, for their owner alone, and replace what was there', async () => {
    const dir = folder();
    const fetched = fetchedUnder(dir);
    expect(await fetched.read('out/nacaozumbi/etc/motd')).to.equal(null);
    expect(await fetched.write('out/nacaozumbi/etc/motd', Buffer.from('one'))).to.equal(null);
    expect(await fetched.write('out/nacaozumbi/etc/motd', Buffer.from('two'))).to.equal(null);
    const path = join(dir, 'out/nacaozumbi/etc/motd');
    expect(readFileSync(path, 'utf8')).to.equal('two');
    expect(statSync(path).mode & 0o777).to.equal(0o600);
    expect(Buffer.from((await fetched.read(path)) ?? []).toString()).to.equal('two');
  });

  it('say why they cannot be written', async () => {
    const dir = folder();
    writeFileSync(join(dir, 'plain'), 'x');
    expect(await fetchedUnder(dir).write('plain/file', Buffer.from('x'))).to.match(
      /plain.*(not a directory|EEXIST|ENOTDIR)/i,
    );
  });

  it('whose place can be neither read nor written fail with a reason, and nothing else breaks off', async () => {
    const fetched = fetchedUnder(folder());
    for (const name of ['x'.repeat(300), `nul\0inside`]) {
      expect(await fetched.read(name)).to.equal(null);
      expect(await fetched.write(name, Buffer.from('x'))).to.match(/too long|null bytes/i);
    }
  });
});
