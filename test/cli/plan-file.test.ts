// Plans that an older or a newer version of this program saved: told as that, with what to do; and the form that a plan
// has now, so that nobody changes it without giving it another number.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { PLAN_VERSION } from '../../src/model/plan.ts';
import { isObject, type Json, parseJson } from '../../src/text/json.ts';
import { planned } from '../language/played.ts';
import { golden } from '../report/golden.ts';
import { here, type Said } from './stage.ts';

const BOOK = `- hosts: all
  vars: { zone: evac1 }
  tasks:
    - block:
        - name: one
          debug: { msg: "{{item}}" }
          loop: [1]
          retries: 2
          register: said
          undo: { debug: back }
      when: zone == "evac1"
`;

/** The keys of everything in it, a line each; where keys are names (hosts, variables, arguments) they are a `*`. */
function formOf(json: Json, path = 'plan'): readonly string[] {
  if (Array.isArray(json)) return json.flatMap((one: Json) => formOf(one, `${path}[]`));
  if (!isObject(json) || path.endsWith('at')) return [];
  const named = /\.(hosts|groups|files|facts|vars|args|extra|defaults|environment)$/.test(path);
  const keys = named ? '*' : Object.keys(json).sort().join(' ');
  const inside = Object.entries(json).flatMap(([key, value]) => formOf(value, `${path}.${named ? '*' : key}`));
  return [`${path}: ${keys}`, ...inside];
}

describe('a saved plan', () => {
  let state: string;
  beforeEach(() => {
    state = mkdtempSync(join(tmpdir(), 'zf-plan-file-'));
  });
  afterEach(() => rmSync(state, { recursive: true }));

  const zf = (...words: readonly string[]): Promise<Said> => here(words, { ZONEFERRY_STATE: state });
  const saved = async (change: object): Promise<string> => {
    const folder = join(state, 'runs', '0000beef');
    mkdirSync(folder, { recursive: true });
    const plan = { ...(await planned(BOOK)), playbooks: ['site.yml'], ...change };
    writeFileSync(join(folder, 'plan.json'), JSON.stringify(plan));
    return join(folder, 'plan.json');
  };

  for (const [age, v] of [
    ['an older', PLAN_VERSION - 1],
    ['a newer', PLAN_VERSION + 1],
  ] as const) {
    it(`that ${age} version made isn’t carried out: it says so, and how to get one that fits`, async () => {
      const path = await saved({ v });
      const said = await zf('run', path, '--yes');
      expect(said.code).to.equal(2);
      expect(said.err).to.equal(
        `${path} was made by ${age} version of zoneferry: its plan has form ${v}, and this version carries out form ${PLAN_VERSION}; nothing was touched\n` +
          `make it again with the playbooks that it was made of: zoneferry plan PLAYBOOK... --out ${path}\n`,
      );
    });

    for (const way of ['resume', 'rollback'])
      it(`that ${age} version made can’t be taken up with ${way}: it says with what`, async () => {
        const path = await saved({ v });
        const said = await zf(way, '0000beef', '--yes');
        expect(said.code).to.equal(2);
        expect(said.err)
          .to.contain(`${path} was made by ${age} version of zoneferry`)
          .and.contain('nothing was touched');
        expect(said.err).to.contain('carry run 0000beef on, or roll it back, with the version that began it');
      });
  }

  it('that an older version made is still listed and shown; one of a newer version is told', async () => {
    await saved({ v: PLAN_VERSION - 1 });
    expect((await zf('runs')).out)
      .to.contain('0000beef')
      .and.contain('site.yml');
    expect((await zf('show', '0000beef')).code).to.equal(0);
    await saved({ v: PLAN_VERSION + 1 });
    expect((await zf('runs')).err)
      .to.contain("run 0000beef can't be read")
      .and.contain('a newer version');
    expect((await zf('show', '0000beef')).err)
      .to.contain('a newer version')
      .and.contain('--json');
  });

  it('that is damaged is no bug of ours, and nothing is touched', async () => {
    const path = await saved({});
    writeFileSync(path, '{"v": 3, "prog');
    for (const words of [
      ['run', path, '--yes'],
      ['resume', '0000beef'],
      ['show', '0000beef'],
    ]) {
      const said = await zf(...words);
      expect(said.code, said.err).to.equal(2);
      expect(said.err).to.contain(`${path} isn't a plan`);
    }
  });

  it('has the form that belongs to its number: whoever changes the one raises the other', async () => {
    const lines = [...new Set(formOf(parseJson(JSON.stringify(await planned(BOOK)))))].sort();
    golden('plan-form', [`form ${PLAN_VERSION}`, ...lines, ''].join('\n'));
  });
});
