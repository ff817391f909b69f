// Loading is total: whatever the text, it ends with a program or with an error that has a code and a place, and never
// throws. Valid playbooks are cut, doubled and mixed; what can be drawn is drawn.
import { expect } from 'chai';
import fc from 'fast-check';
import { jsonOf } from '../../src/load/yaml/node.ts';
import { parseYaml } from '../../src/load/yaml/yaml.ts';
import { CODES } from '../../src/text/diagnostic.ts';
import { drawnAll } from '../../src/text/draw.ts';
import { patience, runs } from './fuzz.ts';
import { fleet, load, play } from './kit.ts';

const GOOD = play(
  `- name: Build
  be.update: { be_name: "{{be}}", packages: ["entire@{{entire}}", "*"], accept: yes }
  register: update
- when: update.pending
  block:
    - maintenance.begin: { message: "{{why}}" }
    - zones.evacuate: { which: "{{which}}", batch: 2 }
      tags: [away]
    - shell: |
        echo {{host.name}} # comment
        for z in {{zones}}; do echo "$z"; done
      loop: "{{zones}}"
      loop_control: { loop_var: z, label: "{{z}}" }
      until: r.rc == 0
      register: r
      retries: 3
      delay: 5s
  rescue:
    - debug: { msg: "{{failed.message}}" }
  always:
    - zones.return: { which: recorded }
- import_tasks: more.yml
- assert: { that: ["size(zones) > 0", "host.name in groups.all"] }
  notify: Restart
- meta: flush_handlers
`,
  `name: Roll
serial: [1, "50%"]
on_failure: rollback
vars: &v { be: s11, entire: "11.4", why: "to {{entire}}", which: all, zones: [a, b] }
handlers:
  - name: Restart
    command: svcadm restart x
    undo: { command: "true" }
`,
);
/** As people from Ansible write it: all of it is told, and none of it may be more than wrong. */
const ANSIBLES = play(
  `- copy: src=a dest=b mode=644
  with_items: "{{ x | upper }}"
  notify: "restart {{ x }}"
- shell: "echo {{ y.split('a') }} {{ 1 if x else none }} {% for z in list %}{% endif %}"
  when: x is string and y.upper() == 'a' or z | length > 0
- local_action: command echo
- debug: msg={{ ansible_os_family }}
  when: ansible_facts.os_family is defined
- include: more.yml tags=a
- include_role: name=web
`,
);
const MORE =
  '- command: uname -a\n  changed_when: no\n- copy: { dest: /etc/motd, content: "{{why}}", mode: "0644" }\n  become: yes\n';

const PIECES = [
  '',
  ' ',
  '\n',
  '  ',
  '- ',
  ': ',
  '"',
  "'",
  '{',
  '}',
  '[',
  ']',
  '{{',
  '}}',
  '{{#if x}}',
  '{{/if}}',
  '|',
  '>',
  '&a ',
  '*v',
  '<<: ',
  '!',
  '#',
  '\t',
  '0',
  '-1',
  'null',
  'yes',
  '~',
  '?',
  '@',
  '%',
  '\u0000',
  '漢',
  '🙂',
  'hosts',
  'block',
  'when',
  'constructor',
  '__proto__',
  '\\',
  '$',
  '`',
  '(',
  ')',
  '==',
];

async function endsWell(site: string, more: string): Promise<void> {
  const texts = { 'site.yml': site, 'more.yml': more };
  const { program, diagnostics } = await load(texts, { inventory });
  expect(program !== null || diagnostics.some(one => one.severity === 'error')).to.equal(true);
  for (const one of diagnostics) {
    expect(Object.hasOwn(CODES, one.code), one.code).to.equal(true);
    expect(one.message).to.not.equal('');
    const text: string = one.span.file in texts ? texts[one.span.file as keyof typeof texts] : '';
    if (!one.span.file.startsWith('<')) expect(one.span.end).to.be.at.most(text.length);
  }
  expect(drawnAll(diagnostics, file => texts[file as keyof typeof texts] ?? null)).to.be.a('string');
}

let inventory: Awaited<ReturnType<typeof fleet>>;

describe('loading is total', function () {
  this.timeout(patience(60_000));

  before(async () => {
    inventory = await fleet();
  });

  it('the playbook that is cut up below is right as it stands', async () => {
    const { diagnostics } = await load({ 'site.yml': GOOD, 'more.yml': MORE });
    expect(diagnostics).to.deep.equal([]);
  });

  it('when a piece is taken out and another put in', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(GOOD.length),
        fc.integer({ min: 0, max: 12 }),
        fc.array(fc.constantFrom(...PIECES), { maxLength: 3 }),
        async (at, cut, put) => {
          await endsWell(GOOD.slice(0, at) + put.join('') + GOOD.slice(at + cut), MORE);
        },
      ),
      runs(250),
    );
  });

  it('when a word of it is one that every object answers to', async () => {
    for (const { 0: word, index } of ANSIBLES.matchAll(/[A-Za-z]+/g))
      await endsWell(`${ANSIBLES.slice(0, index)}constructor${ANSIBLES.slice(index + word.length)}`, MORE);
  });

  it('when lines are doubled, dropped and moved', async () => {
    const lines = GOOD.split('\n');
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(lines.length - 1), { maxLength: 40 }), fc.nat(8), async (order, indent) => {
        await endsWell(order.map(n => `${' '.repeat(n % 3 === 0 ? indent : 0)}${lines[n]}`).join('\n'), MORE);
      }),
      runs(120),
    );
  });

  it('when values change places', async () => {
    const values = [
      'null',
      '3',
      '-1',
      '1.5',
      'yes',
      '""',
      '"{{x}}"',
      '"{{be}}"',
      '[]',
      '[[]]',
      '{}',
      '{a: {b: [c]}}',
      '"{{"',
      "'a'",
      '*v',
      '2026-11-23',
      '.inf',
      '1e999',
    ];
    const spots = [...GOOD.matchAll(/: ([^\n{}[\],]+)$/gm)];
    await fc.assert(
      fc.asyncProperty(
        fc.nat(spots.length - 1),
        fc.constantFrom(...values),
        fc.constantFrom(...values),
        async (spot, value, other) => {
          const found = spots[spot] as RegExpExecArray;
          const start = found.index + 2;
          await endsWell(
            GOOD.slice(0, start) + value + GOOD.slice(found.index + found[0].length),
            MORE.replace('no', other),
          );
        },
      ),
      runs(120),
    );
  });

  it('when a file is anything at all', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom(...PIECES, 'tasks', 'a', '- hosts: all\n  tasks:\n'), { maxLength: 30 }),
        async pieces => {
          await endsWell(pieces.join(''), MORE);
          await endsWell(GOOD, pieces.join(''));
        },
      ),
      runs(80),
    );
  });

  it('when the nesting is deeper than any stack', async () => {
    for (const open of ['[', '{a: ', '- ']) await endsWell(open.repeat(20_000), MORE);
    const blocks = Array.from({ length: 300 }, (_, depth) => `${'  '.repeat(2 * depth)}- block:\n`).join('');
    await endsWell(play(blocks), MORE);
    await endsWell(play(`- command: a\n  when: "${'('.repeat(5000)}"\n`), MORE);
    await endsWell(play(`- command: "${'{{#if x}}'.repeat(300)}"\n`), MORE);
  });

  it('and any JSON is read as YAML reads it', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 3 }), text => {
        const { node } = parseYaml('x.json', text);
        if (node !== null) expect(() => JSON.stringify(jsonOf(node))).to.not.throw();
      }),
    );
  });
});
