// What the lab writes for the runner, and which fleet a name leads to.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { parse } from 'yaml';
import { findFleet } from '../../lab/fleet-file.ts';
import { inventoryText } from '../../lab/inventory.ts';

describe('inventory of the lab', () => {
  const hosts = [
    { name: 'nacaozumbi', address: '127.0.0.1', port: 10001 },
    { name: 'on', address: '127.0.0.1', port: 10002 },
  ];

  it('has every host in the group zonehosts, with how to reach it', () => {
    const files = { identity_file: 'id_ed25519', known_hosts: 'known_hosts', ssh_config: 'none' };
    const reach = { address: '127.0.0.1', user: 'root', ...files };
    expect(parse(inventoryText(hosts, null), { version: '1.1' })).to.deep.equal({
      zonehosts: { hosts: { nacaozumbi: { ...reach, port: 10001 }, on: { ...reach, port: 10002 } } },
    });
  });

  it('tells the runner how fast host time runs', () => {
    expect(parse(inventoryText(hosts, 20)).zonehosts.hosts.nacaozumbi.time_scale).to.equal(20);
  });
});

describe('fleet of the lab', () => {
  it('is found by file, by file without its ending, and by the name of a shipped one', () => {
    const dir = mkdtempSync(join(tmpdir(), 'zf-fleet-'));
    writeFileSync(join(dir, 'two.yaml'), 'name: two\nhosts: { a: {}, b: {} }\n');
    for (const name of [join(dir, 'two.yaml'), join(dir, 'two'), 'seed', 'seed.yaml']) {
      expect(findFleet({ is: 'file', name }).is, name).to.equal('fleet');
    }
    rmSync(dir, { recursive: true });
  });

  it('that is nowhere is refused with the shipped ones', () => {
    const found = findFleet({ is: 'file', name: 'no-such-fleet' });
    expect(found).to.deep.include({ is: 'wrong' });
    expect(found)
      .to.have.property('lines')
      .that.satisfies((lines: string[]) => lines.join().includes('seed'));
  });

  it('with mistakes is refused with file and place of each', () => {
    const dir = mkdtempSync(join(tmpdir(), 'zf-fleet-'));
    const path = join(dir, 'bad.yaml');
    writeFileSync(path, 'hosts: { a: { memory: lots, colour: red } }\n');
    const found = findFleet({ is: 'file', name: path });
    rmSync(dir, { recursive: true });
    expect(found).to.have.property('lines').with.lengthOf(2);
    const lines = found.is === 'wrong' ? found.lines : [];
    expect(lines[0]).to.contain(path).and.contain('memory');
    expect(lines[1]).to.contain(path).and.contain('colour');
  });

  it('by numbers has that many hosts and zones', () => {
    const found = findFleet({ is: 'made', hosts: 3, zones: 7, seed: 5 });
    const specs = found.is === 'fleet' ? found.spec.hosts : [];
    expect([specs.length, specs.flatMap(host => host.zones).length]).to.deep.equal([3, 7]);
  });
});
