// Which host keys known_hosts vouches for, and which it refuses.
import { createHmac } from 'node:crypto';
import { expect } from 'chai';
import fc from 'fast-check';
import {
  filedAs,
  fingerprint,
  hostKeyOrder,
  judge,
  knownHostsLine,
  parseKnownHosts,
} from '../../src/edge/ssh/known-hosts.ts';

const keyOf = (type: string, fill: number): Buffer => {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(type.length);
  return Buffer.concat([length, Buffer.from(type), Buffer.alloc(32, fill)]);
};
const ed = keyOf('ssh-ed25519', 1);
const other = keyOf('ssh-ed25519', 2);
const rsa = keyOf('ssh-rsa', 3);
const line = (names: string, key: Buffer, marker = ''): string =>
  `${marker}${names} ${key.subarray(4, 4 + key.readUInt32BE(0)).toString()} ${key.toString('base64')}`;
const known = (...lines: string[]) => parseKnownHosts(lines.join('\n'), 'known_hosts');
const bjork = { address: 'bjork', port: 22 };

describe('known_hosts', () => {
  it('reads plain names, lists, wildcards and negations', () => {
    const hosts = known(
      '# comment',
      '',
      line('bjork,10.0.0.2', ed),
      line('*.example.com,!evil.example.com', ed),
      'broken',
    );
    const at = (address: string) => judge(hosts, { address, port: 22 }, ed).is;
    expect(['bjork', 'BJORK', '10.0.0.2', 'a.example.com', 'evil.example.com', 'bjork2'].map(at)).to.deep.equal([
      'known',
      'known',
      'known',
      'known',
      'unknown',
      'unknown',
    ]);
  });

  it('a hashed name is the name it hides and no other', () => {
    fc.assert(
      fc.property(fc.domain(), fc.domain(), fc.uint8Array({ minLength: 20, maxLength: 20 }), (name, wrong, salt) => {
        fc.pre(name.toLowerCase() !== wrong.toLowerCase());
        const hash = createHmac('sha1', salt).update(name.toLowerCase()).digest('base64');
        const hosts = known(line(`|1|${Buffer.from(salt).toString('base64')}|${hash}`, ed));
        expect(judge(hosts, { address: name, port: 22 }, ed).is).to.equal('known');
        expect(judge(hosts, { address: wrong, port: 22 }, ed).is).to.equal('unknown');
      }),
    );
  });

  it('a port has its own key, and falls back to the very same key under the bare name', () => {
    const hosts = known(line('[bjork]:2222', other), line('bjork', ed));
    expect(judge(hosts, { address: 'bjork', port: 2222 }, other).is).to.equal('known');
    expect(judge(hosts, { address: 'bjork', port: 22 }, other).is).to.equal('changed');
    expect(judge(known(line('bjork', ed)), { address: 'bjork', port: 2222 }, ed).is).to.equal('known');
    expect(judge(known(line('bjork', ed)), { address: 'bjork', port: 2222 }, other).is).to.equal('unknown');
    expect([filedAs(bjork), filedAs({ address: 'Bjork', port: 2200 })]).to.deep.equal(['bjork', '[bjork]:2200']);
  });

  it('one of several key types is enough, and a key of a type never seen is a change', () => {
    const hosts = known(line('bjork', ed), line('bjork', rsa));
    expect(judge(hosts, bjork, rsa).is).to.equal('known');
    expect(judge(known(line('bjork', ed)), bjork, rsa).is).to.equal('changed');
  });

  it('a revoked key is refused whatever else is known', () => {
    const hosts = known(line('bjork', ed), line('*', ed, '@revoked '));
    expect(judge(hosts, bjork, ed)).to.deep.include({ is: 'revoked' });
    expect(judge(known(line('*', ed, '@cert-authority ')), bjork, other)).to.deep.equal({
      is: 'unknown',
      authorities: true,
    });
  });

  it('asks first for the key types that are known', () => {
    expect(hostKeyOrder(known(line('bjork', rsa)), bjork).slice(0, 4)).to.deep.equal([
      'rsa-sha2-512',
      'rsa-sha2-256',
      'ssh-rsa',
      'ssh-ed25519',
    ]);
    expect(hostKeyOrder([], bjork)[0]).to.equal('ssh-ed25519');
  });

  it('reads back the line it writes', () => {
    const where = { address: '10.0.0.7', port: 2022 };
    expect(judge(known(knownHostsLine(where, ed)), where, ed).is).to.equal('known');
    expect(fingerprint(ed)).to.match(/^SHA256:[A-Za-z0-9+/]{43}$/);
  });
});
