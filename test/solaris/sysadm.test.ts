// Whether a host is closed and which zones it sent away: closed, open or unknown, never a guess.
import { expect } from 'chai';
import type { Exited, Finished } from '../../src/model/command.ts';
import { type EvacuationRecord, known, unknown } from '../../src/model/facts.ts';
import * as sysadm from '../../src/solaris/sysadm.ts';
import * as evacuate from '../../src/solaris/sysadm-evacuate.ts';
import * as maintain from '../../src/solaris/sysadm-maintain.ts';
import { exited, says, swapped, transcript } from './transcript.ts';

const NOTHING = says('');
const ALIVE = says('online          svc:/system/rad:local\n');

/** The answers of one host to everything that is asked of sysadm at once; what isn't given is silent and well. */
function state(answers: Readonly<Record<string, Finished>>): sysadm.SysadmState {
  const parts = new Map<string, Finished>(sysadm.PARTS.map(part => [part.name, NOTHING]));
  for (const [name, ended] of Object.entries({ rad: ALIVE, ...answers })) parts.set(name, ended);
  return sysadm.readState(parts);
}

const rowsOf = (record: EvacuationRecord) => (record.is === 'rows' ? record.rows : record);
const NONE = exited('sysadm/evacuate-l-none', 0);

describe('whether a host is closed', () => {
  it('is closed by the window that it shows, with the whole message', () => {
    const seen = state({ window: exited('sysadm/maintain-l', 0), message: says('updating to new build\n') });
    expect(seen.maintenance).to.deep.equal({
      is: 'closed',
      user: 'root',
      date: '2018-02-02 01:10',
      message: 'updating to new build',
    });
  });

  for (const name of ['sysadm/maintain-l', 'sysadm/maintain-l-held', 'sysadm/maintain-l-manual'])
    it(`reads ${name} on either stream, whatever the status`, () => {
      for (const ended of [exited(name, 0), swapped(exited(name, 0)), exited(name, 1)])
        expect(state({ window: ended }).maintenance).to.have.property('is', 'closed');
    });

  it('is closed by a window of a shape that nobody has seen yet', () => {
    expect(state({ window: says('admin\n') }).maintenance).to.have.property('is', 'closed');
  });

  it('is open only when RAD is online and the record was answered', () => {
    expect(state({ 'record list': NONE }).maintenance).to.deep.equal({ is: 'open' });
  });

  it('is unknown when sysadm is silent because RAD is down', () => {
    const rad = says('maintenance     svc:/system/rad:local\n');
    expect(state({ rad, 'record list': NONE }).maintenance).to.have.property('is', 'unknown');
  });

  it('is unknown when the record was answered with silence', () => {
    expect(state({}).maintenance).to.have.property('is', 'unknown');
  });

  it('is unknown when sysadm only complains', () => {
    const complaint = says('', 1, 'sysadm: cannot connect to RAD\n');
    const seen = state({ window: complaint, 'record list': complaint });
    expect(seen.maintenance).to.have.property('is', 'unknown');
    expect(seen.record).to.have.property('is', 'unknown');
  });

  it('is unknown when there is a row of another type', () => {
    const window = says('TYPE   USER     DATE               MESSAGE\nauto   root     2018-02-02 01:10   x\n');
    expect(state({ window, 'record list': NONE }).maintenance).to.have.property('is', 'unknown');
  });

  it('is unknown when nothing was answered at all', () => {
    expect(sysadm.readState(new Map()).maintenance).to.have.property('is', 'unknown');
  });

  it("takes the message of a program's form, its colons escaped or plain", () => {
    const window = exited('sysadm/maintain-l', 0);
    for (const text of ['at 12\\:30 run 7f3a', 'at 12:30 run 7f3a'])
      expect(state({ window, message: says(`${text}\n`) }).maintenance).to.have.property(
        'message',
        'at 12:30 run 7f3a',
      );
  });

  it('has a proof that stands on its own', () => {
    const window = { is: 'ok', value: { is: 'nothing said' } } as const;
    const silent = { is: 'refused', why: '' } as const;
    const judged = (record: EvacuationRecord, rad = known('online')) =>
      maintain.judge(window, silent, { rad, record }).is;
    expect(judged({ is: 'none' })).to.equal('open');
    expect(judged({ is: 'in-progress' })).to.equal('open');
    expect(judged(unknown('?'))).to.equal('unknown');
    expect(judged({ is: 'none' }, known('online*'))).to.equal('unknown');
  });

  it('begins with a message of one line', () => {
    expect(maintain.start("it's time").argv).to.deep.equal(['/usr/sbin/sysadm', 'maintain', '-s', '-m', "it's time"]);
    expect(() => maintain.start('two\nlines')).to.throw('one line');
    expect(maintain.start('m').read(exited('sysadm/maintain-s'))).to.have.property('is', 'ok');
    expect(maintain.end().read(exited('sysadm/maintain-e'))).to.have.property('is', 'ok');
  });
});

describe('the evacuation record', () => {
  it('is none only by the literal answer, on either stream', () => {
    expect(state({ 'record list': NONE }).record).to.deep.equal({ is: 'none' });
    expect(state({ 'record list': swapped(NONE) }).record).to.deep.equal({ is: 'none' });
    expect(evacuate.readList(NOTHING)).to.have.property('is', 'unknown');
    expect(evacuate.readList(says('sysadm: no evacuation\n'))).to.have.property('is', 'unknown');
  });

  it('is in progress while zones are leaving', () => {
    expect(state({ 'record list': exited('sysadm/evacuate-l-running', 0) }).record).to.deep.equal({
      is: 'in-progress',
    });
  });

  it('has the rows of the table for people when there is no other', () => {
    const rows = rowsOf(evacuate.readList(exited('sysadm/evacuate-l-fields', 0)));
    expect(rows).to.deep.equal(
      ['evac1', 'evac2', 'evac3', 'evac4', 'tzone1'].map(zone => ({
        zone,
        state: 'EVACUATED',
        destination: 'ssh://root@bjork',
        error: '',
      })),
    );
  });

  it('reads a row that ends after its state', () => {
    const record = evacuate.readList(exited('sysadm/evacuate-l-all', 0));
    if (record.is !== 'rows') throw new Error(record.is);
    expect(record.rows.at(-1)).to.deep.equal({ zone: 'my-ngz', state: 'SKIPPED', destination: '', error: '' });
  });

  const table = `ZONENAME         STATE     DEST                                     ERROR
evac1            EVACUATED ssh://root@bjork                         -
evac2            FAILED    ssh://root@bjork                         out of memory: 4 GB
`;
  const exact: Readonly<Record<string, Exited>> = {
    'record list': says(table),
    'record states': says('evac1:EVACUATED\nevac2:FAILED\n'),
    'record destinations': says('ssh\\://root@bjork\nssh://root@bjork\n'),
    'record errors': says('-\nout of memory\\: 4 GB\n'),
  };

  it('believes the form for programs, with colons or blanks between, escaped or plain', () => {
    const rows = [
      { zone: 'evac1', state: 'EVACUATED', destination: 'ssh://root@bjork', error: '' },
      { zone: 'evac2', state: 'FAILED', destination: 'ssh://root@bjork', error: 'out of memory: 4 GB' },
    ];
    expect(rowsOf(state(exact).record)).to.deep.equal(rows);
    expect(rowsOf(state({ ...exact, 'record states': says('evac1 EVACUATED\nevac2  FAILED\n') }).record)).to.deep.equal(
      rows,
    );
    expect(rowsOf(state({ ...exact, 'record states': says('', 2, 'usage') }).record)).to.deep.equal(rows);
  });

  it('is unknown when two listings in a row name different zones', () => {
    expect(state({ ...exact, 'record states': says('evac1:EVACUATED\nevac3:FAILED\n') }).record).to.have.property(
      'is',
      'unknown',
    );
    expect(state({ ...exact, 'record list': NONE }).record).to.have.property('is', 'unknown');
  });

  it('is unknown with a state that nobody has documented', () => {
    expect(evacuate.readList(says(table.replace('FAILED   ', 'MOVING   ')))).to.have.property('is', 'unknown');
  });
});

describe('the words of an evacuation', () => {
  const told = (name: string) => transcript(name).output.split('\n').filter(Boolean).map(evacuate.progress);

  it('are counted, by zone, and settled, in the order they came', () => {
    const lines = told('sysadm/evacuate-va');
    expect(lines).not.to.include(null);
    expect(lines[0]).to.deep.equal({ is: 'counted', doing: 'preparing', zones: 5 });
    expect(lines[1]).to.deep.equal({ is: 'zone', zone: 'evac1', doing: 'initializing', to: 'bjork' });
    expect(lines.filter(line => line?.is === 'zone' && line.doing === 'migrating')).to.have.length(5);
    expect(lines.at(-1)).to.deep.equal({ is: 'settled', zone: 'tzone1', how: 'evacuated to ssh://root@bjork' });
  });

  it('are read on the way home', () => {
    expect(told('sysadm/evacuate-rv')).to.deep.include({ is: 'zone', zone: 'kzone2', doing: 'migrating', to: '' });
    expect(told('sysadm/evacuate-rv').at(-1)).to.deep.equal({ is: 'settled', zone: 'kzone2', how: 'returned' });
  });

  for (const name of ['evacuate-n', 'evacuate-v-one', 'evacuate-v-mixed', 'evacuate-ra'])
    it(`of sysadm/${name} are all of sysadm`, () => {
      expect(told(`sysadm/${name}`)).not.to.include(null);
    });

  it('are asked for as the manual says', () => {
    expect(evacuate.evacuate({ all: true, overwrite: false }).argv.slice(1)).to.deep.equal(['evacuate', '-a', '-v']);
    expect(evacuate.evacuateTrial({ all: false }).argv.slice(1)).to.deep.equal(['evacuate', '-n', '-v']);
    expect(evacuate.bringHome({ all: true }).argv.slice(1)).to.deep.equal(['evacuate', '-r', '-a', '-v']);
  });
});
