// One wrong playbook a complaint: its code, what its span covers, and a saved drawing for each code.
import { expect } from 'chai';
import { CODES, type Code } from '../../src/text/diagnostic.ts';
import { expectGolden } from './golden.ts';
import { fleet, load, play } from './kit.ts';
import { type Case, texts } from './wrong/case.ts';
import { WRONG_HOSTS } from './wrong/hosts.ts';
import { WRONG_KEYS } from './wrong/keys.ts';
import { WRONG_NAMES } from './wrong/names.ts';
import { WRONG_STEPS } from './wrong/steps.ts';
import { WRONG_TEXTS } from './wrong/texts.ts';

const CASES: readonly Case[] = [...WRONG_KEYS, ...WRONG_STEPS, ...WRONG_NAMES, ...WRONG_TEXTS, ...WRONG_HOSTS];

describe('what is wrong with a playbook', () => {
  for (const one of CASES) {
    it(`${one.claim} is ${one.code}`, async () => {
      const { program, diagnostics } = await load(texts(one), one.change ?? {});
      const seen = diagnostics.map(
        found => `${found.code} ${texts(one)[found.span.file]?.slice(found.span.start, found.span.end) ?? ''}`,
      );
      expect(seen).to.deep.equal([`${one.code} ${one.marked}`]);
      if (one.help !== undefined) expect(diagnostics[0]?.help.join('\n') ?? '').to.contain(one.help);
      expect(program === null).to.equal(diagnostics[0]?.severity === 'error');
    });
  }

  it('all of it is told in one pass', async () => {
    const text = play('- comand: a\n- command: "{{nope}}"\n  notify: nobody\n- copy: { dest: 1 }\n', 'seril: 1\n');
    const { diagnostics } = await load({ 'site.yml': text });
    expect(diagnostics.map(one => one.code)).to.deep.equal([
      'unknown-key',
      'unknown-step',
      'undefined-variable',
      'unknown-handler',
      'missing-key',
      'bad-argument',
    ]);
  });

  it("is told even when the inventory can't be read", async () => {
    const { program, diagnostics } = await load(
      { 'site.yml': play('- comand: a\n- command: "{{from_inventory}}"\n') },
      { inventory: null },
    );
    expect(program).to.equal(null);
    expect(diagnostics.map(one => one.code)).to.deep.equal(['unknown-step']);
  });

  it('a variable of the inventory that refers to nothing is told at its place there', async () => {
    const inventory = await fleet('all: { hosts: { bjork: { a: "{{b}}", b: "{{cc}}" } } }');
    const { diagnostics } = await load({ 'site.yml': play('- command: "echo {{a}}"\n') }, { inventory });
    expect(diagnostics.map(one => `${one.code} ${one.span.file} ${one.message}`)).to.deep.equal([
      'undefined-variable hosts.yml "cc" is undefined on bjork',
    ]);
  });

  it('what only default asks for may be missing', async () => {
    const { diagnostics } = await load({
      'site.yml': play(`- command: "echo {{default owner 'nobody'}} {{default nowhere 'x'}}"\n`),
    });
    expect(diagnostics).to.deep.equal([]);
  });

  it('a guard around evacuation and return, or on the evacuation, is enough', async () => {
    for (const tasks of [
      '- when: host.name == "bjork"\n  block:\n    - zones.evacuate: { which: all }\n    - zones.return: { which: recorded }\n',
      '- zones.evacuate: { which: all }\n  when: host.name == "bjork"\n- zones.return: { which: recorded }\n',
      '- zones.return: { which: recorded }\n- zones.evacuate: { which: all }\n',
    ]) {
      expect((await load({ 'site.yml': play(tasks) })).diagnostics).to.deep.equal([]);
    }
  });

  it('a placeholder may stand where a number is wanted, until it has a value', async () => {
    const { diagnostics } = await load({
      'site.yml': play('- zones.evacuate: { which: "{{w}}", batch: "{{n}}" }\n', 'vars: { w: all, n: 2 }\n'),
    });
    expect(diagnostics).to.deep.equal([]);
  });

  for (const code of [...new Set(CASES.map(one => one.code))]) {
    it(`${code} is drawn`, async () => {
      const some = CASES.filter(one => one.code === code);
      const all: Record<string, string> = {};
      const found = [];
      for (const [index, one] of some.entries()) {
        const { diagnostics } = await load(texts(one), one.change ?? {});
        // Each case keeps its own files apart.
        const renamed = (file: string): string => (file.startsWith('<') ? file : `${index + 1}/${file}`);
        for (const [file, text] of Object.entries(texts(one))) all[renamed(file)] = text;
        found.push(
          ...diagnostics.map(each => ({
            ...each,
            span: { ...each.span, file: renamed(each.span.file) },
            also: each.also.map(other => ({ ...other, span: { ...other.span, file: renamed(other.span.file) } })),
          })),
        );
      }
      expectGolden(code, found, all);
    });
  }

  it('every code has a wrong playbook or a wrong inventory', () => {
    const ini: readonly Code[] = ['bad-ini', 'unknown-group', 'bad-program', 'hidden-file'];
    const elsewhere: readonly Code[] = ['bad-inventory', 'bad-ssh-config', 'group-cycle', 'bad-extra', ...ini];
    expect(
      Object.keys(CODES).filter(code => !CASES.some(one => one.code === code) && !elsewhere.some(one => one === code)),
    ).to.deep.equal([]);
  });
});
