// The page for a host that needs a person at night: everything needed, on one screen.
import { expect } from 'chai';
import type { Event } from '../../src/model/event.ts';
import { hostName } from '../../src/model/ids.ts';
import { scriptOf } from '../../src/report/script.ts';
import { storyOf } from '../../src/report/story.ts';
import { stuckPages } from '../../src/report/stuck-page.ts';
import { summaryText } from '../../src/report/summary.ts';
import { widthOf } from '../../src/text/width.ts';
import { golden } from './golden.ts';
import * as sample from './sample.ts';

const plan = sample.planFor(['nacaozumbi', 'gudmunds'], [['nacaozumbi'], ['gudmunds']]);
const script = scriptOf(plan);
const pages = (events: Parameters<typeof storyOf>[0], columns = 100): readonly string[] =>
  stuckPages(storyOf(events), plan, script, { columns, timeZone: 'Europe/Berlin' });

const says = (text: string): readonly [number, Event] => [
  1000,
  { type: 'output', action: sample.idOf(3, 'nacaozumbi'), on: hostName('nacaozumbi'), stream: 'err', text },
];

/** Stuck in the evacuation, with these words of the host and so many zones. */
function stuckMoving(words: string, zones: readonly string[] = ['evac1', 'evac2']) {
  const facts = sample.factsOf('nacaozumbi', Object.fromEntries(zones.map(zone => [zone, 'running' as const])));
  return sample.stamped([
    [0, sample.runStarted],
    [1, { type: 'observed', wave: { play: 1, n: 1 }, facts: { [hostName('nacaozumbi')]: facts }, silent: {} }],
    [2, sample.begins(3, 'nacaozumbi')],
    says(words),
    [1001, sample.ends(3, 'nacaozumbi', 'unknown', ['connection lost'])],
    [
      1002,
      { type: 'turned', lane: sample.laneOf('nacaozumbi'), towards: 'stuck', why: 'nobody can say where evac2 is' },
    ],
    [1003, { type: 'run-ended', verdict: 'stuck', why: 'nacaozumbi needs a person' }],
  ]);
}

describe('the page for a stuck host', () => {
  it('has what, who, where, why, tried, said, next and what not to do', () => {
    golden('stuck-page', pages(sample.stuckEnded).join('\n'));
  });

  it('warns above advice of the host that would destroy a zone', () => {
    const [page = ''] = pages(stuckMoving('zone evac2 is in use\n   zoneadm -z evac2 attach -x force-takeover\n'));
    const lines = page.split('\n');
    const said = lines.findIndex(line => line.includes('force-takeover'));
    expect(lines.slice(0, said).some(line => line.includes("DON'T follow it"))).to.equal(true);
  });

  it('has at most 20 lines of 100 columns, whatever the host said and however many zones it has', () => {
    const zones = Array.from({ length: 80 }, (_, n) => `zone-with-a-long-name-${n}`);
    for (const run of [
      sample.stuckEnded,
      stuckMoving('x'.repeat(5000)),
      stuckMoving('line\n'.repeat(500), zones),
      stuckMoving('\u001b[2J\u0007', []),
    ])
      for (const page of pages(run)) {
        const lines = page.trimEnd().split('\n');
        expect(lines.length).to.be.at.most(20);
        for (const line of lines) expect(widthOf(line), line).to.be.at.most(100);
        expect(page).to.contain('zoneferry resume 7f3a0001').and.to.contain("Don't:");
        expect(page).to.not.contain('\u001b');
      }
  });

  it('in a narrow terminal has no line too wide, and every word of what to do next', () => {
    const words = (page: string): string => page.replaceAll(/\s+/g, ' ');
    const [whole = ''] = pages(sample.stuckEnded).map(words);
    const next = whole.slice(whole.indexOf('Next'));
    for (const columns of [40, 60, 80])
      for (const page of pages(sample.stuckEnded, columns)) {
        for (const line of page.split('\n')) expect(widthOf(line), line).to.be.at.most(columns);
        expect(words(page)).to.contain(next);
      }
  });

  it('is written for no host that is well', () => {
    expect([pages(sample.wellEnded), pages(sample.rolledBack)]).to.deep.equal([[], []]);
  });
});

describe('where zones are told to be', () => {
  it('is home again once their evacuation was undone', () => {
    const back = sample.stamped([
      ...sample.evacuated,
      [1000, { type: 'turned', lane: sample.laneOf('nacaozumbi'), towards: 'rollback', why: 'by wish' }],
      [1001, { type: 'undo-started', action: sample.idOf(3, 'nacaozumbi') }],
      [1100, { type: 'undo-ended', action: sample.idOf(3, 'nacaozumbi'), outcome: 'changed', why: '' }],
    ]);
    expect(summaryText(storyOf(back), script, sample.zone)).to.match(
      /evac1 +running on nacaozumbi +bjork, nacaozumbi +running on nacaozumbi/,
    );
  });
});
