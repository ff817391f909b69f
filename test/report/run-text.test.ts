// A run as text: its lines while it goes on, its summary at the end.
import { expect } from 'chai';
import type { Event, Stamped } from '../../src/model/event.ts';
import { hostName, taskId, zoneName } from '../../src/model/ids.ts';
import { jsonLine } from '../../src/report/json-lines.ts';
import { plainLines } from '../../src/report/lines.ts';
import { planText } from '../../src/report/plan-text.ts';
import { planChanges } from '../../src/report/plan-steps.ts';
import { shortfallText } from '../../src/report/plan-short.ts';
import { rowsOf } from '../../src/report/rows.ts';
import { scriptOf } from '../../src/report/script.ts';
import { Story, storyOf } from '../../src/report/story.ts';
import { summaryText } from '../../src/report/summary.ts';
import { dateText } from '../../src/text/moment.ts';
import { widthOf } from '../../src/text/width.ts';
import { golden } from './golden.ts';
import * as sample from './sample.ts';

const plan = sample.planFor(['nacaozumbi']);
const script = scriptOf(plan);

const RUNS: Readonly<Record<string, readonly Stamped[]>> = {
  'well-ended': sample.wellEnded,
  stuck: sample.stuckEnded,
  'rolled-back': sample.rolledBack,
};

function linesOf(run: readonly Stamped[], verbose: boolean, told = script): string {
  const story = new Story();
  return run
    .flatMap(line => {
      story.see(line);
      return plainLines(story, told, line, { verbose });
    })
    .map(line => `${line}\n`)
    .join('');
}

/** A fleet whose hosts all begin at once; every tenth fails. */
function fleet(count: number): { readonly hosts: readonly string[]; readonly run: readonly Stamped[] } {
  const hosts = Array.from({ length: count }, (_, n) => `zonehost${String(n + 1).padStart(3, '0')}`);
  const run = sample.stamped([
    [0, sample.runStarted],
    ...hosts.map(host => [1, sample.begins(1, host)] as const),
    ...hosts
      .filter((_, n) => n % 10 === 9)
      .flatMap(host => [
        [2, sample.ends(1, host, 'failed', ['no space in rpool'])] as const,
        [2, { type: 'turned', lane: sample.laneOf(host), towards: 'continue', why: 'be.update failed' }] as const,
      ]),
  ]);
  return { hosts, run };
}

describe('the summary of a run', () => {
  for (const [name, run] of Object.entries(RUNS))
    it(`of one that ${name === 'stuck' ? 'is stuck' : `is ${name}`} tells each host by name and each zone before, during and now`, () => {
      golden(`summary-${name}`, summaryText(storyOf(run), script, sample.zone));
    });

  it('tells what the way back left alone, since others had been there', () => {
    const why = '/etc/motd stays as it is: somebody else changed it since';
    const left = sample.rolledBack.map(line => (line.type === 'undo-ended' ? { ...line, why } : line));
    const text = summaryText(storyOf(left), script, { ...sample.zone, columns: 200 });
    expect(text).to.contain('Not put back:').and.to.contain(`: ${why}`);
    expect(linesOf(left, false)).to.contain(`: undone: left: ${why}`);
    expect(summaryText(storyOf(sample.rolledBack), script, sample.zone)).not.to.contain('Not put back');
  });

  it('ends with what was not as in the plan that was approved', () => {
    const differs = ['no longer: evac1 goes from nacaozumbi to bjork', 'new: evac1 goes from nacaozumbi to haukur'];
    const drifted = sample.wellEnded.map(line => (line.type === 'wave-planned' ? { ...line, differs } : line));
    const text = summaryText(storyOf(drifted), script, { ...sample.zone, columns: 100 });
    expect(text).to.contain(['Not as in the plan that was approved:', ...differs].join('\n'));
    expect(summaryText(storyOf(sample.wellEnded), script, sample.zone)).to.not.contain('Not as in the plan');
    const many = sample.wellEnded.map(line =>
      line.type === 'wave-planned' ? { ...line, differs: Array.from({ length: 50 }, (_, n) => `new: ${n}`) } : line,
    );
    expect(summaryText(storyOf(many), script, sample.zone)).to.contain('new: 19\nand 30 more\n');
  });

  it('keeps to the width it is given, and cuts no host, no zone and no reason', () => {
    for (const columns of [40, 60, 80, 120])
      for (const run of Object.values(RUNS)) {
        const text = summaryText(storyOf(run), script, { ...sample.zone, columns });
        for (const line of text.split('\n')) expect(widthOf(line), line).to.be.at.most(columns);
        expect(text).to.not.contain('…');
      }
  });

  it('of a big fleet lists the hosts that need a person and counts the others', () => {
    const { hosts, run } = fleet(200);
    const text = summaryText(storyOf(run), scriptOf(sample.planFor(hosts)), sample.zone);
    expect(text.split('\n')[0]).to.equal('Run 7f3a0001 is not over after 2s: 180 running, 20 failed');
    expect(text).to.contain('zonehost010  failed').and.to.contain('be.update failed');
  });

  it('says the same at every width of every cut of a journal, without failing', () => {
    for (const run of Object.values(RUNS))
      for (let cut = 0; cut <= run.length; cut += 1)
        expect(summaryText(storyOf(run.slice(0, cut)), script, sample.zone)).to.match(/^Run/);
  });
});

describe('the plain lines of a run', () => {
  for (const [name, run] of Object.entries(RUNS))
    it(`of one that is ${name} tell what matters with the time since the start`, () => {
      golden(`lines-${name}`, linesOf(run, false));
    });

  it('say with --verbose also what a command said and what changed nothing', () => {
    golden('lines-verbose', linesOf(sample.wellEnded, true));
  });

  it('of a big fleet tell no beginnings, only what came of them', () => {
    const { hosts, run } = fleet(200);
    expect(linesOf(run, false, scriptOf(sample.planFor(hosts))).split('\n')).to.have.length(1 + 2 * 20 + 1);
  });

  it('never let a host steer the terminal', () => {
    expect(linesOf(sample.stuckEnded, true)).to.contain('\\x1b[2J').and.to.not.contain('\u001b');
  });

  it("as JSON are the journal's own lines, the last one with the verdict", () => {
    const lines = sample.stuckEnded.map(jsonLine);
    expect(lines.map(line => JSON.parse(line))).to.deep.equal(sample.stuckEnded);
    expect(JSON.parse(lines.at(-1) ?? '')).to.include({ v: 1, type: 'run-ended', verdict: 'stuck' });
  });
});

describe('a skipped task in the plain lines', () => {
  it('is called by its name', () => {
    const skipped = sample.stamped([
      [0, sample.runStarted],
      [
        1,
        {
          type: 'task-skipped',
          task: taskId('rolling/1.t3'),
          lane: sample.laneOf('nacaozumbi'),
          why: 'nothing to move',
        },
      ],
    ]);
    expect(linesOf(skipped, true)).to.contain('nacaozumbi  Move the zones: skipped: nothing to move');
    expect(linesOf(skipped, false)).to.not.contain('skipped');
  });
});

describe('the rows of a live view', () => {
  const screen = { columns: 80, lines: 24 };

  it('show wave, host, step, zone in flight and time', () => {
    const story = storyOf(sample.rebooting.slice(0, 10));
    expect(rowsOf(story, script, screen, sample.START + 1_000_000)).to.deep.equal({
      title: 'run 7f3a0001  1 running  16:40',
      rows: [
        { kind: 'wave', mood: 'running', text: 'wave 1: nacaozumbi running' },
        { kind: 'host', mood: 'running', text: 'nacaozumbi  3/7  Move the zones  6:34' },
        { kind: 'zone', mood: 'running', text: '  evac1  50% to bjork' },
      ],
      words: '',
    });
  });

  it('between two changes, show what the host looks at, how often it was well, and since when', () => {
    const row = (more: readonly Event[]): string | undefined => {
      const lines = sample.stamped([
        [0, sample.runStarted],
        [10, sample.begins(1, 'nacaozumbi')],
        [20, sample.ends(1, 'nacaozumbi', 'changed')],
        ...more.map(event => [25, event] as const),
      ]);
      return rowsOf(storyOf(lines), script, screen, sample.START + 30_000).rows[1]?.text;
    };
    const action = sample.idOf(2, 'nacaozumbi');
    const told = { type: 'progress', action, on: hostName('nacaozumbi'), zone: null, done: 1, total: 3 } as const;
    expect(row([])).to.equal('nacaozumbi  1/7  next: maintenance.begin  0:10');
    expect(row([{ ...told, text: 'healthy' }])).to.equal('nacaozumbi  1/7  maintenance.begin  33% healthy  0:10');
  });

  it('cut a long name before the time it takes', () => {
    const story = storyOf(sample.rebooting.slice(0, 10));
    const view = rowsOf(story, script, { ...screen, columns: 40 }, sample.START + 1_000_000);
    expect(view.rows[1]?.text).to.equal('nacaozumbi  3/7  Move the zon…  6:34');
  });

  it('show the last words only of what is under way', () => {
    const words = (lines: number): string =>
      rowsOf(storyOf(sample.stuckEnded.slice(0, lines)), script, screen, sample.START).words;
    expect([words(5), words(6)]).to.deep.equal(['nacaozumbi | Completed  12/340', '']);
  });

  it('tell that a Ctrl-C was heard, and what the next one does', () => {
    const said = sample.stamped([
      [0, sample.runStarted],
      [1, { type: 'operator-said', word: 'stop', who: 'maria', host: null }],
    ]);
    expect(rowsOf(storyOf(said), script, screen, sample.START).rows[0]).to.deep.equal({
      kind: 'more',
      mood: 'bad',
      text: 'stopping: what runs comes to its end. Ctrl-C again rolls back',
    });
    const narrow = rowsOf(storyOf(said), script, { ...screen, columns: 40 }, sample.START).rows;
    expect(narrow.map(row => row.text).join(' ')).to.contain('Ctrl-C again rolls back');
  });

  it('never take more lines or columns than the screen has, and put what is bad first', () => {
    const { hosts, run } = fleet(500);
    const many = scriptOf(
      sample.planFor(
        hosts,
        hosts.map((_, n) => hosts.slice(n * 5, n * 5 + 5)).filter(wave => wave.length > 0),
      ),
    );
    for (const lines of [5, 24, 60])
      for (const columns of [40, 80, 200]) {
        const view = rowsOf(storyOf(run), many, { columns, lines }, sample.START + 5000);
        expect(view.rows.length + 2).to.be.at.most(lines);
        for (const row of view.rows) expect(widthOf(row.text)).to.be.at.most(columns);
        expect(view.rows.find(row => row.kind === 'host')?.mood ?? 'bad').to.equal('bad');
        expect(view.rows.at(-1)?.text).to.match(/^and (4\d\d|500) more hosts$/);
      }
  });
});

describe('the plan as text', () => {
  const made = dateText(plan.at, sample.zone.timeZone);

  it("tells waves, where each zone goes and why, who stays, what changes and what can't be undone", () => {
    golden(
      'plan',
      planText(
        { ...plan, notes: ['nacaozumbi was last rebooted 611 days ago'] },
        { ...sample.zone, made, verbose: false },
      ),
    );
  });

  it('tells hosts with the same steps before them together', () => {
    const text = planText(sample.planFor(['bjork', 'nacaozumbi', 'gudmunds']), { ...sample.zone, made, verbose: true });
    expect(text).to.contain('  bjork, nacaozumbi, gudmunds\n    + be.update');
    expect(text.match(/\+ be\.update/g)).to.have.length(1);
  });

  it('keeps to the width it is given', () => {
    for (const columns of [60, 80, 120])
      for (const line of planText(plan, { ...sample.zone, made, columns, verbose: true }).split('\n'))
        expect(widthOf(line), line).to.be.at.most(columns);
  });

  it('asks for the time zone only where it tells a time', () => {
    const look = {
      ...{ columns: 80, made, verbose: true },
      get timeZone(): string {
        throw new Error('no time is told here');
      },
    };
    expect(planText(plan, look)).to.contain('Wave 1');
  });

  it('without anything to do says so, and nothing of hidden arguments', () => {
    const quiet = {
      ...plan,
      waves: plan.waves.map(wave => ({
        ...wave,
        actions: wave.actions.map(one => ({ ...one, expects: 'nothing' as const, text: 'hunter2', hidden: true })),
      })),
    };
    expect([planChanges(plan), planChanges(quiet)]).to.deep.equal([true, false]);
    const text = planText(quiet, { ...sample.zone, made, verbose: true });
    expect(text).to.contain('Nothing to do.').and.to.not.contain('hunter2');
  });

  it("that can't be made says which zone fits on no host, and the ways out", () => {
    golden(
      'shortfall',
      shortfallText(
        {
          is: 'shortfall',
          wave: { play: 1, n: 1 },
          message: 'wave 1 has no room for evac3: every host that could take it is full',
          reasons: [
            {
              zone: zoneName('evac3'),
              host: hostName('bjork'),
              why: [{ is: 'memory', needed: 24 * 2 ** 30, free: 19.5 * 2 ** 30, of: 'promised', with: [] }],
            },
          ],
          ...{ proof: null, ways: [] },
          help: ['add a host: bjork2', 'stop local1 on bjork for the time'],
        },
        80,
      ),
    );
  });
});
