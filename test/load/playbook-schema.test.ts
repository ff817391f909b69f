// Schema and reader agree: what an editor underlines is what check refuses, and the other way round, as far as the
// shape of a file goes. Over the shipped playbooks, the examples of every diagnostic, and random changes to them.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect } from 'chai';
import fc from 'fast-check';
import { jsonOf } from '../../src/load/yaml/node.ts';
import { playbookSchema } from '../../src/load/tables/playbook-schema.ts';
import { parseYaml } from '../../src/load/yaml/yaml.ts';
import { catalogue } from '../../src/steps/catalogue.ts';
import type { Code, Diagnostic } from '../../src/text/diagnostic.ts';
import { isArray, type Json } from '../../src/text/json.ts';
import { check, exampleIn } from '../docs/example.ts';
import { patience, runs } from './fuzz.ts';
import { slip, slipped } from './slip.ts';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const ajv = new Ajv2020({ strict: true, strictTypes: false, strictRequired: false });
const fits = ajv.compile(playbookSchema(catalogue));

/** What an editor can see in one file. Names, hosts and other files are for the reader alone. */
const OF_SHAPE: readonly Code[] = [
  'wrong-type',
  'missing-key',
  'unknown-key',
  'not-yet',
  'not-ours',
  'unknown-step',
  'no-step',
  'bad-argument',
];

function read(text: string): Json {
  const { node } = parseYaml('site.yml', text);
  return node === null ? null : jsonOf(node);
}

const playbooks = readdirSync(join(root, 'playbooks'))
  .filter(name => name.endsWith('.yml') && name !== 'campaign.yml')
  .map(name => readFileSync(join(root, 'playbooks', name), 'utf8'));
/** Task files as plays, so that all of it is looked at. */
const tasks = readdirSync(join(root, 'playbooks/tasks'))
  .map(name => readFileSync(join(root, 'playbooks/tasks', name), 'utf8'))
  .map(text => `- hosts: all\n  tasks:\n${text.replaceAll(/^/gm, '    ')}`);
const pages = readdirSync(join(root, 'docs/diagnostics'))
  .flatMap(name => readFileSync(join(root, 'docs/diagnostics', name), 'utf8').split(/^## /m))
  .flatMap(part => exampleIn(part).files['site.yml'] ?? []);
const corpus = [...playbooks, ...tasks, ...pages];

interface Verdict {
  readonly found: readonly Diagnostic[];
  /** Of the shape of this file alone. */
  readonly ofShape: readonly Diagnostic[];
}

async function verdict(json: Json): Promise<Verdict> {
  const found = await check({ files: { 'site.yml': JSON.stringify(json) }, options: [] });
  const ofShape = found.filter(one => OF_SHAPE.includes(one.code) && one.span.file === 'site.yml' && !elsewhere(one));
  return { found, ofShape };
}

/** Told of the shape, but it takes more than one value's shape to see: a sum of arguments, a mode's digits, words of a line. */
function elsewhere({ message }: Diagnostic): boolean {
  return /is decimal|one of the two|needs one of|has no words|names a file|a role has no key|whose file depends/.test(
    message,
  );
}

function expectAgreement(json: Json, { found, ofShape }: Verdict): void {
  const taken = fits(json);
  const said = [JSON.stringify(json), ...found.map(one => `${one.code}: ${one.message}`), JSON.stringify(fits.errors)];
  if (taken) expect(ofShape, said.join('\n')).to.deep.equal([]);
  else expect(found, said.join('\n')).not.to.deep.equal([]);
}

describe('the schema of a playbook', () => {
  it('takes every shipped playbook', () => {
    for (const text of [...playbooks, ...tasks]) expect(fits(read(text)), JSON.stringify(fits.errors)).to.equal(true);
  });

  it('takes and refuses the examples of the diagnostics as the reader does', async () => {
    for (const text of pages.filter(page => parseYaml('site.yml', page).diagnostics.length === 0)) {
      expectAgreement(read(text), await verdict(read(text)));
    }
  });

  it('agrees with the reader on whatever a slip makes of a playbook', async function () {
    this.timeout(patience(60_000));
    const jsons = corpus.map(read).filter(isArray);
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...jsons),
        fc.array(slip, { minLength: 1, maxLength: 2 }),
        async (json, slips) => {
          const changed = slips.reduce<Json>((now, one) => slipped(now, one), json);
          expectAgreement(changed, await verdict(changed));
        },
      ),
      runs(150),
    );
  });
});
