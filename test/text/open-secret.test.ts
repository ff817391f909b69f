// A known secret is found in text that comes in pieces, wherever the pieces were cut.
import { expect } from 'chai';
import fc from 'fast-check';
import { openSecretIn } from '../../src/text/open-secret.ts';
import { redacting } from '../../src/text/redact.ts';
import { formsOf, SecretForms } from '../../src/text/secret-forms.ts';

/** What is told of the pieces, one after the other: each as soon as it may be. */
function toldOf(secrets: readonly string[], pieces: readonly string[]): readonly string[] {
  const forms = new SecretForms(secrets);
  const [openSecret, redact] = [openSecretIn(forms), redacting(forms)];
  const told: string[] = [];
  let held = '';
  for (const piece of pieces) {
    const text = held + piece;
    const cut = text.length - openSecret(text);
    told.push(redact(text.slice(0, cut)));
    held = text.slice(cut);
  }
  return [...told, redact(held)];
}

const inPieces = (text: string, cuts: readonly number[]): readonly string[] => {
  const ends = [...cuts.map(at => at % (text.length + 1)).toSorted((a, b) => a - b), text.length];
  return ends.map((end, nth) => text.slice(ends[nth - 1] ?? 0, end));
};

/** Few letters, so that secrets overlap each other and themselves. */
const words = (letters: string, minLength: number) =>
  fc.string({ unit: fc.constantFrom(...letters), minLength, maxLength: minLength + 6 });
const cuts = fc.array(fc.nat(200), { maxLength: 6 });

describe('the open end of some text', () => {
  it('is the longest that may begin a secret, and nothing where no secret is near', () => {
    const openSecret = openSecretIn(new SecretForms(['Sup3rSecret!', 'rainbow']));
    const open = (text: string): string => text.slice(text.length - openSecret(text));
    expect(open('pw=Sup3rS')).to.equal('Sup3rS');
    expect(open('pw=Sup3rSecret!')).to.equal('');
    expect(open('Download: 12/20 items')).to.equal('');
    expect(open('Sup3r r')).to.equal('r');
    expect(openSecretIn(new SecretForms())('anything')).to.equal(0);
    expect(openSecretIn(new SecretForms(['abc']))('ab')).to.equal(0);
  });

  it('knows each dress of a secret: quoted, twice quoted, in JSON, in an address, in base64, a line of a key', () => {
    const values = ['it\'s a "tiger"', 'ünder/cover+agent', '-----BEGIN KEY-----\nb3BlbnNzaC1rZXktdjEAAAAA\nBG5v\n'];
    for (const form of values.flatMap(formsOf))
      for (let at = 1; at < form.length; at += 1) {
        const told = toldOf(values, [`x ${form.slice(0, at)}`, `${form.slice(at)} y`]).join('');
        expect(told, `${form} cut at ${at}`).to.equal(redacting(new SecretForms(values))(`x ${form} y`));
      }
  });

  it('leaves what is whole whole, though its end begins another one', () => {
    expect(toldOf(['abcab'], ['x abcab', ' y'])).to.deep.equal(['x ***', ' y', '']);
    expect(toldOf(['abcab'], ['x abcab', 'cab'])).to.deep.equal(['x ***', 'c', 'ab']);
    expect(toldOf(['abcd', 'abcdef'], ['x abcd', 'ef'])).to.deep.equal(['x ', '***', '']);
    expect(toldOf(['abcd', 'abcdef'], ['x abcd', '!'])).to.deep.equal(['x ', '***!', '']);
  });

  it('is a place where text may be cut: in pieces it is told as it would be whole', () => {
    const known = fc.array(words('abc', 4), { minLength: 1, maxLength: 4 });
    const text = fc.array(fc.oneof(words('abc', 0), words('abx', 2)), { maxLength: 5 });
    fc.assert(
      fc.property(known, text, fc.nat(3), cuts, (values, around, nth, at) => {
        const whole = around.join(values[nth % values.length]);
        const told = toldOf(values, inPieces(whole, at)).join('');
        expect(told).to.equal(redacting(new SecretForms(values))(whole));
      }),
      { numRuns: 3000 },
    );
  });

  it('is that for any secret without a star, whatever stands around it', () => {
    const value = fc.string({ minLength: 4, maxLength: 12, unit: 'grapheme' }).filter(text => !text.includes('*'));
    fc.assert(
      fc.property(
        fc.array(value, { minLength: 1, maxLength: 3 }),
        fc.array(fc.string()),
        cuts,
        (values, around, at) => {
          const whole = [...around, ...values].join('');
          expect(toldOf(values, inPieces(whole, at)).join('')).to.equal(redacting(new SecretForms(values))(whole));
        },
      ),
    );
  });
});
