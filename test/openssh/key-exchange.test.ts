// The first words of a connection: which key exchange is taken of those that a server knows. With what comes first in our
// order both sides have the least to calculate; whoever knows only another one is reached as well.
import { expect } from 'chai';
import { freshServers } from './sshd.ts';

const FIRST = 'ecdh-sha2-nistp256';
const OTHERS = [
  'curve25519-sha256',
  'ecdh-sha2-nistp384',
  'ecdh-sha2-nistp521',
  'diffie-hellman-group14-sha256',
  'diffie-hellman-group16-sha512',
];
const limit = { limitMs: 60_000 };

describe('the key exchange', function () {
  this.timeout(300_000);
  const servers = freshServers();

  async function takenBy(...config: readonly string[]): Promise<string | undefined> {
    const server = await servers.start({ config: ['LogLevel DEBUG1', ...config] });
    const ended = await servers.reach(server.connection).exec('echo in', limit);
    expect(ended).to.deep.include({ is: 'exited', out: 'in\n' });
    return [FIRST, ...OTHERS].find(name => server.logged(new RegExp(`kex: algorithm: ${name}\\b`)) > 0);
  }

  it('is the one that costs a server least, where it knows that', async () => {
    expect(await takenBy()).to.equal(FIRST);
    expect(await takenBy(`KexAlgorithms ${[...OTHERS, FIRST].join(',')}`)).to.equal(FIRST);
  });

  for (const name of OTHERS)
    it(`is ${name} where a server knows nothing else`, async () => {
      expect(await takenBy(`KexAlgorithms ${name}`)).to.equal(name);
    });
});
