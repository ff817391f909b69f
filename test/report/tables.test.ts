// Hosts, zones and old runs as tables, in terminals of every width.
import { expect } from 'chai';
import { unknown } from '../../src/model/facts.ts';
import { hostName, runId, zoneName } from '../../src/model/ids.ts';
import type { Inventory } from '../../src/model/inventory.ts';
import { type Answered, factsTable, inventoryTable, statusTable, whereTable } from '../../src/report/fleet-tables.ts';
import { type RunRow, runRow, runsTable, shownRun } from '../../src/report/show.ts';
import { widthOf } from '../../src/text/width.ts';
import { pastBarrierText } from '../../src/report/past-barrier.ts';
import { golden } from './golden.ts';
import * as sample from './sample.ts';

const closed = {
  ...sample.factsOf('nacaozumbi', { tzone1: 'running', evac1: 'configured' }),
  maintenance: { is: 'closed', user: 'root', date: '', message: 'updating run 7f3a0001' },
} as const;
const hosts: readonly Answered[] = [
  { is: 'facts', facts: closed },
  { is: 'facts', facts: sample.factsOf('bjork', { evac1: 'running', local1: 'running' }) },
  {
    is: 'facts',
    facts: {
      ...sample.factsOf('gudmunds', {}),
      os: unknown('not asked'),
      be: unknown('beadm refused'),
      zones: unknown('zoneadm refused'),
      maintenance: { is: 'unknown', why: 'sysadm said nothing' },
      unreadable: [{ part: 'zpool', line: 'rpool \u001b[31m??', why: 'five columns expected' }],
    },
  },
  { is: 'silent', host: hostName('hekla'), why: 'hekla port 22: nothing listens there (connection refused)' },
];
const ledger = {
  away: [
    {
      zone: zoneName('evac1'),
      home: hostName('nacaozumbi'),
      at: hostName('bjork'),
      was: 'running',
      run: runId('7f3a0001'),
    },
  ],
};

const TABLES: Readonly<Record<string, (columns: number) => string>> = {
  status: columns => statusTable(hosts, ledger, columns),
  facts: columns => factsTable(hosts, columns),
  where: columns => whereTable(hosts, ledger, [], columns),
};

describe('tables of hosts', () => {
  for (const [name, text] of Object.entries(TABLES)) {
    it(`${name}: unknown is written as unknown, and a host that didn't answer with its reason`, () => {
      golden(`table-${name}`, text(120));
    });

    it(`${name}: steers no terminal and loses no host in a narrow one`, () => {
      for (const columns of [40, 48, 55, 60, 80, 120]) {
        const lines = text(columns).split('\n');
        expect(text(columns)).to.not.contain('\u001b');
        for (const host of ['nacaozumbi', 'bjork', 'gudmunds', 'hekla'])
          expect(
            lines.some(line => line.includes(host)),
            host,
          ).to.equal(true);
        if (columns > 60) continue;
        for (const line of lines) expect(widthOf(line), line).to.be.at.most(columns);
      }
    });
  }

  it('the inventory with addresses, users and groups', () => {
    const inventory: Inventory = {
      sources: ['hosts.yml'],
      digest: '',
      hosts: ['nacaozumbi', 'bjork'].map(sample.inventoryHost),
      groups: {},
      zoneRules: [],
    };
    expect(inventoryTable(inventory, [hostName('bjork')], 80).split('\n')).to.deep.equal([
      'HOST   ADDRESS  USER  BECOME  GROUPS',
      'bjork  bjork    root          zonehosts',
      '',
    ]);
  });
});

describe('old runs', () => {
  const plan = sample.planFor(['nacaozumbi']);
  const row = (id: string, lines: typeof sample.wellEnded, more: Partial<RunRow> = {}): RunRow => ({
    ...runRow(
      plan,
      { first: lines[0] ?? null, last: lines.at(-1) ?? null },
      { id: runId(id), going: false, damage: '' },
    ),
    ...more,
  });

  it('are listed newest first, with what became of them', () => {
    const rows = [
      row('00000001', sample.wellEnded, { startedAt: sample.START - 86_400_000, endedAt: sample.START - 86_000_000 }),
      row('00000002', sample.stuckEnded),
      row('00000003', sample.rebooting),
      row('00000004', sample.rebooting, { going: true }),
      row('00000005', [], { damage: "line 7 of the journal isn't JSON" }),
      row('00000006', []),
    ];
    const text = runsTable(rows, sample.zone);
    golden('runs', text);
    for (const columns of [60, 80, 120])
      for (const line of runsTable(rows, { ...sample.zone, columns }).split('\n'))
        expect(widthOf(line)).to.be.at.most(columns);
  });

  it('are shown whole: lines, summary, and the page of a stuck host', () => {
    const text = shownRun(plan, sample.stuckEnded, { ...sample.zone, verbose: false });
    expect(text).to.match(/^ {3}0:00 {2}run 7f3a0001 by maria/);
    expect(text).to.contain('Run 7f3a0001 ended stuck').and.to.contain('STUCK  run 7f3a0001  host nacaozumbi');
    expect(shownRun(plan, sample.wellEnded, { ...sample.zone, verbose: true })).to.not.contain('STUCK');
  });
});

describe('a rollback past a barrier', () => {
  const plan = sample.planFor(['nacaozumbi']);

  it('is refused in words: the host, the task as its author called it, and why', () => {
    const past = [3, 6].flatMap(n => {
      const begun = sample.begins(n, 'nacaozumbi');
      return begun.type === 'action-started' ? [{ action: begun.action, why: 'its zones are on their way' }] : [];
    });
    expect(pastBarrierText(plan, past, 100).split('\n')).to.deep.equal([
      'a rollback past a barrier is a plan of its own, and not here yet; nothing was touched',
      '  nacaozumbi is past "Move the zones" (zones.evacuate): its zones are on their way',
      '  nacaozumbi is past maintenance.end: its zones are on their way',
      '',
    ]);
  });
});
