// The user's files as they are read: text, or in words why not.
import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { diskFiles } from '../../src/edge/files.ts';
import { freshFolders } from './folder.ts';

const SCRIPT = "#!/bin/sh\n# caf\u00e9\necho '{}'\n";

describe('a file on disk', () => {
  const folder = freshFolders();

  async function read(bytes: Buffer): Promise<unknown> {
    const path = join(folder(), 'a.yml');
    writeFileSync(path, bytes);
    return diskFiles().read(path);
  }

  it('is text as it stands', async () => {
    expect(await read(Buffer.from('caf\u00e9\n'))).to.deep.equal({ is: 'text', text: 'caf\u00e9\n' });
  });

  it('in another encoding is told, not read as something else', async () => {
    const missing = (why: string) => ({ is: 'missing', why });
    expect(await read(Buffer.from('a: 1\nb: caf\u00e9\n', 'latin1'))).to.deep.equal(
      missing('line 2 is not UTF-8: save it as UTF-8'),
    );
    expect(await read(Buffer.from('\ufeffa: 1\n', 'utf16le'))).to.deep.equal(missing('it is UTF-16: save it as UTF-8'));
    expect(await read(Buffer.from([0, 0xff, 1]))).to.deep.equal(missing('it is not a text'));
  });

  it('that is a program is nobody else\u2019s to judge', async () => {
    expect(await read(Buffer.from(SCRIPT, 'latin1'))).to.have.property('is', 'text');
    expect(await read(Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0xff]))).to.have.property('is', 'text');
  });

  it('behind links that lead to themselves is missing, in words', async () => {
    const path = join(folder(), 'loop');
    symlinkSync(path, path);
    expect(await diskFiles().read(path)).to.deep.equal({
      is: 'missing',
      why: 'its symbolic links lead in a circle',
    });
  });
});
