// Known secrets are taken out of any text, in whatever dress.
import { inspect } from 'node:util';
import { expect } from 'chai';
import fc from 'fast-check';
import { redactor } from '../../src/text/redact.ts';
import { Secret } from '../../src/text/secret.ts';
import { quoteWord } from '../../src/text/shell.ts';

const value = fc.string({ minLength: 4, unit: 'grapheme' });

describe('a secret', () => {
  it('prints as three stars wherever a value is printed', () => {
    const secret = new Secret('hunter2!');
    expect(`${secret} ${JSON.stringify({ secret })} ${inspect({ deep: [secret] })} ${String(secret)}`).to.not.contain(
      'hunter',
    );
    expect(secret.reveal()).to.equal('hunter2!');
  });
});

describe('redaction', () => {
  it('no text holds a known secret afterwards, whatever stands around it', () => {
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 4 }), fc.array(fc.string()), (secrets, around) => {
        const text = [...around, ...secrets].join('') + secrets.join('*');
        const clean = redactor(secrets.map(secret => new Secret(secret)))(text);
        for (const secret of secrets) expect(clean).to.not.contain(secret);
      }),
    );
  });

  it('finds it quoted for a shell, twice quoted, in JSON and in base64 at any place', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 8, maxLength: 40 }), fc.string(), (secret, before) => {
        fc.pre(Buffer.from(secret).toString() === secret && !secret.includes('\0'));
        const redact = redactor([new Secret(secret)]);
        const inner = (text: string): string => text.replace(/^'|'$/g, '');
        for (const form of [quoteWord(secret), quoteWord(quoteWord(secret)), JSON.stringify(secret)])
          expect(redact(`x ${form} y`)).to.not.contain(inner(form));
        const encoded = Buffer.from(`${before}${secret}tail`).toString('base64');
        expect(Buffer.from(redact(encoded).replaceAll('*', ''), 'base64').toString('latin1')).to.not.contain(secret);
      }),
    );
  });

  it('hides each long line of a key file', () => {
    const key = '-----BEGIN KEY-----\nb3BlbnNzaC1rZXktdjEAAAAA\nBG5v\n-----END KEY-----\n';
    const clean = redactor([new Secret(key)])('line: b3BlbnNzaC1rZXktdjEAAAAA seen');
    expect(clean).to.equal('line: *** seen');
  });

  it('leaves text alone that holds none, and looks for nothing shorter than four characters', () => {
    expect(redactor([new Secret('abc')])('abcabc')).to.equal('abcabc');
    expect(redactor([])('anything')).to.equal('anything');
    expect(redactor([new Secret('geheim')])('open')).to.equal('open');
  });
});
