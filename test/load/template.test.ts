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
  it('follows no "case" inside of $( ): its ) would close the wrong thing', () => {
    const { faults } = readTemplate('echo "$(case a in a) echo {{y}};; esac)"', 'shell');
    expect(faults.map(one => one.message)).to.deep.equal([
      'a placeholder can\'t stand behind a "case" in parentheses, which is too hard to follow',
    ]);
  });

  it('tells all that is Jinja in one pass, and what else is wrong, without echoes', () => {
    const text = '{# a #}{% for s in l %}{{ s | upper }}{{ s.x }}{% endfor %}{{uper x}}';
    const { faults, references } = readTemplate(text, 'text');
    expect(faults.map(one => text.slice(one.start, one.end))).to.deep.equal([
      '{# a #}',
      '{% for s in l %}',
      '{{ s | upper }}',
      '{% endfor %}',
      'uper',
    ]);
    expect(references).to.deep.equal([]);
    const two = readTemplate("{{ m['a'] }} {{q}} {{ z | combine({'a': {'b': 1}}) }} {{r}}", 'text');
    expect(two.faults).to.have.lengthOf(2);
    expect(two.references.map(one => one.path.join('.'))).to.deep.equal(['q', 'r']);
  });

  it('offers nothing that it would not read itself', () => {
    for (const [jinja, help] of [
      ['{{ a | upper("x") }}', /^compare in "when:"/],
      ['{{ a.replace("x") }}', /^compare in "when:"/],
      ['{{ x["a]b"] | upper }}', /^compare in "when:"/],
      ["{{ a | join('\\n') }}", /knows no \\n/],
      ["{{ a | join(', ') }}", /^write \{\{join a ', '\}\}$/],
    ] as const) {
      const [wrong] = readTemplate(jinja, 'text').faults;
      expect(wrong?.help[0], jinja).to.match(help);
    }
  });

  it('offers for whole statements of Jinja what it reads without a word', () => {
    const conditions = [
      ...[
        'a',
        'not a',
        'a.b',
        "a['b-c']",
        'a["b.c"]',
        'a[0].b',
        "a == 'x'",
        'a == "it\'s"',
        "a != 'x'",
        'a == 1',
        'a == none',
      ],
      ...[
        'a is defined',
        'a is not defined',
        'a is none',
        'r is changed',
        'r is not failed',
        'r is skipped',
        '(a)',
        'not (a)',
      ],
      ...[
        'a and b',
        'a or not b',
        '(a or b) and c',
        "'x' in a",
        'a > 1',
        'a | length > 0',
        'a | length',
        'not a | length',
      ],
      ...[
        "a | default('x')",
        'a | default(false)',
        'a | default(false) | bool',
        "a | default('') == ''",
        "a | trim == 'y'",
        'true',
      ],
      ...[
        'a | int == 2',
        "a.startswith('x')",
        "'x' if a else 'y'",
        "inventory_hostname == groups['db'][0]",
        "a ~ 'x'",
        '-a',
        '1',
      ],
      ...[
        'loop.first',
        'not loop.last',
        "a['this']",
        'this',
        'else',
        'each',
        'lookup',
        "a == '}}'",
        "a == '{{'",
        'a == "\\n"',
      ],
    ];
    const lists = [
      'l',
      'a.b',
      "groups['db']",
      "a['b-c']",
      'l | sort',
      "s.split(',')",
      'l | default([])',
      'range(3)',
      'l[1:]',
      'm.values()',
    ];
    const pairs = ['m.items()', 'm | dictsort', "a['b'].items()", 'm.iteritems()', 'm | items'];
    const names = ['one', 'x', 'item', 'this', 'if', 'index', 'k'];
    const blank = fc.constantFrom('', '-', '+');
    const statement = fc.tuple(blank, blank).map(
      ([left, right]) =>
        (inside: string) =>
          `{%${left} ${inside} ${right}%}`,
    );
    const whole = fc.oneof(
      fc.tuple(statement, fc.constantFrom(...conditions), fc.constantFrom(...conditions)).map(([of, one, other]) => {
        return `${of(`if ${one}`)}A${of(`elif ${other}`)}B${of('else')}C${of('endif')}`;
      }),
      fc.tuple(statement, fc.constantFrom(...names), fc.constantFrom(...lists)).map(([of, name, list]) => {
        return `${of(`for ${name} in ${list}`)}A${of('endfor')}`;
      }),
      fc.tuple(statement, fc.constantFrom(...names), fc.constantFrom(...pairs)).map(([of, name, list]) => {
        return `${of(`for ${name}, v in ${list}`)}A${of('endfor')}`;
      }),
    );
    fc.assert(
      fc.property(whole, jinja => {
        const { faults } = readTemplate(jinja, 'text');
        const offers = faults.map(({ start, end, help }) => ({
          start,
          end,
          text: /^write (\{\{.*)$/s.exec(help[0] ?? '')?.[1],
        }));
        expect(faults, jinja).to.have.lengthOf(jinja.split('{%').length - 1);
        if (offers.some(one => one.text === undefined)) return;
        const ours = offers.reduceRight(
          (text, one) => text.slice(0, one.start) + (one.text ?? '') + text.slice(one.end),
          jinja,
        );
        expect(
          readTemplate(ours, 'text').faults.map(one => one.message),
          `${jinja}\n${ours}`,
        ).to.deep.equal([]);
      }),
      { numRuns: 500 },
    );
  });

  it('counts the operands of a helper before its turn comes', () => {
    for (const [template, message] of [
      ['{{replace who "x"}}', '"replace" takes 3 operands, not 2'],
      ['{{upper who "x"}}', '"upper" takes 1 operand, not 2'],
      ['{{#if (eq who)}}x{{/if}}', '"eq" takes 2 operands, not 1'],
      ['{{join list "a" "b"}}', '"join" takes 1 or 2 operands, not 3'],
      ['{{default who}}', '"default" takes 2 operands, not 1'],
    ] as const)
      expect(readTemplate(template, 'text').faults.map(one => one.message)).to.deep.equal([message]);
  });

  it('leaves what only looks like Jinja', () => {
    for (const text of ['a {% b %} c', 'echo ${#list} #}', '{{default x "a | b"}}', '{{#each l as |a|}}{{a}}{{/each}}'])
      expect(readTemplate(text, 'text').faults, text).to.deep.equal([]);
  });

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
    ['{{hostvars["a"].b}}', 'write {{hostvars.a.b}}'],
    ["{{ groups['db'][0] }}", 'write {{groups.db.[0]}}'],
    ["{{ m['a-b'] }}", 'write {{m.[a-b]}}'],
    ["{{ ansible_facts['hostname'] }}", 'write {{facts.os.nodename}}'],
    ["{{ group_names | join(', ') }}", "write {{join host.groups ', '}}"],
    ['{{ list | join }}', "write {{join list ''}}"],
    ['{{ r is changed }}', 'write {{r.changed}}'],
    ['{{ r is succeeded }}', 'write {{not r.failed}}'],
    ["{{ 'high' if n == 1 else 'low' }}", 'write {{#if (eq n 1)}}high{{else}}low{{/if}}'],
    ["{{ flag | ternary('on', 'off') }}", 'write {{#if flag}}on{{else}}off{{/if}}'],
    ["{{ 'v' ~ n }}", 'write v{{n}}'],
    ["{{ d | default('x', true) }}", "write {{default d 'x'}}"],
    ['{{ users | dict2items }}', 'write the list under "vars:", each item as { key: …, value: … }'],
    ["{{ l | selectattr('a') | map(attribute='b') | list }}", 'walk the list'],
    ["{{ d | combine({'a': 1}, recursive=True) }}", 'write what it comes to under "vars:"'],
    ['{{ range(1, 4) | list }}', 'write the numbers out: [1, 2, 3]'],
    ["{{ lookup('env', 'HOME') }}", 'with -e NAME=VALUE'],
    ['{{ x | nosuch }}', 'no helper does what "nosuch" does'],
    ['{% if a == 1 %}', 'write {{#if (eq a 1)}}'],
    ['{%- for s in ntp.servers -%}', 'write {{#each ntp.servers as |s|}}'],
    ['{% for k, v in m.items() %}', 'write {{#each m as |v k|}}'],
    ['{% endfor %}', 'write {{/each}}'],
    ['{% set n = 3 %}', 'give it to a variable under "vars:"'],
    ['{# why #}', 'write {{!-- why --}}'],
    ['{{list.0}}', '{{list.[0]}}'],
    ['{{n + 1}}', 'under "vars:"'],
    ['{% if a and b %}', '{{#if x}}{{#if y}} …'],
    ['{% if a or b %}', '{{else if y}}'],
    ['{% for a in list if a != b %}', 'ask inside of the loop'],
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
