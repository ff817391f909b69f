// Every code has its page, and every page tells the truth: what it calls wrong gives its code and nothing else, and
// what it calls right gives nothing at all.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { CODES } from '../../src/text/diagnostic.ts';
import { check, exampleIn, partOf } from './example.ts';

const folder = join(dirname(fileURLToPath(import.meta.url)), '../../docs/diagnostics');
const pages = readdirSync(folder).map(name => name.replace(/\.md$/, ''));

describe('the page of a code', () => {
  it('is there for every code, and for nothing else', () => {
    expect(pages.toSorted()).to.deep.equal(Object.keys(CODES).toSorted());
  });

  for (const code of pages) {
    const page = readFileSync(join(folder, `${code}.md`), 'utf8');

    it(`${code}: what it calls wrong is told with this code`, async () => {
      expect(page.startsWith(`# ${code}\n`)).to.equal(true);
      const found = await check(exampleIn(partOf(page, 'Wrong')));
      expect([...new Set(found.map(one => one.code))]).to.deep.equal([code]);
    });

    it(`${code}: what it calls right is taken without a word`, async () => {
      expect(await check(exampleIn(partOf(page, 'Right')))).to.deep.equal([]);
    });
  }
});
