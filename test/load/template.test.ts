// What a template writes, and where it fails instead.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { expect } from 'chai';
import fc from 'fast-check';
import { bareObject } from '../../src/load/expression/revealed.ts';
import { render, TemplateFailure } from '../../src/load/expression/template.ts';
import { readTemplate } from '../../src/load/expression/template-ast.ts';

function data(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.assign(bareObject(), values);
}

const SCOPE = data({
  who: "it's",
  count: 3,
  list: ['a b', 'c'],
  empty: [],
  nothing: null,
  host: data({ name: 'nacaozumbi' }),
});

const text = (template: string): unknown => render(template, 'text', SCOPE);
const shell = (template: string): unknown => render(template, 'shell', SCOPE);

describe('a template', () => {
  it('puts values in verbatim, without any HTML', () => {
    expect(render('{{x}} & {{{x}}}', 'text', data({ x: '<a href="&">' }))).to.equal('<a href="&"> & <a href="&">');
  });

  it('keeps the type of a value that is all of it', () => {
    expect(render('{{list}}', 'value', SCOPE)).to.deep.equal(['a b', 'c']);
    expect(render('{{host.name}}', 'value', SCOPE)).to.equal('nacaozumbi');
    expect(render('{{count}}', 'value', SCOPE)).to.equal(3);
  });

  it('walks lists, with names of the outside behind ../ and @root', () => {
    expect(text('{{#each list as |item i|}}{{i}}{{item}}{{../count}}{{@root.who}};{{/each}}')).to.equal(
      "0a b3it's;1c3it's;",
    );
    expect(text('{{#if empty}}some{{else}}none{{/if}}{{#with host}}{{name}}{{/with}}')).to.equal('nonenacaozumbi');
  });

  it('fails on a name that leads nowhere, wherever it stands', () => {
    for (const [template, name] of [
      ['{{nope}}', 'nope'],
      ['{{host.nope}}', 'host.nope'],
      ['{{nope.a.b}}', 'nope'],
      ['{{#if nope}}x{{/if}}', 'nope'],
      ['{{#each nope}}x{{/each}}', 'nope'],
      ['{{upper nope}}', 'nope'],
      ['{{join host.nope ","}}', 'host.nope'],
    ] as const) {
      expect(() => text(template), template).to.throw(TemplateFailure, `"${name}" is undefined`);
    }
  });

  it('takes no value that is written out in braces', () => {
    for (const [template, help] of [
      ['{{"a b"}}', 'write "a b"'],
      ['{{5}}', 'write 5'],
      ['{{true}}', 'write true'],
    ] as const) {
      const { faults } = readTemplate(template, 'text');
      expect(faults.map(fault => [fault.code, ...fault.help])).to.deep.equal([['bad-template', help]]);
    }
  });

  it('lets only the first operand of default lead nowhere', () => {
    expect(text("{{default nope 'x'}}{{default host.a.b 'y'}}{{default nothing 'z'}}")).to.equal('xyz');
    expect(() => text('{{default nope other}}')).to.throw(TemplateFailure, '"other" is undefined');
  });

  it('knows no prototype, no constructor and no function', () => {
    for (const name of [
      'constructor',
      'host.constructor',
      '__proto__',
      'host.__proto__',
      'list.constructor',
      'toString',
    ]) {
      expect(() => text(`{{${name}}}`), name).to.throw(TemplateFailure);
    }
  });

  it('has no text for a list or a mapping', () => {
    expect(() => text('x{{list}}')).to.throw(TemplateFailure, 'join');
    expect(() => text('x{{host}}')).to.throw(TemplateFailure, 'json');
  });

  it('computes with a small fixed set of helpers', () => {
    expect(
      text('{{upper who}} {{join list "+"}} {{length list}} {{json host}} {{basename "/a/b.c"}} {{dirname "/a/b.c"}}'),
    ).to.equal('IT\'S a b+c 2 {"name":"nacaozumbi"} b.c /a');
    expect(text('{{replace who "t" "$&"}} {{b64 "a"}} {{first (split "x,y")}} {{date 0 "%Y-%m-%d"}}')).to.equal(
      "i$&'s YQ== x 1970-01-01",
    );
  });
});

describe('a template that a shell reads', () => {
  it('puts each value in as one word, and each item of a list', () => {
    expect(shell('echo {{who}} {{list}}')).to.equal(`echo 'it'\\''s' 'a b' 'c'`);
    expect(render('echo {{x}}', 'shell', data({ x: '' }))).to.equal("echo ''");
  });

  it('puts three braces in verbatim', () => {
    expect(shell('echo {{{who}}}')).to.equal("echo it's");
  });

  it('refuses nothing, a mapping and a NUL', () => {
    expect(() => shell('echo {{nothing}}')).to.throw(TemplateFailure);
    expect(() => shell('echo {{host}}')).to.throw(TemplateFailure);
    expect(() => render('echo {{x}}', 'shell', data({ x: 'a\0b' }))).to.throw(TemplateFailure);
  });

  for (const sh of ['/bin/sh', '/bin/bash'].filter(existsSync)) {
    it(`any text arrives in ${sh} as one argument, wherever a placeholder may stand`, function () {
      // Hundreds of real shells, on however busy a machine.
      this.timeout(180_000);
      const places = [
        '{{x}}',
        'a={{x}}; put "$a"',
        '"$(put {{x}})"',
        'x{{x}}y',
        '$(put {{x}} >&2){{x}}',
        '{{x}}>&1',
        '{{#if t}}{{x}}{{/if}}',
      ];
      const value = fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.string({
          unit: fc.constantFrom("'", '"', '\\', '$', '`', '(', ')', '\n', ' ', ';', '2', '#', '~', '*', '-', '=', '!'),
        }),
      );
      const clean = value.map(one => Buffer.from(one.replaceAll('\0', ''), 'utf8').toString('utf8'));
      fc.assert(
        fc.property(clean, fc.constantFrom(...places), (x, place) => {
          const line = place.startsWith('a=') ? place : `put ${place}`;
          const script = `put() { printf '%s' "$#:$1"; }\n${render(line, 'shell', data({ x, t: true }))}`;
          const wanted = place === 'x{{x}}y' ? `x${x}y` : place.startsWith('"$(') ? `1:${x.replace(/\n+$/, '')}` : x;
          const done = spawnSync(sh, ['-c', script], { encoding: 'utf8' });
          expect(done.stdout).to.equal(`1:${wanted}`);
        }),
        { numRuns: 60 },
      );
    });
  }

  const refused: readonly (readonly [where: string, template: string])[] = [
    ['single quotes', "echo '{{x}}'"],
    ['double quotes', 'echo "a {{x}}"'],
    ['backticks', 'a=`echo {{x}}`'],
    ['a comment', 'echo a # {{x}}'],
    ['a here-document', 'cat <<EOF\n{{x}}\nEOF\n'],
    ["a here-document that a tab doesn't end", 'cat <<EOF\n\tEOF\n{{x}}\nEOF\n'],
    ['arithmetic', 'echo $(( {{x}} + 1 ))'],
    ['the text right behind a $', 'echo ${{x}}'],
    ['the text right behind a backslash', 'echo \\\\{{x}}'],
    ["text behind $'", "echo $'a' {{x}}"],
    ['quotes inside a substitution inside quotes', 'echo "$(echo "{{x}}")"'],
    ['double quotes behind arithmetic with parentheses', '"$(echo $((1+(2))) "{{x}}" )"'],
    ['a comment that ~ draws it into', 'echo a # c\n{{~x}}'],
    ['the next round of a loop behind a $', 'echo {{#each l}}{{this}}${{/each}}'],
    ['a comment or not, as a list is empty or not', 'echo {{l}}# {{x}}'],
    ['the text behind a $ that only one way through a block leaves', 'echo {{#if a}}x{{else}}${{/if}}{{x}}'],
    ['a block that opens a quote', "{{#if a}}'{{/if}}"],
  ];
  for (const [where, template] of refused) {
    it(`a placeholder can't stand in ${where}`, () => {
      expect(readTemplate(template, 'shell').faults.map(fault => fault.code)).to.deep.equal(['template-in-quotes']);
    });
  }

  const allowed: readonly string[] = [
    "awk '{print $1}' {{x}}",
    'cat <<-EOF\n\ttext\n\tEOF\necho {{x}}',
    'echo "$(ls {{x}})"',
    'echo ${#a} {{x}} $# # done',
    '{{#each l}}\necho {{this}} # done\n{{/each}}\n{{x}}',
    'echo {{x}}{{y}}',
    '{{#if a}}-v{{else}}-q{{/if}} {{x}}',
    'for f in {{x}}; do echo "$f"; done',
    'f() { echo (a | b) ; }; f {{x}}',
  ];
  for (const template of allowed) {
    it(`a placeholder can stand in ${JSON.stringify(template)}`, () => {
      expect(readTemplate(template, 'shell').faults).to.deep.equal([]);
    });
  }
});

describe('what a template says of itself', () => {
  it('names every root it uses, with its place, but not what belongs to an item', () => {
    const template = '{{#each list as |z|}}{{z.a}} {{q}} {{../r}}{{/each}}{{default a.b c}}';
    expect(
      readTemplate(template, 'text').references.map(one => [
        one.path.join('.'),
        template.slice(one.start, one.end),
        one.optional,
      ]),
    ).to.deep.equal([
      ['list', 'list', false],
      ['r', '../r', false],
      ['a.b', 'a.b', true],
      ['c', 'c', false],
    ]);
  });

  const wrong: readonly (readonly [template: string, help: string])[] = [
    ['{{x | default("a") | upper}}', 'write {{upper (default x "a")}}'],
    ['{{x', 'close it with }}'],
    ['{{#if x}}', 'close it with {{/if}}'],
    ['{{hostvars["a"].b}}', '{{x.[a-name]}}'],
    ['{{list.0}}', '{{list.[0]}}'],
    ['{{n + 1}}', 'when:'],
    ['{{uper x}}', 'did you mean "upper"?'],
    ['{{if x}}', '{{#if'],
    ['{{length}}', '{{this.length}}'],
    ['{{> partial}}', ''],
  ];
  for (const [template, help] of wrong) {
    it(`${template} is a bad template, with a way out`, () => {
      const { faults } = readTemplate(template, 'text');
      expect(faults.map(fault => fault.code)).to.deep.equal(['bad-template']);
      expect(faults[0]?.help.join(' ') ?? '').to.contain(help);
    });
  }
});
