// Where known secrets stand in a text, however many and however long they are.
import { expect } from 'chai';
import fc from 'fast-check';
import { redacting } from '../../src/text/redact.ts';
import { formsOf, SecretForms } from '../../src/text/secret-forms.ts';

/** Few letters, so that secrets overlap each other and begin with each other. */
const word = (minLength: number) => fc.string({ unit: fc.constantFrom('a', 'b', '+'), minLength, maxLength: 9 });

describe('the secrets in a text', () => {
  it('are found from left to right, the longest at each place, whether they were learned before or after the last look', () => {
    const all = fc.array(word(4), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(all, fc.array(word(0)), fc.nat(6), (values, around, later) => {
        const text = around.join(values[0]);
        const forms = new SecretForms(values.slice(later));
        forms.find(text, 0);
        for (const value of values) forms.add(value);
        const found = Array.from({ length: text.length }, (_, from) => forms.find(text, from));
        const known = values.flatMap(formsOf);
        const plain = Array.from({ length: text.length }, (_, at) => {
          const here = known.filter(form => text.startsWith(form, at)).map(form => form.length);
          return here.length === 0 ? [] : [{ at, end: at + Math.max(...here) }];
        });
        expect(found).to.deep.equal(plain.map((_, from) => plain.slice(from).flat()[0] ?? null));
      }),
      { numRuns: 1000 },
    );
  });

  it('are found though one of them is a long file', () => {
    const lines = Array.from(
      { length: 3000 },
      (_, n) => `2026-11-24 line ${n} ${Buffer.from(`${n * n}`).toString('base64')}`,
    );
    const redact = redacting(new SecretForms([lines.join('\n')]));
    expect(redact(`said ${lines[2000]}!`)).to.equal('said ***!');
    expect(redact(`${lines.join('\n')} and 2026-11-24 line`)).to.equal('*** and 2026-11-24 line');
  });
});
