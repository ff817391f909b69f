// The shipped playbooks after an accident in an editor: whatever became of them, check ends with a word for it that has
// a code and a place inside the file, and never with an exception.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import fc from 'fast-check';
import { CODES } from '../../src/text/diagnostic.ts';
import { drawnAll } from '../../src/text/draw.ts';
import { check } from '../docs/example.ts';
import { patience, runs } from './fuzz.ts';

const root = join(dirname(fileURLToPath(import.meta.url)), '../../playbooks');
const read = (name: string): string => readFileSync(join(root, name), 'utf8');
const tasks = readdirSync(join(root, 'tasks')).map(name => `tasks/${name}`);
const plays = readdirSync(root).filter(name => name.endsWith('.yml') && name !== 'campaign.yml');
const shipped = Object.fromEntries([...plays, ...tasks, 'campaign.yml'].map(name => [name, read(name)]));

/** An accident: what stood at a place is gone, something else stands there. */
type Accident = (text: string) => string;

const line = (text: string, n: number): readonly [before: string[], line: string, after: string[]] => {
  const lines = text.split('\n');
  const at = n % lines.length;
  return [lines.slice(0, at), lines[at] ?? '', lines.slice(at + 1)];
};
const onLine = (change: (line: string) => readonly string[]) =>
  fc.nat(400).map(
    (n): Accident =>
      text => {
        const [before, one, after] = line(text, n);
        return [...before, ...change(one), ...after].join('\n');
      },
  );

const accident: fc.Arbitrary<Accident> = fc.oneof(
  onLine(() => []),
  onLine(one => [one, one]),
  onLine(one => [` ${one}`]),
  onLine(one => [one.replace(/^ {2}/, '')]),
  onLine(one => [one.replace(/^ {2}/, '\t')]),
  onLine(one => [one.replace(':', '')]),
  onLine(one => [one.replace(/: .*/, ':')]),
  onLine(one => [one.replace(/["'{}[\]]/, '')]),
  onLine(one => [one.replace(/[a-z]/, 'q')]),
  onLine(one => [one.replace(/\}\}/, '}')]),
  fc.nat(9000).map(
    (n): Accident =>
      text =>
        text.slice(0, n % (text.length + 1)),
  ),
  fc
    .tuple(
      fc.nat(9000),
      fc.constantFrom('"', "'", '{{', '}}', ': ', '- ', '\u0000', '\u001b[2J', '*x', '&x ', '!x ', '🙂'),
    )
    .map(
      ([n, put]): Accident =>
        text => {
          const at = n % (text.length + 1);
          return text.slice(0, at) + put + text.slice(at);
        },
    ),
);

describe('a shipped playbook after an accident', function () {
  this.timeout(patience(60_000));

  it('is told about with a code and a place, or is a playbook still', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...plays),
        fc.constantFrom('the play', ...tasks),
        fc.array(accident, { minLength: 1, maxLength: 3 }),
        async (play, hit, accidents) => {
          const name = hit === 'the play' ? play : hit;
          const wrong = accidents.reduce((text, happens) => happens(text), shipped[name] ?? '');
          const files = { ...shipped, [name]: wrong };
          const texts: Readonly<Record<string, string>> = { ...files, 'site.yml': files[play] ?? '' };
          const found = await check({ files: texts, options: [] });
          for (const { code, message, span } of found) {
            expect(Object.hasOwn(CODES, code), code).to.equal(true);
            expect(message).not.to.equal('');
            const text = texts[span.file];
            if (text !== undefined)
              expect([span.start <= span.end, span.end <= text.length]).to.deep.equal([true, true]);
            else expect(span.file).to.match(/^<|^hosts\.yml$/);
          }
          // biome-ignore lint: control characters are what is looked for
          expect(drawnAll(found, file => texts[file] ?? null)).not.to.match(/[\u0000\u001b]/);
        },
      ),
      runs(120),
    );
  });
});
