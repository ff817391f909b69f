// The schema of an inventory and its reader agree on the shape of a file.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect } from 'chai';
import fc from 'fast-check';
import { loadInventory } from '../../src/load/inventory/inventory.ts';
import { inventorySchema } from '../../src/load/tables/inventory-schema.ts';
import { jsonOf } from '../../src/load/yaml/node.ts';
import { parseYaml } from '../../src/load/yaml/yaml.ts';
import type { Code, Diagnostic } from '../../src/text/diagnostic.ts';
import type { Json } from '../../src/text/json.ts';
import { patience, runs } from './fuzz.ts';
import { memoryFiles } from './kit.ts';
import { slip, slipped } from './slip.ts';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const fits = new Ajv2020({ strict: true, strictTypes: false }).compile(inventorySchema());

const EXAMPLES = [
  readFileSync(join(root, 'inventory/hosts.yml'), 'utf8'),
  `all:
  vars: { ansible_user: root, time_scale: 60, known_hosts: known_hosts }
  children:
    zonehosts:
      hosts:
        nacaozumbi: { address: 192.0.2.1, port: 2222, rack: r1, domain: { power: p1 }, domain_max_out: 2, reserve_memory: 16G, cpu_class: x, cpu_overcommit: 1.5, placement: { accept: no, weight: 2, pools: [zones] } }
        bjork: { ansible_host: "{{name}}.example", host_key_policy: accept-new, connect_timeout: 10s }
      vars: { migration_link: 1100M, dirty_rate: 5000000, migrations_in: 2, become: yes, become_method: pfexec, identity_file: keys/id, name: x }
    spares:
      hosts: { evac[1:3]: , tzone1: }
zones:
  tzone1: { pin: bjork, keep_apart: [tzone2, tzone3] }
  tzone2: { allowed: [bjork, zonehosts], keep_apart: tzone3, keep_together: [tzone4], priority: 2 }
  "evac*": { may_stop: yes, native: stop, stays: no, returns: home, managed_by: the cluster }
`,
];

const read = (text: string): Json => {
  const { node } = parseYaml('hosts.yml', text);
  return node === null ? null : jsonOf(node);
};

const OF_SHAPE: readonly Code[] = ['wrong-type', 'unknown-key', 'not-yet'];

async function diagnostics(json: Json): Promise<readonly Diagnostic[]> {
  const files = memoryFiles({ 'hosts.yml': JSON.stringify(json) });
  return (await loadInventory(files, ['hosts.yml'])).diagnostics;
}

describe('the schema of an inventory', () => {
  it('takes the shipped inventory', () => {
    for (const text of EXAMPLES) expect(fits(read(text)), JSON.stringify(fits.errors)).to.equal(true);
  });

  it('agrees with the reader on whatever a slip makes of an inventory', async function () {
    this.timeout(patience(60_000));
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...EXAMPLES.map(read)),
        fc.array(slip, { minLength: 1, maxLength: 2 }),
        async (json, slips) => {
          const changed = slips.reduce<Json>((now, one) => slipped(now, one), json);
          const found = await diagnostics(changed);
          const taken = fits(changed);
          const said = [
            JSON.stringify(changed),
            ...found.map(one => `${one.code}: ${one.message}`),
            JSON.stringify(fits.errors),
          ];
          if (taken)
            expect(
              found.filter(one => OF_SHAPE.includes(one.code)),
              said.join('\n'),
            ).to.deep.equal([]);
          else expect(found, said.join('\n')).not.to.deep.equal([]);
        },
      ),
      runs(200),
    );
  });
});
