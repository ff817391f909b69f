// What a task with no_log answered stays hidden wherever it goes: whatever is made of it is hidden as well, in the
// journal, in the views and in the plan.
import { randomBytes } from 'node:crypto';
import { expect } from 'chai';
import fc from 'fast-check';
import { sealEvent } from '../../src/edge/seal.ts';
import type { Stamped } from '../../src/model/event.ts';
import { Redaction } from '../../src/model/redaction.ts';
import { planText } from '../../src/report/plan-text.ts';
import { plainLines } from '../../src/report/lines.ts';
import { scriptOf } from '../../src/report/script.ts';
import { Story } from '../../src/report/story.ts';
import { summaryText } from '../../src/report/summary.ts';
import { Toy } from '../run/toy.ts';
import { cutEverywhere, type Played, played } from './played.ts';

const LOOK = '- { toy.look: { key: pw }, no_log: yes, register: pw }\n';
const book = (tasks: string) => ({
  'site.yml': `- hosts: a\n  tasks:\n${(LOOK + tasks).replaceAll(/^(?=.)/gm, '    ')}`,
  'more.yml': '- toy.set: { key: k, value: "{{item}}" }\n',
});

function holding(secret: string): Toy {
  const toy = new Toy();
  toy.on('a').set('pw', secret);
  return toy;
}

/** Each with what the host holds at the end. */
const WAYS: readonly (readonly [way: string, tasks: string, held: (secret: string) => string])[] = [
  ['as an argument', '- toy.set: { key: k, value: "{{pw.value}}" }\n', secret => secret],
  ['inside a text', '- toy.set: { key: k, value: "pw={{upper pw.value}}" }\n', secret => `pw=${secret.toUpperCase()}`],
  [
    'by way of a variable of the task',
    '- { toy.set: { key: k, value: "{{v}}" }, vars: { v: "{{pw.value}}" } }\n',
    secret => secret,
  ],
  [
    'by way of a set fact',
    '- set_fact: { word: "{{pw.value}}!" }\n- toy.set: { key: k, value: "{{word}}" }\n',
    secret => `${secret}!`,
  ],
  [
    'by way of another result',
    '- { debug: "{{pw.value}}", register: again }\n- toy.set: { key: k, value: "{{again.msg}}" }\n',
    secret => secret,
  ],
  ['as an item of a loop', '- { toy.set: { key: k, value: "{{item}}" }, loop: ["{{pw.value}}"] }\n', secret => secret],
  [
    'as an item of a loop over a file of tasks',
    '- { include_tasks: more.yml, loop: ["{{pw.value}}"] }\n',
    secret => secret,
  ],
  [
    'in a rescue',
    '- block: [{ fail: "{{pw.value}}" }]\n  rescue: [{ toy.set: { key: k, value: "{{failed.message}}" } }]\n',
    secret => secret,
  ],
  [
    'as what the undo is given',
    '- { toy.set: { key: k, value: v }, undo: { toy.set: { key: k, value: "{{pw.value}}" } } }\n',
    () => 'v',
  ],
];

/** Everything that is written or shown: the journal's lines (which --json prints, too), a run line by line, its end, its plan. */
function toldOf(run: Played): string {
  const [redaction, key] = [new Redaction(), randomBytes(32)];
  const [story, script] = [new Story(), scriptOf(run.plan)];
  const look = { columns: 100, timeZone: 'UTC' };
  const lines = run.journal.events.map(event => redaction.clean<Stamped>(event));
  const shown = lines.flatMap(line => {
    story.see(line);
    return plainLines(story, script, line, { verbose: true });
  });
  return [
    ...lines.map(line => JSON.stringify(sealEvent(line, key))),
    ...shown,
    summaryText(story, script, look),
    planText(run.plan, { ...look, made: '', verbose: true }),
  ].join('\n');
}

describe('what a hidden task answered', () => {
  const secrets = fc.stringMatching(/^[a-z]{12,20}$/);

  for (const [way, tasks, held] of WAYS) {
    it(`${way}: works, and no word of it is written or shown`, () =>
      fc.assert(
        fc.asyncProperty(secrets, async secret => {
          const run = await played(book(tasks), { toy: holding(secret) });
          expect(run.verdict, run.story.join('\n')).to.equal('done');
          expect(run.toy.on('a').get('k')).to.equal(held(secret));
          expect(toldOf(run).toLowerCase()).to.not.contain(secret);
        }),
        { numRuns: 5 },
      ));
  }

  it('is the same for a run that broke off and was resumed', async () => {
    for (const [, tasks, held] of WAYS) {
      const ends = await cutEverywhere(book(tasks), () => ({ toy: holding('swordfish-at-noon') }));
      expect(ends).to.have.length(1);
      expect(ends[0]).to.contain(held('swordfish-at-noon'));
    }
  });

  it('may be asked whether it changed something: yes, no and numbers give nothing away', async () => {
    const run = await played(book('- toy.set: { key: k, value: "changed: {{pw.changed}}" }\n'), {
      toy: holding('swordfish'),
    });
    expect(toldOf(run)).to.match(/"key":"k","value":"changed: false"/);
  });

  it('hides nothing of what has nothing to do with it', async () => {
    const run = await played(book('- toy.set: { key: k, value: "plain {{host.name}}" }\n'), {
      toy: holding('swordfish'),
    });
    expect(toldOf(run)).to.contain('plain a');
  });
});
