// What is known of an identity file before anybody is asked for its passphrase.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import ssh2, { type ParsedKey } from 'ssh2';
import { type KeyFile, type ParseKey, readKeyFile, unlocked } from '../../src/edge/ssh/key-file.ts';
import { Secret } from '../../src/text/secret.ts';
import { freshFolders } from './folder.ts';
import { newKey, sealedKey } from './ssh-rig.ts';

const parse: ParseKey = (data, passphrase) => ssh2.utils.parseKey(data, passphrase);
const blobOf = (key: ParsedKey | null | undefined): string | undefined => key?.getPublicSSH().toString('base64');
const publicBlob = (line: string): string | undefined => line.split(' ')[1];

describe('an identity file', () => {
  const fresh = freshFolders();
  const read = (text: string | null): Promise<KeyFile> => {
    const path = join(fresh(), 'id_ed25519');
    if (text !== null) writeFileSync(path, text, { mode: 0o600 });
    return readKeyFile(path, parse);
  };

  it('behind a passphrase is known by its public half, so that an agent that holds it makes the question needless', async () => {
    const pair = sealedKey('tall order');
    const file = await read(pair.private);
    expect(file.is).to.equal('locked');
    expect(blobOf(file.is === 'locked' ? file.key : null)).to.equal(publicBlob(pair.public));
  });

  it('opens with its passphrase, and with no other', async () => {
    const file = await read(sealedKey('tall order').private);
    if (file.is !== 'locked') throw new Error(file.is);
    expect(unlocked(file, new Secret('tall order'), parse)?.is).to.equal('key');
    expect(unlocked(file, new Secret('short order'), parse)).to.equal(null);
  });

  it('is a key, the public half of one, no key, or not there', async () => {
    const pair = newKey();
    expect((await read(pair.private)).is).to.equal('key');
    expect((await read(pair.public)).is).to.equal('public');
    const [wrong, none] = [await read('hello'), await read(null)];
    expect(wrong.is === 'none' && [wrong.there, wrong.why.includes('is no private key')]).to.deep.equal([true, true]);
    expect(none.is === 'none' && [none.there, none.why.includes("doesn't exist")]).to.deep.equal([false, true]);
  });
});
