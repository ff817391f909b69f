// Keys that are made here can be read by others.
import { expect } from 'chai';
import { Keyring, knownHostLine, makeKeyPair, parseKey } from '../../ssh/keys.ts';

describe('keys of the lab', () => {
  it('can be read again, all of them, and sign what their public half accepts', () => {
    for (let i = 0; i < 300; i++) {
      const pair = makeKeyPair('x'.repeat(i % 9));
      const signature = parseKey(pair.privateText).sign('text');
      expect(parseKey(pair.publicText).verify('text', signature)).to.equal(true);
    }
  });

  it('of a host are the same for the same name and differ between hosts and names', () => {
    const ring = new Keyring();
    expect(ring.get('evac-host', 'key-1')).to.equal(ring.get('evac-host', 'key-1'));
    const all = [ring.get('evac-host', 'key-1'), ring.get('evac-host', 'key-2'), ring.get('bjork', 'key-1')];
    expect(new Set(all.map(pair => pair.publicText)).size).to.equal(3);
  });

  it('stand in known_hosts with address and port in brackets', () => {
    expect(knownHostLine('127.0.0.1', 22001, makeKeyPair('bjork'))).to.match(
      /^\[127\.0\.0\.1\]:22001 ssh-ed25519 AAAA[^ ]+\n$/,
    );
  });
});
