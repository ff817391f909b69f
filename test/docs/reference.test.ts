// What is committed of the reference is what the tables say now, and its examples are true.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { referencePages } from '../../scripts/reference-pages.ts';
import { bareObject } from '../../src/load/expression/revealed.ts';
import { render } from '../../src/load/expression/template.ts';
import { HELPERS } from '../../src/load/expression/template-helpers.ts';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

describe('the reference', () => {
  for (const [path, text] of Object.entries(referencePages())) {
    it(`${path} is as the program is (npm run reference writes it)`, () => {
      expect(existsSync(join(root, path)) && readFileSync(join(root, path), 'utf8')).to.equal(text);
    });
  }
});

describe('the example of a helper', () => {
  const scope = Object.assign(bareObject(), { zones: ['evac1', 'evac2'], zone: 'evac1' });
  for (const { name, example } of HELPERS) {
    it(`${name}: ${example[0]} comes to ${example[1]}`, () => {
      expect(render(example[0], 'text', scope)).to.equal(example[1]);
      expect(example[0]).to.contain(name);
    });
  }
});
