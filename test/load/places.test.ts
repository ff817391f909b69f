// Every code in every kind of place where it can arise: a wrong file made of the table of keys, told with a code, and
// for each code and place one drawing that is read like code (GOLDEN=write saves them). `golden/places/README.md` is
// the whole table; a code that never arises in a place has a reason there.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { CODES, type Code, type Diagnostic } from '../../src/text/diagnostic.ts';
import { drawn } from '../../src/text/draw.ts';
import { check } from '../docs/example.ts';
import { type Kind, KINDS, type Wrong, wrongByTable } from './places.ts';
import { WRONG_ELSEWHERE } from './places-elsewhere.ts';
import { WHERE } from './where.ts';

const folder = join(dirname(fileURLToPath(import.meta.url)), 'golden/places');

/** Told nothing on purpose: the text is shown as it is written. */
const AS_WRITTEN = /^(import_playbook name|prompt (prompt|default|name|unsafe)): "\{\{/;

interface Told {
  readonly wrong: Wrong;
  readonly found: readonly Diagnostic[];
}

const drawing = ({ wrong, found }: Told, code: Code): string => {
  const own = found.filter(one => one.code === code);
  const texts = wrong.example.files;
  return own
    .slice(0, 1)
    .map(one => drawn(one, file => texts[file] ?? null))
    .join('');
};

function saved(name: string, now: string): void {
  const path = join(folder, name);
  if (process.env['GOLDEN'] === 'write') {
    mkdirSync(folder, { recursive: true });
    writeFileSync(path, now);
  }
  expect(existsSync(path), `${path} is there`).to.equal(true);
  expect(now).to.equal(readFileSync(path, 'utf8'));
}

describe('a mistake, wherever it stands', () => {
  const told: Told[] = [];
  const first = new Map<string, Told>();

  before(async function () {
    this.timeout(60_000);
    for (const wrong of [...wrongByTable(), ...WRONG_ELSEWHERE]) {
      const one = { wrong, found: await check(wrong.example) };
      told.push(one);
      for (const { code } of one.found) {
        const key = `${code} ${wrong.kind}`;
        if (!first.has(key)) first.set(key, one);
      }
    }
  });

  const drawnAt = (code: Code): readonly Kind[] => KINDS.filter(kind => first.has(`${code} ${kind}`));

  it('is made in every kind of place', () => {
    expect(KINDS.filter(kind => !told.some(one => one.wrong.kind === kind))).to.deep.equal([]);
  });

  it('is told', () => {
    const silent = told
      .filter(one => one.found.length === 0)
      .map(({ wrong }) => `${wrong.kind} ${wrong.claim}`)
      .filter(claim => !AS_WRITTEN.test(claim));
    expect(silent).to.deep.equal([]);
  });

  it('is told in a file that it stands in, or of the option', () => {
    const lost = told.flatMap(({ wrong, found }) =>
      found.filter(
        ({ span }) => !(span.file in wrong.example.files) && !span.file.startsWith('<') && span.file !== 'hosts.yml',
      ),
    );
    expect(lost).to.deep.equal([]);
  });

  for (const code of Object.keys(CODES) as Code[]) {
    it(`${code} is drawn as it was in each place where it arises`, () => {
      const parts = KINDS.flatMap(kind => {
        const one = first.get(`${code} ${kind}`);
        return one === undefined ? [] : [`# ${kind}: ${one.wrong.claim}\n\n${drawing(one, code)}`];
      });
      expect(parts, `${code} arises somewhere`).to.not.have.lengthOf(0);
      saved(`${code}.txt`, parts.join('\n'));
    });

    it(`${code} arises where it is said to, and there is a reason why nowhere else`, () => {
      const { at, only } = WHERE[code];
      expect(drawnAt(code)).to.have.members(at);
      expect(only).to.not.equal('');
    });
  }

  it('stands in the table of codes and places: a drawing, or the reason why there is none', () => {
    const row = (code: Code): string => {
      const cells = KINDS.map(kind => (drawnAt(code).includes(kind) ? 'x' : ' '));
      return `| ${code} | ${cells.join(' | ')} | ${WHERE[code].only} |`;
    };
    const head = `| code | ${KINDS.join(' | ')} | arises only |\n|${'---|'.repeat(KINDS.length + 2)}`;
    const codes = Object.keys(CODES) as Code[];
    saved(
      'README.md',
      `# Codes and places\n\nx: drawn in the file of the code.\n\n${head}\n${codes.map(row).join('\n')}\n`,
    );
  });
});
